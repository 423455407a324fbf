"""The title of a page: what it declares, checked against the lines that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from kakuyaku.cleaning.html_lines import Lines
from kakuyaku.cleaning.json_ld import string_of
from kakuyaku.cleaning.site_names import SEPARATOR, alike, beginnings, letters, without_site_name
from kakuyaku.cleaning.structured_data import Found, StructuredData
from kakuyaku.names import KANJI, KATAKANA

_DECLARED = ("og:title", "twitter:title", "dc.title", "title", "headline")
_MAX_TITLE = 500  # characters
_MIN_TITLE = 4
_MOST = 0.6
_PAGE_COUNT = re.compile(r"\s*[（(]\s*\d+\s*[/／]\s*\d+\s*(ページ|頁)?\s*[)）]$")
_SECTION = re.compile(
    r"(お?知らせ|新着情報|最新情報|報道発表|(プレス|ニュース)?リリース|ニュース|トピックス)(一覧)?"
    r"|(?i:news|topics|press releases?)"
)
_OF_NAMES = rf"{KANJI}{KATAKANA}A-Za-z0-9 ・&"  # no 、 and no particles: 株式会社青空、新型船を発売
_COMPANY = re.compile(
    rf"(株式会社|有限会社|[{KANJI}]{{2,6}}法人)[{_OF_NAMES}]{{1,24}}|[{_OF_NAMES}]{{1,24}}(株式会社|有限会社)"
)
_INDENTS = ("", " " * 2, " " * 4)  # of lines shown; before a bullet, and under one
_ABOVE, _BELOW = 4, 10  # lines about the title
SHORT_LINE = 80  # characters: longer ones are sentences


def find_title(data: StructuredData, lines: Lines, site: str) -> Found | None:
    """The declared title without the site's name; one that the page shows, or its beginning, is trusted most."""
    declared = [(string_of(item.get("headline")), "json-ld") for item in data.articles()]
    declared += [(data.meta.get(name, ""), name) for name in _DECLARED] + [(data.title, "title")]
    candidates = [(" ".join(value[:_MAX_TITLE].split()), source) for value, source in declared if value.strip()]
    candidates = [(value, source) for value, source in candidates if not _is_of_section(value, site)]
    headings, shown = lines.headings(), set(lines.shown)
    for value, source in candidates:
        for heading in headings:
            if len(letters(heading)) >= _MIN_TITLE and _same_title(letters(heading), letters(value)):
                return Found(_as_shown(heading, site, shown), f"h1 like {source}")
    for value, source in candidates:
        for beginning in beginnings(value):
            long_enough = len(beginning) >= _MIN_TITLE and len(beginning) * 3 >= len(value)
            is_shown = any(indent + beginning in shown for indent in _INDENTS)
            if long_enough and is_shown and not alike(beginning, site):
                return Found(beginning, source if beginning == value else f"{source} minus site name")
    for value, source in candidates:
        bare = without_site_name(value, site)
        if bare:
            return Found(bare, source if bare == value else f"{source} minus site name")
    return Found(headings[0], "h1") if headings else None


def _as_shown(heading: str, site: str, shown: AbstractSet[str]) -> str:
    """A heading without the site's name and 「（1/2ページ）」, where the page shows that as well."""
    bare = _PAGE_COUNT.sub("", without_site_name(heading, site) if site else heading)
    return bare if bare in shown else heading


def _is_of_section(title: str, site: str) -> bool:
    """Whether a declared title names nothing but a section, and a company or the site: it is not the article's.

    >>> _is_of_section("株式会社青空 : お知らせ", ""), _is_of_section("株式会社青空、新型船を発売｜ニュース", "")
    (True, False)
    """
    parts = [part for part in SEPARATOR.split(title) if part]
    sections = [part for part in parts if _SECTION.fullmatch(part)]
    others = [part for part in parts if part not in sections]
    return bool(sections) and all(letters(part) in letters(site) or _COMPANY.fullmatch(part) for part in others)


def _same_title(heading: str, declared: str) -> bool:
    """Whether a heading is in a declared title, or words it otherwise: most of its pairs of characters are there."""
    if heading in declared:
        return len(heading) * 4 >= len(declared)
    pairs = {heading[i : i + 2] for i in range(len(heading) - 1)}
    return sum(pair in declared for pair in pairs) >= _MOST * len(pairs)


def about_title(lines: Lines, title: str) -> Iterator[str]:
    """The short lines about the title, wherever it stands."""
    places = [i for i, line in enumerate(lines.shown) if line.strip() == title] if title else []
    for place in places:
        for line in lines.shown[max(0, place - _ABOVE) : place + _BELOW]:
            if len(line) <= SHORT_LINE:
                yield line
