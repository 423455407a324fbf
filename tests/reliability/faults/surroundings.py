"""Where a command may not write, and what it must do without: folders without permission, no HOME, no TMPDIR, umask."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kakuyaku.locks import LOCK
from tests.reliability.faults.commands import ADD, cli
from tests.reliability.faults.forks import in_fork
from tests.reliability.faults.trying import Bench, leftovers, rooms

FINE, REFUSED = 0, 3


@dataclass(frozen=True)
class Surroundings:
    """What is done to a command's project and process before the command, and how it must end.

    ``code`` stands in the message when it is refused.
    """

    name: str
    command: str
    closed: tuple[str, ...] = ()
    mode: int = 0o555
    change: Callable[[Path], object] = lambda root: None
    exit: int = REFUSED
    code: str = "FS004"
    run: Callable[[Path], int] | None = None


def without_powers() -> None:
    """Give up what lets root pass every permission; its own files then obey their mode, as other people's do."""
    if os.geteuid() == 0:
        header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        if ctypes.CDLL(None, use_errno=True).capset(header, data) != 0:
            raise OSError(ctypes.get_errno(), "capset")


def _no_home(root: Path) -> None:
    os.environ["HOME"] = "/nowhere"
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "HF_HOME"):
        os.environ.pop(name, None)


def _home_to_read(root: Path) -> None:
    (home := root.parent / f"home-{os.getpid()}").mkdir()
    home.chmod(0o555)
    _no_home(root)
    os.environ["HOME"] = str(home)


def _no_temporary_folder(root: Path) -> None:
    import tempfile

    os.environ["TMPDIR"] = "/nowhere"
    tempfile._candidate_tempdir_list = lambda: ["/nowhere"]  # type: ignore[attr-defined]
    tempfile.tempdir = None


def _umask(root: Path) -> None:
    os.umask(0o077)


def _no_locks(root: Path) -> None:
    """A file system that cannot lock, as NFS without its lock service."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    fcntl.flock = refuse


def _stale_lock(root: Path) -> None:
    """The lock file of a process that is dead."""
    (root / LOCK).write_text("4194304\n", "ascii")


def _by_a_reader(*arguments: str) -> Callable[[Path], int]:
    return lambda root: cli(root, *arguments)


SURROUNDINGS = [
    Surroundings("the project is closed", "build", (".",)),
    Surroundings("dataset is closed", "build", ("dataset",)),
    Surroundings("a seed is closed", "build", ("seeds/harbour.txt",), 0),
    Surroundings("the project is closed", "add", (".",)),
    Surroundings("seeds is closed", "add", ("seeds",)),
    Surroundings("annotation is closed", "add", ("annotation",)),
    Surroundings("the text is closed", "add", ("new.txt",), 0),
    Surroundings("the manifest is closed", "add", ("seeds/manifest.jsonl",), 0),
    Surroundings("the project is closed", "reanchor", (".",)),
    Surroundings("gold is closed", "reanchor", ("annotation/gold",)),
    Surroundings("annotation is closed", "reanchor", ("annotation",)),
    Surroundings("inputs are read-only", "build", ("seeds", "seeds/harbour.txt", "annotation"), exit=FINE),
    Surroundings(
        "a project to read",
        "build",
        (".", "seeds", "annotation", "dataset"),
        exit=FINE,
        run=_by_a_reader("explain", "harbour"),
    ),
    Surroundings("HOME is missing", "build", change=_no_home, exit=FINE),
    Surroundings("HOME is read-only", "build", change=_home_to_read, exit=FINE),
    Surroundings("no temporary folder", "build", change=_no_temporary_folder, exit=FINE),
    Surroundings("umask 077", "build", change=_umask, exit=FINE),
    Surroundings("umask 077", "add", change=_umask, exit=FINE),
    Surroundings("no locks", "add", change=_no_locks, code="FS005"),
    Surroundings("no locks", "build", change=_no_locks, code="FS005"),
    Surroundings("a dead process's lock", "add", change=_stale_lock, exit=FINE),
    Surroundings("no locks, only read", "build", change=_no_locks, exit=FINE, run=_by_a_reader("explain", "harbour")),
]


@contextmanager
def _closed(root: Path, each: Surroundings) -> Iterator[None]:
    modes = {name: (root / name).stat().st_mode for name in each.closed}
    try:
        for name in each.closed:
            (root / name).chmod(each.mode)
        yield
    finally:
        for name, mode in modes.items():
            (root / name).chmod(mode)


def troubles(bench: Bench, each: Surroundings) -> list[str]:
    """Run the command in these surroundings; everything that is not as promised."""
    root = bench.fresh()

    def changed() -> int:
        without_powers()
        each.change(root)
        return (each.run or bench.command.run)(root)

    with _closed(root, each):
        code = in_fork(changed, bench.said)
    said = bench.said.read_text("utf-8", "replace")
    found = []
    if code != each.exit or "Traceback" in said:
        found.append(f"ended with {code}, expected {each.exit}: {said[-300:]}")
    elif code == REFUSED and each.code not in said:
        found.append(f"does not say {each.code}: {said[-300:]}")
    wanted = bench.new if each.exit == FINE and each.run is None else bench.old
    if rooms(root) != wanted:
        found.append(f"the project is {'old' if rooms(root) == bench.old else 'neither old nor new'}")
    if left := leftovers(root):
        found.append(f"left behind: {left}")
    found += list(bench.judged(root, killed=False))
    return [f"{bench.command.name}, {each.name}: {trouble}" for trouble in found]


assert len({(each.command, each.name) for each in SURROUNDINGS}) == len(SURROUNDINGS)
assert all(each.command == ADD[0] or each.command in ("build", "reanchor") for each in SURROUNDINGS)
