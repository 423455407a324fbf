"""A command disturbed at one step, and what its project is then: the old state or the new one, never a mixture.

The next run of the same command must give, byte for byte, what an undisturbed run gives, and leave nothing behind. A
reader is tried on what the disturbance left when that is neither the old nor the new state yet: names are being
switched, and whoever reads must not see it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kakuyaku.journal import JOURNAL
from kakuyaku.locks import LOCK
from tests.conftest import write_project
from tests.reliability.faults.commands import ADD, CLEAN, NEW, Command, cli
from tests.reliability.faults.forks import in_fork, result_of
from tests.reliability.faults.watching import Do, Step, Watch, watch
from tests.texts import HARBOUR

KILL = "SIGKILL"
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
ERRORS = ("ENOSPC", "EIO", "EDQUOT")
BEFORE, TORN, AFTER = "before", "torn", "after"
Tree = dict[str, bytes | None]
_NAMED = re.compile(r"^[^\s:][^:]*: FS00\d ", re.MULTILINE)


@dataclass(frozen=True)
class Point:
    """What happens at which step: ``what`` is a signal or an error of the disk; ``torn`` is after half of a write."""

    what: str
    moment: str
    number: int

    def __str__(self) -> str:
        return f"{self.what}:{self.moment}:{self.number}"

    @classmethod
    def parse(cls, text: str) -> Point:
        what, moment, number = text.split(":")
        return cls(what, moment, int(number))


class Disturbance(Watch):
    """Lets a :class:`Point` happen."""

    def __init__(self, point: Point) -> None:
        self.point = point

    def before(self, step: Step, half: Do | None) -> None:
        if step.number != self.point.number or self.point.moment == AFTER:
            return
        if self.point.moment == TORN:
            assert half is not None, f"step {step} cannot be torn"
            half()
        self._happen(step)

    def after(self, step: Step) -> None:
        if step.number == self.point.number and self.point.moment == AFTER:
            self._happen(step)

    def _happen(self, step: Step) -> None:
        if self.point.what in ERRORS:
            number = getattr(errno, self.point.what)
            raise OSError(number, os.strerror(number), step.paths[-1])
        os.kill(os.getpid(), getattr(signal, self.point.what))


class Notebook(Watch):
    """Writes down every step."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def before(self, step: Step, half: Do | None) -> None:
        self.steps.append(step)


@dataclass
class Bench:
    """A command with its old state, its new one and its steps; a place where it is disturbed again and again."""

    command: Command
    folder: Path
    steps: list[Step] = field(default_factory=list)
    old: Tree = field(default_factory=dict)
    new: Tree = field(default_factory=dict)
    readings: list[tuple[int, str]] = field(default_factory=list)
    _reruns: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def make(cls, command: Command, folder: Path) -> Bench:
        """Prepare the project, and run the command there undisturbed."""
        warmed()
        bench = cls(command, folder.resolve())
        template = bench.folder / "template"
        template.mkdir(parents=True)
        _demand(bench._fork(lambda: command.prepare(template)), 0, bench.said)
        bench.old = rooms(template)
        root = bench.fresh()
        bench.readings.append(bench.read(root))

        def noted() -> list[Step]:
            notebook = Notebook()
            watch(root, notebook)
            assert command.run(root) == 0
            return notebook.steps

        bench.steps = result_of(noted, bench.folder)
        bench.new = rooms(root)
        assert bench.new != bench.old and leftovers(root) == []
        bench.readings.append(bench.read(root))
        _demand(in_fork(lambda: command.run(root), bench.said), command.again, bench.said)
        assert rooms(root) == bench.new, "a second run changes something"
        return bench

    @property
    def said(self) -> Path:
        """What the last fork has printed."""
        return self.folder / f"said-by-{os.getpid()}"

    def _fork(self, work: Callable[[], None]) -> int:
        def run() -> int:
            work()
            return 0

        return in_fork(run, self.said)

    def fresh(self) -> Path:
        """The old state, in a folder of this process."""
        root = self.folder / f"project-of-{os.getpid()}"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.folder / "template", root, symlinks=True)
        return root

    def points(self, *what: str, moments: tuple[str, ...]) -> list[Point]:
        """Every point of these kinds."""
        return [
            Point(each, moment, step.number)
            for step in self.steps
            for moment in moments
            if moment != TORN or step.kind == "write"
            for each in what
        ]

    def troubles(self, point: Point) -> list[str]:
        """Disturb the command once; everything that is not as promised, with the place and how to try it again."""
        step = self.steps[point.number - 1]
        again = f"python -m tests.reliability.faults {self.command.name!r} {point}"
        return [
            f"{self.command.name}, {point.what} {point.moment} step {step}: {each} [{again}]"
            for each in self._try(point, step)
        ]

    def _try(self, point: Point, step: Step) -> Iterator[str]:
        root = self.fresh()

        def disturbed() -> int:
            watch(root, Disturbance(point))
            return self.command.run(root)

        code = in_fork(disturbed, self.said)
        said = self.said.read_text("utf-8", "replace")
        seen, left = rooms(root), leftovers(root)
        yield from self._ended(point, code, said)
        if "Traceback" in said:
            yield f"a traceback: {said[-500:]}"
        if point.what in ERRORS and code == 3 and seen != self.old:
            yield f"exit 3, and changed: {difference(seen, self.old)}"
        if point.what in ERRORS and code == 0 and seen != self.new:
            yield f"exit 0, and not done: {difference(seen, self.new)}"
        if point.what != KILL and left and not (point.what in ERRORS and step.kind in ("unlink", "rmdir")):
            yield f"left behind: {left}"
        yield from self.judged(root, killed=point.what == KILL)

    def _ended(self, point: Point, code: int, said: str) -> Iterator[str]:
        """Whether the command ended as it should."""
        if point.what == KILL:
            if code != -signal.SIGKILL:
                yield f"was not killed, but ended with {code}: {said[-300:]}"
        elif point.what in SIGNALS:
            if code != 128 + getattr(signal, point.what):
                yield f"ended with {code}: {said[-300:]}"
        elif code == 3:
            if not _NAMED.search(said):
                yield f"exit 3 without code and path: {said[-300:]}"
        elif code != 0:
            yield f"ended with {code}: {said[-300:]}"

    def judged(self, root: Path, killed: bool) -> Iterator[str]:
        """What is wrong with a project that was disturbed: now, for a reader, and after the next run.

        Args:
            killed: only then may names be half switched, and a journal must tell.
        """
        seen = rooms(root)
        if seen not in (self.old, self.new):
            if not killed or JOURNAL not in leftovers(root):
                yield f"a mixture: {difference(seen, self.old)} are not old, {difference(seen, self.new)} not new"
            copy = root.with_name(f"{root.name}-read")
            shutil.copytree(root, copy, symlinks=True)
            if (reading := self.read(copy)) not in self.readings:
                yield f"a reader sees neither state: {reading}"
            shutil.rmtree(copy)
        yield from self._next(root)

    def _next(self, root: Path) -> Iterator[str]:
        """The next run completes or repeats the work. The same leftovers lead to the same end: they are tried once."""
        state = digest({name: data for name, data in everything(root).items() if name != LOCK})
        if state not in self._reruns:
            before = rooms(root)
            code = in_fork(lambda: self.command.run(root), self.said)
            found = []
            if code not in (0, self.command.again):
                found.append(f"the next run ends with {code}: {self.said.read_text('utf-8', 'replace')[-300:]}")
            if (after := rooms(root)) != self.new:
                found.append(f"the next run gives other bytes: {difference(after, self.new)}")
            if left := leftovers(root):
                found.append(f"the next run leaves {left}")
            if lost := spans(self.old) - spans(after):
                found.append(f"annotations lost: {sorted(lost)[:5]} (before: {len(before)} files)")
            self._reruns[state] = found
        yield from self._reruns[state]

    def read(self, root: Path) -> tuple[int, str]:
        """What ``kakuyaku check`` says of a project: exit code and text."""
        code = in_fork(lambda: cli(root, "check", "--format", "json"), self.said)
        return code, self.said.read_text("utf-8", "replace")


