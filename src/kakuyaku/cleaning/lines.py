"""The lines of a page, put together from the texts and elements that a walk through its tree passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records, compiled
from kakuyaku.cleaning.markup import (
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

# A line that is not blank: its number among the lines shown, where it begins and ends among their characters, how many
# of its own are no white space and how many of those stand in links, its innermost block, and the links in it.
LINE = np.dtype([(name, "i4") for name in ("number", "begin", "end", "said", "linked", "block", "n_links")])
# A block that holds a line: its place among all blocks, the block around it, the blocks around it, the lines inside.
BLOCK = np.dtype([(name, "i4") for name in ("element", "parent", "depth", "first", "last")])
# A block around the place: its number among all blocks; among those that hold a line, if it does; and how far from the
# outside the innermost list item around it or itself is (0: none).
_AROUND = np.dtype([(name, "i4") for name in ("element", "block", "item")])

_BULLET, _INDENT = "  • ", "    "  # before the first line of a list item; before a further one
_INDENTS = np.array([list(map(ord, _BULLET)), list(map(ord, _INDENT))], np.uint32)
_MOST_ADDED = len(_BULLET) + len("\n\n")  # characters, to a text that makes a line
_LINE_FEED, _SPACE = map(ord, "\n ")
_IS_SPACE = np.array([chr(point).isspace() for point in range(0x3001)])  # no character further on is

Points = npt.NDArray[np.uint32]


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

    ``text`` is what the page shows, ``points`` its characters, ``shown`` its lines. ``table`` (of LINE) and ``share``
    (of the line's characters, those in links) have an entry for each that is not blank; ``blocks`` (of BLOCK) and
    ``description`` for each block that holds one, in document order. Block 0 is the page.
    """

    def __init__(self, page: Passage) -> None:
        said = "\0".join((*page.texts, "")).encode("utf-32-le")  # HTML parsers leave no NUL
        n_texts, n_blocks = len(page.texts), len(page.blocks) + 1
        points = np.empty(len(said) // 4 + _MOST_ADDED * n_texts, np.uint32)
        lines, blocks, around = np.zeros(n_texts, LINE), np.zeros(n_blocks, BLOCK), np.zeros(n_blocks, _AROUND)
        n_points, n_lines, n_blocks = _place(
            np.frombuffer(page.events, np.uint8), np.frombuffer(said, np.uint32), points, lines, blocks, around
        )
        self.points, self.table, self.blocks = points[:n_points], lines[:n_lines], blocks[:n_blocks]
        self.text = self.points.tobytes().decode("utf-32-le")
        self.shown = self.text.splitlines()
        self.share = self.table["linked"] / self.table["said"]
        elements = map(page.blocks.__getitem__, self.blocks["element"][1:].tolist())
        self.description = np.array([1 << CONTAINER_SHIFT, *describe(elements)], np.int64)

    def headings(self) -> list[str]:
        """The texts of the first-level headings."""
        found = np.flatnonzero(self.description >> LEVEL_SHIFT & 7 == 1)
        first, last = self.blocks["first"][found].tolist(), self.blocks["last"][found].tolist()
        numbers = (self.table["number"][begin:end].tolist() for begin, end in zip(first, last, strict=True))
        return [" ".join(self.shown[i].strip(_BULLET) for i in some) for some in numbers]

    def bylines(self) -> list[int]:
        """The numbers in ``shown`` of the lines whose block is named as one of names and dates."""
        named = self.description[self.table["block"]] & BYLINE > 0
        numbers: list[int] = self.table["number"][named].tolist()
        return numbers


@compiled
def _place(  # noqa: PLR0912, PLR0915 (one loop, for what follows from each event)
    _sources: Records,
    events: npt.NDArray[np.uint8],
    texts: Points,
    points: Points,
    lines: Records,
    blocks: Records,
    around: Records,
) -> tuple[int, int, int]:
    """Fills in the characters shown, the lines and the blocks, and returns how many they are.

    ``texts`` are those of the events, a NUL behind each. White space in a line becomes one space. A line ends where a
    block begins or ends, and at a break. A block counts from its first line on. ``around`` is room for the blocks
    around the place, from the outside, the page being 0.
    """
    depth = n_entered = n_elements = 0
    n_points = n_lines = shown = said = linked = n_links = in_link = at = 0
    n_blocks = 1
    in_line = spaced = apart = False
    for event in events:
        action = event & (END - 1)
        if action == TEXT:
            while texts[at]:
                point = texts[at]
                at += 1
                if point < len(_IS_SPACE) and _IS_SPACE[point]:
                    apart = True
                    continue
                if not in_line:
                    in_line = True
                    while n_entered < depth:
                        n_entered += 1
                        block = blocks[n_blocks]
                        block.element = around[n_entered].element
                        block.parent = around[n_entered - 1].block
                        block.depth = n_entered
                        block.first = n_lines
                        around[n_entered].block = n_blocks
                        n_blocks += 1
                    if spaced and n_lines:
                        points[n_points] = _LINE_FEED
                        n_points += 1
                        shown += 1
                    spaced = False
                    said = linked = 0
                    line = lines[n_lines]
                    line.number = shown
                    line.begin = n_points
                    line.block = around[depth].block
                    if around[depth].item:
                        item = around[around[depth].item].block
                        for indent in _INDENTS[0 if blocks[item].first == n_lines else 1]:
                            points[n_points] = indent
                            n_points += 1
                    shown += 1
                elif apart:
                    points[n_points] = _SPACE
                    n_points += 1
                apart = False
                points[n_points] = point
                n_points += 1
                said += 1
                linked += in_link > 0
            at += 1
        elif action == LINK:
            if event < END:
                n_links += 1
                in_link += 1
            else:
                in_link -= 1
        else:
            if in_line:
                line = lines[n_lines]
                line.end = n_points
                line.said = said
                line.linked = linked
                line.n_links = n_links
                n_links = in_link
                points[n_points] = _LINE_FEED
                n_points += 1
                n_lines += 1
                in_line = False
            if action == SPACED:
                spaced = True
            if action == BREAK:
                continue
            if event < END:
                depth += 1
                around[depth].element = n_elements
                around[depth].item = depth if action == ITEM else around[depth - 1].item
                n_elements += 1
            else:
                if n_entered == depth:
                    blocks[around[depth].block].last = n_lines
                    n_entered -= 1
                depth -= 1
    blocks[0].last = n_lines
    return n_points, n_lines, n_blocks
