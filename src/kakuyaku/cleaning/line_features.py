"""What the markup says about each line of a page, as numbers.

Blocks and lines both come in document order. So the lines inside a block are a range, and sums over any block of the
page are differences of cumulated sums: no loop over the tree.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records, compiled, kernel
from kakuyaku.cleaning.html_lines import Lines
from kakuyaku.cleaning.markup import BLOCK_CLASSES, BLOCK_SHIFT, CONTAINER_SHIFT, FLAG_MASK, FLAGS, LEVEL_SHIFT
from kakuyaku.cleaning.tags import Points

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
    "container",  # the first line, blank ones not counted, that has this innermost container
    "outer",  # the first line that has this container around it
)
NEAR = 3
_FULL_STOP = ord("。")
_SENTENCE_ENDS = tuple(map(ord, "。．.！？!?」"))
_PARAGRAPH = BLOCK_CLASSES.index("paragraph")
_N_SUMS, _N_CLASSES, _N_FLAGS = len(_SUMS), len(BLOCK_CLASSES), len(FLAGS)
_PASSED_ON = 0.5  # of a container's prose to the one around it: some pages wrap every paragraph

Floats = npt.NDArray[np.float32]


def line_features(lines: Lines) -> Floats:
    """A row for each line shown and one for the end of the text; zeros for blank ones. Columns are LINE_FEATURES."""
    out = np.zeros((len(lines.shown) + 1, len(LINE_FEATURES)), dtype=np.float32)
    around, sums = np.zeros(len(lines.blocks), _AROUND), np.zeros((len(lines.table) + 1, _N_SUMS))
    _fill(out, lines.points, lines.table, lines.blocks, lines.share, around, sums)
    return out


# What is around a block: the flags of all blocks there and its own; its innermost container (itself, or one around it)
# and the one around that; how many containers these are, the page apart, and how many of them are also around the main
# one. Of containers, the prose of their own, and that with a share of the prose of the containers inside; one more than
# the first line that they are innermost for, and that has them around its innermost one (0: no line yet).
_AROUND = np.dtype(
    [(name, "i8") for name in ("flags", "container", "outer", "depth", "shared", "first_line", "first_around")]
    + [(name, "f8") for name in ("prose", "passed_on")]
    + [("holds_main", "?")]
)


@kernel
def _look_around(around: Records, blocks: Records) -> None:
    around[0].flags = blocks[0].description & FLAG_MASK
    for block in range(1, len(blocks)):
        here, above = around[block], around[blocks[block].parent]
        here.flags = above.flags | blocks[block].description & FLAG_MASK
        here.container = above.container
        here.depth = above.depth
        if blocks[block].description >> CONTAINER_SHIFT & 1:
            here.container = block
            here.depth += 1
        here.outer = around[blocks[here.container].parent].container


@kernel
def _find_main(around: Records, blocks: Records) -> int:
    """The container with the most prose of its own and of those inside."""
    for block in range(1, len(blocks)):
        around[around[block].outer].passed_on += around[block].prose * _PASSED_ON
    main = 0
    for block in range(1, len(blocks)):
        if around[block].prose + around[block].passed_on > around[main].prose + around[main].passed_on:
            main = block
    container = main
    while container:
        around[container].holds_main = True
        container = around[container].outer
    for block in range(1, len(blocks)):
        here = around[block]
        here.shared = here.depth if around[here.container].holds_main else around[blocks[block].parent].shared
    return main


@compiled
def _fill(
    _sources: Records,
    out: Floats,
    points: Points,
    lines: Records,
    blocks: Records,
    share: npt.NDArray[np.float64],
    around: Records,
    sums: npt.NDArray[np.float64],
) -> None:
    """The rows of lines that are not blank.

    ``points`` are the characters of all lines; ``around`` and ``sums`` (over lines before) are room.
    """
    _look_around(around, blocks)
    for i in range(len(lines)):
        begin, end, block = lines[i].begin, lines[i].end, lines[i].block
        chars, stops = float(end - begin), 0.0
        for point in points[begin:end]:
            stops += point == _FULL_STOP
        is_paragraph = blocks[block].description >> BLOCK_SHIFT & 15 == _PARAGRAPH
        for column, value in enumerate((1.0, chars, chars * share[i], stops, 1.0 * is_paragraph)):
            sums[i + 1, column] = sums[i, column] + value
        if share[i] < 0.5 and points[end - 1] in _SENTENCE_ENDS:
            around[around[block].container].prose += chars
    main = _find_main(around, blocks)

    for i in range(len(lines)):
        row, block = out[lines[i].number], lines[i].block
        here, inside, parent = around[block], blocks[block].description, blocks[blocks[block].parent]
        near = (inside | parent.description | blocks[parent.parent].description) & FLAG_MASK
        row[0] = share[i]
        row[1] = lines[i].n_links
        column = 2
        row[column + (inside >> BLOCK_SHIFT & 15)] = 1
        column += _N_CLASSES
        row[column] = inside >> LEVEL_SHIFT & 7
        column += 1
        for bit in range(_N_FLAGS):
            row[column + bit] = here.flags >> bit & 1
            row[column + _N_FLAGS + bit] = near >> bit & 1
        column += 2 * _N_FLAGS
        row[column] = blocks[block].depth
        column += 1
        for container in (here.container, here.outer):
            before, after = sums[blocks[container].first], sums[blocks[container].last]
            for i_sum in range(_N_SUMS):
                row[column + i_sum] = after[i_sum] - before[i_sum]
            row[column + 2] = (after[2] - before[2]) / max(
                after[1] - before[1], 1.0
            )  # of the characters, those in links
            column += _N_SUMS
        row[column] = blocks[main].first <= i < blocks[main].last
        row[column + 1] = here.depth - here.shared
        inner, outer = around[here.container], around[here.outer]
        if not inner.first_line:
            inner.first_line = i + 1
        if not outer.first_around:
            outer.first_around = i + 1
        row[column + 2], row[column + 3] = inner.first_line - 1, outer.first_around - 1
