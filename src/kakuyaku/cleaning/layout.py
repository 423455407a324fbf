"""Where the article of a page is.

Units that end a sentence are prose; a run of prose weighs as many characters as it has, less where it uses the words of
shops and sites; the heaviest run of a page is the core of its article. The title is the line above it that shares most
pairs of characters with it. Runs further down that speak of the same things belong to it too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import set_of
from kakuyaku.cleaning.measures import BIGRAMS
from kakuyaku.cleaning.neighbours import FAR, Neighbours, dense
from kakuyaku.cleaning.rules import with_role, word_groups
from kakuyaku.cleaning.units import Bools, Ints, Units

Floats = npt.NDArray[np.float32]

PROSE_MIN_CHARS = 8
LOUD_MIN_CHARS = 40  # a unit that ends in ! or ? without any 。 is prose only from here: titles do that too
GAP = 9  # units between two sentences of one run
HEADING_GAP = 5  # what a heading like 「関連記事」 between them counts more
HEADING_CHARS = 30
SHARED_ENDINGS = 3  # so many units with the same end are titles with the name of the site behind them
TITLE_WITHIN = 40  # units above the article
TITLE_CHARS = (8, 100)
TITLE_ENOUGH_CHARS = 30  # no title is better for being longer
TITLE_MIN_SCORE = 4.0
TITLE_DATED, TITLE_REPEATED = 2.0, 3.0  # what a date close below, and standing twice on the page, add to the score
TITLE_DECLARED = 100.0  # and being what the page's head declares
TITLE_LETTERS = 0.1  # and each Japanese character
TITLE_INSIDE = 0.35  # of the run's prose that may stand above a title, when a date follows it
TRIM_QUALITY = 0.35
JOIN_WITHIN = 25  # units between two runs of one article
JOIN_HEAVY = (300.0, 60)  # a run of so much mass may stand so far away
JOIN_MIN_MASS = 60.0
JOIN_MIN_OVERLAP = 0.35
JOIN_MIN_QUIET = 0.6
FOREIGN_LATIN = 0.6
_DATE = re.compile(
    r"(19|20)[0-9]{2}[\s　]*[年/.\-][\s　]*[0-9]{1,2}[\s　]*[月/.\-][\s　]*[0-9]{1,2}|[0-9]{1,2}月[\s　]*[0-9]{1,2}日"
    r"|[0-9]{1,2}/[0-9]{1,2}\b|[0-9]{1,2}:[0-9]{2}|[0-9]+[\s　]*(時間|分|日|秒|か月|カ月|年)前"
)
_DATE_MAX_CHARS = 80
REFERENCE_MARKS = set_of("※*＊→▶►▼©")


@dataclass(frozen=True)
class Layout:
    """Where things stand, by page: ``first`` and ``last`` unit of the article (first > last: none), ``title`` (-1:
    none). ``prose``, ``mass``, ``announced`` and ``of_site`` are of units: ``announced`` says that a line like
    「内訳は次の通り。」 stands above, ``of_site`` that the unit stands on other pages of the site too.
    """

    first: Ints
    last: Ints
    title: Ints
    prose: Bools
    mass: Floats
    announced: Bools
    of_site: Bools


class Scene(Neighbours):
    """The units of a batch with their prose and their layout."""

    def __init__(self, u: Units, repeated: Bools | None) -> None:
        super().__init__(u)
        self.of_site = self.copy = np.zeros(self.n, dtype=bool)
        if repeated is not None:
            self.of_site = repeated
        self.size = u.core.astype(np.float32)
        self.share = {
            name: u.count(name) / np.minimum(np.maximum(self.size, 1), 255)
            for name in ("hiragana", "katakana", "kanji", "hangul", "latin")
        }
        self.word = dict(zip(word_groups(), u.words.astype(np.float32), strict=True))
        self.bullet = ((u.item == 1) | (u.item == 2)).astype(np.float32)
        self.further = (u.item == 3).astype(np.float32)

    def layout(self) -> Layout:
        """The layout of every page of the batch."""
        nowhere = np.zeros(self.n, dtype=bool)
        if not self.n:
            none = np.zeros(0, dtype=np.int64)
            return Layout(none, none, none, nowhere, np.zeros(0, dtype=np.float32), nowhere, nowhere)
        self._prose()
        first, last, title = self._article()
        of_site = self.of_site | (self.copy & ((self.here < first[self.u.page]) | (self.here > last[self.u.page])))
        return Layout(first, last, title, self.prose, self.mass, nowhere, of_site)

    def _prose(self) -> None:
        u, word = self.u, self.word
        letters = sum(self.share.values()) * self.size
        latin = self.of_page(self.share["latin"] * self.size) / np.maximum(self.of_page(letters), 1)
        self.foreign = (self.share["latin"] > FOREIGN_LATIN) & (latin[u.page] < 0.5)
        # Where sentences end with a Western full stop: in Korean, and on pages in Latin letters.
        dotted = (self.share["hangul"] > 0.3) | ((latin[u.page] >= 0.5) & (self.size >= LOUD_MIN_CHARS))
        self.ends = u.ends_sentence | (dotted & (u.last_point == ord(".")))
        quotation = (u.last_point == ord("」")) & (u.first_point == ord("「"))
        full = (u.count("full_stops") > 0) | quotation | dotted & (u.count("dots") > 0)
        self.stops = np.where(dotted, u.count("dots"), u.count("stops"))
        self.reference = REFERENCE_MARKS[u.first_point]
        ending = dense(u.ending)
        self.shared_ending = (u.ending >= 0) & (np.bincount(ending)[ending] >= SHARED_ENDINGS)
        self.prose = (
            self.ends
            & (self.size >= PROSE_MIN_CHARS)
            & (u.item == 0)
            & (full | (self.size >= LOUD_MIN_CHARS))
            & ~self.reference
            & ~self.foreign
            & ~self.shared_ending
        )
        noise = (
            word["polite"] + word["legal"] + word["site"]
            + 0.7 * word["account"] + 0.5 * word["interface"] + 0.5 * word["social"]
        )  # fmt: skip
        self.noise = noise
        times = np.bincount(u.same, minlength=1)
        self.repeated = (times[u.same] > 1).astype(np.float32)
        quality = np.select([noise == 0, noise < 1, noise < 2], [1.0, 0.6, 0.3], 0.1)
        self.quality = (
            quality * np.where(self.repeated > 0, 0.3, 1) * np.where(word["report"] > 0, 1.3, 1) * self.prose
        ).astype(np.float32)
        self.mass = (self.quality * self.size).astype(np.float32)
        if self.of_site.any():
            self._without_site_lines()
        self.opens = (
            with_role("heading")[u.look]
            & (self.size <= HEADING_CHARS)
            & (u.count("full_stops") == 0)
            & (self.bullet == 0)
        )
        digits = u.count("digits")
        self.dated = np.zeros(self.n, dtype=np.float32)
        for i in np.flatnonzero((digits >= 1) & (self.size <= _DATE_MAX_CHARS)).tolist():
            if _DATE.search(u.bare[i]):
                self.dated[i] = 1

    def _without_site_lines(self) -> None:
        """Lines of the site are no prose of the article.

        Where most of a page's prose is repeated, the other page is a copy of it (another capture, an update): then
        repetition says nothing about what stands in its article.
        """
        copied = 2 * self.of_page(self.mass * self.of_site) > self.of_page(self.mass)
        self.copy = self.of_site & copied[self.u.page]
        self.of_site = self.of_site & ~self.copy
        self.prose &= ~self.of_site
        self.quality *= self.prose
        self.mass *= self.prose

    def _article(self) -> tuple[Ints, Ints, Ints]:
        """First and last unit of each page's article, and its title."""
        u = self.u
        first, last = self.page_stop.copy(), self.page_stop - 1
        title = np.full(len(self.page_first), -1)
        prose = np.flatnonzero(self.prose)
        self._pairs()
        if not len(prose):
            self.overlap = np.zeros(self.n, dtype=np.float32)
            return first, last, title
        cost = np.cumsum(1 + HEADING_GAP * self.opens)
        page = u.page[prose]
        new = np.concatenate(([True], (page[1:] != page[:-1]) | (np.diff(cost[prose]) > GAP)))
        run = np.cumsum(new) - 1
        mass = np.bincount(run, weights=self.mass[prose])
        run_page, run_first = page[new], prose[new]
        run_last = prose[np.append(np.flatnonzero(new)[1:] - 1, len(prose) - 1)]
        order = np.lexsort((-np.arange(len(mass)), mass, run_page))  # ties: the earlier run
        best = order[np.append(np.flatnonzero(np.diff(run_page[order])), len(order) - 1)]
        first[run_page[best]], last[run_page[best]] = run_first[best], run_last[best]
        self._trim(first, last)
        self._overlaps(first, last)
        quiet = np.bincount(run, weights=(self.noise == 0)[prose]) / np.bincount(run)
        chars = np.bincount(run, weights=self.size[prose])
        alike = np.bincount(run, weights=(self.overlap * self.size)[prose]) / chars
        joins = (mass >= JOIN_MIN_MASS) & (alike >= JOIN_MIN_OVERLAP) & (quiet >= JOIN_MIN_QUIET)
        joined = False
        for index in best.tolist():
            p = int(run_page[index])
            for step in (1, -1):
                other = index + step
                while 0 <= other < len(mass) and run_page[other] == p and joins[other]:
                    within = JOIN_HEAVY[1] if mass[other] >= JOIN_HEAVY[0] else JOIN_WITHIN
                    if step > 0 and run_first[other] - last[p] <= within:
                        last[p] = run_last[other]
                    elif step < 0 and first[p] - run_last[other] <= within:
                        first[p] = run_first[other]
                    else:
                        break
                    joined = True
                    other += step
        if joined:
            self._overlaps(first, last)
        self._title(first, last, title)
        return first, last, title

    def _trim(self, first: Ints, last: Ints) -> None:
        """Takes prose of little quality off the ends of each article, as long as better prose is left."""
        page = self.u.page
        good = np.flatnonzero((self.quality > TRIM_QUALITY) & (self.here >= first[page]) & (self.here <= last[page]))
        if len(good):
            edge = np.flatnonzero(np.concatenate(([True], page[good][1:] != page[good][:-1])))
            of = page[good[edge]]
            first[of], last[of] = good[edge], good[np.append(edge[1:] - 1, len(good) - 1)]

    def _pairs(self) -> None:
        """All pairs of characters, unit after unit, each with a number that equal pairs of a page share."""
        u = self.u
        self.pair_length = u.bigram_last - u.bigram_first
        self.pair_begin = np.cumsum(self.pair_length) - self.pair_length
        at = np.repeat(u.bigram_first - self.pair_begin, self.pair_length)
        at += np.arange(len(at))
        self.pair = u.bigram[at] + np.repeat((u.page * BIGRAMS).astype(np.int32), self.pair_length)

    def _overlaps(self, first: Ints, last: Ints) -> None:
        """For each unit the share of its pairs of characters that also stand in (other) prose of the article."""
        u = self.u
        own = self.prose & (self.here >= first[u.page]) & (self.here <= last[u.page])
        mine = np.repeat(own, self.pair_length)
        table = np.minimum(np.bincount(self.pair[mine], minlength=len(self.page_first) * BIGRAMS), 2).astype(np.uint8)
        self.overlap = self.per_unit(table[self.pair] > mine)

    def per_unit(self, hits: Bools) -> Floats:
        """The share of each unit's pairs of characters that are true."""
        total = np.concatenate(([0], np.cumsum(hits)))
        found = total[self.pair_begin + self.pair_length] - total[self.pair_begin]
        return np.asarray(found / np.maximum(self.pair_length, 1), dtype=np.float32)

    def _title(self, first: Ints, last: Ints, title: Ints) -> None:
        """The title of each page; where it stands inside the article, what is above it leaves the article."""
        u, here = self.u, self.here
        article_first = first[u.page]
        script = self.share["hiragana"] + self.share["katakana"] + self.share["kanji"] + self.share["hangul"]
        total = np.cumsum(self.mass * (here >= article_first) * (here <= last[u.page]))
        before = np.concatenate(([0], total))[np.minimum(article_first, self.n)]
        of_article = total[np.maximum(last, 0)][u.page] - before
        low, high = TITLE_CHARS
        candidate = (
            (self.size >= low)
            & (self.size <= high)
            & ~self.prose
            & (u.item == 0)
            & ~with_role("line")[u.look]
            & ((self.dated == 0) | (self.share["hiragana"] > 0.1))
            & (script > 0.1)
            & (here >= article_first - TITLE_WITHIN)
            & (total - before <= TITLE_INSIDE * of_article)
            & (article_first <= last[u.page])
        )
        brief_date = self.dated * (self.size <= LOUD_MIN_CHARS)
        date_below = (self.shift(brief_date, -1) + self.shift(brief_date, -2) + self.shift(brief_date, -3)) > 0
        inside = here >= article_first
        candidate &= ~inside | date_below
        long = np.minimum(self.size, TITLE_ENOUGH_CHARS)
        score = self.overlap * long * np.where(inside, 0.8, 1) + TITLE_LETTERS * script * long
        score = score + TITLE_DATED * date_below + TITLE_REPEATED * self.repeated
        pieces = np.minimum(u.count("separators") + u.count("spaces"), 6)  # a path has many
        score = np.where(candidate, score * np.where(self.opens, 0.5, 1) * (1 - pieces / 12), 0)
        score = score + TITLE_DECLARED * (
            u.titled & ~self.prose & (here <= last[u.page]) & (here >= article_first - FAR)
        )
        order = np.lexsort((-here, score, u.page))
        best = order[np.append(np.flatnonzero(np.diff(u.page[order])), self.n - 1)]
        best = best[score[best] > TITLE_MIN_SCORE]
        page = u.page[best]
        title[page] = best
        for p, at in zip(page.tolist(), best.tolist(), strict=True):
            if at >= first[p]:
                below = np.flatnonzero(self.prose[at + 1 : last[p] + 1])
                if len(below):
                    first[p] = at + 1 + below[0]
                else:
                    title[p] = -1
