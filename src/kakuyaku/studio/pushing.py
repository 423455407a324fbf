"""Articles to Label Studio: one project for each annotator, a task for each article and text, none of them twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kakuyaku.annotation.drafts import zone_lines
from kakuyaku.annotation.label_config import OUTSIDE, label_config, outside_style
from kakuyaku.annotation.room import GOLD, Room
from kakuyaku.annotation.standoff import Standoff
from kakuyaku.annotation.store import read_gold, read_passes
from kakuyaku.articles import Article
from kakuyaku.contract import VOCABULARY, load
from kakuyaku.decoding import text_sha256
from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project
from kakuyaku.studio.connection import Connection
from kakuyaku.studio.controls import read_controls
from kakuyaku.studio.conversion import Result, to_results
from kakuyaku.studio.instructions import read_guideline
from kakuyaku.studio.seen import Seen

CHUNK = 50  # tasks in one import: a killed push loses no more
TITLE_LENGTH = 50  # of a project, in Label Studio's database
Key = tuple[str, str]  # article and SHA-256 of the text
Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True)
class Outgoing:
    """A task to send: its data, and results by the name that they are shown under."""

    data: Mapping[str, Any]
    predictions: Mapping[str, list[Result]]


@dataclass(frozen=True)
class Sent:
    """What a push did: tasks sent now, tasks that were there, predictions put to those, tasks that the server holds."""

    project: int
    page: str
    sent: int
    present: int
    predicted: int
    held: int
    findings: tuple[Finding, ...]


def title_of(name: str) -> str:
    """The title of the project for an annotator (or for an adjudication); projects are found by it.

    Raises:
        Failure: USE001 when Label Studio would cut it.
    """
    title = f"kakuyaku {name}"
    if len(title) > TITLE_LENGTH:
        raise Failure(Finding("USE001", name, f"is too long for a project: {len(title)} of {TITLE_LENGTH} characters"))
    return title


def config_of(room: Room) -> str:
    """The labelling configuration of a project, the one that `kakuyaku sync` writes."""
    return label_config(load(VOCABULARY), load("annotation"), room.actors.actors.values())


def push(
    room: Room,
    connection: Connection,
    annotator: str,
    articles: Sequence[str] = (),
    suggestions: str | None = None,
    progress: Progress = lambda done, of: None,
) -> Sent:
    """Send the articles that the annotator's project does not hold yet; a second push changes nothing.

    Args:
        articles: ids; none means all.
        suggestions: ``gold`` or the annotator whose passes are shown to start from; None for blind work.

    Raises:
        Failure: USE001 for an unknown annotator or article, and all of :class:`Connection`.
    """
    _refuse_unknown("annotators.json", [annotator], room.annotators)
    _refuse_unknown("the manifest", articles, room.seeds)
    html, version = read_guideline(room.project)
    config = config_of(room)
    controls = read_controls(config)
    shown = _suggestions(room.project, suggestions) if suggestions else {}
    outgoing = [
        Outgoing(
            task_data(id_, room.article(id_), version),
            {str(suggestions): to_results(shown[id_], controls)} if id_ in shown else {},
        )
        for id_ in articles or room.seeds
    ]
    settings = {"label_config": config, "expert_instruction": html, "show_instruction": True}
    if suggestions:
        settings |= {"show_collab_predictions": True}
    sent = send(room.project, connection, title_of(annotator), settings, outgoing, progress)
    if any(each.predictions for each in outgoing):  # the server wants to have seen a prediction of that name first
        connection.update_project(sent.project, model_version=suggestions)
    return sent


def task_data(article_id: str, article: Article, guideline_version: str) -> dict[str, Any]:
    """The data of a task: the text as annotations anchor to it, what it is found again by, the lines to leave alone."""
    zone = zone_lines(article)
    outside = [n for n, line in enumerate(article.raw.split("\n"), 1) if line.strip() and n not in zone]
    return {
        "article_id": article_id,
        "raw_sha256": text_sha256(article.raw),
        "guideline_version": guideline_version,
        "text": article.raw,
        OUTSIDE: outside_style(outside),
    }


def send(
    project: Project,
    connection: Connection,
    title: str,
    settings: Mapping[str, Any],
    outgoing: Sequence[Outgoing],
    progress: Progress,
) -> Sent:
    """Make the project with this title unless it is there, and bring it to hold these tasks and predictions."""
    id_ = connection.find_project(title)
    if id_ is None:
        id_ = connection.create_project(title=title, sampling="Sequential sampling", **settings)
    else:
        connection.update_project(id_, **settings)
    present = {_key(data): task for task, data in connection.data(id_).items()}
    missing = iter([each for each in outgoing if _key(each.data) not in present])
    n_missing = sum(_key(each.data) not in present for each in outgoing)
    sent = 0
    while chunk := list(islice(missing, CHUNK)):
        connection.import_tasks(id_, [_import(each) for each in chunk])
        sent += len(chunk)
        progress(sent, n_missing)
    predicted = _predict(connection, id_, {present[k]: each for each in outgoing if (k := _key(each.data)) in present})
    held = connection.data(id_)
    Seen.read(project, connection.url, id_).note(held)
    findings = compare_held(connection.page(id_), outgoing, list(held.values()))
    n_held = len({_key(data) for data in held.values()} & {_key(each.data) for each in outgoing})
    present_before = len(outgoing) - n_missing
    return Sent(id_, connection.page(id_), sent, present_before, predicted, n_held, tuple(findings))


def _key(data: Mapping[str, Any]) -> Key:
    return str(data.get("article_id")), str(data.get("raw_sha256"))


def _import(each: Outgoing) -> dict[str, Any]:
    predictions = [{"model_version": name, "result": results} for name, results in each.predictions.items()]
    return {"data": dict(each.data), "predictions": predictions}


def _predict(connection: Connection, project: int, wanted: Mapping[int, Outgoing]) -> int:
    """Bring the predictions of tasks that were there up to date; how many were put."""
    ids = [id_ for id_, each in wanted.items() if each.predictions]
    put = 0
    for task in connection.tasks(project, ids):
        for name, results in wanted[task.id].predictions.items():
            if task.predictions.get(name) != results:
                connection.put_prediction(task, name, results)
                put += 1
    return put


def compare_held(page: str, outgoing: Sequence[Outgoing], held: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """STU020 for each task that the server does not hold as it was sent, STU021 for each that it holds twice."""
    counts = Counter(map(_key, held))
    texts = {_key(data): data.get("text") for data in held}
    findings = []
    for each in outgoing:
        key = _key(each.data)
        if texts.get(key) != each.data["text"]:
            found = "another text" if key in texts else "nothing"
            findings.append(Finding("STU020", page, f"{key[0]}: the server holds {found}"))
        if counts[key] > 1:
            findings.append(Finding("STU021", page, f"{key[0]} has {counts[key]} tasks"))
    return findings


def _suggestions(project: Project, name: str) -> Mapping[str, Standoff]:
    found = {GOLD: read_gold(project), **read_passes(project)}
    _refuse_unknown("annotation/", [name], [each for each in found if found[each]])
    return found[name]


def _refuse_unknown(where: str, names: Sequence[str], known: Any) -> None:
    for name in names:
        if name not in known:
            fix = f"It has {', '.join(sorted(known)[:20]) or 'nothing'}."
            raise Failure(Finding("USE001", where, f"has no {name}", fix=fix))
