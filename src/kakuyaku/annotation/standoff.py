"""Stand-off annotation: one annotator's whole work on one article, anchored to the raw text.

A file never holds the text itself: each span carries its code-point offsets into the raw text, its quote, and the 32
code points before and after it, and the file the SHA-256 of the raw text. ``read(write(x)) == x``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kakuyaku.records import json_bytes

CONTEXT_CHARS = 32
ANCHOR_KEYS = ("id", "label", "start", "end", "quote", "prefix", "suffix")
# The id of a span starts with a letter of its layer; k for cue, since c is the condition.
ID_LETTERS = {"actor": "a", "statement": "s", "cue": "k", "condition": "c", "quantity": "q", "time": "t"}


@dataclass(frozen=True)
class Span:
    """One marked stretch. ``label`` is one of the set ``span_label``; ``attributes`` what that label carries."""

    id: str
    label: str
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    attributes: Mapping[str, Any]

    @classmethod
    def anchored(cls, raw: str, id: str, label: str, start: int, end: int, **attributes: Any) -> Span:
        """The span ``raw[start:end]`` with its quote and context."""
        prefix, suffix = raw[max(0, start - CONTEXT_CHARS) : start], raw[end : end + CONTEXT_CHARS]
        return cls(id, label, start, end, raw[start:end], prefix, suffix, attributes)

    def get(self, attribute: str) -> Any:
        """The value of an attribute, or None where the span does not have it."""
        return self.attributes.get(attribute)


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from a statement (``source``, an id) to another span (``target``); ``type``: see ``relation_type``."""

    source: str
    type: str
    target: str


@dataclass(frozen=True)
class Standoff:
    """The annotation of one article by one annotator."""

    article_id: str
    annotator: str
    revision: int
    raw_sha256: str
    guideline_version: str
    schema_version: str
    spans: tuple[Span, ...]
    relations: tuple[Relation, ...]

    def span(self, id: str) -> Span:
        """The span with an id."""
        return self._by_id()[id]

    def labelled(self, label: str) -> list[Span]:
        """The spans of one label, in the order of the file."""
        return [span for span in self.spans if span.label == label]

    def linked(self, statement: str, type: str) -> list[Span]:
        """The spans that a statement is linked to by relations of one type, in text order."""
        by_id = self._by_id()
        found = [by_id[r.target] for r in self.relations if r.source == statement and r.type == type]
        return sorted(found, key=lambda span: (span.start, span.end))

    def _by_id(self) -> dict[str, Span]:
        return {span.id: span for span in self.spans}


def from_record(record: Mapping[str, Any]) -> Standoff:
    """The annotation of a JSON record that has passed ``check_record("annotation", …)``."""
    return Standoff(
        article_id=record["article_id"],
        annotator=record["annotator"],
        revision=record["revision"],
        raw_sha256=record["raw_sha256"],
        guideline_version=record["guideline_version"],
        schema_version=record["schema_version"],
        spans=tuple(
            Span(
                **{key: span[key] for key in ANCHOR_KEYS},
                attributes={key: value for key, value in span.items() if key not in ANCHOR_KEYS},
            )
            for span in record["spans"]
        ),
        relations=tuple(Relation(r["from"], r["type"], r["to"]) for r in record["relations"]),
    )


def to_record(annotation: Standoff) -> dict[str, Any]:
    """The JSON record of an annotation."""
    return {
        "schema_version": annotation.schema_version,
        "guideline_version": annotation.guideline_version,
        "article_id": annotation.article_id,
        "annotator": annotation.annotator,
        "revision": annotation.revision,
        "offset_unit": "codepoint",
        "raw_sha256": annotation.raw_sha256,
        "spans": [_span_record(span) for span in annotation.spans],
        "relations": [{"from": r.source, "type": r.type, "to": r.target} for r in annotation.relations],
    }


def to_bytes(annotation: Standoff) -> bytes:
    """The file of an annotation."""
    return json_bytes(to_record(annotation))


def _span_record(span: Span) -> dict[str, Any]:
    return {**{key: getattr(span, key) for key in ANCHOR_KEYS}, **span.attributes}


def statement_links(annotation: Standoff, types: Sequence[str]) -> Iterator[tuple[Span, dict[str, list[Span]]]]:
    """Each statement, in text order, with what it is linked to by relation type."""
    for statement in sorted(annotation.labelled("statement"), key=lambda span: (span.start, span.end, span.id)):
        yield statement, {type: annotation.linked(statement.id, type) for type in types}
