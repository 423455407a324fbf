"""The lines of a page, put together from the texts and elements that a walk through its tree passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.markup import (
    BLOCK,
    BREAK,
    BYLINE,
    CONTAINER_SHIFT,
    END,
    ITEM,
    LEVEL_SHIFT,
    LINK,
    SPACED,
    TEXT,
    describe,
)

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

Ints = npt.NDArray[np.int64]

_BULLET = "  • "
_PREFIXES = ("", _BULLET, "    ")  # no list item around; its first line; a further one


class Passage(NamedTuple):
    """A tree as it is passed from its root to the end.

    ``events`` has the action of each text and of each element that does anything, and once more with END where that
    element ends; ``texts`` has the texts, ``blocks`` the elements that are blocks.
    """

    events: bytes
    texts: list[str]
    blocks: list[LexborNode]


class Lines:
    """The lines of a page.

    ``shown`` are all lines. ``number`` (in ``shown``), ``block``, ``share`` (of the characters, those in links) and
    ``n_links`` have an entry for each that is not blank. ``parent``, ``description``, ``depth``, ``first`` and ``last``
    have one for each block that holds a line, in document order; block 0 is the page, ``first`` and ``last`` bound the
    lines.
    """

    def __init__(self, page: Passage) -> None:
        events = np.frombuffer(page.events, np.uint8)
        action = events & (END - 1)
        breaks = action >= BREAK
        n_breaks = np.cumsum(breaks)
        texts = np.flatnonzero(events == TEXT)
        said = np.flatnonzero(~np.array(list(map(str.isspace, page.texts)), dtype=bool))
        at = texts[said]
        head = np.flatnonzero(np.diff(n_breaks[at], prepend=-1))  # of the texts said, the first of each line
        tail = np.append(head, len(said))[1:]
        begin, end = said[head], said[tail - 1] + 1
        place = at[head]
        n = len(head)

        opened, closed = np.cumsum(events == LINK), np.cumsum(events == LINK + END)
        ended = np.flatnonzero(breaks)[n_breaks[place]]
        self.n_links = opened[ended] - np.append(0, closed[ended])[:n]
        linked = (opened > closed)[at].astype(float)
        self.share = np.add.reduceat(linked, head) / (tail - head)
        for i in np.flatnonzero((self.share > 0) & (self.share < 1)).tolist():
            sizes = [_size(page.texts[text]) for text in said[head[i] : tail[i]].tolist()]
            self.share[i] = linked[head[i] : tail[i]] @ sizes / sum(sizes)

        # Where blocks begin and end, level by level: of one level, each begin is followed by its end.
        sides = np.flatnonzero(action >= BLOCK)
        is_end = events[sides] > END
        level = np.cumsum(np.where(is_end, -1, 1)) + is_end
        by_level = np.argsort(level, kind="stable")
        begins, ends = sides[by_level].reshape(-1, 2).T
        first, last = np.searchsorted(place, begins), np.searchsorted(place, ends)
        held = last > first
        begins, ends, first, last, depth = (x[held] for x in (begins, ends, first, last, level[by_level][::2]))
        key = depth * len(events) + begins
        around = np.searchsorted(key, key - len(events)) - 1  # the last of the level above to begin before; -1: none
        order = np.argsort(begins)
        block = np.argsort(order) + 1
        parent = np.append(block, 0)[around]
        self.parent, self.depth = np.append(0, parent[order]), np.append(0, depth[order])
        self.first, self.last = np.append(0, first[order]), np.append(n, last[order])
        changes = np.append(begins, ends)
        by_place = np.argsort(changes)
        inside = np.append(block, parent)[by_place]
        self.block = inside[np.searchsorted(changes[by_place], place) - 1]
        nodes = [page.blocks[i] for i in np.searchsorted(sides[~is_end], begins[order]).tolist()]
        descriptions = [describe(node.tag or "", node.attributes) for node in nodes]
        self.description = np.array([1 << CONTAINER_SHIFT, *descriptions])

        item = innermost(np.append(False, events[begins[order]] == ITEM), self.parent)[self.block]
        prefix = np.where(self.first[item] == np.arange(n), 1, 2) * (item > 0)
        spaced = np.cumsum(action == SPACED)[place]
        blank = np.diff(spaced, prepend=spaced[:1]) > 0
        self.number = np.arange(n) + np.cumsum(blank)
        self.shown = [""] * int(self.number[-1] + 1) if n else []
        for i, kind, a, b in zip(*(x.tolist() for x in (self.number, prefix, begin, end)), strict=True):
            self.shown[i] = _PREFIXES[kind] + " ".join("".join(page.texts[a:b]).split())

    def headings(self) -> list[str]:
        """The texts of the first-level headings."""
        found = np.flatnonzero(self.description >> LEVEL_SHIFT & 7 == 1).tolist()
        numbers = (self.number[self.first[block] : self.last[block]].tolist() for block in found)
        return [" ".join(self.shown[i].strip(_BULLET) for i in some) for some in numbers]

    def bylines(self) -> list[int]:
        """The numbers in ``shown`` of the lines whose block is named as one of names and dates."""
        named = self.description[self.block] & BYLINE > 0
        numbers: list[int] = self.number[named].tolist()
        return numbers


def innermost(chosen: npt.NDArray[np.bool_], parent: Ints) -> Ints:
    """For each block the innermost one that is chosen, itself or around it; 0 if there is none.

    By pointer jumping: each round doubles the levels looked up.
    """
    found = np.where(chosen, np.arange(len(parent)), parent)
    while (further := found[found]).tobytes() != found.tobytes():
        found = further
    return found


def _size(text: str) -> int:
    """Characters, white space apart."""
    return sum(map(len, text.split()))
