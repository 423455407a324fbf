"""Taking an article in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kakuyaku.adding import add, replace_capture
from kakuyaku.checks import check
from kakuyaku.dataset.publish import build
from kakuyaku.findings import Failure
from kakuyaku.project import Project
from kakuyaku.seeds import read_replaced
from kakuyaku.splits import read_splits, splits_bytes
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


def take(project: Project, folder: Path, text: str, **known: str) -> tuple[str, str]:
    """Id and split of a text that is added."""
    (folder / "new.txt").write_text(text, encoding="utf-8")
    assignment = add(project, folder / "new.txt", known)
    return assignment.article_id, assignment.split


def remove(project: Project, article_id: str) -> None:
    """Take an article out of a project, as CONTRIBUTING.md has it."""
    (project.seeds / f"{article_id}.txt").unlink()
    lines = project.manifest.read_text("utf-8").splitlines(keepends=True)
    project.manifest.write_text("".join(line for line in lines if article_id not in line), "utf-8")


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    (tmp_path / "empty").mkdir()
    return Project(tmp_path / "empty")


def test_an_article_that_comes_back_is_what_it_was(empty: Project, tmp_path: Path) -> None:
    first = take(empty, tmp_path, SCHOOL)
    take(empty, tmp_path, RAILWAY)
    remove(empty, first[0])
    assert {finding.code for finding in check(empty.root)} == {"SPL003"}
    build(empty)  # a warning
    third = take(empty, tmp_path, HARBOUR)
    assert third[0].startswith("002_")  # no number twice
    assert take(empty, tmp_path, SCHOOL) == first
    assert check(empty.root) == []


def test_the_number_of_a_removed_article_is_not_given_again(empty: Project, tmp_path: Path) -> None:
    take(empty, tmp_path, RAILWAY)
    last, _ = take(empty, tmp_path, SCHOOL)
    remove(empty, last)
    assert take(empty, tmp_path, HARBOUR)[0].startswith("002_")


def test_an_article_joins_the_event_of_one_that_had_none_when_it_came(empty: Project, tmp_path: Path) -> None:
    """The table knows the first by its own group; the two used to come into different splits."""
    first, _ = take(empty, tmp_path, SCHOOL)
    splits = {id_: replace(assignment, split="test") for id_, assignment in read_splits(empty)[0].items()}
    empty.splits.write_bytes(splits_bytes(splits.values()))
    text = empty.manifest.read_text("utf-8")
    empty.manifest.write_text(text.replace('"event_id": null', '"event_id": "one-event"'), "utf-8")
    second, split = take(empty, tmp_path, RAILWAY, event_id="one-event")
    assert split == "test"
    assert {read_splits(empty)[0][id_].group for id_ in (first, second)} == {first}
    assert check(empty.root) == []


def test_what_would_put_an_event_into_two_splits_is_refused(project: Project, tmp_path: Path) -> None:
    text = project.manifest.read_text("utf-8")
    project.manifest.write_text(text.replace('"event_id": null', '"event_id": "one-event"', 2), "utf-8")
    before = state(project)
    with pytest.raises(Failure, match="SPL004"):
        take(project, tmp_path, "図書館が夜も開く\n\n町は3日、図書館を夜も開けると決めた。\n", event_id="one-event")
    assert state(project) == before


def test_a_last_line_without_an_end_is_not_glued_to_the_next(project: Project, tmp_path: Path) -> None:
    project.manifest.write_bytes(project.manifest.read_bytes().rstrip(b"\n"))
    take(project, tmp_path, "図書館が夜も開く\n\n町は3日、図書館を夜も開けると決めた。\n")
    assert check(project.root) == []


def test_a_corrected_capture_keeps_id_split_and_the_old_text(project: Project, tmp_path: Path) -> None:
    new = HARBOUR.replace("三隻", "四隻")
    (tmp_path / "new.txt").write_text(new, "utf-8")
    splits, lines = project.splits.read_bytes(), project.manifest.read_text("utf-8").splitlines()
    replace_capture(project, "harbour", tmp_path / "new.txt", {"publisher": "青空新聞"})
    assert (project.seeds / "harbour.txt").read_text("utf-8") == new
    assert project.splits.read_bytes() == splits
    assert project.manifest.read_text("utf-8").splitlines()[1:] == lines[1:]
    assert list(read_replaced(project)[0].values()) == [HARBOUR]
    assert check(project.root) == []
    (old,) = project.replaced.iterdir()
    old.write_bytes(old.read_bytes().replace("三隻".encode(), "五隻".encode()))
    assert {finding.code for finding in check(project.root)} == {"MAN002"}


@pytest.mark.parametrize(
    ("text", "article_id", "code"),
    [(HARBOUR, "harbour", "DUP001"), (RAILWAY, "harbour", "DUP001"), ("\n", "harbour", "RAW001"), (SCHOOL, "none", "USE001"),
     (SCHOOL.replace("八割", "七割"), "harbour", "DUP003"), ("メニュー\n関連記事\n", "harbour", "CLN001")],
)  # fmt: skip
def test_a_capture_that_is_refused_changes_nothing(
    project: Project, tmp_path: Path, text: str, article_id: str, code: str
) -> None:
    before = state(project)
    (tmp_path / "new.txt").write_text(text, "utf-8")
    with pytest.raises(Failure, match=code):
        replace_capture(project, article_id, tmp_path / "new.txt", {})
    assert state(project) == before
