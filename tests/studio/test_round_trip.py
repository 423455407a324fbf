"""Out and back over a real server: identity, what annotators do wrong, adjudication, hostile texts."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kakuyaku.annotation.label_config import OUTSIDE
from kakuyaku.annotation.standoff import Relation, Span, Standoff, to_bytes
from kakuyaku.annotation.store import read_annotation, read_gold, read_passes
from kakuyaku.decoding import text_sha256
from kakuyaku.studio.adjudicating import adjudication_title, open_disagreements, send_disagreements
from kakuyaku.studio.connection import Connection
from kakuyaku.studio.controls import read_controls
from kakuyaku.studio.conversion import Result, from_results, to_results
from kakuyaku.studio.pulling import pull
from kakuyaku.studio.pushing import config_of, push, title_of
from kakuyaku.studio.ruling import take_rulings
from kakuyaku.studio.status import status
from tests.annotation_projects import RAW
from tests.studio.corpora import (
    codes,
    copies,
    five_articles,
    invented,
    new_annotator,
    project_id,
    sound,
    store,
    submit,
    tasks_of,
)
from tests.texts import HOSTILE


def test_all_gold_comes_back_as_it_went(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    room = five_articles(tmp_path, reader)
    sent = push(room, connection, reader, suggestions="gold")
    assert (sent.sent, sent.present, sent.held, sent.findings) == (5, 0, 5, ())
    for task in tasks_of(connection, reader).values():
        submit(connection, task, task.predictions["gold"])
    pulled = pull(room, connection, reader)
    assert sorted(pulled.written) == sorted(room.seeds) and codes(pulled.findings) == set()
    for id_, gold in read_gold(room.project).items():
        path = room.project.passes / reader / f"{id_}.json"
        assert path.read_bytes() == to_bytes(replace(gold, annotator=reader))
    again = pull(room, connection, reader)
    assert (again.looked_at, again.written) == (0, [])
    everything = pull(room, connection, reader, everything=True)
    assert (everything.looked_at, everything.written, len(everything.unchanged)) == (5, [], 5)


def test_a_pass_that_nobody_changed_keeps_its_bytes(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    room = five_articles(tmp_path, reader)
    paths = [store(room, replace(each, annotator=reader)) for each in read_passes(room.project)["lm-c"].values()]
    before = [path.read_bytes() for path in paths]
    push(room, connection, reader, suggestions=reader)
    for task in tasks_of(connection, reader).values():
        shuffled = sorted(task.predictions[reader], key=lambda result: str(result.get("id")))  # a page may reorder
        submit(connection, task, shuffled)
    assert len(pull(room, connection, reader).unchanged) == 5
    assert [path.read_bytes() for path in paths] == before


def test_pushing_twice_changes_nothing(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    room = invented(tmp_path, copies(3), reader)
    store(room, sound("article-0000", reader))
    assert push(room, connection, reader, suggestions=reader).sent == 3
    stamps = connection.stamps(project_id(connection, reader))
    again = push(room, connection, reader, suggestions=reader)
    assert (again.sent, again.present, again.predicted, again.held) == (0, 3, 0, 3)
    assert connection.stamps(project_id(connection, reader)) == stamps


def test_a_changed_article_is_a_task_of_its_own(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    push(invented(tmp_path / "old", copies(1), reader), connection, reader)
    room = invented(tmp_path / "new", {"article-0000": RAW + "追記。\n"}, reader)
    assert (push(room, connection, reader).sent, len(connection.stamps(project_id(connection, reader)))) == (1, 2)


def test_renewed_suggestions_replace_the_old_ones(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    room = invented(tmp_path, copies(1), reader)
    push(room, connection, reader)
    gold = sound("article-0000", "gold")
    store(room, gold, "gold")
    assert push(room, connection, reader, suggestions="gold").predicted == 1
    store(room, replace(gold, relations=gold.relations[:-1]), "gold")
    assert push(room, connection, reader, suggestions="gold").predicted == 1
    (task,) = tasks_of(connection, reader).values()
    assert task.predictions == {
        "gold": to_results(read_gold(room.project)["article-0000"], read_controls(config_of(room)))
    }


def relabelled(results: list[Result]) -> None:
    next(r for r in results if r["type"] == "labels" and r["value"]["labels"] == ["statement"])["value"]["labels"] = [
        "actor"
    ]


def unlabelled_relation(results: list[Result]) -> None:
    next(r for r in results if r["type"] == "relation")["labels"] = []


def turned_relation(results: list[Result]) -> None:
    next(r for r in results if r["type"] == "relation" and r["labels"] == ["cue"])["direction"] = "left"


def without_kind(results: list[Result]) -> None:
    results.remove(next(r for r in results if r.get("from_name") == "kind"))


def beyond_the_text(results: list[Result]) -> None:
    next(r for r in results if r["type"] == "labels")["value"]["end"] = 10**6


def other_words(results: list[Result]) -> None:
    next(r for r in results if r["type"] == "labels")["value"]["text"] = "別の語"


def two_kinds(results: list[Result]) -> None:
    next(r for r in results if r.get("from_name") == "kind")["value"]["choices"] = ["commitment", "stance"]


def unknown_control(results: list[Result]) -> None:
    next(r for r in results if r.get("from_name") == "kind")["from_name"] = "mood"


FAULTS: list[tuple[Callable[[list[Result]], None], str]] = [
    (relabelled, "STU011"),
    (unlabelled_relation, "STU012"),
    (turned_relation, "R03"),
    (without_kind, "KEY002"),
    (beyond_the_text, "STU010"),
    (other_words, "STU013"),
    (two_kinds, "STU010"),
    (unknown_control, "STU010"),
]


def test_what_annotators_do_wrong_stays_on_the_server(connection: Connection, tmp_path: Path) -> None:
    """Each fault in a task of its own, beside sound ones: those are written, the others named with their page."""
    reader = new_annotator()
    texts = copies(len(FAULTS) + 7)
    room = invented(tmp_path, texts, reader)
    push(room, connection, reader)
    controls = read_controls(config_of(room))
    tasks = tasks_of(connection, reader)
    results = {id_: to_results(sound(id_, reader), controls) for id_ in tasks}
    names = iter(sorted(tasks))
    expected: dict[str, set[str]] = {}
    for spoil, code in FAULTS:
        expected[id_ := next(names)] = {code}
        spoil(results[id_])
        submit(connection, tasks[id_], results[id_])
    skipped, drafted, twice, gone, edited, good, untouched = names
    submit(connection, tasks[skipped], results[skipped], was_cancelled=True)
    _draft(connection, tasks[drafted].id, project_id(connection, reader), results[drafted])
    for _ in range(2):
        submit(connection, tasks[twice], results[twice])
    submit(connection, tasks[edited], results[edited])
    data = {**tasks[edited].data, "text": "別" + RAW}
    connection._client.tasks.update(id=str(tasks[edited].id), data=data)
    submit(connection, tasks[good], results[good])
    connection._client.tasks.delete(id=str(tasks[gone].id))
    expected |= {skipped: {"STU014"}, twice: {"STU015"}, edited: {"STU013"}, gone: {"STU016"}}
    store(room, sound(gone, reader))
    kept = {path: path.read_bytes() for path in (room.project.passes / reader).glob("*.json")}

    pulled = pull(room, connection, reader)
    assert pulled.written == [good]
    assert {path: path.read_bytes() for path in kept} == kept
    assert sorted(path.stem for path in (room.project.passes / reader).glob("*.json")) == sorted([good, gone])
    by_page: dict[str, set[str]] = {}
    for finding in pulled.findings:
        by_page.setdefault(finding.path, set()).add(finding.code)
    for id_, wanted in expected.items():
        page = connection.page(project_id(connection, reader), None if id_ == gone else tasks[id_].id)
        assert wanted <= by_page[page], (id_, by_page[page])
    assert pulled.waiting["drafted"] == [drafted] and pulled.waiting["sent"] == [untouched]

    seen = status(room, connection, {reader: project_id(connection, reader)})
    states = seen.states[reader]
    assert [states.get(id_) for id_ in (skipped, drafted, gone, good, untouched)] == [
        "skipped",
        "drafted",
        None,
        "done",
        "sent",
    ]
    assert {states[id_] for id_ in expected if id_ not in (skipped, gone)} == {"with findings"}
    # a finding is told again until it is mended, although the task has not changed
    assert pull(room, connection, reader).looked_at == len(FAULTS) + 2


def test_submitting_nothing_replaces_nothing(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    room = invented(tmp_path, copies(1), reader)
    path = store(room, sound("article-0000", reader))
    before = path.read_bytes()
    push(room, connection, reader)
    submit(connection, tasks_of(connection, reader)["article-0000"], [])
    assert codes(pull(room, connection, reader).findings) == {"STU018"}
    assert path.read_bytes() == before


def test_an_emptied_project_deletes_nothing(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    room = invented(tmp_path, copies(2), reader)
    push(room, connection, reader)
    paths = [store(room, sound(id_, reader)) for id_ in room.seeds]
    connection._client.tasks.delete_all_tasks(id=project_id(connection, reader))
    pulled = pull(room, connection, reader)
    assert codes(pulled.findings) == {"STU016"} and len(pulled.findings) == 2
    assert all(path.exists() for path in paths)
    assert push(room, connection, reader).sent == 2  # sent again as it went
    assert pull(room, connection, reader).findings == []


def test_a_change_is_the_next_revision(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    room = invented(tmp_path, copies(1), reader)
    first = sound("article-0000", reader)
    store(room, first)
    push(room, connection, reader)
    changed = replace(first, relations=tuple(r for r in first.relations if r.type != "same_position"))
    assert changed.relations != first.relations
    task = tasks_of(connection, reader)["article-0000"]
    submit(connection, task, to_results(changed, read_controls(config_of(room))))
    assert pull(room, connection, reader).written == ["article-0000"]
    stored = read_annotation(room.project, room.project.passes / reader / "article-0000.json")
    assert stored == replace(changed, revision=2, guideline_version="1.2")


def test_an_adjudicated_pass_never_changes(connection: Connection, tmp_path: Path) -> None:
    room = five_articles(tmp_path)
    id_ = next(iter(room.seeds))
    pass_ = read_passes(room.project)["lm-a"][id_]
    path = room.project.passes / "lm-a" / f"{id_}.json"
    before = path.read_bytes()
    push(room, connection, "lm-a", [id_])
    task = tasks_of(connection, "lm-a")[id_]
    submit(connection, task, to_results(replace(pass_, relations=pass_.relations[1:]), read_controls(config_of(room))))
    assert "STU017" in codes(pull(room, connection, "lm-a").findings)
    assert path.read_bytes() == before


def test_no_name_or_address_of_a_person_comes_back(connection: Connection, tmp_path: Path) -> None:
    reader = new_annotator()
    room = invented(tmp_path, copies(1), reader)
    push(room, connection, reader)
    task = tasks_of(connection, reader)["article-0000"]
    submit(connection, task, to_results(sound("article-0000", reader), read_controls(config_of(room))))
    pull(room, connection, reader)
    user = connection._client.users.whoami()
    for path in (*room.project.annotation.rglob("*.json"), room.project.studio / "seen.json"):
        assert user.email not in path.read_text("utf-8") and "completed_by" not in path.read_text("utf-8")


def test_two_annotators_and_an_adjudication(connection: Connection, tmp_path: Path) -> None:
    one, other, judge = new_annotator(), new_annotator(), new_annotator()
    room = invented(tmp_path, copies(2), one, other, judge)
    controls = read_controls(config_of(room))
    for reader in (one, other):
        push(room, connection, reader)
        for id_, task in tasks_of(connection, reader).items():
            drawn = sound(id_, reader)
            if reader == other and id_ == "article-0001":
                drawn = replace(drawn, relations=tuple(r for r in drawn.relations if r.type != "same_position"))
            submit(connection, task, to_results(drawn, controls))
        assert len(pull(room, connection, reader).written) == 2
    seen = status(room, connection, {name: project_id(connection, name) for name in (one, other)})
    assert seen.agreement == {tuple(sorted((one, other))): {"article-0000": 1.0, "article-0001": 1.0}}

    open_ = open_disagreements(room, one, other)
    assert {id_: len(items) for id_, items in open_.items()} == {"article-0001": 1, "article-0000": 0}
    assert list(open_) == ["article-0001", "article-0000"]  # what there is to rule on first
    assert send_disagreements(room, connection, one, other, open_).sent == 2
    assert send_disagreements(room, connection, one, other, open_).sent == 0
    tasks = tasks_of(connection, adjudication_title(one, other).removeprefix("kakuyaku "))
    assert [set(task.predictions) for task in tasks.values()] == [{one, other}] * 2
    for task in tasks.values():
        submit(connection, task, task.predictions[one])
    ruled = take_rulings(room, connection, one, other, judge)
    assert ruled.written == ["article-0000"] and codes(ruled.findings) == {"STU022"}

    task = tasks["article-0001"]
    (annotation,) = connection._client.annotations.list(id=task.id)
    answers = [_answer("reason_0", "前の段落と同じ発言。"), _answer("rules_0", "R13、3.4")]
    connection._client.annotations.update(id=annotation.id, result=[*task.predictions[one], *answers])
    ruled = take_rulings(room, connection, one, other, judge)
    assert (ruled.written, ruled.unchanged, codes(ruled.findings)) == (["article-0001"], ["article-0000"], set())
    gold = read_gold(room.project)
    for id_ in room.seeds:
        assert gold[id_] == replace(sound(id_, "gold"), guideline_version="1.2")
    record = json.loads((room.project.adjudication / "article-0001.json").read_bytes())
    (item,) = record["items"]
    assert (item["reason"], item["rules"], item["by"]) == ("前の段落と同じ発言。", ["R13", "3.4"], judge)
    assert item["ruling"].startswith(f"as {one}: ")
    assert open_disagreements(room, one, other) == {}
    # the passes are frozen now, and the rulings are nobody else's
    assert codes(take_rulings(room, connection, one, other, other).findings) == {"STU023"}


@pytest.mark.parametrize("name", HOSTILE)
def test_offsets_are_exact_in_every_text(connection: Connection, name: str, tmp_path: Path) -> None:
    """Every stretch of a few code points of a hostile text, stored and read back on the server."""
    text = HOSTILE[name]
    project = connection.create_project(title=f"text {new_annotator()}", label_config=_config())
    spans = [Span.anchored(text, f"k{i + 1}", "cue", i, min(i + 2, len(text))) for i in range(len(text))]
    sent = Standoff("text", "reader", 1, text_sha256(text), "1.2", "1.0", tuple(spans), ())
    controls = read_controls(_config())
    results = to_results(sent, controls)
    connection.import_tasks(
        project, [{"data": {"text": text, OUTSIDE: ""}, "annotations": [{"result": copy.deepcopy(results)}]}]
    )
    (task,) = connection.tasks(project, list(connection.stamps(project)))
    assert task.data["text"] == text
    read, relations, faults = from_results(task.annotations[0]["result"], task.data["text"], controls, "")
    assert (tuple(read), relations, faults) == (sent.spans, list[Relation](), [])


def _config() -> str:
    from tests.conftest import REPOSITORY

    return (REPOSITORY / "annotation" / "label_config.xml").read_text("utf-8")


def _answer(name: str, text: str) -> dict[str, Any]:
    number = name.rpartition("_")[2]
    return {"id": name, "from_name": name, "to_name": f"item_{number}", "type": "textarea", "value": {"text": [text]}}


def _draft(connection: Connection, task: int, project: int, results: list[Result]) -> None:
    """What the page does while an annotator works."""
    http = connection._client._client_wrapper.httpx_client.httpx_client
    headers = connection._client._client_wrapper.get_headers()
    answer = http.post(
        f"{connection.url}/api/tasks/{task}/drafts?project={project}",
        headers=headers,
        json={"result": results, "lead_time": 1},
    )
    assert answer.status_code == 201


def test_titles_are_what_projects_are_found_by() -> None:
    assert title_of("reader-a") == "kakuyaku reader-a"
