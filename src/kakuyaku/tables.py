"""Rows of the published tables: pure functions from seeds and articles to Arrow tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kakuyaku.articles import Article
from kakuyaku.contract import arrow_schema, labels, load
from kakuyaku.records import json_line
from kakuyaku.seeds import Seed
from kakuyaku.sentences import iter_sentences
from kakuyaku.versions import CLEANER_VERSION, SCHEMA_VERSION

# Published configs and the schema of their rows; the first is what load_dataset gives when none is named.
CONFIGS = {"articles": "article", "segments": "segment", "sentences": "sentence"}
DEFAULT_CONFIG = "articles"
Row = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """What the rows of one article are made of."""

    seed: Seed
    article: Article


def article_row(source: Source) -> Row:
    """The row of ``articles``."""
    record, raw, article = source.seed.record, source.seed.raw, source.article
    from_manifest = (
        "article_id",
        "event_id",
        "language",
        "publisher",
        "site",
        "url",
        "author",
        "published_on",
        "published_on_basis",
        "published_on_note",
    )
    return {
        **{key: record[key] for key in from_manifest},
        **article.metadata(),
        "title": article.title,
        "text": article.text,
        "n_raw_chars": len(raw.text),
        "n_chars": len(article.text),
        "n_segments": len(article.segments),
        "n_sentences": sum(1 for _ in iter_sentences(article)),
        "raw_sha256": raw.sha256,
        "text_sha256": article.text_sha256,
        "cleaner_version": CLEANER_VERSION,
        "schema_version": SCHEMA_VERSION,
    }


def segment_rows(source: Source) -> Iterator[Row]:
    """The rows of ``segments``."""
    article = source.article
    for number, segment in enumerate(article.segments):
        start = article.to_clean(segment.start)
        yield {
            "segment_id": segment_id(source.seed.id, number),
            "article_id": source.seed.id,
            "raw_start": segment.start,
            "raw_end": segment.end,
            "start": start,
            "end": None if start is None else start + segment.end - segment.start,
            "kind": segment.kind,
            "keep": segment.keep,
            "rule": segment.rule,
            "evidence": segment.evidence,
            "text": article.raw[segment.start : segment.end],
        }


def sentence_rows(source: Source) -> Iterator[Row]:
    """The rows of ``sentences``."""
    article = source.article
    for number, (index, start, end) in enumerate(iter_sentences(article)):
        raw_start, raw_last = article.to_raw(start), article.to_raw(end - 1)
        assert raw_start is not None and raw_last is not None
        yield {
            "sentence_id": f"{source.seed.id}:sent{number:04}",
            "article_id": source.seed.id,
            "segment_id": segment_id(source.seed.id, index),
            "kind": article.segments[index].kind,
            "start": start,
            "end": end,
            "raw_start": raw_start,
            "raw_end": raw_last + 1,
            "text": article.text[start:end],
        }


def segment_id(article_id: str, number: int) -> str:
    """The id of an article's segment by its number from 0."""
    return f"{article_id}:seg{number:04}"


def make_tables(sources: Iterable[Source], split_of: Mapping[str, str]) -> dict[str, dict[str, pa.Table]]:
    """The tables by config and split, rows in the order of their key; a split without rows is left out."""
    rows: dict[str, dict[str, list[Row]]] = {config: {} for config in CONFIGS}
    for source in sources:
        split = split_of[source.seed.id]
        rows["articles"].setdefault(split, []).append(article_row(source))
        rows["segments"].setdefault(split, []).extend(segment_rows(source))
        rows["sentences"].setdefault(split, []).extend(sentence_rows(source))
    return {
        config: {
            split: pa.Table.from_pylist(rows[config][split], schema=arrow_schema(CONFIGS[config]))
            for split in labels("split")
            if rows[config].get(split)  # an empty split would break load_dataset for all others
        }
        for config in CONFIGS
    }


def logical_sha256(table: pa.Table, kind: str) -> str:
    """SHA-256 of the rows as canonical JSON lines in the order of their key: the same whatever wrote the file."""
    digest = hashlib.sha256()
    key = load(kind)["x-key"]
    for line in sorted((tuple(row[part] for part in key), json_line(row, sort_keys=True)) for row in table.to_pylist()):
        digest.update(line[1].encode("utf-8") + b"\n")
    return digest.hexdigest()
