"""What cleaning gives: an :class:`Article` made of :class:`Segment` s, with an offset map that is exact both ways."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kakuyaku.bylines import houses_beside, names_in, read_beside, read_byline, read_bylines, read_credit, read_portrait, read_signature
from kakuyaku.contract import labels
from kakuyaku.dates import read_date
from kakuyaku.decoding import text_sha256
from kakuyaku.names import house_stem, is_desk, is_full_name, is_organisation

DATE_ABOVE, DATE_BELOW = 4, 8  # lines about the title where its date may stand
TITLE_MIN_CHARS = 4  # a shorter declared title is a placeholder
BYLINE_FAR = 30  # lines above what was taken for the title, where a line may still be a byline by its form
BYLINE_BELOW = 12  # lines below the title, and below the article, where its author may be named
BYLINE_WITHIN = 2  # first lines of the article that may be its byline
DATE_LINE_CHARS = 60  # a longer line is a sentence
_MARKS = "■□◆◇●○▼▽★☆ 　"
_KANA = re.compile("[ぁ-ん]")
_SIGNED = re.compile(r"[（(【［\[〔＜〈].*[^\x00-\x7f].*[)）】］\]〕＞〉]$|.*\S@\S")  # a line that is a signature by its form
_NEXT = frozenset(("related", "ranking", "comment", "tag", "byline"))  # what follows an article and its signature
_OF_OTHER_ARTICLES = frozenset(("related", "ranking", "date", "nav", "ad", "tag"))


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a raw text and what it is.

    ``start`` and ``end`` are half-open code-point offsets into the raw text. ``kind`` is a label of the set
    ``segment_kind`` of the vocabulary, ``rule`` the rule of docs/cleaning.md that decided, ``evidence`` what it saw.
    """

    start: int
    end: int
    kind: str
    keep: bool
    rule: str
    evidence: str = ""


