"""Taking an article in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kakuyaku.adding import add
from kakuyaku.checks import check
from kakuyaku.dataset.publish import build
from kakuyaku.findings import Failure
from kakuyaku.project import Project
from tests.texts import HARBOUR, RAILWAY, SCHOOL


def state(project: Project) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in sorted(project.root.rglob("*"))
        if path.is_file() and "lock" not in path.name
    }


def test_an_added_article_is_built_without_any_other_edit(project: Project, tmp_path: Path) -> None:
    new = tmp_path / "new.txt"
    new.write_bytes(
        b"\xef\xbb\xbf" + "図書館が夜も開く\r\n\r\n町は3日、図書館を夜も開けると決めた。費用は市が持つ。\r\n".encode()
    )
    before = project.splits.read_text("utf-8")
    assignment = add(project, new, {"url": "https://aozora.example/1", "published_on": "2030-04-03"})
    assert (project.seeds / f"{assignment.article_id}.txt").read_bytes() == new.read_bytes()
    assert project.splits.read_text("utf-8").startswith(before)
    assert check(project.root) == []
    rows = [row for table in build(project).tables["articles"].values() for row in table.to_pylist()]
    (row,) = [row for row in rows if row["article_id"] == assignment.article_id]
    assert (row["title"], row["published_on"], row["published_on_basis"]) == (
        "図書館が夜も開く",
        "2030-04-03",
        "inferred",
    )
    assert "\r" not in row["text"]


def test_the_first_article_of_an_empty_folder(tmp_path: Path) -> None:
    new = tmp_path / "a.txt"
    new.write_text(RAILWAY, encoding="utf-8")
    (tmp_path / "p").mkdir()
    project = Project(tmp_path / "p")
    assert add(project, new, {}).article_id.startswith("000_")
    assert check(project.root) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HARBOUR.encode(), "DUP001"),
        ((HARBOUR + "\n人気記事\n  • 橋\n").encode(), "DUP001"),
        (HARBOUR.replace("三隻", "四隻").encode(), "DUP003"),
        ("図書館は夜も開くことになったと、町は述べた。".encode("cp932"), "ENC001"),
        (b"\n", "RAW001"),
        ("メニュー\n関連記事\n".encode(), "CLN001"),
    ],
)
def test_what_is_refused_changes_nothing(project: Project, tmp_path: Path, data: bytes, code: str) -> None:
    before = state(project)
    (tmp_path / "new.txt").write_bytes(data)
    with pytest.raises(Failure) as caught:
        add(project, tmp_path / "new.txt", {})
    assert [finding.code for finding in caught.value.findings] == [code]
    assert state(project) == before


@pytest.mark.parametrize(
    "known",
    [{"published_on": "2030-02-30"}, {"url": "ftp://x"}, {"event_id": "Not A Slug"}, {"published_on_basis": "guessed"}],
)
def test_wrong_facts_are_refused(project: Project, tmp_path: Path, known: dict[str, str]) -> None:
    before = state(project)
    (tmp_path / "new.txt").write_text("図書館が夜も開く\n\n町は3日、図書館を夜も開けると決めた。\n", encoding="utf-8")
    with pytest.raises(Failure, match="VAL00"):
        add(project, tmp_path / "new.txt", known)
    assert state(project) == before


def test_articles_of_one_event_share_a_split(make_project: Callable[..., Project], tmp_path: Path) -> None:
    project = make_project({"school": SCHOOL})
    splits = set()
    for number, text in enumerate((HARBOUR, RAILWAY)):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
        splits.add(add(project, tmp_path / f"{number}.txt", {"event_id": "one-event"}).split)
    assert len(splits) == 1
