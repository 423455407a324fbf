"""Texts whose characters know where they come from: the oracle for what an edit did to a span.

Each character has an identity, which it keeps when it is moved or copied; what is inserted is new. A span is where it
belongs if its characters have the identities that they had.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kakuyaku.annotation.standoff import CONTEXT_CHARS

_fresh = itertools.count()
_NOUNS = (
    "甲国の政府",
    "乙国の首相",
    "丙国の外相",
    "丁連盟の報道官",
    "港の市長",
    "議会の代表",
    "部隊の司令官",
    "財務相",
    "国防相",
    "交渉団",
)
_OBJECTS = (
    "部隊",
    "掃海艇",
    "監視団",
    "支援金",
    "発電機",
    "医薬品",
    "訓練教官",
    "防空装置",
    "停戦案",
    "合意文書",
    "調査団",
    "燃料",
)
_PLACES = ("北港", "山の町", "南の島", "国境の橋", "首都", "湖のほとり", "学校", "鉄道の駅", "河口", "空港")
_ENDS = (
    "送ると述べた。",
    "送らないと述べた。",
    "検討していると語った。",
    "求めた。",
    "歓迎した。",
    "断った。",
    "約束した。",
    "延期した。",
)
_NAV = ("ホーム > 国際", "関連記事", "この記事をシェアする", "アクセスランキング", "• 1", "© 青空新聞社")
_PIECES = (*"★☆◇♪𝄞", "🇺🇦", "★\n★", "◇ ◇", "👩‍👧", "か\u3099")


@dataclass(frozen=True)
class Traced:
    """A text and the identities of its characters, one for each."""

    text: str
    origins: tuple[int, ...]

    def __getitem__(self, part: slice) -> Traced:
        return Traced(self.text[part], self.origins[part])

    def __add__(self, other: Traced) -> Traced:
        return Traced(self.text + other.text, self.origins + other.origins)


def new(text: str) -> Traced:
    """A text nobody has seen before."""
    return Traced(text, tuple(next(_fresh) for _ in text))


def invented(rng: Random) -> Traced:
    """A page: title, sentences, boilerplate; one in three says a passage twice, one in ten is very short."""
    if rng.random() < 0.1:
        return new(f"{rng.choice(_NOUNS)}、{rng.choice(_OBJECTS)}を{rng.choice(_PLACES)}へ送ると述べた。")
    sentences = [sentence(rng) for _ in range(rng.randint(4, 9))]
    paragraphs = ["".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2)]
    if rng.random() < 0.33:
        paragraphs.insert(rng.randint(0, len(paragraphs)), rng.choice(paragraphs))
    title = f"{rng.choice(_NOUNS)}が{rng.choice(_OBJECTS)}を約束　{rng.choice(_PLACES)}"
    lines = [title, *([title] if rng.random() < 0.1 else ()), *paragraphs]
    if rng.random() < 0.5:
        lines = [rng.choice(_NAV), *lines, rng.choice(_NAV)]
    return new("\n\n".join(lines) + "\n" * (rng.random() < 0.8))


def sentence(rng: Random) -> str:
    return (
        f"{rng.choice(_NOUNS)}は{rng.randint(1, 28)}日、{rng.choice(_PLACES)}に{rng.choice(_OBJECTS)}"
        f"{rng.randint(2, 999)}を{rng.choice(_ENDS)}"
    )


def edited(traced: Traced, rng: Random, spans: Sequence[tuple[int, int]]) -> tuple[str, Traced]:  # noqa: PLR0911 (one return for each kind)
    """One edit of a text: its name and what comes of it.

    Args:
        spans: what is annotated in it; some edits aim at it.
    """
    text = traced.text
    kind = rng.choice(
        ("insert", "delete", "replace", "duplicate", "move", "nfd", "lookalike", "delete passage", "swap")
    )
    start = rng.randint(0, len(text))
    end = min(len(text), start + rng.randint(1, 60))
    match kind:
        case "insert":
            return kind, traced[:start] + piece(rng) + traced[start:]
        case "delete":
            return kind, traced[:start] + traced[end:]
        case "replace":
            return kind, traced[:start] + piece(rng) + traced[end:]
        case "nfd":
            return kind, normalised(traced)
        case "lookalike" if spans:
            return kind, lookalike(traced, rng, spans)
        case "delete passage" if spans:  # with what surrounds it, so that only a twin elsewhere remains
            low, high = rng.choice(spans)
            around = rng.choice((0, CONTEXT_CHARS, 2 * CONTEXT_CHARS))
            return kind, traced[: max(0, low - around)] + traced[high + around :]
    paragraphs = split(traced)
    one, other = rng.randrange(len(paragraphs)), rng.randint(0, len(paragraphs))
    if kind == "move":
        paragraphs.insert(other, paragraphs.pop(one))
    elif kind == "swap":
        rng.shuffle(paragraphs)
    else:
        kind = "duplicate"
        paragraphs.insert(other, paragraphs[one])
    return kind, joined(paragraphs)


def piece(rng: Random) -> Traced:
    """Something to insert, of characters that no page has: so that it makes no text that was there before."""
    return new("".join(rng.choice(_PIECES) for _ in range(rng.randint(1, 5))))


def lookalike(traced: Traced, rng: Random, spans: Sequence[tuple[int, int]]) -> Traced:
    """The quote of a span once more elsewhere, with less context than is stored; if all of one is in it, it is a copy."""
    start, end = rng.choice(spans)
    n, length = rng.choice((0, 4, CONTEXT_CHARS - 1)), len(traced.text)
    low, high = max(0, start - n), min(length, end + n)
    whole = any(low <= max(0, s - CONTEXT_CHARS) and high >= min(length, e + CONTEXT_CHARS) for s, e in spans)
    copy = traced[low:high] if whole else new(traced.text[low:high])
    place = rng.randint(0, len(traced.text))
    rest = traced
    if rng.random() < 0.5 and not low < place < high:  # and the right one is gone
        rest = traced[:low] + traced[high:]
        place = place if place <= low else place - (high - low)
    return rest[:place] + new("★") + copy + new("★") + rest[place:]


def normalised(traced: Traced) -> Traced:
    """The text in NFD; only what it changes is new."""
    result = Traced("", ())
    for text, origin in zip(traced.text, traced.origins, strict=True):
        decomposed = unicodedata.normalize("NFD", text)
        result += Traced(text, (origin,)) if decomposed == text else new(decomposed)
    return result


def split(traced: Traced) -> list[Traced]:
    """The paragraphs of a text, each with the blank line after it."""
    parts, start = [], 0
    while (end := traced.text.find("\n\n", start)) >= 0:
        parts.append(traced[start : end + 2])
        start = end + 2
    return [*parts, traced[start:]]


def joined(parts: Sequence[Traced]) -> Traced:
    return sum(parts, Traced("", ()))


def near(traced: Traced, rng: Random) -> Traced:
    """A near-duplicate: a few characters changed, a name replaced everywhere, or a sentence more or less."""
    kind = rng.choice(("noise", "name", "sentence", "end"))
    if kind == "noise":
        share = rng.choice((0.01, 0.03, 0.08))
        return joined([new("変") if rng.random() < share else traced[i : i + 1] for i in range(len(traced.text))])
    if kind == "name":
        name = rng.choice([word for word in (*_OBJECTS, *_PLACES) if word in traced.text] or ["国"])
        return new(traced.text.replace(name, "変更後"))
    if kind == "sentence":
        return traced + new("\n\n" + sentence(rng) * rng.choice((1, 2)))
    return traced[: len(traced.text) * rng.choice((70, 85, 95)) // 100]


def from_elsewhere(
    before: Traced, after: Traced, was: tuple[int, int], now: tuple[int, int], n_before: int, n_after: int
) -> bool | None:
    """Whether a span that stood at ``was`` and was moved to ``now`` is another place of the old text: a lookalike.

    None where its characters are others, but quote and context did not come there in one piece: parts of twins were
    joined so that they read as the one place did, up to the end of the stored context (``n_before`` and ``n_after``
    characters). No look at the texts can tell that.
    """
    if after.origins[slice(*now)] == before.origins[slice(*was)]:
        return False
    anchor = after.origins[now[0] - n_before : now[1] + n_after]
    length = len(anchor)
    one_piece = any(before.origins[i : i + length] == anchor for i in range(len(before.origins) - length + 1))
    return True if one_piece else None
