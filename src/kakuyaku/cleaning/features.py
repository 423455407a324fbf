"""What the model sees of each unit: the unit itself, its neighbours, and where it stands to the article.

The article's place comes first. Units that end a sentence are prose; a run of prose weighs as many characters as it
has, less where it uses the words of shops and sites; the heaviest run of a page is the core of its article. The title
is the line above it that shares most pairs of characters with it. Runs further down that speak of the same things
belong to it too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.rules import of_kind, with_role, word_groups
from kakuyaku.cleaning.units import BIGRAMS, Bools, Ints, Units

Floats = npt.NDArray[np.float32]

PROSE_MIN_CHARS = 8
LOUD_MIN_CHARS = 40  # a unit that ends in ! or ? without any 。 is prose only from here: titles do that too
GAP = 9  # units between two sentences of one run
HEADING_GAP = 5  # what a heading like 「関連記事」 between them counts more
HEADING_CHARS = 30
SHARED_ENDINGS = 3  # so many units with the same end are titles with the name of the site behind them
REACHES = (1, 2, 3, 5, 8, 15, 30)  # units from the article
FAR = 60  # distances are not told apart beyond
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
_ANNOUNCING_CHARS = 200
_COLON_MIN_CHARS = 12  # a shorter line with a colon is a label: 「ジャンル：」
_ANNOUNCED_UNITS = 60


def _set_of(characters: str) -> Bools:
    """For each code point whether it is one of the characters."""
    table = np.zeros(0x110000, dtype=bool)
    table[[ord(character) for character in characters]] = True
    return table


_REFERENCE_MARKS, _COLONS, _CUT, _LOUD = _set_of("※*＊→▶►▼©"), _set_of("：:"), _set_of("…‥"), _set_of("！？!?")
_CLOSING, _FULL = _set_of('」』）)】”"’'), _set_of(".!?")
_MARKED = _set_of("【[［（(〈<＜「『《■□◆◇●○★☆▼▽▲△▶►▷※＊*→⇒#＃◎〔")


_SIZES = frozenset(
    {"n_links"}
    | {f"{box}_{what}" for box in ("container", "outer") for what in ("lines", "chars", "stops", "paragraphs")}
)


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


@dataclass(frozen=True)
class Features:
    """A row for each feature, a column for each unit; and the layout they were measured against."""

    names: tuple[str, ...]
    values: Floats
    layout: Layout


def measure(u: Units, repeated: Bools | None = None) -> Features:
    """The features of every unit of a batch.

    Args:
        u: the batch.
        repeated: units that also stand on other pages of their site.
    """
    return _Measure(u, repeated).features()


class _Measure:
    """One batch in the making."""

    def __init__(self, u: Units, repeated: Bools | None) -> None:
        self.u = u
        n = self.n = len(u.page)
        self.of_site = self.copy = np.zeros(n, dtype=bool)
        if repeated is not None:
            self.of_site = repeated
        self.here = np.arange(n)
        n_pages = int(u.page[-1]) + 1 if n else 0
        pages = np.arange(n_pages)
        self.page_first = np.searchsorted(u.page, pages)
        self.page_stop = np.searchsorted(u.page, pages, side="right")
        self.first_here, self.stop_here = self.page_first[u.page], self.page_stop[u.page]
        self.columns: dict[str, npt.NDArray[Any]] = {}
        self.size = u.core.astype(np.float32)
        self.share = {
            name: u.count(name) / np.minimum(np.maximum(self.size, 1), 255)
            for name in ("hiragana", "katakana", "kanji", "hangul", "latin")
        }
        self.word = dict(zip(word_groups(), u.words.astype(np.float32), strict=True))
        self.bullet = ((u.item == 1) | (u.item == 2)).astype(np.float32)
        self.further = (u.item == 3).astype(np.float32)

    def features(self) -> Features:
        """All columns."""
        if self.n:
            self._prose()
            first, last, title = self._layout()
            of_site = self.of_site | (self.copy & ((self.here < first[self.u.page]) | (self.here > last[self.u.page])))
            layout = Layout(first, last, title, self.prose, self.mass, np.zeros(self.n, dtype=bool), of_site)
            self._own()
            self._around()
            self._place(layout)
            self._blocks()
            self._talk(layout)
            if self.u.marked.any():
                self._markup()
        else:
            none = np.zeros(0, dtype=np.int64)
            layout = Layout(
                none, none, none, none.astype(bool), none.astype(np.float32), none.astype(bool), none.astype(bool)
            )
        names = tuple(self.columns)
        values = np.empty((len(names), self.n), dtype=np.float32)
        for row, name in enumerate(names):
            values[row] = self.columns[name]
        return Features(names, values, layout)

    # -- sums and distances within a page

    def _shift(self, values: npt.NDArray[Any], by: int) -> npt.NDArray[Any]:
        """The value ``by`` units above (below when negative), along the last axis; 0 beyond the page."""
        out = np.zeros_like(values)
        if by > 0:
            out[..., by:] = values[..., :-by]
            out[..., (self.here - self.first_here) < by] = 0
        else:
            out[..., :by] = values[..., -by:]
            out[..., (self.stop_here - self.here) <= -by] = 0
        return out

    def _window(self, values: npt.NDArray[Any], reach: int) -> npt.NDArray[Any]:
        """Sum over the units at most ``reach`` away, along the last axis."""
        total = np.zeros((*values.shape[:-1], self.n + 1))
        np.cumsum(values, axis=-1, out=total[..., 1:])
        low = np.maximum(self.here - reach, self.first_here)
        high = np.minimum(self.here + reach + 1, self.stop_here)
        found: npt.NDArray[Any] = np.take(total, high, axis=-1) - np.take(total, low, axis=-1)
        return found

    def _since(self, mask: Bools) -> Ints:
        """Units since the last true one above, itself excluded; FAR where there is none."""
        last = np.maximum.accumulate(np.where(mask, self.here, -FAR))
        above = np.concatenate(([-FAR], last[:-1]))
        return np.where(above >= self.first_here, np.minimum(self.here - above, FAR), FAR)

    def _until(self, mask: Bools) -> Ints:
        """Units until the next true one below, itself excluded; FAR where there is none."""
        after = np.minimum.accumulate(np.where(mask, self.here, self.n + FAR)[::-1])[::-1]
        below = np.concatenate((after[1:], [self.n + FAR]))
        return np.where(below < self.stop_here, np.minimum(below - self.here, FAR), FAR)

    def _of_page(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sum over each page."""
        return np.bincount(self.u.page, weights=values, minlength=len(self.page_first))

    # -- the article

    def _prose(self) -> None:
        u, word = self.u, self.word
        letters = sum(self.share.values()) * self.size
        latin = self._of_page(self.share["latin"] * self.size) / np.maximum(self._of_page(letters), 1)
        self.foreign = (self.share["latin"] > FOREIGN_LATIN) & (latin[u.page] < 0.5)
        # Where sentences end with a Western full stop: in Korean, and on pages in Latin letters.
        dotted = (self.share["hangul"] > 0.3) | ((latin[u.page] >= 0.5) & (self.size >= LOUD_MIN_CHARS))
        self.ends = u.ends_sentence | (dotted & (u.last_point == ord(".")))
        quotation = (u.last_point == ord("」")) & (u.first_point == ord("「"))
        full = (u.count("full_stops") > 0) | quotation | dotted & (u.count("dots") > 0)
        self.stops = np.where(dotted, u.count("dots"), u.count("stops"))
        self.reference = _REFERENCE_MARKS[u.first_point]
        ending = _dense(u.ending)
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
        copied = 2 * self._of_page(self.mass * self.of_site) > self._of_page(self.mass)
        self.copy = self.of_site & copied[self.u.page]
        self.of_site = self.of_site & ~self.copy
        self.prose &= ~self.of_site
        self.quality *= self.prose
        self.mass *= self.prose

    def _layout(self) -> tuple[Ints, Ints, Ints]:
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
        self.overlap = self._per_unit(table[self.pair] > mine)

    def _per_unit(self, hits: Bools) -> Floats:
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
        date_below = (self._shift(brief_date, -1) + self._shift(brief_date, -2) + self._shift(brief_date, -3)) > 0
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

    # -- columns

    def _own(self) -> None:
        u, c, size = self.u, self.columns, self.size
        c["log_chars"] = np.log1p(size)
        c["chars_60"], c["chars_15"], c["chars_30"] = size >= 60, size < 15, (size >= 15) & (size < 30)
        c["bullet"], c["further"] = self.bullet, self.further
        for name, share in self.share.items():
            c[f"share_{name}"] = share
        c["no_hiragana"] = self.share["hiragana"] < 0.1
        c["ends_sentence"] = self.ends
        c["ends_loud"] = _LOUD[u.last_point]
        c["ends_closing"] = _CLOSING[u.last_point]
        c["ends_colon"] = _COLONS[u.last_point]
        c["ends_cut"] = _CUT[u.last_point]
        c["begins_marked"] = _MARKED[u.first_point]
        c["begins_digit"] = (u.first_point >= 0x30) & (u.first_point <= 0x39)
        c["dated"], c["reference"], c["foreign"] = self.dated, self.reference, self.foreign
        c["foreign_sentence"] = self.foreign & _FULL[u.last_point]
        c["new_block"], c["ends_block"] = u.new_block, np.append(u.new_block[1:], True)
        c["repeated"] = self.repeated
        c["log_stops"], c["log_commas"] = np.log1p(self.stops), np.log1p(u.count("commas"))
        c["separators"], c["spaces"] = np.minimum(u.count("separators"), 4), np.minimum(u.count("spaces"), 4)
        c["quotes"] = u.count("quotes") > 0
        for name, there in self.word.items():
            c[f"word_{name}"] = there
        c["prose"], c["quality"], c["opens"] = self.prose, self.quality, self.opens
        c["opens_ranking"] = self.opens & of_kind("ranking")[u.look]
        c["shared_ending"] = self.shared_ending

    def _around(self) -> None:
        c = self.columns
        names = ("bullet", "ends_sentence", "repeated", "word_polite", "word_related", "log_chars", "quality")
        beside = np.array([c[name] for name in names], dtype=np.float32)
        for where, by in (("above", 1), ("below", -1)):
            c.update(zip((f"{name}_{where}" for name in names), self._shift(beside, by), strict=True))
        c["quality_2_above"], c["quality_2_below"] = self._shift(self.quality, 2), self._shift(self.quality, -2)
        groups = ("polite", "account", "legal", "social", "related", "interface", "site")
        near = np.array([*(self.word[name] for name in groups), c["dated"], c["repeated"]], dtype=np.float32)
        sums = self._window(near, 3) - near
        c.update(zip((f"near_{name}" for name in (*groups, "dated", "repeated")), sums, strict=True))

    def _place(self, layout: Layout) -> None:
        u, c, here, size = self.u, self.columns, self.here, self.size
        first, last = layout.first[u.page], layout.last[u.page]
        inside, before, after = (here >= first) & (here <= last), here < first, here > last
        self.inside = inside
        distance = np.where(before, first - here, np.where(after, here - last, 0))
        c["inside"], c["before"], c["after"] = inside, before, after
        near = distance <= np.array(REACHES)[:, None]
        c.update(zip((f"before_{reach}" for reach in REACHES), before & near, strict=True))
        c.update(zip((f"after_{reach}" for reach in REACHES), after & near, strict=True))
        c["prose_near"], c["prose_far"] = self.prose & (distance <= 5), self.prose & (distance > 8)
        sound = self.quality > 0.5
        above, below = self._since(sound), self._until(sound)
        c["between"] = (above <= 3) & (below <= 3) & inside
        c["gap"] = np.where(inside, np.minimum(above + below - 1, 12), 0) / 4
        short = size < HEADING_CHARS
        c["inside_prose"], c["inside_quality"] = inside & self.prose, inside * self.quality
        c["inside_short"] = inside & short & (self.bullet == 0)
        c["inside_bullet"], c["inside_further"] = inside * self.bullet, inside * self.further
        c["inside_new_block"], c["inside_opens"] = inside & u.new_block, inside & self.opens
        c["inside_advert"], c["inside_foreign"] = inside & short & (self.word["advert"] > 0), inside & self.foreign
        c["outside_reference"] = ~inside & self.reference
        core = self._of_page(self.mass * inside)[u.page]
        c["place"] = (here - self.first_here) / (self.stop_here - self.first_here)
        c["other_prose"] = ~inside * self.quality * np.minimum(self.mass / np.maximum(core, 1), 1)
        c["mass_2"] = np.log1p(np.maximum(self._window(self.mass, 2) - self.mass, 0))
        c["mass_5"] = np.log1p(np.maximum(self._window(self.mass, 5) - self.mass, 0))
        c["mass_8_share"] = np.minimum(self._window(self.mass, 8) / np.maximum(core, 1), 1)
        since_heading = self._since(self.opens)
        zone = since_heading < above
        c["zone"], c["zone_inside"], c["zone_after"] = zone, zone & inside, zone & after
        announces = (
            (self.word["announcing"] > 0)
            | ((self.word["table_heading"] > 0) & (size <= HEADING_CHARS) & ~self.ends)
            | (_COLONS[u.last_point] & (size >= _COLON_MIN_CHARS) & (self.share["hiragana"] > 0))
        )
        announces &= (here >= first - 1) & (here <= last + 2) & (size <= _ANNOUNCING_CHARS) & ~self.opens
        breaks = (
            self.opens | (self.word["social"] > 0) | (self.word["legal"] > 0) | (self.word["polite"] > 0)
            | ((self.bullet > 0) & (size >= 25))
        )  # fmt: skip
        announced = self._since(announces)
        follows = (announced <= _ANNOUNCED_UNITS) & (self._since(breaks) > announced) & ~breaks
        layout.announced[:] = follows | (announces & ~self.prose)
        c["announced_after"], c["announced_inside"] = layout.announced & after, layout.announced & inside

    def _blocks(self) -> None:
        """Runs of list items and their further lines, or of other units."""
        u, c = self.u, self.columns
        listed = u.item > 0
        new = np.concatenate(([True], (listed[1:] != listed[:-1]) | (u.page[1:] != u.page[:-1])))
        block = np.cumsum(new) - 1
        number = np.bincount(block)
        begin = np.flatnonzero(new)[block]
        c["list_length"] = np.log1p(number[block]) * listed
        for name in ("ends_sentence", "log_chars", "dated", "repeated"):
            c[f"list_{name}"] = (np.bincount(block, weights=c[name]) / number)[block] * listed
        c["list_overlap"] = (np.bincount(block, weights=self.overlap) / number)[block] * listed
        above = np.maximum(begin - 1, self.first_here)
        headed = listed & (begin > self.first_here)
        c["list_under_prose"] = self.quality[above] * headed
        c["list_under_colon"] = c["ends_colon"][above] & headed
        c["list_under_heading"] = self.opens[above] & headed

    def _talk(self, layout: Layout) -> None:
        """What a unit shares with the article and with its title."""
        u, c, here = self.u, self.columns, self.here
        outside = ~self.inside
        c["overlap"] = self.overlap
        c["overlap_outside"], c["overlap_inside"] = self.overlap * outside, self.overlap * self.inside
        title = layout.title[u.page]
        known = title >= 0
        is_title = known & (title == here)
        table = np.zeros(len(self.page_first) * BIGRAMS, dtype=bool)
        table[self.pair[np.repeat(is_title, self.pair_length)]] = True
        shared = self._per_unit(table[self.pair]) * known
        c["title_overlap"], c["title_overlap_outside"] = shared, shared * outside
        c["is_title"], c["above_title"] = is_title, known & (here < title)
        c["below_title"] = known & (here > title) & (here < layout.first[u.page])

    def _markup(self) -> None:
        """What the markup says; sizes as logarithms, and what counts double inside the container with most prose."""
        c, row = self.columns, dict(zip(LINE_FEATURES, self.u.markup, strict=True))
        for name, values in row.items():
            if name in _SIZES:
                c[f"tag_{name}"] = np.log1p(values)
            elif name == "to_main":
                c["tag_beside_main"], c["tag_close_to_main"], c["tag_far_from_main"] = (
                    values == 1,
                    values == 2,
                    values >= 4,
                )
            elif name != "depth":
                c[f"tag_{name}"] = values
        linked, main = row["link_share"], row["in_main"]
        c["tag_half_linked"], c["tag_all_linked"] = linked >= 0.5, linked >= 0.95
        c["tag_main_unlinked"], c["tag_main_paragraph"] = main * (1 - linked), main * row["is_paragraph"]
        c["tag_main_linked"], c["tag_main_list"] = main * (linked >= 0.8), main * row["near_list"]
        c["tag_main_heading"], c["tag_main_figure"] = main * row["is_heading"], main * row["near_figure"]
        c["tag_main_teaser"] = main * np.maximum(row["near_word_teaser"], row["near_word_extra"])
        c["tag_main_table"], c["tag_main_inside"] = main * row["near_table"], main * self.inside
        c["tag_off_main_inside"], c["tag_off_main_prose"] = (1 - main) * self.inside, (1 - main) * self.prose
        c["tag_linked_inside"] = linked * self.inside
        c["tag_linked_list"] = (self.u.item > 0) * (linked >= 0.8)
        c["tag_unlinked_list_inside"] = (self.u.item > 0) * (linked < 0.5) * self.inside


def _dense(keys: Ints) -> Ints:
    """Numbers from 0 for equal keys."""
    return np.unique(keys, return_inverse=True)[1].reshape(-1)
