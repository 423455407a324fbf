"""Every step by which a process changes files below a folder: counted, told before and after, and stoppable.

Python's functions that change files are replaced, in a process that ends afterwards (a fork). That none is forgotten is
not believed but shown: ``tests/reliability/test_faults.py`` compares the steps with the system calls that the kernel
saw. Not counted is what happens in a transaction's scratch folder: it is never part of a project.
"""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakuyaku import journal
from kakuyaku.journal import STAGE

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
SCRATCH = f"{STAGE}/scratch"
Do = Callable[[], Any]


@dataclass(frozen=True)
class Step:
    """One change: which of the process, its kind, and the paths below the folder that it names."""

    number: int
    kind: str
    paths: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number} ({self.kind} {' '.join(self.paths)})"


class Watch:
    """Told of every step; :meth:`before` may raise or end the process instead of letting it happen."""

    def before(self, step: Step, half: Do | None) -> None:
        """A step is about to happen; ``half`` does half of a write."""

    def after(self, step: Step) -> None:
        """A step has happened, or failed."""


def watch(root: Path, watching: Watch) -> None:
    """Tell ``watching`` of every step of this process below ``root``, from now on."""
    real_open = io.open
    number = 0

    def below(path: Any, dir_fd: int | None = None) -> str | None:
        """The path below ``root``; None for one that lies elsewhere or is scratch."""
        whole = os.fsdecode(Path(f"/proc/self/fd/{path}").readlink() if isinstance(path, int) else path)
        if dir_fd is not None:
            whole = str(Path(f"/proc/self/fd/{dir_fd}").readlink() / whole)
        # only the folder is resolved: a step on a link is a step on the link
        whole = os.path.join(os.path.realpath(os.path.dirname(whole)), os.path.basename(whole))  # noqa: PTH118,PTH119,PTH120
        if whole == str(root):
            return "."
        inside = whole.removeprefix(f"{root}/")
        return None if inside == whole or Path(inside).is_relative_to(SCRATCH) else inside

    def taken(kind: str, paths: tuple[str | None, ...], do: Do, half: Do | None = None) -> Any:
        nonlocal number
        named = tuple(path for path in paths if path is not None)
        if not named:
            return do()
        number += 1
        step = Step(number, kind, named)
        watching.before(step, half)
        try:
            return do()
        finally:
            watching.after(step)

    class Raw(io.FileIO):
        """A file whose writes are steps."""

        def write(self, data: Any, /) -> Any:
            do = super().write
            return taken("write", (below(self.fileno()),), lambda: do(data), lambda: do(bytes(data)[: len(data) // 2]))

    def opened(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
        if not set(mode) & set("wax+") or below(file) is None:
            return real_open(file, mode, buffering, *args, **kwargs)
        assert mode in ("wb", "bw"), f"the rim opens files as bytes, not as {mode!r}"
        closing = {key: kwargs[key] for key in ("closefd", "opener") if key in kwargs}
        raw = (
            Raw(file, "wb", **closing)
            if isinstance(file, int)
            else taken("open", (below(file),), lambda: Raw(file, "wb", **closing))
        )
        return io.BufferedWriter(raw)

    def by_path(kind: str, real: Callable[..., Any], places: int) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            folders = (kwargs.get("dir_fd", kwargs.get("src_dir_fd")), kwargs.get("dst_dir_fd"))
            paths = tuple(below(path, folder) for path, folder in zip(args[:places], folders, strict=False))
            return taken(kind, paths, lambda: real(*args, **kwargs))

        return call

    def by_handle(kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(handle: int, *args: Any) -> Any:
            def half() -> Any:
                return real(handle, args[0][: len(args[0]) // 2], *args[1:])

            return taken(kind, (below(handle),), lambda: real(handle, *args), half if kind == "write" else None)

        return call

    def os_open(real: Callable[..., int]) -> Callable[..., int]:
        def call(path: Any, flags: int, *args: Any, dir_fd: int | None = None, **kwargs: Any) -> int:
            paths = (below(path, dir_fd) if flags & WRITING else None,)
            return int(taken("open", paths, lambda: real(path, flags, *args, dir_fd=dir_fd, **kwargs)))

        return call

    patched: dict[str, Callable[..., Any]] = {"open": os_open(os.open)}
    for name, kind, places in (
        ("mkdir", "mkdir", 1), ("rmdir", "rmdir", 1), ("unlink", "unlink", 1), ("remove", "unlink", 1),
        ("rename", "rename", 2), ("replace", "rename", 2), ("link", "link", 2), ("symlink", "symlink", 2),
        ("chmod", "chmod", 1), ("utime", "utime", 1), ("truncate", "truncate", 1),
    ):  # fmt: skip
        patched[name] = by_path(kind, getattr(os, name), places)
    for name, kind in (
        ("fsync", "fsync"), ("fdatasync", "fsync"), ("ftruncate", "truncate"), ("write", "write"), ("pwrite", "write"),
        ("fchmod", "chmod"),
    ):  # fmt: skip
        patched[name] = by_handle(kind, getattr(os, name))
    for name, function in patched.items():
        setattr(os, name, function)
    io.open = builtins.open = opened
    journal._exchange = by_path("exchange", journal._exchange, 2)
