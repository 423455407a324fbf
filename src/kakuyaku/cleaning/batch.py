"""Cleaning: texts in, labelled articles out. One page is a batch of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa

from kakuyaku.articles import Article, Segment
from kakuyaku.cleaning.html import dump
from kakuyaku.cleaning.judge import Verdict, judge
from kakuyaku.cleaning.rules import index_of, kept_rule, rules
from kakuyaku.cleaning.units import Bools, Units, explode
from kakuyaku.decoding import check_string

BATCH_PAGES = 256
SITE_MIN_PAGES = 2  # a line of a second page of the site is no coincidence (content lines hit: 1 of 245 measured)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to clean: its raw ``text`` (a naive dump) or its ``html``. ``site`` groups pages for site repetition."""

    id: str
    text: str | None = None
    html: str | bytes | None = None
    site: str | None = None

    def raw(self) -> str:
        """The raw text: ``text``, or the dump of ``html``.

        Raises:
            ValueError: neither or both are given.
            TypeError: ``text`` is no text.
        """
        if self.text is not None and not isinstance(self.text, str):
            raise TypeError(f"page {self.id}: text is {type(self.text).__name__}, not str; bytes are for html")
        if (self.text is None) == (self.html is None):
            raise ValueError(f"page {self.id}: give either text or html")
        return dump(self.html) if self.html is not None else str(self.text)


def clean(text: str | None = None, *, html: str | bytes | None = None) -> Article:
    """The article of one page, every character of it labelled.

    >>> page = "甲国、掃海艇を派遣へ\\n\\n首相は3日、掃海艇を派遣すると述べた。\\n\\n関連記事\\n  • 港の歴史\\n"
    >>> print(clean(page).text.rstrip())
    甲国、掃海艇を派遣へ
    首相は3日、掃海艇を派遣すると述べた。

    Raises:
        Failure: UNI001 when the text cannot be stored as UTF-8.
    """
    return next(clean_many([Page("page", text=text, html=html)]))


def clean_many(pages: Iterable[Page], *, site_repetition: bool = False) -> Iterator[Article]:
    """The articles of many pages, in order.

    Args:
        pages: read lazily, a batch at a time; with ``site_repetition`` all of them are read first.
        site_repetition: cut lines that also stand on another page of the same ``site``.
    """
    if site_repetition:
        pages = list(pages)
        repeated = _repeated_lines(pages)
    else:
        repeated = frozenset()
    source = iter(pages)
    while batch := list(islice(source, BATCH_PAGES)):
        yield from _clean_pages(batch, repeated)


