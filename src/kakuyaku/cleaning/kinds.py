"""What each unit of a page is: the rules of place, and what they make of looks and scores.

The model says what belongs to the article. What a unit is goes by its form and its place: above the article stand
title, byline, date; inside it headings, lists, captions; after it zones opened by typed headings (related articles,
rankings, …). A zone never ends the article: what follows a zone is judged anew, so that a box in the middle of an
article costs the box alone.

The functions look at one page: ``u`` are its units (UNIT), ``s`` what was found out about them (SCENE), ``v`` the
verdicts (VERDICT).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records, kernel
from kakuyaku.cleaning.layout import COMMENT_BOX, Place
from kakuyaku.cleaning.rules import (
    ANY_LENGTH,
    FIRM,
    HEADING,
    LINE,
    LISTS,
    NONE,
    PAID,
    SIGNED,
    TAIL,
    index_of,
)
from kakuyaku.cleaning.text_lines import Ints
from kakuyaku.cleaning.zones import HEADING_MAX_CHARS, find_cells, find_menus, find_zones, is_brief

FIRM_MAX_CHARS = 60  # what a shorter line says by itself is believed of firm rules, be it a sentence or not
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
LEGAL, MENU = map(index_of, ("notice.legal", "nav.menu"))


@kernel
def judge_once(u: Records, s: Records, v: Records, place: Place, traits: Ints, zones: npt.NDArray[np.int16]) -> None:
    """One round of verdicts: the first rule that takes a unit keeps it."""
    if len(u):
        find_menus(u, s, traits)
        find_cells(u, s)
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
            and not (s[i].opens and traits[u[i].look] & PAID)  # the mark of an advertisement
        )
    commented = False
    for i in range(place.last + 1, n):  # what readers write speaks of the article
        if traits[u[i].look] & HEADING:
            commented = u[i].look == COMMENT_BOX
        v[i].belongs &= not commented
    for i in range(n):
        if v[i].belongs and s[i].prose:  # the model may keep a line above or below the core
            low, high = min(low, i), i
    if high >= 0:
        first, last = min(first, low), high if last < first else max(last, high)
    for i in range(n):
        v[i].before, v[i].inside, v[i].after = i < first, first <= i <= last, i > last
    find_zones(u, s, v, traits)
    for i in range(n):  # a box in the middle of the article: its heading and its list
        if v[i].owner >= 0 and (u[i].item or traits[u[i].look] & HEADING) and not s[i].announced:
            v[i].belongs = False


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
        says = traits[unit.look]
        firm = says & FIRM and (says & ANY_LENGTH or unit.end - unit.start < FIRM_MAX_CHARS)
        other_date = says & SIGNED and verdict.after and verdict.owner >= 0  # of an article in a list of articles
        in_menu = unit.look == LEGAL and s[i].menu and not verdict.inside
        if (
            says & (LINE | TAIL)
            and (firm or not _is_paragraph(u, s, v, i))
            and i != place.title
            and not (other_date or in_menu)
        ):
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
        if verdict.belongs and unit.item == 0 and (s[i].prose or unit.ends_sentence):
            _give(verdict, BODY, -1)
        elif verdict.belongs and not unit.item and not is_brief(u[i], s[i]):
            _give(verdict, LINE_OF_BODY, -1)
        elif verdict.belongs:
            _give(verdict, LISTED if unit.item or s[i].cell else SUB_HEADING, -1)
        elif verdict.owner >= 0 and traits[unit.look] & HEADING:
            _give(verdict, unit.look, -1)
        elif verdict.owner >= 0 and not (s[i].menu and traits[u[verdict.owner].look] & LISTS):
            _give(verdict, zones[u[verdict.owner].look], verdict.owner)
        elif s[i].menu and not verdict.inside:
            _give(verdict, MENU, -1)
        elif verdict.before:
            _give(verdict, NAV, -1)
        elif verdict.after:
            _give(verdict, RELATED_LIST if unit.item else PROMO_TAIL, -1)
        else:
            _give(verdict, PROMO_INSIDE, -1)
