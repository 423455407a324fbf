"""What is derived: label lists of the schemas, tables of docs and guideline, the configuration of Label Studio."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from kakuyaku.annotation.actors import read_actors
from kakuyaku.annotation.guideline import LANGUAGES, with_label_tables
from kakuyaku.annotation.label_config import label_config
from kakuyaku.cleaning.rules import rules
from kakuyaku.contract import VOCABULARY, labels, load, synced_schema
from kakuyaku.files import read_bytes
from kakuyaku.findings import Finding, codes
from kakuyaku.locks import locked
from kakuyaku.markdown import markdown_table
from kakuyaku.project import Project
from kakuyaku.records import json_bytes, parse_json
from kakuyaku.transactions import Transaction

_MARK = re.compile(r"(<!-- table:([a-z_]+) -->\n).*?(<!-- /table -->)", re.DOTALL)


def derived(project: Project) -> Iterator[tuple[Path, bytes, bytes]]:
    """Path, present bytes and right bytes of every file that holds something derived."""
    for path in sorted(project.schemas.glob("*.schema.json")):
        present = read_bytes(path)
        yield path, present, json_bytes(synced_schema(parse_json(present, str(path))))
    for path in sorted((project.root / "docs").glob("*.md")):
        present = read_bytes(path)
        text = present.decode("utf-8")
        yield path, present, _MARK.sub(lambda m: m[1] + TABLES[m[2]]() + "\n" + m[3], text).encode()
    for language in LANGUAGES:
        path = project.annotation / f"guideline.{language}.md"
        if path.exists():
            present = read_bytes(path)
            yield path, present, with_label_tables(present.decode("utf-8"), language).encode()
    if project.actors.exists():
        registry, findings = read_actors(read_bytes(project.actors), project.shown(project.actors))
        if not any(finding.level == "error" for finding in findings):  # a faulty registry is mended first
            path = project.annotation / "label_config.xml"
            right = label_config(load(VOCABULARY), load("annotation"), registry.actors.values())
            yield path, read_bytes(path) if path.exists() else b"", right.encode()


def stale(project: Project) -> list[Finding]:
    """VOC002 for each file that is out of date."""
    return [
        Finding("VOC002", project.shown(path), "differs from the vocabulary, the rules, the codes or the actors")
        for path, present, right in derived(project)
        if present != right
    ]


def sync(project: Project) -> list[str]:
    """Write what is out of date; the names of the files written."""
    with locked(project.root), Transaction(project.root) as transaction:
        changed = [(path, right) for path, present, right in derived(project) if present != right]
        for path, right in changed:
            transaction.write(path, right)
        transaction.commit()
    return [project.shown(path) for path, _ in changed]


def _codes() -> str:
    rows = [
        [f"`{c.id}`", c.level, c.exit if c.level == "error" else "", c.title, c.cause, c.fix] for c in codes().values()
    ]
    return markdown_table(["code", "level", "exit", "title", "cause", "what to do"], rows)


def _kinds() -> str:
    rows = [
        [
            f"`{k.id}`",
            k.name["ja"],
            "kept" if k.extra["keep"] else "cut",
            k.definition["en"],
            k.definition["ja"],
            "; ".join(k.positive),
            "; ".join(f"{text} → `{label}`" for text, label in k.negative),
        ]
        for k in labels("segment_kind").values()
    ]
    return markdown_table(["kind", "名称", "", "definition", "定義", "example", "not this"], rows)


def _rules() -> str:
    rows = [[f"`{r.id}`", f"`{r.kind}`", r.role, f"`{r.pattern}`" if r.pattern else ""] for r in rules()]
    return markdown_table(["rule", "kind", "role", "pattern"], rows)


TABLES: dict[str, Callable[[], str]] = {"codes": _codes, "segment_kinds": _kinds, "rules": _rules}
