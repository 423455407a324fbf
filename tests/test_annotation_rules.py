"""Every rule of annotation on one invented article: one change, one code; and changes that must pass."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kakuyaku.annotation.drafts import anchor
from kakuyaku.annotation.standoff import to_bytes
from kakuyaku.cleaning import clean
from kakuyaku.findings import codes
from tests.annotation_projects import ANNOTATOR, ARTICLE, BASE, RAW, findings_of

TABLE = tomllib.loads((Path(__file__).parent / "annotation_cases.toml").read_text(encoding="utf-8"))
RULE = re.compile(r"[ACDFGKQRST]\d\d|STL001")
CLEAN = cache(clean)


@pytest.fixture(autouse=True)
def clean_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly all cases have the same text."""
    monkeypatch.setattr("kakuyaku.annotation.room.clean", CLEAN)


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: f"{case['code']}: {case['why']}")
def test_fault_is_found_alone(case: dict[str, Any], tmp_path: Path) -> None:
    findings = findings_of(tmp_path, case)
    assert {finding.code for finding in findings} == {case["code"]}, [str(finding) for finding in findings]
    assert {finding.level for finding in findings} == {case.get("level", codes()[case["code"]].level)}


@pytest.mark.parametrize("case", TABLE["accept"], ids=lambda case: case["why"])
def test_sound_annotation_passes(case: dict[str, Any], tmp_path: Path) -> None:
    assert [str(finding) for finding in findings_of(tmp_path, case)] == []


def test_every_rule_has_a_case() -> None:
    assert {code for code in codes() if RULE.fullmatch(code)} <= {case["code"] for case in TABLE["case"]}


def test_base_is_its_draft() -> None:
    folder = BASE / ANNOTATOR
    mentions = (folder / f"{ARTICLE}.mentions.txt").read_text(encoding="utf-8")
    statements = json.loads((folder / f"{ARTICLE}.statements.json").read_text(encoding="utf-8"))
    annotation, faults = anchor(clean(RAW), ARTICLE, ANNOTATOR, mentions, statements, str(folder))
    assert not faults
    assert to_bytes(annotation) == (folder / f"{ARTICLE}.json").read_bytes()


def test_of_an_adjudicated_pass_only_the_form_is_checked(tmp_path: Path) -> None:
    """Once there is gold, nobody may mend a pass: its judgements are left alone, its anchors are not."""
    gold = tmp_path / "annotation" / "gold" / f"{ARTICLE}.json"
    gold.parent.mkdir(parents=True)
    gold.write_bytes((BASE / ANNOTATOR / f"{ARTICLE}.json").read_bytes().replace(b'"reader-a"', b'"gold"'))
    assert findings_of(tmp_path, {"drop_relations": ["s8 holder a17"]}) == []
    assert {f.level for f in findings_of(tmp_path, {"set": {"s1.prefix": "x"}})} == {"error"}
