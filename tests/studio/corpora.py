"""Projects to send to the server: the repository's five articles, and invented ones; and what annotators do there."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kakuyaku.annotation.room import Room, open_room
from kakuyaku.annotation.standoff import Standoff, from_record, to_bytes
from kakuyaku.contract import columns
from kakuyaku.findings import Finding
from kakuyaku.project import Project
from kakuyaku.records import csv_bytes, json_bytes
from kakuyaku.studio.connection import Connection, Task
from kakuyaku.studio.conversion import Result
from kakuyaku.studio.pushing import title_of
from tests.annotation_projects import RAW, base_annotation
from tests.conftest import REPOSITORY
from tests.conftest import write_project as write_seeds

GUIDELINE = "# 手引き\nGuideline version: 1.2\n\n<!-- labels -->\n| a | b |\n| --- | --- |\n| 1 | <b>2</b> |\n"


def new_annotator() -> str:
    """An annotator that no other test has."""
    return f"reader-{secrets.token_hex(4)}"


def five_articles(root: Path, *annotators: str) -> Room:
    """The repository's articles with registry, gold and passes, and these annotators beside the others."""
    for folder in ("seeds", "annotation"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    project = Project(root)
    entries = json.loads(project.annotators.read_bytes())
    project.annotators.write_bytes(json_bytes(entries + [_person(name) for name in annotators]))
    return room_of(project)


def invented(root: Path, texts: Mapping[str, str], *annotators: str) -> Room:
    """A project with these texts, the invented registry and these annotators."""
    project = write_seeds(root, texts, {})
    base = REPOSITORY / "tests" / "annotation_base"
    shutil.copy(base / "actors.csv", project.actors)
    project.annotators.write_bytes(json_bytes([_person(name) for name in annotators]))
    (project.annotation / "guideline.ja.md").write_text(GUIDELINE, "utf-8")
    return room_of(project)


def copies(number: int) -> dict[str, str]:
    """The invented article under many ids."""
    return {f"article-{index:04}": RAW for index in range(number)}


def sound(article_id: str, annotator: str) -> Standoff:
    """A sound annotation of a copy of the invented article."""
    return from_record({**base_annotation(), "article_id": article_id, "annotator": annotator})


def store(room: Room, annotation: Standoff, folder: str | None = None) -> Path:
    """Lay an annotation down as a pass (or below another folder of annotation/)."""
    path = room.project.annotation / (folder or f"passes/{annotation.annotator}") / f"{annotation.article_id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bytes(annotation))
    return path


def room_of(project: Project) -> Room:
    """The room of a project whose annotation has no faults."""
    room, findings = open_room(project)
    assert [str(finding) for finding in findings if finding.level == "error"] == []
    return room


def tasks_of(connection: Connection, annotator: str) -> dict[str, Task]:
    """What the server holds for an annotator, by article."""
    project = project_id(connection, annotator)
    tasks = connection.tasks(project, sorted(connection.stamps(project)))
    return {str(task.data["article_id"]): task for task in tasks}


def project_id(connection: Connection, annotator: str) -> int:
    """The annotator's project."""
    id_ = connection.find_project(title_of(annotator))
    assert id_ is not None
    return id_


def submit(connection: Connection, task: Task, results: Sequence[Result], **more: Any) -> None:
    """What the page does when an annotator submits (or, with ``was_cancelled``, skips)."""
    connection._client.annotations.create(id=task.id, result=list(results), lead_time=1.0, **more)


def codes(findings: Sequence[Finding]) -> set[str]:
    """The codes of the errors among findings, and of the warnings of the round trip."""
    return {finding.code for finding in findings if finding.level == "error" or finding.code.startswith("STU")}


def _person(name: str) -> dict[str, Any]:
    entry = {**dict.fromkeys(columns("annotator")), "id": name, "kind": "person", "description": "A reader"}
    rounds: list[dict[str, Any]] = [{"name": "1", "articles": [], "note": None}]
    return entry | {"saw": ["guideline"], "guideline_version": "1.2", "created_on": "2026-01-01", "passes": rounds}


def registry_bytes(rows: Sequence[Mapping[str, str]]) -> bytes:
    """actors.csv with these rows."""
    return csv_bytes(rows, columns("actor"))
