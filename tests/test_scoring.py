"""The benchmarks' scorer, on pages that the project wrote itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks import corpus, peers
from benchmarks.scoring import LabelledPage, Line, kept_by_spans, kept_by_text, read_pages, score, without_unscored
from benchmarks.tools import TOOLS, Tool
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuyaku.findings import Failure

FIRST = "甲国の首相は五日、乙国の北港を守るために掃海艇を三隻送ると述べた。"
SECOND = "丙国の報道官は会見で、我々の海に他国の船は要らないと話した。"


def page(*lines: tuple[str, bool], id_: str = "a", site: str = "s", ignored: Sequence[int] = ()) -> LabelledPage:
    labels = tuple(
        Line(number, text, keep, number not in ignored) for number, (text, keep) in enumerate(lines) if text.strip()
    )
    return LabelledPage(id_, site, "ja", "news", "\n".join(text for text, _ in lines), None, labels)


PAGE = page(("ホーム", False), (FIRST, True), ("", False), ("  • 港の歴史", False), (SECOND, True), ("続き", False))


def span(text: str, of: LabelledPage = PAGE) -> tuple[int, int]:
    start = of.text.index(text)
    return start, start + len(text)


def test_spans_keep_a_line_from_half_of_its_characters() -> None:
    start, end = span("港の歴史")
    assert kept_by_spans(PAGE, [(start, end - 2)]) == [False, False, True, False, False]
    assert kept_by_spans(PAGE, [(start, end - 3)]) == [False] * 5
    assert kept_by_spans(PAGE, [(start - 4, start + 1)]) == [False] * 5, "a bullet and blanks are no characters"


def test_spans_beyond_the_text_are_cut() -> None:
    assert kept_by_spans(PAGE, [(0, 10_000)]) == [True] * 5


def test_text_keeps_the_lines_that_it_holds() -> None:
    assert kept_by_text(PAGE, f"# 見出し\n\n{FIRST}\n") == [False, True, False, False, False]
    assert kept_by_text(PAGE, "") == [False] * 5


def test_text_may_be_normalised_and_marked_up() -> None:
    marked = page(("ホーム", False), ("Ａ社は３日、**新しい** 船を造ると発表した。", True))
    assert kept_by_text(marked, "A社は3日、新しい船を造ると発表した。") == [False, True]


def test_text_does_not_keep_a_line_by_scattered_characters() -> None:
    scattered = "。".join(FIRST)  # every character in order, no run of six
    assert kept_by_text(PAGE, scattered) == [False] * 5


def test_text_keeps_a_long_line_that_was_moved() -> None:
    assert kept_by_text(PAGE, f"{SECOND}\n{FIRST}") == [False, True, False, True, False]


def test_text_keeps_a_short_line_only_beside_a_longer_one() -> None:
    far = page(("続き", True), *[("無関係な行である。", False)] * 3, (FIRST, True), ("終わり", True))
    assert kept_by_text(far, f"続き\n{FIRST}\n終わり") == [False, False, False, False, True, True]


def test_score_of_one_wrong_line() -> None:
    one = page(
        ("十文字でできた行だ。", True), ("五文字の行", False), ("また十文字である。。", True), ("題", True), ignored=[3]
    )
    result = score([one], {"a": [True, True, False, False]})
    assert (result.line_precision, result.line_recall, result.line_f1) == (0.5, 0.5, 0.5)
    assert result.char_micro == result.char_macro == result.site_macro == pytest.approx(2 * 10 / (2 * 10 + 5 + 10))
    assert (result.below(0.5), result.below(0.6)) == (0, 1)


def test_macro_is_the_mean_of_pages_and_then_of_sites() -> None:
    pages = [page((FIRST, True), id_=id_, site=site) for id_, site in (("a", "s"), ("b", "s"), ("c", "t"))]
    result = score(pages, {"a": [True], "b": [False], "c": [True]})
    assert result.char_macro == pytest.approx(2 / 3)
    assert result.site_macro == pytest.approx((1 / 2 + 1) / 2)
    assert result.by_page == {"a": 1, "b": 0, "c": 1}
    assert result.interval[0] < result.char_macro < result.interval[1]


def test_a_title_that_a_tool_returns_covers_no_menu() -> None:
    title = "甲国、北港の警備に掃海艇三隻を派遣へ"
    texts = (("  • " + title, False, True), (title, True, False), (FIRST, True, True))
    lines = tuple(Line(number, text, keep, scored) for number, (text, keep, scored) in enumerate(texts))
    titled = LabelledPage("p", "s", "ja", "news", "\n".join(line.text for line in lines), None, lines)
    assert kept_by_text(titled, without_unscored(titled, f"# {title}\n\n{FIRST}")) == [False, False, True]
    assert kept_by_text(titled, f"# {title}\n\n{FIRST}")[0], "laid over the lines it does"


def test_score_refuses_verdicts_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score([PAGE], {"a": [True]})
    with pytest.raises(ValueError, match="no pages"):
        score([], {})


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.data())
def test_spans_and_text_of_a_generated_page_agree_with_its_labels(seed: int, data: st.DataObject) -> None:
    """Keeping the labelled lines scores 1; dropping any of them, or keeping one more, scores less."""
    labelled = next(corpus.pages(1, seed=seed)).labelled()
    rows = labelled.text.split("\n")
    offsets = [sum(len(row) + 1 for row in rows[: line.number]) for line in labelled.lines]
    spans = [(at, at + len(line.text)) for at, line in zip(offsets, labelled.lines, strict=True)]
    right = [line.keep for line in labelled.lines]
    assert kept_by_spans(labelled, [one for one, keep in zip(spans, right, strict=True) if keep]) == right
    assert score([labelled], {labelled.id: right}).char_macro == 1
    changed = data.draw(st.sampled_from([i for i, line in enumerate(labelled.lines) if line.scored]))
    wrong = [keep != (i == changed) for i, keep in enumerate(right)]
    assert score([labelled], {labelled.id: wrong}).char_macro < 1
    returned = kept_by_text(labelled, "\n".join(line.text for line in labelled.lines if line.keep))
    assert score([labelled], {labelled.id: returned}).char_macro > 0.95


def record(of: LabelledPage, **changes: object) -> str:
    lines = [{"no": line.number, "text": line.text, "keep": line.keep} for line in of.lines]
    entry = {"id": of.id, "site": of.site, "lang": of.lang, "genre": of.genre, "text": of.text, "lines": lines}
    return json.dumps(entry | changes, ensure_ascii=False)


def test_pages_are_read_with_their_html(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>港</p>", encoding="utf-8")
    (tmp_path / "pages.jsonl").write_text(record(PAGE) + "\n" + record(PAGE, html="a.html") + "\n", encoding="utf-8")
    assert read_pages(tmp_path / "pages.jsonl") == [PAGE, replace(PAGE, html="<p>港</p>")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('{"id": "b"}', "VAL001"),
        (record(PAGE, lines=[{"no": 99, "text": "x", "keep": True}]), "outside of the text"),
        (record(PAGE, lines=3), "VAL001"),
        (record(PAGE, text=None), "VAL001"),
        ("{", "JSN001"),
        (record(PAGE, html="absent.html"), "FS001"),
    ],
)
def test_what_is_no_page_is_said(tmp_path: Path, row: str, expected: str) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(record(PAGE) + "\n" + row + "\n", encoding="utf-8")
    with pytest.raises(Failure, match=expected) as caught:
        read_pages(path)
    assert "FS001" in expected or "pages.jsonl:2" in str(caught.value)


def test_the_corpus_is_the_same_again_and_never_repeats_an_article() -> None:
    once, again = ([one.labelled() for one in corpus.pages(25)] for _ in range(2))
    assert once == again
    assert len({one.site for one in once}) == 2
    assert all(one.text.split("\n")[line.number] == line.text for one in once for line in one.lines)
    kept = [line.text for one in once for line in one.lines if line.keep]
    assert len(kept) > 100
    assert len(set(kept)) == len(kept)


def test_the_corpus_is_shaped_like_real_pages() -> None:
    pages = [one.labelled() for one in corpus.pages(40)]
    lines = [line for one in pages for line in one.lines]
    assert 150 < len(lines) / len(pages) < 300
    assert 0.04 < sum(line.keep for line in lines) / len(lines) < 0.1
    assert all(40_000 < len(str(one.html).encode()) < 130_000 for one in pages)


def test_a_tool_that_raises_or_is_missing_is_named_and_counted() -> None:
    """Pages without HTML: a tool that needs it raises on each of them."""
    pages = [replace(one.labelled(), html=None) for one in corpus.pages(2)]
    asked = [tool for tool in TOOLS if tool.name in ("kakuyaku, HTML", "keep all")]
    asked.append(Tool("nobody", "text", "no-such-package", None))
    found, absent = peers.rows(pages, asked, 1)
    assert [(row.tool.name, row.run.errors) for row in found] == [("keep all", 0), ("kakuyaku, HTML", 2)]
    assert found[1].main.char_macro == 0
    text = peers.table(found, absent, pages)
    assert "nobody: not installed." in text
    assert "| **kakuyaku, HTML" in text
