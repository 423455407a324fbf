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
_OF_PAGE = "meta, title, script[type*='ld+json']"
_OF_ARTICLE = "time, [itemprop], [rel~=author]"
_ARTICLE_TYPES = re.compile(r"(Article|Posting|Report|Review|Recipe)$")
_DESCRIBES = re.compile(r".{20,}[ぁ-ん]。")  # a site describes itself there
_MAX_AUTHORS = 500  # characters of authors from several elements


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the part of the page that gave it: ``og:title``, ``json-ld``, ``time``, ``h1`` …"""

    value: str
    source: str


class StructuredData:
    """The declarations of a page: those of its head at once, those of its elements when somebody asks."""

    def __init__(self, tree: LexborHTMLParser, in_body: bool) -> None:
        """``in_body`` is whether to look beyond the head."""
        self._tree = tree
        self.meta: dict[str, str] = {}  # by name in lower case
        self.title = ""
        self.objects: list[dict[str, Any]] = []  # of JSON-LD
        source = tree if in_body or tree.head is None else tree.head
        for node in source.css(_OF_PAGE):
            match node.tag:
                case "meta":
                    self._meta(node.attributes)
                case "title":
                    self.title = self.title or text_of(node)
                case _:
                    self.objects += objects_of(node.text() or "")

    def _meta(self, attributes: dict[str, str | None]) -> None:
        content = (attributes.get("content") or attributes.get("value") or "").strip()
        for key in ("property", "name", "itemprop"):
            if content and (name := (attributes.get(key) or "").strip().lower()):
                if name in AUTHOR_NAMES and _DESCRIBES.fullmatch(content):
                    continue
                known = self.meta.get(name, "")
                if name in AUTHOR_NAMES and 0 < len(known) < _MAX_AUTHORS and content != known:
                    content = f"{self.meta.pop(name)}、{content}"  # one element for each author
                self.meta.setdefault(name, content)

    @cached_property
    def times(self) -> list[tuple[str, str]]:
        """The dates of elements: ``datetime`` or text, and the ``itemprop`` or nothing."""
        found = []
        for node, prop in self._elements:
            if node.tag == "time" or prop in ("datepublished", "datemodified"):
                attributes = node.attributes
                found.append((attributes.get("datetime") or attributes.get("content") or text_of(node), prop))
        return found

    @cached_property
    def authors(self) -> list[str]:
        """The authors that elements name; those of one list stand together."""
        found: list[str] = []
        last = 0  # the list of the author before
        for node, prop in self._elements:
            named = prop in ("author", "creator")
            if not named and "author" not in (node.attributes.get("rel") or "").lower().split():
                continue
            name = node.css_first("[itemprop=name]") if prop else None
            text = text_of(name if name is not None else node)
            item = node.parent
            of_list = item is not None and item.tag in ("li", "dd") and text_of(item).startswith(text)
            place = item.parent.mem_id if of_list and item is not None and item.parent is not None else 0
            if found and place == last != 0 and len(found[-1]) < _MAX_AUTHORS:
                found[-1] += f"、{text}"
            else:
                found.append(text)
            last = place
        return found

    @cached_property
    def _elements(self) -> list[tuple[LexborNode, str]]:
        """Elements that may say who wrote the article or when, and their ``itemprop``."""
        nodes = (node for node in self._tree.css(_OF_ARTICLE) if node.tag not in ("meta", "title", "script"))
        return [(node, (node.attributes.get("itemprop") or "").lower()) for node in nodes]

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