@cache
def warmed() -> None:
    """Run the commands once in this process: what they load, its forks have."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    arguments, here = sys.argv, Path.cwd()
    with (
        tempfile.TemporaryDirectory() as name,
        Path(name, "said").open("w", encoding="utf-8") as said,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        root = write_project(Path(name, "p"), {"harbour": HARBOUR}).root
        (root / "new.txt").write_text(NEW, "utf-8")
        try:
            codes = [
                cli(root, *each)
                for each in (ADD, ("reanchor",), ("build",), ("check",), ("clean", "new.txt", *CLEAN[2:]))
            ]
        finally:
            os.chdir(here)
            sys.argv = arguments
            for number, handler in handlers.items():
                signal.signal(number, handler)
        assert codes == [0] * len(codes), (codes, Path(name, "said").read_text("utf-8"))


def everything(root: Path) -> Tree:
    """Every file (its bytes) and folder (None) below a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


def rooms(root: Path) -> Tree:
    """The project itself: without lock, stage and journal, and without what a Label Studio keeps."""
    return {
        name: data
        for name, data in everything(root).items()
        if not name.startswith(".kakuyaku-") and not _temporary(name)
    }


def _temporary(name: str) -> bool:
    return name.endswith(".tmp")


def leftovers(root: Path) -> list[str]:
    """What a command shall not leave: stage, journal, temporary files. (The lock's file stays, empty.)"""
    names = [
        name for name in everything(root) if (name.startswith(".kakuyaku-") and "/" not in name) or _temporary(name)
    ]
    return [name for name in names if name not in (LOCK, ".kakuyaku-studio")]


def spans(tree: Tree) -> set[tuple[str, str]]:
    """Annotator and id of every span in annotation/, orphans too: none may ever be lost."""
    found = set()
    for name, data in tree.items():
        if data is None or not name.startswith("annotation/") or not name.endswith(".json"):
            continue
        try:
            record = json.loads(data)
        except ValueError:
            continue  # no annotation any more
        if "orphans/" in name:
            found |= {(each["annotator"], each["span"]["id"]) for each in record}
        elif isinstance(record, dict) and "spans" in record:
            found |= {(record["annotator"], span["id"]) for span in record["spans"]}
    return found


def difference(one: Tree, other: Tree) -> list[str]:
    """The names that differ."""
    return sorted(name for name in {*one, *other} if name not in one or name not in other or one[name] != other[name])[
        :6
    ]


def digest(tree: Tree) -> str:
    """A hash of names and contents."""
    parts = [
        f"{name}\0{'' if data is None else hashlib.sha256(data).hexdigest()}" for name, data in sorted(tree.items())
    ]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _demand(code: int, wanted: int, said: Path) -> None:
    if code != wanted:
        raise AssertionError(f"ended with {code}, expected {wanted}: {said.read_text('utf-8', 'replace')}")
