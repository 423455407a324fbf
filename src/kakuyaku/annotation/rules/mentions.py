"""Rules A: who is marked, by which id, and what an actor may be linked as."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from kakuyaku.annotation.actors import NARRATOR, UNNAMED
from kakuyaku.annotation.rules.case import Case
from kakuyaku.annotation.standoff import Span
from kakuyaku.contract import labels
from kakuyaku.findings import Finding

RESERVED = (NARRATOR, UNNAMED)
POSITION_ROLES = ("holder", "agent", "beneficiary")
_COUNT = re.compile(r"[0-9０-９〇一二三四五六七八九十百]+(?:か国|カ国|ヵ国|ヶ国|国)")


def check_mentions(case: Case) -> Iterator[Finding]:
    """Findings of actor spans and of their roles: A02 to A08 (A01 is in the schema)."""
    mentions = case.annotation.labelled("actor")
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in mentions:
        places[span.get("actor_id")].append((span.start, span.end))
    for span in mentions:
        yield from _check_id(case, span)
        if span.get("subset") is not None:
            yield from _check_subset(case, span)
        yield from _check_form(case, span, places)
    for statement in case.statements:
        yield from _check_roles(case, statement)


def _check_id(case: Case, span: Span) -> Iterator[Finding]:
    for attribute in ("actor_id", "affiliation"):
        id_ = span.get(attribute)
        if id_ is not None and id_ not in case.actors.actors and id_ not in RESERVED:
            yield case.fault("A02", span, f"{id_} is not in the registry", attribute)
    if span.get("actor_id") == NARRATOR:
        yield case.fault("A03", span, f"{NARRATOR} is never marked", "actor_id")
    if span.get("affiliation") is not None and span.get("actor_id") != UNNAMED:
        yield case.fault("A03", span, f"only {UNNAMED} has an affiliation", "affiliation")


def _check_subset(case: Case, span: Span) -> Iterator[Finding]:
    number, _, total = span.get("subset").partition("/")
    if total and int(number) > int(total):
        yield case.fault("A04", span, f"{number} of {total}", "subset")
    kind = case.actors.kind(span.get("actor_id"))
    if kind is not None and not labels("actor_kind")[kind].extra.get("group"):
        yield case.fault("A04", span, f"a {kind} has no subset", "subset")


def _check_form(case: Case, span: Span, places: dict[str, list[tuple[int, int]]]) -> Iterator[Finding]:
    """A05, A06. A bare number of states (９か国) stands for its group without being a form of it."""
    id_, raw = span.get("actor_id"), case.raw
    number = span.get("subset") is not None and _COUNT.fullmatch(span.quote)
    if id_ in case.actors.actors and not number and not case.actors.names(id_, raw, span.start, span.end):
        yield case.fault("A05", span, f"is no form of {id_}", "actor_id")
    for form, other in case.actors.forms.items():
        if len(form) <= len(span.quote):
            break  # forms come longest first
        if other == id_ or span.quote not in form:
            continue
        for match in re.finditer(f"(?={re.escape(span.quote)})", form):
            start = span.start - match.start()
            end = start + len(form)
            marked = any(start <= one and two <= end for one, two in places[other])
            if start >= 0 and raw.startswith(form, start) and not marked:
                yield case.fault("A06", span, f"stands in “{form}”, a form of {other}", "actor_id")


def _check_roles(case: Case, statement: Span) -> Iterator[Finding]:
    for role in POSITION_ROLES:
        for span in case.linked(statement, role):
            if span.get("actor_id") == UNNAMED:
                yield case.fault("A03", statement, f"its {role} {span.id} is {UNNAMED}")
            if case.actors.kind(span.get("actor_id")) == "media":
                yield case.fault("A08", statement, f"its {role} {span.id} “{span.quote}” is a medium")
    for span in case.linked(statement, "source"):
        actor = case.actors.get(span.get("actor_id"))
        if actor and actor.kind == "person" and case.published_on and not actor.in_office(case.published_on):
            office = f"{actor.office_from or '…'} to {actor.office_to or '…'}"
            message = f"its source {actor.id} held the office {office}, the article is of {case.published_on}"
            yield case.fault("A07", statement, message)
