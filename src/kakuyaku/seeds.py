"""The raw articles of a project and their manifest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kakuyaku.contract import check_record
from kakuyaku.decoding import RawText, decode
from kakuyaku.files import contained, read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project
from kakuyaku.records import parse_jsonl

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Seed:
    """One raw article: its manifest line (``record``, see schemas/seed.schema.json) and its text."""

    record: dict[str, Any]
    raw: RawText

    @property
    def id(self) -> str:
        return str(self.record["article_id"])


def read_manifest(project: Project) -> tuple[list[tuple[int, dict[str, Any]]], list[Finding]]:
    """Line number and record of every sound line of the manifest, and the findings of the others."""
    path = project.shown(project.manifest)
    lines: list[tuple[int, dict[str, Any]]] = []
    findings: list[Finding] = []
    seen: dict[tuple[str, str], int] = {}
    try:
        data = read_bytes(project.manifest)
    except Failure as failure:
        return [], [Finding(f.code, path, f.message) for f in failure.findings]
    try:
        entries = list(parse_jsonl(data, path))
    except Failure as failure:
        return [], failure.findings
    for number, record in entries:
        if isinstance(record, Finding):
            findings.append(record)
            continue
        faults = list(check_record("seed", record, path, number))
        if not faults and (record["published_on"] is None) != (record["published_on_basis"] == "unknown"):
            message = f"published_on is {record['published_on']}, its basis {record['published_on_basis']}"
            faults.append(Finding("MAN004", path, message, number, at="$.published_on"))
        for key in ("article_id", "file"):
            value = record.get(key)
            if isinstance(value, str) and (first := seen.setdefault((key, value), number)) != number:
                faults.append(
                    Finding("MAN001", path, f"{key} {value} stands in line {first} too", number, at=f"$.{key}")
                )
        findings += faults
        if not faults:
            lines.append((number, record))
    return lines, findings


def read_seeds(project: Project) -> tuple[list[Seed], list[Finding]]:
    """The seeds of a project sorted by id, and all that is wrong with its manifest and files."""
    lines, findings = read_manifest(project)
    manifest = project.shown(project.manifest)
    seeds: list[Seed] = []
    for number, record in lines:
        path = project.seeds / record["file"]
        shown = project.shown(path)
        try:
            data = read_bytes(contained(path, project.root))
            sha256 = hashlib.sha256(data).hexdigest()
            if sha256 != record["sha256"] or len(data) != record["n_bytes"]:
                message = f"{shown} has {len(data):,} bytes and the hash {sha256[:12]}…"
                message += f"; expected {record['n_bytes']:,} and {record['sha256'][:12]}…"
                findings.append(Finding("MAN002", manifest, message, number, at="$.sha256"))
            seeds.append(Seed(record, decode(data, shown)))
        except Failure as failure:
            findings += [Finding(f.code, shown, f.message, f.line, f.column, f.at, f.fix) for f in failure.findings]
    findings += _unlisted(project, {record["file"] for _, record in lines}) if not findings else []
    return sorted(seeds, key=lambda seed: seed.id), findings


def read_replaced(project: Project) -> tuple[dict[str, str], list[Finding]]:
    """The raw texts of captures that were replaced, by their hash (:attr:`RawText.sha256`), and all that is wrong.

    The program names the files by the hash of the text, people as they like.
    """
    found: dict[str, str] = {}
    findings: list[Finding] = []
    for path in sorted(project.replaced.glob("*.txt")):
        shown = project.shown(path)
        try:
            raw = decode(read_bytes(contained(path, project.root)), shown)
        except Failure as failure:
            findings += [Finding(f.code, shown, f.message, f.line, f.column, f.at, f.fix) for f in failure.findings]
            continue
        if _HASH.fullmatch(path.stem) and path.stem != raw.sha256:
            findings.append(
                Finding("MAN002", shown, f"its text has the hash {raw.sha256[:12]}…, its name says another")
            )
        found[raw.sha256] = raw.text
    return found, findings


def _unlisted(project: Project, listed: set[str]) -> Iterator[Finding]:
    for path in sorted(project.seeds.glob("*.txt")):
        if path.name not in listed:
            yield Finding("MAN003", project.shown(path), f"{project.shown(project.manifest)} has no line for it")
