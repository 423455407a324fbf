"""Statements to positions (codebook 7.1): which rows of one article say the same, and which of them decides."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kakuyaku.annotation.actors import NARRATOR, UNNAMED, Registry
from kakuyaku.dataset.conflicts import conflicting
from kakuyaku.contract import labels

Row = dict[str, Any]
PRINCIPAL = "principal"
DECIDED = ("commitment_status", "status_rank", "stance", "stance_score", "stance_basis")
# Office rank of a source that is no person (codebook 3.8); persons carry theirs in the registry.
_RANK_OF_KIND = {"state": 2, "state-group": 2, "coalition": 2, "international-organisation": 2}
_RANK_OF_RESERVED = {UNNAMED: 5, NARRATOR: 6}
_OTHER_RANK = 3
DAYS_BACK = 366
_QUOTE_RANK = {"direct_quote": 0, "mixed_quote": 0, "paraphrase": 1, "narrator": 2}


@dataclass(frozen=True)
class Setting:
    """What the positions of one article depend on besides its statements.

    ``same_position`` holds pairs of regions; ``headings`` the ids of the segments that are headings.
    """

    principal_beneficiary: str | None
    published_on: str | None
    registry: Registry
    same_position: frozenset[tuple[str, str]] = frozenset()
    headings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Key:
    """What the rows of one position have in common before ``same_position`` joins more."""

    actor: str
    agent_side: str
    measure: tuple[str, ...]
    phase: str
    beneficiary_class: str
    holder_count: int | None = None  # “26 of 35” is another holder than the 35
    holder_total: int | None = None


Node = tuple[str, Key]  # a statement and one of its keys


def make_positions(rows: Sequence[Row], setting: Setting) -> tuple[list[Row], list[Row]]:
    """The positions of one article, and its statements with their ``position_ids``.

    Args:
        rows: the statement rows of one article, in text order.
    """
    by_id = {row["statement_id"]: row for row in rows}
    nodes = [(row["statement_id"], key) for row in rows for key in keys(row, setting.principal_beneficiary)]
    clusters = sorted(_clusters(nodes, by_id, setting), key=lambda cluster: _place_of(cluster, by_id))
    positions: list[Row] = []
    ids_of: dict[str, list[str]] = {row["statement_id"]: [] for row in rows}
    for number, cluster in enumerate(clusters, 1):
        members = [by_id[id_] for id_ in by_id if id_ in {node_id for node_id, _ in cluster}]
        position_id = f"{members[0]['article_id']}:p{number:03}"
        decider = deciding(members, setting)
        key = next(key for id_, key in cluster if id_ == decider["statement_id"])
        positions.append(position_row(position_id, key, members, setting))
        for member in members:
            ids_of[member["statement_id"]].append(position_id)
    return positions, [{**row, "position_ids": ids_of[row["statement_id"]]} for row in rows]


def keys(row: Row, principal_beneficiary: str | None) -> list[Key]:
    """The keys of a statement: one for the set of an any_of, else one for each leaf."""
    leaves = row["commitment_type"]
    measures = [tuple(leaves)] if row["measure_relation"] == "any_of" else [(leaf,) for leaf in leaves]
    who = beneficiary_class(row["beneficiary"], principal_beneficiary)
    some = row["holder_count"], row["holder_total"]
    return [Key(row["actor"], row["agent_side"], measure, row["phase"], who, *some) for measure in measures]


def beneficiary_class(beneficiary: Sequence[str], principal_beneficiary: str | None) -> str:
    """``principal`` when nobody is named or the principal beneficiary is among them, else the sorted ids."""
    named = not beneficiary or principal_beneficiary in beneficiary
    return PRINCIPAL if named else "+".join(sorted(beneficiary))


def position_row(position_id: str, key: Key, members: Sequence[Row], setting: Setting) -> Row:
    """The row of a position: labels of the deciding member, and what sums up all members (in text order)."""
    decider = deciding(members, setting)
    counted = [row for row in members if row["counts"]]
    basis = evidence_class(decider)
    deciders = counted or [row for row in members if evidence_class(row) == basis]
    as_of = announced(decider) or setting.published_on
    return {
        "position_id": position_id,
        "article_id": decider["article_id"],
        "actor": key.actor,
        "actor_kind": decider["actor_kind"],
        "country": decider["country"],
        "holder_mode": decider["holder_mode"],
        "holder_count": key.holder_count,
        "holder_total": key.holder_total,
        "agent_side": key.agent_side,
        "measure": list(key.measure),
        "measure_relation": "single" if len(key.measure) == 1 else "any_of",
        "phase": key.phase,
        "beneficiary_class": key.beneficiary_class,
        "agent": list(dict.fromkeys(agent for row in members for agent in row["agent"])),
        **{name: decider[name] for name in DECIDED},
        "basis": basis,
        "decided_by": decider["statement_id"],
        "statement_ids": [row["statement_id"] for row in members],
        "n_statements": len(members),
        "n_counted": len(counted),
        "conditional": any(row["conditional"] for row in deciders),
        "condition_kinds": _condition_kinds(deciders),
        "conflicting": conflicting(members, setting.registry),
        "as_of": as_of,
        "as_of_day": completed(as_of, setting.published_on),
    }


def _condition_kinds(rows: Iterable[Row]) -> list[str]:
    found = {condition["condition_kind"] for row in rows for condition in row["conditions"]}
    return [kind for kind in labels("condition_kind") if kind in found]


def evidence_class(row: Row) -> str:
    """The class of evidence that a statement offers: a label of ``position_basis``."""
    return "past" if row["temporal"] != "current" else str(row["reporting"])


def deciding(members: Sequence[Row], setting: Setting) -> Row:
    """The member that decides: a counted one, else one of the best class; then rule 3 of codebook 7.1.

    A heading decides only when there is nothing else: it is a summary, mostly of the other members.
    """
    classes = list(labels("position_basis"))

    def order(row: Row) -> tuple[Any, ...]:
        return (
            row["counts"],
            row["segment_id"] not in setting.headings,
            -classes.index(evidence_class(row)),
            -_QUOTE_RANK[row["quote_mode"]],
            -office_rank(row["source"], setting.registry),
            _sortable(announced(row)),
            row["raw_start"],
            row["raw_end"],
            row["statement_id"],
        )

    return max(members, key=order)


def office_rank(source: str, registry: Registry) -> int:
    """Rank of a source, 1 (head of state) to 6 (the article itself, or a medium)."""
    if source in _RANK_OF_RESERVED:
        return _RANK_OF_RESERVED[source]
    actor = registry.get(source)
    if actor is None or actor.kind == "media":
        return _RANK_OF_RESERVED[NARRATOR]
    if actor.kind == "person":
        return int(actor.record["office_rank"] or _OTHER_RANK)
    return _RANK_OF_KIND.get(actor.kind, _OTHER_RANK)


def announced(row: Row) -> str | None:
    """The latest date on which the position was announced, X for unknown digits; None when none is given."""
    dates = [time["value"] for time in row["times"] if time["time_role"] == "announced"]
    return max(dates, key=_sortable, default=None)


def completed(date: str | None, published_on: str | None) -> str | None:
    """The day that a date with unknown digits means: the last one up to the publication that fits it.

    None when the date names no day, when the publication is unknown, and when no day of the year before it fits.
    """
    if date is None or len(date) != len("YYYY-MM-DD"):
        return None
    if "X" not in date:
        return date
    if published_on is None or len(published_on) != len(date):
        return None
    pattern = re.compile(date.replace("X", r"\d"))
    day = datetime.date.fromisoformat(published_on)
    days = ((day - datetime.timedelta(days=back)).isoformat() for back in range(DAYS_BACK))
    return next((found for found in days if pattern.fullmatch(found)), None)


def _sortable(date: str | None) -> str:
    """Unknown digits count as 0: a date known in full is later than one that is not; no date is the earliest."""
    return (date or "").replace("X", "0")


def _clusters(nodes: Sequence[Node], by_id: Mapping[str, Row], setting: Setting) -> list[list[Node]]:
    parent = {node: node for node in nodes}

    def root(node: Node) -> Node:
        while parent[node] != node:
            node = parent[node]
        return node

    first_of: dict[Key, Node] = {}
    for node in nodes:
        parent[root(node)] = root(first_of.setdefault(node[1], node))
    by_region: dict[str, list[Node]] = {}
    for node in nodes:
        by_region.setdefault(by_id[node[0]]["region"], []).append(node)
    for one, other in sorted(setting.same_position):
        for left, right in _ties(by_region.get(one, []), by_region.get(other, [])):
            parent[root(left)] = root(right)
    found: dict[Node, list[Node]] = {}
    for node in nodes:
        found.setdefault(root(node), []).append(node)
    return list(found.values())


def _ties(left: Iterable[Node], right: Sequence[Node]) -> list[tuple[Node, Node]]:
    """What a ``same_position`` link joins: keys of one holder and side that share a measure."""
    return [
        (one, other)
        for one in left
        for other in right
        if (one[1].actor, one[1].agent_side) == (other[1].actor, other[1].agent_side)
        and set(one[1].measure) & set(other[1].measure)
    ]


def _place_of(cluster: Sequence[Node], by_id: Mapping[str, Row]) -> tuple[Any, ...]:
    leaves = list(labels("commitment_type"))
    rows = [by_id[id_] for id_, _ in cluster]
    first = min((row["raw_start"], row["raw_end"], row["statement_id"]) for row in rows)
    return (*first, min(leaves.index(leaf) for _, key in cluster for leaf in key.measure))
