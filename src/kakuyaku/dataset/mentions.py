"""Rows of ``mentions`` and of ``annotations``: what was drawn, span by span."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kakuyaku.contract import load
from kakuyaku.annotation.resolving import place, segment_id
from kakuyaku.annotation.standoff import Standoff
from kakuyaku.dataset.statements import Annotated

Row = dict[str, Any]


def mention_rows(annotated: Annotated) -> Iterator[Row]:
    """The actor mentions of one article, in text order; one drawn twice with equal offsets and actor is one row."""
    gold, article = annotated.gold, annotated.article
    order = load("mention")["properties"]["roles"]["items"]["enum"]
    roles: dict[str, set[str]] = {}
    for relation in gold.relations:
        if relation.type in order:
            roles.setdefault(relation.target, set()).add(relation.type)
    merged: dict[tuple[int, int, str], Row] = {}
    for span in sorted(gold.labelled("actor"), key=lambda span: (span.start, -span.end, span.id)):
        where = place(article, span.start, span.end)
        assert where is not None, f"{span.id} must have passed check_places"
        row = merged.setdefault(
            (span.start, span.end, str(span.get("actor_id"))),
            {
                "article_id": gold.article_id,
                "actor_id": span.get("actor_id"),
                "start": where.start,
                "end": where.end,
                "raw_start": span.start,
                "raw_end": span.end,
                "quote": span.quote,
                "subset": span.get("subset"),
                "affiliation": span.get("affiliation"),
                "segment_id": segment_id(gold.article_id, where.segment),
                "roles": [],
            },
        )
        taken = set(row["roles"]) | roles.get(span.id, set())
        row["roles"] = [role for role in order if role in taken]
    yield from merged.values()


def annotation_rows(annotation: Standoff, created: str | None) -> Iterator[Row]:
    """One row for each span of one annotator's file."""
    for span in annotation.spans:
        attributes = {**span.attributes, "quote": span.quote}
        yield {
            "article_id": annotation.article_id,
            "annotator": annotation.annotator,
            "revision": annotation.revision,
            "item_id": span.id,
            "label": span.label,
            "raw_start": span.start,
            "raw_end": span.end,
            "attributes": json.dumps(attributes, ensure_ascii=False, allow_nan=False, sort_keys=True),
            "relations": [
                {"type": relation.type, "target": relation.target}
                for relation in annotation.relations
                if relation.source == span.id
            ],
            "guideline_version": annotation.guideline_version,
            "created": created,
        }
