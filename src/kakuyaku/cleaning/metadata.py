"""Title, dates, author and site of a page: what its head declares, checked against what it shows.

Sources are asked in a fixed order, the most specific first, and each finding names its source.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from kakuyaku.bylines import is_desk, is_full_name, is_organisation, names_in, read_byline, read_bylines
from kakuyaku.cleaning.lines import Lines
from kakuyaku.dates import read_date

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the part of the page that gave it: ``og:title``, ``json-ld``, ``time``, ``h1`` …"""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; None where it says nothing. Dates are ISO 8601, with time and zone if given."""

    title: Found | None = None
    published: Found | None = None
    modified: Found | None = None
    author: Found | None = None
    site_name: Found | None = None
    language: Found | None = None


_SELECTED = "meta, time, title, script[type*='ld+json'], [itemprop], [rel~=author]"
_ARTICLE_TYPES = re.compile(r"(Article|Posting|Report|Review|Recipe)$")
_TITLES = ("og:title", "twitter:title", "dc.title", "title", "headline")
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "datepublished", "og:published_time", "publishdate"),
    *("publish_date", "publish-date", "pubdate", "published_time", "published", "dc.date.issued", "dcterms.issued"),
    *(
        "dc.date",
        "dc.date.created",
        "cxenseparse:recs:publishtime",
        "sailthru.date",
        "parsely-pub-date",
        "release_date",
    ),
    *("creation_date", "date", "article:published", "weibo:article:create_at"),
)
_MODIFIED = (
    *(
        "article:modified_time",
        "og:article:modified_time",
        "datemodified",
        "og:updated_time",
        "lastmod",
        "last-modified",
    ),
    *("dc.date.modified", "dcterms.modified", "article:modified"),
)
_AUTHORS = (
    *("author", "article:author", "og:article:author", "dc.creator", "parsely-author", "sailthru.author", "byl"),
    *("cxenseparse:author", "dable:author"),
)
_SITES = ("og:site_name", "application-name", "twitter:app:name:iphone")
_MAX_SCRIPT = 500_000  # characters of a JSON-LD script; articles have some thousand
_MAX_OBJECTS = 1_000
_MAX_TITLE = 500
_MAX_AUTHOR = 60  # characters of an element with nothing but names
_MIN_TITLE = 4  # characters
_MOST = 0.6
_ABOVE_TITLE, _BELOW_TITLE = 4, 10  # lines
_INDENTS = ("", " " * 2, " " * 4)  # of lines shown; before a bullet, and under one
_SHORT_LINE = 80  # characters: longer ones are sentences
_SEPARATOR = re.compile(r"\s*[|｜│»«_＿]\s*|\s+[-‐–—―:/・<>]\s*|\s*[-–—:：／/＜<【（(]\s*")
_CLEAR_SEPARATOR = re.compile(r"\s*[|｜│»]\s*|\s+[-‐–—―]\s+")
_EDGES = " 　|｜│»«_＿-‐–—―:：/／・<>＜＞【】（）()"
_AUTHOR_WORDS = frozenset(("author", "byline", "journalist", "reporter", "writer"))  # of classes and ids
_AUTHOR_ELEMENTS = ", ".join(f"[{name}*={word} i]" for word in sorted(_AUTHOR_WORDS) for name in ("class", "id"))
_ASIDE = frozenset(("aside", "footer", "nav"))
_MAX_ELEMENTS, _MAX_LINES = 40, 200  # declarations of an author, and lines about the title, that are looked at
_EDITORS = re.compile(r"(?:编辑|編輯)[\s:：]*((?:[\u4e00-\u9fff]{2,4}\s*)+)")
_HOST_LABEL = re.compile(r"[a-z0-9-]{4,}(?=\.)")


class _Page:
    """The declarations of a page, gathered in one pass."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.meta: dict[str, str] = {}
        self.title = ""
        self.times: list[tuple[str, str]] = []  # datetime or text, itemprop or empty
        self.authors: list[str] = []
        self.objects: list[dict[str, Any]] = []  # of JSON-LD
        for node in tree.css(_SELECTED):
            attributes = node.attributes
            match node.tag:
                case "meta":
                    self._meta(attributes)
                case "title":
                    self.title = self.title or _text(node)
                case "script":
                    self.objects += _objects(node.text() or "")
                case tag:
                    self._element(node, tag or "", attributes)

    def _meta(self, attributes: dict[str, str | None]) -> None:
        content = (attributes.get("content") or attributes.get("value") or "").strip()
        for key in ("property", "name", "itemprop"):
            if content and (name := (attributes.get(key) or "").strip().lower()):
                if name in _AUTHORS and 0 < len(self.meta.get(name, "")) < _MAX_TITLE and content != self.meta[name]:
                    content = f"{self.meta.pop(name)}、{content}"  # one element for each author
                self.meta.setdefault(name, content)

    def _element(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> None:
        prop = (attributes.get("itemprop") or "").lower()
        if tag == "time" or prop in ("datepublished", "datemodified"):
            self.times.append((attributes.get("datetime") or attributes.get("content") or _text(node), prop))
        if prop in ("author", "creator") or "author" in (attributes.get("rel") or "").lower().split():
            name = node.css_first("[itemprop=name]") if prop else None
            self.authors.append(_text(name if name is not None else node))

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Any]]:
        return {item["@id"]: item for item in self.objects if isinstance(item.get("@id"), str) and "name" in item}

    def resolved(self, value: Any) -> list[Any]:
        """The values of a JSON-LD property, references by ``@id`` replaced by what they refer to."""
        return [
            self._by_id.get(str(item.get("@id")), item) if isinstance(item, dict) and "name" not in item else item
            for item in (value if isinstance(value, list) else [value])
        ]

    def articles(self) -> Iterator[dict[str, Any]]:
        """The JSON-LD objects that describe the article."""
        for item in self.objects:
            if any(_ARTICLE_TYPES.search(kind) for kind in _strings(item.get("@type"))):
                yield item


