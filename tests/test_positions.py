"""Statements to positions: keys, joins, and which statement decides."""

from __future__ import annotations

from typing import Any

import pytest

from kakuyaku.dataset.positions import Setting, beneficiary_class, completed, make_positions, office_rank
from kakuyaku.dataset.statements import counts, derived_stance, stance_score, status_rank
from tests.standoff_makers import REGISTRY


def row(region: int, **own: Any) -> dict[str, Any]:
    """A statement row with what positions look at."""
    base: dict[str, Any] = {
        "article_id": "made-up", "region": f"s{region}", "actor": "kou", "actor_kind": "state", "country": "AAA",
        "kind": "commitment", "commitment_type": ["force.ground"], "measure_relation": "single",
        "commitment_status": "planned", "stance": None, "agent": ["kou"], "agent_side": "own", "beneficiary": [],
        "source": "narrator", "quote_mode": "paraphrase", "reporting": "asserted", "temporal": "current",
        "holder_mode": "single", "holder_count": None, "holder_total": None,
        "phase": "post_ceasefire", "conditional": bool(own.get("conditions")), "conditions": [], "quantities": [], "times": [], "segment_id": "body",
        "raw_start": region * 10, "raw_end": region * 10 + 5, **own,
    }  # fmt: skip
    status = base["commitment_status"]
    stance = derived_stance(base["kind"], status, base["stance"])
    derived = {
        "statement_id": f"made-up:s{region}:{base['actor']}",
        "stance": stance,
        "stance_score": stance_score(stance),
        "stance_basis": "annotated" if base["kind"] == "stance" else "derived",
        "status_rank": status_rank(status),
        "counts": counts(base["reporting"], base["temporal"], status, base["segment_id"]),
    }
    return {**base, **derived}


def positions(*rows: dict[str, Any], **setting: Any) -> list[dict[str, Any]]:
    chosen = {"principal_beneficiary": "otsu", "published_on": "2030-04-05", "registry": REGISTRY, **setting}
    return make_positions(rows, Setting(**chosen))[0]


def decided(*rows: dict[str, Any], **setting: Any) -> str:
    (position,) = positions(*rows, **setting)
    return str(position["decided_by"]).split(":")[1]


def announced(value: str) -> list[dict[str, Any]]:
    return [{"time_role": "announced", "value": value, "anchor": None}]


def test_any_of_is_one_key_and_all_of_one_for_each_leaf() -> None:
    leaves = ["force.ground", "force.air"]
    (one,) = positions(row(1, commitment_type=leaves, measure_relation="any_of"))
    assert (one["measure"], one["measure_relation"]) == (leaves, "any_of")
    two, statements = make_positions(
        [row(1, commitment_type=leaves, measure_relation="all_of"), row(2, commitment_type=["force.air"])],
        Setting("otsu", None, REGISTRY),
    )
    assert [(p["measure"], p["n_statements"]) for p in two] == [(["force.ground"], 1), (["force.air"], 2)]
    assert [each["position_ids"] for each in statements] == [["made-up:p001", "made-up:p002"], ["made-up:p002"]]


@pytest.mark.parametrize(
    "other",
    [
        {"phase": "current_war"},
        {"commitment_type": ["force.air"]},
        {"actor": "hei"},
        {"beneficiary": ["hei"]},
        {"holder_count": 26, "holder_total": 35},
    ],
)
def test_another_key_is_another_position(other: dict[str, Any]) -> None:
    assert len(positions(row(1), row(2, **other))) == 2


def test_the_principal_beneficiary_need_not_be_named() -> None:
    assert len(positions(row(1), row(2, beneficiary=["otsu"]))) == 1
    assert beneficiary_class(["tei", "hei"], "otsu") == "hei+tei"
    assert beneficiary_class(["tei", "otsu"], "otsu") == beneficiary_class([], None) == "principal"


def test_same_position_joins_and_the_deciding_statement_gives_the_labels() -> None:
    rows = row(1), row(2, phase="current_war", quote_mode="direct_quote", commitment_status="offered")
    assert len(positions(*rows)) == 2
    (joined,) = positions(*rows, same_position=frozenset({("s1", "s2")}))
    assert (joined["phase"], joined["commitment_status"], joined["stance"]) == (
        "current_war",
        "offered",
        "lean_support",
    )
    assert joined["statement_ids"] == ["made-up:s1:kou", "made-up:s2:kou"]


def test_same_position_never_joins_two_actors() -> None:
    assert len(positions(row(1), row(2, actor="hei"), same_position=frozenset({("s1", "s2")}))) == 2