def clean_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Arrow in, Arrow out, for shards and clusters: rows in equal rows out, and no row raises.

    Args:
        batch: columns ``id`` (string), ``text`` (string) and, if you like, ``site`` (string).

    Returns:
        columns ``id``, ``title``, ``text``, ``segments`` (list of structs) and ``error`` (null when all went well).
    """
    ids, texts = batch.column("id").to_pylist(), batch.column("text").to_pylist()
    articles = _clean_pages(
        [Page(str(id_), text=text or "") for id_, text in zip(ids, texts, strict=True)], frozenset()
    )
    rows = [
        {
            "id": id_,
            "title": article.title,
            "text": article.text,
            "segments": [
                {"start": s.start, "end": s.end, "kind": s.kind, "keep": s.keep, "rule": s.rule}
                for s in article.segments
            ],
            "error": None if article.text else "CLN001",
        }
        for id_, article in zip(ids, articles, strict=True)
    ]
    return pa.RecordBatch.from_pylist(rows, schema=BATCH_SCHEMA)


BATCH_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        (
            "segments",
            pa.list_(
                pa.struct(
                    [
                        ("start", pa.int32()),
                        ("end", pa.int32()),
                        ("kind", pa.string()),
                        ("keep", pa.bool_()),
                        ("rule", pa.string()),
                    ]
                )
            ),
        ),
        ("error", pa.string()),
    ]
)


def _clean_pages(pages: Sequence[Page], repeated: frozenset[bytes]) -> Iterator[Article]:
    texts = [page.raw() for page in pages]
    for page, text in zip(pages, texts, strict=True):
        check_string(text, page.id)
    units = explode(texts)
    mask = _repeated_mask(units, pages, repeated) if repeated else None
    verdict = judge(units, mask)
    return iter(
        [
            Article(page.id, text, tuple(segments), page.site)
            for page, text, segments in zip(pages, texts, _segments(units, verdict, texts), strict=True)
        ]
    )


def _segments(units: Units, verdict: Verdict, texts: Sequence[str]) -> Iterator[list[Segment]]:
    """The segments of each page: whole lines with their line feed, pieces of lines, and runs of blank lines."""
    table, kept = rules(), kept_rule()
    bounds = np.searchsorted(units.page, np.arange(len(texts) + 1))
    line_of, line_end = units.line.tolist(), units.line_end.tolist()
    starts, causes, verdicts = units.start.tolist(), verdict.cause.tolist(), verdict.rule.tolist()
    line_start = units.line_start.tolist()
    blank = table[index_of("blank.line")]
    for page, text in enumerate(texts):
        found: list[Segment] = []
        at = 0
        low, high = int(bounds[page]), int(bounds[page + 1])
        for i in range(low, high):
            line = line_of[i]
            first_piece = i == low or line_of[i - 1] != line
            last_piece = i + 1 == high or line_of[i + 1] != line
            begin = line_start[line] if first_piece else starts[i]
            if begin > at:
                found.append(Segment(at, begin, blank.kind, False, blank.id))
            rule = table[verdicts[i]]
            keep = bool(kept[verdicts[i]])
            end = line_end[line] if last_piece else starts[i + 1]
            if causes[i] < 0 and rule.id in BY_SCORE:
                evidence = verdict.reasons(i)
            else:
                evidence = _evidence(units, i, causes[i], rule.sees)
            line_feed = end - 1
            split = last_piece and not keep and not first_piece and found[-1].keep and text[line_feed:end] == "\n"
            found.append(Segment(begin, line_feed if split else end, rule.kind, keep, rule.id, evidence))
            if split:  # the line's kept piece keeps the line feed, or two lines of the article would run together
                found.append(Segment(line_feed, end, found[-2].kind, True, found[-2].rule, "line feed"))
            at = end
        if at < len(text):
            found.append(Segment(at, len(text), blank.kind, False, blank.id))
        yield found


EVIDENCE_CHARS = 60
# Rules of place whose evidence is what weighed most in the score.
BY_SCORE = frozenset(
    {"body.prose", "body.line", "heading.short", "list_item.run", "nav.head", "promo.inside", "promo.tail", "related.list"}
)


def _evidence(units: Units, unit: int, cause: int, sees: object) -> str:
    if cause >= 0 and cause != unit:
        return units.text[cause][:EVIDENCE_CHARS]
    return str(sees(units.text[unit]))[:EVIDENCE_CHARS] if callable(sees) else ""


def _line_key(site: str | None, text: str) -> bytes:
    return hashlib.blake2b(f"{site}\n{text}".encode(), digest_size=8).digest()


def _repeated_lines(pages: Sequence[Page]) -> frozenset[bytes]:
    """Keys of the lines that stand on several pages of one site."""
    seen: dict[bytes, int] = {}
    for page in pages:
        if page.site is not None:
            for key in {_line_key(page.site, line.strip()) for line in page.raw().split("\n") if line.strip()}:
                seen[key] = seen.get(key, 0) + 1
    return frozenset(key for key, count in seen.items() if count >= SITE_MIN_PAGES)


def _repeated_mask(units: Units, pages: Sequence[Page], repeated: frozenset[bytes]) -> Bools:
    return np.array(
        [
            pages[page].site is not None and _line_key(pages[page].site, text) in repeated
            for page, text in zip(units.page.tolist(), units.text, strict=True)
        ],
        dtype=bool,
    )
