"""Raw offsets to places in the cleaned article: segment, cleaned offsets, sentence."""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from kakuyaku.articles import Article
from kakuyaku.contract import labels

DIGEST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of raw text lies: offsets into the cleaned text, number and kind of the segment."""

    start: int
    end: int
    segment: int
    kind: str


def segment_id(article_id: str, number: int) -> str:
    """The id of an article's segment by its number from 0."""
    return f"{article_id}:seg{number:04}"


def place(article: Article, start: int, end: int) -> Place | None:
    """The place of ``raw[start:end]``; None unless it lies inside one kept segment."""
    index = bisect_right(article.segments, start, key=lambda segment: segment.start) - 1
    segment = article.segments[index]
    clean = article.to_clean(start)
    if clean is None or not segment.keep or end > segment.end or end <= start:
        return None
    return Place(clean, clean + end - start, index, segment.kind)


@cache
def zone_kinds() -> frozenset[str]:
    """The kinds of segment that are annotated: the text of the article without title, subtitle and lead."""
    return frozenset(kind.id for kind in labels("segment_kind").values() if kind.extra.get("zone"))


def zone_offsets(article: Article) -> list[range]:
    """The raw offsets of the zone, a range for each of its segments."""
    return [
        range(segment.start, segment.end)
        for segment in article.segments
        if segment.kind in zone_kinds() and segment.keep
    ]


def span_digest(segment_text: str, start: int, end: int) -> str:
    """Keyed hash of a span; ``start`` and ``end`` count from the start of its segment.

    The key comes from the segment's text, so that only who holds that text can look up what a short span says.
    """
    key = hashlib.sha256(f"span-key\0{segment_text}".encode()).digest()
    message = f"{start}:{end}:{segment_text[start:end]}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:DIGEST_DIGITS]
