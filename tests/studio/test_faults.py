"""Work taken back from a real server, disturbed at every step of writing it: the old state or the new, nothing lost.

The server is asked once, and its answers are given again to every run: what is disturbed is the writing here.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kakuyaku.annotation.room import Room
from kakuyaku.studio.adjudicating import adjudication_title, open_disagreements, send_disagreements
from kakuyaku.studio.connection import Connection, Task
from kakuyaku.studio.controls import read_controls
from kakuyaku.studio.conversion import to_results
from kakuyaku.studio.pulling import pull
from kakuyaku.studio.pushing import config_of, push, title_of
from tests.reliability.faults import points, power
from tests.reliability.faults.commands import Command, cli
from tests.reliability.faults.forks import shared
from tests.reliability.faults.trying import Bench
from tests.studio.corpora import copies, invented, new_annotator, sound, store, submit, tasks_of


@dataclass(frozen=True)
class Answers:
    """What a server has said of one project; stands for the connection to it."""

    url: str
    title: str
    id: int
    times: Mapping[int, str]
    whole: Mapping[int, Task]

    @classmethod
    def of(cls, connection: Connection, title: str) -> Answers:
        id_ = connection.find_project(title)
        assert id_ is not None
        times = connection.stamps(id_)
        return cls(connection.url, title, id_, times, {task.id: task for task in connection.tasks(id_, sorted(times))})

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def find_project(self, title: str) -> int | None:
        return self.id if title == self.title else None

    def stamps(self, project: int) -> Mapping[int, str]:
        return self.times

    def tasks(self, project: int, ids: Sequence[int]) -> list[Task]:
        return [self.whole[id_] for id_ in ids]

    def page(self, project: int, task: int | None = None) -> str:
        return f"{self.url}/projects/{project}/data" + (f"?task={task}" if task is not None else "")


def with_work(room: Room, connection: Connection, reader: str) -> None:
    """The reader submits every article; the first of them changes a pass that is here."""
    controls = read_controls(config_of(room))
    store(room, replace(drawn := sound("article-0000", reader), relations=drawn.relations[1:]))
    push(room, connection, reader)
    for id_, task in tasks_of(connection, reader).items():
        submit(connection, task, to_results(sound(id_, reader), controls))


def pulling(connection: Connection, root: Path) -> tuple[Answers, list[str]]:
    reader = new_annotator()
    room = invented(root, copies(3), reader)
    with_work(room, connection, reader)
    return Answers.of(connection, title_of(reader)), ["studio", "pull", "--annotator", reader]


def ruling(connection: Connection, root: Path) -> tuple[Answers, list[str]]:
    one, other, judge = new_annotator(), new_annotator(), new_annotator()
    room = invented(root, copies(2), one, other, judge)
    for reader in (one, other):
        with_work(room, connection, reader)
        pull(room, connection, reader)
    send_disagreements(room, connection, one, other, open_disagreements(room, one, other))
    title = adjudication_title(one, other)
    for task in tasks_of(connection, title.removeprefix("kakuyaku ")).values():
        submit(connection, task, task.predictions[one])
    return Answers.of(connection, title), ["adjudicate", "--passes", one, other, "--pull", "--by", judge]


Prepare = Callable[[Connection, Path], tuple[Answers, list[str]]]


@pytest.mark.parametrize("prepare", [pulling, ruling], ids=["studio pull", "adjudicate --pull"])
def test_disturbed_at_every_step(
    connection: Connection, prepare: Prepare, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, arguments = prepare(connection, tmp_path / "prepared")

    def run(root: Path) -> int:
        for name in ("studio", "adjudicate"):  # (a command's module is hidden behind the command's name)
            setattr(sys.modules[f"kakuyaku.commands.{name}"], "connect", lambda project: answers)  # noqa: B010
        return cli(root, *arguments)

    def copy(root: Path) -> None:
        shutil.copytree(tmp_path / "prepared", root, dirs_exist_ok=True)

    bench = Bench.make(Command(" ".join(arguments[:2]), copy, run), tmp_path / "bench")
    assert any("annotation/" in path for step in bench.steps for path in step.paths)
    tried = points(bench, whole=False)
    every = [point for found in tried.values() for point in found]
    found = [trouble for each in shared(bench.troubles, every, bench.folder, lambda *_: None) for trouble in each]
    failures = power.failures(bench)
    lost = shared(lambda failure: power.troubles(bench, failure), failures, bench.folder, lambda *_: None)
    found += [trouble for each in lost for trouble in each]
    with capsys.disabled():
        counts = ", ".join(f"{len(points_)} {kind}" for kind, points_ in tried.items())
        print(
            f"\n{bench.command.name}: {len(bench.steps)} steps; {counts}, {len(failures)} power failures; "
            f"{len(found)} not as promised"
        )
    assert found == []
