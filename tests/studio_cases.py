"""Failing and passing cases of the codes of the round trip, without a server: tasks as one would hold them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from kakuyaku.annotation.room import Room, open_room
from kakuyaku.annotation.standoff import Standoff, from_record
from kakuyaku.findings import Finding
from kakuyaku.project import Project
from kakuyaku.records import json_bytes
from kakuyaku.studio.connection import URL, Task, check_version, connect, refusal
from kakuyaku.studio.controls import read_controls
from kakuyaku.studio.conversion import Result, from_results, to_results
from kakuyaku.studio.installing import EXECUTABLE, SERVER_VERSION, executable
from kakuyaku.studio.judging import judge
from kakuyaku.studio.pulling import vanished
from kakuyaku.studio.pushing import Outgoing, compare_held, config_of, task_data
from kakuyaku.studio.ruling import Ruled, rule
from kakuyaku.studio.seen import Seen
from tests.annotation_projects import ANNOTATOR, ARTICLE, RAW, base_annotation, write_project

PAGE = "http://127.0.0.1:8080/projects/1/data?task=1"
Outcome = tuple[list[Finding], list[Finding]]
Spoil = Callable[[list[Result]], object]


def room(folder: Path) -> Room:
    """The room of the invented article."""
    return open_room(write_project(folder, {})[0])[0]


def drawn() -> Standoff:
    """Its sound annotation."""
    return from_record(base_annotation())


def task(at: Room, *results: list[Result], **data: Any) -> Task:
    """A task in which these results were submitted."""
    annotations = [{"id": number, "result": each, "was_cancelled": False} for number, each in enumerate(results)]
    return Task(1, {**task_data(ARTICLE, at.article(ARTICLE), "1.1"), **data}, annotations, [], {}, {}, "")


def results(at: Room, annotation: Standoff | None = None) -> list[Result]:
    """The results of an annotation, of the sound one by default."""
    return to_results(annotation or drawn(), read_controls(config_of(at)))


def judged(at: Room, held: Task, stored: Standoff | None = None, frozen: bool = False) -> list[Finding]:
    """The findings of a task."""
    return list(judge(at, read_controls(config_of(at)), held, PAGE, ANNOTATOR, stored, frozen).findings)


def read(at: Room, spoil: Spoil = lambda _: None) -> list[Finding]:
    """The findings of reading results that were spoilt."""
    found = results(at)
    spoil(found)
    return from_results(found, RAW, read_controls(config_of(at)), PAGE)[2]


def first(found: list[Result], **wanted: Any) -> Result:
    """The first result with these values."""
    return next(each for each in found if all(each.get(key) == value for key, value in wanted.items()))


def no_server(folder: Path) -> Outcome:
    with patch.dict(os.environ, clear=False) as environment:
        environment.pop(URL, None)
        return failing(lambda: connect(Project(folder))), failing(lambda: check_version(PAGE, SERVER_VERSION))


def token(folder: Path) -> Outcome:
    return [refusal(PAGE, 401, {"detail": "Invalid token."})], []


def version(folder: Path) -> Outcome:
    return failing(lambda: check_version(PAGE, "1.99.0")), failing(lambda: check_version(PAGE, SERVER_VERSION))


def program(folder: Path) -> Outcome:
    def named(path: str) -> list[Finding]:
        with patch.dict(os.environ, {EXECUTABLE: path}):
            return failing(executable)

    return named(str(folder / "nothing")), named(sys.executable)


def server_error(folder: Path) -> Outcome:
    return [refusal(PAGE, 500, {"detail": "database is locked"})], []


def spoilt(spoil: Spoil) -> Callable[[Path], Outcome]:
    """The case of results that were spoilt."""

    def case(folder: Path) -> Outcome:
        at = room(folder)
        return read(at, spoil), read(at)

    return case


def skipped(folder: Path) -> Outcome:
    at = room(folder)
    held = task(at, results(at))
    return judged(at, replace(held, annotations=[{**held.annotations[0], "was_cancelled": True}])), judged(at, held)


def twice(folder: Path) -> Outcome:
    at = room(folder)
    return judged(at, task(at, results(at), results(at))), judged(at, task(at, results(at)))


def gone(folder: Path) -> Outcome:
    seen = Seen(Project(folder), "", {1: {"article": ARTICLE}, 2: {"article": "other"}})
    return vanished(PAGE, seen, {2: ""}), vanished(PAGE, seen, {1: "", 2: ""})


def frozen(folder: Path) -> Outcome:
    at = room(folder)
    changed = replace(drawn(), relations=tuple(r for r in drawn().relations if r.type != "same_position"))
    held = task(at, results(at, changed))
    return judged(at, held, drawn(), frozen=True), judged(at, held, drawn())


def emptied(folder: Path) -> Outcome:
    at = room(folder)
    return judged(at, task(at, []), drawn()), judged(at, task(at, []))


def held(copies: int) -> Callable[[Path], Outcome]:
    """The case of a server that holds a task so many times."""

    def case(folder: Path) -> Outcome:
        data = task_data(ARTICLE, room(folder).article(ARTICLE), "1.1")
        sent = [Outgoing(data, {})]
        return compare_held(PAGE, sent, [data] * copies), compare_held(PAGE, sent, [data])

    return case


def ruling(
    answers: Mapping[str, str], by: str = "reader-b", earlier: str | None = None
) -> Callable[[Path], list[Finding]]:
    """The findings of a ruling on one disagreement with these fields filled in."""

    def findings(folder: Path) -> list[Finding]:
        at = room(folder)
        other = tuple(r for r in drawn().relations if r.type != "same_position")
        pair = drawn(), replace(drawn(), annotator="reader-b", relations=other)
        fields = [
            {"from_name": name, "to_name": "item_0", "type": "textarea", "id": name, "value": {"text": [text]}}
            for name, text in answers.items()
        ]
        if earlier:
            record = {"annotators": [ANNOTATOR, "reader-b"], "items": [{"by": earlier}]}
            at.project.adjudication.mkdir()
            (at.project.adjudication / f"{ARTICLE}.json").write_bytes(json_bytes(record))
        ruled = Ruled()
        held = task(at, [*results(at), *fields], annotators=[ANNOTATOR, "reader-b"])
        rule(at, read_controls(config_of(at)), held, PAGE, pair, by, ruled)
        return ruled.findings

    return findings


REASON = {"reason_0": "同じ発言ではない。", "rules_0": "R13"}


def without_reason(folder: Path) -> Outcome:
    return ruling({"rules_0": "R13"})(folder / "a"), ruling(REASON)(folder / "b")


def ruled_already(folder: Path) -> Outcome:
    return ruling(REASON, earlier=ANNOTATOR)(folder / "a"), ruling(REASON, earlier="reader-b")(folder / "b")


def failing(call: Callable[[], Any]) -> list[Finding]:
    """The findings with which a call fails."""
    from tests.made_cases import findings_of

    return findings_of(call)


STUDIO: dict[str, Callable[[Path], Outcome]] = {
    "STU001": no_server,
    "STU002": token,
    "STU003": version,
    "STU004": program,
    "STU005": server_error,
    "STU010": spoilt(lambda found: first(found, from_name="kind")["value"].update(choices=["stance", "demand"])),
    "STU011": spoilt(lambda found: first(found, id="s1", type="labels")["value"].update(labels=["actor"])),
    "STU012": spoilt(lambda found: first(found, type="relation").update(labels=[])),
    "STU013": spoilt(lambda found: first(found, id="a1")["value"].update(text="別の語")),
    "STU014": skipped,
    "STU015": twice,
    "STU016": gone,
    "STU017": frozen,
    "STU018": emptied,
    "STU020": held(0),
    "STU021": held(2),
    "STU022": without_reason,
    "STU023": ruled_already,
}
