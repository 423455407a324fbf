"""A batch of raw texts as units: every line, or piece of a line, that is not blank, with what can be measured of it.

Everything is an array over the units of all pages of the batch, so that one page and ten thousand run through the same
code. Offsets are code points; a page's text is never copied line by line except for the strings that the rules read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import ALSO_COUNTED, CLASS, COUNTED, FLAGS, LIST_MARKS, SPACE
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.measures import (
    counted,
    cuts,
    endings,
    ends_sentence,
    folded,
    items,
    numbered,
    standing,
)
from kakuyaku.cleaning.rules import NONE, lexicon, match_lines, word_groups

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Points = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Units:
    """Arrays over units.

    ``start`` and ``end`` bound the unit without surrounding white space, in its page's text; ``line`` counts the
    lines of the batch; ``core`` is the size without list mark. ``counts`` has a row for each class of COUNTED and
    ALSO_COUNTED. ``look`` is the rule that the unit fits by itself (-1: none). ``item`` is 0 for no list item, 1 for
    an item, 2 for an item that is only a number, 3 for its further lines. ``new_block`` says that a blank line, or
    nothing, stands above. ``words`` has a row for each group of words.toml: does one of them stand in the unit.
    ``bigram`` are the folded pairs of characters of all units, ``bigram_first`` where a unit's begin. ``same`` is a
    number that equal units of a page share, ``ending`` one that units of a page with the same last characters share.
    ``markup`` has a row for each of LINE_FEATURES, what the markup says about the unit's line; ``marked`` is false for
    units of pages of text alone. ``titled`` units are what their page declares as its title.
    """

    page: Ints
    line: Ints
    start: Ints
    end: Ints
    core: Ints
    text: list[str]
    bare: list[str]
    counts: npt.NDArray[np.float32]
    words: Bools
    ends_sentence: Bools
    first_point: Points
    last_point: Points
    item: npt.NDArray[np.int8]
    look: npt.NDArray[np.int16]
    new_block: Bools
    same: Ints
    ending: Ints
    bigram: npt.NDArray[np.uint16]
    bigram_first: Ints
    bigram_last: Ints
    line_start: Ints
    line_end: Ints
    line_page: Ints
    markup: npt.NDArray[np.float32]
    marked: Bools
    titled: Bools

    @property
    def size(self) -> Ints:
        return self.end - self.start

    def count(self, name: str) -> npt.NDArray[np.float32]:
        """How often a class of characters stands in the first COUNTED_CHARS of each unit."""
        found: npt.NDArray[np.float32] = self.counts[(*COUNTED, *ALSO_COUNTED).index(name)]
        return found

    def take(self, index: Ints) -> Units:
        """Some of the units, in order, as they would be read if the others were not there: no blank line is left."""
        if len(index) == len(self.page):
            return self
        page = self.page[index]
        per_unit = {
            name: getattr(self, name)[index]
            for name in (
                *("line", "start", "end", "core", "ends_sentence", "first_point", "last_point", "item", "look"),
                *("same", "ending", "bigram_first", "bigram_last", "marked", "titled"),
            )
        }
        places = index.tolist()
        return replace(
            self,
            page=page,
            text=[self.text[i] for i in places],
            bare=[self.bare[i] for i in places],
            counts=self.counts[:, index],
            words=self.words[:, index],
            markup=self.markup[:, index],
            new_block=page != np.concatenate(([-1], page[:-1])),
            **per_unit,
        )


def explode(
    texts: Sequence[str],
    markup: Sequence[npt.NDArray[np.float32] | None] | None = None,
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
    kind = CLASS[points]
    flags = FLAGS[kind]
    page_start = np.cumsum([0] + [len(text) + 1 for text in texts])[:-1]
    line_end = np.flatnonzero(points == 0x0A)
    line_start = np.concatenate(([0], line_end[:-1] + 1))
    line_page = np.searchsorted(page_start, line_start, side="right") - 1

    solid = np.flatnonzero((flags & SPACE) == 0)
    left, right = np.searchsorted(solid, line_start), np.searchsorted(solid, line_end)
    filled = np.flatnonzero(right > left)
    first, last = solid[left[filled]], solid[right[filled] - 1] + 1
    word, at = lexicon().find(points)
    cut_at, cut_looks = cuts(blob, points, first, last, standing(word, at, first, last))

    # Pieces of the filled lines: each line once, and once more for each cut inside it.
    if len(cut_at):
        starts = np.concatenate((first, cut_at))
        order = np.argsort(starts, kind="stable")
        starts = starts[order]
        forced = np.concatenate((np.full(len(first), NONE, dtype=np.int16), cut_looks))[order]
        whole = np.searchsorted(first, starts, side="right") - 1
        line = filled[whole]
        ends = np.minimum(np.concatenate((starts[1:], [len(blob)])), last[whole])
        left, right = np.searchsorted(solid, starts), np.searchsorted(solid, ends)
        starts, ends = solid[left], solid[right - 1] + 1
    else:
        starts, ends, line, forced = first, last, filled, np.full(len(first), NONE, dtype=np.int16)

    text = [blob[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    counts = counted(kind, starts, ends)
    page = line_page[line]
    item = items(flags, points, starts, ends, counts[COUNTED.index("digits")], line_start[line], page)
    bare = [
        piece.lstrip(LIST_MARKS + " 　") if mark else piece
        for piece, mark in zip(text, (item > 0).tolist(), strict=True)
    ]
    stands = standing(word, at, starts, ends)
    n_groups = len(word_groups())
    look = match_lines(bare, stands[n_groups:])
    look = np.where(forced != NONE, forced, look)
    core = np.fromiter(map(len, bare), dtype=np.int64, count=len(bare))
    previous = np.concatenate(([-2], line[:-1]))
    bigram = folded(points)
    return Units(
        page=page,
        line=line,
        start=starts - page_start[page],
        end=ends - page_start[page],
        core=core,
        text=text,
        bare=bare,
        counts=counts,
        words=stands[:n_groups],
        ends_sentence=ends_sentence(flags, points, starts, ends),
        first_point=points[ends - core] if len(ends) else points[:0],
        last_point=points[ends - 1] if len(ends) else points[:0],
        item=item,
        look=look.astype(np.int16),
        new_block=(line - previous > 1) | (page != np.concatenate(([-1], page[:-1]))),
        same=numbered(page, bare),
        ending=endings(points, page, ends, core),
        bigram=bigram,
        bigram_first=ends - core,
        bigram_last=np.maximum(ends - 1, ends - core),
        line_start=line_start - page_start[line_page],
        line_end=np.minimum(line_end + 1 - page_start[line_page], np.array([len(t) for t in texts])[line_page]),
        line_page=line_page,
        **_marked_up(texts, markup, line, page),
        titled=_titled(titles, bare, page),
    )


def _titled(titles: Sequence[str | None] | None, bare: Sequence[str], page: Ints) -> Bools:
    if titles is None or not any(titles):
        return np.zeros(len(bare), dtype=bool)
    wanted = ["".join((title or "").split()) for title in titles]
    return np.array(
        [bool(wanted[p]) and "".join(text.split()) == wanted[p] for text, p in zip(bare, page.tolist(), strict=True)],
        dtype=bool,
    )


def _marked_up(
    texts: Sequence[str], markup: Sequence[npt.NDArray[np.float32] | None] | None, line: Ints, page: Ints
) -> dict[str, npt.NDArray[Any]]:
    """``markup`` and ``marked`` of the units."""
    if markup is None or all(one is None for one in markup):
        return {"markup": np.zeros((0, len(line)), dtype=np.float32), "marked": np.zeros(len(line), dtype=bool)}
    rows = [
        one if one is not None else np.zeros((text.count("\n") + 1, len(LINE_FEATURES)), dtype=np.float32)
        for one, text in zip(markup, texts, strict=True)
    ]
    marked = np.array([one is not None for one in markup])
    return {"markup": np.concatenate(rows)[line].T, "marked": marked[page]}
