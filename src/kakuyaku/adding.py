"""Taking an article in, or a corrected capture of one: its id, its checks, its lines in the manifest and the splits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kakuyaku.articles import Article
from kakuyaku.cleaning import Page, clean, clean_many
from kakuyaku.contract import check_record, columns
from kakuyaku.decoding import decode
from kakuyaku.duplicates import NEAR, grams, similarity
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.locks import locked
from kakuyaku.project import Project
from kakuyaku.records import json_line, jsonl_bytes
from kakuyaku.seeds import Seed, read_manifest, read_seeds
from kakuyaku.splits import Assignment, check_splits, propose, read_splits, splits_bytes
from kakuyaku.transactions import Transaction

ID_DIGITS = 16
OTHER_SUFFIXES = (".html", ".htm", ".jsonl", ".json", ".parquet")
RIGHTS = "Text belongs to its publisher; held for research, not licensed by this dataset."


def add(project: Project, path: Path, known: Mapping[str, str | None]) -> Assignment:
    """Take the text ``path`` into seeds/ and give it a split. Nothing else has to be edited for it to be built.

    An article that was removed and comes back with the same bytes gets its old id and split.

    Args:
        known: what is known of its origin, by key of schemas/seed.schema.json; the rest becomes null.

    Raises:
        Failure: the text cannot be read, nothing is left of it after cleaning, the project has it already (DUP001
            exactly, DUP003 nearly), or its event stands in another split; the project is then as it was.
    """
    data = _capture(path)
    raw = decode(data, str(path))
    with locked(project.root):
        seeds, findings = read_seeds(project) if project.manifest.exists() else ([], [])
        splits, faults = read_splits(project) if project.splits.exists() else ({}, [])
        refuse_on_errors(findings + faults)
        article = clean(raw.text)
        sha256 = hashlib.sha256(data).hexdigest()
        refuse_known(str(path), sha256, article.text, _cleaned(seeds))
        article_id = identify(sha256, [seed.id for seed in seeds], splits)
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
        event_id = known.get("event_id")
        events = {seed.id: seed.record["event_id"] for seed in seeds}
        assignment = assign(article_id, event_id, events, splits)
        splits[article_id] = assignment
        refuse_straddling(project, splits, {**events, article_id: event_id})
        lines = project.manifest.read_bytes() if project.manifest.exists() else b""
        if lines and not lines.endswith(b"\n"):  # an editor left the last line open
            lines += b"\n"
        with Transaction(project.root) as transaction:
            transaction.write(project.seeds / f"{article_id}.txt", data)
            transaction.write(project.manifest, lines + jsonl_bytes([record]))
            transaction.write(project.splits, splits_bytes(splits.values()))
            transaction.commit()
    return assignment


def replace_capture(project: Project, article_id: str, path: Path, known: Mapping[str, str | None]) -> None:
    """Put the text ``path`` in the place of the capture of an article; the old one goes to seeds/replaced/.

    The article keeps its id and split. Its annotations are stale then: ``kakuyaku reanchor`` moves them.

    Args:
        known: what is to be changed in its line of the manifest.

    Raises:
        Failure: as :func:`add`; or the project has no such article.
    """
    data = _capture(path)
    raw = decode(data, str(path))
    with locked(project.root):
        seeds, findings = read_seeds(project)
        splits, faults = read_splits(project)
        refuse_on_errors(findings + faults)
        own = next((seed for seed in seeds if seed.id == article_id), None)
        if own is None:
            there = ", ".join(seed.id for seed in seeds)
            raise Failure(Finding("USE001", article_id, "is no article of the project", fix=f"Articles: {there}."))
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 == own.record["sha256"]:
            raise Failure(Finding("DUP001", str(path), f"its bytes are those of {article_id}"))
        others = [seed for seed in seeds if seed is not own]
        refuse_known(str(path), sha256, clean(raw.text).text, _cleaned(others))
        changes = {key: value for key, value in known.items() if value is not None}
        record = {**own.record, **changes, "sha256": sha256, "n_bytes": len(data)}
        refuse_on_errors(check_record("seed", record, str(path)))
        events = {seed.id: seed.record["event_id"] for seed in seeds}
        refuse_straddling(project, splits, {**events, article_id: record["event_id"]})
        file = project.seeds / record["file"]
        with Transaction(project.root) as transaction:
            transaction.write(file, data)
            transaction.write(project.manifest, _with_line(project, record))
            transaction.write(project.replaced / f"{own.raw.sha256}.txt", read_bytes(file))
            transaction.commit()


def identify(sha256: str, present: Collection[str], splits: Collection[str]) -> str:
    """The id of an article by the hash of its bytes: the one that it had before it was removed, else a new one.

    Args:
        present: the ids of the articles that there are.
        splits: the ids in the table of splits, which keeps those of removed articles too.
    """
    digits = sha256[:ID_DIGITS]
    back = [id_ for id_ in splits if id_.endswith(f"_{digits}") and id_ not in present]
    numbers = [int(match.group()) for id_ in (*present, *splits) if (match := re.match(r"\d+(?=_)", id_))]
    return back[0] if back else f"{max(numbers, default=-1) + 1:03}_{digits}"


def assign(
    article_id: str, event_id: str | None, events: Mapping[str, str | None], splits: Mapping[str, Assignment]
) -> Assignment:
    """The line of an article in the table of splits: the one that it has, else a proposal.

    Args:
        events: event id (or None) of the articles that there are, by article id.
    """
    peers = [splits[id_] for id_, event in events.items() if event is not None and event == event_id and id_ in splits]
    return splits.get(article_id) or propose(article_id, event_id or article_id, splits.values(), peers)


def _capture(path: Path) -> bytes:
    if path.suffix.lower() in OTHER_SUFFIXES:
        raise Failure(
            Finding("FMT001", str(path), "is no raw text", fix="Add the text of one page, as captured (.txt).")
        )
    return read_bytes(path)


def _basis(published_on: str | None, article: Article) -> str:
    """Where a date comes from when nobody says: printed needs a date line on the page."""
    if not published_on:
        return "unknown"
    return "printed" if article.metadata()["date_lines"] else "inferred"


def _cleaned(seeds: Sequence[Seed]) -> Iterator[tuple[str, str, str]]:
    articles = clean_many(Page(seed.id, text=seed.raw.text) for seed in seeds)
    return ((seed.id, seed.record["sha256"], article.text) for seed, article in zip(seeds, articles, strict=True))


def refuse_known(path: str, sha256: str, text: str, known: Iterable[tuple[str, str, str]]) -> None:
    """Refuse a text of which cleaning leaves nothing, and one that is there already, if only nearly.

    Args:
        path: of its file, for the message.
        sha256: of its bytes.
        text: what cleaning leaves of it.
        known: id, hash of the bytes and cleaned text of the articles that there are.

    Raises:
        Failure: CLN001, DUP001 or DUP003.
    """
    if not text.strip():
        raise Failure(Finding("CLN001", path, "every line looks like boilerplate"))
    own = grams(text)
    for id_, its_sha256, its_text in known:
        if its_sha256 == sha256:
            raise Failure(Finding("DUP001", path, f"its bytes are those of {id_}"))
        overlap = similarity(own, grams(its_text))
        if overlap == 1:
            raise Failure(Finding("DUP001", path, f"its cleaned text is that of {id_}"))
        if overlap >= NEAR:
            raise Failure(Finding("DUP003", path, f"{overlap:.0%} of its text is that of {id_}"))


def refuse_straddling(project: Project, splits: Mapping[str, Assignment], events: Mapping[str, str | None]) -> None:
    """Refuse what would put one event into two splits."""
    refuse_on_errors([finding for finding in check_splits(project, splits, events) if finding.code == "SPL004"])


def _with_line(project: Project, record: Mapping[str, Any]) -> bytes:
    """The manifest with another line for an article that it has; the other lines stay as they are written."""
    number = next(n for n, line in read_manifest(project)[0] if line["article_id"] == record["article_id"])
    lines = decode(read_bytes(project.manifest), project.shown(project.manifest)).text.split("\n")
    lines[number - 1] = json_line(record)
    return "\n".join(lines).encode("utf-8")
