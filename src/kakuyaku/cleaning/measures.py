"""Units measured: what can be seen of each line, or piece of a line, by itself.

Positions count from the start of the batch's code points, ``start``, ``end``, ``line_start`` and ``line_end`` of a unit
from its page's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import (
    ALSO_COUNTED,
    BULLET,
    CLOSE,
    COUNTED,
    DATES,
    DECORATES,
    DIGIT,
    MARK,
    SPACE,
    STOP,
)
from kakuyaku.cleaning.compiled import Records, compiled, kernel
from kakuyaku.cleaning.lexicon import Lexicon, Points, pair, words_in
from kakuyaku.cleaning.rules import MAX_CHARS, MAX_HEADING_CHARS
from kakuyaku.cleaning.text_lines import Characters, Ints, flags_of, stripped, usually_apart

Pairs = npt.NDArray[np.uint16]

COUNTED_CHARS = 255  # a unit's first characters are counted: a field of the packed counts has eight bits
QUOTATION_MIN_CHARS = 40  # a shorter one in brackets may be a title
CONTINUED_INDENT = 4  # a list item's further lines are dumped with four blanks
BARE_NUMBER_CHARS = 12  # of an item that is only a number, with its mark
DATED_MAX_CHARS = 80
ENDING_CHARS = 5  # that units of a page share when they are titles with the site's name behind them
ENDING_MIN_CHARS = 13
PAIR_BITS = 12  # the pairs of characters of a page, folded
PAIRS = 1 << PAIR_BITS

UNIT = np.dtype(
    [
        ("words", "u8"),
        *((name, "i4") for name in ("index", "page", "line", "start", "end", "line_start", "line_end", "core", "at")),
        *((name, "i4") for name in ("same", "ending")),
        *((name, "u4") for name in ("first_point", "last_point")),
        *((name, "i4") for name in ("first_flags", "last_flags")),
        ("look", "i2"),
        ("item", "i1"),
        *((name, "?") for name in ("line_feed", "ends_sentence", "new_block", "dated", "titled", "marked")),
        *((name, "u1") for name in (*COUNTED, *ALSO_COUNTED)),
    ],
    align=True,
)


class Needs(NamedTuple):
    """The bits of the words that the rules need: of all rules with a pattern, and of those for headings."""

    all: np.uint64
    headings: np.uint64


@compiled
def measure_units(
    _sources: Records,
    points: Points,
    page_start: Ints,
    lines: Records,
    cut_at: Ints,
    cut_look: npt.NDArray[np.int16],
    characters: Characters,
    lexicon: Lexicon,
    needs: Needs,
    units: Records,
    pairs: Pairs,
    keys: npt.NDArray[np.uint64],
    numbers: npt.NDArray[np.int32],
    noted: npt.NDArray[np.int32],
) -> tuple[int, int]:
    """Measures the units of a batch: its lines, cut to pieces where the rules say so.

    Args:
        points, page_start: as for :func:`~kakuyaku.cleaning.text_lines.find_lines`.
        lines: the lines found.
        cut_at, cut_look: in order, where inside a line another unit begins, and the rule that it gets.
        needs: the bits of rules: those that can apply to a unit are left in its ``words``. ``dated`` is set where a
            date may stand.
        units: UNIT records, as many as there are lines and cuts; filled from the first.
        pairs: filled with the number of the pair that each character begins, as far as units reach.
        keys, numbers: room for two rows of so many keys as units, and for a hash table.
        noted: filled with the units that a pattern may fit, or that may hold a date.

    Returns:
        how many units are filled, and how many are noted.
    """
    notes = count = page_first = cut = apart = 0
    marked = False  # the item that further lines would continue
    for i in range(len(lines)):
        line = lines[i]
        if i == 0 or line.page != lines[i - 1].page:
            _number(units[page_first:count], keys[:, page_first:count], numbers)
            page_first, marked = count, False
            apart = usually_apart(lines, i)
        begin, look, whole = line.first, np.int16(-1), True
        while begin < line.last:
            end, next_look = line.last, np.int16(-1)
            if cut < len(cut_at) and cut_at[cut] < line.last:
                end, next_look, whole = cut_at[cut], cut_look[cut], False
                cut += 1
            first, last = stripped(points, begin, end, SPACE, characters)
            if first < last:
                unit = units[count]
                unit.index, unit.page, unit.line, unit.look = count, line.page, line.number, look
                unit.start, unit.end = first - page_start[line.page], last - page_start[line.page]
                unit.line_start = line.start - page_start[line.page]
                # The last line of a page has no line feed: the one behind it parts it from the next page.
                unit.line_feed = line.end + 1 < page_start[line.page + 1]
                unit.line_end = line.end + unit.line_feed - page_start[line.page]
                unit.new_block = count == page_first or (
                    i > 0 and first == line.first and line.number - lines[i - 1].number > apart
                )
                unit.words = line.words if whole else words_in(points, first, last, lexicon)
                _count(points, first, last, characters, unit)
                marked = _item(points, first, last, line.start, marked, characters, unit)
                keys[0, count] = _core(points, last, characters, unit, pairs)
                keys[1, count] = _ending(points, last, characters, unit)
                unit.ends_sentence = _ends_sentence(points, first, last, characters)
                _apply(points, last, characters, needs, unit)
                unit.titled = unit.marked = False
                if unit.words & needs.all or unit.dated:
                    noted[notes] = count
                    notes += 1
                count += 1
            begin, look = end, next_look
    _number(units[page_first:count], keys[:, page_first:count], numbers)
    return count, notes


@kernel
def _count(points: Points, first: int, last: int, characters: Characters, unit: Records) -> None:
    """Counts the classes of characters, and looks for a sign of a date."""
    counts, more, seen = np.uint64(0), np.uint64(0), 0
    for i in range(first, min(last, first + COUNTED_CHARS)):
        kind = characters.kind[points[i]]
        counts += characters.first[kind]
        more += characters.second[kind]
        seen |= characters.flags[kind]
    low = np.uint64(0xFF)
    unit.hiragana, unit.katakana = counts & low, counts >> np.uint64(8) & low
    unit.kanji, unit.hangul = counts >> np.uint64(16) & low, counts >> np.uint64(24) & low
    unit.latin, unit.digits = counts >> np.uint64(32) & low, counts >> np.uint64(40) & low
    unit.stops, unit.commas = counts >> np.uint64(48) & low, counts >> np.uint64(56)
    unit.separators, unit.spaces = more & low, more >> np.uint64(8) & low
    unit.quotes, unit.full_stops = more >> np.uint64(16) & low, more >> np.uint64(24) & low
    unit.dots = more >> np.uint64(32) & low
    unit.dated = unit.digits > 0 and seen & DATES != 0


@kernel
def _item(
    points: Points, first: int, last: int, line_start: int, above: bool, characters: Characters, unit: Records
) -> bool:
    """Whether the unit is an item of a list; returns whether the unit itself, or for a deeply indented one the last
    other unit above, begins with a list mark."""
    flags = flags_of(points[first], characters)
    spaced = flags_of(points[first + 1], characters) & SPACE != 0  # at the end of the line a line feed: a space too
    unit.item = 0
    if flags & MARK and (spaced or flags & BULLET) and last - first > 1:
        unit.item = 1
        if 0 < unit.digits <= 3 and last - first < BARE_NUMBER_CHARS:
            unit.item = 2
            for i in range(first + 1, last):
                if not flags_of(points[i], characters) & (DIGIT | SPACE):
                    unit.item = 1
        return True
    if first - line_start < CONTINUED_INDENT:
        return False
    if above:
        unit.item = 3
    return above


@kernel
def _core(points: Points, last: int, characters: Characters, unit: Records, pairs: Pairs) -> np.uint64:
    """The unit without its list mark: bounds, and pairs of characters; returns a key for equal texts."""
    at = last - (unit.end - unit.start)
    while unit.item and at < last and (points[at] in (0x20, 0x3000) or flags_of(points[at], characters) & MARK):
        at += 1
    unit.at, unit.core = at, last - at
    unit.first_point, unit.last_point = points[at], points[last - 1]
    unit.first_flags, unit.last_flags = flags_of(points[at], characters), flags_of(points[last - 1], characters)
    key = np.uint64(last - at)
    for i in range(at, last):
        key = (key ^ np.uint64(points[i])) * np.uint64(0x100000001B3)
        pairs[i] = pair(np.int64(points[i]), np.int64(points[i + 1]), PAIR_BITS)
    return key


@kernel
def _ending(points: Points, last: int, characters: Characters, unit: Records) -> np.uint64:
    """A key for units with equal last characters; 0 for short units and sentences, which have none."""
    if unit.core < ENDING_MIN_CHARS or unit.last_flags & (STOP | DIGIT):
        return np.uint64(0)
    key = np.uint64(1)
    for i in range(last - ENDING_CHARS, last):
        key = key * np.uint64(0x100000001B3) ^ np.uint64(points[i])
    return key


@kernel
def _ends_sentence(points: Points, first: int, last: int, characters: Characters) -> bool:
    """Whether the last character, or the one before a closing bracket, ends a sentence; or all is a quotation."""
    final = last - 1
    if points[first] == ord("「") and points[final] == ord("」") and last - first >= QUOTATION_MIN_CHARS:
        return True
    if flags_of(points[final], characters) & CLOSE and final > first:
        final -= 1
    return flags_of(points[final], characters) & STOP != 0


@kernel
def _apply(points: Points, last: int, characters: Characters, needs: Needs, unit: Records) -> None:
    """Takes the bits of the rules away that cannot apply to so long a unit, and dates from long ones."""
    if unit.core > MAX_CHARS or unit.look >= 0:
        unit.words &= ~needs.all
    elif unit.words & needs.headings:
        first, end = stripped(points, unit.at, last, DECORATES, characters)
        if end - first > MAX_HEADING_CHARS:
            unit.words &= ~needs.headings
    unit.dated = unit.dated and unit.core <= DATED_MAX_CHARS


@kernel
def _number(units: Records, keys: npt.NDArray[np.uint64], numbers: npt.NDArray[np.int32]) -> None:
    """Gives the units of a page the numbers that equal ones share: ``same`` and ``ending``."""
    size = 16
    while size < 2 * len(units):
        size *= 2
    numbers[:size] = -1
    for i in range(len(units)):
        units[i].same = _first_with(keys[0], i, numbers[:size])
    numbers[:size] = -1
    for i in range(len(units)):
        units[i].ending = _first_with(keys[1], i, numbers[:size]) if keys[1, i] else -1


@kernel
def _first_with(keys: npt.NDArray[np.uint64], i: int, numbers: npt.NDArray[np.int32]) -> int:
    """The first index that was asked for with the same key; ``numbers`` is a hash table of indices."""
    low = len(numbers) - 1
    place = np.int64((keys[i] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & low
    while numbers[place] >= 0 and keys[numbers[place]] != keys[i]:
        place = (place + 1) & low
    if numbers[place] < 0:
        numbers[place] = i
    return numbers[place]  # type: ignore[no-any-return]
