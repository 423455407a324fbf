"""The registry of actors: who can hold, carry out, benefit from or convey a position, and for whom each one speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kakuyaku.contract import check_record, columns, load
from kakuyaku.findings import Finding
from kakuyaku.records import parse_csv

NARRATOR, UNNAMED = "narrator", "unnamed"  # reserved ids: the article's own voice, and a source without a name


@dataclass(frozen=True, slots=True)
class Actor:
    """One line of the registry; ``record`` holds all its cells by the types of schemas/actor.schema.json."""

    id: str
    kind: str
    represents: str | None
    record: Mapping[str, Any]


@dataclass(frozen=True)
class Registry:
    """All actors by id, in the order of the file."""

    actors: Mapping[str, Actor]

    def get(self, id: str) -> Actor | None:
        return self.actors.get(id)

    def kind(self, id: str) -> str | None:
        """The kind of an actor; None for reserved and unknown ids."""
        return actor.kind if (actor := self.actors.get(id)) else None

    def resolve(self, id: str) -> str:
        """The end of the ``represents`` chain: Leavitt → White House → usa. Reserved and unknown ids stay."""
        seen = {id}
        while (actor := self.actors.get(id)) and actor.represents and actor.represents not in seen:
            id = actor.represents
            seen.add(id)
        return id


def read_actors(data: bytes, path: str) -> tuple[Registry, list[Finding]]:
    """The registry in the bytes of ``actors.csv``, and all that is wrong with its lines."""
    findings: list[Finding] = []
    found: dict[str, Actor] = {}
    for number, cells in parse_csv(data, path, columns("actor")):
        if isinstance(cells, Finding):
            findings.append(cells)
            continue
        record = _typed(cells)
        findings += check_record("actor", record, path, number)
        found[record["id"]] = Actor(record["id"], record["kind"], record["represents"], record)
    return Registry(found), findings


def _typed(cells: Mapping[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, rule in load("actor")["properties"].items():
        cell = cells[name]
        if rule["type"] == "array":
            record[name] = cell.split("|") if cell else []
        elif "integer" in rule["type"]:
            record[name] = int(cell) if cell.isdigit() else (cell or None)
        else:
            record[name] = cell if cell or "null" not in rule["type"] else None
    return record


def registry_of(records: Iterable[Mapping[str, Any]]) -> Registry:
    """The registry of typed records, such as the rows of the published table ``actors``."""
    return Registry({row["id"]: Actor(row["id"], row["kind"], row["represents"], row) for row in records})
