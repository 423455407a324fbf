"""Where a unit stands: the second pass, which turns looks and scores into verdicts.

The model says what belongs to the article. What a unit is goes by its form and its place: above the article stand
title, byline, date; inside it headings, lists, captions; after it zones opened by typed headings (related articles,
rankings, …). A zone never ends the article: what follows a zone is judged anew, so that a box in the middle of an
article costs the box alone.

Law: judging the kept units again keeps them all (cleaning a clean article changes nothing). Verdicts are therefore
taken until they are stable; nearly every page is stable at the second verdict.

The compiled functions look at one page: ``u`` are its units (UNIT), ``s`` what was found out about them (SCENE), ``v``
the verdicts (VERDICT).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records, compiled, kernel
from kakuyaku.cleaning.features import FEATURE, FEATURES, N_TEXT_FEATURES, describe, describe_markup, survey
from kakuyaku.cleaning.layout import SCENE, Place, arrange, shared
from kakuyaku.cleaning.measures import PAIRS, UNIT, Pairs
from kakuyaku.cleaning.model import Features, Model, fitted, score
from kakuyaku.cleaning.rules import HEADING, KEPT, LINE, NONE, PAID, SIGNED, TAIL, index_of, traits, zone_rule
from kakuyaku.cleaning.units import Bools, Floats, Ints, Room, Units

MAX_ROUNDS = 12  # a page needs one or two; a page that never settles keeps what it has then
HEADING_MAX_CHARS = 60
FIRM_MAX_CHARS = 60  # a shorter line that looks like a caption or an advertisement is one, a sentence or not
NAME_MAX_CHARS = 20
NAME_MIN_LETTERS = 2
LEAD_LINES = 3  # so many unlabelled lines above an advertisement of the same block belong to it
NUMBERED_MIN_ITEMS = 3
ALIKE_MIN_UNITS = 3  # so many units in a row that end alike are titles of other articles
SUBTITLE_MIN_LETTERS = 15
ANNOUNCED_SCORE = -2.0  # what the article announces belongs to it unless more speaks against it than this

# A unit in one round of verdicts: the index of its rule, the unit that caused it (-1: none), the model's score; does it
# belong to the article, where does it stand to the article as it is kept, which heading's zone is it in (-1: none).
VERDICT = np.dtype(
    [("cause", "i4"), ("owner", "i4"), ("score", "f4"), ("rule", "i2")]
    + [(name, "?") for name in ("belongs", "outside_core", "inside", "before", "after")],
    align=True,
)

REPEAT_HALF, REPEAT_SITE, REPEAT_TITLE = map(index_of, ("repeat.half", "repeat.site", "repeat.title"))
TITLE, SUBTITLE, BODY, LINE_OF_BODY = map(index_of, ("title.head", "subtitle.head", "body.prose", "body.line"))
SUB_HEADING, LISTED, NAV = map(index_of, ("heading.short", "list_item.run", "nav.head"))
PROMO_INSIDE, PROMO_TAIL, RELATED_LIST = map(index_of, ("promo.inside", "promo.tail", "related.list"))
RANKING, ALIKE, AD_BLOCK = map(index_of, ("ranking.numbered", "related.alike", "ad.block"))
CAPTION_DOUBLED, NAME, NAME_AGAIN = map(index_of, ("caption.doubled", "byline.name", "byline.again"))
SHARE_COUNTER, BYLINE = map(index_of, ("share.counter", "byline.credit"))
CODE, AGENCY, MAGAZINE, BRACKETS = map(index_of, ("debris.code", "caption.agency", "ad.magazine", "lead.brackets"))


# The verdict on a unit: the part of its page's text that it has, and its own text in it; the index of its rule, the
# unit of the page that caused it (-1: none) and the model's score (log odds of belonging to the article) in the round
# that judged it last; whether it is kept. A unit is ``fed`` when its line feed goes to the kept piece before it: two
# lines of the article would run together without.
LABEL = np.dtype(
    [(name, "i4") for name in ("begin", "end", "text_begin", "text_end", "cause")]
    + [("score", "f4"), ("rule", "i2"), ("round", "i1"), ("kept", "?"), ("fed", "?")],
    align=True,
)


@dataclass(frozen=True)
class Verdict:
    """The verdict on each unit of a batch: LABEL records."""

    labels: Records
    units: Units
    repeated: Bools | None
    model: Model

    @property
    def rule(self) -> npt.NDArray[np.int16]:
        return self.labels["rule"]  # type: ignore[no-any-return]

    @property
    def score(self) -> Floats:
        return self.labels["score"]  # type: ignore[no-any-return]

    def reasons(self, unit: int) -> str:
        """What weighed most when a unit was judged: among the units that were left then."""
        judged = self.labels["round"]
        left = np.flatnonzero((self.units.page == self.units.page[unit]) & (judged >= judged[unit]))
        features = measure(self.units.take(left), None if self.repeated is None else self.repeated[left])
        weights = self.model.html if self.units.marked[unit] else self.model.text
        return weights.reasons(features, int(np.searchsorted(left, unit)))


def judge(units: Units, repeated: Bools | None = None, model: Model | None = None, room: Room | None = None) -> Verdict:
    """The verdict on every unit of a batch.

    Args:
        units: the batch.
        repeated: units that also stand on other pages of their site.
        model: the fitted one when None.
        room: whose arrays the verdict takes; it is valid until that is used again. Its own when None.
    """
    model = model or fitted()
    return _run(units, repeated, model, MAX_ROUNDS, np.empty((1, len(FEATURES)), dtype=np.float32), room or Room())


def measure(units: Units, repeated: Bools | None = None) -> Features:
    """The features of every unit of a batch, none judged yet. The parameters are :func:`judge`'s."""
    values = np.empty((len(units), len(FEATURES)), dtype=np.float32)
    _run(units, repeated, fitted(), 1, values, Room())
    width = len(FEATURES) if units.marked.any() else N_TEXT_FEATURES
    return Features(FEATURES[:width], values[:, :width])


