"""Where the article of a page is.

A run of prose weighs as many characters as it has, by their quality, and less below the first lines of list items; the
heaviest run of a page is the core of its article. The title is the line above it that shares most pairs of characters
with it. Runs further down that speak of the same things belong to it too.

All functions look at one page. ``u`` are its units (UNIT), ``s`` what is found out about them (SCENE).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records, kernel
from kakuyaku.cleaning.measures import Pairs
from kakuyaku.cleaning.prose import KANA, LOUD_MIN_CHARS, find_prose
from kakuyaku.cleaning.rules import ENDS, LINE, LISTS, SIGNED, index_of
from kakuyaku.cleaning.text_lines import Ints

Bools = npt.NDArray[np.bool_]
Table = npt.NDArray[np.uint8]  # of the pairs of characters

FAR = 60  # distances are not told apart beyond
GAP = 9  # units between two sentences of one run
HEADING_GAP = 5  # what a heading like 「関連記事」 between them counts more
LISTED_WEIGHT = 0.5  # of sentences below the first line of list items: footers describe sister sites so
TITLE_WITHIN = 40  # units above the article
TITLE_MIN_CHARS, TITLE_MAX_CHARS = 8, 100
TITLE_ENOUGH_CHARS = 30  # no title is better for being longer
TITLE_MIN_SCORE = 4.0
TITLE_DATED, TITLE_REPEATED = 2.0, 3.0  # what a date close below, and standing twice on the page, add to the score
TITLE_DATE_WITHIN = 3  # units below
TITLE_LISTED = 0.5  # of the score of what stands right below the heading of a list of titles
TITLE_DECLARED = 100.0  # and being what the page's head declares
TITLE_LETTERS = np.float32(0.1)  # and each Japanese character
TITLE_INSIDE = 0.35  # of the run's prose that may stand above a title, when a date follows it
TITLE_UNLIKE = JOIN_MIN_OVERLAP = 0.35  # what speaks more of the article than this belongs to it
TITLE_PIECES = 6  # separators and spaces: a path has many
TRIM_QUALITY = np.float32(0.35)
JOIN_WITHIN = 25  # units between two runs of one article
JOIN_HEAVY_MASS, JOIN_HEAVY_WITHIN = 300.0, 60  # a run of so much mass may stand so far away
JOIN_MIN_MASS = 60.0
JOIN_MIN_QUIET = 0.6
JOIN_ENDED_OVERLAP = 0.5  # where something that ends articles stands between
TEASER_CHARS = 70
COMMENT_BOX = index_of("comment.box")  # what readers write below it speaks of the article, and is none of it
ABOVE_MIN_OVERLAP = 0.05  # of a run above, with no date, byline, share button or heading between
NEAR, NEAR_MIN_OVERLAP, NEAR_MIN_QUIET = 12, 0.1, 0.2  # units between two runs that belong together anyway


class Place(NamedTuple):
    """First and last unit of the article (first > last: none), and its title (-1: none)."""

    first: int
    last: int
    title: int


@kernel
def arrange(u: Records, s: Records, pairs: Pairs, table: Table, of_site: Bools, traits: Ints) -> Place:
    """The layout of a page.

    Args:
        u, pairs: its units, and the pairs of characters of the batch.
        s: filled. It has room for all units of the page, also those that are not among ``u`` any more.
        table: room for PAIRS numbers.
        of_site: units of the batch that repeat on their site; none where it is empty.
        traits: of the rules.
    """
    find_prose(u, s, of_site, traits)
    return _article(u, s, pairs, table, traits)


@kernel
def _article(u: Records, s: Records, pairs: Pairs, table: Table, traits: Ints) -> Place:
    """The article: the heaviest run of prose, trimmed, with the runs that belong to it, below the title."""
    n = len(u)
    runs = _find_runs(u, s, n, traits)
    if not runs:
        for i in range(n):
            s[i].overlap = 0
        return Place(n, n - 1, -1)
    best = 0
    for run in range(runs):
        if s[run].run_weight > s[best].run_weight:
            best = run
    core = _trimmed(s, s[best].run_first, s[best].run_last)
    _overlap(u, s, pairs, table, core)
    first, last = _joined(u, s, runs, best, core, traits)
    if (first, last) != core:
        _overlap(u, s, pairs, table, (first, last))
    title = _title(u, s, first, last, traits)
    if title >= first:  # what is above the title leaves the article
        below = title + 1
        while below <= last and not s[below].prose:
            below += 1
        if below > last:
            title = -1
        else:
            first = below
    return Place(first, last, title)


@kernel
def _find_runs(u: Records, s: Records, n: int, traits: Ints) -> int:
    """Finds the runs of prose among n units; how many there are.

    Sets ``run_first``, ``run_last``, ``run_mass``, and ``run_weight``, by which the article is chosen.
    """
    runs = cost = last_cost = 0
    for i in range(n):
        ends = s[i].parts and traits[u[i].look] & ENDS != 0
        cost += 1 + (GAP if ends else HEADING_GAP * s[i].parts)
        if not s[i].prose:
            continue
        if runs == 0 or cost - last_cost > GAP:
            s[runs].run_first, s[runs].run_mass, s[runs].run_weight = i, 0.0, 0.0
            runs += 1
        run = s[runs - 1]
        run.run_last = i
        run.run_mass += s[i].mass
        run.run_weight += s[i].mass * (LISTED_WEIGHT if u[i].item == 3 else 1.0)
        last_cost = cost
    return runs


@kernel
def _joined(u: Records, s: Records, runs: int, best: int, core: tuple[int, int], traits: Ints) -> tuple[int, int]:
    """The article's bounds with the runs below and above it that belong to it."""
    first, last = core
    for step in (1, -1):
        run = best + step
        while 0 <= run < runs:
            begin, end = (last + 1, s[run].run_first) if step > 0 else (s[run].run_last + 1, first)
            if not _joins(u, s, s[run], begin, end, step, traits):
                break
            if step > 0:
                last = s[run].run_last
            else:
                first = s[run].run_first
            run += step
    return first, last


