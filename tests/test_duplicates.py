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


def test_overlap_is_symmetric_and_one_for_equal_texts() -> None:
    one, other = grams(HARBOUR), grams(edited(HARBOUR, 0.1, 1))
    assert similarity(one, other) == similarity(other, one) < NEAR
    assert similarity(one, one) == 1
    assert similarity(grams(""), grams("")) == 0


def test_short_texts_do_not_fail() -> None:
    assert list(near_pairs({"a": "あ", "b": "あ", "c": "", "d": "い"})) == [("a", "b", 1.0)]