def _run(units: Units, repeated: Bools | None, model: Model, rounds: int, values: Floats, room: Room) -> Verdict:
    largest = int(np.diff(units.page_first).max(initial=0))
    labels = room.array("labels", len(units), LABEL)
    for_page = _Room(
        room.array("scene", largest, SCENE), room.array("verdicts", largest, VERDICT),
        room.array("left", largest, UNIT), room.array("table", PAIRS, np.uint8),
    )  # fmt: skip
    _judge_pages(
        units.table, units.page_first, units.pairs, units.markup,
        np.zeros(0, dtype=bool) if repeated is None else repeated, traits(), zone_rule(),
        model.text.over(FEATURES[:N_TEXT_FEATURES]), model.text.bias, model.html.over(FEATURES), model.html.bias,
        rounds, for_page, values, values.view(FEATURE).reshape(-1), labels,
    )  # fmt: skip
    return Verdict(labels, units, repeated, model)


class _Room(NamedTuple):
    """Room to work in, for the largest page."""

    scene: Records
    verdicts: Records
    left: Records
    table: npt.NDArray[np.uint8]


@compiled
def _judge_pages(
    _sources: Records,
    units: Records,
    page_first: Ints,
    pairs: Pairs,
    markup: Floats,
    of_site: Bools,
    traits: Ints,
    zones: npt.NDArray[np.int16],
    text_weights: Floats,
    text_bias: float,
    html_weights: Floats,
    html_bias: float,
    rounds: int,
    room: _Room,
    values: Floats,
    features: Records,
    labels: Records,
) -> None:
    """Judges page by page, each until nothing more is cut.

    ``values`` and ``features`` are the same memory: a row for each unit, or one for all where nobody asks for them.
    """
    for page in range(len(page_first) - 1):
        low, n = page_first[page], page_first[page + 1] - page_first[page]
        u, s, left = units[low : low + n], room.scene[:n], room.left
        for number in range(rounds):
            v = room.verdicts[:n]
            place = arrange(u, s, pairs, room.table, of_site, traits)
            survey(u, s, place, pairs, room.table)
            mass = 0.0
            for i in range(place.first, place.last + 1):
                mass += s[i].mass
            for i in range(n):
                unit = u[i]
                at = unit.index if len(values) == len(units) else 0
                x, row = values[at], features[at]
                x[:] = 0
                describe(u, s, i, place, max(mass, 1.0), traits, row, x)
                if place.title >= 0:
                    row.title_overlap = shared(unit, pairs, room.table, 0)
                    row.title_overlap_outside = np.float32(0) if s[i].inside else row.title_overlap
                if unit.marked:
                    describe_markup(unit, s[i], markup[unit.index], row, x)
                    v[i].score = score(x, html_weights, html_bias)
                else:
                    v[i].score = score(x, text_weights, text_bias)
            _judge_once(u, s, v, place, traits, zones)
            for i in range(n):
                label, verdict = labels[u[i].index], v[i]
                label.rule, label.score, label.round = verdict.rule, verdict.score, number
                label.cause = u[verdict.cause].index - low if verdict.cause >= 0 else -1
                label.kept = traits[verdict.rule] & KEPT != 0
            kept = 0
            for i in range(n):
                if labels[u[i].index].kept:
                    left[kept] = u[i]
                    left[kept].new_block = kept == 0
                    kept += 1
            if kept == n:
                break
            u, n = left[:kept], kept
        _part(units[low : page_first[page + 1]], labels[low : page_first[page + 1]])


