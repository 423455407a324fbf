"""What the markup says about each line of a page, as numbers.

Blocks and lines both come in document order. So the lines inside a block are a range, and sums over any block of the
page are differences of cumulated sums: no loop over the tree.
"""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.markup import (
    BLOCK_CLASSES,
    BLOCK_SHIFT,
    BYLINE,
    CONTAINER_SHIFT,
    FLAG_MASK,
    FLAGS,
    ITEM,
    LEVEL_SHIFT,
    SPACED,
)

_SUMS = ("lines", "chars", "link_share", "stops", "paragraphs")
LINE_FEATURES = (
    "link_share",  # of the line's characters, those in links
    "n_links",
    *(f"is_{name}" for name in BLOCK_CLASSES),  # class of the innermost block
    "heading_level",  # 1 to 6; 0 elsewhere
    *FLAGS,  # on any block around the line
    *(f"near_{name}" for name in FLAGS),  # on one of the NEAR innermost blocks
    "depth",  # blocks around the line
    *(f"container_{name}" for name in _SUMS),  # over the lines of the innermost div, section, article …
    *(f"outer_{name}" for name in _SUMS),  # over those of the container around it
    "in_main",  # inside the container with the most prose of its own
    "to_main",  # containers to leave until that one is inside too
)
NEAR = 3
_BULLET = "  • "
_UNDER_BULLET = "    "
_FULL_STOP = ord("。")
_SENTENCE_ENDS = [ord(mark) for mark in "。．.！？!?」"]
_PARAGRAPH = BLOCK_CLASSES.index("paragraph")
_PASSED_ON = 0.5  # of a container's prose to the one around it: some pages wrap every paragraph

Floats = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int64]


class Lines:
    """The lines of a page as they are read.

    ``shown`` are all lines; the lists under it have an entry for each that is not blank. ``block_…`` have one for each
    block, in document order; block 0 is the page, and ``block_first`` and ``block_last`` bound the lines inside.
    """

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.number: list[int] = []
        self.block = array("q")
        self.share = array("d")  # of the characters, those in links
        self.n_links = array("q")
        self.block_parent = array("q", [0])
        self.block_description = array("q", [1 << CONTAINER_SHIFT])
        self.block_first = array("q", [0])
        self.block_last = array("q", [0])
        self._block = 0
        self._blank = False  # a blank line is due
        self._bullet = ""
        self._bullets: list[str] = []  # of the list items around

    def add(self, text: str, share: float, n_links: int) -> None:
        """A line of the block that was opened last."""
        shown = self.shown
        if self._blank:
            self._blank = False
            if shown:
                shown.append("")
        self.number.append(len(shown))
        self.block.append(self._block)
        self.share.append(share)
        self.n_links.append(n_links)
        if self._bullet:
            shown.append(self._bullet + text)
            self._bullet = _UNDER_BULLET
        else:
            shown.append(text)

    def open(self, action: int, description: int) -> None:
        """A block begins."""
        self.block_parent.append(self._block)
        self._block = len(self.block_first)
        self.block_description.append(description)
        self.block_first.append(len(self.number))
        self.block_last.append(0)
        if action == SPACED:
            self._blank = True
        elif action == ITEM:
            self._bullets.append(self._bullet)
            self._bullet = _BULLET

    def close(self, action: int) -> None:
        """The block that was opened last ends."""
        self.block_last[self._block] = self.block_last[0] = len(self.number)
        self._block = self.block_parent[self._block]
        if action == SPACED:
            self._blank = True
        elif action == ITEM:
            outer = self._bullets.pop()
            self._bullet = _UNDER_BULLET if outer and self._bullet == _UNDER_BULLET else outer

    def headings(self) -> list[str]:
        """The texts of the first-level headings."""
        return [
            " ".join(self.shown[i].strip(_BULLET) for i in self.number[first:last])
            for description, first, last in zip(self.block_description, self.block_first, self.block_last, strict=True)
            if description >> LEVEL_SHIFT & 7 == 1 and first < last
        ]

    def bylines(self) -> list[int]:
        """The numbers in ``shown`` of the lines whose block is named as one of names and dates."""
        descriptions = self.block_description
        return [number for number, block in zip(self.number, self.block, strict=True) if descriptions[block] & BYLINE]


