"""The commands that are disturbed, each with a project in which it changes something."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kakuyaku.project import Project
from kakuyaku.splits import Assignment, splits_bytes
from tests.annotation_projects import ANNOTATOR, ARTICLE, base_annotation
from tests.annotation_projects import write_project as write_annotated
from tests.conftest import write_project
from tests.texts import HARBOUR

NEW = "図書館が夜も開く\n\n町は3日、図書館を夜も開けると決めた。費用は市が持つ。\n"


@dataclass(frozen=True)
class Command:
    """A command that changes a project.

    Attributes:
        prepare: makes the project in an empty folder.
        run: runs the command there, in a process that may end; gives the exit code.
        again: the exit code of the same command after it was done.
    """

    name: str
    prepare: Callable[[Path], None]
    run: Callable[[Path], int]
    again: int = 0


def cli(root: Path, *arguments: str) -> int:
    """Run ``kakuyaku ARGUMENT…`` in ``root``; its exit code."""
    from kakuyaku.cli import main

    os.chdir(root)
    sys.argv = ["kakuyaku", *arguments]
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)


def _change(project: Project, article: str, old: str, new: str) -> None:
    """Correct a capture: new bytes in seeds/, and in the manifest what is said of them."""
    path = project.seeds / f"{article}.txt"
    path.write_bytes(data := path.read_bytes().replace(old.encode(), new.encode()))
    records = [json.loads(line) for line in project.manifest.read_text("utf-8").splitlines()]
    for record in records:
        if record["article_id"] == article:
            record |= {"sha256": hashlib.sha256(data).hexdigest(), "n_bytes": len(data)}
    project.manifest.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")


def _built(root: Path) -> None:
    """An article whose capture was corrected since the dataset was built."""
    assert cli(write_project(root, {"harbour": HARBOUR}).root, "build") == 0
    _change(Project(root), "harbour", "三隻", "四隻")


def _built_with_gold(root: Path) -> None:
    """The same with annotation: every config has rows."""
    project, _ = write_annotated(root, {})
    project.splits.write_bytes(splits_bytes([Assignment(ARTICLE, "train", ARTICLE, "1.0")]))
    project.gold.mkdir()
    gold = {**base_annotation(), "annotator": "gold"}
    (project.gold / f"{ARTICLE}.json").write_text(json.dumps(gold, ensure_ascii=False), "utf-8")
    assert cli(root, "build") == 0
    gold["relations"] = [link for link in gold["relations"] if link["type"] != "same_position"]
    (project.gold / f"{ARTICLE}.json").write_text(json.dumps(gold, ensure_ascii=False), "utf-8")


def _with_new(root: Path) -> None:
    """A project, and beside its rooms a text to take in."""
    write_project(root, {"harbour": HARBOUR})
    (root / "new.txt").write_text(NEW, "utf-8")


def _empty_with_new(root: Path) -> None:
    """A folder that is no project yet, with a text to take in."""
    (root / "new.txt").write_text(NEW, "utf-8")


def _corrected(root: Path) -> None:
    """An annotated article whose capture was corrected: some spans move, some become orphans; in a pass and in gold."""
    project, _ = write_annotated(
        root, {"text": {"丘の上の城で": "きのう、丘の上の城で", "500人を送る": "五百人を送る"}}
    )
    project.splits.write_bytes(splits_bytes([Assignment(ARTICLE, "train", ARTICLE, "1.0")]))
    project.gold.mkdir()
    gold = {**base_annotation(), "annotator": "gold"}
    (project.gold / f"{ARTICLE}.json").write_text(json.dumps(gold, ensure_ascii=False), "utf-8")
    assert (project.passes / ANNOTATOR).is_dir()


def _with_pages(root: Path) -> None:
    """A page, and what was cleaned from an earlier one."""
    (root / "page.txt").write_text(HARBOUR, "utf-8")
    (root / "out.jsonl").write_text("{}\n", "utf-8")


ADD = ("add", "new.txt", "--url", "https://aozora.example/1")
CLEAN = ("clean", "page.txt", "--out", "out.jsonl")
COMMANDS = {
    command.name: command
    for command in (
        Command("add", _with_new, lambda root: cli(root, *ADD), again=1),
        Command("add the first article", _empty_with_new, lambda root: cli(root, *ADD), again=1),
        Command("reanchor", _corrected, lambda root: cli(root, "reanchor")),
        Command("clean", _with_pages, lambda root: cli(root, *CLEAN)),
        Command("build", _built, lambda root: cli(root, "build")),
        Command("build with annotation", _built_with_gold, lambda root: cli(root, "build")),
    )
}
