"""Building: the same bytes everywhere, whole or not at all, and never edited by hand."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kakuyaku import files
from kakuyaku.checks import check
from kakuyaku.dataset.publish import build, compare, make
from kakuyaku.files import JOURNAL, STAGE
from kakuyaku.findings import Failure
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


STEPS = ("_write_synced", "_sync_folder", "_switch_folder", "_exchange")


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours may catch it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, at: int, after: bool) -> None:
    """Die before (or after) the ``at``-th step that touches the disk, and let no clean-up run, as SIGKILL would."""
    count = 0

    def wrapped(step: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if count == at and not after:
                raise Killed
            result = step(*args, **kwargs)
            if count == at and after:
                raise Killed
            return result

        return call

    for name in STEPS:
        monkeypatch.setattr(files, name, wrapped(getattr(files, name)))
    monkeypatch.setattr(shutil, "rmtree", lambda *a, **k: None)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_step_leaves_the_old_or_the_new_state(
    make_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    project = make_project({"harbour": HARBOUR})
    build(project)
    old = tree(project.dataset)
    changed = HARBOUR.replace("三隻", "四隻")
    (project.seeds / "harbour.txt").write_bytes(changed.encode())
    import hashlib

    manifest = project.manifest.read_text("utf-8").replace(
        hashlib.sha256(HARBOUR.encode()).hexdigest(), hashlib.sha256(changed.encode()).hexdigest()
    )
    project.manifest.write_text(manifest, encoding="utf-8")
    new = dict(make(project).files)
    assert new != old
    steps = 0
    while True:
        steps += 1
        shutil.rmtree(project.dataset)
        for name, data in old.items():
            (project.dataset / name).parent.mkdir(parents=True, exist_ok=True)
            (project.dataset / name).write_bytes(data)
        with monkeypatch.context() as patched:
            kill_at(patched, steps, after)
            try:
                build(project)
            except Killed:
                pass
            else:
                break
        assert tree(project.dataset) in (old, new)
        files.recover(project.root)
        assert tree(project.dataset) in (old, new)
        assert not (project.root / STAGE).exists() and not (project.root / JOURNAL).exists()
    assert steps > 8
    assert tree(project.dataset) == new


def test_a_real_kill_leaves_a_whole_dataset(built: Project) -> None:
    old = tree(built.dataset)
    script = "import os\n" + SCRIPT.replace("build(", "import kakuyaku.files as f\nold = f._switch_folder\n"
        "f._switch_folder = lambda *a: os.kill(os.getpid(), 9)\nbuild(")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", script, str(built.root)], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert tree(built.dataset) == old
    assert (built.root / JOURNAL).exists()
    build(built)
    assert tree(built.dataset) == old
    assert not (built.root / JOURNAL).exists()


def test_an_empty_split_is_left_out(make_project: Callable[..., Project]) -> None:
    project = make_project({"harbour": HARBOUR})
    built = build(project)
    assert {name for found in built.tables.values() for name in found} == {"train"}
    assert check(project.dataset) == []
