"""One case of the corpus: files, the command that reads them, and all that must come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kakuyaku.findings import Finding

Files = Mapping[str, bytes]
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that must appear: its code, how its path ends, and its line or JSON path where the file has some."""

    code: str
    path: str = ""
    line: int | None = None
    at: str | None = None


@dataclass(frozen=True)
class Case:
    """A command on files.

    Attributes:
        name: ``kind/family/what``, unique.
        files: by path, laid out before the command runs in their folder.
        argv: the command line; ``check`` is asked for JSON unless it asks for a form itself.
        exit: the exit code; 0 is a case that must be accepted.
        expected: the findings that must be there. No other code may appear, but those of ``also``.
        also: what may follow from the fault: a span in the wrong place is no form of its actor either.
        prepare: what cannot be said as a file: links, pipes, rights.
        written: the only paths that the command may write; everything else stays as it is.
        stdin: standard input.
        memory: bytes by which the process may grow at its peak; None runs the case in this process, unmeasured.
        seconds: how much CPU time it may take; ten times as long by the clock.
        mends: whether doing what the findings advise (:mod:`.mending`) must make the input accepted.
        call: instead of a command, what gives findings: for rules that no command reaches without a server.
    """

    name: str
    files: Files = field(default_factory=dict)
    argv: tuple[str, ...] = ()
    exit: int = 0
    expected: tuple[Expected, ...] = ()
    also: frozenset[str] = frozenset()
    prepare: Callable[[Path], None] | None = None
    written: tuple[str, ...] = ()
    stdin: bytes = b""
    memory: int | None = None
    seconds: float = 20.0
    mends: bool = False
    call: Callable[[Path], list[Finding]] | None = None

    @property
    def kind(self) -> str:
        return self.name.split("/", 1)[0]


def accepted(name: str, files: Files, *argv: str, **more: object) -> Case:
    """A case that must be accepted without a finding."""
    return Case(name, files, argv, **more)  # type: ignore[arg-type]


def refused(name: str, files: Files, argv: tuple[str, ...], *expected: Expected, **more: object) -> Case:
    """A case that must be refused with exactly these codes; exit 1 unless told otherwise."""
    return Case(name, files, argv, **{"exit": 1, "expected": expected, **more})  # type: ignore[arg-type]
