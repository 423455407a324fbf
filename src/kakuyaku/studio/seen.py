"""What was seen on a server last: by task, its article and the server's time of its last change.

A pull asks whole only for tasks whose time has changed, and notices those that have vanished. Nothing hangs on this
memory: without it a pull looks at every task again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kakuyaku.files import read_bytes, write_private
from kakuyaku.findings import Failure
from kakuyaku.project import Project
from kakuyaku.records import json_bytes, parse_json

_NAME = "seen.json"


@dataclass
class Seen:
    """The tasks of one project on one server. ``tasks``: by id, ``article`` and ``updated_at`` (None: to look at)."""

    project: Project
    place: str
    tasks: dict[int, dict[str, Any]]

    @classmethod
    def read(cls, project: Project, url: str, id: int) -> Seen:
        """The memory of a project on a server; empty when there is none, or none that can be read."""
        place = f"{url} {id}"
        stored = _stored(project).get(place, {})
        return cls(project, place, {int(task): entry for task, entry in stored.items()})

    def note(self, held: Mapping[int, Mapping[str, Any]]) -> None:
        """Remember tasks that were sent, by their data."""
        for task, data in held.items():
            self.tasks.setdefault(task, {"article": data.get("article_id"), "updated_at": None})
        self.write()

    def changed(self, stamps: Mapping[int, str]) -> list[int]:
        """The tasks whose last change is not the one seen."""
        return [task for task, time in stamps.items() if self.tasks.get(task, {}).get("updated_at") != time]

    def vanished(self, stamps: Mapping[int, str]) -> list[int]:
        """The tasks that were seen and are no more."""
        return [task for task in self.tasks if task not in stamps]

    def write(self) -> None:
        """Store the memory."""
        tasks = {str(task): entry for task, entry in self.tasks.items()}
        write_private(self.project.studio / _NAME, json_bytes({**_stored(self.project), self.place: tasks}))


def _stored(project: Project) -> dict[str, Any]:
    path = project.studio / _NAME
    try:
        found = parse_json(read_bytes(path), str(path))
    except Failure:
        return {}
    return found if isinstance(found, dict) else {}
