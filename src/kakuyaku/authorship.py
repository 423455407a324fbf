"""Who wrote an article, as its lines tell: beside the title, at its ends, and below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kakuyaku.bylines import LONGEST, read_byline, read_bylines, read_signature
from kakuyaku.dates import read_date
from kakuyaku.names import house_stem, is_desk, is_full_name, is_organisation
from kakuyaku.placed_names import houses_beside, read_beside, read_credit, read_portrait

TITLE_ABOVE, TITLE_BELOW = 4, 12  # lines about the title where its author may be named
FAR = 30  # lines above what was taken for the title, where a line may still be a byline by its form
WITHIN = 2  # first lines of the article that may be its byline
BELOW = 12  # lines below the article where its author may sign
_KANA = re.compile("[ぁ-ん]")
_SIGNED = re.compile(r"[（(【［\[〔＜〈].*[^\x00-\x7f].*[)）】］\]〕＞〉]$|.*\S@\S")  # a signature by its form
_OF_OTHER_ARTICLES = frozenset(("related", "ranking", "date", "nav", "ad", "tag"))
_NEXT = frozenset(("related", "ranking", "comment", "tag", "byline"))  # what follows an article and its signature


class Line(NamedTuple):
    """A line of a page that is not blank, and what it is."""

    text: str
    kind: str
    keep: bool


class Authorship:
    """What the lines of a page say of the authors of its article."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        kept = [i for i, line in enumerate(lines) if line.keep and line.kind not in ("title", "subtitle")]
        titles = (i for i, line in enumerate(lines) if line.kind == "title")
        self._title = next(titles, kept[0] if kept else 0)
        self._first, self._last = (kept[0], kept[-1]) if kept else (self._title, self._title)
        self._said = "".join(lines[i].text for i in kept if "。" in lines[i].text)
        # Bare names and houses say little: they count in Japanese alone, whose other lines cannot be taken for names.
        self._japanese = bool(_KANA.search(self._said))

    def completing(self, declared: tuple[str, ...]) -> tuple[str, ...]:
        """The authors: those declared, unless lines name them and more, or persons where none is declared.

        Where nobody is named, the house (agency, publisher, desk) that the page prints as the article's source.
        """
        found = declared
        for names in self._persons():
            whole = tuple(name if is_full_name(name) else self._in_full(name, declared) for name in names)
            more = set(_keys(found)) < set(_keys(whole))
            if more or (all(map(is_organisation, found)) and not all(map(is_organisation, whole))):
                found = whole
        if not found and self._japanese:
            far = self._lines[max(0, self._title - FAR) : self._title]
            found = next(filter(None, (read_byline(line.text) for line in far)), ())
            found = found if all(map(is_full_name, found)) else ()
        return found or self._houses[:1]

    def _persons(self) -> Iterator[tuple[str, ...]]:
        """Whom the lines about the title, the ends of the article, and the lines below it name, in this order."""
        title = self._beside.index(self._title) if self._title in self._beside else -1
        beside = [self._lines[i].text for i in self._beside]
        yield read_beside(beside, title, self._said) if self._japanese else read_bylines(beside)
        if self._lines:
            yield read_signature(self._lines[self._first].text)
        yield next(filter(None, map(read_signature, self._below)), ())
        yield read_bylines(self._below)
        if self._japanese:
            yield read_portrait([line.text for line in self._lines[self._last :]])

    @cached_property
    def _beside(self) -> list[int]:
        """The places of the lines about the title."""
        begins = min(self._title + TITLE_BELOW, max(self._first, self._title) + WITHIN, len(self._lines))
        return [i for i in range(max(0, self._title - TITLE_ABOVE), begins) if self._lines[i].kind != "caption"]

    @cached_property
    def _below(self) -> list[str]:
        """The lines at the end of the article and below it that are not of other articles."""
        lines = self._lines[max(self._first, self._last - 1) : self._last + BELOW]
        return [
            line.text
            for line in lines
            if line.keep
            or not (line.kind in _OF_OTHER_ARTICLES or read_date(line.text))
            or (self._japanese and len(line.text) <= LONGEST and _SIGNED.match(line.text))
        ]

    @cached_property
    def _houses(self) -> tuple[str, ...]:
        """Houses beside the date, right below the article, or alone below it before other articles begin."""
        if not self._japanese:
            return ()
        beside = [self._lines[i].text for i in self._beside]
        rest = self._lines[self._last :]
        upto = next((i for i, line in enumerate(rest) if line.kind in _NEXT), len(rest))
        signed = filter(None, map(read_credit, [*self._below, *(line.text for line in rest[:upto])]))
        page = "\n".join(line.text for line in self._lines)
        # The name of a house is its site's or its own, and so stands elsewhere on the page too.
        return (*houses_beside(beside), *(name for name in signed if is_desk(name) or page.count(house_stem(name)) > 1))

    def _in_full(self, name: str, declared: Iterable[str]) -> str:
        """A short name of an agency as the page has it in full: 青空 as 青空通信."""
        houses = (house for house in (*declared, *self._houses) if house.startswith(name) and is_organisation(house))
        return next(houses, name)


def _keys(names: Iterable[str]) -> Iterator[str]:
    """Names as they compare: without white space, whatever the case."""
    return ("".join(name.split()).casefold() for name in names)
