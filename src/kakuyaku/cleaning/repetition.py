"""Lines that stand on several pages of one site: boilerplate, unless they repeat for a reason.

A site's first pages are its sample: its menus and boxes stand on two of them already (two to eight pages suffice,
measured on real sites). So memory does not grow with the pages: the samples together hold MAX_HELD lines at most, and
of a site that is known eight bytes are kept for each line that repeats.

A line is the same on another page when only its figures differ: counters, ranks, the characters left to read. What
repeats for a reason is told by where it stands: between paragraphs that only this page has (headings of a fixed form,
refrains, bulletins), or above one while most pages do without it (the opening of a column, the introduction to a
series). Titles, dates and names of authors stand in the lists of other pages too; they are left to the rules for them.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakuyaku.bylines import read_byline
from kakuyaku.cleaning.characters import LIST_MARKS
from kakuyaku.cleaning.page import Page
from kakuyaku.names import is_full_name

SAMPLE_PAGES = 32  # of a site
MIN_PAGES = 2  # a line of a second page of the site is no coincidence (content lines hit: 1 of 245 measured)
MAX_LINES = 4_096  # of a page; pages have some hundred
MAX_HELD = 4_000_000  # lines of all samples, 18 bytes each; beyond, the greatest samples are closed
MENU_CHARS, MENU_LINES = 60, 8_192  # lines of menus, which the next page has again
RECENT_SITES = 256  # whose keys are kept as sets
MASKED_LETTERS = 4  # a line with fewer besides its figures is the same only with the same figures
MASKED_CHARS = 200  # a longer line is a paragraph, whose figures matter
MASKED_SURE = 8  # with so many, two pages suffice as for any line; with fewer, half of the pages
PROSE_CHARS = 12  # a shorter line is no paragraph
TITLE_CHARS = (12, 100)  # shorter lines are menu entries
DATED_CHARS = 40  # a longer line with a date is a sentence
DATE_BELOW = 2  # lines below a title where its date stands
ARTICLE_BELOW = 8  # lines below a title where its article begins
MOST = 0.75  # of the places where a line stands: there it has its reason
SPARING_ROUNDS = 4  # paragraphs of one introduction
_FIGURE = re.compile(r"\d")
_FIGURES = re.compile(r"\d[\d,.，．:：]*")
_DATE = re.compile(r"\d{4}\s?[年/.\-]\s?\d{1,2}\s?[月/.\-]\s?\d|\d{1,2}月\s?\d{1,2}日.{0,6}\d{1,2}[:：時]")
_LETTER = re.compile(r"[^\W\d_]")
_STOPS = "。！？!?」』）)"
# What a line is, as bits. A name is one only beside a date.
_PROSE, _DATED, _NAME, _SURE, _TITLE = 1, 2, 4, 8, 16
_SPOOLED_PAGES = 256  # a batch
# Texts as bytes: a lone surrogate, which is refused later, cannot be stored otherwise.
_TEXTS = ("id", "text", "html_text", "site")
_SCHEMA = pa.schema([(name, pa.large_binary()) for name in (*_TEXTS, "html_bytes")])

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]


class SiteLines:
    """The repeated lines of each site."""

    def __init__(self) -> None:
        self._samples: dict[str, _Sample] = {}
        self._held = 0  # lines of the samples
        self._full: dict[str, Keys] = {}
        self._recent: dict[str, frozenset[int]] = {}

    def learn(self, site: str, lines: Iterable[str]) -> None:
        """Takes note of the lines of one more page, which are given in their order, without blank ones."""
        if site in self._full:
            return
        sample = self._samples.setdefault(site, _Sample())
        self._held += sample.add(lines)
        if sample.pages == SAMPLE_PAGES:
            self._finish(site)
        if self._held > MAX_HELD:  # those with most pages have least to learn
            for other in sorted(self._samples, key=lambda name: -self._samples[name].pages):
                self._finish(other)
                if 2 * self._held <= MAX_HELD:
                    break

    def wants(self, site: str | None) -> bool:
        """Whether more pages of the site are of use."""
        return site is not None and site not in self._full

    def repeated(self, site: str | None) -> frozenset[int]:
        """Keys of the lines that stand on MIN_PAGES pages of the site's sample or more, without a reason."""
        if site is None:
            return frozenset()
        if site not in self._recent:
            if site not in self._full:
                self._finish(site)
            if len(self._recent) == RECENT_SITES:
                self._recent.clear()
            self._recent[site] = frozenset(self._full[site].tolist())
        return self._recent[site]

    def _finish(self, site: str) -> None:
        sample = self._samples.pop(site, None) or _Sample()
        self._held -= len(sample.key)
        self._full[site] = sample.boilerplate()


