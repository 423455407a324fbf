"""Accuracy and speed of kakuyaku and its peers on labelled pages, in one run.

    python -m benchmarks.peers PAGES.jsonl --out FOLDER
    python -m benchmarks.peers                              on invented pages: tries the benchmark, proves nothing

Prints a table in Markdown; ``--out`` also gets it as ``peers.md``, with a plot of accuracy against speed as
``peers.svg`` and ``peers.png``. The format of the pages and the scores are described in ``scoring``. The table is on
the Japanese news pages, with two columns for the others.

Each tool runs alone in a process of its own, on one core. It reads all pages once, which also warms it up. What it
returns, be it made from text or from HTML, is laid over the lines and scored; without the title and other lines that
are not scored, since some tools return them and some do not. Then its CPU time is taken, three rounds, and the median
of a page's times counts. ``pages/s`` is taken over batches where a tool has them, ``ms a page`` one page at a time. A
tool that raises has kept nothing of that page.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import statistics
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import corpus
from benchmarks.console import run_main
from benchmarks.scoring import LabelledPage, Score, kept_by_text, read_pages, score, without_unscored
from benchmarks.tools import TOOLS, Extract, Tool
from kakuyaku.files import writing
from kakuyaku.findings import Failure, Finding

NEWS = ("news", "invented")  # genres: the invented pages are news pages
INVENTED_PAGES = 60


@dataclass(frozen=True, slots=True)
class Run:
    """What a tool did: the text that it returned of each page, how often it raised, and its CPU time.

    ``alone`` is the mean of seconds a page, one at a time; ``rate`` is pages a second, ``bytes_rate`` bytes of UTF-8.
    """

    kept: list[str]
    errors: int
    alone: float | None
    rate: float
    bytes_rate: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; scores are None where the set has no such pages."""

    tool: Tool
    run: Run
    main: Score
    other_japanese: float | None
    chinese_korean: float | None


