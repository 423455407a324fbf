"""Cleaning: texts in, labelled articles out. One page is a batch of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakuyaku.articles import Article, Segment
from kakuyaku.cleaning.page import Page, PageText, read_page
from kakuyaku.cleaning.rules import index_of, rules
from kakuyaku.cleaning.spooling import twice

if TYPE_CHECKING:  # what is compiled is loaded when something is cleaned
    from kakuyaku.cleaning.judge import Verdict
    from kakuyaku.cleaning.repetition import SiteLines
    from kakuyaku.cleaning.units import Room

BATCH_PAGES = 32  # what they need stays in a processor's cache
EVIDENCE_CHARS = 60


def clean(text: str | None = None, *, html: str | bytes | None = None) -> Article:
    """The article of one page, every character of it labelled.

    >>> page = "甲国、掃海艇を派遣へ\\n\\n首相は3日、掃海艇を派遣すると述べた。\\n\\n関連記事\\n  • 港の歴史\\n"
    >>> print(clean(page).text.rstrip())
    甲国、掃海艇を派遣へ
    首相は3日、掃海艇を派遣すると述べた。

    Raises:
        Failure: UNI001 when the text cannot be stored as UTF-8; ENV001 when reading HTML needs the extra ``html``.
    """
    return next(clean_many([Page("page", text=text, html=html)]))


def clean_many(pages: Iterable[Page], *, site_repetition: bool = False) -> Iterator[Article]:
    """The articles of many pages, in order.

    Args:
        pages: read lazily, a batch at a time. With ``site_repetition`` they are read twice: a sequence as it is,
        anything
            else through a temporary file.
        site_repetition: cut lines that also stand on another page of the same ``site``.
    """
    from kakuyaku.cleaning.repetition import SiteLines
    from kakuyaku.cleaning.units import Room

    lines, room = SiteLines() if site_repetition else None, Room()
    if lines:
        first, pages = twice(pages)
        for batch in _batches(first):
            wanted = [page for page in batch if lines.wants(page.site)]
            lines.learn([str(page.site) for page in wanted], [read_page(page).raw for page in wanted], room)
    for batch in _batches(pages):
        yield from _clean_pages(batch, lines, room)


def _batches(pages: Iterable[Page]) -> Iterator[list[Page]]:
    source = iter(pages)
    while batch := list(islice(source, BATCH_PAGES)):
        yield batch


def clean_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Arrow in, Arrow out, for shards and clusters: rows in equal rows out, and no row raises.

    Args:
        batch: columns ``id`` (string), ``text`` (string) and, if you like, ``site`` (string).

    Returns:
        columns ``id``, ``title``, ``text``, ``segments`` (list of structs) and ``error`` (null when all went well).
    """
    ids, texts = batch.column("id").to_pylist(), batch.column("text").to_pylist()
    pages = [Page(str(id_), text=text or "") for id_, text in zip(ids, texts, strict=True)]
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
        for id_, article in zip(ids, clean_many(pages), strict=True)
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


def reasons(page: Page) -> dict[int, str]:
    """For each unit of a page that was decided by its score, by its start in the raw text: what weighed most."""
    from kakuyaku.cleaning.judge import judge
    from kakuyaku.cleaning.units import explode

    read = read_page(page)
    units = explode([read.raw], [read.markup], [read.declared.get("title")])
    verdict = judge(units)
    table = rules()
    return {
        int(units.start[unit]): verdict.reasons(unit)
        for unit, rule in enumerate(verdict.rule.tolist())
        if table[rule].id in BY_SCORE
    }


# Rules of place whose evidence is the score.
BY_SCORE = frozenset(
    {
        "body.prose",
        "body.line",
        "heading.short",
        "list_item.run",
        "nav.head",
        "nav.menu",
        "promo.inside",
        "promo.tail",
        "related.list",
    }
)


def _clean_pages(pages: Sequence[Page], lines: SiteLines | None, room: Room) -> Iterator[Article]:
    from kakuyaku.cleaning.judge import judge
    from kakuyaku.cleaning.units import explode

    read = [read_page(page) for page in pages]
    texts = [page.raw for page in read]
    units = explode(texts, [page.markup for page in read], [page.declared.get("title") for page in read], room)
    repeated = lines.repeated(units, [page.site for page in pages], room) if lines else None
    verdict = judge(units, repeated, room=room)
    return _articles(pages, read, verdict)


def _articles(pages: Sequence[Page], read: Sequence[PageText], verdict: Verdict) -> Iterator[Article]:
    """The articles of a batch. Their segments are made when they are asked for, out of the page's own labels."""
    first = verdict.units.page_first.tolist()
    for number, (page, text) in enumerate(zip(pages, read, strict=True)):
        own = verdict.labels[first[number] : first[number + 1]]
        # as bytes: numpy copies records field by field
        labelled = _Labelled(text.raw, np.frombuffer(own.tobytes(), dtype=own.dtype))
        yield Article(page.id, text.raw, labelled.segments, page.site, kept=labelled.kept, declared=text.declared)


class _Labelled:
    """The labelled units of one page, which make its segments."""

    def __init__(self, raw: str, labels: npt.NDArray[np.void]) -> None:
        self.raw, self.labels = raw, labels

    def kept(self) -> Iterable[tuple[int, int]]:
        """The intervals that the kept segments cover."""
        labels = self.labels[self.labels["kept"] | self.labels["fed"]]
        begin, end, fed = (labels[name].tolist() for name in ("begin", "end", "fed"))
        if True not in fed:
            return zip(begin, end, strict=True)
        return ((e, e + 1) if f else (b, e) for b, e, f in zip(begin, end, fed, strict=True))

    def segments(self) -> Iterator[Segment]:
        """Whole lines with their line feed, pieces of lines, and runs of blank lines."""
        table = rules()
        blank = table[index_of("blank.line")]
        at = 0
        kept_piece = blank
        for begin, end, text_begin, text_end, cause, score, number, _, kept, fed in self.labels.tolist():
            if begin > at:
                yield Segment(at, begin, blank.kind, False, blank.id)
            rule = table[number]
            if cause >= 0 and self.labels["text_begin"][cause] != text_begin:
                evidence = self.raw[self.labels["text_begin"][cause] : self.labels["text_end"][cause]]
            elif rule.id in BY_SCORE:
                evidence = f"score {score:+.1f}"
            else:
                evidence = rule.sees(self.raw[text_begin:text_end])
            yield Segment(begin, end, rule.kind, kept, rule.id, evidence[:EVIDENCE_CHARS])
            at = end
            if fed:
                yield Segment(end, end + 1, kept_piece.kind, True, kept_piece.id, "line feed")
                at = end + 1
            kept_piece = rule
        if at < len(self.raw):
            yield Segment(at, len(self.raw), blank.kind, False, blank.id)
