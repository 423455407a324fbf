"""A disk that is really full: a file system in memory with so many free pages, or so many free files, and no more.

It is mounted in a name space of the process's own, so nobody else sees it. Without the right to do so a limit on the
size of files stands for it, which the kernel enforces too.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.reliability.faults.forks import in_fork, result_of
from tests.reliability.faults.trying import Bench, leftovers, rooms

PAGES, FILES, SIZE = "pages", "files", "size of a file"
_NEWNS, _NEWUSER = 0x0002_0000, 0x1000_0000
_REMOUNT, _RECURSIVE, _PRIVATE = 32, 16384, 1 << 18
_MOST = 2_000


def can_mount(folder: Path) -> bool:
    """Whether a process may have file systems of its own here."""

    def attempt() -> int:
        _mount(folder, "size=64k")
        return 0

    return in_fork(attempt, folder / "mounted") == 0


def _call(name: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def _mount(place: Path, options: str, flags: int = 0) -> None:
    """Mount a file system in memory at ``place``; without ``flags`` in a new name space."""
    if not flags:
        user, group = os.getuid(), os.getgid()
        try:
            _call("unshare", _NEWNS)
        except OSError:
            _call("unshare", _NEWNS | _NEWUSER)
            for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
                Path("/proc/self", name).write_text(text, "ascii")
        _call("mount", b"none", b"/", None, _RECURSIVE | _PRIVATE, None)
    _call("mount", b"none", os.fsencode(place), b"tmpfs", flags, options.encode("ascii"))


def filled(bench: Bench, what: str) -> tuple[int, list[str]]:
    """Run a command with room for nothing, for one page (file) more, … until it succeeds: how often, and what is wrong."""
    return result_of(lambda: _limited(bench) if what == SIZE else _mounted(bench, what), bench.folder)


def _mounted(bench: Bench, what: str) -> tuple[int, list[str]]:
    root = bench.folder / f"disk-of-{os.getpid()}"
    root.mkdir()
    _mount(root, "size=64m")
    page = os.statvfs(root).f_frsize

    def narrow(free: int) -> None:
        shutil.copytree(bench.folder / "template", root, symlinks=True, dirs_exist_ok=True)
        now = os.statvfs(root)
        size, files = now.f_blocks - now.f_bfree + free, now.f_files - now.f_ffree + free
        _mount(root, f"size={size * page}" if what == PAGES else f"nr_inodes={files}", _REMOUNT)

    def widen() -> None:
        _mount(root, "size=64m,nr_inodes=10000", _REMOUNT)

    return _until_it_succeeds(bench, what, root, narrow, widen)


def _limited(bench: Bench) -> tuple[int, list[str]]:
    root = bench.folder / f"disk-of-{os.getpid()}"
    root.mkdir()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def narrow(free: int) -> None:
        shutil.copytree(bench.folder / "template", root, symlinks=True, dirs_exist_ok=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (free * 512, hard))

    return _until_it_succeeds(
        bench, SIZE, root, narrow, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    )


def _until_it_succeeds(
    bench: Bench, what: str, root: Path, narrow: Callable[[int], None], widen: Callable[[], None]
) -> tuple[int, list[str]]:
    found: list[str] = []
    for free in count():
        for item in root.iterdir():
            shutil.rmtree(item) if item.is_dir() else item.unlink()
        narrow(free)
        said_to = Path(os.devnull) if what == SIZE else bench.said  # what is said is written to a file too
        code = in_fork(lambda: bench.command.run(root), said_to)
        widen()
        said = said_to.read_text("utf-8", "replace")
        place = f"{bench.command.name}, {free} free {what}"
        if code not in (0, 3) or "Traceback" in said:
            found.append(f"{place}: ended with {code}: {said[-300:]}")
        if (seen := rooms(root)) != (bench.new if code == 0 else bench.old):
            found.append(f"{place}: exit {code}, and the project is {'old' if seen == bench.old else 'not so'}")
        if left := leftovers(root):
            found.append(f"{place}: left behind {left}")
        found += [f"{place}: {each}" for each in bench.judged(root, killed=False)]
        if code == 0:
            return free + 1, found
        if free == _MOST:
            raise AssertionError(f"{place}: still does not succeed")
    raise AssertionError
