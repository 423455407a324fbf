"""Rules R: what statements are linked to."""

from __future__ import annotations

from collections.abc import Iterator

from kakuyaku.annotation.actors import UNNAMED
from kakuyaku.annotation.rules.case import OWN_CONDUCT, Case, listing
from kakuyaku.annotation.standoff import Relation, Span
from kakuyaku.contract import labels
from kakuyaku.findings import Finding

SAME = "same_position"


def check_relations(case: Case) -> Iterator[Finding]:
    """Findings of the relations and of what each statement is linked to: R02 to R17 (R01 is in the schema)."""
    seen: set[Relation] = set()
    for index, relation in enumerate(case.annotation.relations):
        if relation.source == relation.target or relation in seen:
            what = "leads to itself" if relation.source == relation.target else "stands twice"
            yield case.relation_fault("R05", index, what)
        seen.add(relation)
        yield from _check_ends(case, index, relation)
    for statement in case.statements:
        yield from _check_links(case, statement)
        yield from _check_agents(case, statement)
        yield from _check_sources(case, statement)
    yield from _check_coinciding(case)
    yield from _check_orphans(case)


def _check_ends(case: Case, index: int, relation: Relation) -> Iterator[Finding]:
    source, target = case.spans.get(relation.source), case.spans.get(relation.target)
    for id_, span in ((relation.source, source), (relation.target, target)):
        if span is None:
            yield case.relation_fault("R02", index, f"there is no span {id_}")
    if source is not None and source.label != "statement":
        yield case.relation_fault("R03", index, f"{source.id} is a {source.label}")
    wanted = labels("relation_type")[relation.type].extra["to"]
    if target is not None and target.label != wanted:
        yield case.relation_fault("R04", index, f"{target.id} is a {target.label}, expected a {wanted}")
    elif relation.type == SAME and source is not None and target is not None and source.label == "statement":
        yield from _check_same(case, index, source, target)


def _check_same(case: Case, index: int, one: Span, other: Span) -> Iterator[Finding]:
    holders = case.resolved(one, "holder"), case.resolved(other, "holder")
    if not holders[0] & holders[1]:
        yield case.relation_fault("R13", index, f"holders {listing(holders[0])} and {listing(holders[1])}")
    if (one.get("kind") == OWN_CONDUCT) != (other.get("kind") == OWN_CONDUCT):
        yield case.relation_fault("R13", index, f"kinds {one.get('kind')} and {other.get('kind')}: two sides")
    if not set(one.get("commitment_type")) & set(other.get("commitment_type")):
        yield case.relation_fault("R13", index, "no leaf in common")
    if int(one.id[1:]) > int(other.id[1:]):
        yield case.relation_fault("R13", index, "the lower id stands first")


def _check_links(case: Case, statement: Span) -> Iterator[Finding]:
    if not case.linked(statement, "holder"):
        yield case.fault("R06", statement, "no holder is linked")
    cues = case.linked(statement, "cue")
    if not cues:
        yield case.fault("R07", statement, "no cue is linked")
    for cue in cues:
        if not statement.start <= cue.start < cue.end <= statement.end:
            yield case.fault("R08", cue, f"lies outside of {statement.id}")
    if both := case.resolved(statement, "beneficiary") & case.resolved(statement, "holder"):
        yield case.fault("R17", statement, f"{listing(both)} is holder and beneficiary")


def _check_agents(case: Case, statement: Span) -> Iterator[Finding]:
    kind = statement.get("kind")
    holders, agents = case.resolved(statement, "holder"), case.resolved(statement, "agent")
    if kind == OWN_CONDUCT:
        if not agents <= holders:
            yield case.fault("R09", statement, f"holder {listing(holders)}, agent {listing(agents)}")
    elif not agents:
        note = bool(statement.get("note"))
        yield case.fault("R10", statement, f"a {kind} without an agent{', with a note' if note else ''}", mild=note)
    elif agents == holders or (kind != "stance" and agents & holders):
        yield case.fault("R11", statement, f"{kind}: holder {listing(holders)}, agent {listing(agents)}")


def _check_sources(case: Case, statement: Span) -> Iterator[Finding]:
    """R15, R16. An unnamed source speaks for the body that it belongs to."""
    holders = case.resolved(statement, "holder")
    spans = case.linked(statement, "source")
    ids = {span.get("affiliation") or span.get("actor_id") for span in spans}
    foreign = {case.actors.resolve(id_) for id_ in ids} - holders
    reporting = statement.get("reporting")
    if reporting == "relayed" and not foreign:
        yield case.fault("R15", statement, f"relayed, and its sources are {listing(ids)}", "reporting")
    if reporting == "asserted" and spans and len(foreign) == len({case.actors.resolve(id_) for id_ in ids}):
        yield case.fault("R15", statement, f"asserted by {listing(foreign)}", "reporting", mild=True)
    for span in spans:
        kind = case.actors.kind(span.get("actor_id"))
        if kind == "state-group" and span.get("actor_id") != UNNAMED:
            yield case.fault("R16", statement, f"its source {span.id} “{span.quote}” is a {kind}")


def _check_coinciding(case: Case) -> Iterator[Finding]:
    """R12: statements with equal offsets differ in holder, kind, leaf or status (for a stance: in the stance)."""
    first: dict[object, str] = {}
    for statement in case.statements:
        key = (
            statement.start,
            statement.end,
            frozenset(span.get("actor_id") for span in case.linked(statement, "holder")),
            statement.get("kind"),
            tuple(statement.get("commitment_type")),
            statement.get("commitment_status"),
            statement.get("stance"),
        )
        if key in first:
            yield case.fault("R12", statement, f"says the same as {first[key]}")
        first.setdefault(key, statement.id)


def _check_orphans(case: Case) -> Iterator[Finding]:
    """R14. Actors are marked wherever they stand; every other layer belongs to a statement."""
    linked = {relation.target for relation in case.annotation.relations}
    for span in case.annotation.spans:
        if span.label not in ("actor", "statement") and span.id not in linked:
            yield case.fault("R14", span, f"a {span.label} without a statement")