@kernel
def _part(u: Records, labels: Records) -> None:
    """Parts the text of a page among its units: whole lines, and pieces of lines from the start of their text."""
    for i in range(len(u)):
        unit, label = u[i], labels[i]
        first_piece = i == 0 or u[i - 1].line != unit.line
        last_piece = i + 1 == len(u) or u[i + 1].line != unit.line
        label.fed = last_piece and not first_piece and unit.line_feed and labels[i - 1].kept and not label.kept
        label.begin = unit.line_start if first_piece else unit.start
        label.end = unit.line_end - label.fed if last_piece else u[i + 1].start
        label.text_begin, label.text_end = unit.start, unit.end


@kernel
def _judge_once(u: Records, s: Records, v: Records, place: Place, traits: Ints, zones: npt.NDArray[np.int16]) -> None:
    """One round of verdicts: the first rule that takes a unit keeps it."""
    if len(u):
        _stand(u, s, v, place, traits)
        _certain(u, s, v, place, traits)
        _titled(u, s, v, place, traits)
        _rest(u, s, v, traits, zones)


@kernel
def _give(verdict: Records, rule: int, cause: int) -> None:
    """A rule to a unit that has none yet."""
    if verdict.rule == NONE:
        verdict.rule, verdict.cause = rule, cause


@kernel
def _stand(u: Records, s: Records, v: Records, place: Place, traits: Ints) -> None:
    """What belongs to the article by its score, and where everything stands to the article as it is kept."""
    n = len(u)
    first, last = place.first, place.last
    low, high = n, -1
    for i in range(n):
        verdict = v[i]
        verdict.rule, verdict.cause = NONE, -1
        verdict.outside_core = i < place.first or i > place.last
        verdict.belongs = (
            verdict.score > (ANNOUNCED_SCORE if s[i].announced else 0.0)
            and i >= place.title
            # a note on the page, not on the article
            and not (verdict.outside_core and u[i].first_point == ord("※"))
        )
        if verdict.belongs and s[i].prose:  # the model may keep a line above or below the core
            low, high = min(low, i), i
    if high >= 0:
        first, last = min(first, low), high if last < first else max(last, high)
    for i in range(n):
        v[i].before, v[i].inside, v[i].after = i < first, first <= i <= last, i > last
    _find_zones(u, s, v, traits)
    for i in range(n):  # a box in the middle of the article: its heading and its list
        if v[i].owner >= 0 and (u[i].item or traits[u[i].look] & HEADING):
            v[i].belongs = False


