"""Rules K: the attributes of a statement among themselves, and against the cue lexicon of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kakuyaku.annotation.actors import UNNAMED
from kakuyaku.annotation.rules.case import OWN_CONDUCT, Case
from kakuyaku.annotation.standoff import Span
from kakuyaku.contract import labels
from kakuyaku.findings import Finding

OTHER = "other"
MIN_STEM = 3
_INFLECTION = re.compile(r"(?:しました|している|した|する|です|だ)$")


def check_statements(case: Case) -> Iterator[Finding]:
    """Findings of the statements: K02 to K16 (K01, K05, K10 and K11 are in the schema)."""
    for statement in case.statements:
        yield from _check_kind(case, statement)
        yield from _check_leaves(case, statement)
        yield from _check_forecast(case, statement)
        phase, basis = statement.get("phase"), statement.get("phase_basis")
        if (phase == "unspecified") != (basis is None):
            yield case.fault("K09", statement, f"phase {phase}, basis {basis}", "phase")
        guess, unclear = statement.get("confidence") == 1, statement.get("stance") == "unclear"
        if (guess or unclear) and not statement.get("note"):
            yield case.fault("K13", statement, "confidence 1" if guess else "stance unclear", "note")
        conditions = {condition.get("condition_kind") for condition in case.linked(statement, "condition")}
        if phase == "on_violation" and "trigger" not in conditions:
            yield case.fault("K15", statement, "no trigger condition is linked", "phase")
        yield from _check_hearsay(case, statement)
        yield from _check_cues(case, statement)


def _check_kind(case: Case, statement: Span) -> Iterator[Finding]:
    kind, status, stance = (statement.get(name) for name in ("kind", "commitment_status", "stance"))
    found = f"{kind} with status {status}, stance {stance}"
    match kind:
        case "commitment" if status is None or stance is not None:
            yield case.fault("K02", statement, found, "commitment_status")
        case "stance" if stance is None or status is not None:
            yield case.fault("K03", statement, found, "stance")
        case "demand" | "warning" if status is not None or stance is not None:
            yield case.fault("K04", statement, found, "kind")


def _check_leaves(case: Case, statement: Span) -> Iterator[Finding]:
    leaves, relation = statement.get("commitment_type"), statement.get("measure_relation")
    if relation == "single" and len(leaves) > 1:
        yield case.fault("K06", statement, f"single with {len(leaves)} leaves", "measure_relation")
    if relation != "single" and len(leaves) < 2:
        yield case.fault("K07", statement, f"{relation} with one leaf", "measure_relation")
    if OTHER in leaves and (len(leaves) > 1 or not statement.get("note")):
        what = "beside a leaf" if len(leaves) > 1 else "without a note"
        yield case.fault("K08", statement, f"{OTHER} {what}", "commitment_type")


def _check_forecast(case: Case, statement: Span) -> Iterator[Finding]:
    projected = statement.get("commitment_status") == "projected"
    forecast = statement.get("kind") == OWN_CONDUCT and statement.get("reporting") == "forecast"
    if projected != forecast:
        status, reporting = statement.get("commitment_status"), statement.get("reporting")
        yield case.fault("K12", statement, f"status {status}, reporting {reporting}", "commitment_status")
    if projected != (statement.get("projection") is not None):
        what = "projected without a projection" if projected else "a projection without projected"
        yield case.fault("K12", statement, what, "projection")


def _check_hearsay(case: Case, statement: Span) -> Iterator[Finding]:
    """K14: a marker of the vocabulary, or a medium or unnamed source, must be near."""
    reporting = labels("reporting")[statement.get("reporting")]
    if reporting.id != "hearsay":
        return
    start, end = case.section(statement)
    sources = [span.get("actor_id") for span in case.linked(statement, "source")]
    heard = any(id_ == UNNAMED or case.actors.kind(id_) == "media" for id_ in sources)
    if not heard and not any(marker in case.raw[start:end] for marker in reporting.extra["cues"]):
        yield case.fault("K14", statement, "no marker of hearsay in its section", "reporting")


def _check_cues(case: Case, statement: Span) -> Iterator[Finding]:
    status = statement.get("commitment_status")
    for cue in case.linked(statement, "cue") if status else []:
        if (strong := strong_cue(cue.quote)) is not None and status not in strong[1]:
            message = f"“{strong[0]}” is a cue of {', '.join(strong[1])}, not of {status}"
            yield case.fault("K16", cue, message, "quote")


@cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    """Statuses by cue, longest cue first. Cues with a bracket depend on more than the words, so they never decide."""
    found: dict[str, tuple[str, ...]] = {}
    for status in labels("commitment_status").values():
        for cue in status.extra["cues"]:
            if not re.search(r"[(（〜]", cue):
                stem = _INFLECTION.sub("", cue)
                key = stem if len(stem) >= MIN_STEM else cue
                found[key] = (*found.get(key, ()), status.id)
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def strong_cue(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The longest strong cue in ``text`` and its statuses; None without one, or where a false friend stands."""
    for cue, statuses in _lexicon().items():
        if cue in text:
            friends = [friend for id_ in statuses for friend in labels("commitment_status")[id_].extra["false_friends"]]
            return None if any(friend in text for friend in friends) else (cue, statuses)
    return None
