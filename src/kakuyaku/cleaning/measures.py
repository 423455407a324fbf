"""What can be measured of each unit by itself, for all units of a batch at once.

``starts`` and ``ends`` bound the units in the batch's text, in code points; ``points`` are its code points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import (
    ALSO_COUNTED,
    BULLET,
    CLASS,
    CLOSE,
    COUNTED,
    DIGIT,
    FIRST,
    FLAGS,
    MARK,
    SECOND,
    SPACE,
    STOP,
)
from kakuyaku.cleaning.rules import MAX_CHARS, index_of, lexicon, rules, word_groups

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Points = npt.NDArray[np.uint32]

COUNTED_CHARS = 255  # a line's first characters are counted: a field of the packed counts has eight bits
DOUBLED_MIN_CHARS = 20  # both halves together: 「はい。はい。」 is speech, a caption printed twice is longer
QUOTATION_MIN_CHARS = 40  # a shorter one in brackets may be a title
CONTINUED_INDENT = 4  # a list item's further lines are dumped with four blanks
BIGRAMS = 1 << 12  # of a page's pairs of characters, folded


def standing(word: Ints, at: Ints, starts: Ints, ends: Ints) -> Bools:
    """For each group of the lexicon (rows) and unit (columns) whether a word of the group stands in the unit."""
    found = np.zeros((len(word_groups()) + len(rules()), len(starts)), dtype=bool)
    unit = np.searchsorted(starts, at, side="right") - 1
    inside = (unit >= 0) & (at < ends[unit]) if len(starts) else np.zeros(len(at), dtype=bool)
    word, unit = word[inside], unit[inside]
    which, group = lexicon().groups_of(word)
    found[group, unit[which]] = True
    return found


def counted(kind: npt.NDArray[np.uint8], starts: Ints, ends: Ints) -> npt.NDArray[np.float32]:
    """The counts of each class (rows) in the first COUNTED_CHARS of each unit (columns)."""
    out = np.zeros((len(COUNTED) + len(ALSO_COUNTED), len(starts)), dtype=np.float32)
    if not len(starts):
        return out
    bounds = np.empty(2 * len(starts), dtype=np.int64)
    bounds[::2], bounds[1::2] = starts, np.minimum(ends, starts + COUNTED_CHARS)
    row = 0
    for table, names in ((FIRST, COUNTED), (SECOND, ALSO_COUNTED)):
        packed = np.add.reduceat(table[kind], bounds)[::2]
        for field in range(len(names)):
            out[row] = (packed >> np.uint64(8 * field)) & np.uint64(0xFF)
            row += 1
    return out


def folded(points: Points) -> npt.NDArray[np.uint16]:
    """For each character the number, below BIGRAMS, of the pair that it begins."""
    after = np.concatenate((points[1:], points[:1]))
    mixed = (points * np.uint32(0x9E3779B1)) ^ (after * np.uint32(0x85EBCA6B))
    folded: npt.NDArray[np.uint16] = (mixed >> np.uint32(20)).astype(np.uint16)
    return folded


ENDING_CHARS = 5  # that units of a page share when they are titles with the site's name behind them
ENDING_MIN_CHARS = 13


def endings(points: Points, page: Ints, ends: Ints, core: Ints) -> Ints:
    """Equal numbers for units of a page with equal last characters; -1 for short units and for ends of sentences."""
    if not len(ends):
        return np.zeros(0, dtype=np.int64)
    key = page.astype(np.uint64)
    for back in range(1, ENDING_CHARS + 1):
        key = key * np.uint64(0x100000001B3) ^ points[np.maximum(ends - back, 0)].astype(np.uint64)
    final = points[ends - 1]
    sentence = (FLAGS[CLASS[final]] & (STOP | DIGIT)) != 0
    return np.where((core >= ENDING_MIN_CHARS) & ~sentence, key.view(np.int64) & 0x7FFFFFFFFFFFFFFF, -1)


def numbered(page: Ints, texts: Sequence[str]) -> Ints:
    """Equal numbers for equal texts of a page."""
    key = np.fromiter(map(hash, texts), dtype=np.int64, count=len(texts)).view(np.uint64)
    key = key ^ (page.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return np.unique(key, return_inverse=True)[1].reshape(-1)


def ends_sentence(flags: npt.NDArray[np.uint8], points: Points, starts: Ints, ends: Ints) -> Bools:
    """Whether the last character, or the one before a closing bracket, is a sentence end; or all of it is a
    quotation."""
    if not len(ends):
        return np.zeros(0, dtype=bool)
    final = ends - 1
    quotation = (points[starts] == ord("「")) & (points[final] == ord("」")) & (ends - starts >= QUOTATION_MIN_CHARS)
    final = np.where(((flags[final] & CLOSE) != 0) & (final > starts), final - 1, final)
    return np.asarray(((flags[final] & STOP) != 0) | quotation)


def items(
    flags: npt.NDArray[np.uint8],
    points: Points,
    starts: Ints,
    ends: Ints,
    digits: npt.NDArray[np.float32],
    line_starts: Ints,
    pages: Ints,
) -> npt.NDArray[np.int8]:
    item = np.zeros(len(starts), dtype=np.int8)
    if not len(starts):
        return item
    spaced = (flags[np.minimum(starts + 1, len(points) - 1)] & SPACE) != 0
    unmistakable = (flags[starts] & BULLET) != 0
    marked = ((flags[starts] & MARK) != 0) & (spaced | unmistakable) & (ends - starts > 1)
    item[marked] = 1
    brief = np.flatnonzero(marked & (digits > 0) & (digits <= 3) & (ends - starts < 12))
    for i in brief.tolist():
        rest = flags[starts[i] + 1 : ends[i]]
        item[i] = 2 if ((rest & (DIGIT | SPACE)) != 0).all() else 1
    deep = (starts - line_starts >= CONTINUED_INDENT) & ~marked
    anchor = np.maximum.accumulate(np.where(deep, -1, np.arange(len(starts))))
    continued = deep & (anchor >= 0) & marked[anchor] & (pages == pages[anchor])
    item[continued] = 3
    return item


def cuts(blob: str, points: Points, first: Ints, last: Ints, standing: Bools) -> tuple[Ints, npt.NDArray[np.int16]]:
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
    for look, rule in enumerate(rules()):
        if rule.role == "tail":
            pattern = re.compile(rule.pattern)
            for index in np.flatnonzero(standing[len(word_groups()) + look] & (size <= MAX_CHARS // 4)).tolist():
                if match := pattern.match(blob, int(first[index]), int(last[index])):
                    cuts.append((match.end(1), look))
    cuts.sort()
    return np.array([place for place, _ in cuts], dtype=np.int64), np.array([look for _, look in cuts], dtype=np.int16)
