"""Rules S: offsets, quotes, context, zone, edges; what holds for spans of every layer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from kakuyaku.annotation.rules.case import Case
from kakuyaku.annotation.standoff import CONTEXT_CHARS, Span
from kakuyaku.findings import Finding
from kakuyaku.records import json_line

LONG_STATEMENT = 160
_JOINER = "\u200d"


def check_spans(case: Case) -> Iterator[Finding]:
    """Findings of the spans: S02 to S13 (S01 and S07 are in the schema)."""
    seen: set[str] = set()
    for span in case.annotation.spans:
        if span.id in seen:
            yield case.fault("S08", span, f"the id {span.id} stands twice", "id")
        seen.add(span.id)
        if not span.start < span.end <= len(case.raw):
            yield case.fault("S02", span, f"{span.start}–{span.end} in a text of {len(case.raw)} code points", "start")
        elif case.raw[span.start : span.end] != span.quote:
            found = case.raw[span.start : span.end][:40]
            yield case.fault("S03", span, f"the text at {span.start}–{span.end} is “{found}”", "quote")
        else:
            yield from _check_place(case, span)
    yield from _check_twins(case)
    yield from _check_nesting(case)


def _check_place(case: Case, span: Span) -> Iterator[Finding]:
    raw, start, end = case.raw, span.start, span.end
    context = {"prefix": raw[max(0, start - CONTEXT_CHARS) : start], "suffix": raw[end : end + CONTEXT_CHARS]}
    for name, right in context.items():
        if getattr(span, name) != right:
            yield case.fault("S04", span, f"the text there is “{right}”", name)
    if not any(segment.start <= start and end <= segment.end for segment in case.zone):
        kinds = [s.kind for s in case.article.segments if s.start < end and start < s.end]
        yield case.fault("S05", span, f"stands in {' and '.join(kinds)}", "start")
    if span.quote != span.quote.strip() or "\n" in span.quote:
        yield case.fault("S06", span, "white space at the edge, or a line feed inside", "quote")
    if _joined(raw, start) or _joined(raw, end):
        yield case.fault("S10", span, "is cut inside a character", "quote")
    if span.label == "statement" and len(span.quote) > LONG_STATEMENT:
        yield case.fault("S12", span, f"{len(span.quote)} code points", "quote")
    anchor = context["prefix"] + span.quote + context["suffix"]
    if raw.find(anchor, raw.find(anchor) + 1) >= 0:
        yield case.fault("S13", span, "the quote with its context stands more than once", "quote")


def _joined(raw: str, offset: int) -> bool:
    """Whether the code points before and after ``offset`` belong to one character."""
    if not 0 < offset < len(raw):
        return False
    after = raw[offset]
    return (
        unicodedata.category(after).startswith("M")
        or after in ("\uff9e", "\uff9f", _JOINER)
        or (raw[offset - 1] == _JOINER)
    )


def _check_twins(case: Case) -> Iterator[Finding]:
    """S09; statements may coincide (R12 says when)."""
    first: dict[tuple[str, int, int, str], str] = {}
    for span in case.annotation.spans:
        if span.label != "statement":
            key = (span.label, span.start, span.end, json_line(span.attributes, sort_keys=True))
            if key in first:
                yield case.fault("S09", span, f"is equal to {first[key]}")
            first.setdefault(key, span.id)


def _check_nesting(case: Case) -> Iterator[Finding]:
    """S11, by one sweep: in order of start, longest first, an overlap can only be with an open span."""
    ordered = sorted(case.annotation.labelled("actor"), key=lambda span: (span.start, -span.end))
    open_spans: list[Span] = []
    for span in ordered:
        open_spans = [other for other in open_spans if other.end > span.start]
        for other in open_spans:
            if span.end > other.end:
                yield case.fault("S11", span, f"overlaps {other.id} “{other.quote[:20]}”", "end")
        open_spans.append(span)
