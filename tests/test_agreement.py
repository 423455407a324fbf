"""Coefficients against figures computed by hand, and laws of the comparison of two annotations."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.agreement.comparing import Compared, compare
from kakuyaku.agreement.figures import TOO_FEW, Figure, figures, pair_record
from kakuyaku.agreement.reliability import ONE_LABEL, accuracy, alpha, b_cubed, f1, macro_f1, masi, weighted_kappa
from kakuyaku.annotation.standoff import Standoff
from kakuyaku.contract import check_record
from tests.standoff_makers import REGISTRY, Maker, article

TEXT = (
    "甲国は停戦後に歩兵を送る計画だ。",
    "乙国は丙国に撃つのを止めるよう求めた。",
    "甲国は砲弾の供与を検討している。",
)
ARTICLE = article(*TEXT)


def annotation(annotator: str = "a1", *, status: str = "planned", extra: bool = False, holder: str = "kou") -> Standoff:
    made = Maker(ARTICLE, annotator)
    kou, otsu = made.add("actor", "甲国", actor_id=holder), made.add("actor", "乙国", actor_id="otsu")
    hei = made.add("actor", "丙国", actor_id="hei")
    first = made.statement("停戦後に歩兵を送る計画だ", "計画だ", links={"holder": [kou]}, commitment_status=status)
    made.statement(
        "撃つのを止めるよう求めた",
        "求めた",
        links={"holder": [otsu], "agent": [hei]},
        kind="demand",
        commitment_type=["peace.ceasefire"],
        commitment_status=None,
        phase="unspecified",
        phase_basis=None,
    )
    if extra:
        third = made.statement(
            "砲弾の供与を検討している", "検討", links={"holder": [kou]}, commitment_status="considering"
        )
        made.link(first, same_position=[third])
    return made.standoff()


def by_name(compared: list[Compared]) -> dict[str, Figure]:
    return {f"{figure.layer}.{figure.measure}": figure for figure in figures(compared, "test")}


def test_identical_passes_agree_wholly() -> None:
    both = [compare(annotation("a1"), annotation("a2"), ARTICLE, REGISTRY)]
    for name, figure in by_name(both).items():
        assert figure.value in (None, 1.0), name
        assert (figure.value is None) == (figure.reason is not None and figure.reason != "no interval from one article")
    assert by_name(both)["row.tuple_f1"].value == 1.0


def test_what_differs_is_seen_where_it_belongs() -> None:
    found = by_name([compare(annotation(extra=True), annotation("a2", status="offered"), ARTICLE, REGISTRY)])
    assert found["statement.exact_f1"].value == pytest.approx(0.8)  # 2 shared, 3 and 2 drawn
    assert found["statement.exact_f1"].n == 3
    assert found["row.tuple_f1"].value == pytest.approx(0.4)  # the status of one row differs, one row is missing
    assert found["commitment_status.alpha_ordinal"].n == 1
    assert found["kind.alpha_nominal"].value == 1.0
    assert found["kind.alpha_nominal"].warning == TOO_FEW


def test_holders_are_compared_resolved_and_as_linked() -> None:
    found = by_name([compare(annotation(), annotation("a2", holder="tanaka"), ARTICLE, REGISTRY)])
    assert found["holder.alpha_masi"].value == 1.0
    assert found["holder_as_linked.alpha_masi"].value != 1.0
    assert found["actor_id.accuracy"].value == pytest.approx(2 / 3, abs=1e-4)
    assert found["row.tuple_f1"].value == 1.0


@given(st.randoms(), st.booleans(), st.sampled_from(["planned", "offered", "projected"]))
def test_f1_is_symmetric_and_the_order_of_spans_forgotten(random: Random, extra: bool, status: str) -> None:
    one, other = annotation("a1", extra=extra), annotation("a2", status=status)
    shuffled = replace(one, spans=tuple(random.sample(one.spans, len(one.spans))))
    there, back = (by_name([compare(*pair, ARTICLE, REGISTRY)]) for pair in ((shuffled, other), (other, one)))
    assert {name: figure.value for name, figure in there.items()} == {name: f.value for name, f in back.items()}


def test_intervals_are_the_same_each_time_and_hold_the_value() -> None:
    good, bad = (
        replace(compare(annotation(extra=extra), annotation("a2"), ARTICLE, REGISTRY), article_id=str(extra))
        for extra in (False, True)
    )
    found, again = by_name([good, bad]), by_name([good, bad])
    assert found == again
    figure = found["statement.exact_f1"]
    assert figure.low is not None and figure.value is not None and figure.high is not None
    assert figure.low < figure.value < figure.high


def test_record_fits_its_schema() -> None:
    compared = [compare(annotation(), annotation("a2", status="offered"), ARTICLE, REGISTRY)]
    pair = {"round": "1", "kinds": {"a1": None, "a2": None}, **pair_record(compared, ("a1", "a2"), "1.1", "0")}
    assert not list(check_record("agreement", {"schema_version": "1.0", "pairs": [pair]}, "agreement.json"))
    cells = pair["confusions"]["commitment_status"]["cells"]
    assert cells == [{"first": "planned", "second": "offered", "n": 1}]


def test_alpha_by_hand() -> None:
    # Four units, values a a / a a / a b / b b: coincidences aa 4, ab 1, ba 1, bb 2; n = 8, n_a = 5, n_b = 3.
    # Do = 2/8; De = 2·5·3/(8·7) = 30/56; alpha = 1 − 0.25·56/30
    pairs: list[Any] = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b")]
    assert alpha(pairs, "nominal").value == pytest.approx(1 - 0.25 * 56 / 30)
    # a distance of 0 or 1 is the nominal one
    assert alpha(pairs, lambda one, other: float(one != other)).value == pytest.approx(1 - 0.25 * 56 / 30)


def test_ordinal_alpha_punishes_distance() -> None:
    near: list[Any] = [(1, 1), (2, 2), (3, 3), (1, 2)]
    far: list[Any] = [(1, 1), (2, 2), (3, 3), (1, 3)]
    values = [alpha(pairs, "ordinal", domain=[1, 2, 3]).value for pairs in (near, far)]
    assert values[0] is not None and values[1] is not None and values[0] > values[1]


def test_undefined_figures_say_why() -> None:
    assert alpha([("a", "a")], "nominal") == ONE_LABEL
    assert alpha([], "nominal").reason == f1(0, 0, 0).reason == accuracy([]).reason == b_cubed([]).reason == "no units"
    assert weighted_kappa([(1, 1)]) == ONE_LABEL
    assert macro_f1([]).value is None


def test_masi_by_hand() -> None:
    a, b, ab, bc = (frozenset(letters) for letters in ("a", "b", "ab", "bc"))
    assert masi(a, a) == masi(frozenset(), frozenset()) == 0
    assert masi(a, b) == masi(a, frozenset()) == 1
    assert masi(a, ab) == masi(ab, a) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(ab, bc) == pytest.approx(1 - 1 / 3 * 1 / 3)


def test_small_coefficients_by_hand() -> None:
    assert f1(2, 3, 5).value == pytest.approx(0.5)
    # clusters {1 2} {3} against {1} {2} {3}: precision (1/2+1/2+1)/3, recall 1
    assert b_cubed([("x", "p"), ("x", "q"), ("y", "r")]).value == pytest.approx(2 * (2 / 3) / (2 / 3 + 1))
    # observed 1/2; expected (|1-1|+|1-2|+|2-1|+|2-2|)/4 = 1/2
    assert weighted_kappa([(1, 1), (1, 2), (2, 1), (2, 2)]).value == pytest.approx(0)
    assert macro_f1([(frozenset("a"), frozenset("a")), (frozenset("a"), frozenset("b"))]).value == pytest.approx(1 / 3)
