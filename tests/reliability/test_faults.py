"""Commands disturbed at every step; that no step is overlooked, and that this harness finds what is planted."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from kakuyaku import journal, transactions
from kakuyaku.files import writing
from kakuyaku.findings import Failure
from kakuyaku.journal import JOURNAL, STAGE
from kakuyaku.locks import LOCK, locked, settle, take_lock
from kakuyaku.transactions import Transaction
from tests.conftest import REPOSITORY
from tests.reliability.faults import full_disk, points, power, racing, surroundings
from tests.reliability.faults.commands import COMMANDS, Command
from tests.reliability.faults.forks import in_fork, shared
from tests.reliability.faults.surroundings import SURROUNDINGS, Surroundings
from tests.reliability.faults.trying import BEFORE, KILL, TORN, Bench, Disturbance, Point, rooms
from tests.reliability.faults.watching import SCRATCH, watch

Benches = Callable[[str], Bench]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Benches:
    """The bench of a command, made once."""

    @cache
    def make(name: str) -> Bench:
        return Bench.make(COMMANDS[name], tmp_path_factory.mktemp("bench") / "bench")

    return make


def troubles(bench: Bench, tried: list[Point]) -> list[str]:
    found = shared(bench.troubles, tried, bench.folder, lambda done, of: None)
    return [trouble for each in found for trouble in each]


@pytest.mark.parametrize("name", ["add", "reanchor", "clean"])
def test_disturbed_at_every_step(bench: Benches, name: str) -> None:
    tried = [point for found in points(bench(name), whole=False).values() for point in found]
    assert troubles(bench(name), tried) == []


def test_a_build_killed_at_every_step(tmp_path: Path) -> None:
    """Without loading it back, which takes long and changes nothing outside its scratch folder."""
    from kakuyaku.dataset import publish

    def load_nothing() -> None:
        publish.verify_loads = lambda folder, built, cache: None

    bench = planted(tmp_path, "build", load_nothing)
    assert troubles(bench, bench.points(KILL, moments=(BEFORE, TORN))) == []


@pytest.mark.parametrize("name", ["add", "add the first article", "reanchor"])
def test_the_power_fails(bench: Benches, name: str) -> None:
    found = power.failures(bench(name))
    assert len(found) > 10
    assert shared(lambda failure: power.troubles(bench(name), failure), found, bench(name).folder, lambda *_: None) == [
        []
    ] * len(found)


@pytest.mark.parametrize("what", [full_disk.PAGES, full_disk.FILES, full_disk.SIZE])
def test_a_full_disk(bench: Benches, what: str, tmp_path: Path) -> None:
    if what != full_disk.SIZE and not full_disk.can_mount(tmp_path):
        pytest.skip("no right to mount a file system here; the limit on the size of files stands for it")
    tried, found = full_disk.filled(bench("add"), what)
    assert found == []
    assert tried > 2


@pytest.mark.parametrize("each", SURROUNDINGS, ids=lambda each: f"{each.command}: {each.name}")
def test_surroundings(bench: Benches, each: Surroundings) -> None:
    assert surroundings.troubles(bench(each.command), each) == []


def test_eight_processes_lose_nothing(tmp_path: Path) -> None:
    refused, found = racing.race(tmp_path, 8, 3)
    assert found == []
    assert refused > 0


def test_nohup_is_obeyed(bench: Benches) -> None:
    root = bench("add").fresh()

    def ignoring() -> int:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        watch(root, Disturbance(Point("SIGHUP", BEFORE, 8)))
        return bench("add").command.run(root)

    assert in_fork(ignoring, bench("add").said) == 0
    assert rooms(root) == bench("add").new


# -- no step is overlooked -----------------------------------------------------------------------------------------

CALLS = {
    "open": "open", "openat": "open", "creat": "open", "mkdir": "mkdir", "mkdirat": "mkdir", "rmdir": "rmdir",
    "unlink": "unlink", "unlinkat": "unlink", "rename": "rename", "renameat": "rename", "renameat2": "rename",
    "link": "link", "linkat": "link", "symlink": "symlink", "symlinkat": "symlink", "mknod": "mknod",
    "mknodat": "mknod", "truncate": "truncate", "ftruncate": "truncate", "fallocate": "truncate", "write": "write",
    "pwrite64": "write", "writev": "write", "pwritev": "write", "pwritev2": "write", "sendfile": "write",
    "copy_file_range": "write", "splice": "write", "mmap": "mmap", "fsync": "fsync", "fdatasync": "fsync",
    "sync_file_range": "fsync", "msync": "fsync", "syncfs": "fsync", "chmod": "chmod", "fchmod": "chmod",
    "fchmodat": "chmod", "chown": "chown", "fchown": "chown", "fchownat": "chown", "lchown": "chown",
    "utimensat": "utime", "setxattr": "setxattr", "fsetxattr": "setxattr", "lsetxattr": "setxattr",
}  # fmt: skip


def seen_by_the_kernel(trace: str, root: Path) -> Iterator[str]:
    """The system calls of an strace that change something below ``root``, in the form of the steps."""
    for line in trace.splitlines():
        match = re.match(r"\d+ +(\w+)\((.*)", line)
        if match is None or (kind := CALLS.get(match[1])) is None:
            continue
        given = match[2].rpartition(") = ")[0] or match[2]
        if kind == "open" and not any(
            flag in given for flag in ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND")
        ):
            continue
        if kind == "mmap" and not ("MAP_SHARED" in given and "PROT_WRITE" in given):
            continue
        if "AT_REMOVEDIR" in given:
            kind = "rmdir"
        if "RENAME_EXCHANGE" in given:
            kind = "exchange"
        # a path in quotes counts from the folder before it, if it is relative; a handle alone names its file
        names = [
            os.path.join(folder or "", path) if path is not None and path != "" else folder  # noqa: PTH118
            for folder, path in re.findall(r'(?:[\w-]+<([^>]*)>)?(?:, )?(?:"([^"]*)")?', given)
            if folder or path
        ]
        named = [name for name in names if name == str(root) or name.startswith(f"{root}/")]
        if kind in ("write", "fsync", "truncate", "mmap", "chmod"):
            named = named[:1]
        below = [os.path.relpath(name, root) for name in named if not name.startswith(f"{root}/{SCRATCH}")]
        if below and match[1].endswith("at") and len(names) > len(named):
            below = below[-1:]
        if below:
            yield f"{kind} {' '.join(below)}"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace shows what the kernel saw; it is not installed")
@pytest.mark.parametrize("name", ["add", "build"])
def test_the_steps_are_what_the_kernel_saw(bench: Benches, name: str, tmp_path: Path) -> None:
    root = tmp_path.resolve() / "project"
    shutil.copytree(bench(name).folder / "template", root)
    report, trace = tmp_path / "report", tmp_path / "trace"
    calls = ",".join(f"?{call}" for call in CALLS)
    command = ["strace", "-f", "--seccomp-bpf", "-y", "-s", "0", "-o", str(trace), "-e", f"trace={calls}"]
    command += [sys.executable, "-m", "tests.reliability.faults", name, str(root), str(report)]
    path = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path})
    if "ptrace" in done.stderr.lower():
        pytest.skip(f"strace may not look here: {done.stderr.strip()[:100]}")
    assert done.returncode == 0, done.stderr
    seen = list(seen_by_the_kernel(trace.read_text("utf-8", "replace"), root))
    assert seen == report.read_text("utf-8").splitlines()
    assert len(seen) == len(bench(name).steps) > 20


# -- what is planted is found --------------------------------------------------------------------------------------


def planted(tmp_path: Path, name: str, plant: Callable[[], object]) -> Bench:
    """A bench whose command has a defect."""
    sound = COMMANDS[name]

    def run(root: Path) -> int:
        plant()
        return sound.run(root)

    return Bench.make(Command(sound.name, sound.prepare, run, sound.again), tmp_path / "bench")


def write_in_place() -> None:
    """Files are written where they belong, one after the other."""

    def write(self: Transaction, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(data)

    Transaction.write = write  # type: ignore[method-assign]


def forget_the_way_back() -> None:
    """An error leaves the names switched that were switched before it."""
    put = journal._put
    journal._put = lambda staged, target, back: put(staged, target, ExitStack())


def never_sync() -> None:
    """What was written may be lost with the power."""
    setattr(os, "fsync", lambda handle: None)  # noqa: B010 (mypy knows better what it is)


def keep_the_stage() -> None:
    """Nothing is swept."""
    setattr(shutil, "rmtree", lambda *_, **__: None)  # noqa: B010 (mypy knows better what it is)


def test_writing_in_place_is_found(tmp_path: Path) -> None:
    bench = planted(tmp_path, "add", write_in_place)
    assert any("a mixture" in each for each in troubles(bench, bench.points(KILL, moments=(BEFORE, TORN))))
    assert any("changed" in each for each in troubles(bench, bench.points("ENOSPC", moments=(BEFORE,))))


def test_names_that_stay_switched_are_found(tmp_path: Path) -> None:
    bench = planted(tmp_path, "reanchor", forget_the_way_back)
    found = troubles(bench, bench.points("EIO", moments=(BEFORE,)))
    assert any("a mixture" in each for each in found) and any("exit 3, and changed" in each for each in found)


def test_a_reader_that_sees_a_mixture_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kakuyaku import checks
    from kakuyaku.commands import console

    for module in (checks, console):
        monkeypatch.setattr(module, "settle", lambda root: None)
    bench = Bench.make(COMMANDS["add"], tmp_path / "bench")
    assert any("a reader sees" in each for each in troubles(bench, bench.points(KILL, moments=(BEFORE,))))


def test_a_missing_sync_is_found(tmp_path: Path) -> None:
    bench = planted(tmp_path, "reanchor", never_sync)
    assert [each for failure in power.failures(bench) for each in power.troubles(bench, failure)]


def test_a_stage_that_stays_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        planted(tmp_path, "add", keep_the_stage)


def test_a_race_without_locks_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    _, found = racing.race(tmp_path, 8, 3)
    assert found


# -- journals, locks and temporary files of others -----------------------------------------------------------------


def staged(root: Path, name: str) -> None:
    """A journal that switches one file to ``name``."""
    (root / STAGE).mkdir()
    (root / STAGE / "0").write_bytes(b"new")
    digest = journal._digest(root / STAGE / "0")
    (root / JOURNAL).write_text(json.dumps([[name, digest]]), "ascii")


@pytest.mark.parametrize("name", ["../outside.txt", "link/outside.txt", "/outside.txt"])
def test_a_journal_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    root, outside = tmp_path / "p", tmp_path / "other"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    staged(root, name.replace("/outside", f"{outside}/outside") if name[0] == "/" else name)
    with pytest.raises(Failure, match="FS003"):
        settle(root)
    assert sorted(path.name for path in tmp_path.rglob("outside.txt")) == []


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[["a"]]', "\0\0", "[" * 100])
def test_a_journal_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / JOURNAL).write_text(text, "ascii")
    with pytest.raises(Failure) as caught, locked(tmp_path):
        pass
    assert {finding.code for finding in caught.value.findings} == {"FS005"}
    assert (tmp_path / JOURNAL).exists()


def test_a_copied_project_is_recovered(tmp_path: Path) -> None:
    """A journal knows its files by content: in a copy they have other inodes."""
    one = tmp_path / "one"
    one.mkdir()
    staged(one, "folder/file.txt")
    shutil.copytree(one, tmp_path / "two")
    settle(tmp_path / "two")
    assert (tmp_path / "two/folder/file.txt").read_bytes() == b"new"
    assert not (tmp_path / "two" / JOURNAL).exists() and not (tmp_path / "two" / STAGE).exists()


def test_locks_that_fail_are_no_other_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(Failure, match="FS005 cannot be locked"), locked(tmp_path):
        pass
    with pytest.raises(Failure, match="FS005 cannot be locked"):
        take_lock(tmp_path / "lock")


def test_a_lock_that_is_left_meanwhile_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A holder that leaves has removed its number before: who comes in between waits for what follows."""
    with (tmp_path / LOCK).open("wb") as left:
        fcntl.flock(left, fcntl.LOCK_EX)
        monkeypatch.setattr(time, "sleep", lambda _: fcntl.flock(left, fcntl.LOCK_UN))
        with locked(tmp_path):
            assert (tmp_path / LOCK).read_text("ascii").strip() == str(os.getpid())


def test_two_writers_of_one_file(tmp_path: Path) -> None:
    with writing(tmp_path / "out") as file:
        file.write(b"one")
        with pytest.raises(Failure, match="FS006"), writing(tmp_path / "out"):
            pass
    assert (tmp_path / "out").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_was_staged_in_part_is_never_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file, a caller that swallows the failure, and a commit."""

    def half(path: Path, data: bytes) -> None:
        path.write_bytes(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "file").write_bytes(b"old")
    with Transaction(tmp_path) as transaction:
        with monkeypatch.context() as patched, pytest.raises(Failure, match="FS005"):
            patched.setattr(transactions, "write_synced", half)
            transaction.write(tmp_path / "file", b"new content")
        with pytest.raises(Failure, match="FS005"):
            transaction.commit()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"old")]
