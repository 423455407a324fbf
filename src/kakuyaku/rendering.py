"""Findings for people and for machines: text, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence

from kakuyaku import __version__
from kakuyaku.findings import Finding, codes, visible

MAX_PER_CODE = 100  # a file with 100,000 faults of one kind is understood after a hundred


def as_text(findings: Sequence[Finding]) -> str:
    """One line a finding, at most :data:`MAX_PER_CODE` of a code, and how many more there are."""
    shown: Counter[str] = Counter()
    lines = []
    for finding in findings:
        shown[finding.code] += 1
        if shown[finding.code] <= MAX_PER_CODE:
            lines.append(str(finding))
    lines += [f"… and {n - MAX_PER_CODE:,} more of {code}" for code, n in shown.items() if n > MAX_PER_CODE]
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    """A JSON list with every field of every finding."""
    return json.dumps([_fields(finding) for finding in findings], ensure_ascii=False, indent=2)


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands that GitHub shows on the changed lines."""

    def escape(text: str) -> str:
        return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def escape_property(text: str) -> str:
        return escape(text).replace(":", "%3A").replace(",", "%2C")

    lines = []
    for finding in findings:
        place = f"file={escape_property(finding.path)}"
        if finding.line is not None:
            place += f",line={finding.line}" + (f",col={finding.column}" if finding.column is not None else "")
        message = escape(f"{finding.message}. {finding.advice}")
        lines.append(f"::{finding.level} {place},title={finding.code}::{message}")
    return "\n".join(lines)


def as_sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0, for code scanning."""
    used = sorted({finding.code for finding in findings})
    results = []
    for finding in findings:
        region = {"startLine": finding.line or 1}
        if finding.column is not None:
            region["startColumn"] = finding.column
        results.append(
            {
                "ruleId": finding.code,
                "ruleIndex": used.index(finding.code),
                "level": finding.level,
                "message": {"text": visible(f"{finding.message}. {finding.advice}")},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": finding.path.replace(" ", "%20")},
                            "region": region,
                        }
                    }
                ],
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
    driver = {"name": "kakuyaku", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


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
