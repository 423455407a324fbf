"""What the units around a unit score, by the markup: a second look at pages whose markup is known.

Most units of a container are of one sort. What the model is unsure of by itself, an address or a footnote, goes with
the units that share its container.

All functions look at one page. ``u`` are its units (UNIT), ``s`` their scene (SCENE).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records, kernel
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.rules import FIRM, LINE, TAIL
from kakuyaku.cleaning.text_lines import Ints

Floats = npt.NDArray[np.float32]

SURROUNDINGS = ("around_container", "around_outer", "around_block")
SURE = 2.0  # log odds: no score says more than this
UNSAID = 0.5  # added to a mean: where a quarter of the units are sure to be of the article, it says nothing
_CONTAINER, _OUTER = LINE_FEATURES.index("container"), LINE_FEATURES.index("outer")


@kernel
def look_around(u: Records, s: Records, markup: Floats, traits: Ints) -> None:
    """Sets ``around_container``, ``around_outer`` and ``around_block`` of every unit: the mean score, each between -1
    and 1, of the other units in its innermost container, in the container around that, and between the same blank
    lines, and UNSAID. 0 where it stands alone.

    Args:
        u, s: the units, and their scene with ``sure``: their first score.
        markup: LINE_FEATURES of the units of the batch.
        traits: of the rules. What says by itself that it is furniture counts as such, whatever it scores.
    """
    n = len(u)
    block = 0
    for i in range(n):
        seen = s[i]
        says = traits[u[i].look]
        cut = seen.opens or (says & (LINE | TAIL) != 0 and (says & FIRM != 0 or not seen.prose))
        seen.sure = -1.0 if cut else min(max(seen.sure / SURE, -1.0), 1.0)
        if u[i].new_block:
            block = i
        seen.beside = block
    _mean(s, n)
    for i in range(n):
        s[i].around_block = s[i].around
        # at most: lines of nothing but invisible characters have numbers and are no units
        s[i].beside = min(np.int64(markup[u[i].index, _CONTAINER]), len(s) - 1)
    _mean(s, n)
    for i in range(n):
        s[i].around_container = s[i].around
        s[i].beside = min(np.int64(markup[u[i].index, _OUTER]), len(s) - 1)
    _mean(s, n)
    for i in range(n):
        s[i].around_outer = s[i].around


@kernel
def _mean(s: Records, n: int) -> None:
    """Sets ``around``: the mean of ``sure`` over the other units with the same ``beside``."""
    for i in range(len(s)):
        s[i].members, s[i].total = 0, 0.0
    for i in range(n):
        held = s[s[i].beside]
        held.members += 1
        held.total += s[i].sure
    for i in range(n):
        held = s[s[i].beside]
        s[i].around = (held.total - s[i].sure) / (held.members - 1) + UNSAID if held.members > 1 else 0.0
