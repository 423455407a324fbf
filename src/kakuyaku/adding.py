"""Taking a new article into a project: its id, its checks, its lines in the manifest and in the table of splits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from kakuyaku.articles import Article
from kakuyaku.cleaning import clean
from kakuyaku.contract import check_record, columns
from kakuyaku.decoding import decode
from kakuyaku.duplicates import NEAR, grams, similarity
from kakuyaku.files import Transaction, locked, read_bytes
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.project import Project
from kakuyaku.records import jsonl_bytes
from kakuyaku.seeds import Seed, read_seeds
from kakuyaku.splits import Assignment, propose, read_splits, splits_bytes

ID_DIGITS = 16
OTHER_SUFFIXES = (".html", ".htm", ".jsonl", ".json", ".parquet")
RIGHTS = "Text belongs to its publisher; held for research, not licensed by this dataset."


def add(project: Project, path: Path, known: Mapping[str, str | None]) -> Assignment:
    """Take the text ``path`` into seeds/ and give it a split. Nothing else has to be edited for it to be built.

    Args:
        known: what is known of its origin, by key of schemas/seed.schema.json; the rest becomes null.

    Raises:
        Failure: the text cannot be read, nothing is left of it after cleaning, or the project has it already (DUP001
            exactly, DUP002 nearly); the project is then as it was.
    """
    if path.suffix.lower() in OTHER_SUFFIXES:
        raise Failure(
            Finding("FMT001", str(path), "is no raw text", fix="Add the text of one page, as captured (.txt).")
        )
    data = read_bytes(path)
    raw = decode(data, str(path))
    with locked(project.root):
        seeds, findings = read_seeds(project) if project.manifest.exists() else ([], [])
        splits, faults = read_splits(project) if project.splits.exists() else ({}, [])
        refuse_on_errors(findings + faults)
        article = clean(raw.text)
        text = article.text
        if not text.strip():
            raise Failure(Finding("CLN001", str(path), "every line looks like boilerplate"))
        sha256 = hashlib.sha256(data).hexdigest()
        _refuse_known(path, sha256, text, seeds)
        article_id = f"{_next_number(seeds):03}_{sha256[:ID_DIGITS]}"
        published_on = known.get("published_on")
        record = {
            **dict.fromkeys(columns("seed")),
            "language": "ja",
            "rights": RIGHTS,
            "published_on_basis": _basis(published_on, article),
            **{key: value for key, value in known.items() if value is not None},
            "article_id": article_id,
            "file": f"{article_id}.txt",
            "sha256": sha256,
            "n_bytes": len(data),
        }
        refuse_on_errors(check_record("seed", record, str(path)))
        assignment = propose(article_id, str(record["event_id"] or article_id), splits.values())
        lines = project.manifest.read_bytes() if project.manifest.exists() else b""
        with Transaction(project.root) as transaction:
            transaction.write(project.seeds / f"{article_id}.txt", data)
            transaction.write(project.manifest, lines + jsonl_bytes([record]))
            transaction.write(project.splits, splits_bytes([*splits.values(), assignment]))
            transaction.commit()
    return assignment


def _basis(published_on: str | None, article: Article) -> str:
    """Where a date comes from when nobody says: printed needs a date line on the page."""
    if not published_on:
        return "unknown"
    return "printed" if article.metadata()["date_lines"] else "inferred"


def _refuse_known(path: Path, sha256: str, text: str, seeds: list[Seed]) -> None:
    own = grams(text)
    for seed in seeds:
        if seed.record["sha256"] == sha256:
            raise Failure(Finding("DUP001", str(path), f"its bytes are those of {seed.id}"))
        overlap = similarity(own, grams(clean(seed.raw.text).text))
        if overlap == 1:
            raise Failure(Finding("DUP001", str(path), f"its cleaned text is that of {seed.id}"))
        if overlap >= NEAR:
            message = f"{overlap:.0%} of its text is that of {seed.id}"
            raise Failure(Finding("DUP003", str(path), message))


def _next_number(seeds: list[Seed]) -> int:
    numbers = [int(match.group()) for seed in seeds if (match := re.match(r"\d+(?=_)", seed.id))]
    return max(numbers, default=-1) + 1
