"""Invented annotations for the tests: a small registry, and stand-off files built from quotes."""

from __future__ import annotations

from typing import Any

from kakuyaku.annotation.actors import Registry, registry_of
from kakuyaku.annotation.standoff import Relation, Span, Standoff
from kakuyaku.articles import Article, Segment
from kakuyaku.contract import load
from kakuyaku.decoding import text_sha256

DEFAULTS = {
    "kind": "commitment",
    "commitment_type": ["force.ground"],
    "measure_relation": "single",
    "commitment_status": "planned",
    "phase": "post_ceasefire",
    "phase_basis": "explicit",
    "temporal": "current",
    "reporting": "asserted",
    "confidence": 3,
}


def actor(id: str, kind: str = "state", **cells: Any) -> dict[str, Any]:
    """A typed row of the registry."""
    empty: dict[str, Any] = {
        name: [] if rule["type"] == "array" else None for name, rule in load("actor")["properties"].items()
    }
    return {**empty, "id": id, "kind": kind, "name_ja": id, "name_en": id, **cells}


REGISTRY: Registry = registry_of(
    [
        actor("kou", country="AAA"),
        actor("otsu", country="BBB"),
        actor("hei", country="CCC"),
        actor("tei", "coalition"),
        actor("ministry", "government-body", country="AAA", represents="kou"),
        actor("tanaka", "person", country="AAA", represents="ministry", office_rank=4),
        actor("suzuki", "person", country="AAA", represents="kou", office_rank=1),
        actor("aozora", "media", country="AAA"),
    ]
)


def article(*paragraphs: str, kinds: tuple[str, ...] = ()) -> Article:
    """An article of kept paragraphs, each with its line end; ``kinds`` of the first ones, the others are body."""
    segments, start = [], 0
    for number, paragraph in enumerate(paragraphs):
        end = start + len(paragraph) + 1
        kind = kinds[number] if number < len(kinds) else "body"
        segments.append(Segment(start, end, kind, kind != "caption", "test"))
        start = end
    return Article("made-up", "".join(f"{paragraph}\n" for paragraph in paragraphs), tuple(segments))


class Maker:
    """Builds one stand-off file over an article, span by span."""

    def __init__(self, on: Article, annotator: str = "a1") -> None:
        self.on, self.annotator = on, annotator
        self.spans: list[Span] = []
        self.relations: list[Relation] = []

    def add(self, label: str, quote: str, nth: int = 1, **attributes: Any) -> str:
        """A span over the ``nth`` place of ``quote``; its id."""
        start = -1
        for _ in range(nth):
            start = self.on.raw.index(quote, start + 1)
        same = sum(span.label == label for span in self.spans)
        id_ = f"{'k' if label == 'cue' else label[0]}{same + 1}"
        self.spans.append(Span.anchored(self.on.raw, id_, label, start, start + len(quote), **attributes))
        return id_

    def statement(
        self, quote: str, cue: str, nth: int = 1, links: dict[str, list[str]] | None = None, **own: Any
    ) -> str:
        """A statement with its cue and links (ids by relation type); attributes that are None are left out."""
        attributes = {key: value for key, value in {**DEFAULTS, **own}.items() if value is not None}
        id_ = self.add("statement", quote, nth, **attributes)
        start = self.spans[-1].start + quote.index(cue)
        same = sum(span.label == "cue" for span in self.spans)
        self.spans.append(Span.anchored(self.on.raw, f"k{same + 1}", "cue", start, start + len(cue)))
        self.link(id_, cue=[f"k{same + 1}"], **(links or {}))
        return id_

    def link(self, statement: str, **links: list[str]) -> None:
        """Relations from a statement."""
        self.relations += [Relation(statement, type_, target) for type_, ids in links.items() for target in ids]

    def standoff(self) -> Standoff:
        """The file."""
        sha256 = text_sha256(self.on.raw)
        spans, relations = tuple(self.spans), tuple(self.relations)
        return Standoff(self.on.id, self.annotator, 1, sha256, "1.1", "1.0", spans, relations)
