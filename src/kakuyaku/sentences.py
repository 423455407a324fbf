"""Sentences of Japanese news text, with exact offsets.

A sentence ends at 。, ！ or ？ outside of brackets, so that 「…。…」と述べた。 is one. Brackets that never close are
treated as ordinary characters: one typing error must not swallow a paragraph. No normalisation, no tokenizer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kakuyaku.articles import Article

_OPEN = "「『（(【〈《［[{“"
_CLOSE = "」』）)】〉》］]}”"
_PAIRS = dict(zip(_CLOSE, _OPEN, strict=True))
# A run of end marks with the closing marks that belong to it. ASCII ! and ? end a sentence only before white space or
# the end of the line: they stand inside names (Yahoo!ニュース) too.
_END = re.compile(r"[。．！？]+[!?]*|[!?]+(?=\s|$)")
_BRACKET = re.compile("[" + re.escape(_OPEN + _CLOSE) + "]")
_GOES_ON = re.compile(r"[とかなのはもをがにで、]")  # 「…か？と問う」: the mark was quoted without brackets
_HEADING_KINDS = frozenset({"title", "subtitle", "heading"})
_BULLET = re.compile(r"\s*(?:[•・●◆■○*\-–]\s*)?")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Half-open code-point spans of the sentences of one line, without surrounding white space.

    >>> text = "甲国は「守る。必ずだ。」と述べた。乙国は黙った。"
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['甲国は「守る。必ずだ。」と述べた。', '乙国は黙った。']
    """
    outer = _bracketed(text)
    inside = _Inside(outer)
    ends = [(match.end(), match.group()[-1]) for match in _END.finditer(text) if match.start() not in inside]
    # 「…。」 that is a sentence by itself: it began the sentence, and nothing that goes on follows it
    quoted = {end + 1: start for start, end in outer if text[end - 1] in "。！？"}
    spans, start = [], 0
    for end, mark in sorted([*ends, *((end, "」") for end in quoted)]):
        if mark not in "。．" and _GOES_ON.match(text, end):
            continue
        if mark == "」" and text[start : quoted[end]].strip():
            continue
        spans.append((start, end))
        start = end
    spans.append((start, len(text)))
    return [span for span in (_trimmed(text, *span) for span in spans) if span[0] < span[1]]


class _Inside:
    """The stretches of a text that lie between matching brackets: ``offset in inside``, asked in rising order."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        self._stretches = stretches
        self._next = 0

    def __contains__(self, offset: int) -> bool:
        while self._next < len(self._stretches) and self._stretches[self._next][1] <= offset:
            self._next += 1
        return self._next < len(self._stretches) and self._stretches[self._next][0] <= offset


def _bracketed(text: str) -> list[tuple[int, int]]:
    """The outermost pairs of matching brackets: offsets of the opening and of the closing one, in order."""
    stack: list[tuple[str, int]] = []
    depth_of: dict[str, int] = dict.fromkeys(_OPEN, 0)
    pairs: list[tuple[int, int]] = []
    for match in _BRACKET.finditer(text):
        mark = match.group()
        if mark in depth_of:
            stack.append((mark, match.start()))
            depth_of[mark] += 1
        elif depth_of[_PAIRS[mark]]:
            while True:  # openings in between never close: they are dropped
                opening, start = stack.pop()
                depth_of[opening] -= 1
                if opening == _PAIRS[mark]:
                    break
            pairs.append((start, match.start()))
    outer: list[tuple[int, int]] = []
    for start, end in sorted(pairs):
        if not outer or start >= outer[-1][1]:
            outer.append((start, end))
    return outer


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def iter_sentences(article: Article) -> Iterator[tuple[int, int, int]]:
    """Index of the segment, start and end in the cleaned text, for each sentence of an article, in order.

    Headings, titles and list marks: a heading is one unit whatever it holds; a list item starts after its mark.
    """
    keep = [index for index, segment in enumerate(article.segments) if segment.keep]
    for index, (segment, clean_start) in zip(keep, article.kept(), strict=True):
        piece = article.raw[segment.start : segment.end]
        skip = 0
        if segment.kind == "list_item" and (match := _BULLET.match(piece)):
            skip = match.end()
        body = piece[skip:]
        spans = [_trimmed(body, 0, len(body))] if segment.kind in _HEADING_KINDS else sentence_spans(body)
        for start, end in spans:
            if start < end:
                yield index, clean_start + skip + start, clean_start + skip + end
