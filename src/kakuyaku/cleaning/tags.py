"""Tags, read in the form in which the parser writes out the tree of a page.

That form leaves nothing to guess: names are in small letters, values in double quotes, and what would be markup is
escaped in texts and values. Void elements have no end tag, all others have one. Only the texts of :data:`RAW` elements
stand as they are; none of them is shown. So elements and texts come in the order of the tree, and no tree of Python's
is needed. Where a text within a drawing, a formula or ``plaintext`` looks like an end tag, that element ends early.

Names are known by walking down a tree of letters. It is a plain table, unlike that of ``lexicon.py``, whose many
letters need a hash table: most characters of a page stand in its tags.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import kernel
from kakuyaku.cleaning.markup import (
    ACTIONS,
    BLOCK,
    BREAK,
    PASS,
    RAW,
    SKIP,
    STEMS,
    TAG_BITS,
    VALUE_BITS,
    VOID,
    WORD_BITS,
)

Points = npt.NDArray[np.uint32]

LESS, _GREATER, _QUOTE, _EQUALS, _SLASH, _SPACE, _DASH, _BANG, _QUESTION, _AND, _SEMICOLON = map(ord, '<>"=/ -!?&;')
_ESCAPES = np.zeros(128, np.uint32)  # by their first letters: &amp; &lt; &gt; &nbsp;
_ESCAPES[list(b"algn")] = [*b"&<>", 0xA0]
_A, _Z, _CAPITAL_A, _CAPITAL_Z = map(ord, "azAZ")
# The first letter of each stands at no other place in it.
_DISPLAY_NONE, _JSON_LD = (np.array(list(map(ord, sought))) for sought in ("display:none", "ld+json"))
_COLON_AT = 7  # in _DISPLAY_NONE; white space may stand around it

# Above the description that a tag gives its block: whether it may hold what a page declares for machines, what its
# element does, and whether it is void or raw. A word has whether it is found inside of others. Names of attributes have
# what is to be done with their values.
DECLARES, _ACTION, _IS_VOID, _IS_RAW, _IS_STEM = 1 << 40, 41, 1 << 44, 1 << 45, 1 << 46
_NAMES, _STYLE, _HIDDEN, _TYPE = 1, 2, 3, 4


def _letter_tree(*groups: Mapping[str, int]) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int64]]:
    """For each node and ASCII character the node below, and for each node the meaning of the word that ends there.

    Node 0 is nowhere; the words of group n begin at node n + 1. Capitals are the same as small letters.
    """
    children: dict[tuple[int, str], int] = {}
    meanings = [0] * (len(groups) + 1)
    for root, group in enumerate(groups, 1):
        for word, meaning in group.items():
            node = root
            for letter in word.lower():
                if (node, letter) not in children:
                    children[node, letter] = len(meanings)
                    meanings.append(0)
                node = children[node, letter]
            meanings[node] = meaning
    below = np.zeros((len(meanings), 128), np.int16)
    for (node, letter), child in children.items():
        below[node, ord(letter)] = below[node, ord(letter.upper())] = child
    return below, np.array(meanings)


_TAGS, _ATTRIBUTES, _WORDS = 1, 2, 3
_BELOW, _MEANING = _letter_tree(
    {
        tag: TAG_BITS.get(tag, 0)
        | ACTIONS.get(tag, PASS) << _ACTION
        | (tag in VOID) * _IS_VOID
        | (tag in RAW) * _IS_RAW
        | (tag in ("meta", "title")) * DECLARES
        for tag in (*ACTIONS, *VOID)
    },
    {
        "class": _NAMES, "id": _NAMES, "style": _STYLE, "hidden": _HIDDEN,
        "type": _TYPE,
        **{f'{name}="{value}"': bits for (name, value), bits in VALUE_BITS.items()},
    },
    {word: bits | (word in STEMS) * _IS_STEM for word, bits in WORD_BITS.items()},
)  # fmt: skip
_SCRIPT, _SVG, _MATH = (
    reduce(lambda node, letter: int(_BELOW[node, letter]), name, _TAGS) for name in (b"script", b"svg", b"math")
)


class Tag(NamedTuple):
    """A tag, or a comment, or an element that is not shown with all that it holds; the latter do nothing (PASS).

    ``at`` is the place behind it. ``description`` is that of a block; of all, it has whether there is a ``meta``, a
    ``title`` or perhaps JSON-LD (DECLARES).
    """

    action: int
    ends: bool
    description: int
    at: int


@kernel
def read_tag(html: Points, at: int) -> Tag:
    """The tag whose ``<`` stands at a place. At the end of the page the line ends."""
    if at == len(html):
        return Tag(BREAK, False, 0, at + 1)
    if _peek(html, at + 1) in (_BANG, _QUESTION):
        return Tag(PASS, False, 0, _behind_comment(html, at))
    ends = _peek(html, at + 1) == _SLASH
    name, at = _name(html, at + 1 + ends)
    meaning = _MEANING[name]
    action = meaning >> _ACTION & 7
    description, hidden, at = _attributes(html, at, BLOCK <= action < SKIP)
    description |= meaning & ((1 << _ACTION) - 1)
    if action != SKIP and not hidden:
        return Tag(action, ends, description, at)
    if not ends:
        inside, at = _element(html, at, name)
        description |= inside
    return Tag(PASS, False, description, at)


@kernel
def character_at(html: Points, at: int) -> tuple[int, int]:
    """The character of a text that stands at a place, and the place behind it."""
    point = html[at]
    at += 1
    if point == _AND:
        letter = _peek(html, at)
        if letter < len(_ESCAPES) and _ESCAPES[letter]:
            return _ESCAPES[letter], _behind(html, at, _SEMICOLON)
    return point, at


@kernel
def _peek(html: Points, at: int) -> int:
    """The character at a place; 0, which no page has, behind the end."""
    return html[at] if at < len(html) else 0


@kernel
def _step(node: int, point: int) -> int:
    return _BELOW[node, point] if point < 128 else 0


@kernel
def _name(html: Points, at: int) -> tuple[int, int]:
    """The node of the name of a tag (0: not known) and the place behind it."""
    node = _TAGS
    point = _peek(html, at)
    while point not in (0, _SPACE, _GREATER, _SLASH):
        node = _step(node, point)
        at += 1
        point = _peek(html, at)
    return node, at


@kernel
def _is_named(html: Points, at: int, name: int) -> bool:
    """Whether this very name stands at a place. No more is read than that takes."""
    node = _TAGS
    point = _peek(html, at)
    while node and point not in (0, _SPACE, _GREATER, _SLASH):
        node = _step(node, point)
        at += 1
        point = _peek(html, at)
    return node == name


@kernel
def _behind(html: Points, at: int, sought: int) -> int:
    """The place behind the next such character, or the end."""
    while at < len(html) and html[at] != sought:
        at += 1
    return min(at + 1, len(html))


@kernel
def _behind_comment(html: Points, at: int) -> int:
    """The place behind a comment, declaration or instruction. Only a comment can hold ``>``."""
    if _peek(html, at + 2) != _DASH or _peek(html, at + 3) != _DASH:
        return _behind(html, at, _GREATER)
    at = _behind(html, at + 4, _GREATER)
    while at < len(html) and (html[at - 2] != _DASH or html[at - 3] != _DASH):
        at = _behind(html, at, _GREATER)
    return at


@kernel
def _attributes(html: Points, at: int, is_block: bool) -> tuple[int, bool, int]:
    """What the attributes of a tag say of a block, whether they hide its element, and the place behind the tag."""
    description, hidden = 0, False
    while _peek(html, at) == _SPACE:
        node = _step(_ATTRIBUTES, _peek(html, at + 1))  # a name may begin with =
        at += 2
        point = _peek(html, at)
        while point not in (0, _SPACE, _EQUALS, _GREATER):
            node = _step(node, point)
            at += 1
            point = _peek(html, at)
        meaning = _MEANING[node]
        if meaning == _HIDDEN:
            hidden = True
        if point != _EQUALS:
            continue
        begin = at + 2
        at = _behind(html, begin, _QUOTE)
        if meaning == _STYLE:
            hidden |= _holds(html, begin, at - 1, _DISPLAY_NONE, _COLON_AT)
        elif meaning == _TYPE:
            description |= DECLARES * _holds(html, begin, at - 1, _JSON_LD, 0)
        elif meaning == _NAMES:
            if is_block:
                description |= _described(html, begin, at - 1)
        else:
            place = begin - 2
            while node and place < at:
                node = _step(node, html[place])
                place += 1
                description |= _MEANING[node]
    return description, hidden, _behind(html, at, _GREATER)


@kernel
def _holds(html: Points, begin: int, end: int, sought: npt.NDArray[np.int64], colon_at: int) -> bool:
    """Whether a value holds what is sought, whatever its case; white space may stand around the colon."""
    found = 0  # of the letters sought
    for point in html[begin:end]:
        small = point + (_A - _CAPITAL_A) if _CAPITAL_A <= point <= _CAPITAL_Z else point
        if small == sought[found]:
            found += 1
            if found == len(sought):
                return True
        elif point > _SPACE or not 0 < colon_at <= found <= colon_at + 1:
            found = int(small == sought[0])
    return False


@kernel
def _described(html: Points, begin: int, end: int) -> int:
    """What the words of a class or an id say. Words end at what is no ASCII letter, and at humps."""
    bits, at = 0, begin
    while at < end:
        first = at
        while at < end and _CAPITAL_A <= html[at] <= _CAPITAL_Z:
            at += 1
        is_small = at < end and _A <= html[at] <= _Z
        if is_small and at > first + 1:
            at -= 1  # the last capital begins the next word
        else:
            while at < end and _A <= html[at] <= _Z:
                at += 1
        if at > first:
            bits |= _said(html, first, at)
        else:
            at += 1
    return bits


@kernel
def _said(html: Points, begin: int, end: int) -> int:
    """What a word says: itself, or else the stems in it, each the longest at its place."""
    bits: int = 0
    at = begin
    while at < end:
        node, stem, length, place = _WORDS, 0, 1, at
        while place < end and node:
            node = _step(node, html[place])
            place += 1
            if _MEANING[node] & _IS_STEM:
                stem, length = _MEANING[node], place - at
        if at == begin and _MEANING[node]:
            bits = _MEANING[node]
            break
        bits |= stem
        at += length
    return bits & ~_IS_STEM


@kernel
def _element(html: Points, at: int, name: int) -> tuple[int, int]:
    """What the tags inside an element declare, and the place behind it, from behind its start tag.

    Elements of unknown names count as being of one name.
    """
    declares = 0
    if _MEANING[name] & _IS_VOID:
        return declares, at
    if _MEANING[name] & _IS_RAW:
        return declares, _behind_raw(html, at, name, name == _SCRIPT)
    depth, foreign = 1, name in (_SVG, _MATH)
    while depth and at < len(html):
        at = _behind(html, at, LESS)
        point = _peek(html, at)
        if point in (_BANG, _QUESTION):
            at = _behind_comment(html, at - 1)
            continue
        ends = point == _SLASH
        found, at = _name(html, at + ends)
        said, _, at = _attributes(html, at, False)
        declares |= (said | _MEANING[found]) & DECLARES
        foreign |= found in (_SVG, _MATH)
        if found == name:
            depth += -1 if ends else 1
        elif _MEANING[found] & _IS_RAW and not ends:
            at = _behind_raw(html, at, found, found == _SCRIPT and not foreign)
    return declares, at


@kernel
def _behind_raw(html: Points, at: int, name: int, hides: bool) -> int:
    """The place behind a raw element: the next end tag of its name that no ``<!-- <script`` ``hides``.

    Only in scripts of HTML can it: the text of one in a drawing or formula is written out like theirs, but was none.
    """
    in_comment = in_script = False
    while at < len(html):
        point = html[at]
        at += 1
        if point == _GREATER:
            if in_comment and html[at - 2] == _DASH and html[at - 3] == _DASH:
                in_comment = in_script = False
        elif point != LESS:
            pass
        elif _peek(html, at) == _SLASH:
            if _is_named(html, at + 1, name):
                if not in_script:
                    return _behind(html, at, _GREATER)
                in_script = False
        elif hides and _peek(html, at) == _BANG:
            if _peek(html, at + 1) == _DASH and _peek(html, at + 2) == _DASH:
                in_comment = True
        elif in_comment:
            in_script |= _is_named(html, at, _SCRIPT)
    return at
