"""What the markup says about each line of a page, as numbers.

Blocks and lines both come in document order. So the lines inside a block are a range, and sums over any block of the
page are differences of cumulated sums: no loop over the tree.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.lines import Ints, Lines, innermost
from kakuyaku.cleaning.markup import BLOCK_CLASSES, BLOCK_SHIFT, CONTAINER_SHIFT, FLAG_MASK, FLAGS, LEVEL_SHIFT

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
_SENTENCE_ENDS = "。．.！？!?」"
_PARAGRAPH = BLOCK_CLASSES.index("paragraph")
_PASSED_ON = 0.5  # of a container's prose to the one around it: some pages wrap every paragraph

Floats = npt.NDArray[np.float32]


def line_features(lines: Lines) -> Floats:
    """A row for each line shown and one for the end of the text; zeros for blank ones. Columns are LINE_FEATURES."""
    out = np.zeros((len(lines.shown) + 1, len(LINE_FEATURES)), dtype=np.float32)
    n = len(lines.number)
    if not n:
        return out
    block, parent, description = lines.block, lines.parent, lines.description
    first, last, share = lines.first, lines.last, lines.share
    own = description & FLAG_MASK
    near = own | own[parent] | own[parent[parent]]
    is_container = (description >> CONTAINER_SHIFT & 1).astype(bool)
    container = innermost(is_container, parent)
    flags, container_depth = _inherited(parent, own, is_container)
    home = container[block]
    outer = container[parent[container]]

    shown = [lines.shown[i] for i in lines.number.tolist()]
    chars = np.array([len(line) for line in shown], dtype=float)
    stops = [line.count("。") for line in shown]
    ends_sentence = [line[-1] in _SENTENCE_ENDS for line in shown]
    kind = (description >> BLOCK_SHIFT & 15)[block]
    sums = np.zeros((len(_SUMS), n + 1))
    for row, values in zip(sums, (1, chars, chars * share, stops, kind == _PARAGRAPH), strict=True):
        row[1:] = values
    np.cumsum(sums, axis=1, out=sums)
    sums = sums[:, last] - sums[:, first]
    sums[2] /= np.maximum(sums[1], 1)

    prose = np.bincount(home, chars * (share < 0.5) * ends_sentence, len(parent))
    main = int((prose + np.bincount(outer, prose * _PASSED_ON * (outer != container), len(parent))).argmax())
    shared = np.zeros(n, dtype=np.int64)  # depth of the innermost container around both the line and main
    for around in reversed(_chain(main, parent, container)):
        shared[first[around] : last[around]] = container_depth[around]
    in_main = np.zeros(n)
    in_main[first[main] : last[main]] = 1

    bits = (flags | near << len(FLAGS))[block].astype("<i8").view(np.uint8).reshape(n, 8)
    rows = (
        (share, lines.n_links),
        kind == np.arange(len(BLOCK_CLASSES))[:, None],
        (description >> LEVEL_SHIFT & 7)[None, block],
        np.unpackbits(bits, axis=1, count=2 * len(FLAGS), bitorder="little").T,
        lines.depth[None, block],
        sums[:, home],
        sums[:, outer[home]],
        (in_main, container_depth[home] - shared),
    )
    out[lines.number] = np.concatenate(rows).T
    return out


def _inherited(parent: Ints, own: Ints, is_container: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Per block: the flags of all blocks around it and its own, and how many containers these are, the page apart.

    By pointer jumping: each round doubles the levels looked up.
    """
    flags = own.copy()
    depth = is_container.astype(np.int64)
    depth[0] = 0
    above = parent
    while above.any():
        flags |= flags[above]
        depth += depth[above]
        above = above[above]
    return flags, depth


def _chain(at: int, parent: Ints, container: Ints) -> list[int]:
    """A container and all containers around it, from the inside."""
    found = [at]
    while at:
        at = int(container[parent[at]])
        found.append(at)
    return found