@kernel
def _find_zones(u: Records, s: Records, v: Records, traits: Ints) -> None:
    """The heading in whose zone each unit stands.

    A zone that starts with a list ends with that list. Above the article only a list makes a zone: 「最新記事」 is
    the name of a section there, and the title follows. Inside the article a heading opens a zone only when no
    paragraph follows it, and the zone ends at the next paragraph: 「ランキングの結果」 may be a section of the article.
    """
    n = len(u)
    owner, listed = -1, False  # the heading, and whether its zone is a list
    for i in range(n):
        paragraph = s[i].prose and not u[i].item and v[i].inside
        if owner >= 0 and (paragraph or (listed and not u[i].item)):
            owner = -1
        if traits[u[i].look] & HEADING:
            list_follows = i + 1 < n and u[i + 1].item > 0
            paragraph_follows = i + 1 < n and s[i + 1].prose and not u[i + 1].item and v[i + 1].inside
            if not (v[i].inside and paragraph_follows) and (list_follows or not v[i].before):
                owner, listed = i, list_follows
        v[i].owner = owner


@kernel
def _certain(u: Records, s: Records, v: Records, place: Place, traits: Ints) -> None:
    """What is certain, whatever the model says."""
    n = len(u)
    for i in range(n):
        unit, verdict = u[i], v[i]
        if unit.look == REPEAT_HALF:
            _give(verdict, REPEAT_HALF, i - 1)
        if i + 1 < n and u[i + 1].look == REPEAT_HALF and verdict.inside:
            _give(verdict, CAPTION_DOUBLED, i + 1)
        if s[i].of_site:
            _give(verdict, REPEAT_SITE, -1)
        # What the line says by itself; inside the article a paragraph is a paragraph whatever words it uses.
        firm = unit.look in (CODE, AGENCY, MAGAZINE, BRACKETS)
        firm = firm and unit.end - unit.start < FIRM_MAX_CHARS
        if traits[unit.look] & (LINE | TAIL) and (firm or not _is_paragraph(u, s, v, i)) and i != place.title:
            _give(verdict, unit.look, -1)
    _rank(u, s, v)
    begin = 0
    while begin < n:  # runs of units with the same ending: titles with the name of their site
        end = begin + 1
        while end < n and u[end].ending == u[begin].ending and u[end].ending >= 0:
            end += 1
        if end - begin >= ALIKE_MIN_UNITS:
            for i in range(begin, end):
                if not s[i].prose and i != place.title:
                    _give(v[i], ALIKE, i)
        begin = end


@kernel
def _is_paragraph(u: Records, s: Records, v: Records, i: int) -> bool:
    return not v[i].outside_core and s[i].prose and u[i].item == 0 and v[i].belongs


@kernel
def _rank(u: Records, s: Records, v: Records) -> None:
    """Runs of list units with bare numbers for items, rankings whatever their heading says; and their headings."""
    n = len(u)
    for i in range(n):
        s[i].sign = False  # of a heading
    begin = 0
    while begin < n:
        end, numbers = begin, 0
        while end < n and u[end].item:
            numbers += u[end].item == 2
            end += 1
        if numbers >= NUMBERED_MIN_ITEMS:
            headed = begin > 0 and u[begin - 1].end - u[begin - 1].start <= HEADING_MAX_CHARS
            for i in range(begin, end):
                if not v[i].inside:
                    _give(v[i], RANKING, begin - 1 if headed else i)
                    if headed:
                        s[begin - 1].sign = True
        begin = max(end, begin + 1)
    for i in range(n):
        if s[i].sign and not _is_paragraph(u, s, v, i):
            _give(v[i], RANKING, i)


