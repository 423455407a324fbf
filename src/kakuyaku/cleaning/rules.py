"""The rules of ``rules.toml``: what a line looks like by itself; and the words of ``words.toml``, which boilerplate
uses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import DECORATION
from kakuyaku.contract import labels

if TYPE_CHECKING:
    from kakuyaku.cleaning.lexicon import Lexicon

MAX_CHARS = 200  # longer lines are prose or a dump of data; no pattern of ours describes them
MAX_HEADING_CHARS = 40

NONE = -1
Bools = npt.NDArray[np.bool_]
# Flags of a rule: its role, its kind, whether that is kept; whether it ends articles, heads lists of titles, heads
# tags, decides within paragraphs too, and within those of any length.
HEADING, LINE, TAIL, SIGNED, RANKED, PAID, KEPT, ENDS, LISTS, TAGS, FIRM, ANY_LENGTH = (1 << bit for bit in range(12))
_LISTING = ("ranking", "related", "ticker", "ad", "nav")  # zones of titles
# What stands below an article, or above its title, but hardly ever between its paragraphs; and headings of portraits.
_ENDING = ("share", "notice", "comment", "tag")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``role``: ``heading`` opens a zone, ``line``, ``tail`` splits a line, ``place`` goes by position.

    A ``firm`` one decides even within a paragraph of the article: on ``short`` lines, or of ``any`` length up to
    MAX_CHARS.
    """

    id: str
    kind: str
    role: str
    pattern: str = ""
    needs: tuple[str, ...] = ()
    firm: str = ""

    def sees(self, text: str) -> str:
        """The evidence: the part of ``text`` that the pattern matched, or all of it."""
        match = re.search(self.pattern, text) if self.pattern and self.role == "line" else None
        return match.group() if match else text


# Rules of position, decided in kinds.py; they have no pattern.
PLACES = {
    "title.head": "title",
    "subtitle.head": "subtitle",
    "body.prose": "body",
    "body.line": "body",
    "heading.short": "heading",
    "list_item.run": "list_item",
    "caption.doubled": "caption",
    "repeat.half": "repeat",
    "repeat.title": "repeat",
    "repeat.site": "repeat",
    "byline.name": "byline",
    "byline.again": "byline",
    "ranking.numbered": "ranking",
    "related.alike": "related",
    "related.list": "related",
    "ad.block": "ad",
    "nav.head": "nav",
    "nav.menu": "nav",
    "promo.inside": "promo",
    "promo.tail": "promo",
    "blank.line": "blank",
}


@cache
def rules() -> tuple[Rule, ...]:
    """All rules: those with a pattern in their order of precedence, then those of position, then the zones' own."""
    table = _table("rules.toml")
    found = [
        Rule(entry["rule"], entry["kind"], role, entry["pattern"], tuple(entry["needs"]), entry.get("firm", ""))
        for role in ("heading", "line", "tail")
        for entry in table[role]
    ]
    found += [Rule(name, kind, "place") for name, kind in PLACES.items()]
    zones = dict.fromkeys(rule.kind for rule in found if rule.role == "heading")
    found += [Rule(f"{kind}.zone", kind, "place") for kind in zones]
    for rule in found:
        if rule.kind not in labels("segment_kind"):
            raise KeyError(f"rule {rule.id}: {rule.kind} is no segment kind; see schemas/vocabulary.json")
    return tuple(found)


@cache
def index_of(rule_id: str) -> int:
    """Index of a rule in :func:`rules`."""
    return [rule.id for rule in rules()].index(rule_id)


@cache
def zone_rule() -> npt.NDArray[np.int16]:
    """For each heading rule the index of the rule that its zone's lines get."""
    return np.array(
        [index_of(f"{rule.kind}.zone") if rule.role == "heading" else NONE for rule in rules()], dtype=np.int16
    )


@cache
def traits() -> npt.NDArray[np.int64]:
    """For each rule its flags; and 0 behind them, for the look -1 of a unit without rule."""
    kinds = labels("segment_kind")
    found = [
        (HEADING if rule.role == "heading" else 0)
        | (LINE if rule.role == "line" else 0)
        | (TAIL if rule.role == "tail" else 0)
        | (SIGNED if rule.kind in ("date", "byline") else 0)
        | (RANKED if rule.kind == "ranking" else 0)
        | (PAID if rule.kind == "ad" else 0)
        | (FIRM if rule.firm else 0)
        | (ANY_LENGTH if rule.firm == "any" else 0)
        | (TAGS if rule.kind == "tag" else 0)
        | (LISTS if rule.kind in _LISTING else 0)
        | (ENDS if rule.kind in _ENDING or (rule.role == "heading" and rule.kind == "byline") else 0)
        | (KEPT if kinds[rule.kind].extra["keep"] else 0)
        for rule in rules()
    ]
    return np.array([*found, 0])


@cache
def kept_rule() -> npt.NDArray[np.bool_]:
    """For each rule whether its kind is kept."""
    kinds = labels("segment_kind")
    return np.array([bool(kinds[rule.kind].extra["keep"]) for rule in rules()])


@cache
def word_groups() -> dict[str, tuple[str, ...]]:
    """The groups of words of ``words.toml``."""
    return {name: tuple(words) for name, words in _table("words.toml").items()}


@cache
def lexicon() -> Lexicon:
    """The words of all groups, and after them the words that each rule of :func:`rules` with a pattern needs."""
    from kakuyaku.cleaning.lexicon import Lexicon

    return Lexicon.of([*word_groups().values(), *(rule.needs for rule in rules() if rule.pattern)])


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("kakuyaku.cleaning").joinpath(name).read_text(encoding="utf-8"))


@cache
def needing(*roles: str) -> np.uint64:
    """The bits of :func:`lexicon` that say that a unit has a word that a rule of these roles needs."""
    first = len(word_groups())
    return np.uint64(sum(1 << first + index for index, rule in enumerate(rules()) if rule.role in roles))


@cache
def tail_patterns() -> dict[int, re.Pattern[str]]:
    """The patterns that split the end of a line off, by the index of their rule; the first group is what stays."""
    return {index: re.compile(rule.pattern) for index, rule in enumerate(rules()) if rule.role == "tail"}


@lru_cache(maxsize=1 << 12)  # the pages of a site have many lines in common
def match_line(text: str, found: int) -> int:
    """The index of the first rule with a pattern that matches a line, or -1.

    Args:
        text: a line of at most MAX_CHARS without surrounding white space.
        found: the groups of :func:`lexicon` whose words stand in it, one bit each. Headings whose bits are set must be
            no longer than MAX_HEADING_CHARS without their decoration.
    """
    bare = None
    for index, heading, search in _searches(found >> len(word_groups())):
        if not heading:
            if search(text):
                return index
            continue
        if bare is None:
            bare = text.strip(DECORATION)
        if search(bare):
            return index
    return NONE


@lru_cache(maxsize=1 << 12)
def _searches(needed: int) -> tuple[tuple[int, bool, Callable[[str], object]], ...]:
    """The rules whose bits are set, headings first: index, whether it is a heading, and the search for its pattern."""
    return tuple(
        (index, rule.role == "heading", _search(index))
        for index, rule in enumerate(rules())
        if rule.role in ("heading", "line") and needed >> index & 1
    )


@cache
def _search(index: int) -> Callable[[str], object]:
    pattern = re.compile(rules()[index].pattern)
    return pattern.fullmatch if rules()[index].role == "heading" else pattern.search
