"""Coefficients of agreement between two annotators. Where one is undefined it is None, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

Pair = tuple[Any, Any]  # what the first and the second annotator gave to one unit
Distance = Callable[[Any, Any], float]


class Score(NamedTuple):
    """A coefficient; ``value`` is None where it is undefined, and ``reason`` then says why."""

    value: float | None
    reason: str | None = None


NO_UNITS = Score(None, "no units")
ONE_LABEL = Score(None, "one label only: nothing to tell apart")


def alpha(pairs: Sequence[Pair], metric: str | Distance, domain: Sequence[Hashable] | None = None) -> Score:
    """Krippendorff's alpha of two annotators without missing values.

    Args:
        pairs: the two values of each unit.
        metric: ``nominal``, ``ordinal``, or a distance between two values (0 to 1).
        domain: all values in their order, needed for ``ordinal``; else those that occur.
    """
    import krippendorff

    if not pairs:
        return NO_UNITS
    used = {value for pair in pairs for value in pair}
    if len(used) < 2:
        return ONE_LABEL
    values = [value for value in domain if value in used] if domain else sorted(used, key=repr)
    place = {value: index for index, value in enumerate(values)}
    units = Counter((place[one], place[other]) for one, other in pairs)
    counts = np.zeros((len(units), len(values)), dtype=int)
    for row, (one, other) in enumerate(units):
        counts[row, one] += 1
        counts[row, other] += 1
    counts = np.repeat(counts, list(units.values()), axis=0)
    level: Any = metric
    if not isinstance(metric, str):
        table = np.array([[metric(one, other) for other in values] for one in values])

        def level(v1: Any, v2: Any, i1: Any, i2: Any, n_v: Any, dtype: Any = float) -> Any:
            return table[i1.astype(int), i2.astype(int)]

    found = krippendorff.alpha(
        value_counts=counts, value_domain=np.arange(len(values)), level_of_measurement=level, dtype=np.float64
    )
    return Score(float(found))


def masi(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    """MASI distance of two sets: 1 − Jaccard · (1 equal, ⅔ one in the other, ⅓ overlapping, 0 disjoint)."""
    if one == other:
        return 0.0
    shared = len(one & other)
    weight = 0.0 if not shared else 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - weight * shared / len(one | other)


def f1(shared: int, n_first: int, n_second: int) -> Score:
    """F1 of two sets of units of which ``shared`` are in both; the same whichever annotator comes first."""
    return Score(2 * shared / (n_first + n_second)) if n_first + n_second else NO_UNITS


def accuracy(pairs: Sequence[Pair]) -> Score:
    """Share of units with equal values."""
    return Score(sum(one == other for one, other in pairs) / len(pairs)) if pairs else NO_UNITS


def macro_f1(pairs: Sequence[tuple[frozenset[Hashable], frozenset[Hashable]]]) -> Score:
    """Mean over the labels of the F1 of their presence; single labels are sets of one."""
    first, second, both = Counter[Hashable](), Counter[Hashable](), Counter[Hashable]()
    for one, other in pairs:
        first.update(one)
        second.update(other)
        both.update(one & other)
    names = set(first) | set(second)
    if not names:
        return NO_UNITS
    # the names are sorted: floats added in another order would differ in the last digit
    return Score(sum(2 * both[n] / (first[n] + second[n]) for n in sorted(names, key=repr)) / len(names))


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> Score:
    """Cohen's kappa with linear weights over ranks."""
    if not pairs:
        return NO_UNITS
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(abs(a - b) * n * m for a, n in first.items() for b, m in second.items()) / len(pairs)
    if not expected:
        return ONE_LABEL
    return Score(1 - sum(abs(one - other) for one, other in pairs) / expected)


def b_cubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> Score:
    """B-cubed F1 of two clusterings; each unit carries its cluster of the first and of the second annotator."""
    if not pairs:
        return NO_UNITS
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    both = Counter(pairs)
    precision = sum(n * n / first[one] for (one, _), n in sorted(both.items(), key=repr)) / len(pairs)
    recall = sum(n * n / second[other] for (_, other), n in sorted(both.items(), key=repr)) / len(pairs)
    return Score(2 * precision * recall / (precision + recall))


def percentiles(values: Iterable[float], level: float = 0.95) -> tuple[float, float] | None:
    """The interval that holds the middle ``level`` of bootstrap values; None without any."""
    found = np.array(list(values))
    if not len(found):
        return None
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
