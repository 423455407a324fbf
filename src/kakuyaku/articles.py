"""What cleaning gives: an :class:`Article` made of :class:`Segment` s, with an offset map that is exact both ways."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kakuyaku.authorship import Authorship, Line
from kakuyaku.bylines import names_in
from kakuyaku.contract import labels
from kakuyaku.dates import read_date
from kakuyaku.decoding import text_sha256

DATE_ABOVE, DATE_BELOW = 4, 8  # lines about the title where its date may stand
TITLE_MIN_CHARS = 4  # a shorter declared title is a placeholder
DATE_LINE_CHARS = 60  # a longer line is a sentence
_PERIOD = re.compile(r"\d日?[\s　]*(?:[（(].[)）])?[\s　]*[〜～][\s　]*\d")  # 3日〜9日: what an article covers
_MARKS = "■□◆◇●○▼▽★☆ 　"


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
        pieces = map(self.piece, dated)
        printed = (read_date(piece) for piece in pieces if not _PERIOD.search(piece))
        return self.declared.get("published") or next(filter(None, printed), None)

    @cached_property
    def author(self) -> str | None:
        """Who wrote the article, as the page declares or prints it: names joined by 、; None where it names nobody.

        Persons, or an agency, a desk or the publisher that the page prints as its source where no person is named. A
        signature that has more names than the declaration is the complete one.
        """
        lines = [Line(self.piece(one), one.kind, one.keep) for one in self.segments if one.kind != "blank"]
        return "、".join(Authorship(lines).completing(names_in(self.declared.get("author", "")))) or None

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