@kernel
def _titled(u: Records, s: Records, v: Records, place: Place, traits: Ints) -> None:
    """The title and its repetitions, what stands around it, and advertisements below the article."""
    title = place.title
    if title >= 0:
        _give(v[title], TITLE, -1)
        for i in range(len(u)):
            if u[i].same == u[title].same:
                _give(v[i], REPEAT_TITLE, title)
        if title + 1 < len(u) and v[title + 1].before and _is_latin(u[title + 1]):
            _give(v[title + 1], SUBTITLE, -1)
    _name(u, s, v, traits)
    _advertise(u, s, v, traits)


@kernel
def _letters(unit: Records) -> int:
    """Japanese and Korean ones."""
    return np.int64(unit.hiragana) + unit.katakana + unit.kanji + unit.hangul  # type: ignore[no-any-return]


@kernel
def _is_latin(unit: Records) -> bool:
    """Latin letters without any Japanese: the title in the language that an article was translated from."""
    return _letters(unit) == 0 and unit.latin >= SUBTITLE_MIN_LETTERS


@kernel
def _name(u: Records, s: Records, v: Records, traits: Ints) -> None:
    """Names beside a date or byline are bylines, and so is the same name wherever it stands alone again."""
    n = len(u)
    for i in range(len(s)):
        s[i].sign = False  # of a number ``same``: it is a known name
    above = False  # whether a date or byline stands above, as it was before names were found
    for i in range(n):
        unit = u[i]
        here = traits[v[i].rule] & SIGNED != 0
        below = i + 1 < n and (traits[v[i + 1].rule] & SIGNED != 0 or v[i + 1].rule == SHARE_COUNTER)
        if (
            (above or below)
            and v[i].before
            and v[i].rule == NONE
            and unit.end - unit.start <= NAME_MAX_CHARS
            and unit.stops == 0
            and unit.commas == 0
            and unit.item == 0
            and _letters(unit) >= NAME_MIN_LETTERS
        ):
            _give(v[i], NAME, -1)
        above = here
        if v[i].rule == NAME or v[i].rule == BYLINE:
            s[unit.same].sign = True
    for i in range(n):
        if s[u[i].same].sign:
            _give(v[i], NAME_AGAIN, -1)


@kernel
def _advertise(u: Records, s: Records, v: Records, traits: Ints) -> None:
    """Unlabelled lines below the article, at the top of a block with an advertisement or right after it, belong to
    it."""
    n = len(u)
    begin = 0
    while begin < n:
        end = begin + 1
        while end < n and not u[end].new_block:
            end += 1
        ad = -1  # the next one
        for i in range(end - 1, begin - 1, -1):
            if traits[v[i].rule] & PAID and v[i].rule != AD_BLOCK:
                ad = i
            elif v[i].after and not s[i].prose and ad >= 0 and ad - begin <= LEAD_LINES:
                _give(v[i], AD_BLOCK, ad)
            elif v[i].after and not s[i].prose and i > begin and traits[v[i - 1].rule] & PAID:
                _give(v[i], AD_BLOCK, i - 1)
        begin = end


@kernel
def _rest(u: Records, s: Records, v: Records, traits: Ints, zones: npt.NDArray[np.int16]) -> None:
    """What the model keeps, by its form; and what it cuts, by its place."""
    for i in range(len(u)):
        unit, verdict = u[i], v[i]
        if verdict.belongs:
            brief = unit.end - unit.start <= HEADING_MAX_CHARS
            sentence = s[i].prose or unit.ends_sentence
            _give(verdict, LISTED if unit.item else BODY if sentence else SUB_HEADING if brief else LINE_OF_BODY, -1)
        elif verdict.owner >= 0 and traits[unit.look] & HEADING:
            _give(verdict, unit.look, -1)
        elif verdict.owner >= 0:
            _give(verdict, zones[u[verdict.owner].look], verdict.owner)
        elif verdict.before:
            _give(verdict, NAV, -1)
        elif verdict.after:
            _give(verdict, RELATED_LIST if unit.item else PROMO_TAIL, -1)
        else:
            _give(verdict, PROMO_INSIDE, -1)
