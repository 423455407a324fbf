"""The lines of a page, put together from its texts and tags as the parser writes them out."""

from __future__ import annotations

import numpy as np

from kakuyaku.cleaning.compiled import Records, compiled
from kakuyaku.cleaning.markup import BREAK, BYLINE, CONTAINER_SHIFT, ITEM, LEVEL_SHIFT, LINK, PASS, SPACED
from kakuyaku.cleaning.tags import DECLARES, LESS, Points, character_at, read_tag

# A line that is not blank: its number among the lines shown, where it begins and ends among their characters, how many
# of its own are no white space and how many of those stand in links, its innermost block, and the links in it.
LINE = np.dtype([(name, "i4") for name in ("number", "begin", "end", "said", "linked", "block", "n_links")])
# A block that holds a line: its description (see ``markup``), the block around it, how many are around it, the lines
# inside.
BLOCK = np.dtype([("description", "i8")] + [(name, "i4") for name in ("parent", "depth", "first", "last")])
# A block around the place: its description; its number among those that hold a line, if it does; and how far from the
# outside the innermost list item around it or itself is (0: none).
_AROUND = np.dtype([("description", "i8"), ("block", "i4"), ("item", "i4")])

_BULLET, _INDENT = "  • ", "    "  # before the first line of a list item; before a further one
_INDENTS = np.array([list(map(ord, _BULLET)), list(map(ord, _INDENT))], np.uint32)
_MOST_ADDED = len(_BULLET) + len("\n\n")  # characters, to a text that makes a line
_LINE_FEED, _SPACE = map(ord, "\n ")
_IS_SPACE = np.array([chr(point).isspace() for point in range(0x3001)])  # no character further on is


class Lines:
    """The lines of a page.

    ``text`` is what the page shows, ``points`` its characters, ``shown`` its lines. ``table`` (of LINE) and ``share``
    (of the line's characters, those in links) have an entry for each that is not blank, ``blocks`` (of BLOCK) for each
    block that holds one, in document order. Block 0 is the page. ``declares`` says whether there may be something for
    machines among them: a ``meta``, a ``title``, JSON-LD.
    """

    def __init__(self, html: str) -> None:
        """``html`` is what the parser writes of a tree."""
        written = np.frombuffer(html.encode("utf-32-le"), np.uint32)
        most = np.count_nonzero(written == LESS) + 1  # lines; also blocks, with the page
        points = np.empty(len(html) + _MOST_ADDED * most, np.uint32)
        lines, blocks, around = np.zeros(most, LINE), np.zeros(most, BLOCK), np.zeros(most, _AROUND)
        blocks[0]["description"] = 1 << CONTAINER_SHIFT
        n_points, n_lines, n_blocks, self.declares = _place(written, points, lines, blocks, around)
        said = points[:n_points].tobytes()
        self.text = said.decode("utf-32-le")
        self.shown = self.text.splitlines()
        self.points, self.table, self.blocks = np.frombuffer(said, np.uint32), lines[:n_lines], blocks[:n_blocks]
        self.share = self.table["linked"] / self.table["said"]

    def headings(self) -> list[str]:
        """The texts of the first-level headings."""
        found = np.flatnonzero(self.blocks["description"] >> LEVEL_SHIFT & 7 == 1)
        first, last = self.blocks["first"][found].tolist(), self.blocks["last"][found].tolist()
        numbers = (self.table["number"][begin:end].tolist() for begin, end in zip(first, last, strict=True))
        return [" ".join(self.shown[i].strip(_BULLET) for i in some) for some in numbers]

    def bylines(self) -> list[int]:
        """The numbers in ``shown`` of the lines whose block is named as one of names and dates."""
        named = self.blocks["description"][self.table["block"]] & BYLINE > 0
        numbers: list[int] = self.table["number"][named].tolist()
        return numbers


@compiled
def _place(  # noqa: PLR0912, PLR0915 (one loop, for what follows from each character and tag)
    _sources: Records, html: Points, points: Points, lines: Records, blocks: Records, around: Records
) -> tuple[int, int, int, bool]:
    """Fills in the characters shown, the lines and the blocks; returns how many they are, and if something is declared.

    White space in a line becomes one space. A line ends where a block begins or ends, and at a break. A block counts
    from its first line on. ``around`` is room for the blocks around the place, from the outside, the page being 0.
    """
    depth = n_entered = declares = 0
    n_points = n_lines = shown = said = linked = n_links = in_link = at = 0
    n_blocks = 1
    in_line = spaced = apart = False
    while at <= len(html):
        if at < len(html) and html[at] != LESS:
            point, at = character_at(html, at)
            if point < len(_IS_SPACE) and _IS_SPACE[point]:
                apart = True
                continue
            if not in_line:
                in_line = True
                while n_entered < depth:
                    n_entered += 1
                    block = blocks[n_blocks]
                    block.description = around[n_entered].description
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
            continue
        tag = read_tag(html, at)
        at = tag.at
        declares |= tag.description & DECLARES
        if tag.action == PASS:
            continue
        if tag.action == LINK:
            if not tag.ends:
                n_links += 1
                in_link += 1
            elif in_link:
                in_link -= 1
            continue
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
        if tag.action == SPACED:
            spaced = True
        if tag.action == BREAK:
            continue
        if not tag.ends:
            depth += 1
            around[depth].description = tag.description
            around[depth].item = depth if tag.action == ITEM else around[depth - 1].item
        elif depth:
            if n_entered == depth:
                blocks[around[depth].block].last = n_lines
                n_entered -= 1
            depth -= 1
    for i in range(n_entered + 1):
        blocks[around[i].block].last = n_lines
    return n_points, n_lines, n_blocks, declares > 0
