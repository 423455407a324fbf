"""Rows of the published tables: pure functions from seeds and articles to Arrow tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kakuyaku.articles import Article
from kakuyaku.contract import arrow_schema, labels, load
from kakuyaku.dataset.layers import Layer
from kakuyaku.dataset.mentions import annotation_rows, mention_rows
from kakuyaku.dataset.positions import Setting, make_positions
from kakuyaku.records import json_line
from kakuyaku.annotation.resolving import segment_id
from kakuyaku.seeds import Seed
from kakuyaku.sentences import iter_sentences
from kakuyaku.dataset.statements import Annotated, statement_rows
from kakuyaku.versions import CLEANER_VERSION, SCHEMA_VERSION

# Published configs and the schema of their rows. Those of a project without gold annotation are only the three that
# cleaning gives.
CONFIGS = {
    "statements": "statement",
    "positions": "position",
    "mentions": "mention",
    "sentences": "sentence",
    "articles": "article",
    "segments": "segment",
    "annotations": "annotation_item",
    "actors": "actor",
}
ALWAYS = frozenset({"sentences", "articles", "segments"})
# The registry belongs to no article; load_dataset wants a split all the same.
REGISTRY, REGISTRY_SPLIT = "actors", "train"
Row = dict[str, Any]


def default_config(configs: Iterable[str]) -> str:
    """What load_dataset gives when no config is named: statements, or articles before there are any."""
    return "statements" if "statements" in configs else "articles"


@dataclass(frozen=True)
class Source:
    """What the rows of one article are made of."""

    seed: Seed
    article: Article


def article_row(source: Source, layer: Layer) -> Row:
    """The row of ``articles``."""
    judgement = layer.judgements.get(source.seed.id)
    gold = layer.gold.get(source.seed.id)
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
        "genre": judgement.genre if judgement else None,
        "relevance": judgement.relevance if judgement else None,
        "principal_beneficiary": (judgement.principal_beneficiary or None) if judgement else None,
        "n_raw_chars": len(raw.text),
        "n_chars": len(article.text),
        "n_segments": len(article.segments),
        "n_sentences": sum(1 for _ in iter_sentences(article)),
        "raw_sha256": raw.sha256,
        "text_sha256": article.text_sha256,
        "cleaner_version": CLEANER_VERSION,
        "guideline_version": gold.guideline_version if gold else None,
        "schema_version": SCHEMA_VERSION,
        "n_annotators": layer.n_annotators(source.seed.id),
        "annotation_state": layer.state(source.seed.id),
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


def sentence_rows(source: Source, statements: Sequence[Row]) -> Iterator[Row]:
    """The rows of ``sentences``; ``statements`` are the rows of the same article."""
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
            "statement_ids": [row["statement_id"] for row in statements if row["start"] < end and start < row["end"]],
        }


def annotated_rows(source: Source, layer: Layer) -> dict[str, list[Row]]:
    """The rows of statements, positions, mentions and annotations of one article."""
    id_, gold = source.seed.id, layer.gold.get(source.seed.id)
    rows: dict[str, list[Row]] = {"statements": [], "positions": [], "mentions": [], "annotations": []}
    if gold is not None:
        annotated = Annotated(gold, source.article, layer.registry, layer.n_annotators(id_), layer.adjudicates(id_))
        judgement = layer.judgements.get(id_)
        setting = Setting(
            principal_beneficiary=(judgement.principal_beneficiary or None) if judgement else None,
            published_on=source.seed.record["published_on"],
            registry=layer.registry,
            same_position=frozenset((r.source, r.target) for r in gold.relations if r.type == "same_position"),
            headings=frozenset(
                segment_id(id_, number)
                for number, segment in enumerate(source.article.segments)
                if segment.kind == "heading"
            ),
        )
        rows["positions"], rows["statements"] = make_positions(statement_rows(annotated), setting)
        rows["mentions"] = list(mention_rows(annotated))
    for annotator, annotated_by in sorted(layer.passes.items()):
        if id_ in annotated_by:
            rows["annotations"] += annotation_rows(annotated_by[id_], layer.created.get(annotator))
    return rows


def make_tables(
    sources: Iterable[Source], split_of: Mapping[str, str], layer: Layer | None = None
) -> dict[str, dict[str, pa.Table]]:
    """The tables by config and split, rows in the order of their key; what has no rows is left out.

    Args:
        layer: the annotation; without gold in it only what cleaning gives is made.
    """
    layer = layer or Layer()
    rows: dict[str, dict[str, list[Row]]] = {config: {} for config in CONFIGS}
    for source in sources:
        split = split_of[source.seed.id]
        annotated = annotated_rows(source, layer) if layer.gold else {}
        cleaned = {
            "articles": [article_row(source, layer)],
            "segments": list(segment_rows(source)),
            "sentences": list(sentence_rows(source, annotated.get("statements", []))),
        }
        for config, found in {**cleaned, **annotated}.items():
            rows[config].setdefault(split, []).extend(found)
    if layer.gold:
        rows[REGISTRY][REGISTRY_SPLIT] = [dict(actor.record) for actor in layer.registry.actors.values()]
    return {
        config: tables
        for config in CONFIGS
        if (
            tables := {
                split: _table(CONFIGS[config], rows[config][split])
                for split in labels("split")
                if rows[config].get(split)  # an empty split would break load_dataset for all others
            }
        )
        or config in ALWAYS
    }


def _table(kind: str, rows: Sequence[Row]) -> pa.Table:
    key = load(kind)["x-key"]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: [row[part] for part in key]), schema=arrow_schema(kind))


def logical_sha256(table: pa.Table, kind: str) -> str:
    """SHA-256 of the rows as canonical JSON lines in the order of their key: the same whatever wrote the file."""
    digest = hashlib.sha256()
    key = load(kind)["x-key"]
    for line in sorted((tuple(row[part] for part in key), json_line(row, sort_keys=True)) for row in table.to_pylist()):
        digest.update(line[1].encode("utf-8") + b"\n")
    return digest.hexdigest()
