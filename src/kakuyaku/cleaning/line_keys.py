"""Keys by which a line is known again on another page of its site, and what kind of line it is.

A line is the same on another page when only its figures differ: counters, ranks, the characters left to read. So each
has two keys, one of all its characters and one with its figures masked, if it has letters enough and no date. Both are
numbers of 64 bits, the same in every process. They mix well, but they are no secret: they are compared within one site
alone, so that whoever makes lines collide spoils their own pages.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from kakuyaku.cleaning.characters import DIGIT, MARK, SPACE, STOP
from kakuyaku.cleaning.compiled import Records, compiled, kernel
from kakuyaku.cleaning.lexicon import Points
from kakuyaku.cleaning.text_lines import CHARACTERS, Characters, Ints, flags_of
from kakuyaku.cleaning.units import Room

MASKED_LETTERS = 4  # a line with fewer besides its figures is the same only with the same figures
MASKED_CHARS = 200  # a longer line is a paragraph, whose figures matter
MASKED_SURE = 8  # with so many letters, two pages suffice as for any line; with fewer, half of the pages
LETTERS_WITHIN = 32  # characters that are looked at for letters
PROSE_CHARS = 12  # a shorter line is no paragraph
TITLE_CHARS = (12, 100)  # shorter lines are menu entries
DATED_CHARS = 40  # a longer line with a date is a sentence
HOUR_WITHIN = 7  # characters behind 「4月5日」
COUNTED_CHARS = 255  # of a line, in a byte

# Traits of a line. A NAME is one only beside a date, which is for those to say who can read names.
PROSE: Final = 1
DATED: Final = 1 << 1
NAME: Final = 1 << 2
SURE: Final = 1 << 3
TITLE: Final = 1 << 4

# What is noted of a line: its key, its key with the figures, its traits, and its size up to COUNTED_CHARS.
NOTE = np.dtype([("key", "u8"), ("exact", "u8"), ("traits", "u1"), ("size", "u1")])

_LETTERS = np.uint64((1 << 40) - 1)  # the counts of kana, kanji, hangul and Latin letters among the packed ones
_MIX = np.uint64(0x9E3779B97F4A7C15)
_START = np.uint64(0x243F6A8885A308D3)
_FIGURE = ord("0")  # what stands for each


def note_lines(points: Points, first: Ints, last: Ints, room: Room) -> Records:
    """A NOTE of each line.

    Args:
        points: code points.
        first, last: bounds of the lines in ``points``, none empty, without surrounding white space.
        room: whose array the notes take.

    >>> texts = ["残り1,204字を読む", "残り87字を読む", "3位", "4位"]
    >>> points = np.array([ord(character) for character in "".join(texts)], dtype=np.uint32)
    >>> last = np.cumsum([len(text) for text in texts])
    >>> one, other, third, fourth = note_lines(points, last - [len(text) for text in texts], last, Room())["key"]
    >>> bool(one == other), bool(third == fourth)
    (True, False)
    """
    notes = room.array("notes", len(first), NOTE)
    _note_lines(points, first, last, CHARACTERS, notes)
    return notes


@compiled
def _note_lines(
    _sources: Records, points: Points, first: Ints, last: Ints, characters: Characters, notes: Records
) -> None:
    for i in range(len(first)):
        _note(points, first[i], last[i], characters, notes[i])


@kernel
def _note(points: Points, first: int, last: int, characters: Characters, note: Records) -> None:
    size = last - first
    exact, flags = _START, 0
    for i in range(first, last):
        exact = _mixed(exact, points[i])
        flags |= flags_of(points[i], characters)
    note.key = note.exact = exact
    dated, sure = False, True
    if flags & DIGIT and size <= MASKED_CHARS:
        masked = _masked(points, first, last, characters)
        dated = masked.dated
        if not dated:
            sure = masked.letters >= MASKED_SURE
            if masked.letters >= MASKED_LETTERS:
                note.key = masked.key
    plain = flags_of(points[first], characters) & MARK == 0
    prose = plain and size >= PROSE_CHARS and _ends(points[last - 1], flags)
    note.size = min(size, COUNTED_CHARS)
    note.traits = (
        PROSE * prose
        | TITLE * (plain and not prose and TITLE_CHARS[0] <= size <= TITLE_CHARS[1])
        | DATED * (dated and size <= DATED_CHARS)
        | SURE * sure
    )


class _Masked(NamedTuple):
    """The key of a line without its figures, how many letters it has, and whether it has a date."""

    key: np.uint64
    letters: int
    dated: bool


@kernel
def _masked(points: Points, first: int, last: int, characters: Characters) -> _Masked:
    key = _START
    within = dated = False
    letters = seen = 0
    for i in range(first, last):
        kind = characters.kind[points[i]]
        digit = characters.flags[kind] & DIGIT != 0
        dated = dated or (digit and _dated(points, i, last, characters))
        if within and (digit or _parts_figures(points[i])):
            continue
        within = digit
        key = _mixed(key, _FIGURE if digit else points[i])
        letters += seen < LETTERS_WITHIN and characters.first[kind] & _LETTERS != 0
        seen += 1
    return _Masked(key, letters, dated)


@kernel
def _mixed(key: np.uint64, point: int) -> np.uint64:
    key = (key ^ np.uint64(point)) * _MIX
    return key ^ (key >> np.uint64(32))


@kernel
def _parts_figures(point: int) -> bool:
    return point in (ord(","), ord("."), ord("，"), ord("．"), ord(":"), ord("："))


@kernel
def _ends(point: int, flags: int) -> bool:
    """Whether a line with such flags ends like a sentence; a remark in brackets does not."""
    if point in (ord("）"), ord(")")):
        return flags & STOP != 0
    return point in (ord("。"), ord("！"), ord("？"), ord("!"), ord("?"), ord("」"), ord("』"))


@kernel
def _dated(points: Points, at: int, last: int, characters: Characters) -> bool:
    """Whether a date begins at a digit, 「2030年4月5」「2030/4/5」, or 「月5日」 behind it with an hour not far."""
    if _digits(points, at, last, 4, characters) == 4:
        below = _date_part(points, at + 4, last, ord("年"), characters)
        month = _digits(points, below, last, 2, characters)
        below = _date_part(points, below + month, last, ord("月"), characters) if month else last
        if _digits(points, below, last, 1, characters):
            return True
    below = at + 1
    if below >= last or points[below] != ord("月"):
        return False
    below = _past_blank(points, below + 1, last, characters)
    day = _digits(points, below, last, 2, characters)
    below += day
    if not day or below >= last or points[below] != ord("日"):
        return False
    below += 1
    for i in range(below, min(below + HOUR_WITHIN, last - 1)):
        hour = points[i + 1] in (ord(":"), ord("："), ord("時"))
        if hour and _digits(points, i, last, 1, characters):
            return True
    return False


@kernel
def _digits(points: Points, at: int, last: int, most: int, characters: Characters) -> int:
    """How many digits stand at a place, up to so many."""
    count = 0
    while count < most and at + count < last and flags_of(points[at + count], characters) & DIGIT:
        count += 1
    return count


@kernel
def _past_blank(points: Points, at: int, last: int, characters: Characters) -> int:
    return at + 1 if at < last and flags_of(points[at], characters) & SPACE else at


@kernel
def _date_part(points: Points, at: int, last: int, sign: int, characters: Characters) -> int:
    """The place behind 年 or 月, or what stands for it, and a blank on each side; ``last`` where there is none."""
    at = _past_blank(points, at, last, characters)
    if at >= last or points[at] not in (sign, ord("/"), ord("."), ord("-")):
        return last
    return _past_blank(points, at + 1, last, characters)
