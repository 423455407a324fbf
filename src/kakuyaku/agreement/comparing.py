"""Two annotations of one article side by side: what was drawn by one, by the other, by both, and with which labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kakuyaku.agreement.matching import match
from kakuyaku.agreement.reliability import Pair
from kakuyaku.annotation.actors import Registry
from kakuyaku.annotation.resolving import zone_offsets
from kakuyaku.annotation.standoff import Span, Standoff
from kakuyaku.articles import Article
from kakuyaku.contract import labels

ATTRIBUTES = ("kind", "phase", "phase_basis", "reporting", "temporal", "measure_relation")
SET_RELATIONS = ("holder", "agent", "source", "beneficiary")
VALUES = {
    "condition": ("condition_kind",),
    "quantity": ("min", "max", "unit", "approx", "distribution"),
    "time": ("time_role", "value", "anchor"),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Units of the first and the second annotator, and how many of them are the same (exactly, by overlap)."""

    first: int
    second: int
    exact: int
    overlap: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One article as two annotators saw it.

    Attributes:
        spans: by label of ``span_label``.
        coverage: by label, code points of the zone covered by both, the first alone, the second alone, neither.
        values: by attribute, both values of each matched unit; sets of labels are frozen sets.
        clusters: of each matched statement the ``same_position`` cluster of either annotator.
        rows: statement rows (region and resolved holder); ``exact`` counts those equal in everything that matters.
    """

    article_id: str
    spans: Mapping[str, Counts]
    coverage: Mapping[str, tuple[int, int, int, int]]
    values: Mapping[str, tuple[Pair, ...]]
    clusters: tuple[tuple[Hashable, Hashable], ...]
    rows: Counts


def compare(first: Standoff, second: Standoff, article: Article, actors: Registry) -> Compared:
    """Compare two annotations of ``article``."""
    spans: dict[str, Counts] = {}
    matched: dict[str, list[tuple[Span, Span]]] = {}
    for label in labels("span_label"):
        ones, others = _distinct(first.labelled(label)), _distinct(second.labelled(label))
        matched[label] = [(ones[i], others[j]) for i, j in match(ones, others, _common_leaves)]
        exact = (Counter((s.start, s.end) for s in ones) & Counter((s.start, s.end) for s in others)).total()
        spans[label] = Counts(len(ones), len(others), exact, len(matched[label]))
    statements = matched["statement"]
    values: dict[str, tuple[Pair, ...]] = {
        "actor_id": tuple((one.get("actor_id"), other.get("actor_id")) for one, other in matched["actor"]),
        "commitment_type": tuple(
            (frozenset(one.get("commitment_type")), frozenset(other.get("commitment_type")))
            for one, other in statements
        ),
        **{name: tuple((one.get(name), other.get(name)) for one, other in statements) for name in ATTRIBUTES},
        **{
            f"{label}_value": tuple((_value(one, keys), _value(other, keys)) for one, other in matched[label])
            for label, keys in VALUES.items()
        },
        # A status or stance can be compared only where both annotators gave one.
        **{name: tuple(_both(statements, name)) for name in ("commitment_status", "stance")},
    }
    for relation in SET_RELATIONS:
        linked = [(_linked(first, one, relation), _linked(second, other, relation)) for one, other in statements]
        values[f"{relation}_as_linked"] = tuple(linked)
        values[relation] = tuple((_resolved(one, actors), _resolved(other, actors)) for one, other in linked)
    clusters = _clusters(first), _clusters(second)
    return Compared(
        first.article_id,
        spans,
        {label: _coverage(first.labelled(label), second.labelled(label), article) for label in labels("span_label")},
        values,
        tuple((clusters[0][one.id], clusters[1][other.id]) for one, other in statements),
        _rows(first, second, statements, actors),
    )


def _distinct(spans: Sequence[Span]) -> list[Span]:
    """In text order, the order of the file forgotten; one span drawn twice with equal labels counts once."""
    found = {(span.start, span.end, repr(sorted(span.attributes.items()))): span for span in reversed(spans)}
    return [found[key] for key in sorted(found)] if spans and spans[0].label != "statement" else _ordered(spans)


def _ordered(spans: Sequence[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: (span.start, span.end, repr(sorted(span.attributes.items())), span.id))


def _common_leaves(one: Span, other: Span) -> int:
    return len(set(one.get("commitment_type") or ()) & set(other.get("commitment_type") or ()))


def _value(span: Span, keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(span.get(key) for key in keys)


def _both(statements: Sequence[tuple[Span, Span]], name: str) -> list[Pair]:
    pairs = [(one.get(name), other.get(name)) for one, other in statements]
    return [(one, other) for one, other in pairs if one is not None and other is not None]


def _linked(annotation: Standoff, statement: Span, relation: str) -> frozenset[str]:
    return frozenset(str(span.get("actor_id")) for span in annotation.linked(statement.id, relation))


def _resolved(ids: frozenset[str], actors: Registry) -> frozenset[str]:
    return frozenset(actors.resolve(id_) for id_ in ids)


def _coverage(first: Sequence[Span], second: Sequence[Span], article: Article) -> tuple[int, int, int, int]:
    one, other = ({offset for span in spans for offset in range(span.start, span.end)} for spans in (first, second))
    zone = {offset for offsets in zone_offsets(article) for offset in offsets}
    one, other = one & zone, other & zone
    return len(one & other), len(one - other), len(other - one), len(zone - one - other)


def _clusters(annotation: Standoff) -> dict[str, str]:
    """The first member of the cluster of each statement by id."""
    cluster = {span.id: span.id for span in annotation.labelled("statement")}
    for relation in annotation.relations:
        if relation.type == "same_position":
            low, high = sorted((cluster[relation.source], cluster[relation.target]))
            cluster = {id_: low if name == high else name for id_, name in cluster.items()}
    return cluster


def _rows(first: Standoff, second: Standoff, statements: Sequence[tuple[Span, Span]], actors: Registry) -> Counts:
    def rows(annotation: Standoff, span: Span) -> set[tuple[Any, ...]]:
        label = (span.get("kind"), span.get("commitment_status"), span.get("stance"), span.get("phase"))
        holders = _resolved(_linked(annotation, span, "holder"), actors)
        return {(holder, frozenset(span.get("commitment_type")), *label) for holder in holders}

    count: Callable[[Standoff], int] = lambda a: sum(len(rows(a, span)) for span in a.labelled("statement"))  # noqa: E731
    equal = sum(len(rows(first, one) & rows(second, other)) for one, other in statements)
    return Counts(count(first), count(second), equal, equal)
