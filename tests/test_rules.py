"""The line rules: found by their words, never slow, and right on lines that were written for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]

import numpy as np
import pytest

from kakuyaku.cleaning import clean
from kakuyaku.cleaning.lexicon import Lexicon, written
from kakuyaku.cleaning.rules import DECORATION, MAX_CHARS, Rule, lexicon, rules, word_groups
from kakuyaku.cleaning.units import explode
from tests.conftest import REPOSITORY
from tests.texts import ARTICLES

PATTERNS = [rule for rule in rules() if rule.pattern]
LINES = sorted(
    {line.strip() for text in ARTICLES.values() for line in text.split("\n")}
    | {line.strip() for path in (REPOSITORY / "seeds").glob("*.txt") for line in path.read_text("utf-8").split("\n")}
)


def points(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


@pytest.mark.parametrize("rule", PATTERNS, ids=lambda rule: rule.id)
def test_a_line_that_a_pattern_fits_has_one_of_the_words_that_the_rule_needs(rule: Rule) -> None:
    whole = rule.role == "heading"
    pattern = re.compile(f"^(?:{rule.pattern})$" if whole else rule.pattern)
    forms = {form for word in rule.needs for form in written(word)}
    for line in LINES:
        if len(line) <= MAX_CHARS and pattern.search(line.strip(DECORATION) if whole else line):
            assert any(form in line for form in forms), line


def test_the_lexicon_finds_every_word_at_every_place() -> None:
    text = "\n".join(LINES)
    word, at = lexicon().find(points(text))
    found = set(zip([lexicon().words[i] for i in word.tolist()], at.tolist(), strict=True))
    expected = {(w, m.start()) for w in lexicon().words for m in re.finditer(f"(?={re.escape(w)})", text)}
    assert found == expected and len(word) == len(found)


def test_a_word_may_stand_in_several_groups_and_at_the_end_of_the_text() -> None:
    both = Lexicon.of([["港", "北港"], ["北港", "by"]])
    word, at = both.find(points("北港へBY北港"))
    assert sorted(zip([both.words[i] for i in word.tolist()], at.tolist(), strict=True)) == [
        ("BY", 3), ("北港", 0), ("北港", 5), ("港", 1), ("港", 6),
    ]  # fmt: skip
    assert both.owners[both.words.index("北港")] == (0, 1)


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
