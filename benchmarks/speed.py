"""Speed and memory of the cleaner on invented pages, against the figures it has to reach.

    python -m benchmarks.speed [--pages 1000]

One run prints, as Markdown: MB of UTF-8 text a second and milliseconds for one page; HTML beside trafilatura, as a
ratio, which hardly depends on the machine; peak memory for n and 10 n pages; and how time grows with the length of
ordinary and of hostile pages. All times are CPU seconds of one process on one core, the first ones medians of three.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks import corpus
from benchmarks.console import run_main
from kakuyaku.cleaning import Page, clean, clean_many

ROUNDS = 3
HTML_PAGES = 200
MEMORY_PAGES = 300
LONGER = 5
PATIENCE = 60  # seconds for a hostile page

# Of about n characters each. Text: long lines, many lines, and what rules look for again and again.
HOSTILE_TEXT: dict[str, Callable[[int], str]] = {
    "one line": lambda n: "あ" * n,
    "one line of sentence marks": lambda n: "、。" * (n // 2),
    "one line of random characters": lambda n: "".join(
        random.Random(1).choices("漢字かなカナ。、・「」()[]【】<>|#*0123 ", k=n)
    ),
    "ideographic spaces": lambda n: "　" * n,
    "spaces within a line": lambda n: "あ" + " " * n + "い",
    "combining marks": lambda n: "か" + "\u3099" * n,
    "digits": lambda n: "1" * n,
    "empty lines": lambda n: "\n" * n,
    "one-character lines": lambda n: "あ\n" * (n // 2),
    "list items": lambda n: "  • 1\n" * (n // 6),
    "zone headings": lambda n: "ランキング\n" * (n // 6),
    "doubled lines": lambda n: ("あ" * 30 + "\n") * (n // 31),
    "open brackets": lambda n: "「(【" * (n // 3),
}
HOSTILE_HTML: dict[str, Callable[[int], str]] = {
    "HTML: nested elements": lambda n: "<div>" * (n // 5) + "あ",
    "HTML: open links": lambda n: "<a href=x>あ" * (n // 11),
    "HTML: open inline elements": lambda n: "<b><i>あ" * (n // 7),
    "HTML: table cells": lambda n: "<table>" + "<td>あ" * (n // 5),
    "HTML: one attribute": lambda n: f'<p class="{"x" * n}">あ</p>',
    "HTML: open comment": lambda n: "<!--" + "-" * n,
    "HTML: tags in a script's comment": lambda n: "<script><!--" + "<a" * (n // 2) + "</script>あ",
    "HTML: titles and dates": lambda n: "<title>港の海</title>" + "<p>港の海<p class=date>2030年4月5日" * (n // 34),
    "HTML: character references": lambda n: "<p>" + "&#12354;" * (n // 8),
}


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of ``work``, the median of the rounds."""
    return statistics.median(_seconds_once(work) for _ in range(ROUNDS))


