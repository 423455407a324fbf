"""One-to-one matching of two sets of spans: the pairs whose summed Jaccard overlap is greatest.

Only pairs that overlap enough are candidates. Spans that are tied together by candidates form a component, and each
component is solved exactly by the Hungarian method on whole numbers, so that equal inputs give equal pairs everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol, TypeVar

THRESHOLD = Fraction(1, 2)
_SCALE = 10**12  # Jaccard overlaps become whole numbers: sums closer than this are equal
Edge = tuple[int, int]


class Placed(Protocol):
    """Anything with half-open code-point offsets."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=Placed)


def jaccard(one: Placed, other: Placed) -> Fraction:
    """Shared code points over all code points of two spans, 0 to 1."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return Fraction(shared, max(one.end, other.end) - min(one.start, other.start)) if shared > 0 else Fraction(0)


def match(
    left: Sequence[S],
    right: Sequence[S],
    affinity: Callable[[S, S], int] = lambda one, other: 0,
    threshold: Fraction = THRESHOLD,
) -> list[Edge]:
    """Index pairs (left, right) of the best one-to-one matching, in text order of the left side.

    Greatest first: the sum of the Jaccard overlaps, the number of pairs, the sum of ``affinity`` (not negative), and
    pairs that keep the order of both sides. The result does not depend on the order in which the spans are given,
    except among spans of equal offsets.
    """
    lefts = sorted(range(len(left)), key=lambda i: (left[i].start, left[i].end, i))
    rights = sorted(range(len(right)), key=lambda j: (right[j].start, right[j].end, j))
    overlap = {
        (i, j): value
        for i, one in enumerate(lefts)
        for j, other in enumerate(rights)
        if left[one].start < right[other].end and right[other].start < left[one].end
        and (value := jaccard(left[one], right[other])) >= threshold
    }  # fmt: skip
    pairs: list[Edge] = []
    for edges in components(overlap):
        rows, columns = sorted({i for i, _ in edges}), sorted({j for _, j in edges})
        size = max(len(rows), len(columns))
        liking = {(i, j): affinity(left[lefts[i]], right[rights[j]]) for i, j in edges}
        # One whole number per pair, in which a higher criterion always outweighs the sum of all lower ones.
        order_base = size**3 + 1
        liking_base = order_base * (max(liking.values()) * size + 1)
        count_base = liking_base * (size + 1)
        weights = {
            (i, j): round(overlap[i, j] * _SCALE) * count_base
            + liking_base
            + liking[i, j] * order_base
            + size**2
            - (rows.index(i) - columns.index(j)) ** 2
            for i, j in edges
        }
        pairs += assign(weights)
    return [(lefts[i], rights[j]) for i, j in sorted(pairs)]


def components(edges: Mapping[Edge, object]) -> list[list[Edge]]:
    """The edges of a bipartite graph by connected component."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, j in edges:
        parent[root(("left", i))] = root(("right", j))
    found: dict[tuple[str, int], list[Edge]] = {}
    for edge in sorted(edges):
        found.setdefault(root(("left", edge[0])), []).append(edge)
    return list(found.values())


def assign(weights: Mapping[Edge, int]) -> list[Edge]:
    """The one-to-one subset of edges with the greatest sum of weights (all above 0), sorted."""
    if not weights:
        return []
    rows, columns = sorted({i for i, _ in weights}), sorted({j for _, j in weights})
    width = max(len(rows), len(columns))
    # A pair that is no edge weighs nothing: to choose it is to leave both ends alone.
    cost = [[-weights.get((i, columns[j]), 0) if j < len(columns) else 0 for j in range(width)] for i in rows]
    chosen = ((rows[i], columns[j]) for i, j in _hungarian(cost) if j < len(columns))
    return sorted(edge for edge in chosen if edge in weights)


def _hungarian(cost: Sequence[Sequence[int]]) -> list[Edge]:
    """A column for every row at least cost; ``cost`` has at least as many columns as rows. O(rows² · columns)."""
    n, m = len(cost), len(cost[0])
    row_price, column_price = [0] * (n + 1), [0] * (m + 1)
    row_of = [0] * (m + 1)  # rows and columns count from 1; column 0 holds the row that is being placed
    for row in range(1, n + 1):
        row_of[0] = row
        slack: list[int | None] = [None] * (m + 1)
        came_from, done = [0] * (m + 1), [False] * (m + 1)
        column = 0
        while row_of[column]:
            done[column] = True
            best, nearest = None, 0
            here = row_of[column]
            for j in range(1, m + 1):
                if done[j]:
                    continue
                reduced = cost[here - 1][j - 1] - row_price[here] - column_price[j]
                known = slack[j]
                if known is None or reduced < known:
                    slack[j], came_from[j], known = reduced, column, reduced
                if best is None or known < best:
                    best, nearest = known, j
            assert best is not None
            for j in range(m + 1):
                if done[j]:
                    row_price[row_of[j]] += best
                    column_price[j] -= best
                elif (known := slack[j]) is not None:
                    slack[j] = known - best
            column = nearest
        while column:  # turn the path round: each row on it moves one column on
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    return [(row_of[j] - 1, j - 1) for j in range(1, m + 1) if row_of[j]]