def line_key(line: str) -> int:
    """A number of 64 bits for a line without surrounding white space, in every process the same; lines that differ
    only in their figures share it, if there are letters enough and no date.

    >>> line_key("残り1,204字を読む") == line_key("残り87字を読む"), line_key("3位") == line_key("4位")
    (True, False)
    """
    return _seen(line).key


class _Seen(NamedTuple):
    """What is noted of a line: its key, its number with the figures, and what it is."""

    key: int
    exact: int
    traits: int


def _seen(line: str) -> _Seen:
    return _seen_again(line) if len(line) <= MENU_CHARS else _look(line)


def _look(line: str) -> _Seen:
    exact = _hash(line)
    figures = len(line) <= MASKED_CHARS and _FIGURE.search(line) is not None
    dated = figures and _DATE.search(line) is not None
    masked = _FIGURES.sub("0", line) if figures and not dated else line
    letters = MASKED_SURE if masked == line else len(_LETTER.findall(masked[: 4 * MASKED_SURE]))
    size, plain = len(line), line[:1] not in LIST_MARKS
    prose = plain and size >= PROSE_CHARS and line[-1] in _STOPS
    return _Seen(
        exact if masked == line or letters < MASKED_LETTERS else _hash(masked),
        exact,
        _PROSE * prose
        | _TITLE * (plain and not prose and TITLE_CHARS[0] <= size <= TITLE_CHARS[1])
        | _DATED * (dated and size <= DATED_CHARS)
        | _SURE * (letters >= MASKED_SURE),
    )


