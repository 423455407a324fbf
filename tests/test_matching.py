"""One-to-one matching of spans."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.agreement.matching import assign, jaccard, match


@dataclass(frozen=True)
class Piece:
    start: int
    end: int
    leaf: int = 0


pieces = st.builds(lambda s, n: Piece(s, s + n), st.integers(0, 12), st.integers(1, 6))
weights = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 20), max_size=12)


def best_by_hand(edges: dict[tuple[int, int], int]) -> int:
    rows, columns = sorted({i for i, _ in edges}), [*sorted({j for _, j in edges}), *[-1] * len({i for i, _ in edges})]
    return max(
        (
            sum(edges.get(pair, 0) for pair in zip(rows, chosen, strict=True))
            for chosen in permutations(columns, len(rows))
        ),
        default=0,
    )


@given(weights)
def test_assignment_is_one_to_one_and_as_good_as_brute_force(edges: dict[tuple[int, int], int]) -> None:
    small = {(i, j): weight for (i, j), weight in edges.items() if i < 4 and j < 4}
    chosen = assign(small)
    assert len({i for i, _ in chosen}) == len({j for _, j in chosen}) == len(chosen)
    assert sum(small[edge] for edge in chosen) == best_by_hand(small)


@given(st.lists(pieces, max_size=6), st.lists(pieces, max_size=6))
def test_sides_can_be_exchanged(left: list[Piece], right: list[Piece]) -> None:
    one, other = match(left, right), match(right, left)
    assert len(one) == len(other)
    total = [sum(jaccard(a[i], b[j]) for i, j in pairs) for a, b, pairs in ((left, right, one), (right, left, other))]
    assert total[0] == total[1]


@given(st.lists(pieces, max_size=6), st.lists(pieces, max_size=6), st.randoms())
def test_order_of_the_file_does_not_matter(left: list[Piece], right: list[Piece], random: Random) -> None:
    shuffled = random.sample(left, len(left))
    pairs = sorted((left[i].start, left[i].end, right[j].start, right[j].end) for i, j in match(left, right))
    again = sorted(
        (shuffled[i].start, shuffled[i].end, right[j].start, right[j].end) for i, j in match(shuffled, right)
    )
    assert pairs == again


def test_the_sum_decides_and_not_the_nearest_first() -> None:
    left = [Piece(0, 10), Piece(4, 14)]
    right = [Piece(2, 12), Piece(5, 15)]
    assert match(left, right) == [(0, 0), (1, 1)]


def test_less_than_half_is_no_pair() -> None:
    assert jaccard(Piece(0, 10), Piece(5, 15)) == Fraction(1, 3)
    assert match([Piece(0, 10)], [Piece(5, 15)]) == []
    assert match([Piece(0, 10)], [Piece(0, 5)]) == [(0, 0)]


def test_equal_regions_are_told_apart_by_their_leaves() -> None:
    left = [Piece(0, 5, leaf=1), Piece(0, 5, leaf=2)]
    right = [Piece(0, 5, leaf=2), Piece(0, 5, leaf=1)]
    assert match(left, right, lambda a, b: int(a.leaf == b.leaf)) == [(0, 1), (1, 0)]
