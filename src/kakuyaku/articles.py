"""What cleaning gives: an :class:`Article` made of :class:`Segment` s, with an offset map that is exact both ways."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from kakuyaku.contract import labels
from kakuyaku.decoding import text_sha256


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


@dataclass(frozen=True)
class Article:
    """A page with every character labelled.

    Laws: the segments partition ``raw`` (they join to it without gap or overlap); ``text`` is made of the kept segments
    alone; ``raw[article.to_raw(i)] == text[i]`` for every ``i``.
    """

    id: str
    raw: str = field(repr=False)
    segments: tuple[Segment, ...] = field(repr=False)
    site: str | None = None

    @cached_property
    def text(self) -> str:
        """The cleaned text: all kept segments, joined."""
        return "".join(self.raw[segment.start : segment.end] for segment in self.segments if segment.keep)

    @cached_property
    def title(self) -> str | None:
        """The title without surrounding white space, or None when the page has none."""
        return next((self.piece(segment) for segment in self.segments if segment.kind == "title"), None)

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
