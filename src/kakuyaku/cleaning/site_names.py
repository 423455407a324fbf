"""The names of the site and its publisher: found, cut from titles, and told from names of authors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kakuyaku.cleaning.json_ld import names_of, string_of, strings_of, values_of
from kakuyaku.cleaning.structured_data import Found, StructuredData
from kakuyaku.names import is_desk, is_organisation

_DECLARED = ("og:site_name", "application-name", "twitter:app:name:iphone")
SEPARATOR = re.compile(r"\s*[|｜│»«_＿]\s*|\s+[-‐–—―:/・<>]\s*|\s*[-–—:：／/＜<【（(]\s*")
_CLEAR_SEPARATOR = re.compile(r"\s*[|｜│»]\s*|\s+[-‐–—―]\s+")
_EDGES = " 　|｜│»«_＿-‐–—―:：/／・<>＜＞【】（）()"
_HOST_LABEL = re.compile(r"[a-z0-9-]{4,}(?=\.)")


def site_name(data: StructuredData) -> Found | None:
    """The declared name of the site, or else of the article's publisher."""
    for name in _DECLARED:
        if value := data.meta.get(name):
            return Found(" ".join(value.split()), name)
    for item in data.articles():
        if value := next(names_of(item.get("publisher")), None):
            return Found(value, "json-ld")
    for item in data.objects:
        if "WebSite" in strings_of(item.get("@type")) and (value := string_of(item.get("name"))):
            return Found(value, "json-ld")
    return None


def letters(text: str) -> str:
    """The letters and digits of a text, in one width and case: what names and titles are compared by."""
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text)).casefold()


def alike(part: str, site: str) -> bool:
    """Whether one of two names contains the other."""
    a, b = letters(part), letters(site)
    return bool(a and b) and (a in b or b in a)


def beginnings(title: str) -> Iterator[str]:
    """The title, then what stands in front of each of its separators, the longest first."""
    yield title
    for mark in reversed(list(SEPARATOR.finditer(title))):
        yield title[: mark.start()].strip()


def without_site_name(title: str, site: str) -> str:
    """``title`` without the name of the site that follows a separator, or, where none is known, a short last part.

    >>> without_site_name("甲国、掃海艇を派遣へ｜青空新聞デジタル", "青空新聞")
    '甲国、掃海艇を派遣へ'
    """
    for beginning in list(beginnings(title))[1:]:
        rest = title[len(beginning) :].strip(_EDGES)
        named = (
            alike(rest, site) if site else _CLEAR_SEPARATOR.match(title, len(beginning)) and len(rest) < len(beginning)
        )
        if beginning and rest and named:
            return without_site_name(beginning, site) if site else beginning
    first = SEPARATOR.search(title)
    if site and first and letters(title[: first.start()]) == letters(site):
        return title[first.end() :].strip(_EDGES) or title
    return title


class Publisher:
    """The publisher of a page, by all of its names; ``site`` is that of its site."""

    def __init__(self, data: StructuredData, site: str) -> None:
        publishers = [name for item in data.articles() for name in names_of(item.get("publisher"))]
        authors = [one for item in data.articles() for one in values_of(item.get("author"))]
        self._names = {key for key in map(letters, (site, *publishers)) if key}
        self._hosts = set(_HOST_LABEL.findall(data.meta.get("og:url", "").lower()))
        self._title = SEPARATOR.split(data.title)[-1]
        self._organisations = {
            letters(string_of(item.get("name")))
            for item in (*data.objects, *(one for one in authors if isinstance(one, dict)))
            if any(kind.endswith(("Organization", "Corporation")) for kind in strings_of(item.get("@type")))
        }

    def is_named(self, name: str) -> bool:
        """Whether a name is that of the publisher, and no desk's."""
        key = letters(name)
        if key in self._names or re.match(rf"{re.escape(name)}(?![の@＠'’])", self._title):
            return True
        of_house = any(key in other or other in key for other in (*self._names, *self._hosts))
        return self.signs(name) and of_house and not is_desk(name) and key not in self._hosts

    def signs(self, name: str) -> bool:
        """Whether a name is no person's, as far as the page tells."""
        return is_organisation(name) or letters(name) in self._organisations | self._hosts
