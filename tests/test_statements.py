"""Rows of statements and mentions, and every derived column."""

from __future__ import annotations

from typing import Any

import pytest

from kakuyaku.annotation.resolving import place, span_digest
from kakuyaku.contract import check_record
from kakuyaku.dataset.mentions import mention_rows
from kakuyaku.dataset.quoting import quoted
from kakuyaku.dataset.statements import (
    Annotated,
    derived_stance,
    innermost,
    kiel,
    plover_events,
    source_chain,
    stance_score,
    statement_rows,
    subset_numbers,
)
from tests.standoff_makers import REGISTRY, Maker, article


def rows_of(made: Maker) -> list[dict[str, Any]]:
    return statement_rows(Annotated(made.standoff(), made.on, REGISTRY, 2, True))


def one_row(text: str, quote: str, cue: str, **own: Any) -> dict[str, Any]:
    made = Maker(article(text))
    kou = made.add("actor", "甲国", actor_id="kou")
    made.statement(quote, cue, links={"holder": [kou]}, **own)
    return rows_of(made)[0]


def test_a_row_fits_its_schema_and_points_at_its_words() -> None:
    made = Maker(
        article(
            "写真の説明", "甲国は3日、停戦が成立すれば乙国に工兵500人を送る用意があると述べた。", kinds=("caption",)
        )
    )
    kou, otsu = made.add("actor", "甲国", actor_id="tanaka"), made.add("actor", "乙国", actor_id="otsu")
    condition = made.add("condition", "停戦が成立すれば", condition_kind="precondition")
    people = made.add("quantity", "500人", min=500, max=500, unit="person", approx=False, distribution="collective")
    day = made.add("time", "3日", time_role="announced", value="XXXX-XX-03")
    links = {"holder": [kou], "source": [kou], "beneficiary": [otsu]}
    links |= {"condition": [condition], "quantity": [people], "time": [day]}
    quote = "乙国に工兵500人を送る用意がある"
    made.statement(quote, "用意がある", links=links, commitment_status="offered")
    (row,) = rows_of(made)
    assert not list(check_record("statement", {**row, "position_ids": ["made-up:p001"]}, "row"))
    assert row["statement_id"] == "made-up:s1:kou"
    assert (row["actor"], row["holder_id"], row["source"], row["agent"]) == ("kou", "tanaka", "tanaka", ["kou"])
    assert (row["stance"], row["stance_basis"], row["stance_score"], row["status_rank"]) == (
        "lean_support",
        "derived",
        1,
        1,
    )
    for each, words in ((row, quote), (row["conditions"][0], "停戦が成立すれば"), (row["quantities"][0], "500人")):
        assert made.on.text[each["start"] : each["end"]] == words
    assert made.on.raw[row["raw_start"] : row["raw_end"]] == quote
    assert row["start"] < row["raw_start"]  # the caption was cut
    assert row["counts"] and row["conditional"]


def test_one_row_for_each_holder_of_a_region() -> None:
    made = Maker(article("甲国、乙国などは派兵する計画だ。"))
    links = [made.add("actor", "甲国", actor_id="kou"), made.add("actor", "乙国", actor_id="otsu")]
    made.statement("派兵する計画だ", "計画だ", links={"holder": links})
    rows = rows_of(made)
    assert [row["actor"] for row in rows] == ["kou", "otsu"]
    assert {row["n_holders"] for row in rows} == {2} and {row["holder_mode"] for row in rows} == {"open_list"}
    assert [row["agent"] for row in rows] == [["kou"], ["otsu"]]


def test_holders_that_speak_for_one_actor_give_one_row() -> None:
    made = Maker(article("甲国のタナカ氏は派兵する計画だとした。"))
    links = [made.add("actor", "甲国", actor_id="kou"), made.add("actor", "タナカ", actor_id="tanaka")]
    made.statement("派兵する計画だ", "計画だ", links={"holder": links})
    assert [(row["actor"], row["holder_id"], row["holder_mode"]) for row in rows_of(made)] == [("kou", "kou", "single")]


@pytest.mark.parametrize(
    ("subset", "mode", "numbers"),
    [
        ("26/35", "subset", (26, 35)),
        ("26", "subset", (26, None)),
        ("most", "subset", (None, None)),
        (None, "group", (None, None)),
    ],
)
def test_groups_and_subsets(subset: str | None, mode: str, numbers: tuple[int | None, int | None]) -> None:
    made = Maker(article("丁連盟は派兵する計画だ。"))
    tei = made.add("actor", "丁連盟", actor_id="tei", subset=subset)
    made.statement("派兵する計画だ", "計画だ", links={"holder": [tei]})
    (row,) = rows_of(made)
    assert (row["holder_mode"], (row["holder_count"], row["holder_total"])) == (mode, numbers)
    assert subset_numbers(subset) == numbers


@pytest.mark.parametrize(
    ("text", "quote", "cue", "mode"),
    [
        ("甲国は「兵を送る計画だ」と述べた。", "兵を送る計画だ", "計画だ", "direct_quote"),
        ("甲国は兵を送る「計画だ」と述べた。", "兵を送る「計画だ", "計画だ", "mixed_quote"),
        ("甲国は「安全の保証」を担う計画だ。", "「安全の保証」を担う計画だ", "計画だ", "narrator"),
        ("甲国は“兵を送る計画だ”と述べた。", "兵を送る計画だ", "計画だ", "direct_quote"),
    ],
)
def test_quote_mode(text: str, quote: str, cue: str, mode: str) -> None:
    assert one_row(text, quote, cue)["quote_mode"] == mode


