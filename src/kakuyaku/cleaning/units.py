"""A batch of raw texts as units: every line, or piece of a line, that is not blank, with what can be measured of it.

Everything is an array over the units of all pages of the batch, so that one page and ten thousand run through the same
code. Offsets are code points; a page's text is never copied line by line except for the strings that the rules read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakuyaku.cleaning.rules import MAX_CHARS, NONE, index_of, match_lines, rules

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_SPACE, _CJK, _DIGIT, _STOP, _COMMA, _MARK, _LETTER = 1, 2, 4, 8, 16, 32, 64
DOUBLED_MIN_CHARS = 20  # both halves together: 「はい。はい。」 is speech, a caption printed twice is longer
CONTINUED_INDENT = 4  # a list item's further lines are dumped with four blanks
LIST_MARKS = "•・●◆■○▪‣-*–"


def _classes() -> npt.NDArray[np.uint8]:
    table = np.zeros(0x110000, dtype=np.uint8)
    for low, high in (
        (0x3041, 0x30FF),
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF),
        (0xF900, 0xFAFF),
        (0xAC00, 0xD7AF),
        (0x20000, 0x3FFFF),
    ):
        table[low : high + 1] |= _CJK
    for low, high in ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F)):
        table[low : high + 1] |= _LETTER
    table[0x30FB] &= ~np.uint8(_CJK)  # ・
    for characters, flag in (
        (" \t\n\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\ufeff", _SPACE),
        ("0123456789０１２３４５６７８９", _DIGIT),
        ("。．！？!?", _STOP),
        ("、，", _COMMA),
        (LIST_MARKS, _MARK),
    ):
        table[[ord(character) for character in characters]] |= flag
    table[0x2000:0x200B] |= _SPACE
    return table


_CLASS = _classes()


@dataclass(frozen=True)
class Units:
    """Arrays over units. ``start`` and ``end`` bound the unit without surrounding white space, in its page's text;
    ``line`` counts the lines of the batch; ``size`` is end minus start; ``look`` the rule that the unit fits by itself
    (-1: none); ``item`` is 0 for no list item, 1 for an item, 2 for an item that is only a number, 3 for its further
    lines; ``new_block`` says that a blank line, or nothing, stands above.
    """

    page: Ints
    line: Ints
    start: Ints
    end: Ints
    text: list[str]
    cjk: Ints
    letters: Ints
    stops: Ints
    commas: Ints
    ends_sentence: Bools
    item: npt.NDArray[np.int8]
    look: npt.NDArray[np.int16]
    new_block: Bools
    line_start: Ints
    line_end: Ints
    line_page: Ints

    @property
    def size(self) -> Ints:
        return self.end - self.start


def explode(texts: Sequence[str]) -> Units:
    """The units of a batch of raw texts."""
    blob = "\n".join(texts) + "\n"
    points = np.frombuffer(blob.encode("utf-32-le"), dtype=np.uint32)
    classes = _CLASS[points]
    page_start = np.cumsum([0] + [len(text) + 1 for text in texts])[:-1]
    line_end = np.flatnonzero(points == 0x0A)
    line_start = np.concatenate(([0], line_end[:-1] + 1))
    line_page = np.searchsorted(page_start, line_start, side="right") - 1

    solid = np.flatnonzero((classes & _SPACE) == 0)
    left, right = np.searchsorted(solid, line_start), np.searchsorted(solid, line_end)
    filled = np.flatnonzero(right > left)
    first, last = solid[left[filled]], solid[right[filled] - 1] + 1
    cuts, cut_looks = _cuts(blob, points, first, last)

    # Pieces of the filled lines: each line once, and once more for each cut inside it.
    starts = np.concatenate((first, cuts))
    order = np.argsort(starts, kind="stable")
    starts = starts[order]
    forced = np.concatenate((np.full(len(first), NONE, dtype=np.int16), cut_looks))[order]
    line = filled[np.searchsorted(first, starts, side="right") - 1]
    own_end = np.concatenate((starts[1:], [len(blob)]))
    ends = np.minimum(own_end, last[np.searchsorted(first, starts, side="right") - 1])
    left, right = np.searchsorted(solid, starts), np.searchsorted(solid, ends)
    starts, ends = solid[left], solid[right - 1] + 1

    text = [blob[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    counts = {flag: _count(classes, flag, starts, ends) for flag in (_CJK, _LETTER, _DIGIT, _STOP, _COMMA)}
    item = _items(classes, points, starts, ends, counts[_DIGIT], line_start[line], line_page[line])
    bare = [
        piece.lstrip(LIST_MARKS + " 　") if mark else piece
        for piece, mark in zip(text, (item > 0).tolist(), strict=True)
    ]
    look = match_lines(pa.array(bare, type=pa.large_string()))
    look = np.where(forced != NONE, forced, look)
    page = line_page[line]
    previous = np.concatenate(([-2], line[:-1]))
    return Units(
        page=page,
        line=line,
        start=starts - page_start[page],
        end=ends - page_start[page],
        text=text,
        cjk=counts[_CJK],
        letters=counts[_LETTER],
        stops=counts[_STOP],
        commas=counts[_COMMA],
        ends_sentence=_ends_sentence(points, classes, starts, ends),
        item=item,
        look=look.astype(np.int16),
        new_block=(line - previous > 1) | (page != np.concatenate(([-1], page[:-1]))),
        line_start=line_start - page_start[line_page],
        line_end=np.minimum(line_end + 1 - page_start[line_page], np.array([len(t) for t in texts])[line_page]),
        line_page=line_page,
    )


def _count(classes: npt.NDArray[np.uint8], flag: int, starts: Ints, ends: Ints) -> Ints:
    total = np.concatenate(([0], np.cumsum((classes & flag) != 0)))
    return np.asarray(total[ends] - total[starts], dtype=np.int64)


def _ends_sentence(points: npt.NDArray[np.uint32], classes: npt.NDArray[np.uint8], starts: Ints, ends: Ints) -> Bools:
    """Whether the last character, or the one before a closing bracket, is a sentence end."""
    if not len(ends):
        return np.zeros(0, dtype=bool)
    final = ends - 1
    closing = np.isin(points[final], [ord(mark) for mark in '」』）)】”"'])
    final = np.where(closing & (final > starts), final - 1, final)
    return np.asarray((classes[final] & _STOP) != 0)


def _items(
    classes: npt.NDArray[np.uint8],
    points: npt.NDArray[np.uint32],
    starts: Ints,
    ends: Ints,
    digits: Ints,
    line_starts: Ints,
    pages: Ints,
) -> npt.NDArray[np.int8]:
    item = np.zeros(len(starts), dtype=np.int8)
    if not len(starts):
        return item
    after = np.minimum(starts + 1, len(points) - 1)
    spaced = (classes[after] & _SPACE) != 0
    unmistakable = np.isin(points[starts], [ord(mark) for mark in "•・‣▪"])
    marked = ((classes[starts] & _MARK) != 0) & (spaced | unmistakable) & (ends - starts > 1)
    inner = starts + 1
    number = marked & (_count(classes, _DIGIT | _SPACE, inner, ends) == ends - inner) & (digits > 0) & (digits <= 3)
    item[marked] = 1
    item[number] = 2
    deep = (starts - line_starts >= CONTINUED_INDENT) & ~marked
    anchor = np.maximum.accumulate(np.where(deep, -1, np.arange(len(starts))))
    continued = deep & (anchor >= 0) & marked[anchor] & (pages == pages[anchor])
    item[continued] = 3
    return item


def _cuts(blob: str, points: npt.NDArray[np.uint32], first: Ints, last: Ints) -> tuple[Ints, npt.NDArray[np.int16]]:
    """Places inside lines where another unit begins, with the rule that the new unit gets."""
    cuts: list[tuple[int, int]] = []
    size = last - first
    half = first + size // 2
    twice = np.flatnonzero(
        (size >= DOUBLED_MIN_CHARS)
        & (points[first] == points[np.minimum(half + size % 2, last - 1)])
        & (points[last - 1] == points[half - 1])
    )
    for index in twice.tolist():
        a, b = int(first[index]), int(last[index])
        middle = (b - a + 1) // 2
        if blob[a : a + middle].rstrip() == blob[b - (b - a) // 2 : b].lstrip():
            cuts.append((b - (b - a) // 2, index_of("repeat.half")))
    brief = np.flatnonzero(size <= MAX_CHARS // 4)
    tails = [(index_of(rule.id), re.compile(rule.pattern)) for rule in rules() if rule.role == "tail"]
    for index in brief.tolist():
        a, b = int(first[index]), int(last[index])
        for look, pattern in tails:
            if match := pattern.match(blob, a, b):
                cuts.append((match.end(1), look))
                break
    return np.array([place for place, _ in cuts], dtype=np.int64), np.array([look for _, look in cuts], dtype=np.int16)
