"""Work back from Label Studio: judged first, then written to annotation/passes/, all of it together.

Incremental by the server's own times. What is absent on the server, drafted, skipped or faulty changes nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kakuyaku.annotation.room import Room
from kakuyaku.annotation.standoff import to_bytes
from kakuyaku.annotation.store import adjudicated_passes, read_annotation
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.locks import locked
from kakuyaku.project import Project
from kakuyaku.studio.connection import Connection
from kakuyaku.studio.controls import read_controls
from kakuyaku.studio.judging import DONE, Judged, judge
from kakuyaku.studio.pushing import Progress, config_of, title_of
from kakuyaku.studio.seen import Seen
from kakuyaku.transactions import Transaction


@dataclass
class Pulled:
    """What a pull did with one annotator's project.

    Attributes:
        looked_at: tasks that had changed since the last pull, and how many the project holds.
        written: articles whose pass is new or has changed.
        unchanged: articles whose submitted work is what annotation/ has.
        waiting: articles by state that have nothing to take over.
    """

    annotator: str
    looked_at: int = 0
    tasks: int = 0
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def pull(
    room: Room,
    connection: Connection,
    annotator: str,
    everything: bool = False,
    progress: Progress = lambda done, of: None,
) -> Pulled:
    """Take over what an annotator has submitted.

    Args:
        everything: look at every task, not only at those that have changed.

    Raises:
        Failure: USE001 when the annotator has no project, and all of :class:`Connection`. What was read before the
            server broke off is written.
    """
    project, id_ = room.project, project_of(connection, annotator)
    pulled = Pulled(annotator)
    with locked(project.root), Transaction(project.root) as transaction:
        seen = Seen.read(project, connection.url, id_)
        stamps = connection.stamps(id_)
        pulled.tasks = len(stamps)
        pulled.findings += vanished(connection.page(id_), seen, stamps)
        ids = list(stamps) if everything else sorted({*seen.changed(stamps), *_not_here(project, annotator, seen)})
        ids = [task for task in ids if task in stamps]
        taken: dict[Path, bytes] = {}
        broken: Failure | None = None
        try:
            for url, judged, time, task in judge_tasks(room, connection, id_, annotator, ids):
                pulled.looked_at += 1
                progress(pulled.looked_at, len(ids))
                pulled.findings += judged.findings
                if judged.annotation is not None:
                    path = project.passes / annotator / f"{judged.article_id}.json"
                    data = to_bytes(judged.annotation)
                    if judged.article_id in (*pulled.written, *pulled.unchanged):
                        pulled.findings.append(
                            Finding("STU015", url, f"{judged.article_id} came from another task too")
                        )
                        continue
                    if path.exists() and read_bytes(path) == data:
                        pulled.unchanged.append(judged.article_id)
                    else:
                        taken[path] = data
                        pulled.written.append(judged.article_id)
                else:
                    pulled.waiting.setdefault(judged.state, []).append(judged.article_id)
                mild = all(finding.level == "warning" for finding in judged.findings)
                seen.tasks[task] = {
                    "article": judged.article_id,
                    "updated_at": time if mild else None,  # a task with findings is looked at again
                    "taken": judged.state == DONE,
                }
        except Failure as failure:
            broken = failure
        for path, data in taken.items():
            transaction.write(path, data)
        if taken:
            transaction.commit()
        with suppress(Failure):  # only a memory: the next pull looks again
            seen.write()
    if broken:
        raise broken
    return pulled


def project_of(connection: Connection, annotator: str) -> int:
    """The project of an annotator.

    Raises:
        Failure: USE001 when there is none.
    """
    title = title_of(annotator)
    id_ = connection.find_project(title)
    if id_ is None:
        fix = f"Run `kakuyaku studio push --annotator {annotator}` first."
        raise Failure(Finding("USE001", connection.url, f"has no project “{title}”", fix=fix))
    return id_


def judge_tasks(
    room: Room, connection: Connection, project: int, annotator: str, ids: Sequence[int]
) -> Iterator[tuple[str, Judged, str, int]]:
    """Page, judgement, the server's time and number of each task."""
    controls, frozen = read_controls(config_of(room)), adjudicated_passes(room.project)
    for task in connection.tasks(project, ids):
        article_id = str(task.data.get("article_id"))
        path = room.project.passes / annotator / f"{article_id}.json"
        stored = read_annotation(room.project, path) if article_id in room.seeds and path.exists() else None
        url = connection.page(project, task.id)
        judged = judge(room, controls, task, url, annotator, stored, (annotator, article_id) in frozen)
        yield url, judged, task.updated_at, task.id


def vanished(page: str, seen: Seen, stamps: Mapping[int, str]) -> list[Finding]:
    """STU016 for each article whose task is gone; an article that has another task is well."""
    here = {entry["article"] for task, entry in seen.tasks.items() if task in stamps}
    gone = sorted({str(seen.tasks[task]["article"]) for task in seen.vanished(stamps)} - here)
    return [Finding("STU016", page, f"the task of {article} is gone") for article in gone]


def _not_here(project: Project, annotator: str, seen: Seen) -> list[int]:
    """Tasks whose work was taken over once, and whose pass is missing now."""
    folder = project.passes / annotator
    taken = [(task, entry["article"]) for task, entry in seen.tasks.items() if entry.get("taken")]
    return [task for task, article in taken if not (folder / f"{article}.json").exists()]
