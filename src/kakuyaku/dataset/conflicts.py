"""Whether the statements of one position contradict each other (codebook 7.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from kakuyaku.annotation.actors import Registry

FAR_RANKS = 2
BINDING_TIMES = frozenset({"valid_from", "valid_to", "deadline"})
Row = Mapping[str, Any]


def conflicting(members: Sequence[Row], registry: Registry) -> bool:
    """Whether any two members contradict each other; restated past positions never do."""
    present = [row for row in members if row["temporal"] == "current"]
    return any(_contradict(one, other, registry) for one, other in combinations(present, 2))


def _contradict(one: Row, other: Row, registry: Registry) -> bool:
    if one["source"] != other["source"]:
        same_side = registry.resolve(one["source"]) == registry.resolve(other["source"]) == one["actor"]
        if same_side and one["counts"] and other["counts"] and _apart(one, other):
            return True
        if _disjoint_quantities(one, other) or _disjoint_times(one, other):
            return True
    return _denied(one, other) or _denied(other, one)


def _apart(one: Row, other: Row) -> bool:
    """Stances of opposite sign, or rungs two or more apart."""
    scores, ranks = (one["stance_score"], other["stance_score"]), (one["status_rank"], other["status_rank"])
    opposite = None not in scores and scores[0] * scores[1] < 0
    return opposite or (None not in ranks and abs(ranks[0] - ranks[1]) >= FAR_RANKS)


def _denied(told: Row, said: Row) -> bool:
    """A promise that others tell of, against a counted word that promises nothing."""
    if told["reporting"] not in ("hearsay", "relayed") or not said["counts"]:
        return False
    ranks = told["status_rank"], said["status_rank"]
    return None not in ranks and ranks[0] >= 1 and ranks[1] <= 0


def _disjoint_quantities(one: Row, other: Row) -> bool:
    def apart(a: Row, b: Row) -> bool:
        highest = min(x["max"] if x["max"] is not None else float("inf") for x in (a, b))
        lowest = max(x["min"] if x["min"] is not None else 0 for x in (a, b))
        return bool(lowest > highest)

    pairs = [(a, b) for a in one["quantities"] for b in other["quantities"] if a["unit"] == b["unit"]]
    return bool(pairs) and all(apart(a, b) for a, b in pairs)


def _disjoint_times(one: Row, other: Row) -> bool:
    """Another start, end or deadline of the measure; days of speaking and of meetings may differ."""
    for role in sorted(BINDING_TIMES):
        values = [{time["value"] for time in row["times"] if time["time_role"] == role} for row in (one, other)]
        if all(values) and not values[0] & values[1]:
            return True
    return False
