"""Splits never move, groups never straddle."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.contract import labels
from kakuyaku.splits import Assignment, propose


def arrive(articles: list[tuple[str, str]], table: dict[str, Assignment]) -> dict[str, Assignment]:
    for article_id, group in articles:
        if article_id not in table:
            table[article_id] = propose(article_id, group, list(table.values()))
    return table


arrivals = st.lists(
    st.tuples(st.integers(0, 60).map("a{:03}".format), st.integers(0, 25).map("g{}".format)), max_size=40
)


@given(arrivals, arrivals, st.randoms(use_true_random=False))
def test_growth_moves_nothing_and_groups_stay_together(
    first: list[tuple[str, str]], more: list[tuple[str, str]], rng: random.Random
) -> None:
    table = arrive(first, {})
    before = dict(table)
    rng.shuffle(more)
    after = arrive(more, table)
    assert {id_: after[id_] for id_ in before} == before
    by_group: dict[str, set[str]] = {}
    for assignment in after.values():
        by_group.setdefault(assignment.group, set()).add(assignment.split)
    assert all(len(splits) == 1 for splits in by_group.values())


@given(arrivals, st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(articles: list[tuple[str, str]], rng: random.Random) -> None:
    one_group_each = list(dict(articles).items())
    shuffled = list(one_group_each)
    rng.shuffle(shuffled)
    assert arrive(one_group_each, {}) == arrive(shuffled, {})


def test_shares_are_near_those_of_the_vocabulary() -> None:
    n = 4000
    found = [propose(f"a{i}", f"a{i}", []).split for i in range(n)]
    for label in labels("split").values():
        assert abs(found.count(label.id) / n - float(label.extra["share"])) < 0.03
