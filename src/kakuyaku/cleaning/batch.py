"""Cleaning: texts in, labelled articles out. One page is a batch of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import pyarrow as pa

from kakuyaku.articles import Article, Segment
from kakuyaku.cleaning.judge import Verdict, judge
from kakuyaku.cleaning.page import Page, PageText, read_page
from kakuyaku.cleaning.repetition import SiteLines, line_key, twice
from kakuyaku.cleaning.rules import index_of, kept_rule, rules
from kakuyaku.cleaning.units import Bools, Units, explode

BATCH_PAGES = 64  # the arrays of so many pages stay in a processor's cache
EVIDENCE_CHARS = 60


def clean(text: str | None = None, *, html: str | bytes | None = None) -> Article:
    """The article of one page, every character of it labelled.

    >>> page = "甲国、掃海艇を派遣へ\\n\\n首相は3日、掃海艇を派遣すると述べた。\\n\\n関連記事\\n  • 港の歴史\\n"
    >>> print(clean(page).text.rstrip())
    甲国、掃海艇を派遣へ
    首相は3日、掃海艇を派遣すると述べた。

    Raises:
        Failure: UNI001 when the text cannot be stored as UTF-8; ENV001 when reading HTML needs the extra ``html``.
    """
    return next(clean_many([Page("page", text=text, html=html)]))


def clean_many(pages: Iterable[Page], *, site_repetition: bool = False) -> Iterator[Article]:
    """The articles of many pages, in order.

    Args:
        pages: read lazily, a batch at a time. With ``site_repetition`` they are read twice: a sequence as it is,
        anything
            else through a temporary file.
        site_repetition: cut lines that also stand on another page of the same ``site``.
    """
    lines = SiteLines()
    if site_repetition:
        first, pages = twice(pages)
        for page in first:
            if page.site is not None and lines.wants(page.site):
                lines.learn(page.site, filter(None, map(str.strip, read_page(page).raw.split("\n"))))
    source = iter(pages)
    while batch := list(islice(source, BATCH_PAGES)):
        yield from _clean_pages(batch, lines if site_repetition else None)


def clean_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Arrow in, Arrow out, for shards and clusters: rows in equal rows out, and no row raises.

    Args:
        batch: columns ``id`` (string), ``text`` (string) and, if you like, ``site`` (string).

    Returns:
        columns ``id``, ``title``, ``text``, ``segments`` (list of structs) and ``error`` (null when all went well).
    """
    ids, texts = batch.column("id").to_pylist(), batch.column("text").to_pylist()
    pages = [Page(str(id_), text=text or "") for id_, text in zip(ids, texts, strict=True)]
    rows = [
        {
            "id": id_,
            "title": article.title,
            "text": article.text,
            "segments": [
                {"start": s.start, "end": s.end, "kind": s.kind, "keep": s.keep, "rule": s.rule}
                for s in article.segments
            ],
            "error": None if article.text else "CLN001",
        }
        for id_, article in zip(ids, clean_many(pages), strict=True)
    ]
    return pa.RecordBatch.from_pylist(rows, schema=BATCH_SCHEMA)


BATCH_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        (
            "segments",
            pa.list_(
                pa.struct(
                    [
                        ("start", pa.int32()),
                        ("end", pa.int32()),
                        ("kind", pa.string()),
                        ("keep", pa.bool_()),
                        ("rule", pa.string()),
                    ]
                )
            ),
        ),
        ("error", pa.string()),
    ]
)


def reasons(page: Page) -> dict[int, str]:
    """For each unit of a page that was decided by its score, by its start in the raw text: what weighed most."""
    read = read_page(page)
    units = explode([read.raw], [read.markup], [read.declared.get("title")])
    verdict = judge(units)
    table = rules()
    return {
        int(units.start[unit]): verdict.reasons(unit)
        for unit, rule in enumerate(verdict.rule.tolist())
        if table[rule].id in BY_SCORE
    }


# Rules of place whose evidence is the score.
BY_SCORE = frozenset(
    {
        "body.prose",
        "body.line",
        "heading.short",
        "list_item.run",
        "nav.head",
        "promo.inside",
        "promo.tail",
        "related.list",
    }
)


def _clean_pages(pages: Sequence[Page], lines: SiteLines | None) -> Iterator[Article]:
    read = [read_page(page) for page in pages]
    texts = [page.raw for page in read]
    units = explode(texts, [page.markup for page in read], [page.declared.get("title") for page in read])
    verdict = judge(units, _repeated(units, pages, lines) if lines else None)
    return _articles(pages, read, units, verdict)


