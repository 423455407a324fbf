"""Files cut off after every byte: whatever is left is refused with a code, or is a whole document by itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kakuyaku.annotation.actors import read_actors
from kakuyaku.annotation.room import check_file, open_room, read_annotators
from kakuyaku.contract import columns
from kakuyaku.dataset.card import Citation
from kakuyaku.dataset.published import check_manifest
from kakuyaku.decoding import decode
from kakuyaku.findings import Failure, Finding
from kakuyaku.foreign import parse_xml
from kakuyaku.parquet import read_table
from kakuyaku.project import Project
from kakuyaku.records import parse_csv, parse_jsonl
from tests.reliability.bad_inputs import markup, parquet_tables, trees
from tests.reliability.bad_inputs.case import Case
from tests.reliability.bad_inputs.trying import lay_out
from tests.texts import HARBOUR

Read = Callable[[bytes], list[Finding]]


@dataclass(frozen=True)
class Cut:
    """One kind of file: its bytes, how it is read, and whether every cut must be refused (blanks at the end aside)."""

    kind: str
    data: bytes
    read: Read
    always: bool


def _failing(read: Callable[[bytes], object]) -> Read:
    def findings(data: bytes) -> list[Finding]:
        try:
            found = read(data)
        except Failure as failure:
            return failure.findings
        return [each for each in found if isinstance(each, Finding)] if isinstance(found, list) else []

    return findings


def cuts(folder: Path) -> Iterator[Cut]:
    """The kinds; ``folder`` is an empty one to work in."""
    tree = trees.annotated()
    lay_out(Case("truncation", tree), folder)
    room, _ = open_room(Project(folder))
    file = folder / trees.PASS

    def annotation(data: bytes) -> list[Finding]:
        file.write_bytes(data)
        return check_file(room, file)

    yield Cut("stand-off", tree[trees.PASS], annotation, True)
    yield Cut("adjudication", tree[trees.RULING], annotation, True)
    yield Cut("annotators", tree["annotation/annotators.json"], lambda data: read_annotators(data, "x")[1], True)
    yield Cut("actors", tree["annotation/actors.csv"], lambda data: read_actors(data, "x")[1], False)
    built = trees.built()
    yield Cut(
        "published manifest", built["dataset/manifest.json"], _failing(lambda d: list(check_manifest(d, "x"))), True
    )
    table = built[parquet_tables.ROWS]
    yield Cut("Parquet", table, _failing(lambda data: read_table(io.BytesIO(data), "x")), True)
    lines = built["seeds/manifest.jsonl"]
    yield Cut("manifest", lines, _failing(lambda data: [found for _, found in parse_jsonl(data, "x")]), False)
    splits = built["annotation/splits.csv"]
    yield Cut("splits", splits, _failing(lambda d: [found for _, found in parse_csv(d, "x", columns("split"))]), False)
    yield Cut("label configuration", markup.CONFIG.encode(), _failing(lambda data: parse_xml(data, "x")), True)
    yield Cut("citation", markup.YAML_OK.encode(), _failing(lambda data: Citation.parse(data, "x")), False)
    yield Cut("raw article", HARBOUR.encode(), _failing(lambda data: decode(data, "x")), False)


def tried(folder: Path, points: int | None) -> Iterator[tuple[str, int, str]]:
    """Kind, byte and fault of every cut (no fault: empty): at most about so many of a kind, or every one."""
    for cut in cuts(folder):
        step = 1 if points is None else max(1, len(cut.data) // points) | 1
        for end in range(0, len(cut.data), step):
            left = cut.data[:end]
            try:
                found = cut.read(left)
            except Exception as error:
                yield cut.kind, end, f"{type(error).__name__}: {error}"
                continue
            whole = left.strip() == cut.data.strip()
            yield cut.kind, end, "" if found or whole or not cut.always else "is accepted"
