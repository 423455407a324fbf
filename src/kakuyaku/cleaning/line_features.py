"""What the markup says about each line of a page, as numbers.

Blocks and lines both come in document order. So the lines inside a block are a range, and sums over any block of the page are
differences of cumulated sums: no loop over the tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.markup import (
    BLOCK_CLASSES,
    BLOCK_SHIFT,
    CONTAINER_SHIFT,
    FLAG_MASK,
    FLAGS,
    LEVEL_SHIFT,
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
_SENTENCE_ENDS = ("。", "．", ".", "！", "？", "!", "?", "」")
_PASSED_ON = 0.5  # of a container's prose to the one around it: some pages wrap every paragraph

Floats = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Blocks:
    """The blocks of a page in document order; block 0 is the page. ``first`` and ``last`` bound the lines inside."""

    parent: list[int] = field(default_factory=lambda: [0])
    description: list[int] = field(default_factory=lambda: [1 << CONTAINER_SHIFT])
    first: list[int] = field(default_factory=lambda: [0])
    last: list[int] = field(default_factory=lambda: [0])


@dataclass(slots=True)
class Lines:
    """The lines of a page that are not blank. ``number`` counts all lines; ``share`` is that of the characters in links."""

    number: list[int] = field(default_factory=list)
    block: list[int] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    n_links: list[int] = field(default_factory=list)


def line_features(text: list[str], lines: Lines, blocks: Blocks) -> Floats:
    """A row for each line of ``text``, zeros for blank ones; the columns are LINE_FEATURES."""
    out = np.zeros((len(text), len(LINE_FEATURES)), dtype=np.float32)
    if not lines.number:
        return out
    description = np.array(blocks.description)
    parent = np.array(blocks.parent)
    first, last = np.array(blocks.first), np.array(blocks.last)
    is_container = (description >> CONTAINER_SHIFT).astype(bool)
    flags, depth, container_depth, container = _inherited(parent, description & FLAG_MASK, is_container)
    outer = container[parent[container]]
    own = description & FLAG_MASK
    near = own | own[parent] | own[parent[parent]]

    block = np.array(lines.block)
    share = np.array(lines.share)
    shown = [text[i] for i in lines.number]
    chars = np.array(list(map(len, shown)), dtype=np.float64)
    stops = np.array([line.count("。") for line in shown], dtype=np.float64)
    kind = (description >> BLOCK_SHIFT & 15)[block]
    sums = np.zeros((len(shown) + 1, len(_SUMS)))
    np.cumsum(
        np.stack([np.ones_like(chars), chars, chars * share, stops, kind == BLOCK_CLASSES.index("paragraph")], axis=1),
        axis=0,
        out=sums[1:],
    )
    sums = sums[last] - sums[first]
    sums[:, 2] /= np.maximum(sums[:, 1], 1)

    home = container[block]
    prose = np.bincount(home, chars * (share < 0.5) * [line.endswith(_SENTENCE_ENDS) for line in shown], len(parent))
    main = int((prose + np.bincount(outer, prose * _PASSED_ON * (outer != container), len(parent))).argmax())
    in_main = np.zeros(len(shown), dtype=bool)
    in_main[first[main] : last[main]] = True
    shared = np.zeros(len(shown), dtype=np.int64)  # depth of the innermost container around both the line and main
    for around in reversed(_chain(main, parent, container)):
        shared[first[around] : last[around]] = container_depth[around]

    bits = np.arange(len(FLAGS))
    out[lines.number] = np.concatenate(
        [
            share[:, None],
            np.array(lines.n_links)[:, None],
            kind[:, None] == np.arange(len(BLOCK_CLASSES)),
            (description >> LEVEL_SHIFT & 7)[block][:, None],
            flags[block][:, None] >> bits & 1,
            near[block][:, None] >> bits & 1,
            depth[block][:, None],
            sums[home],
            sums[outer[home]],
            in_main[:, None],
            (container_depth[home] - shared)[:, None],
        ],
        axis=1,
    )
    return out


def _inherited(parent: _Ints, own: _Ints, is_container: npt.NDArray[np.bool_]) -> tuple[_Ints, _Ints, _Ints, _Ints]:
    """Per block: the flags of all blocks around it and its own, its depth, its depth in containers, its innermost container.

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
