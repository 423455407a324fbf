"""What a page declares for machines: ``meta``, ``title``, ``time``, microdata, ``rel=author``, JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kakuyaku.cleaning.json_ld import objects_of, strings_of, values_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

AUTHOR_NAMES = (
    *("author", "article:author", "og:article:author", "dc.creator", "parsely-author", "sailthru.author", "byl"),
    *("cxenseparse:author", "dable:author"),
)
_SELECTED = "meta, time, title, script[type*='ld+json'], [itemprop], [rel~=author]"
_ARTICLE_TYPES = re.compile(r"(Article|Posting|Report|Review|Recipe)$")
_MAX_AUTHORS = 500  # characters of authors from several elements


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the part of the page that gave it: ``og:title``, ``json-ld``, ``time``, ``h1`` …"""

    value: str
    source: str


class StructuredData:
    """The declarations of a page, gathered in one pass."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.meta: dict[str, str] = {}  # by name in lower case
        self.title = ""
        self.times: list[tuple[str, str]] = []  # datetime or text, itemprop or empty
        self.authors: list[str] = []
        self._authors_in = 0  # the list that the last of them stands in
        self.objects: list[dict[str, Any]] = []  # of JSON-LD
        for node in tree.css(_SELECTED):
            attributes = node.attributes
            match node.tag:
                case "meta":
                    self._meta(attributes)
                case "title":
                    self.title = self.title or text_of(node)
                case "script":
                    self.objects += objects_of(node.text() or "")
                case tag:
                    self._element(node, tag or "", attributes)

    def _meta(self, attributes: dict[str, str | None]) -> None:
        content = (attributes.get("content") or attributes.get("value") or "").strip()
        for key in ("property", "name", "itemprop"):
            if content and (name := (attributes.get(key) or "").strip().lower()):
                known = self.meta.get(name, "")
                if name in AUTHOR_NAMES and 0 < len(known) < _MAX_AUTHORS and content != known:
                    content = f"{self.meta.pop(name)}、{content}"  # one element for each author
                self.meta.setdefault(name, content)

    def _element(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        prop = (attributes.get("itemprop") or "").lower()
        if tag == "time" or prop in ("datepublished", "datemodified"):
            self.times.append((attributes.get("datetime") or attributes.get("content") or text_of(node), prop))
        if prop in ("author", "creator") or "author" in (attributes.get("rel") or "").lower().split():
            name = node.css_first("[itemprop=name]") if prop else None
            self._author(node, text_of(name if name is not None else node))

    def _author(self, node: LexborNode, name: str) -> None:
        """One more author; those of one list stand together."""
        around = node.parent.parent if node.parent is not None else None
        place = around.mem_id if around is not None else 0
        if self.authors and place == self._authors_in and len(self.authors[-1]) < _MAX_AUTHORS:
            self.authors[-1] += f"、{name}"
        else:
            self.authors.append(name)
        self._authors_in = place

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Any]]:
        return {item["@id"]: item for item in self.objects if isinstance(item.get("@id"), str) and "name" in item}

    def resolved(self, value: Any) -> list[Any]:
        """The values of a JSON-LD property, references by ``@id`` replaced by what they refer to."""
        return [
            self._by_id.get(str(item.get("@id")), item) if isinstance(item, dict) and "name" not in item else item
            for item in values_of(value)
        ]

    def articles(self) -> Iterator[dict[str, Any]]:
        """The JSON-LD objects that describe the article."""
        for item in self.objects:
            if any(_ARTICLE_TYPES.search(kind) for kind in strings_of(item.get("@type"))):
                yield item


def text_of(node: LexborNode) -> str:
    """The text of an element, on one line."""
    return " ".join((node.text() or "").split())
