"""What stands together on a page: zones below typed headings, menus, tables.

All functions look at one page. ``u`` are its units (UNIT), ``s`` what was found out about them (SCENE), ``v`` the
verdicts (VERDICT of :mod:`kakuyaku.cleaning.kinds`).
"""

from __future__ import annotations

from kakuyaku.cleaning.compiled import Records, kernel
from kakuyaku.cleaning.rules import HEADING, PAID, SIGNED, TAGS
from kakuyaku.cleaning.text_lines import Ints

HEADING_MAX_CHARS = 60
TABLE_UNITS = 4  # short lines of a block
AD_UNITS = 8  # of a zone below the word 「広告」
TAG_CHARS = 20
MENU_UNITS, MENU_CHARS = 4, 14  # so many units of no more characters are a menu: titles are longer


@kernel
def find_zones(u: Records, s: Records, v: Records, traits: Ints) -> None:
    """The heading in whose zone each unit stands.

    A zone that starts with a list ends with that list. Above the article only a list makes a zone: 「最新記事」 is
    the name of a section there, and the title follows. Inside the article a heading opens a zone only when no
    paragraph follows it, and the zone ends at the next paragraph: 「ランキングの結果」 may be a section of the article.
    """
    n = len(u)
    owner, listed = -1, False  # the heading, and whether its zone is a list
    for i in range(n):
        paragraph = s[i].prose and not u[i].item and v[i].inside
        if owner >= 0 and (
            paragraph
            or (listed and not u[i].item)
            or (traits[u[owner].look] & PAID and i - owner > AD_UNITS)
            or (traits[u[owner].look] & TAGS and u[i].core > TAG_CHARS)
        ):
            owner = -1
        if traits[u[i].look] & HEADING:
            list_follows = i + 1 < n and u[i + 1].item > 0
            paragraph_follows = i + 1 < n and s[i + 1].prose and not u[i + 1].item and v[i + 1].inside
            if not (v[i].inside and paragraph_follows) and (list_follows or not v[i].before):
                owner, listed = i, list_follows
        v[i].owner = owner


@kernel
def find_cells(u: Records, s: Records) -> None:
    """Sets ``cell``: for short lines one below the other, the rows or cells of a table."""
    n = len(u)
    begin = 0
    while begin < n:
        end = begin
        while end < n and u[end].item == 0 and is_brief(u[end], s[end]) and (end == begin or not u[end].new_block):
            end += 1
        for i in range(begin, max(end, begin + 1)):
            s[i].cell = end - begin >= TABLE_UNITS
        begin = max(end, begin + 1)


@kernel
def is_brief(unit: Records, seen: Records) -> bool:
    return unit.end - unit.start <= HEADING_MAX_CHARS and not (seen.prose or unit.ends_sentence)


@kernel
def find_menus(u: Records, s: Records, traits: Ints) -> None:
    """Sets ``menu``: for runs of units so short that they are no titles."""
    n = len(u)
    begin = 0
    while begin < n:
        end = begin
        while end < n and _could_be_in_menu(u[end], s[end], traits):
            end += 1
        for i in range(begin, max(end, begin + 1)):
            s[i].menu = end - begin >= MENU_UNITS
        begin = max(end, begin + 1)


@kernel
def _could_be_in_menu(unit: Records, seen: Records, traits: Ints) -> bool:
    return (
        unit.core <= MENU_CHARS
        and not (seen.prose or unit.ends_sentence or unit.dated)
        and unit.item != 2
        and traits[unit.look] & (HEADING | SIGNED) == 0
    )
