"""One task of Label Studio judged: how far the work is, what it says, all that is wrong with it. Nothing is written.

Only what was submitted counts. A draft, a skipped task or an empty submission over stored work never becomes a pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kakuyaku.annotation.room import Room
from kakuyaku.annotation.rules import check_annotation
from kakuyaku.annotation.standoff import Relation, Span, Standoff, to_record
from kakuyaku.decoding import text_sha256
from kakuyaku.findings import Finding
from kakuyaku.studio.connection import Task
from kakuyaku.studio.controls import Controls
from kakuyaku.studio.conversion import from_results
from kakuyaku.versions import SCHEMA_VERSION

SENT, DRAFTED, SKIPPED, FAULTY, DONE = "sent", "drafted", "skipped", "with findings", "done"
_SPAN = re.compile(r"\$\.spans\[([0-9]+)\]\.?(.*)")


@dataclass(frozen=True)
class Judged:
    """What a task has come to. ``annotation`` is there exactly when ``state`` is :data:`DONE`."""

    article_id: str
    state: str
    annotation: Standoff | None
    findings: tuple[Finding, ...]


def judge(
    room: Room, controls: Controls, task: Task, url: str, annotator: str, stored: Standoff | None, frozen: bool = False
) -> Judged:
    """Judge a task.

    Args:
        url: the task's page, for the findings.
        stored: what annotation/ has of this annotator on this article. Work that says the same is given back as it is.
        frozen: whether ``stored`` was adjudicated, and must not change.
    """
    id_ = str(task.data.get("article_id"))
    submitted = [each for each in task.annotations if not each.get("was_cancelled")]
    if not submitted:
        if task.annotations:
            return Judged(id_, SKIPPED, None, (Finding("STU014", url, f"{id_} was skipped"),))
        return Judged(id_, DRAFTED if task.drafts else SENT, None, ())
    faults = list(_before_reading(room, task, url, id_, submitted))
    if faults:
        return Judged(id_, FAULTY, None, tuple(faults))
    raw = room.seeds[id_].raw.text
    base = stored or _suggested(task, raw, controls, annotator)
    spans, relations, faults = from_results(submitted[0].get("result"), raw, controls, url, base)
    annotation = _annotation(task, annotator, spans, relations, stored)
    if stored and annotation is not stored:
        faults += _guard(stored, annotation, url, frozen)
    record = to_record(annotation)
    published_on = room.seeds[id_].record["published_on"]
    if annotation is not stored or not frozen:  # nobody may mend a pass that was adjudicated
        rules = check_annotation(record, raw, room.article(id_), room.actors, url, published_on)
        faults += [_for_annotators(finding, record) for finding in rules]
    wrong = any(finding.level == "error" for finding in faults)
    return Judged(id_, FAULTY if wrong else DONE, None if wrong else annotation, tuple(faults))


def _before_reading(
    room: Room, task: Task, url: str, id_: str, submitted: Sequence[Mapping[str, Any]]
) -> Iterator[Finding]:
    """What keeps the work from being read at all."""
    if id_ not in room.seeds:
        yield Finding("D01", url, f"{id_} is not in the manifest")
    elif task.data.get("text") != room.seeds[id_].raw.text:
        yield Finding("STU013", url, f"{id_}: the task's text is not that of seeds/")
    if len(submitted) > 1:
        yield Finding("STU015", url, f"{id_} has {len(submitted)} submitted annotations")


def _suggested(task: Task, raw: str, controls: Controls, annotator: str) -> Standoff | None:
    """What the annotator started from, for the order of its parts; None without suggestions."""
    for results in task.predictions.values():
        spans, relations, _ = from_results(results, raw, controls, "")
        return _annotation(task, annotator, spans, relations, None)
    return None


def _annotation(
    task: Task, annotator: str, spans: list[Span], relations: list[Relation], stored: Standoff | None
) -> Standoff:
    """The stored annotation itself when nothing differs, else the next revision."""
    if stored and (list(stored.spans), list(stored.relations)) == (spans, relations):
        return stored
    raw = str(task.data.get("text"))
    made = Standoff(
        article_id=str(task.data.get("article_id")),
        annotator=annotator,
        revision=1,
        raw_sha256=text_sha256(raw),
        guideline_version=str(task.data.get("guideline_version")),
        schema_version=SCHEMA_VERSION,
        spans=tuple(spans),
        relations=tuple(relations),
    )
    return replace(made, revision=stored.revision + 1) if stored else made


def _guard(stored: Standoff, annotation: Standoff, url: str, frozen: bool) -> list[Finding]:
    """What must never be replaced: an adjudicated pass, and work by nothing."""
    id_ = annotation.article_id
    if frozen:
        return [Finding("STU017", url, f"{id_}: the pass of {annotation.annotator} was adjudicated, and this differs")]
    if stored.spans and not annotation.spans:
        return [Finding("STU018", url, f"{id_}: nothing is marked; annotation/ has {len(stored.spans)} spans")]
    return []


def _for_annotators(finding: Finding, record: Mapping[str, Any]) -> Finding:
    """A finding with the words that a person can find on the page, instead of a place in a file that is not there."""
    message = finding.message
    if match := _SPAN.fullmatch(finding.at or ""):
        span = record["spans"][int(match[1])]
        attribute = f" {match[2]}" if match[2] and match[2] not in message else ""
        if span["quote"][:20] not in message:
            message = f"{span['id']} “{span['quote'][:20]}”{attribute}: {message}"
    elif finding.at and finding.at.startswith("$.relations["):
        link = record["relations"][int(finding.at.removeprefix("$.relations[").partition("]")[0])]
        quotes = {span["id"]: f"“{span['quote'][:20]}”" for span in record["spans"]}
        message += f" ({quotes.get(link['from'])} → {quotes.get(link['to'])})"
    return replace(finding, at=None, message=message)
