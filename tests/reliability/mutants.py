"""Random mutants of valid files of every kind: each ends with a coded outcome, in bounded time and memory.

Mutant ``n`` is made from the number ``n`` alone: ``python -m tests.reliability.mutants 1234`` runs that one again, and
``A-B`` a range. Allowed ends: 0 and 1; 2 when a file no longer looks like one of ours (FMT001: the columns decide which
kind of record a table holds); 3 when a mutated manifest names a file that is not there (FS001).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kakuyaku.records import jsonl_bytes
from tests.reliability.bad_inputs import markup, parquet_tables, trees
from tests.reliability.bad_inputs.case import Case
from tests.reliability.bad_inputs.trying import (
    WAITING,
    Overtime,
    forking,
    lay_out,
    limit_memory,
    of_files,
    of_output,
    run,
    scratch,
    snapshot,
)
from tests.reliability.figures import Figure, Progress
from tests.test_cli import HTML
from tests.texts import HARBOUR, RAILWAY

SEED = 20260604
FEW, MANY = 500, 100_000
SECONDS = 30.0  # of CPU time, for one mutant
GROWTH = 1024**3  # bytes of address space beyond those of a fresh process
BATCH = 250  # mutants of one child
ENDS = {0: frozenset(), 1: frozenset(), 2: frozenset({"FMT001"}), 3: frozenset({"FS001", "FS003"})}
TOKENS = (
    b"\x00", b"\xff", b"\xe3\x81", b"\xed\xa0\xbd", b"\xef\xbb\xbf", "\u202e".encode(), "\U000e0061".encode(), "𠮷".encode(), b"\x1b[31m", b"\r", b"\n\n", b"\\ud83d", b"\\u0000", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"NaN", b"-1", b"1e400",
    b"9" * 5000, b"3.0", b"9223372036854775808", b"<", b"&x;", b"<!DOCTYPE a>", b"]]>", b"--", b"!!python/object", b"&a ", b"*a", b"<<: ", b"%", b"../../", b"__proto__", b"(a+)+$", b"\t" * 100, "\u3000".encode() * 1000, b"PAR1", b"\xff\xff\xff\x7f", b"[" * 200, ("か" + "\u3099" * 500).encode(),
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """A valid input: its files, which of them is mutated, and the command that reads it."""

    kind: str
    files: trees.Tree
    path: str
    argv: tuple[str, ...]


@cache
def subjects() -> tuple[Subject, ...]:
    """One for each kind of file and way of reading it."""
    plain, built, annotated, schemas = trees.plain(), trees.built(), trees.annotated(), trees.schemas()
    small = {name: schemas[name] for name in ("schemas/vocabulary.json", "schemas/split.schema.json")}
    other = trees.PASS.replace("reader-a", "reader-b")
    two = {**annotated, other: annotated[trees.PASS].replace(b'"reader-a"', b'"reader-b"')}
    pages = parquet_tables.pages()
    jsonl = jsonl_bytes([{"id": "a", "text": HARBOUR, "site": "s"}, {"id": "b", "html": HTML}])
    return (
        Subject("raw article", {"a.txt": HARBOUR.encode()}, "a.txt", ("check", "a.txt")),
        Subject("raw article", {"a.txt": HARBOUR.encode()}, "a.txt", ("clean", "a.txt", "--format", "segments")),
        Subject("raw article", {"a.txt": RAILWAY.encode()}, "a.txt", ("explain", "a.txt")),
        Subject("stand-off", annotated, trees.PASS, ("check", trees.PASS)),
        Subject("stand-off", two, trees.PASS, ("agree", "--passes", "reader-a", "reader-b")),
        Subject("adjudication", annotated, trees.RULING, ("check", trees.RULING)),
        Subject("annotators", annotated, "annotation/annotators.json", ("check", "annotation/annotators.json")),
        Subject("actors", annotated, "annotation/actors.csv", ("check", trees.PASS)),
        Subject("manifest", plain, "seeds/manifest.jsonl", ("check", ".")),
        Subject("splits", plain, "annotation/splits.csv", ("check", ".")),
        Subject("schema", small, "schemas/split.schema.json", ("check", "schemas")),
        Subject("vocabulary", small, "schemas/vocabulary.json", ("check", "schemas")),
        Subject("label configuration", {"l.xml": markup.CONFIG.encode()}, "l.xml", ("check", "l.xml")),
        Subject("citation", {"CITATION.cff": markup.YAML_OK.encode()}, "CITATION.cff", ("check", "CITATION.cff")),
        Subject("web page", {"p.html": HTML.encode()}, "p.html", ("clean", "p.html")),
        Subject("pages", {"p.jsonl": jsonl}, "p.jsonl", ("clean", "p.jsonl", "--format", "jsonl")),
        Subject("Parquet", {"p.parquet": pages}, "p.parquet", ("clean", "p.parquet")),
        Subject("Parquet", {"r.parquet": built[parquet_tables.ROWS]}, "r.parquet", ("check", "r.parquet")),
        Subject("published", built, "dataset/manifest.json", ("check", "dataset")),
    )


def mutant(number: int) -> Case:
    """The mutant of a number."""
    chance = random.Random(SEED + number)
    subject = subjects()[number % len(subjects())]
    data = bytearray(subject.files[subject.path])
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        chance.choice(CHANGES)(data, chance)
    return Case(
        f"{number}, {subject.kind}", {**subject.files, subject.path: bytes(data)}, subject.argv, seconds=SECONDS
    )


def _place(data: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 3, 8, 50, 400)))


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _delete(data: bytearray, chance: random.Random) -> None:
    start, end = _place(data, chance)
    del data[start:end]


def _double(data: bytearray, chance: random.Random) -> None:
    start, end = _place(data, chance)
    data[start:start] = data[start:end] * chance.choice((1, 1, 5, 100))


def _splice(data: bytearray, chance: random.Random) -> None:
    start, end = _place(data, chance)
    other, _ = _place(data, chance)
    piece = data[start:end]
    data[other:other] = piece
    data[start:end] = piece[::-1] if chance.random() < 0.3 else b""


def _token(data: bytearray, chance: random.Random) -> None:
    start, end = _place(data, chance)
    data[start : chance.choice((start, end))] = chance.choice(TOKENS)


def _noise(data: bytearray, chance: random.Random) -> None:
    start, end = _place(data, chance)
    data[start:end] = chance.randbytes(end - start)


def _truncate(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _number(data: bytearray, chance: random.Random) -> None:
    """Another number in the place of one that is there."""
    digits = [place for place, byte in enumerate(data) if 0x30 <= byte <= 0x39]
    if digits:
        place = chance.choice(digits)
        data[place : place + 1] = str(chance.choice((0, -1, 2**31, 2**53 + 1, 2**63, 1.5, 99))).encode()


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (_flip, _flip, _delete, _double, _splice, _token, _token, _noise, _truncate, _number)  # fmt: skip


def faults_of(case: Case) -> tuple[list[str], int, list[str]]:
    """What a mutant does wrong, its exit code, and the codes that it was given."""
    with scratch() as folder:
        lay_out(case, folder)
        before = snapshot(folder)
        try:
            outcome = run(case, folder)
        except Overtime:
            return [f"takes more than {case.seconds:.0f} s"], -1, []
        found = [seen.code for seen in outcome.findings]
        faults = [*of_output(case, outcome), *of_files(case, before, snapshot(folder))]
        if outcome.exit not in ENDS:
            faults.append(f"exit {outcome.exit}: {outcome.stderr[-300:]}")
        elif outcome.exit and not found:
            faults.append(f"exit {outcome.exit} without a code: {outcome.stderr[-300:]}")
        elif outcome.exit > 1 and not ENDS[outcome.exit] & set(found):
            faults.append(f"exit {outcome.exit} with {', '.join(sorted(set(found)))}")
        return faults, outcome.exit, found


def _work(numbers: list[int], pipe: Any) -> None:
    limit_memory(GROWTH)
    for number in numbers:
        pipe.send((number, *faults_of(mutant(number))))
    pipe.send(None)


def results(numbers: list[int]) -> Iterator[tuple[int, list[str], int, list[str]]]:
    """The outcome of each mutant, tried in children that are replaced when one hangs or dies."""
    context = forking()
    left = list(numbers)
    while left:
        receiving, sending = context.Pipe(duplex=False)
        child = context.Process(target=_work, args=(left[:BATCH], sending))
        child.start()
        sending.close()
        try:
            while True:
                if not receiving.poll(SECONDS * WAITING * 2):
                    yield left.pop(0), ["hangs"], -1, []
                    break
                if (result := receiving.recv()) is None:
                    break
                left.remove(result[0])
                yield result
        except EOFError:
            child.join()
            yield left.pop(0), [f"ends its process with {child.exitcode}"], -1, []
        finally:
            child.kill()
            child.join()
            receiving.close()


def figures(whole: bool, progress: Progress) -> list[Figure]:
    """Try 500 mutants, or 100,000."""
    return measured(range(MANY if whole else FEW), progress)


def measured(numbers: range, progress: Progress) -> list[Figure]:
    """The figures of a range of mutants."""
    ends: Counter[int] = Counter()
    by_code: Counter[str] = Counter()
    wrong: list[str] = []
    for done, (number, faults, exit_, found) in enumerate(results(list(numbers)), 1):
        ends[exit_] += 1
        by_code.update(set(found))
        for fault in faults:
            print(
                f"mutant {number} ({subjects()[number % len(subjects())].kind}): {fault}", file=sys.stderr, flush=True
            )
            wrong.append(str(number))
        progress(done, len(numbers))
    first = f": first {', '.join(list(dict.fromkeys(wrong))[:5])}" if wrong else ""
    total = sum(ends.values())
    return [
        Figure("mutants tried", total, f"{len(numbers):,}", total == len(numbers)),
        Figure("kinds of input", len({subject.kind for subject in subjects()}), "14", True),
        Figure("accepted, refused", f"{ends[0]:,}, {total - ends[0]:,}", "any", True),
        Figure(
            "tracebacks, hangs, uncoded ends, escapes, changed files", f"{len(set(wrong)):,}{first}", "0", not wrong
        ),
        Figure("codes met", len(by_code), "20 or more", len(by_code) >= 20),
        Figure("by code", ", ".join(f"{code} {n:,}" for code, n in by_code.most_common(12)), "any", True),
    ]


if __name__ == "__main__":
    first_, _, last_ = (sys.argv[1] if len(sys.argv) > 1 else f"0-{FEW - 1}").partition("-")
    if last_:
        for figure in measured(range(int(first_), int(last_) + 1), lambda *_: None):
            print(f"{figure.name}: {figure.value}")
    else:
        case_ = mutant(int(first_))
        print(case_.name, case_.argv, faults_of(case_))
        Path("mutant.bin").write_bytes(
            next(
                iter(
                    data
                    for name, data in case_.files.items()
                    if data != subjects()[int(first_) % len(subjects())].files.get(name)
                ),
                b"",
            )
        )