def test_nested_and_unclosed_quotes() -> None:
    assert quoted("「ab「c」d」") == [(0, 8), (3, 6)]
    assert quoted("」「a」「b") == [(1, 4)]


@pytest.mark.parametrize(
    ("kind", "status", "drawn", "stance"),
    [
        ("commitment", "ruled_out", None, "oppose"),
        ("commitment", "considering", None, "neutral"),
        ("commitment", "projected", None, None),
        ("stance", None, "unclear", "unclear"),
        ("demand", None, None, "support"),
        ("warning", None, None, "oppose"),
    ],
)
def test_derived_stance(kind: str, status: str | None, drawn: str | None, stance: str | None) -> None:
    assert derived_stance(kind, status, drawn) == stance
    assert (stance_score(stance) is None) == (stance in (None, "unclear"))


@pytest.mark.parametrize(
    ("own", "counted"),
    [
        ({}, True),
        ({"reporting": "hearsay"}, False),
        ({"temporal": "past_restated"}, False),
        ({"commitment_status": "projected", "reporting": "forecast", "projection": "will"}, False),
    ],
)
def test_what_counts(own: dict[str, Any], counted: bool) -> None:
    assert one_row("甲国は派兵する計画だ。", "派兵する計画だ", "計画だ", **own)["counts"] is counted


def test_a_heading_never_counts() -> None:
    made = Maker(article("甲国は派兵する計画", kinds=("heading",)))
    made.statement("派兵する計画", "計画", links={"holder": [made.add("actor", "甲国", actor_id="kou")]})
    assert rows_of(made)[0]["counts"] is False


def test_sources_from_the_outside_in() -> None:
    made = Maker(article("タナカ氏と省の当局者は青空通信に語った。"))
    made.add("actor", "タナカ", actor_id="tanaka")
    made.add("actor", "省", actor_id="ministry")
    made.add("actor", "当局者", actor_id="unnamed", affiliation="kou")
    made.add("actor", "青空通信", actor_id="aozora")
    assert source_chain(made.spans, REGISTRY) == ["narrator", "aozora", "unnamed", "ministry", "tanaka"]
    assert source_chain([], REGISTRY) == ["narrator"]


def test_mentions_and_their_roles() -> None:
    made = Maker(article("甲国は乙国に派兵する計画だ。"))
    kou, otsu = made.add("actor", "甲国", actor_id="kou"), made.add("actor", "乙国", actor_id="otsu")
    made.statement("乙国に派兵する計画だ", "計画だ", links={"source": [kou], "holder": [kou], "beneficiary": [otsu]})
    rows = list(mention_rows(Annotated(made.standoff(), made.on, REGISTRY, 1, False)))
    assert [(row["quote"], row["roles"]) for row in rows] == [("甲国", ["holder", "source"]), ("乙国", ["beneficiary"])]
    assert not [finding for row in rows for finding in check_record("mention", row, "row")]


def test_annotation_of_text_that_is_cut_is_a_fault() -> None:
    made = Maker(article("写真:甲国の港", "甲国は派兵する計画だ。", kinds=("caption",)))
    made.add("actor", "甲国", actor_id="kou")
    assert place(made.on, 0, 2) is None  # cut
    assert place(made.on, 0, 20) is None  # across segments


def test_digest_depends_on_the_paragraph() -> None:
    digests = {span_digest(text, 0, 2) for text in ("甲国は送る。", "甲国は送らない。")}
    assert len(digests) == 2 and all(len(digest) == 16 for digest in digests)


def test_each_signer_of_a_text_is_its_own_source() -> None:
    chain = ["narrator", "kou", "otsu"]
    assert [innermost(chain, actor, REGISTRY) for actor in ("kou", "otsu", "hei")] == ["kou", "otsu", "otsu"]
    assert innermost(["narrator"], "kou", REGISTRY) == "narrator"


@pytest.mark.parametrize(
    ("kind", "status", "stance", "leaves", "events", "stage", "categories"),
    [
        ("commitment", "pledged", "support", ["materiel.weapons"], ["AGREE"], "commitment", ["m"]),
        ("commitment", "delivered", "support", ["materiel.weapons", "aid.financial"], ["AID"], "delivery", ["m", "f"]),
        ("commitment", "delivered", "support", ["political.talks"], ["CONSULT"], None, []),
        ("commitment", "ruled_out", "oppose", ["force.ground"], ["REJECT"], None, []),
        ("commitment", "considering", "neutral", ["aid.humanitarian"], [], None, ["h"]),
        ("stance", None, "lean_oppose", ["force.ground"], ["REJECT"], None, []),
        ("demand", None, "support", ["peace.terms"], ["REQUEST"], None, []),
        ("warning", None, "oppose", ["force.unspecified"], ["THREATEN"], None, []),
    ],
)
def test_plover_and_kiel(
    kind: str, status: str, stance: str, leaves: list[str], events: list[str], stage: str, categories: list[str]
) -> None:
    assert plover_events(kind, status, stance, leaves) == events
    assert kiel(status, leaves) == {"kiel_stage": stage, "kiel_category": categories}
