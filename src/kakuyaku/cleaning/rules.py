"""The rules of ``rules.toml``: what a line looks like by itself; and the words of ``words.toml``, which boilerplate
uses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.lexicon import Lexicon
from kakuyaku.contract import labels

MAX_CHARS = 200  # longer lines are prose or a dump of data; no pattern of ours describes them
MAX_HEADING_CHARS = 40
# What may stand around the words of a heading.
DECORATION = " 　\t\u00a0■□◆◇●○★☆▼▽▲△▶►▷≫»【】[]［］「」『』《》<>＜＞()（）:：・•‐–—-=＝*#|｜!！"

NONE = -1
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``role``: ``heading`` opens a zone, ``line``, ``tail`` splits a line, ``place`` goes by position."""

    id: str
    kind: str
    role: str
    pattern: str = ""
    needs: tuple[str, ...] = ()

    def sees(self, text: str) -> str:
        """The evidence: the part of ``text`` that the pattern matched, or all of it."""
        match = re.search(self.pattern, text) if self.pattern and self.role == "line" else None
        return match.group() if match else text


# Rules of position, decided in judge.py; they have no pattern.
PLACES = {
    "title.head": "title",
    "subtitle.head": "subtitle",
    "lead.head": "lead",
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
    "comment.counter": "comment",
    "ranking.numbered": "ranking",
    "related.alike": "related",
    "related.list": "related",
    "ad.block": "ad",
    "nav.head": "nav",
    "promo.inside": "promo",
    "promo.tail": "promo",
    "blank.line": "blank",
}


@cache
def rules() -> tuple[Rule, ...]:
    """All rules: those with a pattern in their order of precedence, then those of position, then the zones' own."""
    table = _table("rules.toml")
    found = [
        Rule(entry["rule"], entry["kind"], role, entry["pattern"], tuple(entry["needs"]))
        for role in ("heading", "line", "tail")
        for entry in table[role]
    ]
    found += [Rule(name, kind, "place") for name, kind in PLACES.items()]
    found += [Rule(f"{rule.kind}.zone", rule.kind, "place") for rule in found if rule.role == "heading"]
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
def with_role(*roles: str) -> npt.NDArray[np.bool_]:
    """For each rule whether it has one of the roles; and False behind them, for the look -1 of a unit without rule."""
    return np.array([rule.role in roles for rule in rules()] + [False])


@cache
def of_kind(*kinds: str) -> npt.NDArray[np.bool_]:
    """For each rule whether it is of one of the kinds; and False behind them."""
    return np.array([rule.kind in kinds for rule in rules()] + [False])


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
    """The words of all groups, and after them the words that each rule of :func:`rules` needs."""
    return Lexicon.of([*word_groups().values(), *(rule.needs for rule in rules())])


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("kakuyaku.cleaning").joinpath(name).read_text(encoding="utf-8"))


def match_lines(texts: Sequence[str], needed: Bools) -> npt.NDArray[np.int16]:
    """For each line the index of the first rule with a pattern that matches it, or -1.

    Args:
        texts: lines without surrounding white space.
        needed: for each rule (rows) and line (columns) whether one of the words that the rule needs stands in the line.
    """
    first = np.full(len(texts), NONE, dtype=np.int16)
    for index, rule in enumerate(rules()):  # headings stand first in the table, so they overrule lines
        if rule.role not in ("heading", "line"):
            continue
        heading = rule.role == "heading"
        matches = re.compile(f"^(?:{rule.pattern})$" if heading else rule.pattern).search
        for at in np.flatnonzero(needed[index] & (first == NONE)).tolist():
            text = texts[at].strip(DECORATION) if heading else texts[at]
            if len(text) <= (MAX_HEADING_CHARS if heading else MAX_CHARS) and matches(text):
                first[at] = index
    return first
