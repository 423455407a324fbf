"""Scores of boilerplate removal on pages whose lines are labelled.

A page set is a JSON Lines file, one page a line::

    {"id", "site", "lang", "genre", "text", "html": "file beside it", "lines": [{"no", "text", "keep", "ignore"?}, ...]}

``lines`` holds the non-blank lines of ``text``; ``no`` counts all its lines from 0. Lines marked ``ignore`` (title,
byline, caption, doubtful) are not scored.

A verdict on lines comes from spans of ``text``, or from a text that a tool returns. That is laid over the page's lines
by the alignment that leaves the fewest characters over, since extractors change white space and marks.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kakuyaku.files import read_bytes
from kakuyaku.findings import Finding, refuse_on_errors
from kakuyaku.records import Record, parse_jsonl

# White space, and what extractors write or drop as Markdown: neither counts as text.
_UNSCORED = re.compile(r"[*#|`>\[\]_~\-•\s]")

# When a returned text covers a line. An alignment strays over unrelated text, so runs of characters must agree as well.
_RUN = 6  # characters
_COVERED_SHARE = 0.6  # of the line's characters, by the alignment
_RUNS_SHARE = 0.5  # of the line's runs, besides
_MOVED_CHARS, _MOVED_RUNS_SHARE = (
    20,
    0.9,
)  # a long line nearly all of whose runs were returned counts wherever it stands
_SHORT_CHARS, _NEIGHBOURS = 8, 2  # a shorter line needs a covered line that is not short within two lines

BOOTSTRAPS = 1000


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    keep: bool
    scored: bool


@dataclass(frozen=True)
class LabelledPage:
    """A page with the verdict on every non-blank line."""

    id: str
    site: str
    lang: str
    genre: str
    text: str
    html: str | None
    lines: tuple[Line, ...]

    @cached_property
    def squeezed(self) -> list[str]:
        return [squeeze(line.text) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Score:
    """``char_macro`` is the mean of the pages' F1 by characters (``by_page``), ``char_micro`` the F1 of all characters.

    ``site_macro`` is the mean over sites of their pages' mean; ``interval`` holds 95 % of the values of ``char_macro``
    when the sites are drawn anew (bootstrap).
    """

    pages: int
    line_precision: float
    line_recall: float
    line_f1: float
    char_micro: float
    char_macro: float
    site_macro: float
    interval: tuple[float, float]
    by_page: Mapping[str, float]

    def below(self, limit: float) -> int:
        """How many pages score less than ``limit``."""
        return sum(value < limit for value in self.by_page.values())


@dataclass(slots=True)
class _Counts:
    hit: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, keep: bool, kept: bool, weight: int) -> None:
        self.hit += weight * (keep and kept)
        self.wrong += weight * (kept and not keep)
        self.missed += weight * (keep and not kept)

    @property
    def precision(self) -> float:
        return self.hit / max(1, self.hit + self.wrong)

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.hit + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, 2 * self.hit + self.wrong + self.missed)


def squeeze(text: str) -> str:
    """The characters that count: NFKC, without white space and Markdown."""
    return _UNSCORED.sub("", unicodedata.normalize("NFKC", text))


def read_pages(path: Path) -> list[LabelledPage]:
    """The pages of a set.

    Raises:
        Failure: a file cannot be read, or a line is no labelled page.
    """
    pages, findings = [], []
    for number, record in parse_jsonl(read_bytes(path), str(path)):
        if isinstance(record, Finding):
            findings.append(record)
        else:
            try:
                pages.append(_page(record, path.parent))
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                problem = f"is no labelled page: {type(error).__name__} {error}"
                fix = "The format is described in benchmarks/scoring.py."
                findings.append(Finding("VAL001", str(path), problem, number, fix=fix))
    refuse_on_errors(findings)
    return pages


def _page(record: Record, folder: Path) -> LabelledPage:
    lines = tuple(
        Line(line["no"], line["text"], bool(line["keep"]), not line.get("ignore")) for line in record["lines"]
    )
    last = record["text"].count("\n")
    if beyond := [line.number for line in lines if not 0 <= line.number <= last]:
        raise ValueError(f"no {beyond[0]} is outside of the text, whose last line is {last}")
    html = record.get("html")
    return LabelledPage(
        id=record["id"],
        site=record["site"],
        lang=record["lang"],
        genre=record["genre"],
        text=record["text"],
        html=read_bytes(folder / html).decode("utf-8", "replace") if html else None,
        lines=lines,
    )


def kept_by_spans(page: LabelledPage, spans: Iterable[tuple[int, int]]) -> list[bool]:
    """The verdict on each line when a tool keeps ``spans`` of the page's text (half-open, code points).

    A line is kept when at least half of its characters are.
    """
    kept = bytearray(len(page.text))
    for start, end in spans:
        kept[start:end] = b"\1" * (min(end, len(kept)) - start)
    offsets = [0]
    for raw in page.text.split("\n"):
        offsets.append(offsets[-1] + len(raw) + 1)
    verdicts = []
    for line in page.lines:
        start, end = offsets[line.number], offsets[line.number + 1] - 1
        counted = [kept[i] for i in range(start, end) if not _UNSCORED.match(page.text[i])]
        verdicts.append(bool(counted) and 2 * sum(counted) >= len(counted))
    return verdicts


def kept_by_text(page: LabelledPage, text: str) -> list[bool]:
    """The verdict on each line when a tool returns ``text``."""
    from rapidfuzz.distance import Indel

    returned = squeeze(text)
    runs = set(_runs(returned))
    whole = "".join(page.squeezed)
    aligned = bytearray(len(whole))
    for step in Indel.opcodes(whole, returned):
        if step.tag == "equal":
            aligned[step.src_start : step.src_end] = b"\1" * (step.src_end - step.src_start)
    verdicts, start = [], 0
    for line in page.squeezed:
        covered = sum(aligned[start : start + len(line)])
        start += len(line)
        verdicts.append(_covers(line, covered, returned, runs))
    long = [len(line) >= _SHORT_CHARS for line in page.squeezed]
    near = [slice(max(0, i - _NEIGHBOURS), i + _NEIGHBOURS + 1) for i in range(len(verdicts))]
    for i in range(len(verdicts)):
        if verdicts[i] and not long[i]:
            verdicts[i] = any(v and big for v, big in zip(verdicts[near[i]], long[near[i]], strict=True))
    return verdicts


def without_unscored(page: LabelledPage, text: str) -> str:
    """A returned text without the lines that are those of the page that are not scored: a title, above all.

    Some tools return it and some do not; laid over the lines it would cover menus and lists that repeat it.
    """
    unscored = {squeezed for line, squeezed in zip(page.lines, page.squeezed, strict=True) if not line.scored}
    return "\n".join(line for line in text.split("\n") if squeeze(line) not in unscored)


def _runs(text: str) -> list[str]:
    return [text[i : i + _RUN] for i in range(len(text) - _RUN + 1)]


def _covers(line: str, covered: int, returned: str, runs: set[str]) -> bool:
    """Whether a text with these ``runs`` holds a line of which the alignment covers so many characters."""
    own = _runs(line)
    if not own:  # too short for runs: only as a whole
        return bool(line) and covered == len(line) and line in returned
    agreeing = sum(run in runs for run in own) / len(own)
    return (covered >= _COVERED_SHARE * len(line) and agreeing >= _RUNS_SHARE) or (
        len(line) >= _MOVED_CHARS and agreeing >= _MOVED_RUNS_SHARE
    )


def score(pages: Sequence[LabelledPage], verdicts: Mapping[str, Sequence[bool]]) -> Score:
    """The score of verdicts (one for each line of each page, by the page's id).

    Raises:
        ValueError: no pages, or verdicts that do not fit them.
        KeyError: a page has no verdicts.
    """
    if not pages:
        raise ValueError("no pages to score")
    lines, characters = _Counts(), _Counts()
    by_page: dict[str, float] = {}
    by_site: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        own = _Counts()
        for line, text, kept in zip(page.lines, page.squeezed, verdicts[page.id], strict=True):
            if line.scored and text:
                for counts, weight in ((lines, 1), (characters, len(text)), (own, len(text))):
                    counts.add(line.keep, kept, weight)
        by_page[page.id] = own.f1
        by_site[page.site].append(own.f1)
    return Score(
        len(pages),
        lines.precision,
        lines.recall,
        lines.f1,
        characters.f1,
        _mean(by_page.values()),
        _mean(map(_mean, by_site.values())),
        _interval(list(by_site.values())),
        by_page,
    )


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def _interval(by_site: Sequence[Sequence[float]]) -> tuple[float, float]:
    rng = random.Random(0)
    draws = sorted(_mean(v for site in rng.choices(by_site, k=len(by_site)) for v in site) for _ in range(BOOTSTRAPS))
    return draws[int(0.025 * BOOTSTRAPS)], draws[int(0.975 * BOOTSTRAPS) - 1]
