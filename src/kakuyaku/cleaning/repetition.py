"""Lines that stand on several pages of one site, with different articles: boilerplate, unless they repeat for a reason.

A site's first pages are its sample: its menus and boxes stand on two of them already (two to eight pages suffice,
measured on real sites). So memory does not grow with the pages: the samples together hold MAX_HELD lines at most, and
of a site that is known eight bytes are kept for each line that repeats.

What repeats for a reason is told by where it stands: between paragraphs that only this page has (headings of a fixed
form, refrains, bulletins), or above the first one while most pages do without it (the opening of a column, the
introduction to a series). Titles, dates and names of authors stand in the lists of other pages too; they are left to
the rules for them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kakuyaku.bylines import read_byline
from kakuyaku.cleaning.compiled import Records
from kakuyaku.cleaning.copies import Sets, different_pages, on_different, on_pages, standing
from kakuyaku.cleaning.line_keys import DATED, DATED_CHARS, NAME, NOTE, PROSE, SURE, TITLE, note_lines
from kakuyaku.cleaning.units import Room, Units, read_lines
from kakuyaku.names import is_full_name

SAMPLE_PAGES = 32  # of a site
MIN_PAGES = 2  # a line of a second page with another article is no coincidence (content lines hit: 1 of 245 measured)
MAX_LINES = 4_096  # of a page; pages have some hundred
MAX_HELD = 4_000_000  # lines of all samples, 19 bytes each; beyond, the greatest samples are closed
DATE_BELOW = 2  # lines below a title where its date stands
ARTICLE_BELOW = 8  # lines below a title, and above what opens the article, where its first paragraph would stand
# So many of the places where a line stands must give it its reason. A refrain may end the article, a heading does not.
PARAGRAPH_MOST, HEADING_MOST = 0.5, 0.75
SPARING_ROUNDS = 4  # paragraphs of one introduction

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

# A line of a sample: its note, and the number of its page there.
_LINE = np.dtype([*((name, NOTE[name]) for name in NOTE.names or ()), ("page", "u1")])


class SiteLines:
    """The repeated lines of each site."""

    def __init__(self) -> None:
        self._samples: dict[str, _Sample] = {}
        self._held = 0  # lines of the samples
        self._full: dict[str, Keys] = {}

    def wants(self, site: str | None) -> bool:
        """Whether more pages of the site are of use."""
        return site is not None and site not in self._full

    def learn(self, sites: Sequence[str], texts: Sequence[str], room: Room) -> None:
        """Takes note of the lines of some more pages.

        Args:
            sites: of each page; pages of sites that are known already are passed over.
            texts: the raw text of each page.
            room: whose arrays are used.
        """
        points, page_start, lines, _ = read_lines(texts, room)
        notes = note_lines(points, lines["first"], lines["last"], room)
        bounds = np.searchsorted(lines["page"], np.arange(len(texts) + 1)).tolist()
        for page, (site, text) in enumerate(zip(sites, texts, strict=True)):
            if self.wants(site):
                taken = slice(bounds[page], min(bounds[page + 1], bounds[page] + MAX_LINES))
                _name(notes[taken], lines[taken], text, int(page_start[page]))
                self._take(site, notes[taken])

    def repeated(self, units: Units, sites: Sequence[str | None], room: Room) -> Bools:
        """Which units of a batch repeat on their site without a reason.

        Args:
            units: the batch.
            sites: of each of its pages.
            room: whose arrays are used.
        """
        last = units.table["at"] + units.table["core"]
        keys = note_lines(units.points, last - (units.end - units.start), last, room)["key"]
        found = np.zeros(len(units), dtype=bool)
        for page, site in enumerate(sites):
            known = self.boilerplate(site)
            if len(known):
                own = slice(*units.page_first[page : page + 2])
                found[own] = known[np.minimum(np.searchsorted(known, keys[own]), len(known) - 1)] == keys[own]
        return found

    def boilerplate(self, site: str | None) -> Keys:
        """The keys of the lines that repeat on a site without a reason, sorted."""
        if site is None:
            return np.zeros(0, np.uint64)
        if site not in self._full:
            self._finish(site)
        return self._full[site]

    def _take(self, site: str, notes: Records) -> None:
        """One more page of a site."""
        sample = self._samples.setdefault(site, _Sample())
        sample.add(notes)
        self._held += len(notes)
        if sample.pages == SAMPLE_PAGES:
            self._finish(site)
        if self._held > MAX_HELD:  # those with most pages have least to learn
            for other in sorted(self._samples, key=lambda name: -self._samples[name].pages):
                self._finish(other)
                if 2 * self._held <= MAX_HELD:
                    break

    def _finish(self, site: str) -> None:
        sample = self._samples.pop(site, None) or _Sample()
        self._held -= len(sample)
        self._full[site] = sample.boilerplate()


def _name(notes: Records, lines: Records, text: str, start: int) -> None:
    """Finds the names beside the dates of a page, whose text starts at a place of its batch."""
    dated = set(np.flatnonzero(notes["traits"] & DATED).tolist())
    beside = sorted({near for at in dated for near in (at - 1, at + 1) if 0 <= near < len(notes)} - dated)
    first, last = ((lines[name][beside] - start).tolist() for name in ("first", "last"))
    for i, begin, end in zip(beside, first, last, strict=True):
        if end - begin <= DATED_CHARS and (is_full_name(text[begin:end]) or read_byline(text[begin:end])):
            notes["traits"][i] |= NAME


class _Sample:
    """The lines of a site's first pages: 19 bytes each, whatever their length."""

    def __init__(self) -> None:
        self.pages = 0
        self._lines = bytearray()

    def __len__(self) -> int:
        return len(self._lines) // _LINE.itemsize

    def add(self, notes: Records) -> None:
        """One more page."""
        lines = np.empty(len(notes), dtype=_LINE)
        for name in NOTE.names or ():
            lines[name] = notes[name]
        lines["page"] = self.pages
        self._lines += lines.tobytes()
        self.pages += 1

    def boilerplate(self) -> Keys:
        """The keys of the lines that repeat without a reason, sorted."""
        lines = np.frombuffer(self._lines, dtype=_LINE)
        if self.pages < MIN_PAGES or not len(lines):
            return np.zeros(0, np.uint64)
        keys, of = np.unique(lines["key"], return_inverse=True)
        _, exact = np.unique(lines["exact"], return_inverse=True)
        stands, texts = standing(of, lines["page"], len(keys)), standing(exact, lines["page"], len(lines))
        different = different_pages(lines, of, stands, self.pages)
        count = on_pages(stands, self.pages).sum(axis=1)
        sure = on_different(texts, different)[exact] | (lines["traits"] & SURE > 0)
        enough = 2 * count >= self.pages
        enough[of[sure]] = True
        enough &= on_different(stands, different)
        for _ in range(SPARING_ROUNDS):
            spared = enough & _with_reason(lines, of, enough, count < self.pages, different)
            if not spared.any():
                break
            enough &= ~spared
        found: Keys = keys[enough]
        return found


