"""The registry of actors: who can hold a position, for whom each one speaks, and by which forms a text names them."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pycountry

from kakuyaku.contract import check_record, columns, labels, load
from kakuyaku.findings import Failure, Finding
from kakuyaku.records import parse_csv

NARRATOR, UNNAMED = "narrator", "unnamed"  # reserved ids: the article's own voice, and a source without a name
MAX_PATTERN, MAX_CHOICES = 200, 16  # characters of a bound form; its “?” and “{”
LIST_MARK = "|"


@dataclass(frozen=True, slots=True)
class Actor:
    """One line of the registry; ``record`` holds all its cells by the types of schemas/actor.schema.json."""

    id: str
    kind: str
    forms: tuple[str, ...]
    bound: re.Pattern[str] | None
    represents: str | None
    office_from: str | None
    office_to: str | None
    record: Mapping[str, Any]

    def in_office(self, day: str) -> bool:
        """Whether an ISO date lies within the office dates, as precisely as these are known."""
        early = self.office_from is not None and day[: len(self.office_from)] < self.office_from
        late = self.office_to is not None and day[: len(self.office_to)] > self.office_to
        return not (early or late)


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

    @cached_property
    def forms(self) -> dict[str, str]:
        """Actor id by form (aliases of texts), longest form first."""
        pairs = [(form, actor.id) for actor in self.actors.values() for form in actor.forms]
        return dict(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))

    def names(self, id: str, raw: str, start: int, end: int) -> bool:
        """Whether ``raw[start:end]`` is a form of the actor, its name, or matches its bound form at that place."""
        actor = self.actors[id]
        if raw[start:end] in (*actor.forms, actor.record["name_ja"], actor.record["name_en"]):
            return True
        match = actor.bound.match(raw, start) if actor.bound else None
        return match is not None and match.end() == end


def read_actors(data: bytes, path: str) -> tuple[Registry, list[Finding]]:
    """The registry of the bytes of ``actors.csv``, and all that is wrong with it; rows off the schema are left out."""
    findings: list[Finding] = []
    rows: list[tuple[int, dict[str, Any]]] = []
    try:
        lines = list(parse_csv(data, path, columns("actor")))
    except Failure as failure:
        return Registry({}), failure.findings
    for number, cells in lines:
        if isinstance(cells, Finding):
            findings.append(cells)
            continue
        record = _typed(cells)
        if faults := list(check_record("actor", record, path, number)):
            findings += faults
        else:
            findings += _check_row(record, path, number)
            rows.append((number, record))
    findings += _check_rows(rows, path)
    return registry_of(record for _, record in rows), findings


def registry_of(records: Iterable[Mapping[str, Any]]) -> Registry:
    """The registry of typed records, such as the rows of the published table ``actors``."""
    return Registry({record["id"]: _actor(record) for record in records})


def _typed(cells: Mapping[str, str]) -> dict[str, Any]:
    """The cells by the types of the schema: lists split, whole numbers read, empty cells null."""
    record: dict[str, Any] = {}
    for name, rule in load("actor")["properties"].items():
        cell, wanted = cells[name], rule["type"]
        if wanted == "array":
            record[name] = cell.split(LIST_MARK) if cell else []
        elif "integer" in wanted and cell.isdecimal() and len(cell) < 20:
            record[name] = int(cell)
        else:
            record[name] = None if cell == "" and "null" in wanted else cell
    return record


def _actor(record: Mapping[str, Any]) -> Actor:
    return Actor(
        id=record["id"],
        kind=record["kind"],
        forms=tuple(record["aliases_ja"]),
        bound=_pattern(record["aliases_bound"]),
        represents=record["represents"],
        office_from=record["office_from"],
        office_to=record["office_to"],
        record=record,
    )


def _pattern(text: str | None) -> re.Pattern[str] | None:
    """The compiled pattern; None without one, and where it is malformed or could run for ever (G07 tells)."""
    if not text or _may_run_away(text):
        return None
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return None


def _may_run_away(pattern: str) -> bool:
    """Whether a pattern repeats without bound, repeats a group, or is too long for a form of a name."""
    bare = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", pattern)
    repeats = re.findall(r"[*+]|\{[0-9]*,\}|\)\{", bare)
    return bool(repeats) or bare.count("?") + bare.count("{") > MAX_CHOICES or len(pattern) > MAX_PATTERN


def _check_row(record: Mapping[str, Any], path: str, line: int) -> Iterator[Finding]:
    """Rules G04, G05 (source), G07, G08, G09."""

    def finding(code: str, message: str, column: str) -> Finding:
        return Finding(code, path, f"{record['id']}: {message}", line, at=f"$.{column}")

    country = record["country"]
    if country is not None and pycountry.countries.get(alpha_3=country) is None:
        yield finding("G04", f"{country} is no code of ISO 3166-1 alpha-3", "country")
    if country is None and labels("actor_kind")[record["kind"]].extra.get("country"):
        yield finding("G04", f"a {record['kind']} needs a country", "country")
    if record["wikidata"] and not record["wikidata_source"]:
        yield finding("G05", f"{record['wikidata']} has no source", "wikidata_source")
    if record["aliases_bound"] and _pattern(record["aliases_bound"]) is None:
        yield finding("G07", f"{record['aliases_bound']} does not compile, or could run for ever", "aliases_bound")
    dates = {name: record[name] for name in ("office_from", "office_to") if record[name]}
    for name, value in dates.items():
        if not _is_date(value):
            yield finding("G08", f"{value} is no date", name)
    if len(dates) == 2 and dates["office_to"] < dates["office_from"][: len(dates["office_to"])]:
        yield finding("G08", f"the office ends {dates['office_to']}, before it starts", "office_to")
    if record["office_rank"] is not None and record["kind"] != "person":
        yield finding("G08", f"a {record['kind']} has no office rank", "office_rank")
    if record["kind"] == "person" and record["represents"] is None:
        yield finding("G09", "a person who speaks for nobody", "represents")


def _is_date(value: str) -> bool:
    year, month, day = (int(part) for part in (value + "-01-01")[:10].split("-"))
    return year > 0 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _check_rows(rows: list[tuple[int, dict[str, Any]]], path: str) -> Iterator[Finding]:
    """Rules G01, G03, G05 (unique), G06: what ties the rows together."""
    keys: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for line, record in rows:
        keys["id"].append((record["id"], line))
        keys["wikidata"] += [(record["wikidata"], line)] if record["wikidata"] else []
        keys["aliases_ja"] += [(form, line) for form in record["aliases_ja"]]
    for code, column in (("G01", "id"), ("G05", "wikidata"), ("G06", "aliases_ja")):
        first: dict[str, int] = {}
        for value, line in keys[column]:
            if value in first:
                message = f"{value} stands in line {first[value]} too"
                yield Finding(code, path, message, line, at=f"$.{column}")
            first.setdefault(value, line)
    parents = {record["id"]: record["represents"] for _, record in rows}
    for line, record in rows:
        seen, id_ = {record["id"]}, record["represents"]
        while id_ is not None and id_ in parents and id_ not in seen:
            seen.add(id_)
            id_ = parents[id_]
        if id_ is not None:
            what = "leads back to itself" if id_ in seen else f"leads to {id_}, which has no line"
            yield Finding("G03", path, f"{record['id']}: represents {what}", line, at="$.represents")
