"""Where sentences end."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.cleaning import clean
from kakuyaku.sentences import iter_sentences, sentence_spans
from tests.texts import ARTICLES


@pytest.mark.parametrize(
    "sentences",
    [
        ["甲国は「守る。必ずだ。」と述べた。", "乙国は黙った。"],
        ["「海を安全にする。」", "長くはいない。"],
        ["首相(六十歳。再選)は会見した。", "以上。"],
        ["本当か？", "誰も知らない。"],
        ["なぜか？と問うた。"],
        ["Yahoo!ニュースが伝えた。", "Really? ", "Yes."],
        ["「閉じない括弧だ。", "それでも切れる。"],
        ["閉じるだけの」括弧。", "次。"],
        ["「外で『中で。』と言う。」と書いた。"],
        ["終わりの句点がない"],
        ["えっ！？", "まさか。"],
    ],
)
def test_cuts(sentences: list[str]) -> None:
    text = "".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == [s.strip() for s in sentences]


@given(st.text("あ漢。！？!? 「」『』()（）A　😀", max_size=80))
def test_spans_cover_all_that_is_not_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    left = "".join(
        text[a:b] for a, b in zip([0, *[e for _, e in spans]], [*[s for s, _ in spans], len(text)], strict=True)
    )
    assert not left.strip()
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@pytest.mark.parametrize("name", ARTICLES)
def test_headings_and_list_items_are_units_of_their_own(name: str) -> None:
    article = clean(ARTICLES[name])
    units = [(article.segments[i].kind, article.text[a:b]) for i, a, b in iter_sentences(article)]
    kept = [segment for segment in article.segments if segment.keep]
    for kind in ("title", "heading"):
        assert [text for k, text in units if k == kind] == [article.piece(s) for s in kept if s.kind == kind]
    assert not any(text.startswith(("•", "- ")) for _, text in units)
    assert len({i for i, _, _ in iter_sentences(article)}) == len(kept)


def test_hostile_brackets_take_linear_time() -> None:
    sentence_spans("「" * 200_000 + "。")
    sentence_spans("「」" * 100_000 + "。")
    sentence_spans("「（" * 50_000 + "」）" * 50_000 + "。")