class Article:
    """A page with every character labelled.

    Laws: the segments partition ``raw`` (they join to it without gap or overlap); ``text`` is made of the kept segments
    alone; ``raw[article.to_raw(i)] == text[i]`` for every ``i``.
    """

    def __init__(
        self,
        id: str,
        raw: str,
        segments: Iterable[Segment] | Callable[[], Iterable[Segment]],
        site: str | None = None,
        *,
        kept: Callable[[], Iterable[tuple[int, int]]] | None = None,
        declared: Mapping[str, str] | None = None,
    ) -> None:
        """An article of its segments.

        Args:
            id: of the page.
            raw: the page's text.
            segments: all of them in order, or what makes them when they are first asked for.
            site: the page's site.
            kept: what gives the half-open intervals of ``raw`` that the kept segments cover, in order, where that
                takes less than making all segments.
            declared: what an HTML page declares: title, published, modified, author, site_name, language.
        """
        self.id, self.raw, self.site = id, raw, site
        self.declared: Mapping[str, str] = {} if declared is None else declared
        self._segments = segments
        self._kept_intervals = kept

    def __repr__(self) -> str:
        return f"Article(id={self.id!r}, site={self.site!r}, {len(self.raw):,} characters)"

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """All segments in order."""
        return tuple(self._segments() if callable(self._segments) else self._segments)

    @cached_property
    def text(self) -> str:
        """The cleaned text: all kept segments, joined."""
        if self._kept_intervals is not None:
            return "".join([self.raw[start:end] for start, end in self._kept_intervals()])
        return "".join(self.raw[segment.start : segment.end] for segment in self.segments if segment.keep)

    @cached_property
    def title(self) -> str | None:
        """The title without surrounding white space, as the page declares it, or else prints it; None when it has
        none."""
        printed = next((self.piece(segment) for segment in self.segments if segment.kind == "title"), None)
        declared = self.declared.get("title", "")
        if printed and len(declared) < TITLE_MIN_CHARS:
            return printed
        return self._shown_part(declared) or declared or None

    def _shown_part(self, title: str) -> str | None:
        """The line that is the greater part of a title which no line shows whole: the rest names the site in front."""
        if not title or title in self.raw:
            return None
        pieces = (self.piece(segment).lstrip(_MARKS) for segment in self.segments if segment.kind != "blank")
        return next((piece for piece in pieces if 2 * len(piece) > len(title) and title.endswith(piece)), None)

    @cached_property
    def published(self) -> str | None:
        """The date of publication in ISO 8601, as far as the page gives it: declared in its head, or printed."""
        lines = [segment for segment in self.segments if segment.kind != "blank"]
        title = next((i for i, segment in enumerate(lines) if segment.kind == "title"), 0)
        near = [s for s in lines[max(0, title - DATE_ABOVE) : title + DATE_BELOW] if s.end - s.start <= DATE_LINE_CHARS]
        dated = [segment for segment in lines if segment.kind == "date"] + near
        printed = (read_date(self.piece(segment)) for segment in dated)
        return self.declared.get("published") or next(filter(None, printed), None)

    @cached_property
    def author(self) -> str | None:
        """Who wrote the article, as the page declares or prints it: names joined by 、; None where it names nobody.

        Persons, or an agency or desk where no person is named. A signature that has more names than the declaration
        is the complete one.
        """
        found = names_in(self.declared.get("author", ""))
        printed, houses = self._printed_authors()
        for names in printed:
            whole = tuple(_in_full(name, (*found, *houses)) for name in names)
            more = set(_keys(found)) < set(_keys(whole))
            if more or (all(map(is_organisation, found)) and not all(map(is_organisation, whole))):
                found = whole
        return "、".join(found or houses[:1]) or None

    def _printed_authors(self) -> tuple[list[tuple[str, ...]], list[str]]:
        """Whom the lines about the title, the ends of the article, and the lines below it name, in this order; and the
        houses (agencies, publishers, desks) that stand beside its date and right below it."""
        lines = [segment for segment in self.segments if segment.kind != "blank"]
        pieces = [self.piece(segment) for segment in lines]
        kept = [i for i, segment in enumerate(lines) if segment.keep and segment.kind not in ("title", "subtitle")]
        title = next((i for i, segment in enumerate(lines) if segment.kind == "title"), kept[0] if kept else 0)
        first, last = (kept[0], kept[-1]) if kept else (title, title)
        begins = min(title + BYLINE_BELOW, max(first, title) + BYLINE_WITHIN)
        above = [i for i in range(max(0, title - DATE_ABOVE), begins) if i < len(lines) and lines[i].kind != "caption"]
        beside = [pieces[i] for i in above]
        if not kept:
            return [read_bylines(beside)], []
        spoken = "".join(pieces[i] for i in kept if "。" in pieces[i])
        end = range(max(first, last - 1), min(last + BYLINE_BELOW, len(lines)))
        others = {i for i in end if lines[i].kind in _OF_OTHER_ARTICLES or read_date(pieces[i])}
        below = [pieces[i] for i in end if lines[i].keep or i not in others or _SIGNED.match(pieces[i])]
        named = [read_signature(pieces[first]), next(filter(None, map(read_signature, below)), ()), read_bylines(below)]
        # Bare names and houses say little: only in Japanese, whose other lines cannot be taken for names.
        if not _KANA.search(spoken):
            return [read_bylines(beside), *named], []
        houses = houses_beside(beside)
        shown = read_beside(beside, above.index(title) if title in above else -1, spoken)
        far = next(filter(None, map(read_byline, pieces[max(0, title - BYLINE_FAR) : title])), ())
        return (
            [shown, *named, read_portrait(pieces[last:]), far if all(map(is_full_name, far)) else ()],
            [*houses, *self._signing(lines[last - 1 :], below)],
        )

    def _signing(self, lines: Sequence[Segment], below: Sequence[str]) -> Iterator[str]:
        """The houses that stand below the article: right there, or alone before other articles begin."""
        upto = next((i for i, line in enumerate(lines) if line.kind in _NEXT), len(lines))
        for piece in [*below, *(self.piece(line) for line in lines[:upto])]:
            name = read_credit(piece)
            if name and (is_desk(name) or self.raw.count(house_stem(name)) > 1):
                yield name

    @property
    def text_sha256(self) -> str:
        return text_sha256(self.text)

    def piece(self, segment: Segment) -> str:
        """The text of a segment without surrounding white space and list mark."""
        return self.raw[segment.start : segment.end].strip().lstrip("•・").strip()

    def metadata(self) -> dict[str, list[str]]:
        """What was cut from the text and is kept as data: byline, date_lines, credits, captions, references, tags.

        Each piece once, in text order. Headings of such a zone (``参考文献:``) are no entries.
        """
        columns = {
            kind.id: str(kind.extra["metadata"]) for kind in labels("segment_kind").values() if "metadata" in kind.extra
        }
        found: dict[str, dict[str, None]] = {column: {} for column in columns.values()}
        for segment in self.segments:
            if segment.kind in columns and not segment.rule.endswith(".heading"):
                found[columns[segment.kind]][self.piece(segment)] = None
        return {column: list(pieces) for column, pieces in found.items()}

    @cached_property
    def _kept(self) -> tuple[list[int], list[int], list[int]]:
        """Raw starts, raw ends and clean starts of the kept segments."""
        raw_starts, raw_ends, clean_starts, offset = [], [], [], 0
        for segment in self.segments:
            if segment.keep:
                raw_starts.append(segment.start)
                raw_ends.append(segment.end)
                clean_starts.append(offset)
                offset += segment.end - segment.start
        return raw_starts, raw_ends, clean_starts

    def to_raw(self, offset: int) -> int | None:
        """Raw offset of the character at ``offset`` of the cleaned text; None outside of it."""
        raw_starts, raw_ends, clean_starts = self._kept
        index = bisect_right(clean_starts, offset) - 1
        if index < 0:
            return None
        raw = raw_starts[index] + offset - clean_starts[index]
        return raw if raw < raw_ends[index] else None

    def to_clean(self, offset: int) -> int | None:
        """Offset in the cleaned text of the character at raw ``offset``; None where it was cut, and outside."""
        raw_starts, raw_ends, clean_starts = self._kept
        index = bisect_right(raw_starts, offset) - 1
        if index < 0 or offset >= raw_ends[index]:
            return None
        return clean_starts[index] + offset - raw_starts[index]

    def kept(self) -> Iterator[tuple[Segment, int]]:
        """Each kept segment with its start in the cleaned text."""
        return zip((segment for segment in self.segments if segment.keep), self._kept[2], strict=True)


def _in_full(name: str, known: Iterable[str]) -> str:
    """A short name of an agency as the page has it in full: 青空 as 青空通信."""
    if is_full_name(name):
        return name
    return next((house for house in known if house.startswith(name) and is_organisation(house)), name)


def _keys(names: Iterable[str]) -> Iterator[str]:
    """Names as they compare: without white space, whatever the case."""
    return ("".join(name.split()).casefold() for name in names)