def _with_reason(lines: Records, of: Ints, repeated: Bools, some: Bools, different: Sets) -> Bools:
    """Which lines repeat for a reason.

    Args:
        lines: of the sample, page by page.
        of: the number of each.
        repeated: by number, lines that stand on several pages and have not been spared yet.
        some: by number, lines that other pages do without.
        different: for each page those that hold another article.
    """
    page, traits = lines["page"], lines["traits"]

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
        stands = standing(of[mask], page[mask], len(repeated))
        single: Bools = (stands > 0) & ~on_different(stands, different)
        return single

    prose, dated = traits & PROSE > 0, traits & DATED > 0
    own = prose & ~repeated[of]
    short = ~prose & ~repeated[of]  # a heading or a caption, which may stand between paragraphs
    above, below = (beside(own, by) | (prose & beside(short & beside(own, by), by)) for by in (1, -1))
    first = ~np.logical_or.reduce([beside(own, by) for by in range(1, ARTICLE_BELOW + 1)])
    reason = (above & below) | (prose & beside(own, -1) & first & some[of]) | dated | (traits & NAME > 0)
    dates_below = np.logical_or.reduce([beside(dated, -by) for by in range(1, DATE_BELOW + 1)])
    article_below = np.logical_or.reduce([beside(own, -by) for by in range(1, ARTICLE_BELOW + 1)])
    could_be = traits & TITLE > 0
    title = on_one_page(dates_below & could_be) | on_one_page(article_below & could_be)
    most = np.where(count(prose) > 0, PARAGRAPH_MOST, HEADING_MOST)
    spared: Bools = (count(reason) >= most * np.bincount(of)) | title
    return spared
