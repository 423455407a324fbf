"""Findings for people and for machines: text, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from kakuyaku import __version__
from kakuyaku.findings import Finding, codes, escaped, visible

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_PER_CODE = 100  # a file with 100,000 faults of one kind is understood after a hundred


def as_text(findings: Sequence[Finding]) -> str:
    """One line a finding, at most :data:`MAX_PER_CODE` of a code, and how many more there are."""
    shown, more = _bounded(findings)
    return "\n".join([*map(str, shown), *more])


def _bounded(findings: Sequence[Finding]) -> tuple[list[Finding], list[str]]:
    """The first :data:`MAX_PER_CODE` findings of each code, and a line for each code that has more."""
    count: Counter[str] = Counter()
    shown = []
    for finding in findings:
        count[finding.code] += 1
        if count[finding.code] <= MAX_PER_CODE:
            shown.append(finding)
    return shown, [f"… and {n - MAX_PER_CODE:,} more of {code}" for code, n in count.items() if n > MAX_PER_CODE]


def as_json(findings: Sequence[Finding]) -> str:
    """A JSON list with every field of every finding; what a terminal would obey or hide is escaped."""
    return escaped(json.dumps([_fields(finding) for finding in findings], ensure_ascii=False, indent=2))


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands that GitHub shows on the changed lines.

    Errors come first: of one step GitHub shows ten errors and ten warnings, and the others in the log alone.
    """

    def escape(text: str) -> str:
        return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def escape_property(text: str) -> str:
        return escape(text).replace(":", "%3A").replace(",", "%2C")

    shown, more = _bounded(findings)
    lines = []
    for finding in sorted(shown, key=lambda finding: finding.level != "error"):
        place = f"file={escape_property(_from_here(finding.path))}"
        if finding.line is not None:
            place += f",line={finding.line}" + (f",col={finding.column}" if finding.column is not None else "")
        lines.append(f"::{finding.level} {place},title={finding.code}::{escape(_message(finding))}")
    return "\n".join([*lines, *(f"::notice::{line}" for line in more)])


def as_sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0 with all that GitHub's code scanning asks for.

    Columns count code points, as ``columnKind`` says. A region is one character wide: findings name where a fault
    starts, and GitHub wants an end. A fingerprint knows a finding again after lines were added above it.
    """
    shown, more = _bounded(findings)
    used = sorted({finding.code for finding in shown})
    twins: Counter[str] = Counter()
    results = []
    for finding in shown:
        line, column = finding.line or 1, finding.column or 1
        identity = "\n".join((finding.code, _from_here(finding.path), finding.at or "", finding.message))
        fingerprint = hashlib.sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:16]
        twins[fingerprint] += 1
        location: dict[str, object] = {
            "physicalLocation": {
                "artifactLocation": {"uri": _uri(finding.path)},
                "region": {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + 1},
            }
        }
        if finding.at:
            location["logicalLocations"] = [{"fullyQualifiedName": visible(finding.at)}]
        results.append(
            {
                "ruleId": finding.code,
                "ruleIndex": used.index(finding.code),
                "level": finding.level,
                "message": {"text": visible(_message(finding))},
                "locations": [location],
                "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:{twins[fingerprint]}"},
            }
        )
    rules = [
        {
            "id": code,
            "shortDescription": {"text": codes()[code].title},
            "fullDescription": {"text": codes()[code].cause},
            "help": {"text": codes()[code].fix},
            "defaultConfiguration": {"level": codes()[code].level},
        }
        for code in used
    ]
    driver = {"name": "kakuyaku", "semanticVersion": __version__, "rules": rules}
    notes = [{"level": "note", "message": {"text": line}} for line in more]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": results,
    }
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return escaped(json.dumps(log, ensure_ascii=False, indent=2))


def _message(finding: Finding) -> str:
    """What is wrong and what to do, with the JSON path where there is one."""
    return f"{finding.at + ': ' if finding.at else ''}{finding.message}. {finding.advice}"


def _from_here(path: str) -> str:
    """A path as seen from the current folder where it lies inside, with slashes."""
    here = Path.cwd()
    whole = here / path
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()


def _uri(path: str) -> str:
    """A relative URI of a path below the current folder, else a ``file:`` URI; both percent-encoded."""
    shown = _from_here(path)
    return Path(shown).as_uri() if Path(shown).is_absolute() else quote(os.fsencode(shown))


FORMATS: dict[str, Callable[[Sequence[Finding]], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def _fields(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "level": finding.level,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "at": finding.at,
        "message": finding.message,
        "fix": finding.advice,
    }
