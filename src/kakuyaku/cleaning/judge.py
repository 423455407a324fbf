"""Where a unit stands: the second pass, which turns looks and scores into verdicts.

The model says what belongs to the article. What a unit is goes by its form and its place: above the article stand
title, byline, date; inside it headings, lists, captions; after it zones opened by typed headings (related articles,
rankings, …). A zone never ends the article: what follows a zone is judged anew, so that a box in the middle of an
article costs the box alone.

Law: judging the kept units again keeps them all (cleaning a clean article changes nothing). Verdicts are therefore
taken until they are stable; nearly every page is stable at the second verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.features import Features, measure
from kakuyaku.cleaning.layout import Layout
from kakuyaku.cleaning.model import Model, fitted
from kakuyaku.cleaning.rules import NONE, index_of, kept_rule, of_kind, with_role, zone_rule
from kakuyaku.cleaning.units import Bools, Ints, Units

MAX_ROUNDS = 12  # a page needs one or two; a page that never settles keeps what it has then
HEADING_MAX_CHARS = 60
FIRM_MAX_CHARS = 60  # a shorter line that looks like a caption or an advertisement is one, a sentence or not
NAME_MAX_CHARS = 20
LEAD_LINES = 3  # so many unlabelled lines above an advertisement of the same block belong to it
NUMBERED_MIN_ITEMS = 3
ALIKE_MIN_UNITS = 3  # so many units in a row that end alike are titles of other articles
SUBTITLE_MIN_LETTERS = 15
ANNOUNCED_SCORE = -2.0  # what the article announces belongs to it unless more speaks against it than this

_Give = Callable[..., None]


@dataclass(frozen=True)
class Verdict:
    """For each unit the index of its rule, and the unit that caused it (-1: none).

    ``score`` is the model's (log odds of belonging to the article), ``round`` the index into ``rounds``, ``column`` the
    unit's place in those features: what :meth:`reasons` needs to say why.
    """

    rule: npt.NDArray[np.int16]
    cause: Ints
    score: npt.NDArray[np.float32]
    round: Ints
    column: Ints
    model: Model
    marked: Bools
    rounds: list[Features] = field(default_factory=list)

    def reasons(self, unit: int) -> str:
        """What weighed most when a unit was judged."""
        weights = self.model.html if self.marked[unit] else self.model.text
        return weights.reasons(self.rounds[int(self.round[unit])], int(self.column[unit]))


def judge(units: Units, repeated: Bools | None = None, model: Model | None = None) -> Verdict:
    """The verdict on every unit of a batch.

    Args:
        units: the batch.
        repeated: units that also stand on other pages of their site.
        model: the fitted one when None.
    """
    n = len(units.page)
    model = model or fitted()
    verdict = Verdict(
        np.full(n, NONE, dtype=np.int16), np.full(n, -1), np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.int64),
        np.zeros(n, dtype=np.int64), model, units.marked,
    )  # fmt: skip
    alive = np.arange(n)
    for number in range(MAX_ROUNDS):
        here = units.take(alive)
        features = measure(here, None if repeated is None else repeated[alive])
        score = model.scores(features, here.marked)
        rule, cause = _judge_once(here, features.layout, score)
        verdict.rule[alive], verdict.score[alive] = rule, score
        verdict.cause[alive] = np.where(cause >= 0, alive[cause], -1) if len(alive) else cause
        verdict.round[alive], verdict.column[alive] = number, np.arange(len(alive))
        verdict.rounds.append(features)
        kept = kept_rule()[rule]
        if kept.all():
            break
        # Pages where nothing was cut are settled.
        unsettled = np.zeros(int(here.page[-1]) + 1, dtype=bool)
        unsettled[here.page[~kept]] = True
        alive = alive[kept & unsettled[here.page]]
    return verdict


def _judge_once(u: Units, layout: Layout, score: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int16], Ints]:
    """For each unit the index of its rule, and the unit that caused it (-1: none)."""
    if not len(u.page):
        return np.zeros(0, dtype=np.int16), np.zeros(0, dtype=np.int64)
    judgement = _Judgement(u, layout, score)
    judgement.certain()
    judgement.titled()
    judgement.kept()
    judgement.cut()
    return judgement.rule, judgement.cause


class _Judgement:
    """One round of verdicts in the making: the first rule that takes a unit keeps it."""

    def __init__(self, u: Units, layout: Layout, score: npt.NDArray[np.float32]) -> None:
        n = len(u.page)
        self.u, self.layout = u, layout
        self.rule = np.full(n, NONE, dtype=np.int16)
        self.cause = np.full(n, -1, dtype=np.int64)
        here = self.here = np.arange(n)
        self.plain = u.item == 0
        self.title = layout.title[u.page]
        self.opens = with_role("heading")[u.look]
        belongs = score > np.where(layout.announced, ANNOUNCED_SCORE, 0)
        belongs &= ~((self.title >= 0) & (here < self.title))
        self.outside_core = (here < layout.first[u.page]) | (here > layout.last[u.page])
        belongs &= ~(self.outside_core & (u.first_point == ord("※")))  # a note on the page, not on the article
        # The article as it is kept: the model may keep a line above or below the core.
        first, last = _bounds(u, belongs & layout.prose, layout.first, layout.last)
        self.inside = (here >= first[u.page]) & (here <= last[u.page])
        self.before, self.after = here < first[u.page], here > last[u.page]
        self.zone, self.owner = _zones(u, self.opens, layout.prose & self.plain, self.inside, self.before)
        # A box in the middle of the article: its heading and its list.
        self.belongs = belongs & ~((self.zone != NONE) & (~self.plain | self.opens))

    def give(self, mask: Bools, rule: str | npt.NDArray[np.int16], why: Ints | None = None) -> None:
        """A rule to the units of a mask that have none yet."""
        free = mask & (self.rule == NONE)
        self.rule[free] = index_of(rule) if isinstance(rule, str) else rule[free]
        if why is not None:
            self.cause[free] = why[free]

    def certain(self) -> None:
        """What is certain, whatever the model says."""
        u, here, give = self.u, self.here, self.give
        prose, no_title = self.layout.prose, self.title != here
        doubled = u.look == index_of("repeat.half")
        give(doubled, "repeat.half", here - 1)
        twin = np.append(doubled[1:], False)  # the first half of a line that says the same twice
        give(twin & self.inside, "caption.doubled", here + 1)
        give(self.layout.of_site & ~(self.inside & u.ends_sentence), "repeat.site")
        # What the line says by itself; inside the article a paragraph is a paragraph whatever words it uses.
        paragraph = ~self.outside_core & prose & self.plain & self.belongs
        firm = np.isin(u.look, _indices("debris.code", "caption.agency", "ad.magazine", "lead.brackets"))
        give(with_role("line", "tail")[u.look] & (~paragraph | (firm & (u.size < FIRM_MAX_CHARS))) & no_title, u.look)
        numbered, numbered_head = _numbered(u, u.item == 2, self.inside)
        give(numbered, "ranking.numbered", numbered_head)
        head_of_numbers = np.zeros(len(here), dtype=bool)
        head_of_numbers[numbered_head[numbered & (numbered_head >= 0)]] = True
        give(head_of_numbers & ~paragraph, "ranking.numbered", here)
        give(_alike(u) & ~prose & no_title, "related.alike", here)

    def titled(self) -> None:
        """The title and its repetitions, what stands around it, and advertisements below the article."""
        u, here, title = self.u, self.here, self.title
        known = title >= 0
        self.give(known & (title == here), "title.head")
        title_same = np.where(known, u.same[np.maximum(title, 0)], -1)
        self.give(known & (u.same == title_same), "repeat.title", title)
        self.give(self.before & known & (here == title + 1) & _latin_only(u), "subtitle.head")
        _names(u, self.give, self.rule, self.before)
        _advertised(u, self.give, self.rule, self.after, self.layout.prose)

    def kept(self) -> None:
        """What the model keeps, by its form."""
        u, belongs = self.u, self.belongs
        self.give(belongs & ~self.plain, "list_item.run")
        self.give(belongs & (self.layout.prose | u.ends_sentence), "body.prose")
        self.give(belongs & (u.size <= HEADING_MAX_CHARS), "heading.short")
        self.give(belongs, "body.line")

    def cut(self) -> None:
        """What it cuts, by its place."""
        self.give(self.opens & (self.zone != NONE), self.u.look)
        self.give(self.zone != NONE, zone_rule()[self.zone], self.owner)
        self.give(self.before, "nav.head")
        self.give(self.after & ~self.plain, "related.list")
        self.give(self.after, "promo.tail")
        self.give(self.inside, "promo.inside")


def _bounds(u: Units, kept: Bools, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """The article of each page, widened to the prose that the model keeps around it."""
    at = np.flatnonzero(kept)
    first, last = first.copy(), last.copy()
    if len(at):
        page = u.page[at]
        edge = np.flatnonzero(np.concatenate(([True], page[1:] != page[:-1])))
        low, high = at[edge], at[np.append(edge[1:] - 1, len(at) - 1)]
        first[page[edge]] = np.minimum(first[page[edge]], low)
        last[page[edge]] = np.where(last[page[edge]] < first[page[edge]], high, np.maximum(last[page[edge]], high))
    return first, last


def _latin_only(u: Units) -> Bools:
    """Units of Latin letters without any Japanese: the title in the language that an article was translated from."""
    script = sum(u.count(name) for name in ("hiragana", "katakana", "kanji", "hangul"))
    return np.asarray((script == 0) & (u.count("latin") >= SUBTITLE_MIN_LETTERS))


def _alike(u: Units) -> Bools:
    """Units in runs of ALIKE_MIN_UNITS and more with the same ending: titles with the name of their site."""
    same = np.concatenate(
        ([False], (u.ending[1:] == u.ending[:-1]) & (u.ending[1:] >= 0) & (u.page[1:] == u.page[:-1]))
    )
    run = np.cumsum(~same) - 1
    return np.asarray((u.ending >= 0) & (np.bincount(run)[run] >= ALIKE_MIN_UNITS))


def _indices(*names: str) -> list[int]:
    return [index_of(name) for name in names]


def _zones(u: Units, opens: Bools, prose: Bools, inside: Bools, before: Bools) -> tuple[npt.NDArray[np.int16], Ints]:
    """For each unit the look of the heading whose zone it stands in (-1: none), and that heading's index.

    A zone that starts with a list ends with that list. Above the article only a list makes a zone: 「最新記事」 is
    the name of a section there, and the title follows. Inside the article a heading opens a zone only when no
    paragraph follows it, and the zone ends at the next paragraph: 「ランキングの結果」 may be a section of the article.
    """
    n = len(u.page)
    here = np.arange(n)
    next_prose = _next_true(prose & inside)
    follows_prose = np.append((prose & inside)[1:] & (u.page[1:] == u.page[:-1]), False)
    listed = u.item > 0
    follows_list = np.append(listed[1:] & (u.page[1:] == u.page[:-1]), False)
    opens = opens & ~(inside & follows_prose) & ~(before & ~follows_list)
    latest = np.maximum.accumulate(np.where(opens, here, -1))
    valid = (latest >= 0) & (u.page[latest] == u.page)
    next_unlisted = _next_true(~listed)
    after_heading = np.minimum(latest + 1, n - 1)
    list_end = np.where(listed[after_heading], next_unlisted[after_heading], n)
    end = np.minimum(list_end, next_prose[np.minimum(latest + 1, n - 1)])
    body_begins = _next_true(inside & prose)[after_heading]
    end = np.minimum(end, np.where(inside[latest], n, body_begins))
    within = valid & (here < np.where(latest == here, here + 1, end))
    return np.where(within, u.look[latest], NONE).astype(np.int16), np.where(within, latest, -1)


def _next_true(mask: Bools) -> Ints:
    """For each index the nearest true index at or after it; the length where there is none."""
    n = len(mask)
    return np.minimum.accumulate(np.where(mask, np.arange(n), n)[::-1])[::-1]


def _numbered(u: Units, number: Bools, inside: Bools) -> tuple[Bools, Ints]:
    """Runs of list units with bare numbers for items, rankings whatever their heading says; and the heading's index."""
    n = len(u.page)
    here = np.arange(n)
    listed = u.item > 0
    begins = listed & ~np.concatenate(([False], listed[:-1] & (u.page[1:] == u.page[:-1])))
    run = np.cumsum(begins) - 1
    if not begins.any():
        return np.zeros(n, dtype=bool), np.full(n, -1)
    many = np.bincount(run[listed], weights=number[listed], minlength=int(run.max()) + 1) >= NUMBERED_MIN_ITEMS
    mask = listed & many[np.maximum(run, 0)] & ~inside
    start = np.flatnonzero(begins)[np.maximum(run, 0)]
    above = start - 1
    there = np.maximum(above, 0)
    headed = (above >= 0) & (u.page[there] == u.page) & (u.size[there] <= HEADING_MAX_CHARS)
    return mask, np.where(mask & headed, above, np.where(mask, here, -1))