def test_the_order_in_which_statements_decide() -> None:
    spokesperson, head = {"source": "tanaka"}, {"source": "suzuki"}
    assert decided(row(1, quote_mode="direct_quote", **spokesperson), row(2, **head)) == "s1"  # (a) quotation
    assert decided(row(1, quote_mode="mixed_quote"), row(2, quote_mode="direct_quote")) == "s2"  # both quote: (d)
    assert decided(row(1, **head), row(2, **spokesperson)) == "s1"  # (b) office
    assert decided(row(1, times=announced("2030-04-03")), row(2, times=announced("2030-04-01"))) == "s1"  # (c) day
    assert decided(row(1, times=announced("XXXX-XX-03")), row(2, times=announced("XXXX-XX-01"))) == "s1"
    assert decided(row(1), row(2)) == "s2"  # (d) place


@pytest.mark.parametrize(
    "uncounted",
    [
        {"reporting": "hearsay"},
        {"reporting": "relayed"},
        {"temporal": "past_restated"},
        {"reporting": "forecast", "commitment_status": "projected"},
        {"segment_id": "heading"},
    ],
)
def test_uncounted_rows_never_decide(uncounted: dict[str, Any]) -> None:
    loud = row(2, quote_mode="direct_quote", source="suzuki", conditional=True, **uncounted)
    (position,) = positions(row(1, quote_mode="narrator"), loud, headings=frozenset({"heading"}))
    assert position["decided_by"] == "made-up:s1:kou"
    assert (position["basis"], position["n_statements"], position["n_counted"]) == ("asserted", 2, 1)
    assert not position["conditional"]


def test_without_a_counted_row_the_best_class_decides() -> None:
    rows = [
        row(1, reporting="hearsay", commitment_status="offered"),
        row(2, reporting="relayed", quote_mode="direct_quote"),
        row(3, temporal="past_restated", quote_mode="direct_quote"),
        row(4, segment_id="heading", quote_mode="direct_quote"),
    ]
    (position,) = positions(*rows, headings=frozenset({"heading"}))
    assert (position["decided_by"], position["basis"], position["n_counted"]) == ("made-up:s1:kou", "hearsay", 0)


def test_as_of_is_the_announcement_or_else_the_date_of_the_article() -> None:
    assert positions(row(1, times=announced("XXXX-04-03")))[0]["as_of"] == "XXXX-04-03"
    assert positions(row(1))[0]["as_of"] == "2030-04-05"
    assert positions(row(1), published_on=None)[0]["as_of"] is None


@pytest.mark.parametrize(
    ("date", "published", "day"),
    [
        ("XXXX-XX-19", "2025-08-20", "2025-08-19"),
        ("XXXX-XX-21", "2025-08-20", "2025-07-21"),
        ("XXXX-02-27", "2024-02-28", "2024-02-27"),
        ("XXXX-12-30", "2026-01-02", "2025-12-30"),
        ("2025-04-30", None, "2025-04-30"),
        ("XXXX-XX-19", None, None),
        ("XXXX-01", "2026-02-03", None),
        ("XXXX-02-30", "2026-02-03", None),
        (None, "2026-02-03", None),
    ],
)
def test_a_date_with_unknown_digits_is_the_last_fitting_day(date: str, published: str, day: str) -> None:
    assert completed(date, published) == day


def test_conditions_of_the_members_that_decide_make_a_position_conditional() -> None:
    trigger = [{"condition_kind": "trigger"}]
    (hearsay,) = positions(row(1, reporting="hearsay", conditions=trigger), row(2, reporting="hearsay"))
    assert (hearsay["conditional"], hearsay["condition_kinds"]) == (True, ["trigger"])
    (asserted,) = positions(row(1, reporting="hearsay", conditions=trigger), row(2))
    assert (asserted["conditional"], asserted["condition_kinds"]) == (False, [])


def test_positions_do_not_depend_on_hidden_order_and_are_numbered_by_text() -> None:
    rows = [row(1, actor="otsu"), row(2), row(3, actor="hei")]
    assert [(p["position_id"], p["actor"]) for p in positions(*rows)] == [
        ("made-up:p001", "otsu"),
        ("made-up:p002", "kou"),
        ("made-up:p003", "hei"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        (
            {"source": "suzuki", "commitment_status": "pledged"},
            {"source": "tanaka", "commitment_status": "offered"},
            True,
        ),
        (
            {"source": "suzuki", "commitment_status": "pledged"},
            {"source": "tanaka", "commitment_status": "planned"},
            False,
        ),
        ({"source": "hei", "reporting": "relayed"}, {"source": "tanaka", "commitment_status": "declined"}, True),
        (
            {"source": "suzuki", "temporal": "past_restated"},
            {"source": "tanaka", "commitment_status": "declined"},
            False,
        ),
    ],
)
def test_contradictions(one: dict[str, Any], other: dict[str, Any], contradicts: bool) -> None:
    assert positions(row(1, **one), row(2, **other))[0]["conflicting"] is contradicts


def test_office_ranks() -> None:
    ids = ("suzuki", "kou", "ministry", "tanaka", "unnamed", "narrator")
    assert [office_rank(id_, REGISTRY) for id_ in ids] == [1, 2, 3, 4, 5, 6]
    assert office_rank("aozora", REGISTRY) == 6
