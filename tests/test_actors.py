"""The registry of the repository, and chains of those who speak for others."""

from __future__ import annotations

import pytest

from kakuyaku.annotation.actors import Registry, read_actors
from kakuyaku.contract import labels, load
from tests.annotation_projects import BASE

PATH = BASE.parents[1] / "annotation" / "actors.csv"


@pytest.fixture(scope="module")
def registry() -> Registry:
    actors, findings = read_actors(PATH.read_bytes(), str(PATH))
    assert [str(finding) for finding in findings] == []
    return actors


@pytest.mark.parametrize(
    ("id_", "end"),
    [
        ("karoline-leavitt", "usa"),
        ("dmitry-peskov", "russia"),
        ("us-congress", "us-congress"),
        ("unnamed", "unnamed"),
        ("nobody", "nobody"),
    ],
)
def test_chain_ends_at_who_is_spoken_for(registry: Registry, id_: str, end: str) -> None:
    assert registry.resolve(id_) == end


@pytest.mark.parametrize(
    ("id_", "day", "in_office"),
    [
        ("jens-stoltenberg", "2024-02-28", True),
        ("jens-stoltenberg", "2025-08-20", False),
        ("mark-rutte", "2025-08-20", True),
        ("mark-rutte", "2024-02-28", False),
        ("josh-gruenbaum", "2026-01-02", True),
    ],
)
def test_office_dates(registry: Registry, id_: str, day: str, in_office: bool) -> None:
    assert registry.actors[id_].in_office(day) is in_office


def test_forms_lead_to_actors(registry: Registry) -> None:
    assert registry.forms["トランプ政権"] == "trump-administration"
    assert list(map(len, registry.forms)) == sorted(map(len, registry.forms), reverse=True)
    assert registry.names("united-kingdom", "英フィナンシャル・タイムズ", 0, 1), "a bound form, in its place"
    assert not registry.names("united-kingdom", "英語の記事", 0, 1)


def test_cycle_ends() -> None:
    row = "a,state,甲,A,,,AND,,,{},,,,,,,,\n"
    header = PATH.read_text(encoding="utf-8").split("\n", 1)[0] + "\n"
    data = header + row.format("b") + row.replace("a,state", "b,state").format("a")
    actors, findings = read_actors(data.encode(), "actors.csv")
    assert {finding.code for finding in findings} == {"G03"}
    assert actors.resolve("a") == "b"


def test_schema_of_annotations_has_every_layer() -> None:
    assert list(load("annotation")["$defs"]) == list(labels("span_label"))
