"""Checks of a published dataset: files against hashes, rows against schemas, offsets against text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from kakuyaku.annotation.actors import registry_of
from kakuyaku.dataset.row_checks import SplitRows, check_annotation_rows
from kakuyaku.contract import arrow_schema, check_record, load
from kakuyaku.decoding import text_sha256
from kakuyaku.findings import Failure, Finding
from kakuyaku.dataset.published import MANIFEST, Published, identity
from kakuyaku.dataset.tables import CONFIGS, REGISTRY, logical_sha256

Rows = list[dict[str, Any]]
Tables = dict[str, dict[str, pa.Table]]


def check_dataset(folder: Path, shown: str) -> list[Finding]:
    """All findings of a published dataset. ``shown`` is its path in the messages."""
    try:
        return check_published(Published.open(folder, shown))
    except Failure as failure:
        return failure.findings


def check_published(published: Published) -> list[Finding]:
    """All findings of a dataset whose manifest is sound: files first, then tables, then what ties them together."""
    manifest, shown = published.manifest, published.shown
    findings, tables = _read_files(published)
    if findings:
        return findings
    for config, splits in tables.items():
        for split, table in splits.items():
            findings += _check_table(manifest["configs"][config][split], config, table, shown)
    if identity({(c, s): e["logical_sha256"] for c, s, e in published.entries()}) != manifest["logical_sha256"]:
        findings.append(Finding("DAT003", f"{shown}/{MANIFEST}", "logical_sha256 is not that of its tables"))
    # the order of rows is looked at last: other faults explain themselves better
    return findings or list(_check_rows(tables, manifest, shown)) or list(_check_order(tables, manifest, shown))


def _read_files(published: Published) -> tuple[list[Finding], Tables]:
    findings: list[Finding] = []
    tables: Tables = {}
    try:
        published.read(published.manifest["card"])
    except Failure as failure:
        findings += failure.findings
    for config, split, entry in published.entries():
        try:
            tables.setdefault(config, {})[split] = published.table(entry)
        except Failure as failure:
            findings += failure.findings
    return [*findings, *published.unlisted()], tables


def _check_table(entry: Mapping[str, Any], config: str, table: pa.Table, shown: str) -> Iterator[Finding]:
    path = f"{shown}/{entry['file']}"
    if config not in CONFIGS:
        yield Finding("DAT004", path, f"config {config} is unknown; expected {', '.join(CONFIGS)}")
        return
    kind = CONFIGS[config]
    expected = arrow_schema(kind)
    if not table.schema.equals(expected):
        wrong = sorted(set(map(str, table.schema)) ^ set(map(str, expected)))
        yield Finding("DAT004", path, f"differs in {'; '.join(wrong[:4]) or 'the order of its columns'}")
        return
    if table.num_rows != entry["rows"] or logical_sha256(table, kind) != entry["logical_sha256"]:
        yield Finding("DAT003", path, f"its {table.num_rows} rows are not the {entry['rows']} of the manifest")
    rows = table.to_pylist()
    for number, row in enumerate(rows):
        yield from check_record(kind, row, path, root=f"$[{number}]")
    key = load(kind)["x-key"]
    keys = [tuple(row[part] for part in key) for row in rows]
    seen: set[tuple[Any, ...]] = set()
    for number, own in enumerate(keys):
        if own in seen:
            yield Finding("DAT008", path, f"{', '.join(map(str, own))} stands twice", at=f"$[{number}]")
        seen.add(own)


def _check_order(
    tables: Mapping[str, Mapping[str, pa.Table]], manifest: Mapping[str, Any], shown: str
) -> Iterator[Finding]:
    """Rows that are not in the order of their key."""
    for config, splits in tables.items():
        key = load(CONFIGS[config])["x-key"]
        for split, table in splits.items():
            keys = [tuple(row[part] for part in key) for row in table.select(key).to_pylist()]
            for number, (before, own) in enumerate(pairwise(keys), 1):
                if own < before:
                    path = f"{shown}/{manifest['configs'][config][split]['file']}"
                    yield Finding("P14", path, f"{', '.join(map(str, own))} belongs further up", at=f"$[{number}]")


def _check_rows(
    tables: Mapping[str, Mapping[str, pa.Table]], manifest: Mapping[str, Any], shown: str
) -> Iterator[Finding]:
    """What ties the tables of a split together."""

    def rows(config: str, split: str) -> tuple[str, Rows]:
        table = tables.get(config, {}).get(split)
        entry = manifest["configs"].get(config, {}).get(split, {"file": config})
        return f"{shown}/{entry['file']}", [] if table is None else table.to_pylist()

    for split in tables.get("articles", {}):
        article_path, article_rows = rows("articles", split)
        articles = {row["article_id"]: row for row in article_rows}
        segment_path, segments = rows("segments", split)
        sentence_path, sentences = rows("sentences", split)
        if broken := list(_partition(articles, segments, segment_path, article_path)):
            yield from broken
            continue  # every offset would disagree too
        segment_ids = {row["segment_id"] for row in segments}
        raw = {id_: "".join(row["text"] for row in segments if row["article_id"] == id_) for id_ in articles}
        for path, found in ((segment_path, segments), (sentence_path, sentences)):
            for number, row in enumerate(found):
                at = f"$[{number}]"
                article = articles.get(row["article_id"])
                if article is None or row["segment_id"] not in segment_ids:
                    yield Finding("DAT007", path, f"{row['article_id']}, {row['segment_id']}: not there", at=at)
                    continue
                if row["start"] is not None and article["text"][row["start"] : row["end"]] != row["text"]:
                    yield Finding("DAT006", path, f"text[{row['start']}:{row['end']}] is another text", at=at)
                if raw[row["article_id"]][row["raw_start"] : row["raw_end"]] != row["text"]:
                    yield Finding("DAT006", path, f"raw[{row['raw_start']}:{row['raw_end']}] is another text", at=at)
        registry = registry_of(row for each in tables.get(REGISTRY, {}) for row in rows(REGISTRY, each)[1])
        found_rows = {config: rows(config, split) for config in CONFIGS}
        yield from check_annotation_rows(
            SplitRows({c: r for c, (_, r) in found_rows.items()}, {c: p for c, (p, _) in found_rows.items()}, registry)
        )
    yield from _events(tables, lambda split: rows("articles", split))
    article_splits = tables.get("articles", {})
    for config, splits in tables.items():
        for split in sorted(set(splits) - set(article_splits)) if config != REGISTRY else ():
            yield Finding("DAT007", rows(config, split)[0], f"no article stands in the split {split}")


def _events(
    tables: Mapping[str, Mapping[str, pa.Table]], articles: Callable[[str], tuple[str, Rows]]
) -> Iterator[Finding]:
    """Events whose articles stand in two splits."""
    split_of: dict[str, str] = {}
    for split in tables.get("articles", {}):
        path, found = articles(split)
        for number, row in enumerate(found):
            event = row["event_id"]
            if event is not None and split_of.setdefault(event, split) != split:
                yield Finding("P12", path, f"event {event} stands in {split_of[event]} too", at=f"$[{number}]")


def _partition(
    articles: Mapping[str, dict[str, Any]], segments: Rows, segment_path: str, article_path: str
) -> Iterator[Finding]:
    pieces: dict[str, list[str]] = {id_: [] for id_ in articles}
    ends = dict.fromkeys(articles, 0)
    for number, row in enumerate(segments):
        id_ = row["article_id"]
        if id_ not in articles:
            continue  # DAT007 tells
        if row["raw_start"] != ends[id_] or row["raw_end"] - row["raw_start"] != len(row["text"]):
            message = f"starts at {row['raw_start']}, the one before ends at {ends[id_]}"
            yield Finding("DAT005", segment_path, message, at=f"$[{number}]")
        ends[id_] = row["raw_end"]
        pieces[id_].append(row["text"])
    for id_, row in articles.items():
        if text_sha256("".join(pieces[id_])) != row["raw_sha256"]:
            yield Finding("DAT005", article_path, f"the segments of {id_} do not give its raw text")
        if text_sha256(row["text"]) != row["text_sha256"]:
            yield Finding("DAT006", article_path, f"the text of {id_} is not that of its hash")
