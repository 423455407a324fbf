"""The rules of ``rules.toml``: what a line looks like by itself, matched over a whole batch with Arrow's kernels."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kakuyaku.contract import labels

MAX_CHARS = 200  # longer lines are prose or a dump of data; no pattern of ours describes them
MAX_HEADING_CHARS = 40
FEW_LINES = 1_000  # below this many lines Python's engine is faster than compiling for Arrow's
# What may stand around the words of a heading.
DECORATION = " 　\t\u00a0■□◆◇●○★☆▼▽▲△▶►▷≫»【】[]［］「」『』《》<>＜＞()（）:：・•‐–—-=＝*#|｜!！"

NONE = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``role``: ``heading`` opens a zone, ``line``, ``tail`` splits a line, ``place`` goes by position."""

    id: str
    kind: str
    role: str
    pattern: str = ""

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
    "related.list": "related",
    "ad.block": "ad",
    "nav.head": "nav",
    "promo.tail": "promo",
    "blank.line": "blank",
}


@cache
def rules() -> tuple[Rule, ...]:
    """All rules: those with a pattern in their order of precedence, then those of position, then the zones' own."""
    table: dict[str, Any] = tomllib.loads(files("kakuyaku.cleaning").joinpath("rules.toml").read_text(encoding="utf-8"))
    found = [
        Rule(entry["rule"], entry["kind"], role, entry["pattern"])
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
def kept_rule() -> npt.NDArray[np.bool_]:
    """For each rule whether its kind is kept."""
    kinds = labels("segment_kind")
    return np.array([bool(kinds[rule.kind].extra["keep"]) for rule in rules()])


def match_lines(texts: pa.Array) -> npt.NDArray[np.int16]:
    """For each line the index of the first rule with a pattern that matches it, or -1.

    Args:
        texts: string array of lines without surrounding white space.
    """
    first = np.full(len(texts), NONE, dtype=np.int16)
    length = pc.utf8_length(texts)
    short = np.flatnonzero(pc.less_equal(length, MAX_CHARS).to_numpy(zero_copy_only=False))
    lines = texts.take(pa.array(short))
    for index in reversed(range(len(rules()))):  # the first rule writes last
        rule = rules()[index]
        if rule.role == "line":
            hits = matches(rule.pattern, lines)
            first[short[hits]] = index
    cores = pc.utf8_trim(lines, DECORATION)
    brief = np.flatnonzero(pc.less_equal(pc.utf8_length(cores), MAX_HEADING_CHARS).to_numpy(zero_copy_only=False))
    cores = cores.take(pa.array(brief))
    for index in reversed(range(len(rules()))):
        rule = rules()[index]
        if rule.role == "heading":
            hits = matches(f"^({rule.pattern})$", cores)
            first[short[brief[hits]]] = index
    return first


def matches(pattern: str, lines: pa.Array) -> npt.NDArray[np.bool_]:
    """For each line whether the pattern is found in it.

    Arrow compiles a pattern anew at each call, which for the lines of one page takes longer than matching them; Python
    keeps its compiled patterns. The patterns mean the same in both (a test compares them).
    """
    if len(lines) < FEW_LINES:
        search = re.compile(pattern).search
        return np.fromiter((search(line) is not None for line in lines.to_pylist()), dtype=bool, count=len(lines))
    return np.asarray(pc.match_substring_regex(lines, pattern).to_numpy(zero_copy_only=False), dtype=bool)