def _articles(pages: Sequence[Page], read: Sequence[PageText], units: Units, verdict: Verdict) -> Iterator[Article]:
    """The articles of a batch. Their segments are made when they are asked for, out of the page's own part of the
    arrays."""
    bounds = np.searchsorted(units.page, np.arange(len(pages) + 1))
    same_line = (
        np.concatenate((units.line[1:] == units.line[:-1], [False])) if len(units.line) else np.zeros(0, dtype=bool)
    )
    first_piece = ~np.concatenate(([False], same_line[:-1]))
    begin = np.where(first_piece, units.line_start[units.line], units.start)
    next_start = np.concatenate((units.start[1:], [0]))
    end = np.where(same_line, next_start, units.line_end[units.line])
    kept = kept_rule()[verdict.rule]
    # The line's kept piece keeps the line feed, or two lines of the article would run together.
    feed = ~same_line & ~first_piece & ~kept & np.concatenate(([False], kept[:-1]))
    for number, (page, text) in enumerate(zip(pages, read, strict=True)):
        part = slice(int(bounds[number]), int(bounds[number + 1]))
        raw, low = text.raw, part.start
        keep = kept[part].tolist()
        starts, ends = begin[part].tolist(), end[part].tolist()
        intervals, fed = [], set()
        for i, (a, b, feeds) in enumerate(zip(starts, ends, feed[part].tolist(), strict=True)):
            if keep[i]:
                intervals.append((a, b))
            elif feeds and raw[b - 1 : b] == "\n":
                intervals.append((b - 1, b))
                ends[i] = b - 1
                fed.add(i)
        causes = verdict.cause[part]
        labelled = _Labelled(
            raw,
            starts,
            ends,
            fed,
            verdict.rule[part].tolist(),
            np.where(causes >= 0, causes - low, -1).tolist(),
            verdict.score[part].tolist(),
            units.start[part].tolist(),
            units.end[part].tolist(),
        )
        yield Article(page.id, raw, labelled.segments, page.site, kept=intervals, declared=text.declared)


class _Labelled:
    """The labelled units of one page, which make its segments."""

    def __init__(
        self,
        raw: str,
        begin: list[int],
        end: list[int],
        fed: set[int],
        rule: list[int],
        cause: list[int],
        score: list[float],
        text_begin: list[int],
        text_end: list[int],
    ) -> None:
        self.raw, self.begin, self.end, self.fed = raw, begin, end, fed
        self.rule, self.cause, self.score = rule, cause, score
        self.text_begin, self.text_end = text_begin, text_end

    def segments(self) -> Iterator[Segment]:
        """Whole lines with their line feed, pieces of lines, and runs of blank lines."""
        table, kept = rules(), kept_rule().tolist()
        blank = table[index_of("blank.line")]
        at = 0
        for i, (begin, end, number) in enumerate(zip(self.begin, self.end, self.rule, strict=True)):
            if begin > at:
                yield Segment(at, begin, blank.kind, False, blank.id)
            rule = table[number]
            yield Segment(begin, end, rule.kind, kept[number], rule.id, self._evidence(i, rule.id, rule.sees))
            at = end
            if i in self.fed:
                kept_piece = table[self.rule[i - 1]]
                yield Segment(end, end + 1, kept_piece.kind, True, kept_piece.id, "line feed")
                at = end + 1
        if at < len(self.raw):
            yield Segment(at, len(self.raw), blank.kind, False, blank.id)

    def _evidence(self, unit: int, rule: str, sees: Callable[[str], str]) -> str:
        cause = self.cause[unit]
        if cause >= 0 and cause != unit:
            return self._text(cause)[:EVIDENCE_CHARS]
        if rule in BY_SCORE:
            return f"score {self.score[unit]:+.1f}"
        return sees(self._text(unit))[:EVIDENCE_CHARS]

    def _text(self, unit: int) -> str:
        return self.raw[self.text_begin[unit] : self.text_end[unit]]


def _repeated(units: Units, pages: Sequence[Page], lines: SiteLines) -> Bools:
    """Units that stand on several pages of their site."""
    known = [lines.repeated(page.site) for page in pages]
    return np.array(
        [
            bool(known[page]) and line_key(text) in known[page]
            for page, text in zip(units.page.tolist(), units.text, strict=True)
        ],
        dtype=bool,
    )
