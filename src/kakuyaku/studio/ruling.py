"""Rulings back from Label Studio: gold and annotation/adjudication/, both in one transaction.

A ruling counts when the submitted annotation obeys every rule and each disagreement has a reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kakuyaku.agreement.disagreements import Disagreement, disagreements, values
from kakuyaku.annotation.room import GOLD, Room
from kakuyaku.annotation.standoff import Standoff, to_bytes
from kakuyaku.annotation.store import read_annotation, read_passes
from kakuyaku.contract import check_record
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.locks import locked
from kakuyaku.records import json_bytes, parse_json
from kakuyaku.studio.adjudicating import REASON, RULES, adjudication_title, without_id, words
from kakuyaku.studio.connection import Connection, Task
from kakuyaku.studio.controls import Controls, read_controls
from kakuyaku.studio.judging import judge
from kakuyaku.studio.pushing import Progress, config_of
from kakuyaku.transactions import Transaction
from kakuyaku.versions import SCHEMA_VERSION

_ANSWER = re.compile(rf"({REASON}|{RULES})_([0-9]+)")
_RULE = re.compile(r"[A-Z][0-9]+|[0-9]+(?:\.[0-9]+)*")


@dataclass
class Ruled:
    """What came back: articles whose gold was written, those that were as they are, and the others by state."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def take_rulings(
    room: Room, connection: Connection, first: str, second: str, by: str, progress: Progress = lambda done, of: None
) -> Ruled:
    """Write gold and annotation/adjudication/ of every article that was ruled on without findings.

    Args:
        by: who rules; an id in annotation/annotators.json.

    Raises:
        Failure: USE001 for an unknown ``by`` or when nothing was sent, and all of :class:`Connection`.
    """
    if by not in room.annotators:
        raise Failure(Finding("USE001", "annotators.json", f"has no {by}", fix="Add whoever rules."))
    title = adjudication_title(first, second)
    id_ = connection.find_project(title)
    if id_ is None:
        fix = f"Run `kakuyaku adjudicate --passes {first} {second}` first."
        raise Failure(Finding("USE001", connection.url, f"has no project “{title}”", fix=fix))
    ruled, controls, project = Ruled(), read_controls(config_of(room)), room.project
    with locked(project.root), Transaction(project.root) as transaction:
        passes = read_passes(project)
        tasks = sorted(connection.stamps(id_))
        for done, task in enumerate(connection.tasks(id_, tasks), 1):
            progress(done, len(tasks))
            article = str(task.data.get("article_id"))
            pair = [passes.get(name, {}).get(article) for name in (first, second)]
            if pair[0] is None or pair[1] is None:
                continue
            gold, record, state = rule(
                room, controls, task, connection.page(id_, task.id), (pair[0], pair[1]), by, ruled
            )
            if gold is None or record is None:
                ruled.waiting.setdefault(state, []).append(article)
                continue
            files = {
                project.gold / f"{article}.json": to_bytes(gold),
                project.adjudication / f"{article}.json": json_bytes(record),
            }
            if all(path.exists() and read_bytes(path) == data for path, data in files.items()):
                ruled.unchanged.append(article)
                continue
            for path, data in files.items():
                transaction.write(path, data)
            ruled.written.append(article)
        if ruled.written:
            transaction.commit()
    return ruled


def rule(
    room: Room, controls: Controls, task: Task, url: str, pair: tuple[Standoff, Standoff], by: str, ruled: Ruled
) -> tuple[Standoff | None, dict[str, Any] | None, str]:
    """Gold and the record of the rulings of one task, None while something is missing; and its state."""
    project, article = room.project, pair[0].article_id
    names = [each.annotator for each in pair]
    paths = project.gold / f"{article}.json", project.adjudication / f"{article}.json"
    stored = read_annotation(project, paths[0]) if paths[0].exists() else None
    earlier = parse_json(read_bytes(paths[1]), str(paths[1])) if paths[1].exists() else None
    results, answers = _answers(task)
    judged = judge(room, controls, results, url, GOLD, stored)
    ruled.findings += judged.findings
    if judged.annotation is None:
        return None, None, judged.state
    others = {item["by"] for item in earlier["items"]} - {by} if earlier else set()
    if (earlier and earlier["annotators"] != names) or others:
        who = " and ".join(sorted(others)) or "others"
        ruled.findings.append(Finding("STU023", url, f"{article} was ruled on by {who}"))
        return None, None, "ruled on already"
    items = [
        _item(number, each, judged.annotation, names, answers, by)
        for number, each in enumerate(disagreements(*pair), 1)
    ]
    if missing := [item for item in items if not item["reason"]]:
        where = "; ".join(f"{item['id']} “{item['where']['quote'][:20]}”" for item in missing)
        ruled.findings.append(Finding("STU022", url, f"{article}: no reason for {where}"))
        return None, None, "without reasons"
    record = {
        "schema_version": SCHEMA_VERSION,
        "guideline_version": judged.annotation.guideline_version,
        "article_id": article,
        "raw_sha256": judged.annotation.raw_sha256,
        "annotators": names,
        "items": items,
    }
    if faults := list(check_record("adjudication", record, url)):
        ruled.findings += faults
        return None, None, "with findings"
    return judged.annotation, record, judged.state


def _answers(task: Task) -> tuple[Task, dict[tuple[str, int], str]]:
    """The task without the fields of the adjudication, and what stands in those by name and number."""
    answers: dict[tuple[str, int], str] = {}
    annotations = []
    for annotation in task.annotations:
        kept = []
        for result in annotation.get("result") or []:
            match = _ANSWER.fullmatch(str(result.get("from_name")))
            if match is None:
                kept.append(result)
            elif not annotation.get("was_cancelled"):
                texts = result.get("value", {}).get("text")
                answers[match[1], int(match[2])] = " ".join(map(str, texts if isinstance(texts, list) else [texts]))
        annotations.append({**annotation, "result": kept})
    data = {key: held for key, held in task.data.items() if key not in ("annotators", "disagreements")}
    return replace(task, data=data, annotations=annotations), answers


def _item(
    number: int,
    each: Disagreement,
    gold: Standoff,
    names: Sequence[str],
    answers: Mapping[tuple[str, int], str],
    by: str,
) -> dict[str, Any]:
    """One ruling; see schemas/adjudication.schema.json."""
    where = {"start": each.span.start, "end": each.span.end, "quote": each.span.quote}
    return {
        "id": f"d{number}",
        "origin": "disagreement",
        "layer": each.layer,
        "where": where,
        "a": each.a,
        "b": each.b,
        "ruling": _in_words(each, gold, names),
        "reason": answers.get((REASON, number - 1), "").strip(),
        "rules": _RULE.findall(answers.get((RULES, number - 1), "")),
        "by": by,
    }


def _in_words(each: Disagreement, gold: Standoff, names: Sequence[str]) -> str:
    """What gold has at the place of a disagreement, and whose reading that is."""
    present = [span for span in gold.labelled(each.layer) if span.start < each.span.end and each.span.start < span.end]
    keys = [key for key in {**(each.a or {}), **(each.b or {})} if key != "id"]
    if not present:
        held: Any = None
    else:
        nearest = min(present, key=lambda span: abs(span.start - each.span.start) + abs(span.end - each.span.end))
        of = values(gold, nearest)
        held = {key: of[key] for key in keys if key in of}
    for name, drawn in zip(names, (each.a, each.b), strict=True):
        if held == without_id(drawn):
            return f"as {name}: {words(held)}"
    return f"neither {names[0]} nor {names[1]}: {words(held)}"
