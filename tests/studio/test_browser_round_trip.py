"""The five articles through the labelling page itself: nothing changes that nobody changed, and what is drawn arrives."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from kakuyaku.annotation.standoff import Relation, Span, to_bytes
from kakuyaku.annotation.store import read_annotation, read_gold
from kakuyaku.project import Project
from kakuyaku.studio.adjudicating import adjudication_title, open_disagreements, send_disagreements
from kakuyaku.studio.connection import Connection
from kakuyaku.studio.pulling import pull
from kakuyaku.studio.pushing import push
from kakuyaku.studio.ruling import take_rulings
from tests.studio.browser import SUBMIT, open_task
from tests.studio.corpora import codes, five_articles, new_annotator, project_id, tasks_of

ARTICLE = "004_d215715090ea4faa"
STATEMENT = "共同生産についても「ウクライナにも、アメリカにも必要だ"
TIME = "金曜日"


def test_gold_submitted_as_it_is_comes_back_as_it_went(
    connection: Connection,
    screen: Any,
    tmp_path: Path,
) -> None:
    reader = new_annotator()
    room = five_articles(tmp_path, reader)
    push(room, connection, reader, suggestions="gold")
    project = project_id(connection, reader)
    for task in tasks_of(connection, reader).values():
        open_task(screen, connection.url, project, task.id, instructed=True).submit()
    pulled = pull(room, connection, reader)
    assert codes(pulled.findings) == set() and len(pulled.written) == 5
    for id_, gold in read_gold(room.project).items():
        path = room.project.passes / reader / f"{id_}.json"
        assert path.read_bytes() == to_bytes(replace(gold, annotator=reader))


def test_one_span_and_one_relation_more(
    connection: Connection,
    screen: Any,
    keys: dict[tuple[str, str], str],
    tmp_path: Path,
) -> None:
    reader = new_annotator()
    room = five_articles(tmp_path, reader)
    push(room, connection, reader, [ARTICLE], suggestions="gold")
    project, task = project_id(connection, reader), tasks_of(connection, reader)[ARTICLE]
    page = open_task(screen, connection.url, project, task.id, instructed=True)
    page.draw(keys["span", "time"], TIME)
    page.select(TIME)
    page.tick("表明日")
    page.write("value", "2025-07")
    page.relate(STATEMENT, TIME, "time")
    page.submit()
    pulled = pull(room, connection, reader)
    assert codes(pulled.findings) == set() and pulled.written == [ARTICLE]
    gold = read_gold(room.project)[ARTICLE]
    raw = room.seeds[ARTICLE].raw.text
    times = {int(span.id[1:]) for span in gold.labelled("time")}
    start = raw.index(TIME)
    drawn = Span.anchored(
        raw, f"t{max(times, default=0) + 1}", "time", start, start + len(TIME), time_role="announced", value="2025-07"
    )
    statement = next(span.id for span in gold.labelled("statement") if span.quote == STATEMENT)
    expected = replace(
        gold,
        annotator=reader,
        spans=(*gold.spans, drawn),
        relations=(*gold.relations, Relation(statement, "time", drawn.id)),
    )
    assert read_annotation(room.project, room.project.passes / reader / f"{ARTICLE}.json") == expected


def test_a_ruling_needs_its_reasons(
    connection: Connection,
    server: Project,
    screen: Any,
    tmp_path: Path,
) -> None:
    """Two passes that differ in two places: the page holds the submission back until both reasons are written."""
    judge = new_annotator()
    room = five_articles(tmp_path, judge)
    for folder in (room.project.gold, room.project.adjudication):
        (folder / f"{ARTICLE}.json").unlink()
    open_ = {ARTICLE: open_disagreements(room, "lm-a", "lm-b")[ARTICLE]}
    send_disagreements(room, connection, "lm-a", "lm-b", open_)
    title = adjudication_title("lm-a", "lm-b").removeprefix("kakuyaku ")
    task = tasks_of(connection, title)[ARTICLE]
    page = open_task(screen, connection.url, project_id(connection, title), task.id)
    screen.locator(SUBMIT).click()
    screen.locator(".ant-modal-confirm-btns button").click()
    for number in range(len(open_[ARTICLE])):
        field = screen.locator(f'input[name="reason_{number}"]')
        field.fill(f"理由{number}")
        field.press("Enter")
    page.submit()
    ruled = take_rulings(room, connection, "lm-a", "lm-b", judge)
    assert codes(ruled.findings) == set() and ruled.written == [ARTICLE]
    record = json.loads((room.project.adjudication / f"{ARTICLE}.json").read_bytes())
    assert [item["reason"] for item in record["items"]] == [f"理由{n}" for n in range(len(open_[ARTICLE]))]
    assert {item["ruling"].partition(":")[0] for item in record["items"]} <= {"as lm-a", "as lm-b"}
