"""The corpus of bad inputs, and of unusual ones that must be accepted: one named case each, generated from valid files.

``python -m tests.reliability bad_inputs`` runs it; ``python -m tests.reliability.bad_inputs NAME...`` the cases whose
names begin so.
"""

from __future__ import annotations

import multiprocessing.connection
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from kakuyaku.findings import codes
from tests.reliability.bad_inputs import (
    adjudications,
    csv_tables,
    drafts,
    exports,
    files_and_names,
    json_files,
    known_codes,
    manifests,
    markup,
    pages_and_records,
    parquet_tables,
    raw_articles,
    schema_files,
    standoff,
    truncation,
)
from tests.reliability.bad_inputs.case import Case
from tests.reliability.bad_inputs.trying import faults_of, forking
from tests.reliability.figures import Figure, Progress

KINDS = (
    raw_articles,
    standoff,
    adjudications,
    exports,
    json_files,
    manifests,
    csv_tables,
    schema_files,
    markup,
    pages_and_records,
    parquet_tables,
    drafts,
    files_and_names,
    known_codes,
)
WORKERS = 2
POINTS = 400  # cuts of one kind of file in the form for each change


def cases() -> Iterator[Case]:
    """Every named case, in a fixed order; made when they are asked for, since some are large."""
    return chain.from_iterable(module.cases() for module in KINDS)


def _work(worker: int, pipe: Any) -> None:
    for number, case in enumerate(cases()):
        if number % WORKERS == worker:
            found = [expected.code for expected in case.expected]
            pipe.send((case.name, case.exit, found, case.mends, faults_of(case)))
    pipe.send(None)


def _results() -> Iterator[tuple[str, int, list[str], bool, list[str]]]:
    """Name, exit code, codes, whether its advice was followed, and faults of every case, tried by two processes."""
    context = forking()
    pipes: list[Any] = []
    children = []
    for worker in range(WORKERS):
        receiving, sending = context.Pipe(duplex=False)
        children.append(context.Process(target=_work, args=(worker, sending)))
        children[-1].start()
        sending.close()
        pipes.append(receiving)
    try:
        while pipes:
            ready: list[Any] = multiprocessing.connection.wait(pipes)
            for pipe in ready:
                try:
                    result = pipe.recv()
                except EOFError:
                    result = ("(a worker)", -1, [], False, ["ended before its last case"])
                    pipes.remove(pipe)
                    yield result
                    continue
                if result is None:
                    pipes.remove(pipe)
                else:
                    yield result
    finally:
        for child in children:
            child.kill()
            child.join()


def figures(whole: bool, progress: Progress) -> list[Figure]:
    """Try every case, and files cut off after every byte (``whole``), or after a part of them."""
    kinds: Counter[str] = Counter()
    by_code: Counter[str] = Counter()
    names: set[str] = set()
    wrong: list[str] = []
    accepted = mended = 0
    for done, (name, exit_, found, mends, faults) in enumerate(_results(), 1):
        names.add(name)
        kinds[name.split("/")[0]] += 1
        by_code.update(set(found))
        accepted += exit_ == 0
        mended += mends
        for fault in faults:
            print(f"{name}: {fault}", file=sys.stderr, flush=True)
        if faults:
            wrong.append(name)
        progress(done, max(done, 3_000))
    points: Counter[str] = Counter()
    uncoded: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, byte, fault in truncation.tried(Path(folder), None if whole else POINTS):
            points[kind] += 1
            if fault:
                uncoded.append(f"{kind} after byte {byte}: {fault}")
    total = kinds.total()
    missing = set(codes()) - set(by_code)
    return [
        Figure("named cases", total, "1,200 or more", total >= 1_200 and len(names) == total),
        Figure("of these, must be accepted", f"{accepted:,} ({accepted / total:.0%})", "25 % or more", accepted * 4 >= total),
        Figure("refused with exit, code, place and fix", total - accepted, "the others", True),
        Figure("made sound by following the advice", mended, "100 or more", mended >= 100),
        Figure("cases that went otherwise", f"{len(wrong)}{': ' + '; '.join(wrong[:3]) if wrong else ''}", "0", not wrong),
        Figure("codes with a case", f"{len(by_code)} of {len(codes())}{' ' + ', '.join(sorted(missing)) if missing else ''}", "all", not missing),
        Figure("kinds of input", ", ".join(f"{kind} {n}" for kind, n in kinds.items()), "any", True),
        Figure("most frequent codes", ", ".join(f"{code} {n}" for code, n in by_code.most_common(12)), "any", True),
        Figure("files cut off", f"{points.total():,} points of {len(points)} kinds", "all coded", not uncoded),
        Figure("cuts that went otherwise", f"{len(uncoded)}{': ' + '; '.join(uncoded[:3]) if uncoded else ''}", "0", not uncoded),
    ]  # fmt: skip
