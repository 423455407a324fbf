"""Splits: which articles are for training, validation and test. A frozen table; a rule only proposes its new lines.

Articles of one group (one event, or nearly one text) share a split. A group that has a split keeps it; a new group
gets the split that its salted hash falls into, so that the order in which articles arrive decides nothing. The line of
an article that was removed stays: should it come back, it is what it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kakuyaku.contract import check_record, columns, labels
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project
from kakuyaku.records import csv_bytes, parse_csv
from kakuyaku.versions import SPLIT_POLICY

SALT = "kakuyaku split 1"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of annotation/splits.csv."""

    article_id: str
    split: str
    group: str
    policy: str


def read_splits(project: Project) -> tuple[dict[str, Assignment], list[Finding]]:
    """The assignments by article id, and what is wrong with the table by itself."""
    path = project.shown(project.splits)
    try:
        data = read_bytes(project.splits)
        rows = list(parse_csv(data, path, columns("split")))
    except Failure as failure:
        return {}, [Finding(f.code, path, f.message, f.line, f.column) for f in failure.findings]
    found: dict[str, Assignment] = {}
    findings: list[Finding] = []
    split_of: dict[str, tuple[str, int]] = {}
    for number, row in rows:
        if isinstance(row, Finding):
            findings.append(row)
            continue
        if faults := list(check_record("split", row, path, number)):
            findings += faults
            continue
        assignment = Assignment(**row)
        if assignment.article_id in found:
            findings.append(Finding("SPL002", path, f"{assignment.article_id} has a line above", number))
            continue
        first_split, first_line = split_of.setdefault(assignment.group, (assignment.split, number))
        if first_split != assignment.split:
            message = f"group {assignment.group} is {first_split} in line {first_line} and {assignment.split} here"
            findings.append(Finding("SPL004", path, message, number))
        found[assignment.article_id] = assignment
    return found, findings


def check_splits(
    project: Project, splits: Mapping[str, Assignment], events: Mapping[str, str | None], *, complete: bool = True
) -> Iterator[Finding]:
    """The table against the articles: every article has a split, every line an article, no event stands in two splits.

    Args:
        events: event id (or None) by article id.
        complete: these are all articles; otherwise a line without an article is no finding (its article has others).
    """
    path = project.shown(project.splits)
    split_of: dict[str, tuple[str, str]] = {}
    for article_id in sorted(events):
        if article_id not in splits:
            yield Finding("SPL001", path, f"{article_id} has no split")
            continue
        event, split = events[article_id], splits[article_id].split
        if event is not None:
            other, first = split_of.setdefault(event, (article_id, split))
            if first != split:
                yield Finding("SPL004", path, f"event {event}: {other} is {first}, {article_id} is {split}")
    for article_id in sorted(set(splits) - set(events)) if complete else ():
        yield Finding("SPL003", path, f"the manifest has no article {article_id}")


def propose(article_id: str, group: str, splits: Iterable[Assignment], peers: Iterable[Assignment] = ()) -> Assignment:
    """The line for a new article: the split of its group, else the one its group's hash falls into.

    Args:
        peers: the lines of the articles that the manifest has on the same event. They may have come before it was
            known to be one, in groups of their own; the new article then joins theirs.
    """
    for peer in peers:
        return Assignment(article_id, peer.split, peer.group, SPLIT_POLICY)
    for assignment in splits:
        if assignment.group == group:
            return Assignment(article_id, assignment.split, group, SPLIT_POLICY)
    place = int.from_bytes(hashlib.sha256(f"{SALT}\n{group}".encode()).digest()[:8]) / 2**64
    for label in labels("split").values():
        place -= float(label.extra["share"])
        if place < 0:
            break
    return Assignment(article_id, label.id, group, SPLIT_POLICY)


def splits_bytes(assignments: Iterable[Assignment]) -> bytes:
    """The table as it is stored, in the order given (new lines come last)."""
    names = columns("split")
    return csv_bytes(({name: getattr(assignment, name) for name in names} for assignment in assignments), names)
