"""Small projects around one invented article, to which tests make one change each.

A change is a table (of ``annotation_cases.toml``):

- ``set``: values by place, ``"s1.kind"`` (a span and its attribute) or ``"revision"`` (the file itself)
- ``unset``: places to remove
- ``place``: spans moved to another quote, ``s1 = "quote"``, the first one in the text; ``"@5"`` is the whole line 5
- ``drop_spans``: ids of spans to remove
- ``add_spans``: tables with ``id``, ``label``, ``quote``, attributes, and ``nth`` (which of several; from 1)
- ``add_relations``, ``drop_relations``: texts such as ``"s1 holder a1"``
- ``actors``: cells by place, ``"kou.country"``; ``add_actors``: tables of cells
- ``text``: replacements in the raw text, ``old = "new"``; the manifest follows, the old text is kept
- ``adjudication``: values by place in a sound adjudication, ``"items.0.by"``
- ``rename``: other path of the annotation below ``annotation/``
- ``annotators``: values by place, ``"0.id"``
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kakuyaku.annotation.room import check_room
from kakuyaku.annotation.standoff import Span
from kakuyaku.contract import columns
from kakuyaku.decoding import decode
from kakuyaku.findings import Finding
from kakuyaku.project import Project
from kakuyaku.records import csv_bytes, json_bytes, jsonl_bytes
from kakuyaku.seeds import Seed

BASE = Path(__file__).parent / "annotation_base"
ARTICLE = "invented"
ANNOTATOR = "reader-a"
RAW = (BASE / f"{ARTICLE}.txt").read_text(encoding="utf-8")
Change = Mapping[str, Any]


def base_annotation() -> dict[str, Any]:
    """The sound annotation of the invented article."""
    record: dict[str, Any] = json.loads((BASE / ANNOTATOR / f"{ARTICLE}.json").read_text(encoding="utf-8"))
    return record


def write_project(root: Path, change: Change) -> tuple[Project, Seed]:
    """A project with the article, the registry and one annotation, changed as told."""
    project = Project(root)
    text = RAW
    for old, new in change.get("text", {}).items():
        text = text.replace(old, new)
    if text != RAW:
        _write(project.replaced / "old.txt", RAW.encode("utf-8"))
    record = _seed_record(text.encode("utf-8"))
    _write(project.manifest, jsonl_bytes([record]))
    _write(project.seeds / f"{ARTICLE}.txt", text.encode("utf-8"))
    _write(project.actors, _actors(change))
    annotators = json.loads((BASE / "annotators.json").read_text(encoding="utf-8"))
    for place, value in change.get("annotators", {}).items():
        _put(annotators, place, value)
    _write(project.annotators, json_bytes(annotators))
    name = change.get("rename", f"passes/{ANNOTATOR}/{ARTICLE}.json")
    _write(project.annotation / name, json_bytes(changed(base_annotation(), change)))
    if "adjudication" in change:
        adjudication = _adjudication()
        for place, value in change["adjudication"].items():
            _put(adjudication, place, value)
        _write(project.adjudication / f"{ARTICLE}.json", json_bytes(adjudication))
    return project, Seed(record, decode(text.encode("utf-8"), ARTICLE))


def findings_of(root: Path, change: Change) -> list[Finding]:
    """All findings about the annotation of a changed project."""
    project, seed = write_project(root, change)
    return list(check_room(project, [seed]))


def changed(record: dict[str, Any], change: Change) -> dict[str, Any]:
    """The annotation with the change made."""
    spans = {span["id"]: span for span in record["spans"]}
    for id_, quote in change.get("place", {}).items():
        spans[id_].update(_anchor(quote, 1))
    record["spans"] = [span for span in record["spans"] if span["id"] not in change.get("drop_spans", ())]
    for addition in change.get("add_spans", ()):
        added = dict(addition)
        record["spans"].append({**_anchor(added.pop("quote"), added.pop("nth", 1)), **added})
    for place, value in change.get("set", {}).items():
        owner, _, attribute = place.partition(".")
        (spans[owner] if attribute else record)[attribute or owner] = value
    for place in change.get("unset", ()):
        owner, _, attribute = place.partition(".")
        del (spans[owner] if attribute else record)[attribute or owner]
    for link in change.get("drop_relations", ()):
        record["relations"].remove(dict(zip(("from", "type", "to"), link.split(), strict=True)))
    for link in change.get("add_relations", ()):
        record["relations"].append(dict(zip(("from", "type", "to"), link.split(), strict=True)))
    return record


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _anchor(quote: str, nth: int) -> dict[str, Any]:
    if quote.startswith("@"):
        quote = RAW.split("\n")[int(quote[1:]) - 1]
    place = -1
    for _ in range(nth):
        place = RAW.index(quote, place + 1)
    span = Span.anchored(RAW, "x", "cue", place, place + len(quote))
    return {key: getattr(span, key) for key in ("start", "end", "quote", "prefix", "suffix")}


def _actors(change: Change) -> bytes:
    rows = list(csv.DictReader(io.StringIO((BASE / "actors.csv").read_text(encoding="utf-8"), newline="")))
    rows += [dict.fromkeys(columns("actor"), "") | row for row in change.get("add_actors", ())]
    by_id = {row["id"]: row for row in rows}
    for place, value in change.get("actors", {}).items():
        id_, _, column = place.partition(".")
        by_id[id_][column] = value
    return csv_bytes(rows, columns("actor"))


def _put(value: Any, place: str, new: Any) -> None:
    *parents, last = [int(part) if part.isdecimal() else part for part in place.split(".")]
    for part in parents:
        value = value[part]
    value[last] = new


def _seed_record(data: bytes) -> dict[str, Any]:
    return {
        **dict.fromkeys(columns("seed")),
        "article_id": ARTICLE,
        "file": f"{ARTICLE}.txt",
        "sha256": hashlib.sha256(data).hexdigest(),
        "n_bytes": len(data),
        "published_on": "2026-06-04",
        "published_on_basis": "printed",
        "language": "ja",
        "rights": "Invented.",
    }


def _adjudication() -> dict[str, Any]:
    base = base_annotation()
    span = next(span for span in base["spans"] if span["id"] == "s1")
    item = {
        "id": "d1",
        "origin": "disagreement",
        "layer": "statement",
        "where": {key: span[key] for key in ("start", "end", "quote")},
        "a": {"commitment_status": "offered"},
        "b": None,
        "ruling": "offered",
        "reason": "The cue says readiness.",
        "rules": ["H16"],
        "by": "reader-b",
    }
    return {
        **{key: base[key] for key in ("schema_version", "guideline_version", "article_id", "raw_sha256")},
        "annotators": ["reader-a", "reader-b"],
        "items": [item, {**item, "id": "d2", "origin": "third_reader", "a": None}],
    }