def measure(name: str, pages: Sequence[LabelledPage], rounds: int) -> Run:
    """Run a tool on the pages; to be called in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    logging.disable()
    warnings.simplefilter("ignore")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    tool = next(tool for tool in TOOLS if tool.name == name)
    kept: list[str] = []
    errors, alone, total = 0, None, 0.0
    timed = list(pages)
    if tool.start:
        read = tool.start()
        returned = [_attempt(read, page) for page in pages]
        kept = [found or "" for found in returned]
        errors = returned.count(None)
        total = sum(_seconds(partial(_attempt, read, page), rounds) for page in pages)
        alone = total / len(pages)
        if tool.start_batch:  # one page that raises would end the batch
            timed = [page for page, found in zip(pages, returned, strict=True) if found is not None]
    if tool.start_batch and timed:
        read_all = tool.start_batch()
        kept = kept or list(read_all(pages))
        total = _seconds(lambda: deque(read_all(timed), maxlen=0), rounds)
    size = sum(len(((page.html if tool.reads == "html" else page.text) or "").encode()) for page in timed)
    return Run(kept, errors, alone, len(timed) / total, size / total)


def _attempt(read: Extract, page: LabelledPage) -> str | None:
    """What a tool returns; None when it raises, whatever it is."""
    try:
        return read(page)
    except Exception:
        return None


def _seconds(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return statistics.median(times)


def rows(pages: Sequence[LabelledPage], tools: Iterable[Tool], rounds: int) -> tuple[list[Row], dict[str, str]]:
    """The rows of the table, best first, and the tools that have none, with the reason."""
    found, absent = [], {}
    for tool in tools:
        if tool.version() is None:
            absent[tool.name] = "not installed"
            continue
        print(f"{tool.name} ...", file=sys.stderr, flush=True)
        try:
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                run = pool.submit(measure, tool.name, pages, rounds).result()
        except BrokenProcessPool:
            absent[tool.name] = "its process died"
        except Exception as error:  # it cannot even be started: a missing dependency of its own, for one
            absent[tool.name] = f"{type(error).__name__}: {error}"
        else:
            found.append(_row(tool, run, pages))
    return sorted(found, key=lambda row: -row.main.char_macro), absent


def _row(tool: Tool, run: Run, pages: Sequence[LabelledPage]) -> Row:
    returned = [without_unscored(page, kept) for page, kept in zip(pages, run.kept, strict=True)]
    decided = {page.id: kept_by_text(page, text) for page, text in zip(pages, returned, strict=True)}
    return Row(
        tool,
        run,
        score(_main(pages), decided),
        _macro([page for page in pages if page.lang == "ja" and page.genre not in NEWS], decided),
        _macro([page for page in pages if page.lang in ("zh", "ko")], decided),
    )


def _main(pages: Sequence[LabelledPage]) -> list[LabelledPage]:
    return [page for page in pages if page.lang == "ja" and page.genre in NEWS]


def _macro(pages: Sequence[LabelledPage], decided: Mapping[str, Sequence[bool]]) -> float | None:
    return score(pages, decided).char_macro if pages else None


HEADINGS = (
    "tool | reads | line P | line R | line F1 | char micro | **char macro** | 95 % | per site | pages < .5 | < .1 | "
    "other ja | zh, ko | errors | ms a page | pages/s | MB/s"
)


def table(found: Sequence[Row], absent: Mapping[str, str], pages: Sequence[LabelledPage]) -> str:
    """The table in Markdown, with what has to be known to read it."""
    main = _main(pages)
    columns = HEADINGS.count("|") + 1
    out = [
        f"{len(main)} Japanese news pages of {len({page.site for page in main})} sites "
        f"({len(pages)} pages in all), Python {sys.version.split()[0]}, one core.",
        "",
        f"| {HEADINGS} |",
        "|" + " --- |" * 2 + " ---: |" * (columns - 2),
        *("| " + " | ".join(_cells(row)) + " |" for row in found),
        "",
        "Scores are F1 unless named; “95 %” is the interval of char macro when the sites are drawn anew, and “other "
        "ja” and “zh, ko” are char macro too. Speed is CPU time; MB/s counts what the tool reads, HTML or text.",
        *(f"{name}: {reason}." for name, reason in absent.items()),
    ]
    return "\n".join(out) + "\n"


def _cells(row: Row) -> list[str]:
    def figure(value: float | None) -> str:
        return "–" if value is None else f"{value:.3f}".removeprefix("0")

    result, run = row.main, row.run
    version = row.tool.version()
    name = f"{row.tool.name} ({version})" if version else row.tool.name
    return [
        f"**{name}**" if row.tool.ours else name,
        row.tool.reads,
        *map(figure, (result.line_precision, result.line_recall, result.line_f1, result.char_micro)),
        f"**{figure(result.char_macro)}**",
        "–".join(map(figure, result.interval)),
        figure(result.site_macro),
        str(result.below(0.5)),
        str(result.below(0.1)),
        figure(row.other_japanese),
        figure(row.chinese_korean),
        str(run.errors),
        "–" if run.alone is None else f"{run.alone * 1e3:.1f}",
        f"{run.rate:,.0f}",
        f"{run.bytes_rate / 1e6:.1f}",
    ]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("pages", type=Path, nargs="?", help="labelled pages (.jsonl); without it: invented pages")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="also write peers.md, peers.svg and peers.png there")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is timed (3)")
    parser.add_argument("--only", nargs="+", metavar="WORD", default=[""], help="only tools whose names hold a word")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be 1 or more")
    chosen = [tool for tool in TOOLS if any(word.casefold() in tool.name.casefold() for word in asked.only)]
    if not chosen:
        parser.error(f"--only names none of: {'; '.join(tool.name for tool in TOOLS)}")
    pages = read_pages(asked.pages) if asked.pages else [page.labelled() for page in corpus.pages(INVENTED_PAGES)]
    if not _main(pages):
        fix = "Give pages with “lang” “ja” and “genre” “news” or “invented”."
        raise Failure(Finding("CLN001", str(asked.pages), "holds no Japanese news page", fix=fix))
    found, absent = rows(pages, chosen, asked.rounds)
    text = table(found, absent, pages)
    print(text)
    if asked.out and found:
        from benchmarks.plot import draw

        asked.out.mkdir(parents=True, exist_ok=True)
        with writing(asked.out / "peers.md") as file:
            file.write(text.encode())
        for suffix in ("svg", "png"):
            with writing(asked.out / f"peers.{suffix}") as file:
                draw(found, file, suffix)


if __name__ == "__main__":
    run_main(main)
