"""Building: the same bytes everywhere, whole or not at all, and never edited by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kakuyaku.checks import check
from kakuyaku.dataset.publish import build, compare
from kakuyaku.findings import Failure
from kakuyaku.journal import JOURNAL, STAGE
from kakuyaku.project import Project
from tests.conftest import REPOSITORY
from tests.texts import ARTICLES, HARBOUR

SCRIPT = """
import sys
from pathlib import Path
from kakuyaku.project import Project
from kakuyaku.dataset.publish import build
build(Project(Path(sys.argv[1])))
"""


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


ENVIRONMENTS = [
    {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242", "PYTHONUTF8": "0"},
    {"TZ": "UTC", "LC_ALL": "POSIX", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"},
]


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda e: str(e["TZ"]))
def test_same_bytes_in_other_time_zones_locales_hash_seeds_and_folders(
    built: Project, make_project: Callable[..., Project], environment: dict[str, str]
) -> None:
    reversed_articles = dict(reversed(ARTICLES.items()))
    other = make_project(reversed_articles, name="別の フォルダー")
    for source in (built.splits,):
        shutil.copy(source, other.splits)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(other.root)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert tree(other.dataset) == tree(built.dataset)


def test_twice_gives_the_same_and_check_agrees(built: Project) -> None:
    before = tree(built.dataset)
    build(built)
    assert tree(built.dataset) == before
    assert compare(built) == []
    assert check(built.root) == []


def test_the_repository_s_dataset_is_what_its_inputs_give() -> None:
    assert compare(Project(REPOSITORY)) == []


@pytest.mark.parametrize("edit", ["card", "parquet", "extra", "missing", "input"])
def test_check_sees_every_edit_by_hand(built: Project, edit: str) -> None:
    match edit:
        case "card":
            (built.dataset / "README.md").write_text("nicer", encoding="utf-8")
        case "parquet":
            path = built.dataset / "segments/test-00000-of-00001.parquet"
            path.write_bytes(path.read_bytes() + b"\0")
        case "extra":
            (built.dataset / "dataset.py").write_text("", encoding="utf-8")
        case "missing":
            (built.dataset / "sentences/train-00000-of-00001.parquet").unlink()
        case "input":
            built.splits.write_text(
                built.splits.read_text("utf-8").replace("school,test", "school,train"), encoding="utf-8"
            )
    assert {finding.code for finding in compare(built)} == {"BLD001"}


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda p: (p.seeds / "school.txt").write_bytes("学校".encode("cp932")), "ENC00"),
        (lambda p: (p.seeds / "school.txt").unlink(), "FS001"),
        (lambda p: (p.seeds / "school.txt").write_bytes(b""), "RAW001"),
        (lambda p: p.manifest.write_bytes(p.manifest.read_bytes()[:-40]), "JSN001"),
        (lambda p: p.manifest.unlink(), "FS001"),
        (lambda p: p.splits.unlink(), "FS001"),
        (lambda p: p.splits.write_bytes(b"article_id,split\n"), "CSV001"),
    ],
)
def test_bad_inputs_leave_the_old_dataset(built: Project, damage: Callable[[Project], object], code: str) -> None:
    before = tree(built.dataset)
    damage(built)
    with pytest.raises(Failure) as caught:
        build(built)
    assert any(finding.code.startswith(code) for finding in caught.value.findings)
    assert tree(built.dataset) == before
    assert not (built.root / STAGE).exists() and not (built.root / JOURNAL).exists()


def test_all_findings_come_at_once(built: Project) -> None:
    (built.seeds / "school.txt").write_bytes(b"\xff")
    (built.seeds / "harbour.txt").unlink()
    built.splits.write_text(
        built.splits.read_text("utf-8").replace("railway,validation", "railway,holdout"), encoding="utf-8"
    )
    assert {finding.code for finding in check(built.root)} >= {"ENC002", "FS001", "VAL002"}


def test_an_empty_split_is_left_out(make_project: Callable[..., Project]) -> None:
    project = make_project({"harbour": HARBOUR})
    built = build(project)
    assert {name for found in built.tables.values() for name in found} == {"train"}
    assert check(project.dataset) == []
