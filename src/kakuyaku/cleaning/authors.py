"""The authors of a page: what it declares, what its elements are named for, what stands beside the title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from kakuyaku.bylines import names_in, read_byline, read_bylines
from kakuyaku.cleaning.html_lines import Lines
from kakuyaku.cleaning.json_ld import names_of
from kakuyaku.cleaning.site_names import Publisher, letters
from kakuyaku.cleaning.structured_data import AUTHOR_NAMES, Found, StructuredData, text_of
from kakuyaku.cleaning.titles import about_title
from kakuyaku.names import is_desk, is_full_name, is_organisation
from kakuyaku.placed_names import read_credit

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

# Of classes and ids.
_AUTHOR_WORDS = frozenset(("author", "authors", "byline", "contributor", "journalist", "reporter", "writer"))
_AUTHOR_ELEMENTS = ", ".join(f"[{name}*={word} i]" for word in sorted(_AUTHOR_WORDS) for name in ("class", "id"))
_ASIDE = frozenset(("aside", "footer", "nav"))
_MAX_TEXT = 60  # characters of an element with nothing but names
_MAX_ELEMENTS, _MAX_LINES = 40, 200  # declarations of an author, and lines about the title, that are looked at
_EDITORS = re.compile(r"(?:编辑|編輯)[\s:：]*((?:[\u4e00-\u9fff]{2,4}\s*)+)")


def find_author(tree: LexborHTMLParser, data: StructuredData, lines: Lines, title: str, site: str) -> Found | None:
    """Who wrote: what the first source says that names persons, else the first with a desk, an agency or a nickname of
    the site.

    The publisher is no author unless it is declared as one and signs the article, nor is an editor in charge, whom
    Chinese pages declare as one. Where a desk is declared, elements named for authors are those of other articles.
    """
    publisher = Publisher(data, site)
    editors = [letters(name) for line in lines.shown if (found := _EDITORS.search(line)) for name in found[1].split()]
    second = house = None
    for names, source in _named(tree, data, about_title(lines, title)):
        if house is None and source == "json-ld" and len(names) == 1 and publisher.is_named(names[0]):
            house = Found(names[0], source)
        wrote = [name for name in names if not publisher.is_named(name) and not letters(name).endswith(tuple(editors))]
        if not wrote or (source == "class" and second is not None and is_organisation(second.value)):
            continue
        if not any(map(publisher.signs, wrote)):
            return Found("、".join(wrote), source)
        if second is None:
            second = Found("、".join(wrote), source)
    if second is None and house is not None and letters(house.value) in map(letters, _signatures(lines, title)):
        return house
    return second


def _signatures(lines: Lines, title: str) -> Iterator[str]:
    """The lines where a publisher would sign an article: about its title, and behind ©."""
    yield from (line for line in about_title(lines, title) if line.strip() != title)
    yield from (read_credit(line) for line in lines.shown if line.lstrip().startswith(("©", "ⓒ")))


def _named(tree: LexborHTMLParser, data: StructuredData, about: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What each source calls the authors, the surest first."""
    for name in ("author", "creator"):
        for item in islice(data.articles(), _MAX_ELEMENTS):
            yield names_in("、".join(names_of(data.resolved(item.get(name))))), "json-ld"
    for text in data.authors[:_MAX_ELEMENTS]:
        yield names_in(text), "rel=author"
    for name in AUTHOR_NAMES:
        content = data.meta.get(name, "")
        yield (names_in(content) if "://" not in content and not content.startswith(("@", "/")) else ()), name
    for text in _author_elements(tree):
        names = names_in(text)
        bare = names if all(is_full_name(name) or is_desk(name) for name in names) else ()
        yield read_byline(text) or bare, "class"
    yield read_bylines(list(islice(about, _MAX_LINES))), "text"


def _author_elements(tree: LexborHTMLParser) -> Iterator[str]:
    """The texts of elements whose class or id says that an author's name is in them."""
    for node in tree.css(_AUTHOR_ELEMENTS)[:_MAX_ELEMENTS]:
        named = f"{node.attributes.get('class')} {node.attributes.get('id')}"
        if _AUTHOR_WORDS.isdisjoint(word.lower() for word in re.findall("[A-Z]?[a-z]+", named)):
            continue
        text, around = text_of(node), node.parent
        while around is not None and around.tag not in _ASIDE:
            around = around.parent
        if around is None and len(text) <= _MAX_TEXT:
            yield text