class Declarations:
    """What a page declares and shows of itself. Its title is found at once, the rest when somebody asks."""

    def __init__(self, tree: LexborHTMLParser, lines: Lines) -> None:
        self._tree, self._lines, self._page = tree, lines, _Page(tree)
        self._site = _site_name(self._page)
        self.title = _title(self._page, lines, self._site.value if self._site else "")

    def metadata(self) -> Metadata:
        """The metadata: of the page's declarations first, then of the lines that it shows."""
        page, title = self._page, self.title.value if self.title else ""
        return Metadata(
            title=self.title,
            published=_first_date(
                ((_string(item.get("datePublished")), "json-ld") for item in page.articles()),
                ((page.meta.get(name), name) for name in _PUBLISHED),
                ((value, "itemprop") for value, prop in page.times if prop == "datepublished"),
                ((value, "time") for value, prop in page.times if not prop),
                ((line, "text") for line in _near(self._lines, title)),
            ),
            modified=_first_date(
                ((_string(item.get("dateModified")), "json-ld") for item in page.articles()),
                ((page.meta.get(name), name) for name in _MODIFIED),
                ((value, "itemprop") for value, prop in page.times if prop == "datemodified"),
            ),
            author=_author(self._tree, page, self._lines, title, self._site.value if self._site else ""),
            site_name=self._site,
            language=_language(self._tree, page),
        )


def _near(lines: Lines, title: str) -> Iterator[str]:
    """The lines where a printed date would be the article's: those named so, then those about the title."""
    yield from (lines.shown[i] for i in lines.bylines() if len(lines.shown[i]) <= _SHORT_LINE)
    yield from _about(lines, title)


def _about(lines: Lines, title: str) -> Iterator[str]:
    """The short lines about the title, wherever it stands."""
    places = [i for i, line in enumerate(lines.shown) if line.strip() == title] if title else []
    for place in places:
        for line in lines.shown[max(0, place - _ABOVE_TITLE) : place + _BELOW_TITLE]:
            if len(line) <= _SHORT_LINE:
                yield line


def _first_date(*sources: Iterable[tuple[str | None, str]]) -> Found | None:
    for source in sources:
        for value, name in source:
            if value and (date := read_date(value)):
                return Found(date, name)
    return None


