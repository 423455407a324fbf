"""The actor registry, annotation/actors.csv: who can hold, carry out, benefit from or convey a position."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, fields

from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project

NARRATOR, UNNAMED = "narrator", "unnamed"  # reserved ids that no row of the registry has


@dataclass(frozen=True, slots=True)
class Actor:
    """One row of the registry, cells as stored: an empty cell is an empty string, lists are joined by ``|``."""

    id: str
    kind: str
    name_ja: str
    name_en: str
    aliases_ja: str
    aliases_bound: str
    country: str
    wikidata: str
    wikidata_source: str
    represents: str
    office: str
    office_from: str
    office_to: str
    office_rank: str
    office_source: str
    seeds: str
    mentions: str
    notes: str


def read_actors(project: Project) -> dict[str, Actor]:
    """The registry by id, in the order of the file.

    Raises:
        Failure: the file is missing, or has other columns.
    """
    path = project.annotation / "actors.csv"
    rows = csv.DictReader(io.StringIO(read_bytes(path).decode("utf-8"), newline=""))
    names = [field.name for field in fields(Actor)]
    if rows.fieldnames != names:
        raise Failure(Finding("CSV001", project.shown(path), f"expected the columns {', '.join(names)}"))
    return {row["id"]: Actor(**row) for row in rows}


def principal(actors: Mapping[str, Actor], id: str) -> str:
    """The end of the chain of ``represents``: a spokesperson leads to the state. A reserved id is its own end."""
    while id in actors and actors[id].represents:
        id = actors[id].represents
    return id
