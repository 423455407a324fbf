"""What the features of a page's units need to know of units around them, found out once for all units of the page.

All functions look at one page. ``u`` are its units (UNIT), ``s`` what is found out about them (SCENE).
"""

from __future__ import annotations

import math

import numpy as np

from kakuyaku.cleaning.characters import COLON
from kakuyaku.cleaning.compiled import Records, kernel
from kakuyaku.cleaning.layout import FAR, Place, Table
from kakuyaku.cleaning.measures import Pairs
from kakuyaku.cleaning.prose import HEADING_CHARS, LEGAL, POLITE, SOCIAL, WORD
from kakuyaku.cleaning.rules import ENDS
from kakuyaku.cleaning.text_lines import Ints

NEAR = ("polite", "account", "legal", "social", "related", "interface", "site", "comment")
NEAR_COUNTS = (*NEAR, "dated", "repeated", "ending")  # what is counted within three units, in the order of ``signs``
SIGN_BITS = 4
_NEAR_WORDS = np.array([WORD[name] for name in NEAR])
_ANY_NEAR = np.bitwise_or.reduce(_NEAR_WORDS)
_ANNOUNCING, _TABLE = WORD["announcing"], WORD["table_heading"]
_ANNOUNCING_CHARS = 200
_ANNOUNCED_UNITS = 60
_COLON_MIN_CHARS = 12  # a shorter line with a colon is a label: 「ジャンル：」
_LISTED_CHARS = 25  # of an item that is no entry of a table
_SOUND = np.float32(0.5)
_LOGARITHMS = np.array([math.log1p(n) for n in range(1 << 10)], dtype=np.float32)


@kernel
def survey(u: Records, s: Records, place: Place, pairs: Pairs, table: Table, traits: Ints) -> None:
    """Finds out about every unit of a page what the features of its neighbours need, or what takes several units.

    Args:
        u, s: the units, and their scene as :func:`~kakuyaku.cleaning.layout.arrange` leaves it.
        place: where the article is.
        pairs: of the batch.
        table: filled with the pairs of characters of the title.
    """
    n = len(u)
    ended, rows = False, 0
    mass, sound, opens = 0.0, -FAR, -FAR  # of the units above; the last that is sound prose, that opens a zone
    for i in range(n):
        seen = s[i]
        seen.log_chars = log(u[i].core)
        seen.inside = place.first <= i <= place.last
        seen.mass_above = mass
        seen.row = u[i].digits > 0 and not u[i].dated and not seen.prose and u[i].item != 2
        seen.rows_above = rows
        rows += seen.row
        seen.since_sound, seen.since_opens = min(i - sound, FAR), min(i - opens, FAR)
        seen.signs = _signs(u[i], seen, traits)
        mass += seen.mass
        if seen.quality > _SOUND:
            sound = i
        if seen.opens:
            opens = i
        # here, unlike for runs of prose, a box of related articles ends the article too: the model weighs it
        ended |= i > place.last and (seen.parts or traits[u[i].look] & ENDS != 0)
        seen.ended = ended
    sound = n + FAR
    for i in range(n - 1, -1, -1):
        s[i].until_sound = min(sound - i, FAR)
        if s[i].quality > _SOUND:
            sound = i
    near = np.uint64(0)
    for i in range(-3, n):
        if i + 3 < n:
            near += s[i + 3].signs
        if i >= 0:
            s[i].near = near - s[i].signs
        if i >= 3:
            near -= s[i - 3].signs
    _announce(u, s, place)
    _list(u, s)
    _block(u, s)
    table[:] = 0
    if place.title >= 0:
        for at in range(u[place.title].at, u[place.title].at + u[place.title].core - 1):
            table[pairs[at]] = 1


@kernel
def log(count: int) -> np.float32:
    """log(1 + count)"""
    return _LOGARITHMS[count] if count < len(_LOGARITHMS) else log1p(count)


@kernel
def log1p(value: float) -> np.float32:
    """In double precision, rounded: the same on every machine."""
    return np.float32(np.log1p(np.float64(value))) if value else np.float32(0)


@kernel
def _signs(unit: Records, seen: Records, traits: Ints) -> np.uint64:
    """What is counted around a unit, four bits for each: no more than seven are."""
    signs = np.uint64(unit.dated) << np.uint64(SIGN_BITS * len(NEAR))
    signs |= np.uint64(seen.repeated) << np.uint64(SIGN_BITS * (len(NEAR) + 1))
    signs |= np.uint64(traits[unit.look] & ENDS != 0) << np.uint64(SIGN_BITS * (len(NEAR) + 2))
    if unit.words & _ANY_NEAR:
        for group in range(len(NEAR)):
            signs |= np.uint64(unit.words & _NEAR_WORDS[group] != 0) << np.uint64(SIGN_BITS * group)
    return signs


@kernel
def _announce(u: Records, s: Records, place: Place) -> None:
    """Units that a line like 「内訳は次の通り。」 announces: up to one that belongs to the site."""
    announcing, breaking = -FAR, -FAR
    for i in range(len(u)):
        unit, seen = u[i], s[i]
        announces = (
            unit.words & _ANNOUNCING != 0
            or (unit.words & _TABLE != 0 and seen.size <= HEADING_CHARS and not seen.ends)
            or (unit.last_flags & COLON != 0 and seen.size >= _COLON_MIN_CHARS and seen.hiragana > 0)
        )
        announces = (
            announces and place.first - 1 <= i <= place.last + 2 and seen.size <= _ANNOUNCING_CHARS and not seen.opens
        )
        breaks = (
            seen.opens or unit.words & (SOCIAL | LEGAL | POLITE) != 0 or (seen.bullet and seen.size >= _LISTED_CHARS)
        )
        since = min(i - announcing, FAR)
        follows = since <= _ANNOUNCED_UNITS and min(i - breaking, FAR) > since and not breaks
        seen.announced = follows or (announces and not seen.prose)
        if announces:
            announcing = i
        if breaks:
            breaking = i


@kernel
def _list(u: Records, s: Records) -> None:
    """Runs of list items and their further lines: each unit gets the first one's place, which gets the means."""
    n = len(u)
    begin = 0
    while begin < n:
        s[begin].list = -1
        end = begin
        ends = chars = dated = repeated = overlap = 0.0
        while end < n and u[end].item:
            s[end].list = begin
            ends += s[end].ends
            chars += s[end].log_chars
            dated += u[end].dated
            repeated += s[end].repeated
            overlap += s[end].overlap
            end += 1
        number, first = end - begin, s[begin]
        if number:
            first.list_length = number
            first.list_ends, first.list_chars, first.list_dated = ends / number, chars / number, dated / number
            first.list_repeated, first.list_overlap = repeated / number, overlap / number
        begin = max(end, begin + 1)


@kernel
def _block(u: Records, s: Records) -> None:
    """How many units each unit's block has: those between two blank lines."""
    begin = 0
    while begin < len(u):
        end = begin + 1
        while end < len(u) and not u[end].new_block:
            end += 1
        for i in range(begin, end):
            s[i].block = end - begin
        begin = end