def _site_name(page: _Page) -> Found | None:
    for name in _SITES:
        if value := page.meta.get(name):
            return Found(_squeeze(value), name)
    for item in page.articles():
        if value := next(_names(item.get("publisher")), None):
            return Found(value, "json-ld")
    for item in page.objects:
        if "WebSite" in _strings(item.get("@type")) and (value := _string(item.get("name"))):
            return Found(value, "json-ld")
    return None


def _author(tree: LexborHTMLParser, page: _Page, lines: Lines, title: str, site: str) -> Found | None:
    """Who wrote: what the first source says that names persons, else the first with a desk, an agency or a nickname of
    the site.

    The publisher is no author, nor is an editor in charge, whom Chinese pages declare as one.
    """
    house = _House(page, site)
    editors = [_key(name) for line in lines.shown if (found := _EDITORS.search(line)) for name in found[1].split()]
    second: Found | None = None
    for names, source in _named(tree, page, _about(lines, title)):
        wrote = [name for name in names if not house.publishes(name) and not _key(name).endswith(tuple(editors))]
        if wrote and not any(map(house.signs, wrote)):
            return Found("、".join(wrote), source)
        if wrote and second is None:
            second = Found("、".join(wrote), source)
    return second


def _named(tree: LexborHTMLParser, page: _Page, about: Iterable[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What each source calls the authors, the surest first."""
    for name in ("author", "creator"):
        for item in islice(page.articles(), _MAX_ELEMENTS):
            yield names_in("、".join(_names(page.resolved(item.get(name))))), "json-ld"
    for text in page.authors[:_MAX_ELEMENTS]:
        yield names_in(text), "rel=author"
    for name in _AUTHORS:
        content = page.meta.get(name, "")
        yield (names_in(content) if "://" not in content and not content.startswith(("@", "/")) else ()), name
    for text in _author_elements(tree):
        names = names_in(text)
        yield (
            read_byline(text) or (names if all(is_full_name(name) or is_desk(name) for name in names) else ()),
            "class",
        )
    yield read_bylines(list(islice(about, _MAX_LINES))), "text"


def _author_elements(tree: LexborHTMLParser) -> Iterator[str]:
    """The texts of elements whose class or id says that an author's name is in them."""
    for node in tree.css(_AUTHOR_ELEMENTS)[:_MAX_ELEMENTS]:
        named = f"{node.attributes.get('class')} {node.attributes.get('id')}"
        if _AUTHOR_WORDS.isdisjoint(word.lower() for word in re.findall("[A-Z]?[a-z]+", named)):
            continue
        text, around = _text(node), node.parent
        while around is not None and around.tag not in _ASIDE:
            around = around.parent
        if around is None and len(text) <= _MAX_AUTHOR:
            yield text


class _House:
    """The publisher of a page, by all of its names."""

    def __init__(self, page: _Page, site: str) -> None:
        publishers = [name for item in page.articles() for name in _names(item.get("publisher"))]
        self.names = {key for key in map(_key, (site, *publishers)) if key}
        self.hosts = set(_HOST_LABEL.findall(page.meta.get("og:url", "").lower()))
        self.title = _SEPARATOR.split(page.title)[-1]
        self.organisations = {
            _key(_string(item.get("name")))
            for item in (*page.objects, *(one for item in page.articles() for one in _objects_of(item.get("author"))))
            if any(kind.endswith(("Organization", "Corporation")) for kind in _strings(item.get("@type")))
        }

    def publishes(self, name: str) -> bool:
        """Whether a name is that of the publisher, and no desk's."""
        key = _key(name)
        if key in self.names or re.match(rf"{re.escape(name)}(?![の@＠'’])", self.title):
            return True
        of_house = any(key in other or other in key for other in (*self.names, *self.hosts))
        return self.signs(name) and of_house and not is_desk(name) and key not in self.hosts

    def signs(self, name: str) -> bool:
        """Whether a name is no person's, as far as the page tells."""
        return is_organisation(name) or _key(name) in self.organisations | self.hosts


def _language(tree: LexborHTMLParser, page: _Page) -> Found | None:
    lang = (tree.root.attributes.get("lang") if tree.root is not None else None) or ""
    if lang.strip():
        return Found(lang.strip(), "html lang")
    for name in ("og:locale", "content-language", "language"):
        if value := page.meta.get(name):
            return Found(value.replace("_", "-"), name)
    return None


def _title(page: _Page, lines: Lines, site: str) -> Found | None:
    """The declared title without the site's name; one that the page shows, or its beginning, is trusted most."""
    declared = [(_string(item.get("headline")), "json-ld") for item in page.articles()]
    declared += [(page.meta.get(name, ""), name) for name in _TITLES] + [(page.title, "title")]
    candidates = [(_squeeze(value[:_MAX_TITLE]), source) for value, source in declared if value and value.strip()]
    headings = lines.headings()
    for value, source in candidates:
        for heading in headings:
            if len(_key(heading)) >= _MIN_TITLE and _same_title(_key(heading), _key(value)):
                return Found(heading, f"h1 like {source}")
    shown = set(lines.shown)
    for value, source in candidates:
        for beginning in _beginnings(value):
            long_enough = len(beginning) >= _MIN_TITLE and len(beginning) * 3 >= len(value)
            is_shown = any(indent + beginning in shown for indent in _INDENTS)
            if long_enough and is_shown and not _like(beginning, site):
                return Found(beginning, source if beginning == value else f"{source} minus site name")
    for value, source in candidates:
        bare = without_site_name(value, site)
        if bare:
            return Found(bare, source if bare == value else f"{source} minus site name")
    return Found(headings[0], "h1") if headings else None


def _same_title(heading: str, declared: str) -> bool:
    """Whether a heading is in a declared title, or words it otherwise: most of its pairs of characters are there."""
    if heading in declared:
        return len(heading) * 4 >= len(declared)
    pairs = {heading[i : i + 2] for i in range(len(heading) - 1)}
    return sum(pair in declared for pair in pairs) >= _MOST * len(pairs)


def _beginnings(title: str) -> Iterator[str]:
    """The title, then what stands in front of each of its separators, the longest first."""
    yield title
    for mark in reversed(list(_SEPARATOR.finditer(title))):
        yield title[: mark.start()].strip()


def without_site_name(title: str, site: str) -> str:
    """``title`` without the name of the site that follows a separator, or, where none is known, a short last part.

    >>> without_site_name("甲国、掃海艇を派遣へ｜青空新聞デジタル", "青空新聞")
    '甲国、掃海艇を派遣へ'
    """
    for beginning in list(_beginnings(title))[1:]:
        rest = title[len(beginning) :].strip(_EDGES)
        named = (
            _like(rest, site) if site else _CLEAR_SEPARATOR.match(title, len(beginning)) and len(rest) < len(beginning)
        )
        if beginning and rest and named:
            return without_site_name(beginning, site) if site else beginning
    first = _SEPARATOR.search(title)
    if site and first and _key(title[: first.start()]) == _key(site):
        return title[first.end() :].strip(_EDGES) or title
    return title


def _like(part: str, site: str) -> bool:
    a, b = _key(part), _key(site)
    return bool(a and b) and (a in b or b in a)


def _key(text: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text)).casefold()


# JSON-LD


def _objects(script: str) -> list[dict[str, Any]]:
    """The objects of a JSON-LD script, outer ones first; none of a script too broken to be mended."""
    text = script[:_MAX_SCRIPT].strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:
            found = json.loads(_mended(text), strict=False)
        except (ValueError, RecursionError):
            return []
    todo: deque[Any] = deque([found])
    objects: list[dict[str, Any]] = []
    while todo and len(objects) < _MAX_OBJECTS:
        item = todo.popleft()
        if isinstance(item, dict):
            objects.append(item)
            todo += [item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item]
        elif isinstance(item, list):
            todo += item
    return objects


def _mended(text: str) -> str:
    """JSON without comments, line comments and commas before a closing bracket, as templates of sites leave them."""
    text = re.sub(r"/\*.*?\*/|^\s*//[^\n]*$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r",(\s*[}\]])", r"\1", text)


def _strings(value: Any) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _string(value: Any) -> str:
    return next(iter(_strings(value)), "")


def _objects_of(value: Any) -> list[dict[str, Any]]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]


def _names(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        name = _string(item.get("name")) if isinstance(item, dict) else item
        if isinstance(name, str) and name.strip():
            yield _squeeze(name)


def _text(node: LexborNode) -> str:
    return _squeeze(node.text() or "")


def _squeeze(text: str) -> str:
    return " ".join(text.split())