_seen_again = lru_cache(MENU_LINES)(_look)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class _Sample:
    """The lines of a site's first pages: 18 bytes each, whatever their length."""

    def __init__(self) -> None:
        self.pages = 0
        self.page = array("B")
        self.key = array("Q")  # as line_key has it
        self.exact = array("Q")  # with the figures
        self.traits = array("B")

    def add(self, lines: Iterable[str]) -> int:
        """One more page; returns how many lines of it were taken."""
        taken = list(islice(lines, MAX_LINES))
        begin = len(self.key)
        for key, exact, traits in map(_seen, taken):
            self.key.append(key)
            self.exact.append(exact)
            self.traits.append(traits)
        self.page.extend([self.pages] * len(taken))
        self.pages += 1
        dated = [i for i in range(len(taken)) if self.traits[begin + i] & _DATED]
        for i in {near for at in dated for near in range(max(0, at - 1), min(at + 2, len(taken)))}:
            if len(taken[i]) <= DATED_CHARS and (is_full_name(taken[i]) or read_byline(taken[i])):
                self.traits[begin + i] |= _NAME
        return len(taken)

    def boilerplate(self) -> Keys:
        """The keys of the lines that repeat without a reason."""
        if self.pages < MIN_PAGES or not self.key:
            return np.zeros(0, np.uint64)
        page, traits = np.frombuffer(self.page, np.uint8).astype(np.int64), np.frombuffer(self.traits, np.uint8)
        keys, of = np.unique(np.frombuffer(self.key, np.uint64), return_inverse=True)
        on_pages = self._on_pages(of, page)
        _, texts = np.unique(np.frombuffer(self.exact, np.uint64), return_inverse=True)
        enough = (on_pages >= MIN_PAGES) & (2 * on_pages >= self.pages)
        enough[
            of[(self._on_pages(texts, page)[texts] >= MIN_PAGES) | ((traits & _SURE > 0) & (on_pages[of] >= MIN_PAGES))]
        ] = True
        for _ in range(SPARING_ROUNDS):
            spared = enough & _with_reason(of, page, traits, enough, on_pages < self.pages)
            if not spared.any():
                break
            enough &= ~spared
        return keys[enough]

    def _on_pages(self, of: Ints, page: Ints) -> Ints:
        """On how many pages each of the numbered lines stands."""
        return np.bincount(np.unique(of * self.pages + page) // self.pages)


def _with_reason(of: Ints, page: Ints, traits: npt.NDArray[np.uint8], repeated: Bools, some: Bools) -> Bools:
    """Which lines repeat for a reason.

    Args:
        of: the number of the line, for each place where one stands, page by page.
        page: of the place.
        traits: of the line there.
        repeated: by number, lines that stand on several pages and have not been spared yet.
        some: by number, lines that other pages do without.
    """

    def beside(mask: Bools, by: int) -> Bools:
        found: Bools = np.zeros_like(mask)
        if by > 0:
            found[by:] = mask[:-by] & (page[by:] == page[:-by])
        else:
            found[:by] = mask[-by:] & (page[:by] == page[-by:])
        return found

    def count(mask: Bools) -> Ints:
        return np.bincount(of[mask], minlength=len(repeated))

    def on_one_page(mask: Bools) -> Bools:
        pages = np.unique(of[mask] * (page[-1] + 1) + page[mask]) // (page[-1] + 1)
        single: Bools = np.bincount(pages, minlength=len(repeated)) == 1
        return single

    prose, dated = traits & _PROSE > 0, traits & _DATED > 0
    own = prose & ~repeated[of]
    above, below = beside(own, 1), beside(own, -1)
    reason = (above & below) | (prose & below & ~above & some[of]) | dated | (traits & _NAME > 0)
    dates_below = np.logical_or.reduce([beside(dated, -by) for by in range(1, DATE_BELOW + 1)])
    article_below = np.logical_or.reduce([beside(own, -by) for by in range(1, ARTICLE_BELOW + 1)])
    could_be = traits & _TITLE > 0
    title = on_one_page(dates_below & could_be) | on_one_page(article_below & could_be)
    spared: Bools = (count(reason) >= MOST * count(np.ones_like(reason))) | title
    return spared


def twice(pages: Iterable[Page]) -> tuple[Iterable[Page], Iterable[Page]]:
    """The same pages for two passes, in bounded memory: what can be read but once goes through a temporary file."""
    return (pages, pages) if isinstance(pages, Sequence) else _spooled(pages)


def _spooled(pages: Iterable[Page]) -> tuple[Iterable[Page], Iterable[Page]]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the second pass is over)

    def first() -> Iterator[Page]:
        with pa.ipc.new_file(pa.PythonFile(file, mode="w"), _SCHEMA) as sink:
            batch: list[Page] = []
            for page in pages:
                batch.append(page)
                if len(batch) == _SPOOLED_PAGES:
                    sink.write_batch(_batch(batch))
                    batch.clear()
                yield page
            sink.write_batch(_batch(batch))

    def second() -> Iterator[Page]:
        with file:
            file.seek(0)
            stored = pa.ipc.open_file(pa.PythonFile(file, mode="r"))
            for number in range(stored.num_record_batches):
                for row in stored.get_batch(number).to_pylist():
                    text = {
                        name: None if row[name] is None else row[name].decode("utf-8", "surrogatepass")
                        for name in _TEXTS
                    }
                    html = row["html_bytes"] if text["html_text"] is None else text["html_text"]
                    yield Page(text["id"] or "", text["text"], html, text["site"])

    return first(), second()


def _batch(pages: Sequence[Page]) -> pa.RecordBatch:
    rows = []
    for page in pages:
        marked_up = isinstance(page.html, str)
        values = (page.id, page.text, page.html if marked_up else None, page.site)
        row = {
            name: None if value is None else str(value).encode("utf-8", "surrogatepass")
            for name, value in zip(_TEXTS, values, strict=True)
        }
        rows.append({**row, "html_bytes": None if marked_up else page.html})
    return pa.RecordBatch.from_pylist(rows, schema=_SCHEMA)