def line_features(lines: Lines) -> Floats:
    """A row for each line shown and one for the end of the text; zeros for blank ones. Columns are LINE_FEATURES."""
    out = np.zeros((len(lines.shown) + 1, len(LINE_FEATURES)), dtype=np.float32)
    if not lines.number:
        return out
    parent, description = np.frombuffer(lines.block_parent, np.int64), np.frombuffer(lines.block_description, np.int64)
    first, last = np.frombuffer(lines.block_first, np.int64), np.frombuffer(lines.block_last, np.int64)
    block = np.frombuffer(lines.block, np.int64)
    share = np.frombuffer(lines.share)
    own = description & FLAG_MASK
    is_container = (description >> CONTAINER_SHIFT & 1).astype(bool)
    flags, depth, container_depth, container = _inherited(parent, own, is_container)
    near = own | own[parent] | own[parent[parent]]
    home = container[block]
    outer = container[parent[container]]

    shown = [lines.shown[i] for i in lines.number]
    ends = np.cumsum([len(line) for line in shown])
    codes = np.frombuffer("".join(shown).encode("utf-32-le"), np.uint32)
    chars = np.diff(ends, prepend=0).astype(float)
    stops = np.add.reduceat(codes == _FULL_STOP, np.append(0, ends[:-1]), dtype=float)
    kind = (description >> BLOCK_SHIFT & 15)[block]
    sums = np.zeros((len(_SUMS), len(shown) + 1))
    for row, values in zip(sums, (1, chars, chars * share, stops, kind == _PARAGRAPH), strict=True):
        row[1:] = values
    np.cumsum(sums, axis=1, out=sums)
    sums = sums[:, last] - sums[:, first]
    sums[2] /= np.maximum(sums[1], 1)

    prose = np.bincount(home, chars * (share < 0.5) * np.isin(codes[ends - 1], _SENTENCE_ENDS), len(parent))
    main = int((prose + np.bincount(outer, prose * _PASSED_ON * (outer != container), len(parent))).argmax())
    shared = np.zeros(len(shown), dtype=np.int64)  # depth of the innermost container around both the line and main
    for around in reversed(_chain(main, parent, container)):
        shared[first[around] : last[around]] = container_depth[around]

    rows = np.zeros((len(shown), len(LINE_FEATURES)), dtype=np.float32)
    column = 0

    def fill(*values: npt.NDArray[Any]) -> None:
        nonlocal column
        for value in values:
            rows[:, column] = value
            column += 1

    fill(share, np.frombuffer(lines.n_links, np.int64))
    rows[np.arange(len(shown)), column + kind] = 1
    column += len(BLOCK_CLASSES)
    fill((description >> LEVEL_SHIFT & 7)[block])
    bits = (flags | near << len(FLAGS))[block].astype("<i8").view(np.uint8).reshape(len(shown), 8)
    rows[:, column : column + 2 * len(FLAGS)] = np.unpackbits(bits, axis=1, count=2 * len(FLAGS), bitorder="little")
    column += 2 * len(FLAGS)
    fill(depth[block], *sums[:, home], *sums[:, outer[home]])
    rows[first[main] : last[main], column] = 1
    column += 1
    fill(container_depth[home] - shared)
    out[lines.number] = rows
    return out


def _inherited(parent: _Ints, own: _Ints, is_container: npt.NDArray[np.bool_]) -> tuple[_Ints, _Ints, _Ints, _Ints]:
    """Per block: the flags of all blocks around it and its own, depth, depth in containers, innermost container.

    By pointer jumping: each round doubles the levels looked up.
    """
    flags = own.copy()
    depth = (np.arange(len(parent)) > 0).astype(np.int64)
    container_depth = depth * is_container
    container = np.where(is_container, np.arange(len(parent)), parent)
    above = parent
    while above.any():
        flags |= flags[above]
        depth += depth[above]
        container_depth += container_depth[above]
        container = container[container]
        above = above[above]
    return flags, depth, container_depth, container


def _chain(at: int, parent: _Ints, container: _Ints) -> list[int]:
    """A container and all containers around it, from the inside."""
    found = [at]
    while at:
        at = int(container[parent[at]])
        found.append(at)
    return found
