"""Near-duplicates: found when edited a little, not when only the topic is shared."""

from __future__ import annotations

import random

from kakuyaku.cleaning import clean
from kakuyaku.duplicates import NEAR, grams, near_pairs, similarity
from tests.texts import ARTICLES, HARBOUR


def edited(text: str, share: float, seed: int) -> str:
    rng = random.Random(seed)
    return "".join("変" if rng.random() < share else c for c in text)


def test_edited_copies_are_found_and_strangers_are_not() -> None:
    texts = {name: clean(text).text for name, text in ARTICLES.items()}
    texts |= {f"copy{i}": edited(texts["harbour"], 0.02, i) for i in range(5)}
    pairs = {frozenset((one, other)) for one, other, _ in near_pairs(texts)}
    for i in range(5):
        assert frozenset(("harbour", f"copy{i}")) in pairs
    assert not any({"railway", "school"} & pair for pair in pairs)


def test_a_copy_with_one_name_spelled_differently_everywhere_is_found() -> None:
    """The rolling hashes of what follows such a name are all small: nothing of a sketch of them was left in the copy."""
    rng = random.Random(3)
    letters = "丙丁国部隊派遣首相会談停戦合意保証海空陸軍支援発表"
    base = 1_000_003
    pairs = ((a, b) for a in map(chr, range(0x5000, 0x5400)) for b in letters)
    one, other = min(pairs, key=lambda p: (ord(p[0]) * base**4 + ord(p[1]) * base**3 + ord("国") * base**2) % 2**64)
    name = f"{one}{other}国"
    text = "。".join(name + "".join(rng.choice(letters) for _ in range(60)) for _ in range(48))
    copy = text.replace(name, "変変国")
    overlap = similarity(grams(text), grams(copy))
    assert overlap > NEAR
    assert list(near_pairs({"a": text, "b": copy})) == [("a", "b", overlap)]


def test_overlap_is_symmetric_and_one_for_equal_texts() -> None:
    one, other = grams(HARBOUR), grams(edited(HARBOUR, 0.1, 1))
    assert similarity(one, other) == similarity(other, one) < NEAR
    assert similarity(one, one) == 1
    assert similarity(grams(""), grams("")) == 0


def test_short_texts_do_not_fail() -> None:
    assert list(near_pairs({"a": "あ", "b": "あ", "c": "", "d": "い"})) == [("a", "b", 1.0)]
