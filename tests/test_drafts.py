"""Drafts of plain text: what is wrong with them, and the command that anchors them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kakuyaku.annotation.drafts import anchor, zone_lines
from kakuyaku.annotation.standoff import from_record
from kakuyaku.cleaning import clean
from kakuyaku.cli import app
from tests.annotation_projects import ANNOTATOR, ARTICLE, BASE, RAW, base_annotation, write_project

FOLDER = BASE / ANNOTATOR
MENTIONS = (FOLDER / f"{ARTICLE}.mentions.txt").read_text(encoding="utf-8")
TEXT = clean(RAW)


def statements() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{ARTICLE}.statements.json").read_text(encoding="utf-8"))
    return found


def codes_of(mentions: str, entries: Any) -> set[str]:
    return {finding.code for finding in anchor(TEXT, ARTICLE, ANNOTATOR, mentions, entries, "draft")[1]}


def test_zone_is_body_and_headings() -> None:
    lines = zone_lines(TEXT)
    assert 1 not in lines, "the title is outside the zone"
    assert lines[9] == "防空をめぐる議論"
    assert all(RAW.split("\n")[number - 1] == line for number, line in lines.items())


MENTION_FAULTS = [
    ("⟦丙国¦hei⟧", "⟦丙国⟧", "DRF001"),
    ("⟦丙国¦hei⟧", "⟦丙国¦hei", "DRF001"),
    ("⟦丙国¦hei⟧", "丙国¦hei⟧", "DRF001"),
    ("⟦丙国¦hei⟧", "⟦丙国¦hei¦colour=red⟧", "DRF001"),
    ("9\t", "9 ", "DRF001"),
    ("議論", "討論", "DRF002"),
    ("9\t防空", "1\t防空", "DRF003"),
]


@pytest.mark.parametrize(("old", "new", "code"), MENTION_FAULTS)
def test_faults_of_mentions(old: str, new: str, code: str) -> None:
    assert old in MENTIONS
    assert code in codes_of(MENTIONS.replace(old, new, 1), [])


STATEMENT_FAULTS: list[tuple[dict[str, Any], str | None]] = [
    ({"quote": "海の底"}, "DRF004"),
    ({"quote": "甲国が"}, None),
    ({"quote": "の"}, "DRF004"),
    ({"quote": "の", "nth": 2}, None),
    ({"line": 1}, "DRF004"),
    ({"cue": [{"quote": "海の底"}]}, "DRF004"),
    ({"colour": "red"}, "DRF005"),
    ({"holder": ["a99"]}, "DRF005"),
    ({"same_position": ["s99"]}, "DRF005"),
    ({"id": "s2"}, "DRF005"),
    ({"holder": "a12"}, "DRF005"),
    ({"cue": ["計画だ"]}, "DRF005"),
    ({"line": "11"}, "DRF004"),
]


@pytest.mark.parametrize(("change", "code"), STATEMENT_FAULTS)
def test_faults_of_statements(change: dict[str, Any], code: str | None) -> None:
    entries = statements()
    entries[5] = {**entries[5], "same_position": [], **change}
    found = codes_of(MENTIONS, entries)
    assert found == ({code} if code else set())


def test_statements_that_are_no_list() -> None:
    assert codes_of(MENTIONS, {"s1": {}}) == {"DRF005"}


def test_command_writes_what_it_can(tmp_path: Path) -> None:
    project, _ = write_project(tmp_path / "project", {})
    draft = tmp_path / ANNOTATOR
    draft.mkdir()
    (draft / f"{ARTICLE}.mentions.txt").write_text(MENTIONS, encoding="utf-8")
    arguments = ["anchor", str(draft), "--article", ARTICLE, "--project", str(project.root)]
    first = CliRunner().invoke(app, arguments)
    assert first.exit_code == 0, "without statements the mentions are numbered"
    assert "a2=タナカ(tanaka)" in first.output
    (draft / f"{ARTICLE}.statements.json").write_text(json.dumps(statements()), encoding="utf-8")
    assert CliRunner().invoke(app, arguments).exit_code == 0
    written = json.loads((draft / f"{ARTICLE}.json").read_text(encoding="utf-8"))
    assert from_record(written) == from_record(base_annotation())
    (draft / f"{ARTICLE}.mentions.txt").write_text(MENTIONS.replace("議論", "討論", 1), encoding="utf-8")
    assert CliRunner().invoke(app, arguments).exit_code == 1
