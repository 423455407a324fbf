"""Many processes that add articles to one project at once: whoever finds the lock taken is told by whom; none is lost."""

from __future__ import annotations

import json
import os
import random
import re
import time
from pathlib import Path

from kakuyaku.adding import add
from kakuyaku.findings import Failure
from kakuyaku.project import Project
from tests.conftest import write_project
from tests.reliability.faults.forks import ended, fork
from tests.reliability.faults.trying import leftovers
from tests.texts import HARBOUR

SIGNS = "海山川空森町村橋駅港島岬谷滝峠湖沢原野岡"
_HOLDER = re.compile(r"\(process (\d+)\)")


def text_of(process: int, round_: int) -> str:
    """An article like no other."""
    draw = random.Random(f"{process} {round_}")
    sentences = ("".join(draw.choices(SIGNS, k=30)) + "と述べた。" for _ in range(4))
    return f"{''.join(draw.choices(SIGNS, k=12))}の知らせ\n\n{''.join(sentences)}\n"


def race(folder: Path, processes: int, rounds: int) -> tuple[int, list[str]]:
    """Let ``processes`` add ``rounds`` articles each: how often one was refused, and everything that is wrong."""
    project = write_project(folder / "project", {"harbour": HARBOUR})
    texts = folder / "texts"
    texts.mkdir()

    def adding(number: int) -> int:
        refused: list[str] = []
        for round_ in range(rounds):
            path = texts / f"{number}-{round_}.txt"
            path.write_text(text_of(number, round_), "utf-8")
            while True:
                try:
                    add(project, path, {})
                    break
                except Failure as failure:
                    refused += [f"{finding.code} {finding.message}" for finding in failure.findings]
                    if any(finding.code != "FS006" for finding in failure.findings):
                        (folder / f"refused-{number}").write_text(json.dumps(refused), "utf-8")
                        return 3
                    time.sleep(random.random() / 50)
        (folder / f"refused-{number}").write_text(json.dumps(refused), "utf-8")
        return 0

    children = {}
    for number in range(processes):
        children[number] = fork(lambda number=number: adding(number), folder / f"said-{number}")  # type: ignore[misc]
    found = []
    for number, child in children.items():
        if (code := ended(child)) != 0:
            found.append(f"process {number} ended with {code}: {(folder / f'said-{number}').read_text('utf-8')[-300:]}")
    refusals = [each for number in children for each in _refused(folder, number)]
    alive = {str(child) for child in children.values()}
    for each in refusals:
        if (match := _HOLDER.search(each)) is None or match[1] not in alive:
            found.append(f"a refusal does not name a process that was at work: {each}")
    return len(refusals), found + _lost(project, processes * rounds)


def _refused(folder: Path, number: int) -> list[str]:
    path = folder / f"refused-{number}"
    refused: list[str] = json.loads(path.read_bytes()) if path.exists() else []
    return refused


def _lost(project: Project, added: int) -> list[str]:
    """Updates that are missing: every article stands once in seeds/, in the manifest and in the splits."""
    ids = [json.loads(line)["article_id"] for line in project.manifest.read_text("utf-8").splitlines()]
    splits = [line.partition(",")[0] for line in project.splits.read_text("utf-8").splitlines()[1:]]
    texts = [path.stem for path in project.seeds.glob("*.txt")]
    found = []
    for name, there in (("the manifest", ids), ("splits.csv", splits), ("seeds/", texts)):
        if len(there) != added + 1 or set(there) != set(ids) or len(set(there)) != len(there):
            found.append(f"{name} has {len(there)} articles, {added + 1} were added")
    numbers = sorted(int(id_.partition("_")[0]) for id_ in ids if id_[0].isdecimal())
    if numbers != list(range(added)):
        found.append("numbers were given twice")
    if left := leftovers(project.root):
        found.append(f"left behind: {left}")
    return found


def processors() -> int:
    """How many processes can really run at once here."""
    return len(os.sched_getaffinity(0))
