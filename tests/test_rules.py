"""The line rules: found by their words, never slow, and right on lines that were written for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.cleaning import clean
from kakuyaku.cleaning.characters import DECORATION
from kakuyaku.cleaning.compiled import compiled
from kakuyaku.cleaning.lexicon import MAX_GROUPS, Lexicon, words_in, written
from kakuyaku.cleaning.rules import MAX_CHARS, Rule, lexicon, rules, word_groups
from kakuyaku.cleaning.units import explode
from tests.conftest import REPOSITORY
from tests.texts import ARTICLES

PATTERNS = [rule for rule in rules() if rule.pattern]
LINES = sorted(
    {line.strip() for text in ARTICLES.values() for line in text.split("\n")}
    | {line.strip() for path in (REPOSITORY / "seeds").glob("*.txt") for line in path.read_text("utf-8").split("\n")}
)


@compiled
def groups(_sources: Any, points: Any, lexicon: Any) -> np.uint64:
    return words_in(points, 0, len(points) - 1, lexicon)


def groups_in(text: str, lexicon: Lexicon) -> set[int]:
    """The numbers of the groups with a word in the text."""
    found = int(groups(np.frombuffer(f"{text}\n".encode("utf-32-le"), dtype=np.uint32), lexicon))
    return {number for number in range(MAX_GROUPS) if found >> number & 1}


@pytest.mark.parametrize("rule", PATTERNS, ids=lambda rule: rule.id)
def test_a_line_that_a_pattern_fits_has_one_of_the_words_that_the_rule_needs(rule: Rule) -> None:
    whole = rule.role == "heading"
    pattern = re.compile(f"^(?:{rule.pattern})$" if whole else rule.pattern)
    forms = {form for word in rule.needs for form in written(word)}
    for line in LINES:
        if len(line) <= MAX_CHARS and pattern.search(line.strip(DECORATION) if whole else line):
            assert any(form in line for form in forms), line


def test_the_lexicon_finds_every_group_that_a_line_has_a_word_of() -> None:
    members = [*word_groups().values(), *(rule.needs for rule in PATTERNS)]
    forms = [{form for word in words for form in written(word)} for words in members]
    assert len({number for line in LINES for number in groups_in(line, lexicon())}) > 30
    for line in [*LINES, *(form for group in forms for form in group)]:
        expected = {number for number, group in enumerate(forms) if any(form in line for form in group)}
        assert groups_in(line, lexicon()) == expected, line


@given(
    st.lists(st.lists(st.text("あいab", min_size=1, max_size=4), max_size=4), min_size=1, max_size=MAX_GROUPS),
    st.text("あいうabAB", max_size=30),
)
def test_any_lexicon_finds_its_words_in_any_text(words: list[list[str]], text: str) -> None:
    expected = {i for i, group in enumerate(words) if any(form in text for word in group for form in written(word))}
    assert groups_in(text, Lexicon.of(words)) == expected


def test_a_lexicon_has_room_for_so_many_groups() -> None:
    with pytest.raises(ValueError, match="at most 64"):
        Lexicon.of([["港"]] * (MAX_GROUPS + 1))


def test_no_word_is_empty_and_none_stands_twice_in_its_group() -> None:
    for name, words in word_groups().items():
        assert all(words) and len(set(words)) == len(words), name


def repeats(parsed: object) -> Iterator[tuple[int, object]]:
    """The repetitions of a parsed pattern that have no small bound, with what they repeat."""
    for operator, argument in parsed:  # type: ignore[attr-defined]
        name = str(operator)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, inner = argument
            if most > MAX_CHARS:
                yield most, inner
            yield from repeats(inner)
        elif name == "SUBPATTERN":
            yield from repeats(argument[-1])
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from repeats(branch)


@pytest.mark.parametrize("rule", PATTERNS, ids=lambda rule: rule.id)
def test_no_pattern_repeats_a_repetition(rule: Rule) -> None:
    """Nested unbounded repetition is what makes a backtracking engine take minutes on one line."""
    for _, inner in repeats(_parser.parse(rule.pattern)):
        assert not list(repeats(inner)), rule.pattern


HOSTILE = [
    "　" * 100_000,
    "あ" * 2_000_000,
    "あ\n" * 100_000,
    "ランキング\n" * 50_000,
    "  • 1\n" * 50_000,
    "「" * 500_000,
]


@pytest.mark.parametrize("page", HOSTILE, ids=["spaces", "one line", "short lines", "headings", "items", "brackets"])
def test_hostile_lines_come_out_whole(page: str) -> None:
    """What takes quadratic time would hang here; how the time grows is measured in benchmarks/speed.py."""
    assert "".join(page[s.start : s.end] for s in clean(page).segments) == page


def test_long_lines_are_left_alone() -> None:
    units = explode(["ランキング\n関連記事\n" + "ランキング" + "あ" * MAX_CHARS + "\n甲国は海を守ると述べた。"])
    assert [rules()[i].id if i >= 0 else None for i in units.look] == ["ranking.heading", "related.heading", None, None]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("■アクセスランキング", "ranking"), ("【あわせて読みたい】", "related"), ("[ニュース] ランキング", "ranking"), ("参考文献：", "reference"),
        ("コメント（12件）", "comment"), ("この記事を書いた人", "byline"), ("トップへ戻る", "nav"), ("リンクをコピーしました", "share"),
        ("取材・文／山田青葉", "byline"), ("2030/4/5 10:30", "date"), ("配信:青空通信", "credit"), ("北港の桟橋（山田青葉撮影）", "caption"),
        ("最新号は4月12日号、本日発売", "ad"), ("メールマガジンの登録はこちら", "subscription"), ("Copyright 2030 Aozora", "notice"),
        ("この記事をはてなブックマークに追加", "share"), ("Posted by 山田青葉", "byline"), ("免责声明：本文仅代表作者观点。", "notice"),
        ("무단 전재 및 재배포 금지", "notice"), ("关闭", "nav"), ("사진 확대", "caption"),
    ],
)  # fmt: skip
def test_a_line_looks_like_its_kind(line: str, kind: str) -> None:
    units = explode([line])
    assert [rules()[i].kind for i in units.look] == [kind]


def test_an_invented_page_is_read_as_a_person_reads_it() -> None:
    article = clean(ARTICLES["harbour"])
    kinds = [(s.kind, article.piece(s)[:12]) for s in article.segments if s.kind != "blank"]
    assert kinds == [
        ("nav", "ホーム > 国際"), ("nav", "本文へスキップ"), ("title", "甲国、北港の警備に掃海艇"), ("date", "2030年4月5日(金)"),
        ("byline", "山田青葉"), ("lead", "<首相は会見で、任務は一"), ("body", "甲国の首相は5日、乙国の"), ("caption", "港を出る掃海艇=5日、甲"),
        ("heading", "任務の中身"), ("body", "首相によると、任務は次の"), ("list_item", "機雷を見つけて除く"), ("list_item", "商船に付き添う"),
        ("list_item", "乙国の乗員を訓練する"), ("body", "乙国の外相は決定を歓迎し"), ("share", "この記事をシェアする"), ("share", "Facebook"),
        ("share", "URLをコピーしました"), ("related", "関連記事"), ("related", "北港とはどんな港か"), ("related", "掃海艇ができるまで"),
        ("ranking", "アクセスランキング"), ("ranking", "1"), ("ranking", "週末の天気はどうなる"), ("ranking", "2"),
        ("ranking", "新しい橋の名前が決まる"), ("ranking", "3"), ("ranking", "図書館が夜も開くことに"), ("notice", "© 青空新聞社 無断転載"),
    ]  # fmt: skip
