"""Title, dates, author, site and language of a page: what it declares, checked against what it shows.

Sources are asked in a fixed order, the most specific first, and each finding names its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kakuyaku.cleaning.authors import find_author
from kakuyaku.cleaning.html_lines import Lines
from kakuyaku.cleaning.json_ld import string_of
from kakuyaku.cleaning.site_names import site_name
from kakuyaku.cleaning.structured_data import Found, StructuredData
from kakuyaku.cleaning.titles import SHORT_LINE, about_title, find_title
from kakuyaku.dates import read_date

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time", "publishdate",
    "publish_date", "publish-date", "pubdate", "published_time", "published", "dc.date.issued", "dcterms.issued",
    "dc.date", "dc.date.created", "cxenseparse:recs:publishtime", "sailthru.date", "parsely-pub-date", "release_date",
    "creation_date", "date", "article:published", "weibo:article:create_at",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "datemodified", "og:updated_time", "lastmod", "last-modified",
    "dc.date.modified", "dcterms.modified", "article:modified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; None where it says nothing. Dates are ISO 8601, with time and zone if given."""

    title: Found | None = None
    published: Found | None = None
    modified: Found | None = None
    author: Found | None = None
    site_name: Found | None = None
    language: Found | None = None


class Declarations:
    """What a page declares and shows of itself. Its title is found at once, the rest when somebody asks."""

    def __init__(self, tree: LexborHTMLParser, lines: Lines) -> None:
        self._tree, self._lines, self._data = tree, lines, StructuredData(tree, lines.declares)
        self._site = site_name(self._data)
        self.title = find_title(self._data, lines, self._site.value if self._site else "")

    def metadata(self) -> Metadata:
        """The metadata: of the page's declarations first, then of the lines that it shows."""
        data, title = self._data, self.title.value if self.title else ""
        return Metadata(
            title=self.title,
            published=_first_date(
                ((string_of(item.get("datePublished")), "json-ld") for item in data.articles()),
                ((data.meta.get(name), name) for name in _PUBLISHED),
                ((value, "itemprop") for value, prop in data.times if prop == "datepublished"),
                ((value, "time") for value, prop in data.times if not prop),
                ((line, "text") for line in _near(self._lines, title)),
            ),
            modified=_first_date(
                ((string_of(item.get("dateModified")), "json-ld") for item in data.articles()),
                ((data.meta.get(name), name) for name in _MODIFIED),
                ((value, "itemprop") for value, prop in data.times if prop == "datemodified"),
            ),
            author=find_author(self._tree, data, self._lines, title, self._site.value if self._site else ""),
            site_name=self._site,
            language=_language(self._tree, data),
        )


def _near(lines: Lines, title: str) -> Iterator[str]:
    """The lines where a printed date would be the article's: those named so, then those about the title. Where several
    dates are named so, of other articles too, those about the title come first."""
    named = [lines.shown[i] for i in lines.bylines() if len(lines.shown[i]) <= SHORT_LINE]
    if len({date for line in named if (date := read_date(line))}) > 1:
        about, names = list(about_title(lines, title)), set(named)
        yield from (line for line in about if line in names)
        yield from about
    yield from named
    yield from about_title(lines, title)


def _first_date(*sources: Iterable[tuple[str | None, str]]) -> Found | None:
    for source in sources:
        for value, name in source:
            if value and (date := read_date(value)):
                return Found(date, name)
    return None


def _language(tree: LexborHTMLParser, data: StructuredData) -> Found | None:
    lang = (tree.root.attributes.get("lang") if tree.root is not None else None) or ""
    if lang.strip():
        return Found(lang.strip(), "html lang")
    for name in ("og:locale", "content-language", "language"):
        if value := data.meta.get(name):
            return Found(value.replace("_", "-"), name)
    return None
