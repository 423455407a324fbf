"""A batch of raw texts as units: every line, or piece of a line, that is not blank, with what can be measured of it.

One page and ten thousand run through the same code. Offsets are code points; a page's text is never copied line by line
except for the strings that the rules' patterns read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.measures import CHARACTERS, LINE, UNIT, Needs, Pairs, find_lines, measure_units
from kakuyaku.cleaning.rules import MAX_CHARS, lexicon, match_line, needing, rules, word_groups

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

TAIL_MAX_CHARS = MAX_CHARS // 4
_BLANKS = r"[\s　]*"
# All begin with the same class: that makes the search four times as fast.
DATE = re.compile(
    rf"[0-9](?:/[0-9]{{1,2}}\b|:[0-9]{{2}}|月{_BLANKS}[0-9]{{1,2}}日|{_BLANKS}(?:時間|分|日|秒|か月|カ月|年)前"
    rf"|(?:(?<=1)9|(?<=2)0)[0-9]{{2}}{_BLANKS}[年/.\-]{_BLANKS}[0-9]{{1,2}}{_BLANKS}[月/.\-]{_BLANKS}[0-9])"
)


@dataclass(frozen=True)
class Units:
    """The units of a batch.

    ``table`` has a UNIT record for each. ``index`` is its place there, ``page`` its page, ``line`` counts the lines of the batch; ``start`` and
    ``end`` bound it without surrounding white space, in its page's text, ``line_start`` and ``line_end`` its line with
    the line feed. ``core`` is its size without list mark, ``at`` where that begins in the batch. ``words`` has a bit for
    each group of words.toml: does one of them stand in the unit. ``look`` is the rule that the unit fits by itself (-1:
    none). ``item`` is 0 for no list item, 1 for an item, 2 for an item that is only a number, 3 for its further lines.
    ``new_block`` says that a blank line, or nothing, stands above. ``same`` is a number that equal units of a page
    share, ``ending`` one that units of a page with the same last characters share (-1: none). ``dated`` units hold a
    date, ``titled`` ones are what their page declares as its title. Each class of COUNTED and ALSO_COUNTED is counted in
    the unit's first COUNTED_CHARS. ``marked`` is false for units of pages of text alone.

    ``pairs`` are the folded pairs of characters of the batch. ``markup`` has a row for each unit, LINE_FEATURES of its
    line; no row where the whole batch is text alone.
    """

    table: Records
    pairs: Pairs
    markup: Floats
    _blob: str
    _page_start: Ints

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
        base = self._page_start[self.page]
        bounds = zip((self.start + base).tolist(), (self.end + base).tolist(), strict=True)
        return [self._blob[start:end] for start, end in bounds]

    @cached_property
    def page_first(self) -> Ints:
        """Where the units of each page begin; and how many units there are."""
        return np.searchsorted(self.page, np.arange(len(self._page_start)))

    def take(self, index: Ints) -> Units:
        """Some of the units, in order, as they would be read if the others were not there: no blank line is left."""
        if len(index) == len(self.table):
            return self
        table = self.table[index]
        table["index"] = np.arange(len(table))
        table["new_block"] = np.diff(table["page"], prepend=-1) != 0
        return replace(self, table=table, markup=self.markup[index] if len(self.markup) else self.markup)


def explode(
    texts: Sequence[str],
    markup: Sequence[Floats | None] | None = None,
    titles: Sequence[str | None] | None = None,
) -> Units:
    """The units of a batch of raw texts.

    Args:
        texts: the pages.
        markup: for each page LINE_FEATURES of every line, or None where it has no markup.
        titles: for each page the title that it declares, or None.
    """
    blob = "\n".join(texts) + "\n"
    points = np.frombuffer(blob.encode("utf-32-le"), dtype=np.uint32)
    page_start = np.cumsum([0, *(len(text) + 1 for text in texts)])
    lines = np.empty(blob.count("\n"), dtype=LINE)
    lines = lines[: find_lines(points, page_start, CHARACTERS, lexicon(), lines)]
    cut_at, cut_look = _cuts(blob, lines)
    table = np.empty(len(lines) + len(cut_at), dtype=UNIT)
    pairs = np.empty(len(points), dtype=np.uint16)
    needs = Needs(needing("heading", "line", "tail"), needing("heading"))
    keys, numbers = np.empty((2, len(table)), dtype=np.uint64), np.empty(4 * len(table) + 16, dtype=np.int32)
    count = measure_units(
        points, page_start, lines, cut_at, cut_look, CHARACTERS, lexicon(), needs, table, pairs, keys, numbers
    )
    table = table[:count]
    _match(table, blob)
    _declare(table, blob, titles)
    return Units(table, pairs, _marked_up(table, texts, markup), blob, page_start)


def _cuts(blob: str, lines: Records) -> tuple[Ints, npt.NDArray[np.int16]]:
    """Places inside lines where another unit begins, in order, with the rule that the new unit gets."""
    from kakuyaku.cleaning.rules import index_of

    cuts = [(int(at), index_of("repeat.half")) for at in lines["twice"][lines["twice"] >= 0].tolist()]
    brief = lines["last"] - lines["first"] <= TAIL_MAX_CHARS
    for look, rule in enumerate(rules()):
        if rule.role == "tail":
            pattern = re.compile(rule.pattern)
            bit = np.uint64(1 << len(word_groups()) + look)
            for line in lines[brief & (lines["words"] & bit != 0)]:
                if match := pattern.match(blob, int(line["first"]), int(line["last"])):
                    cuts.append((match.end(1), look))
    cuts.sort()
    return np.array([place for place, _ in cuts], dtype=np.int64), np.array([look for _, look in cuts], dtype=np.int16)


def _match(table: Records, blob: str) -> None:
    """Looks at the units that patterns may fit: sets ``look``, and leaves ``dated`` where there is a date."""
    needed = np.flatnonzero(table["words"] >> np.uint64(len(word_groups())))
    at, found = table["at"][needed], table["words"][needed].tolist()
    bounds = zip(at.tolist(), (at + table["core"][needed]).tolist(), found, strict=True)
    table["look"][needed] = [match_line(blob[start:end], words) for start, end, words in bounds]
    dated = np.flatnonzero(table["dated"])
    at = table["at"][dated]
    bounds = zip(at.tolist(), (at + table["core"][dated]).tolist(), strict=True)
    table["dated"][dated] = [DATE.search(blob, start, end) is not None for start, end in bounds]


def _declare(table: Records, blob: str, titles: Sequence[str | None] | None) -> None:
    """Finds the units that are the title that their page declares, blanks aside."""
    wanted = ["".join((title or "").split()) for title in titles or ()]
    table["titled"] = False
    if not any(wanted):
        return
    ends = np.array([[ord(title[0]), ord(title[-1])] if title else [0, 0] for title in wanted])[table["page"]]
    for i in np.flatnonzero((table["first_point"] == ends[:, 0]) & (table["last_point"] == ends[:, 1])).tolist():
        at, page = int(table["at"][i]), int(table["page"][i])
        table["titled"][i] = "".join(blob[at : at + int(table["core"][i])].split()) == wanted[page]


def _marked_up(table: Records, texts: Sequence[str], markup: Sequence[Floats | None] | None) -> Floats:
    """The ``markup`` of the units; sets ``marked``."""
    table["marked"] = False
    if markup is None or all(one is None for one in markup):
        return np.zeros((0, len(LINE_FEATURES)), dtype=np.float32)
    table["marked"] = np.array([one is not None for one in markup])[table["page"]]
    rows = [
        one if one is not None else np.zeros((text.count("\n") + 1, len(LINE_FEATURES)), dtype=np.float32)
        for one, text in zip(markup, texts, strict=True)
    ]
    found: Floats = np.concatenate(rows)[table["line"]]
    return found
