"""How far the work is: for each annotator and article its state on the server, and how far passes agree so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from kakuyaku.agreement.comparing import compare
from kakuyaku.annotation.room import Room
from kakuyaku.annotation.store import read_passes
from kakuyaku.findings import Finding
from kakuyaku.studio.connection import Connection
from kakuyaku.studio.judging import DRAFTED, FAULTY
from kakuyaku.studio.pulling import judge_tasks
from kakuyaku.studio.pushing import Progress

NOT_SENT = "–"
_LAYER = "statement"


@dataclass(frozen=True)
class Status:
    """States by annotator and article; findings of submitted work; F1 of statement spans by pair and article."""

    states: Mapping[str, Mapping[str, str]]
    findings: tuple[Finding, ...]
    agreement: Mapping[tuple[str, str], Mapping[str, float]]


def status(
    room: Room, connection: Connection, projects: Mapping[str, int], progress: Progress = lambda done, of: None
) -> Status:
    """Look at every task of the projects, by annotator; nothing is written."""
    states: dict[str, dict[str, str]] = {}
    findings: list[Finding] = []
    stamps = {annotator: list(connection.stamps(id_)) for annotator, id_ in projects.items()}
    total, done = sum(map(len, stamps.values())), 0
    for annotator, ids in stamps.items():
        found = states.setdefault(annotator, {})
        for _, judged, _, _ in judge_tasks(room, connection, projects[annotator], annotator, ids):
            if found.get(judged.article_id) in (None, DRAFTED, FAULTY) or judged.annotation:
                found[judged.article_id] = judged.state
            findings += judged.findings
            progress(done := done + 1, total)
    return Status(states, tuple(findings), agreement_so_far(room, list(projects)))


def agreement_so_far(room: Room, annotators: list[str]) -> dict[tuple[str, str], dict[str, float]]:
    """F1 of overlapping statements between the pulled passes of every two annotators, by article."""
    passes = {name: pass_ for name, pass_ in read_passes(room.project).items() if name in annotators}
    found: dict[tuple[str, str], dict[str, float]] = {}
    for first, second in combinations(sorted(passes), 2):
        for id_ in sorted(set(passes[first]) & set(passes[second]) & set(room.seeds)):
            compared = compare(passes[first][id_], passes[second][id_], room.article(id_), room.actors)
            counts = compared.spans[_LAYER]
            if n := counts.first + counts.second:
                found.setdefault((first, second), {})[id_] = 2 * counts.overlap / n
    return found
