"""The well-formedness rules of section 6 of the codebook, one module for each group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kakuyaku.annotation.actors import Registry
from kakuyaku.annotation.rules.case import Case
from kakuyaku.annotation.rules.mentions import check_mentions
from kakuyaku.annotation.rules.relations import check_relations
from kakuyaku.annotation.rules.spans import check_spans
from kakuyaku.annotation.rules.statements import check_statements
from kakuyaku.annotation.rules.values import check_values
from kakuyaku.annotation.standoff import from_record
from kakuyaku.articles import Article
from kakuyaku.contract import check_record
from kakuyaku.decoding import text_sha256
from kakuyaku.findings import Finding, character_name
from kakuyaku.versions import GUIDELINE_VERSIONS, SCHEMA_VERSION

__all__ = ["check_annotation", "check_header"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_GROUPS = (check_spans, check_mentions, check_statements, check_relations, check_values)


def check_annotation(
    record: Any, raw_text: str, article: Article, actors: Registry, path: str, published_on: str | None = None
) -> Iterator[Finding]:
    """Findings of one annotation file.

    The rules on spans need a sound record and the right text: after a fault against the schema, or a stale hash
    (STL001), nothing else is said.

    Args:
        record: the parsed file, see schemas/annotation.schema.json.
        raw_text: the raw decoded text of its article, and ``article`` the same text with its segments.
        published_on: ISO date of the article, for A07; None when unknown.
    """
    faults = [*check_record("annotation", record, path)]
    faults = faults or [*check_header(record, raw_text, path)]
    yield from faults
    if any(finding.code not in ("F02",) for finding in faults):
        return
    case = Case(from_record(record), raw_text, article, actors, path, published_on)
    for check in _GROUPS:
        yield from check(case)


def check_header(record: Mapping[str, Any], raw_text: str, path: str) -> Iterator[Finding]:
    """Versions (F02), control characters (CTL001), and the hash of the text (STL001) of a sound record."""
    known = {"schema_version": (SCHEMA_VERSION,), "guideline_version": GUIDELINE_VERSIONS}
    for key, versions in known.items():
        if record[key] not in versions:
            yield Finding("F02", path, f"{key} {record[key]}; known are {', '.join(versions)}", at=f"$.{key}")
    for at, text in _strings(record):
        if match := _CONTROL.search(text):
            yield Finding("CTL001", path, f"{character_name(match.group())} in a value", at=at)
    if record["raw_sha256"] != (now := text_sha256(raw_text)):
        message = f"made for a text with the hash {record['raw_sha256'][:12]}…, the text now has {now[:12]}…"
        yield Finding("STL001", path, message, at="$.raw_sha256")


def _strings(value: Any, at: str = "$") -> Iterator[tuple[str, str]]:
    """Every string of a record with its path, but context: prefix and suffix hold the line feeds of the text."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("prefix", "suffix", "quote"):
                yield from _strings(inner, f"{at}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{at}[{index}]")