def _seconds_once(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def exhaust(pages: Iterable[Page], *, site_repetition: bool = False) -> None:
    """Clean pages, make each article's text and drop it."""
    for article in clean_many(pages, site_repetition=site_repetition):
        len(article.text)


def megabytes(texts: Iterable[str]) -> float:
    """Of UTF-8."""
    return sum(len(text.encode()) for text in texts) / 1e6


def text_speed(count: int) -> Iterator[Sequence[str]]:
    """Rows of the table: what, measured, aim."""
    texts = [(page.id, page.site.name, page.text) for page in corpus.pages(count)]
    pages = [Page(id_, text=text, site=site) for id_, site, text in texts]
    size = megabytes(text for _, _, text in texts)
    took = seconds(lambda: exhaust(pages))
    yield f"text in batches, {count:,} pages, {size:.0f} MB", f"{size / took:.1f} MB/s", "≥ 40 MB/s"
    took = seconds(lambda: exhaust(pages, site_repetition=True))
    yield "the same with site repetition", f"{size / took:.1f} MB/s", ""
    single = [text for _, _, text in texts[:HTML_PAGES]]
    clean(single[0])
    yield "text, one page at a time", _alone([partial(_cleaned, text) for text in single]), "< 5 ms"


def html_speed() -> Iterator[Sequence[str]]:
    markup = [page.html for page in corpus.pages(HTML_PAGES, seed=2)]
    pages = [Page(str(number), html=html) for number, html in enumerate(markup)]
    size = megabytes(markup)
    ours = seconds(lambda: exhaust(pages))
    yield f"HTML in batches, {len(pages)} pages, {size:.0f} MB", f"{size / ours:.1f} MB/s", ""
    yield "HTML, one page at a time", _alone([partial(clean, html=html) for html in markup]), "< 5 ms"
    try:
        from trafilatura import extract
    except ImportError:
        yield "trafilatura", "not installed", ""
        return
    theirs = seconds(lambda: [extract(html) for html in markup])
    yield "trafilatura, the same pages", f"{size / theirs:.1f} MB/s", ""
    yield "kakuyaku against trafilatura", f"{theirs / ours:.1f} times", "≥ 10 times"


def _cleaned(text: str) -> str:
    return clean(text).text


def _alone(works: Sequence[Callable[[], object]]) -> str:
    took = sorted(seconds(work) * 1e3 for work in works)
    return f"{statistics.median(took):.2f} ms (slowest of {len(took)}: {took[-1]:.1f})"


def memory() -> Iterator[Sequence[str]]:
    """Peak memory of a process that cleans n and 10 n pages, written as they are asked for."""
    for kind in ("text", "sites", "html"):
        few, many = (float(_child("--peak", kind, str(count))) for count in (MEMORY_PAGES, 10 * MEMORY_PAGES))
        name = {"text": "text", "sites": "text with site repetition", "html": "HTML"}[kind]
        measured = f"{few:.0f} and {many:.0f} MB"
        yield f"peak memory, {name}, {MEMORY_PAGES} and {10 * MEMORY_PAGES:,} pages", measured, "flat"


def peak(kind: str, count: int) -> float:
    """Peak memory of this process in MB after cleaning ``count`` pages."""
    pages = corpus.pages(count)
    if kind == "html":
        exhaust(Page(page.id, html=page.html) for page in pages)
    else:
        given = (Page(page.id, text=page.text, site=page.site.name) for page in pages)
        exhaust(given, site_repetition=kind == "sites")
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss counts the parent's memory too, from before the program was loaded
        found = next(line for line in status.read_text().split("\n") if line.startswith("VmHWM"))
        return int(found.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)


def growth(length: int) -> Iterator[Sequence[str]]:
    """Rows: page, seconds for the greater length, and how many times the seconds for the smaller that is."""
    for name in ("ordinary text", *HOSTILE_TEXT, *HOSTILE_HTML):
        try:
            found = _child("--page", name, "--length", str(length), timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            yield name, f"> {PATIENCE} s", "?"
        else:
            short, long = map(float, found.split())
            yield name, f"{long:.2f} s", f"{long / short:.1f}"


def page_seconds(name: str, length: int) -> tuple[float, float]:
    """CPU seconds for one page of ``length`` characters and for one that is LONGER times as long."""
    found: list[float] = []
    for size in (length, LONGER * length):
        if name in HOSTILE_HTML:
            page = Page(name, html=HOSTILE_HTML[name](size))
        elif name in HOSTILE_TEXT:
            page = Page(name, text=HOSTILE_TEXT[name](size))
        else:
            page = Page(name, text="\n".join(one.text for one in corpus.pages(size // 4000)))
        if not found:
            clean("始め。")  # what is loaded once
        found.append(_seconds_once(partial(exhaust, [page])))
    return found[0], found[1]


def _child(*arguments: str, timeout: float | None = None) -> str:
    """What this program prints in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=timeout).stdout


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, row after row as they come."""
    print("| " + " | ".join(headings) + " |\n| --- |" + " ---: |" * (len(headings) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--pages", type=int, default=1000, help="pages of text (1000)")
    parser.add_argument(
        "--length", type=int, default=400_000, help="characters of a long page; also five times as many"
    )
    parser.add_argument("--peak", nargs=2, metavar=("KIND", "PAGES"), help=argparse.SUPPRESS)
    parser.add_argument("--page", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if asked.peak:
        print(peak(asked.peak[0], int(asked.peak[1])))
        return
    if asked.page:
        print(*page_seconds(asked.page, asked.length))
        return
    measured = (row for part in (text_speed(asked.pages), html_speed(), memory()) for row in part)
    table(("what", "measured", "aim"), measured)
    table(
        ("page", f"time for {LONGER * asked.length:,} characters", f"{LONGER} times the length"), growth(asked.length)
    )


if __name__ == "__main__":
    run_main(main)
