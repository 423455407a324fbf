"""Where two annotations of one article differ, place by place: what there is to rule on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kakuyaku.agreement.matching import match
from kakuyaku.annotation.standoff import Span, Standoff
from kakuyaku.contract import labels

REMARKS = frozenset({"note", "confidence"})  # said about the own work: nothing to rule on
_QUOTE = 20  # code points of a linked passage that name it

Values = dict[str, Any]


@dataclass(frozen=True)
class Disagreement:
    """One place on which two annotators differ.

    Attributes:
        layer: the label of the span.
        span: where; the first annotator's, or the second's where the first has none.
        a, b: the attributes and links that differ, with the span's id; None where an annotator has nothing. Actors are
            named by their ids, other linked spans by the start of their quotes.
    """

    layer: str
    span: Span
    a: Values | None
    b: Values | None


def disagreements(first: Standoff, second: Standoff) -> list[Disagreement]:
    """Every place where two annotations of one text differ, in text order.

    Spans of one label are paired by overlap. Links are equal when they lead to the same actor, or to paired spans.
    """
    pairs: list[tuple[Span | None, Span | None]] = []
    for label in labels("span_label"):
        ones, others = first.labelled(label), second.labelled(label)
        edges = match(ones, others, _alike)
        pairs += [(ones[i], others[j]) for i, j in edges]
        pairs += [(one, None) for i, one in enumerate(ones) if i not in {i for i, _ in edges}]
        pairs += [(None, other) for j, other in enumerate(others) if j not in {j for _, j in edges}]
    names = {span.id: span.id for span in first.spans}, {span.id: f"other {span.id}" for span in second.spans}
    names[1].update({other.id: one.id for one, other in pairs if one and other})
    found = []
    for one, other in pairs:
        a = values(first, one) if one else None
        b = values(second, other) if other else None
        if one and other and a is not None and b is not None:
            links = _targets(first, one, names[0]), _targets(second, other, names[1])
            differing = {key for key in (*a, *b) if key not in links[0] and key not in links[1]} - REMARKS
            differing = {key for key in differing if a.get(key) != b.get(key)}
            differing |= {type_ for type_ in (*links[0], *links[1]) if links[0].get(type_) != links[1].get(type_)}
            differing -= {"id"}
            if not differing:
                continue
            a, b = _only(a, differing), _only(b, differing)
        span = one or other
        assert span is not None
        found.append(Disagreement(span.label, span, a, b))
    return sorted(found, key=lambda each: (each.span.start, each.span.end, each.layer))


def values(annotation: Standoff, span: Span) -> Values:
    """The id, the quote, the attributes and the links of a span, as people read them."""
    linked: dict[str, list[str]] = {}
    for relation in annotation.relations:
        if relation.source == span.id:
            target = annotation.span(relation.target)
            name = target.get("actor_id") if target.label == "actor" else target.quote[:_QUOTE]
            linked.setdefault(relation.type, []).append(str(name))
    links = {type_: sorted(names) for type_, names in linked.items()}
    return {"id": span.id, "quote": span.quote, **span.attributes, **links}


def _targets(annotation: Standoff, span: Span, names: Mapping[str, str]) -> dict[str, set[str]]:
    """What a span is linked to by type: actors by id, other spans by a name that two annotations share."""
    found: dict[str, set[str]] = {}
    for relation in annotation.relations:
        if relation.source == span.id:
            target = annotation.span(relation.target)
            name = f"actor {target.get('actor_id')}" if target.label == "actor" else names[target.id]
            found.setdefault(relation.type, set()).add(name)
    return found


def _only(held: Mapping[str, Any], keys: set[str]) -> Values:
    return {key: value for key, value in held.items() if key == "id" or key in keys}


def _alike(one: Span, other: Span) -> int:
    """How much two spans have in common beside their place."""
    common = len(set(one.get("commitment_type") or ()) & set(other.get("commitment_type") or ()))
    return common + len([key for key, held in one.attributes.items() if other.get(key) == held])
