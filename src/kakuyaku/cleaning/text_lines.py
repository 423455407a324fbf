"""Lines found in a batch of texts.

All texts of the batch are one array of code points, each page ending with a line feed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import CLASS, FIRST, FLAGS, SECOND, SPACE
from kakuyaku.cleaning.compiled import Records, compiled, kernel
from kakuyaku.cleaning.lexicon import Lexicon, Points, words_in
from kakuyaku.cleaning.rules import MAX_CHARS

Ints = npt.NDArray[np.int64]

DOUBLED_MIN_CHARS = 20  # both halves together: 「はい。はい。」 is speech, a caption printed twice is longer
TAIL_MAX_CHARS = MAX_CHARS // 4  # of a line whose end may be split off
MAX_APART = 8  # lines: from one to the next that is not blank
MIN_NEAR = 0.15  # of the lines stand so near to the one above, and as many do not: on labelled pages .18 and more
LINE_FEED = 0x0A

# A line that is not blank: bounds with and without surrounding white space, the groups of its words, and where its
# second half begins if that says the same as the first (else -1).
LINE = np.dtype(
    [("words", "u8"), *((name, "i4") for name in ("number", "page", "start", "end", "first", "last", "twice"))],
    align=True,
)


class Characters(NamedTuple):
    """The tables of :mod:`kakuyaku.cleaning.characters`."""

    kind: npt.NDArray[np.uint8]
    flags: Ints
    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]


CHARACTERS = Characters(CLASS, FLAGS, FIRST, SECOND)


@kernel
def flags_of(point: int, characters: Characters) -> int:
    """The flags of a code point."""
    return characters.flags[characters.kind[point]]  # type: ignore[no-any-return]


@compiled
def find_lines(
    _sources: Records,
    points: Points,
    page_start: Ints,
    characters: Characters,
    lexicon: Lexicon,
    tails: np.uint64,
    lines: Records,
    noted: npt.NDArray[np.int32],
) -> tuple[int, int]:
    """Finds the lines of a batch that are not blank.

    Args:
        points: the texts of all pages, with a line feed behind each.
        page_start: where each page begins; and the length of ``points``.
        tails: the bits of the rules that may split the end of a line off.
        lines: LINE records, as many as there are lines; filled from the first.
        noted: filled with the lines that may be cut to pieces.

    Returns:
        how many lines are filled, and how many are noted.
    """
    notes = count = number = page = start = 0
    for end in range(len(points)):
        if points[end] != LINE_FEED:
            continue
        while start >= page_start[page + 1]:
            page += 1
        first, last = stripped(points, start, end, SPACE, characters)
        if first < last:
            line = lines[count]
            line.number, line.page, line.start, line.end = number, page, start, end
            line.first, line.last = first, last
            line.twice = _second_half(points, first, last, characters)
            line.words = words_in(points, first, last, lexicon)
            if line.twice >= 0 or (line.words & tails and last - first <= TAIL_MAX_CHARS):
                noted[notes] = count
                notes += 1
            count += 1
        number += 1
        start = end + 1
    return count, notes


@kernel
def stripped(points: Points, first: int, last: int, flag: int, characters: Characters) -> tuple[int, int]:
    """The bounds without the characters at both ends that have a flag."""
    while first < last and flags_of(points[first], characters) & flag:
        first += 1
    while first < last and flags_of(points[last - 1], characters) & flag:
        last -= 1
    return first, last


@kernel
def _second_half(points: Points, first: int, last: int, characters: Characters) -> int:
    """Where the second half of a line begins that says the same twice; -1 for other lines."""
    size = last - first
    half = last - size // 2
    if size < DOUBLED_MIN_CHARS or points[first] != points[half]:
        return -1
    end = stripped(points, first, first + (size + 1) // 2, SPACE, characters)[1]
    if end - first != last - half:
        return -1
    for i in range(end - first):
        if points[first + i] != points[half + i]:
            return -1
    return half


@kernel
def usually_apart(lines: Records, first: int) -> int:
    """How far apart lines of one block are, on the page whose first line is given: 1, unless a dump has blank lines
    below every line, and more of them between blocks."""
    for apart in range(1, MAX_APART):
        last, near = first, 0
        while last + 1 < len(lines) and lines[last + 1].page == lines[first].page:
            last += 1
            near += lines[last].number - lines[last - 1].number <= apart
        if near >= MIN_NEAR * (last - first):
            return apart if near <= (1 - MIN_NEAR) * (last - first) else 1
    return 1
