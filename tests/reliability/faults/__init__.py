"""Commands killed, interrupted and refused at every step, on full and failing disks, by many processes at once.

Steps are enumerated, not sampled (:mod:`.watching`): at each a fork of this process is killed before and after it and in
the middle of a write, a signal or an error of the disk strikes, or the power fails; then it is looked at what is there
(:mod:`.trying`). Between two steps nothing changes on the disk, so the form for each change kills before every step and
in the middle of every write; signals and errors take turns there, and no disk is filled by a build. The whole form tries
everything at every step.

The commands that talk to a Label Studio are disturbed in the same way in ``tests/studio/test_faults.py``, where there is
a real one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.reliability.faults import full_disk, power, racing, surroundings
from tests.reliability.faults.commands import COMMANDS, Command
from tests.reliability.faults.forks import shared
from tests.reliability.faults.trying import AFTER, BEFORE, ERRORS, KILL, SIGNALS, TORN, Bench, Point
from tests.reliability.figures import Figure, Progress

IN_SHORT = ("add", "add the first article", "reanchor", "clean", "build")
SHOWN = 5  # failures in a figure's row
T = TypeVar("T")


@dataclass
class Count:
    """How often something was tried, and all that was not as promised."""

    tried: int = 0
    troubles: list[str] = field(default_factory=list)

    def add(self, tried: int, troubles: Sequence[Sequence[str]]) -> None:
        self.tried += tried
        self.troubles += [trouble for found in troubles for trouble in found]


def turns(points: Sequence[Point]) -> list[Point]:
    """One point for each step: what happens there takes turns."""
    by_step: dict[tuple[int, str], list[Point]] = {}
    for point in points:
        by_step.setdefault((point.number, point.moment), []).append(point)
    return [found[number % len(found)] for number, found in enumerate(by_step.values())]


def points(bench: Bench, whole: bool) -> dict[str, list[Point]]:
    """What is tried on a command: kills, signals, errors of the disk."""
    moments = (BEFORE, TORN, AFTER)
    last = [Point(KILL, AFTER, bench.steps[-1].number)]
    kills = bench.points(KILL, moments=moments if whole else moments[:2]) + ([] if whole else last)
    signals = bench.points(*SIGNALS, moments=moments[:2] if whole else moments[:1])
    errors = bench.points(*ERRORS, moments=moments[:2] if whole else moments[:1])
    return {
        "kills": kills,
        "signals": signals if whole else turns(signals),
        "errors": errors if whole else turns(errors),
    }


def figures(whole: bool, progress: Progress) -> list[Figure]:
    """The figures of catalogue items 59 to 65 that need no server."""
    counts = {name: Count() for name in ("kills", "signals", "errors", "power", "full", "surroundings")}
    commands = [COMMANDS[name] for name in (COMMANDS if whole else IN_SHORT)]
    done, steps = 0, 0

    def ticked(part: int, of: int) -> None:
        progress(done + part, max(done + of, 1))

    for command in commands:
        with tempfile.TemporaryDirectory(prefix="kakuyaku-faults-") as name:
            folder = Path(name)
            bench = Bench.make(command, folder / "bench")
            steps += len(bench.steps)

            def each(work: Callable[[T], list[str]], items: Sequence[T], bench: Bench = bench) -> list[list[str]]:
                nonlocal done
                found = shared(work, items, bench.folder, ticked)
                done += len(items)
                return found

            for kind, tried in points(bench, whole).items():
                counts[kind].add(len(tried), each(bench.troubles, tried))
            failures = power.failures(bench)
            counts["power"].add(len(failures), each(lambda one, bench=bench: power.troubles(bench, one), failures))  # type: ignore[misc]
            around = [one for one in surroundings.SURROUNDINGS if one.command == command.name]
            counts["surroundings"].add(
                len(around),
                each(lambda one, bench=bench: surroundings.troubles(bench, one), around),  # type: ignore[misc]
            )
            if whole or command.name != "build":  # which needs a page for each of many files, and loads them back
                _fill(bench, folder, counts["full"])
    processes, rounds = 8, 50 if whole else 4
    with tempfile.TemporaryDirectory(prefix="kakuyaku-faults-") as name:
        refused, lost = racing.race(Path(name), processes, rounds)
    found = [trouble for count in counts.values() for trouble in count.troubles]
    return [
        Figure("commands × their steps that change the disk", f"{len(commands)} × {steps:,} in all", "", True),
        _figure("SIGKILL: points (before, in a write, after)", counts["kills"]),
        _figure("SIGINT, SIGTERM, SIGHUP: points", counts["signals"]),
        _figure("ENOSPC, EIO, EDQUOT: points", counts["errors"]),
        _figure("power failures: different states of the disk", counts["power"]),
        _figure("full disks: runs, with room for one page (file) more each time", counts["full"]),
        _figure("surroundings: closed folders, no HOME, no TMPDIR, no locks …", counts["surroundings"]),
        Figure("mixed states and old files lost", sum("mixture" in t or "neither" in t for t in found), "0", not found),
        Figure("annotations lost", sum("annotations lost" in t for t in found), "0", not found),
        Figure(f"{processes} processes × {rounds} articles each: told to wait", refused, "more than 0", refused > 0),
        Figure("lost updates", _shown(lost), "0", not lost),
        Figure("studio pull, adjudicate --pull", "see make test-studio", "", True),
    ]


def _fill(bench: Bench, folder: Path, count: Count) -> None:
    kinds = (full_disk.PAGES, full_disk.FILES) if full_disk.can_mount(folder) else (full_disk.SIZE,)
    for kind in kinds:
        tried, troubles = full_disk.filled(bench, kind)
        count.add(tried, [troubles])


def _figure(name: str, count: Count) -> Figure:
    return Figure(f"{name}: not as promised", f"{_shown(count.troubles)} of {count.tried:,}", "0", not count.troubles)


def _shown(troubles: Sequence[str]) -> str:
    """The number of troubles, and the first of them."""
    return "\n".join([str(len(troubles)), *troubles[:SHOWN]])


__all__ = ["Command", "figures"]