def _names(u: Units, give: _Give, rule: npt.NDArray[np.int16], before: Bools) -> None:
    """Names beside a date or byline are bylines, and so is the same name wherever it stands alone again."""
    n = len(u.page)
    anchor = of_kind("date", "byline")[rule]
    counter = rule == index_of("share.counter")
    same_page = u.page[1:] == u.page[:-1]
    beside = np.zeros(n, dtype=bool)
    beside[1:] |= anchor[:-1] & same_page
    beside[:-1] |= (anchor | counter)[1:] & same_page
    script = sum(u.count(script) for script in ("hiragana", "katakana", "kanji", "hangul"))
    name = (
        (u.size <= NAME_MAX_CHARS) & (u.count("stops") == 0) & (u.count("commas") == 0) & (u.item == 0) & (script >= 2)
    )
    give(before & beside & name & (rule == NONE), "byline.name")
    known = np.isin(rule, _indices("byline.name", "byline.credit"))
    if known.any():
        give(np.isin(u.same, u.same[known]) & (rule == NONE), "byline.again")


def _advertised(u: Units, give: _Give, rule: npt.NDArray[np.int16], after: Bools, prose: Bools) -> None:
    """Unlabelled lines below the article, at the top of a block with an advertisement or right after it, belong to
    it."""
    n = len(u.page)
    here = np.arange(n)
    is_ad = of_kind("ad")[rule]
    next_ad = _next_true(is_ad)
    block = np.cumsum(u.new_block)
    block_start = np.maximum.accumulate(np.where(u.new_block, here, 0))
    leads = (next_ad < n) & (block[np.minimum(next_ad, n - 1)] == block) & (next_ad - block_start <= LEAD_LINES)
    give(after & leads & ~prose, "ad.block", np.minimum(next_ad, n - 1))
    previous_ad = np.maximum.accumulate(np.where(is_ad, here, -1))
    trails = (previous_ad >= 0) & (block[np.maximum(previous_ad, 0)] == block) & (here - previous_ad <= 1)
    give(after & trails & ~prose, "ad.block", previous_ad)
