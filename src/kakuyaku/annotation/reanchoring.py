"""Re-anchoring: moving annotations to the changed raw text of their article.

A span moves by itself only if its quote with its stored context stood in the old text exactly once, and so in the new
one: were there two and the right one is gone, the other would pass for it. Whatever has no such place becomes an
orphan, with the reason; a lookalike is never taken. Nothing is lost: spans kept, moved and orphaned are those that
were there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kakuyaku.annotation.room import Room, annotation_paths, open_room, read_orphans
from kakuyaku.annotation.standoff import Relation, Span, Standoff, from_record, to_bytes, to_record
from kakuyaku.contract import check_record
from kakuyaku.decoding import text_sha256
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.locks import locked
from kakuyaku.project import Project
from kakuyaku.records import json_bytes, parse_json
from kakuyaku.seeds import read_replaced, read_seeds
from kakuyaku.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Orphan:
    """A span without a place in the new text, the reason, and the links that it had."""

    span: Span
    reason: str
    relations: tuple[Relation, ...]


@dataclass(frozen=True)
class Reanchored:
    """An annotation on the new text: how many spans stayed at their offsets, how many moved, and the orphans."""

    annotation: Standoff
    old_sha256: str
    n_kept: int
    n_moved: int
    orphans: tuple[Orphan, ...]


@dataclass(frozen=True)
class Change:
    """What one run did to one file."""

    path: Path
    result: Reanchored


def reanchor(annotation: Standoff, old: str, raw: str) -> Reanchored:
    """The annotation of the raw text ``old`` moved to the raw text ``raw``."""
    moved: dict[str, Span] = {}
    reasons: dict[str, str] = {}
    for span in annotation.spans:
        start, reason = find_place(span, old, raw)
        if start is None:
            reasons[span.id] = reason
        else:
            end = start + len(span.quote)
            moved[span.id] = Span.anchored(raw, span.id, span.label, start, end, **span.attributes)
    orphans = [
        Orphan(
            span,
            reasons[span.id],
            tuple(link for link in annotation.relations if span.id in (link.source, link.target)),
        )
        for span in annotation.spans
        if span.id in reasons
    ]
    n_kept = sum(span.id in moved and moved[span.id].start == span.start for span in annotation.spans)
    links = tuple(r for r in annotation.relations if r.source not in reasons and r.target not in reasons)
    new = replace(annotation, raw_sha256=text_sha256(raw), spans=tuple(moved.values()), relations=links)
    return Reanchored(new, annotation.raw_sha256, n_kept, len(moved) - n_kept, tuple(orphans))


def find_place(span: Span, old: str, raw: str) -> tuple[int | None, str]:
    """The start of the only place of ``raw`` with the quote and the context of a span; else None and the reason.

    ``old`` is the text on which the span was drawn.
    """
    anchor = span.prefix + span.quote + span.suffix
    own = span.start - len(span.prefix)
    if own < 0 or not old.startswith(anchor, own):
        return None, "the quote did not stand at its offsets in the old text"
    if old.find(anchor) != own or old.find(anchor, own + 1) >= 0:
        return None, "the quote with its context stood in the old text more than once"
    first = raw.find(anchor)
    if first < 0:
        n_quotes = sum(1 for _ in _places(span.quote, raw))
        return None, f"the quote stands {n_quotes} times, never with this context" if n_quotes else "the quote is gone"
    if raw.find(anchor, first + 1) >= 0:
        return None, "the quote with its context stands more than once"
    return first + len(span.prefix), ""


def _places(quote: str, raw: str) -> Iterator[int]:
    place = raw.find(quote)
    while place >= 0:
        yield place
        place = raw.find(quote, place + 1)


def reanchor_project(project: Project) -> list[Change]:
    """Re-anchor every annotation whose text has changed; all files of a run are switched together.

    Orphans are added to ``annotation/orphans/``, in a file with the same path below it as the annotation has below
    ``annotation/``. Rulings (``adjudication/``) are history and stay as they are.

    Raises:
        Failure: a seed or an annotation at fault, or an old text missing, with all findings; nothing was changed.
    """
    with locked(project.root):
        seeds, findings = read_seeds(project)
        replaced, faults = read_replaced(project)
        refuse_on_errors(findings + faults)
        room, _ = open_room(project, seeds)
        changes, faults = _changes(room, replaced)
        refuse_on_errors(faults)
        with Transaction(project.root) as transaction:
            for change in changes:
                transaction.write(change.path, to_bytes(change.result.annotation))
                if change.result.orphans:
                    path = orphans_path(project, change.path)
                    transaction.write(path, json_bytes(_present(project, path) + _records(change.result)))
            if changes:
                transaction.commit()
    return changes


def _changes(room: Room, replaced: Mapping[str, str]) -> tuple[list[Change], list[Finding]]:
    """The stale annotations of a project, moved, and the faults that forbid the run.

    Args:
        replaced: the old texts by hash.
    """
    changes: list[Change] = []
    findings: list[Finding] = []
    for path in annotation_paths(room.project):
        if path.is_relative_to(room.project.adjudication):
            continue
        shown = room.project.shown(path)
        try:
            record = parse_json(read_bytes(path), shown)
        except Failure as failure:
            findings += failure.findings
            continue
        if faults := list(check_record("annotation", record, shown)):
            findings += faults
        elif (seed := room.seeds.get(record["article_id"])) is None:
            findings.append(Finding("D01", shown, f"{record['article_id']} is not in the manifest", at="$.article_id"))
        elif len({span["id"] for span in record["spans"]}) < len(record["spans"]):
            findings.append(Finding("S08", shown, "an id stands twice", at="$.spans"))
        elif record["raw_sha256"] == seed.raw.sha256:
            continue
        elif (old := replaced.get(record["raw_sha256"])) is None:
            message = (
                f"no file of {room.project.shown(room.project.replaced)}/ has the text {record['raw_sha256'][:12]}…"
            )
            findings.append(Finding("STL002", shown, message, at="$.raw_sha256"))
        else:
            changes.append(Change(path, reanchor(from_record(record), old, seed.raw.text)))
    return changes, findings


def orphans_path(project: Project, path: Path) -> Path:
    """Where the orphans of an annotation file are kept."""
    return project.orphans / path.relative_to(project.annotation)


def _present(project: Project, path: Path) -> list[dict[str, Any]]:
    """The orphans of earlier runs."""
    if not path.exists():
        return []
    records, faults = read_orphans(read_bytes(path), project.shown(path))
    refuse_on_errors(faults)
    return records


def _records(result: Reanchored) -> list[dict[str, Any]]:
    """The orphans of one file as records of schemas/orphan.schema.json."""
    found = []
    for orphan in result.orphans:
        lone = replace(result.annotation, spans=(orphan.span,), relations=orphan.relations)
        record = to_record(lone)
        found.append(
            {
                "article_id": lone.article_id,
                "annotator": lone.annotator,
                "raw_sha256": result.old_sha256,
                "new_sha256": lone.raw_sha256,
                "reason": orphan.reason,
                "span": record["spans"][0],
                "relations": record["relations"],
            }
        )
    return found


def orphan_findings(project: Project, changes: Iterable[Change]) -> Iterator[Finding]:
    """ORP001 for every span that found no certain place."""
    for change in changes:
        path = project.shown(orphans_path(project, change.path))
        for orphan in change.result.orphans:
            yield Finding("ORP001", path, f"{orphan.span.id} “{orphan.span.quote}”: {orphan.reason}")
