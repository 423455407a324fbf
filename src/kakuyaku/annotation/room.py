"""The files of ``annotation/``: reading them, and all that is wrong with each of them and among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kakuyaku.annotation.actors import Registry, read_actors
from kakuyaku.annotation.rules import check_annotation, check_header
from kakuyaku.articles import Article
from kakuyaku.cleaning import clean
from kakuyaku.contract import check_record
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project
from kakuyaku.records import parse_json
from kakuyaku.seeds import Seed, read_seeds

GOLD = "gold"  # the annotator named in annotation/gold/
_JUDGEMENT = "ACKQRT"  # the groups of rules that judge what was decided, not how it is stored


@dataclass(frozen=True)
class Room:
    """What the files of one project's annotation are judged against."""

    project: Project
    seeds: Mapping[str, Seed]
    actors: Registry
    annotators: frozenset[str]
    cleaned: dict[str, Article] = field(default_factory=dict)

    def article(self, id: str) -> Article:
        """The cleaned article of a seed, cleaned once."""
        if id not in self.cleaned:
            self.cleaned[id] = clean(self.seeds[id].raw.text)
        return self.cleaned[id]


def open_room(project: Project, seeds: Iterable[Seed] | None = None) -> tuple[Room, list[Finding]]:
    """The room of a project, and the findings of its registry and its list of annotators."""
    findings: list[Finding] = []
    actors, annotators = Registry({}), frozenset[str]()
    if project.actors.exists():
        actors, findings = read_actors(read_bytes(project.actors), project.shown(project.actors))
    if project.annotators.exists():
        annotators, faults = read_annotators(read_bytes(project.annotators), project.shown(project.annotators))
        findings += faults
    known = seeds if seeds is not None else read_seeds(project)[0]
    return Room(project, {seed.id: seed for seed in known}, actors, annotators), findings


def read_annotators(data: bytes, path: str) -> tuple[frozenset[str], list[Finding]]:
    """The ids in the bytes of ``annotators.json``, and all that is wrong with it."""
    try:
        records = parse_json(data, path)
    except Failure as failure:
        return frozenset(), failure.findings
    if not isinstance(records, list):
        return frozenset(), [Finding("VAL001", path, "holds no list of annotators", at="$")]
    findings: list[Finding] = []
    ids: set[str] = set()
    for index, record in enumerate(records):
        faults = list(check_record("annotator", record, path, root=f"$[{index}]"))
        findings += faults
        if not faults and record["id"] in ids | {GOLD}:
            findings.append(Finding("F08", path, f"{record['id']} stands twice or is reserved", at=f"$[{index}].id"))
        if not faults:
            ids.add(record["id"])
    return frozenset(ids), findings


def read_orphans(data: bytes, path: str) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The records of a file of orphans (schemas/orphan.schema.json), and all that is wrong with it."""
    try:
        records = parse_json(data, path)
    except Failure as failure:
        return [], failure.findings
    if not isinstance(records, list):
        return [], [Finding("VAL001", path, "holds no list of orphans", at="$")]
    pairs = enumerate(records)
    return records, [f for index, record in pairs for f in check_record("orphan", record, path, root=f"$[{index}]")]


def check_room(project: Project, seeds: Iterable[Seed]) -> Iterator[Finding]:
    """All findings of ``annotation/`` but those of the splits."""
    room, findings = open_room(project, seeds)
    yield from findings
    for path in annotation_paths(project):
        yield from check_file(room, path)
    for path in sorted(project.orphans.rglob("*.json")):
        yield from read_orphans(read_bytes(path), project.shown(path))[1]


def annotation_paths(project: Project) -> list[Path]:
    """Every annotation and adjudication file of a project, sorted."""
    patterns = ((project.passes, "*/*.json"), (project.gold, "*.json"), (project.adjudication, "*.json"))
    return [path for folder, pattern in patterns for path in sorted(folder.glob(pattern))]


def check_file(room: Room, path: Path) -> list[Finding]:
    """Findings of one annotation or adjudication file, wherever it lies."""
    shown = room.project.shown(path)
    try:
        record = parse_json(read_bytes(path), shown)
    except Failure as failure:
        return [Finding(f.code, shown, f.message, f.line, f.column, f.at, f.fix) for f in failure.findings]
    kind = "adjudication" if isinstance(record, dict) and "items" in record else "annotation"
    if faults := list(check_record(kind, record, shown)):
        return faults
    faults = list(_check_place(room, path, shown, record))
    seed = room.seeds.get(record["article_id"])
    if seed is None:
        return [*faults, Finding("D01", shown, f"{record['article_id']} is not in the manifest", at="$.article_id")]
    if kind == "adjudication":
        return [*faults, *_check_adjudication(room, record, seed, shown)]
    found = list(
        check_annotation(record, seed.raw.text, room.article(seed.id), room.actors, shown, seed.record["published_on"])
    )
    if path.is_relative_to(room.project.passes) and (room.project.gold / path.name).exists():
        # once adjudicated, a pass is evidence that nobody may mend: only its form is still checked
        found = [finding for finding in found if not _is_judgement(finding.code)]
    return faults + found


def _is_judgement(code: str) -> bool:
    return len(code) == 3 and code[0] in _JUDGEMENT


def _check_place(room: Room, path: Path, shown: str, record: Mapping[str, Any]) -> Iterator[Finding]:
    """F06 and F08, for files inside the project."""
    project = room.project
    if not path.is_relative_to(project.annotation):
        return
    if path.stem != record["article_id"]:
        yield Finding("F06", shown, f"it annotates {record['article_id']}", at="$.article_id")
    if "annotator" not in record:
        return
    folder = GOLD if path.parent == project.gold else path.parent.name
    if record["annotator"] != folder:
        yield Finding("F06", shown, f"its annotator is {record['annotator']}, its folder {folder}", at="$.annotator")
    elif folder != GOLD and folder not in room.annotators:
        yield Finding("F08", shown, f"{folder} is not in annotators.json", at="$.annotator")


def _check_adjudication(room: Room, record: Mapping[str, Any], seed: Seed, shown: str) -> Iterator[Finding]:
    # rulings are history: they are not moved to a new text, and only those on the present one are compared with it
    header = list(check_header(record, seed.raw.text, shown))
    yield from (finding for finding in header if finding.code != "STL001")
    raw, seen = seed.raw.text, set[str]()
    named = [(f"$.annotators[{index}]", id_) for index, id_ in enumerate(record["annotators"])]
    for index, item in enumerate(record["items"]):
        at, where = f"$.items[{index}]", item["where"]
        named.append((f"{at}.by", item["by"]))
        if item["id"] in seen:
            yield Finding("S08", shown, f"the id {item['id']} stands twice", at=f"{at}.id")
        seen.add(item["id"])
        stale = any(finding.code == "STL001" for finding in header)
        if not stale and raw[where["start"] : where["end"]] != where["quote"]:
            message = f"{item['id']}: the text there is “{raw[where['start'] : where['end']][:40]}”"
            yield Finding("S03", shown, message, at=f"{at}.where")
    for at, id_ in named:
        if id_ not in room.annotators:
            yield Finding("F08", shown, f"{id_} is not in annotators.json", at=at)