@kernel
def _trimmed(s: Records, first: int, last: int) -> tuple[int, int]:
    """A run without prose of little quality at its ends, as long as better prose is left."""
    low, high = first, last
    while low <= last and s[low].quality <= TRIM_QUALITY:
        low += 1
    if low > last:
        return first, last
    while s[high].quality <= TRIM_QUALITY:
        high -= 1
    return low, high


@kernel
def _overlap(u: Records, s: Records, pairs: Pairs, table: Table, bounds: tuple[int, int]) -> None:
    """For each unit the share of its pairs of characters that also stand in (other) prose of the article."""
    first, last = bounds
    table[:] = 0  # 0, 1, or more times
    for i in range(first, last + 1):
        if s[i].prose:
            for at in range(u[i].at, u[i].at + u[i].core - 1):
                table[pairs[at]] += table[pairs[at]] < 2
    for i in range(len(u)):
        own = s[i].prose and first <= i <= last
        s[i].overlap = shared(u[i], pairs, table, 1 if own else 0)


@kernel
def shared(unit: Records, pairs: Pairs, table: Table, times: int) -> np.float32:
    """The share of a unit's pairs of characters that stand more often in a table."""
    hits = 0
    for at in range(unit.at, unit.at + unit.core - 1):
        hits += table[pairs[at]] > times
    return np.float32(hits / max(unit.core - 1, 1))


