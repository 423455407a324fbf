"""The lines of a page, put together from the texts and elements that a walk through its tree passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

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
    import numpy.typing as npt
    from selectolax.lexbor import LexborNode

# A line that is not blank: its number among the lines shown, its texts (those said are no white space, those linked
# stand in links), its innermost block, the links in it, and what stands before it.
LINE = np.dtype([(name, "i4") for name in ("number", "begin", "end", "said", "linked", "block", "n_links", "prefix")])
# A block that holds a line: its place among all blocks, the block around it, the blocks around it, the lines inside.
BLOCK = np.dtype([(name, "i4") for name in ("element", "parent", "depth", "first", "last")])
# A block around the place: its number among all blocks; among those that hold a line, if it does; and how far from the
# outside the innermost list item around it or itself is (0: none).
_AROUND = np.dtype([(name, "i4") for name in ("element", "block", "item")])

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

    ``shown`` are all lines. ``table`` (of LINE) and ``share`` (of the line's characters, those in links) have an entry
    for each that is not blank; ``blocks`` (of BLOCK) and ``description`` for each block that holds one, in document
    order. Block 0 is the page.
    """

    def __init__(self, page: Passage) -> None:
        blank = np.frombuffer(bytes(map(str.isspace, page.texts)), np.bool_)
        lines, blocks, linked = np.zeros(len(blank), LINE), np.zeros(len(page.blocks) + 1, BLOCK), np.zeros_like(blank)
        around = np.zeros(len(page.blocks) + 1, _AROUND)
        n_lines, n_blocks = _place(np.frombuffer(page.events, np.uint8), blank, lines, blocks, linked, around)
        self.table, self.blocks = lines[:n_lines], blocks[:n_blocks]
        elements = map(page.blocks.__getitem__, self.blocks["element"][1:].tolist())
        descriptions = [describe(element.tag or "", element.attributes) for element in elements]
        self.description = np.array([1 << CONTAINER_SHIFT, *descriptions])
        self.share = self.table["linked"] / self.table["said"]
        self.shown: list[str] = []
        for i, (number, begin, end, said, in_links, _, _, prefix) in enumerate(self.table.tolist()):
            text = page.texts[begin] if end == begin + 1 else "".join(page.texts[begin:end])
            words = text.split()
            if number > len(self.shown):
                self.shown.append("")
            self.shown.append(_PREFIXES[prefix] + " ".join(words))
            if 0 < in_links < said:
                parts = (page.texts[text] for text in range(begin, end) if linked[text])
                self.share[i] = sum(len(word) for part in parts for word in part.split()) / sum(map(len, words))

    def headings(self) -> list[str]:
        """The texts of the first-level headings."""
        found = self.blocks[self.description >> LEVEL_SHIFT & 7 == 1]
        numbers = (self.table["number"][block["first"] : block["last"]].tolist() for block in found)
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
    blank: npt.NDArray[np.bool_],
    lines: Records,
    blocks: Records,
    linked: npt.NDArray[np.bool_],
    around: Records,
) -> tuple[int, int]:
    """Fills in the lines, the blocks, and for each text whether it is in a link; returns the numbers of the former two.

    A line ends where a block begins or ends, and at a break. A block counts from its first line on. ``around`` is room
    for the blocks around the place, from the outside, the page being 0.
    """
    depth = n_entered = n_elements = 0
    n_lines = text = shown = n_links = in_link = 0
    n_blocks = 1
    in_line = spaced = False
    for event in events:
        action = event & (END - 1)
        if action == TEXT:
            if not blank[text]:
                line = lines[n_lines]
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
                        shown += 1
                    spaced = False
                    line.number = shown
                    line.begin = text
                    line.block = around[depth].block
                    if around[depth].item:
                        item = around[around[depth].item].block
                        line.prefix = 1 if blocks[item].first == n_lines else 2
                    shown += 1
                line.end = text + 1
                line.said += 1
                if in_link:
                    line.linked += 1
                    linked[text] = True
            text += 1
        elif action == LINK:
            if event < END:
                n_links += 1
                in_link += 1
            else:
                in_link -= 1
        else:
            if in_line:
                lines[n_lines].n_links = n_links
                n_links = in_link
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
    return n_lines, n_blocks
