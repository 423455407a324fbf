"""The score of each unit: a weighted sum of its features, above 0 when it belongs to the article.

The weights are logistic regression's, fitted by ``benchmarks/fit_cleaner.py`` on pages with labelled lines, and stand
in ``weights.json``. A sum can be taken apart again: what spoke for a unit and what against it is its evidence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import kernel

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
REASONS = 3
LANES = 16


@dataclass(frozen=True)
class Features:
    """A row for each unit, a column for each feature."""

    names: tuple[str, ...]
    values: Floats


@dataclass(frozen=True)
class Weights:
    """The weights of one model: ``values[i]`` belongs to the feature ``names[i]``; a feature without weight counts
    0."""

    names: tuple[str, ...]
    values: Floats
    bias: float

    @classmethod
    def of(cls, weights: Mapping[str, float], bias: float) -> Weights:
        """Weights by the names of their features."""
        return cls(tuple(weights), np.array(list(weights.values()), dtype=np.float32), bias)

    def reasons(self, features: Features, unit: int) -> str:
        """What weighed most for and against one unit, the heaviest first."""
        parts = self.over(features.names) * features.values[unit]
        heaviest = np.argsort(-np.abs(parts), kind="stable")[:REASONS]
        return ", ".join(f"{features.names[i]} {parts[i]:+.1f}" for i in heaviest.tolist() if parts[i])

    def over(self, names: Sequence[str]) -> Floats:
        """The weight of each of these features."""
        if tuple(names) == self.names:
            return self.values
        own = dict(zip(self.names, self.values.tolist(), strict=True))
        return np.array([own.get(name, 0.0) for name in names], dtype=np.float32)


@dataclass(frozen=True)
class Model:
    """Weights for pages of text alone, and others for pages whose markup is known."""

    text: Weights
    html: Weights


@cache
def fitted() -> Model:
    """The model of ``weights.json``."""
    table = json.loads(files("kakuyaku.cleaning").joinpath("weights.json").read_text(encoding="utf-8"))["models"]
    return Model(*(Weights.of(table[name]["weights"], table[name]["bias"]) for name in ("text", "html")))


@kernel
def score(values: Floats, weights: Floats, bias: float, sums: Floats) -> np.float32:
    """The score of a unit: log odds of belonging to the article.

    ``sums`` is room for LANES partial sums, each added up in order: fast, and the same on every machine.
    """
    sums[:] = 0
    whole = len(weights) // LANES * LANES
    for i in range(0, whole, LANES):
        for lane in range(LANES):
            sums[lane] += weights[i + lane] * values[i + lane]
    for lane in range(len(weights) - whole):
        sums[lane] += weights[whole + lane] * values[whole + lane]
    total = np.float32(bias)
    for lane in range(LANES):
        total += sums[lane]
    return total