@kernel
def _joins(u: Records, s: Records, run: Records, begin: int, end: int, step: int, traits: Ints) -> bool:
    """Whether a run of prose belongs to the article, from which the units from ``begin`` to ``end`` part it.

    It does when it is close and nothing stands between that ends articles, or when it speaks of the same things:
    advertisements and boxes of related articles stand between paragraphs, share buttons, notices and comments do not.
    """
    prose, quiet = 0, 0.0
    chars = alike = 0.0
    for i in range(run.run_first, run.run_last + 1):
        if s[i].prose:
            prose += 1
            quiet += s[i].quiet
            chars += s[i].size
            alike += s[i].overlap * s[i].size
    alike, quiet, apart = alike / chars, quiet / prose, end - begin
    ended = parted = commented = False
    for i in range(begin, end):
        commented |= u[i].look == COMMENT_BOX
        if step > 0 and commented and u[i].dated and not s[i].prose:  # comments have dates, a mere counter has none
            return False
        ended |= traits[u[i].look] & (ENDS if step > 0 else ENDS | SIGNED) != 0
        parted |= s[i].parts
    # Sentences below titles are teasers; paragraphs follow one another.
    dense = 2 * prose >= run.run_last - run.run_first + 1 or chars >= TEASER_CHARS * prose
    if not ended and apart <= NEAR and alike >= NEAR_MIN_OVERLAP and quiet >= NEAR_MIN_QUIET and dense:
        return True
    if step < 0 and not ended and not parted and apart <= JOIN_HEAVY_WITHIN and alike >= ABOVE_MIN_OVERLAP:
        return True
    within = JOIN_HEAVY_WITHIN if run.run_mass >= JOIN_HEAVY_MASS else JOIN_WITHIN
    if run.run_mass < JOIN_MIN_MASS or quiet < JOIN_MIN_QUIET or apart > within:
        return False
    return alike >= (JOIN_ENDED_OVERLAP if ended else JOIN_MIN_OVERLAP)


@kernel
def _title(u: Records, s: Records, first: int, last: int, traits: Ints) -> int:
    """The title of an article: the unit above it, or among its first, with the highest score; -1 if none is enough."""
    of_article = 0.0
    for i in range(first, last + 1):
        of_article += s[i].mass
    title, best, above = -1, TITLE_MIN_SCORE, 0.0
    chars = alike = 0.0  # of the prose above, and how much of it speaks of the article
    for i in range(last + 1):  # the declared one may stand far above, but not in a list there
        if i >= first:
            above += s[i].mass
            if s[i].prose:
                chars += s[i].size
                alike += s[i].overlap * s[i].size
        score = 0.0
        if i >= first - TITLE_WITHIN and above <= TITLE_INSIDE * of_article and alike <= TITLE_UNLIKE * chars:
            score = _title_score(u, s, i, i >= first, traits)
        if i > 0 and s[i - 1].parts and traits[u[i - 1].look] & LISTS:
            score *= TITLE_LISTED
        if u[i].titled and not s[i].prose and (u[i].item == 0 or i >= first - TITLE_WITHIN):
            score += TITLE_DECLARED
        if score > best:
            title, best = i, score
    return title


@kernel
def _title_score(u: Records, s: Records, i: int, inside: bool, traits: Ints) -> float:
    unit, seen = u[i], s[i]
    if (
        seen.prose
        or not TITLE_MIN_CHARS <= seen.size <= TITLE_MAX_CHARS
        or unit.item != 0
        or traits[unit.look] & LINE
        or (unit.dated and seen.hiragana <= KANA)
        or seen.script <= KANA
    ):
        return 0.0
    dated = False
    for below in range(i + 1, min(i + 1 + TITLE_DATE_WITHIN, len(u))):
        dated |= u[below].dated and s[below].size <= LOUD_MIN_CHARS
    if inside and not dated:
        return 0.0
    long = min(seen.size, np.float32(TITLE_ENOUGH_CHARS))
    score = (seen.overlap * long) * (0.8 if inside else 1.0) + TITLE_LETTERS * seen.script * long
    score += (TITLE_DATED if dated else 0.0) + (TITLE_REPEATED if seen.repeated else 0.0)
    pieces = np.float32(min(np.int64(unit.separators) + unit.spaces, TITLE_PIECES))
    score *= (0.5 if seen.opens else 1.0) * (np.float32(1) - pieces / np.float32(2 * TITLE_PIECES))
    return score  # type: ignore[no-any-return]
