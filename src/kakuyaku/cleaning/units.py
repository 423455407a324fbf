"""A batch of raw texts as units: every line, or piece of a line, that is not blank, with what can be measured of it.

One page and ten thousand run through the same code. Offsets are code points; a page's text is never copied line by line
except for the strings that the rules' patterns read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records
from kakuyaku.cleaning.lexicon import Points
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.measures import UNIT, Needs, Pairs, measure_units
from kakuyaku.cleaning.rules import index_of, lexicon, match_line, needing, tail_patterns
from kakuyaku.cleaning.text_lines import CHARACTERS, LINE, LINE_FEED, TAIL_MAX_CHARS, Ints, find_lines

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

_BLANKS = r"[\s　]*"
# All begin with the same class: that makes the search four times as fast.
DATE = re.compile(
    rf"[0-9](?:/[0-9]{{1,2}}\b|:[0-9]{{2}}|月{_BLANKS}[0-9]{{1,2}}日|{_BLANKS}(?:時間|分|日|秒|か月|カ月|年)前"
    rf"|(?:(?<=1)9|(?<=2)0)[0-9]{{2}}{_BLANKS}[年/.\-]{_BLANKS}[0-9]{{1,2}}{_BLANKS}[月/.\-]{_BLANKS}[0-9])"
)


@dataclass(frozen=True)
class Units:
    """The units of a batch.

    ``table`` has a UNIT record for each. ``index`` is its place there, ``page`` its page, ``line`` counts the lines of
    the batch; ``start`` and ``end`` bound it without surrounding white space, in its page's text, ``line_start`` and
    ``line_end`` its line with its line feed, if it has one. ``core`` is its size without list mark, ``at`` where that
    begins in the batch. ``words`` has a bit for each group of words.toml: does one of them stand in the unit. ``look``
    is the rule that the unit fits by itself (-1: none). ``item`` is 0 for no list item, 1 for an item, 2 for an item
    that is only a number, 3 for its further lines. ``new_block`` says that a blank line, or nothing, stands above.
    ``same`` is a number that equal units of a page share, ``ending`` one that units of a page with the same last
    characters share (-1: none): the place in its page of the first unit that has it. ``dated`` units hold a date,
    ``titled`` ones are what their page declares as its title. Each class of COUNTED and ALSO_COUNTED is counted in the
    unit's first COUNTED_CHARS. ``marked`` is false for units of pages of text alone.

    ``points`` are the code points of the batch, ``pairs`` their pairs, folded. ``markup`` has a row for each unit,
    LINE_FEATURES of its line; no row where the whole batch is text alone.
    """

    table: Records
    points: Points
    pairs: Pairs
    markup: Floats
    texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.table)

    @property
    def page(self) -> Ints:
        return self.table["page"]  # type: ignore[no-any-return]

    @property
    def line(self) -> Ints:
        return self.table["line"]  # type: ignore[no-any-return]

    @property
    def start(self) -> Ints:
        return self.table["start"]  # type: ignore[no-any-return]

    @property
    def end(self) -> Ints:
        return self.table["end"]  # type: ignore[no-any-return]

    @property
    def look(self) -> npt.NDArray[np.int16]:
        return self.table["look"]  # type: ignore[no-any-return]

    @property
    def marked(self) -> Bools:
        return self.table["marked"]  # type: ignore[no-any-return]

    @cached_property
    def text(self) -> list[str]:
        """The text of each unit."""
        bounds = zip(self.page.tolist(), self.start.tolist(), self.end.tolist(), strict=True)
        return [self.texts[page][start:end] for page, start, end in bounds]

    @cached_property
    def page_first(self) -> Ints:
        """Where the units of each page begin; and how many units there are."""
        return np.searchsorted(self.page, np.arange(len(self.texts) + 1))

    def take(self, index: Ints) -> Units:
        """Some of the units, in order, as they would be read if the others were not there: no blank line is left."""
        if len(index) == len(self.table):
            return self
        table = self.table[index]
        table["index"] = np.arange(len(table))
        table["new_block"] = np.diff(table["page"], prepend=-1) != 0
        for name in ("same", "ending"):
            table[name] = _numbered_anew(table["page"], table[name])
        markup = self.markup[index] if len(self.markup) else self.markup
        for column in _NUMBERS if len(markup) else ():
            markup[:, column] = _numbered_anew(table["page"], markup[:, column].astype(np.int64))
        return replace(self, table=table, markup=markup)


_NUMBERS = tuple(map(LINE_FEATURES.index, ("container", "outer")))  # that lines of a page share


def _numbered_anew(page: Ints, number: Ints) -> Ints:
    """The numbers that units of a page share as they would be given to these units alone: the place in its page of the
    first unit that has it."""
    key = page.astype(np.int64) << 32 | (number.astype(np.int64) + 1)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    found: Ints = np.where(number < 0, -1, first[inverse] - np.searchsorted(page, page))
    return found


class Room:
    """Arrays that are used again for the next batch: new memory may cost more than what is done in it."""

    def __init__(self) -> None:
        self._held: dict[str, npt.NDArray[Any]] = {}

    def array(self, name: str, size: int, kind: npt.DTypeLike) -> npt.NDArray[Any]:
        """So many numbers or records of a kind, with whatever was left in them."""
        held = self._held.get(name)
        if held is None or len(held) < size:
            held = self._held[name] = np.empty(size + size // 4, dtype=kind)
        return held[:size]


def explode(
    texts: Sequence[str],
    markup: Sequence[Floats | None] | None = None,
    titles: Sequence[str | None] | None = None,
    room: Room | None = None,
) -> Units:
    """The units of a batch of raw texts.

    Args:
        texts: the pages.
        markup: for each page LINE_FEATURES of every line, or None where it has no markup.
        titles: for each page the title that it declares, or None.
        room: whose arrays the units take; they are valid until it is used again. Their own when None.
    """
    room = room or Room()
    points, page_start, lines, noted = read_lines(texts, room)
    cut_at, cut_look = _cuts(texts, page_start.tolist(), lines, noted)
    n = len(lines) + len(cut_at)
    table, pairs = room.array("units", n, UNIT), room.array("pairs", len(points), np.uint16)
    noted = room.array("noted", n, np.int32)
    n, n_noted = measure_units(
        points, page_start, lines, cut_at, cut_look, CHARACTERS, lexicon(),
        Needs(needing("heading", "line", "tail"), needing("heading")), table, pairs,
        room.array("keys", 2 * n, np.uint64).reshape(2, n), room.array("numbers", 4 * n + 16, np.int32), noted,
    )  # fmt: skip
    table = table[:n]
    _match(table, noted[:n_noted], texts)
    _declare(table, texts, titles)
    return Units(table, points, pairs, _marked_up(table, texts, markup), texts)


class Lines(NamedTuple):
    """The lines of a batch: its ``points``, where each page starts among them, and how many they are; LINE records of
    the lines that are not blank, and the places of those that may be cut to pieces."""

    points: Points
    page_start: Ints
    table: Records
    noted: npt.NDArray[np.int32]


def read_lines(texts: Sequence[str], room: Room) -> Lines:
    """The lines of a batch of raw texts, in arrays of ``room``."""
    page_start = np.cumsum([0, *(len(text) + 1 for text in texts)])
    points = room.array("points", int(page_start[-1]), np.uint32)
    for start, text in zip(page_start.tolist(), texts, strict=False):
        points[start : start + len(text)] = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    points[page_start[1:] - 1] = LINE_FEED
    n = sum(text.count("\n") for text in texts) + len(texts)
    lines, noted = room.array("lines", n, LINE), room.array("noted", n, np.int32)
    n, n_noted = find_lines(points, page_start, CHARACTERS, lexicon(), needing("tail"), lines, noted)
    return Lines(points, page_start, lines[:n], noted[:n_noted])


def _cuts(
    texts: Sequence[str], page_start: Sequence[int], lines: Records, noted: npt.NDArray[np.int32]
) -> tuple[Ints, npt.NDArray[np.int16]]:
    """Places inside lines where another unit begins, in order, with the rule that the new unit gets."""
    cuts = []
    # field by field: numpy takes ten times as long for whole records
    asked = (lines[name][noted].tolist() for name in ("page", "first", "last", "twice", "words"))
    for page, first, last, twice, found in zip(*asked, strict=True):
        start = page_start[page]
        if twice >= 0:
            cuts.append((twice, index_of("repeat.half")))
        if found & int(needing("tail")) and last - first <= TAIL_MAX_CHARS:
            for look, pattern in tail_patterns().items():
                if match := pattern.match(texts[page], first - start, last - start):
                    cuts.append((match.end(1) + start, look))
    cuts.sort()
    return np.array([place for place, _ in cuts], dtype=np.int64), np.array([look for _, look in cuts], dtype=np.int16)


def _match(table: Records, noted: npt.NDArray[np.int32], texts: Sequence[str]) -> None:
    """Looks at the units that patterns may fit: sets ``look``, and leaves ``dated`` where there is a date."""
    needs, search_date = int(needing("heading", "line")), DATE.search
    # field by field again
    looks, dated, *values = (table[name][noted].tolist() for name in ("look", "dated", "page", "end", "core", "words"))
    for i, (page, end, core, found) in enumerate(zip(*values, strict=True)):
        text = texts[page][end - core : end]
        if found & needs:
            looks[i] = match_line(text, found & needs)
        if dated[i]:
            dated[i] = search_date(text) is not None
    table["look"][noted], table["dated"][noted] = looks, dated


def _declare(table: Records, texts: Sequence[str], titles: Sequence[str | None] | None) -> None:
    """Finds the units that are the title that their page declares, blanks aside."""
    if titles is None or not any(titles):
        return
    wanted = ["".join((title or "").split()) for title in titles]
    ends = np.array([[ord(title[0]), ord(title[-1])] if title else [-1, -1] for title in wanted])[table["page"]]
    for i in np.flatnonzero((table["first_point"] == ends[:, 0]) & (table["last_point"] == ends[:, 1])).tolist():
        page, end, core = (int(table[name][i]) for name in ("page", "end", "core"))
        table["titled"][i] = "".join(texts[page][end - core : end].split()) == wanted[page]


def _marked_up(table: Records, texts: Sequence[str], markup: Sequence[Floats | None] | None) -> Floats:
    """The ``markup`` of the units; sets ``marked``."""
    if markup is None or all(one is None for one in markup):
        return np.zeros((0, len(LINE_FEATURES)), dtype=np.float32)
    table["marked"] = np.array([one is not None for one in markup])[table["page"]]
    rows = [
        one if one is not None else np.zeros((text.count("\n") + 1, len(LINE_FEATURES)), dtype=np.float32)
        for one, text in zip(markup, texts, strict=True)
    ]
    found: Floats = np.concatenate(rows)[table["line"]]
    return found
