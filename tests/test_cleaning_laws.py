"""The laws of cleaning, on random pages made of the pieces that real pages are made of."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kakuyaku.articles import Article
from kakuyaku.cleaning import Page, clean, clean_batch, clean_many
from kakuyaku.cleaning.rules import rules
from kakuyaku.contract import labels
from tests.texts import ARTICLES

PIECES = [
    *sorted({line for text in ARTICLES.values() for line in text.split("\n")}),
    "",
    "\u3000",
    "\xa0",
    "  • 1",
    "    続き",
    "- ",
    "。",
    "「」",
    "😀",
    "𠮟られた。",
    "葛󠄀城市",
    "が゙",
    "\u2028",
    "\x0b",
    "コメント0",
    "300",
    "関連記事",
    "PR",
    "by someone",
    "速報",
    "あああああああああああああああああああああああああ",
    "港の写真と説明文です港の写真と説明文です",
    "〈" + "要" * 30 + "〉",
    "→次の記事",
    "2030年1月2日",
    "山田青葉 アクセス 12",
]
pages = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("\n".join),
    st.text(max_size=200).filter(lambda text: text.isprintable() or "\n" in text),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text("あ漢。、「」aA1 　•-\t", max_size=70)), max_size=25).map(
        "\n".join
    ),
)


def encodable(text: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


pages = pages.filter(encodable)


@given(pages)
@example("")
@example("\n\n\n")
@settings(max_examples=300)
def test_segments_partition_the_raw_text(raw: str) -> None:
    article = clean(raw)
    assert "".join(raw[s.start : s.end] for s in article.segments) == raw
    assert all(s.start < s.end for s in article.segments)
    assert [s.start for s in article.segments[1:]] == [s.end for s in article.segments[:-1]]


@given(pages)
@settings(max_examples=200)
def test_every_verdict_says_kind_rule_and_evidence(raw: str) -> None:
    table = {rule.id: rule for rule in rules()}
    kinds = labels("segment_kind")
    for segment in clean(raw).segments:
        assert segment.keep == kinds[segment.kind].extra["keep"]
        assert table[segment.rule].kind == segment.kind or segment.evidence == "line feed"
        assert segment.evidence or segment.kind == "blank"


@given(pages)
@settings(max_examples=300)
def test_the_offset_map_is_exact_both_ways(raw: str) -> None:
    article = clean(raw)
    for i, character in enumerate(article.text):
        at = article.to_raw(i)
        assert at is not None and raw[at] == character and article.to_clean(at) == i
    kept = {article.to_raw(i) for i in range(len(article.text))}
    for at in range(len(raw)):
        assert (article.to_clean(at) is None) == (at not in kept)
    for outside in (-1, len(article.text), len(raw) + 5):
        assert article.to_raw(outside) is None
    assert article.to_clean(-1) is None and article.to_clean(len(raw)) is None


@given(pages)
@example("港の写真と説明文です港の写真と説明文です\n")
@settings(max_examples=500)
def test_cleaning_a_clean_article_changes_nothing(raw: str) -> None:
    text = clean(raw).text
    assert clean(text).text == text


@given(st.lists(pages, min_size=1, max_size=6))
@settings(max_examples=100)
def test_a_page_is_cleaned_alike_alone_and_in_a_batch(raws: list[str]) -> None:
    alone = [clean(raw).segments for raw in raws]
    together = [article.segments for article in clean_many(Page(str(i), text=raw) for i, raw in enumerate(raws))]
    assert together == alone


@given(st.lists(pages, min_size=1, max_size=4))
@settings(max_examples=50)
def test_arrow_in_arrow_out_keeps_the_rows(raws: list[str]) -> None:
    batch = pa.RecordBatch.from_pydict({"id": [str(i) for i in range(len(raws))], "text": raws})
    result = clean_batch(batch)
    assert result.column("id").to_pylist() == batch.column("id").to_pylist()
    for raw, text, segments, error in zip(
        raws, *(result.column(name).to_pylist() for name in ("text", "segments", "error")), strict=True
    ):
        article = clean(raw)
        assert text == article.text
        assert [s["rule"] for s in segments] == [s.rule for s in article.segments]
        assert (error is None) == bool(text)


def test_a_line_cut_in_part_keeps_its_line_feed() -> None:
    raw = "甲国が港を守ると決めた甲国が港を守ると決めた\n甲国は5日、港を守ると決めた。期間は一年だ。\n"
    article = clean(raw)
    assert article.text == "甲国が港を守ると決めた\n甲国は5日、港を守ると決めた。期間は一年だ。\n"


def test_site_repetition_cuts_lines_of_other_pages() -> None:
    common = "青空新聞は読者の皆さまに支えられています。"
    page_texts = [text + common + "\n" for text in ARTICLES.values()]

    def cleaned(repetition: bool, site: str | None) -> list[Article]:
        found = [Page(str(i), text=text, site=site) for i, text in enumerate(page_texts)]
        return list(clean_many(found, site_repetition=repetition))

    for article in cleaned(True, "aozora"):
        assert common not in article.text
        assert "".join(article.raw[s.start : s.end] for s in article.segments) == article.raw
    assert any(common in article.text for article in cleaned(False, "aozora"))
    assert [a.text for a in cleaned(True, None)] == [a.text for a in cleaned(False, None)]


@pytest.mark.parametrize(
    "words", ["ランキング", "関連記事", "コメント", "会員登録", "無断転載", "シェア", "おすすめ", "著作権"]
)
def test_words_of_boilerplate_in_prose_stay(words: str) -> None:
    sentence = f"委員会は7日、{words}という言葉の使い方について話し合い、来月までに結論を出すと決めた。"
    raw = f"委員会が言葉の使い方を議論\n\n委員会は朝から開かれた。\n\n{sentence}\n\n結論はまだ出ていない。\n"
    assert sentence in clean(raw).text


def test_copies_of_an_article_on_one_site_are_not_boilerplate() -> None:
    text = ARTICLES["harbour"]
    for other in (text, text.replace("三隻", "四隻")):
        found = list(
            clean_many([Page("a", text=text, site="s"), Page("b", text=other, site="s")], site_repetition=True)
        )
        assert (
            found[0].text.count("\n") >= clean(text).text.count("\n") - 3
        )  # what stands above it may go, not the article
        assert "任務の中身" in found[0].text and "乙国の乗員を訓練する" in found[1].text


@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES)
def test_lines_may_end_in_carriage_returns(text: str) -> None:
    expected = [(s.rule, s.keep) for s in clean(text).segments]
    assert [(s.rule, s.keep) for s in clean(text.replace("\n", "\r\n")).segments] == expected


@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES)
def test_a_dump_may_have_blank_lines_below_every_line(text: str, times: int) -> None:
    expected = [(s.rule, s.keep) for s in clean(text).segments if s.kind != "blank"]
    apart = clean(text.replace("\n", "\n" * times))
    assert [(s.rule, s.keep) for s in apart.segments if s.kind != "blank"] == expected


def test_bytes_are_refused() -> None:
    with pytest.raises(TypeError, match="bytes are for html"):
        clean(b"\xe7\x94\xb2")  # type: ignore[arg-type]
