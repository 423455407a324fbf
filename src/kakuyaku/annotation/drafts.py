"""Drafts: annotation written as plain text, for language models and for people without Label Studio.

A draft of an article is two files. ``<article>.mentions.txt`` holds every line of the zone, ``LINE_NO<TAB>text``, with
each mention marked ``⟦surface¦actor_id⟧`` (further parts: ``¦subset=26/35``, ``¦affiliation=nato``; marks may nest).
``<article>.statements.json`` holds a list of statements by line number and quote; mentions are named a1, a2, … in
reading order. :func:`anchor` turns both into a stand-off annotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kakuyaku.annotation.standoff import ANCHOR_KEYS, ID_LETTERS, Relation, Span, Standoff
from kakuyaku.articles import Article
from kakuyaku.contract import labels, load
from kakuyaku.decoding import text_sha256
from kakuyaku.findings import Finding
from kakuyaku.records import json_line
from kakuyaku.versions import GUIDELINE_VERSIONS, SCHEMA_VERSION

MENTIONS, STATEMENTS = "mentions.txt", "statements.json"
_TOKEN = re.compile(r"(⟦|⟧|¦[^⟦⟧]*(?=⟧))")
_PARTS = {label: letter for label, letter in ID_LETTERS.items() if label not in ("actor", "statement")}
_ROLES = ("holder", "agent", "source", "beneficiary")
_SAME = "same_position"
_PLACE = ("quote", "nth", "line")


def zone_lines(article: Article) -> dict[int, str]:
    """The lines of the raw text that hold zone text, by number from 1: what an annotator gets to copy."""
    kinds = labels("segment_kind")
    wanted: set[int] = set()
    for segment in article.segments:
        piece = article.raw[segment.start : segment.end]
        if segment.keep and kinds[segment.kind].extra.get("zone") and piece.strip():
            first = article.raw.count("\n", 0, segment.start) + piece[: len(piece) - len(piece.lstrip())].count("\n")
            wanted |= {first + offset + 1 for offset in range(piece.strip().count("\n") + 1)}
    return {number: line for number, line in enumerate(article.raw.split("\n"), 1) if number in wanted and line.strip()}


@dataclass
class _Draft:
    """What is gathered while a draft is read; ``path`` is that of the file being read."""

    article: Article
    path: str
    findings: list[Finding] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.article.raw.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def fault(self, code: str, message: str, line: int | None = None, at: str | None = None) -> None:
        self.findings.append(Finding(code, self.path, message, line, at=at))


def anchor(
    article: Article, article_id: str, annotator: str, mentions: str, statements: Any, folder: str
) -> tuple[Standoff, list[Finding]]:
    """The annotation of a draft, and what is wrong with the draft (the rules of annotation are checked elsewhere).

    Args:
        mentions: text of the mentions file.
        statements: parsed statements file; an empty list while there is none.
        folder: path of the draft, for the findings.
    """
    draft = _Draft(article, f"{folder}/{article_id}.{MENTIONS}")
    _read_mentions(draft, mentions)
    draft.path = f"{folder}/{article_id}.{STATEMENTS}"
    if not isinstance(statements, list) or not all(isinstance(entry, dict) for entry in statements):
        draft.fault("DRF005", "is no list of statements", at="$")
        statements = []
    _read_statements(draft, statements)
    annotation = Standoff(
        article_id=article_id,
        annotator=annotator,
        revision=1,
        raw_sha256=text_sha256(article.raw),
        guideline_version=GUIDELINE_VERSIONS[-1],
        schema_version=SCHEMA_VERSION,
        spans=tuple(draft.spans),
        relations=tuple(draft.relations),
    )
    return annotation, draft.findings


def numbered(annotation: Standoff, article: Article) -> Iterator[str]:
    """One line for each line of the text with mentions: their ids, surfaces and actors."""
    by_line: dict[int, list[str]] = {}
    for span in annotation.labelled("actor"):
        extra = f" {span.get('subset')}" if span.get("subset") else ""
        entry = f"{span.id}={span.quote}({span.get('actor_id')}{extra})"
        by_line.setdefault(article.raw.count("\n", 0, span.start) + 1, []).append(entry)
    return (f"{number:>4}: {' '.join(entries)}" for number, entries in by_line.items())


def _read_mentions(draft: _Draft, text: str) -> None:
    zone = zone_lines(draft.article)
    found: list[tuple[int, int, dict[str, str]]] = []
    seen: set[int] = set()
    for row_number, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue
        number, _, marked = row.partition("\t")
        if not number.isdecimal() or len(number) > 9:
            draft.fault("DRF001", "starts with no line number and tab", row_number)
            continue
        seen.add(int(number))
        if int(number) not in zone:
            draft.fault("DRF003", f"line {number} of the article is outside the zone", row_number)
            continue
        plain, marks = _unmark(draft, marked, row_number)
        line = draft.lines[int(number) - 1]
        if plain.strip() != line.strip():
            pairs = enumerate(zip(plain.strip(), line.strip(), strict=False))
            place = next((place for place, (one, two) in pairs if one != two), min(len(plain), len(line)))
            ours, right = plain.strip()[place : place + 15], line.strip()[place : place + 15]
            draft.fault("DRF002", f"“{ours}” stands where the article has “{right}”", row_number)
            continue
        shift = draft.starts[int(number) - 1] + _indent(line) - _indent(plain)
        found += [(shift + start, shift + end, attributes) for start, end, attributes in marks]
    for missing in sorted(set(zone) - seen):
        draft.fault("DRF003", f"line {missing} of the article is missing")
    found.sort(key=lambda mark: (mark[0], -mark[1]))
    for index, (start, end, attributes) in enumerate(found, 1):
        draft.spans.append(Span.anchored(draft.article.raw, f"a{index}", "actor", start, end, **attributes))


def _unmark(draft: _Draft, marked: str, row: int) -> tuple[str, list[tuple[int, int, dict[str, str]]]]:
    """A line without its marks, and start, end and attributes of each mark in it."""
    plain, marks = "", list[tuple[int, int, dict[str, str]]]()
    stack: list[tuple[int, list[str]]] = []
    for token in _TOKEN.split(marked):
        if token == "⟦":
            stack.append((len(plain), []))
        elif token == "⟧" and stack:
            start, parts = stack.pop()
            pairs = [part.partition("=")[::2] for part in parts[1:]]
            if not parts or any(key not in ("subset", "affiliation") for key, _ in pairs):
                draft.fault("DRF001", f"“{plain[start:]}” has no ¦actor_id, or an unknown attribute", row)
            else:
                marks.append((start, len(plain), {"actor_id": parts[0].strip(), **dict(pairs)}))
        elif token == "⟧" or (token.startswith("¦") and not stack):
            draft.fault("DRF001", f"{token[0]} without ⟦ after “{plain[-12:]}”", row)
        elif token.startswith("¦"):
            stack[-1][1].extend(token[1:].split("¦"))
        else:
            plain += token
    if stack:
        draft.fault("DRF001", f"⟦ without ⟧ before “{plain[stack[-1][0] :][:12]}”", row)
    return plain, marks


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _read_statements(draft: _Draft, entries: Sequence[Mapping[str, Any]]) -> None:
    attributes = [key for key in load("annotation")["$defs"]["statement"]["properties"] if key not in ANCHOR_KEYS]
    known = {"id", *_PLACE, *attributes, *_ROLES, *_PARTS, _SAME}
    lists = {**dict.fromkeys(("commitment_type", _SAME, *_ROLES), str), **dict.fromkeys(_PARTS, dict)}
    ids = [entry.get("id") for entry in entries]
    mentions = {span.id for span in draft.spans}
    made: dict[tuple[str, tuple[int, int], str], str] = {}
    leaves = list(labels("commitment_type"))
    for index, entry in enumerate(entries):
        id_, at = str(entry.get("id")), f"$[{index}]"
        if not re.fullmatch(r"s[0-9]+", id_) or ids.count(id_) > 1:
            draft.fault("DRF005", f"the id {id_} is not s1, s2, … or stands twice", at=f"{at}.id")
            continue
        for key in sorted(set(entry) - known):
            draft.fault("DRF005", f"unknown key “{key}”", at=f"{at}.{key}")
        malformed = [key for key, member in lists.items() if not _is_list(entry.get(key) or [], member)]
        for key in malformed:
            draft.fault("DRF005", f"{key} is no list, or one of something else", at=f"{at}.{key}")
        region = _find(draft, entry, entry.get("line"), at)
        if region is None or malformed:
            continue
        values = {key: entry[key] for key in attributes if entry.get(key) is not None}
        values["commitment_type"] = sorted(
            entry.get("commitment_type") or [], key=lambda leaf: leaves.index(leaf) if leaf in leaves else len(leaves)
        )
        draft.spans.append(Span.anchored(draft.article.raw, id_, "statement", *region, **values))
        for role in _ROLES:
            for target in entry.get(role) or []:
                if target not in mentions:
                    draft.fault("DRF005", f"{target} is no mention", at=f"{at}.{role}")
                draft.relations.append(Relation(id_, role, target))
        _read_parts(draft, entry, id_, region, at, made)
        for other in entry.get(_SAME) or []:
            if other not in ids or not re.fullmatch(r"s[0-9]+", other):
                draft.fault("DRF005", f"there is no statement {other}", at=f"{at}.{_SAME}")
                continue
            one, two = sorted((id_, other), key=lambda name: int(name[1:]))
            if (link := Relation(one, _SAME, two)) not in draft.relations:
                draft.relations.append(link)


def _is_list(value: Any, member: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, member) for item in value)


def _read_parts(
    draft: _Draft,
    entry: Mapping[str, Any],
    id_: str,
    region: tuple[int, int],
    at: str,
    made: dict[tuple[str, tuple[int, int], str], str],
) -> None:
    """Cues, conditions, quantities and times of one statement; equal ones of several statements become one span."""
    for label, letter in _PARTS.items():
        for index, part in enumerate(entry.get(label) or []):
            place = _find(draft, part, part.get("line", entry["line"]), f"{at}.{label}[{index}]", region)
            if place is None:
                continue
            values = {key: value for key, value in part.items() if key not in _PLACE and value is not None}
            key = (label, place, json_line(values, sort_keys=True))
            if key not in made:
                made[key] = f"{letter}{sum(span.label == label for span in draft.spans) + 1}"
                draft.spans.append(Span.anchored(draft.article.raw, made[key], label, *place, **values))
            draft.relations.append(Relation(id_, label, made[key]))


def _find(
    draft: _Draft, part: Mapping[str, Any], number: Any, at: str, region: tuple[int, int] | None = None
) -> tuple[int, int] | None:
    """Raw start and end of a quote in its line: of several the one of ``nth``, else the only one in ``region``."""
    quote, nth = part.get("quote"), part.get("nth")
    if (
        not isinstance(quote, str)
        or not quote
        or not isinstance(number, int)
        or number not in zone_lines(draft.article)
    ):
        draft.fault("DRF004", f"“{quote}” has no line of the zone ({number})", at=at)
        return None
    base = draft.starts[number - 1]
    pattern = f"(?={re.escape(quote)})"
    places = [base + match.start() for match in re.finditer(pattern, draft.lines[number - 1])]
    inside = [p for p in places if region and region[0] <= p and p + len(quote) <= region[1]]
    if isinstance(nth, int) and 1 <= nth <= len(places):
        place = places[nth - 1]
    elif nth is None and len(places) == 1:
        place = places[0]
    elif nth is None and len(inside) == 1:
        place = inside[0]
    else:
        message = f"“{quote[:40]}” stands {len(places)} times in line {number}, nth is {nth}"
        draft.fault("DRF004", message, at=at)
        return None
    return place, place + len(quote)
