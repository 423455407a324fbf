"""What a rule sees: the annotation of one article with its text, its segments and the registry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kakuyaku.annotation.actors import Registry
from kakuyaku.annotation.standoff import Span, Standoff
from kakuyaku.articles import Article, Segment
from kakuyaku.contract import labels
from kakuyaku.findings import Finding

OWN_CONDUCT = "commitment"  # the kind whose agent is its holder


@dataclass(frozen=True)
class Case:
    """One annotation to judge. ``published_on`` is the ISO date of the article, or None when it is unknown."""

    annotation: Standoff
    raw: str
    article: Article
    actors: Registry
    path: str
    published_on: str | None = None

    @cached_property
    def statements(self) -> list[Span]:
        return self.annotation.labelled("statement")

    @cached_property
    def spans(self) -> dict[str, Span]:
        """The spans by id; the first one where an id stands twice (S08 tells)."""
        return {span.id: span for span in reversed(self.annotation.spans)}

    @cached_property
    def _indices(self) -> dict[int, int]:
        return {id(span): index for index, span in enumerate(self.annotation.spans)}

    @cached_property
    def _links(self) -> dict[tuple[str, str], list[Span]]:
        found: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for relation in self.annotation.relations:
            target = self.spans.get(relation.target)
            if target is not None and target.label == labels("relation_type")[relation.type].extra["to"]:
                found[relation.source, relation.type].append(target)
        return found

    def linked(self, statement: Span, type: str) -> list[Span]:
        """What a statement is linked to by one type of relation; links to nothing or to a wrong layer are left out."""
        return self._links.get((statement.id, type), [])

    def resolved(self, statement: Span, type: str) -> set[str]:
        """The linked actors at the end of their ``represents`` chains."""
        return {self.actors.resolve(span.get("actor_id")) for span in self.linked(statement, type)}

    @cached_property
    def zone(self) -> list[Segment]:
        """The segments in which annotations may stand."""
        kinds = labels("segment_kind")
        return [segment for segment in self.article.segments if segment.keep and kinds[segment.kind].extra.get("zone")]

    def section(self, span: Span) -> tuple[int, int]:
        """Raw start and end of the section in which a span stands: from its heading to the next one."""
        headings = [segment.start for segment in self.article.segments if segment.kind == "heading"]
        start = max((place for place in headings if place <= span.start), default=0)
        return start, min((place for place in headings if place > span.start), default=len(self.raw))

    def fault(self, code: str, span: Span, message: str, attribute: str = "", *, mild: bool = False) -> Finding:
        """A finding about a span, or about one of its attributes."""
        at = f"$.spans[{self._indices[id(span)]}]" + (f".{attribute}" if attribute else "")
        return Finding(code, self.path, f"{span.id} “{span.quote[:20]}”: {message}", at=at, mild=mild)

    def relation_fault(self, code: str, index: int, message: str) -> Finding:
        """A finding about the relation at ``index``."""
        relation = self.annotation.relations[index]
        what = f"{relation.source} {relation.type} {relation.target}: {message}"
        return Finding(code, self.path, what, at=f"$.relations[{index}]")


def listing(ids: Iterable[str]) -> str:
    """Ids for a message, sorted."""
    return ", ".join(sorted(ids)) or "none"
