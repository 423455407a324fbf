"""Agreement between two annotators, layer by layer, with bootstrap intervals over articles (codebook, section 8)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from kakuyaku.agreement import reliability
from kakuyaku.agreement.comparing import ATTRIBUTES, SET_RELATIONS, VALUES, Compared, Counts
from kakuyaku.agreement.reliability import Pair, Score
from kakuyaku.contract import labels

RESAMPLES, SEED = 1_000, 20_260_101
ENOUGH_UNITS = 50
TOO_FEW = "too few units"
CONFUSED = ("kind", "commitment_status", "stance", "phase", "reporting", "temporal", "measure_relation")
# Rungs that lie close together are one class in the coarse figure: promised, intended or offered, open, negative.
COARSE = ((3, "promised"), (1, "intended"), (0, "open"), (-3, "negative"))
Measure = Callable[[Sequence[Compared]], tuple[Score, int]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One coefficient with its 95 % interval, rounded to four digits.

    ``n`` counts units: matched units for attributes, distinct spans or rows for F1, code points for character alpha.
    ``warning`` is “too few units” below 50 of them. ``reason`` says why a value or an interval is null.
    """

    layer: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None
    warning: str | None
    signature: str


def figures(compared: Sequence[Compared], signature: str) -> list[Figure]:
    """Every figure of one pair of annotators, in the order of the layers."""
    return [_figure(layer, name, measure, compared, signature) for layer, name, measure in measures()]


def measures() -> list[tuple[str, str, Measure]]:
    """Layer, name and function of every measure."""
    found: list[tuple[str, str, Measure]] = []
    for label in labels("span_label"):
        found.append((label, "exact_f1", partial(_span_f1, label=label, exact=True)))
        found.append((label, "overlap_f1", partial(_span_f1, label=label, exact=False)))
        if label == "statement":
            found.append((label, "character_alpha", partial(_character_alpha, label=label)))
    found.append(("actor_id", "accuracy", partial(_attribute, name="actor_id", score=reliability.accuracy)))
    for name in ("holder", "holder_as_linked", "commitment_type", *SET_RELATIONS[1:]):
        masi = partial(reliability.alpha, metric=reliability.masi)
        found.append((name, "alpha_masi", partial(_attribute, name=name, score=masi)))
        found.append((name, "macro_f1", partial(_attribute, name=name, score=reliability.macro_f1)))
    nominal = partial(reliability.alpha, metric="nominal")
    found += [(name, "alpha_nominal", partial(_attribute, name=name, score=nominal)) for name in ATTRIBUTES]
    for name, scale in (
        ("commitment_status", _scale("commitment_status", "rank")),
        ("stance", _scale("stance", "score")),
    ):
        ordinal = partial(reliability.alpha, metric="ordinal", domain=sorted(set(scale.values())))
        found += [
            (name, "alpha_ordinal", partial(_attribute, name=name, score=ordinal, recode=partial(_ranked, scale))),
            (
                name,
                "weighted_kappa",
                partial(_attribute, name=name, score=reliability.weighted_kappa, recode=partial(_ranked, scale)),
            ),
            (name, "macro_f1", partial(_attribute, name=name, score=reliability.macro_f1, recode=_singletons)),
            (
                name,
                "off_scale_alpha_nominal",
                partial(_attribute, name=name, score=nominal, recode=partial(_off, scale)),
            ),
        ]
        if name == "commitment_status":
            recode = partial(_coarse, scale)
            found.append(
                (name, "four_classes_alpha_nominal", partial(_attribute, name=name, score=nominal, recode=recode))
            )
    for label in VALUES:
        name = f"{label}_value"
        found.append((name, "accuracy", partial(_attribute, name=name, score=reliability.accuracy)))
    found.append(("same_position", "b_cubed_f1", _same_position))
    found.append(("row", "tuple_f1", _tuple_f1))
    return found


def confusions(compared: Sequence[Compared]) -> dict[str, Any]:
    """By attribute: how often either annotator gave each label to matched statements, and which pairs came up."""
    found: dict[str, Any] = {}
    for name in (*CONFUSED, "commitment_type"):
        pairs = _pairs(compared, name)
        sets = [(_as_set(one), _as_set(other)) for one, other in pairs]
        first = Counter(label for one, _ in sets for label in one)
        second = Counter(label for _, other in sets for label in other)
        both = Counter(label for one, other in sets for label in one & other)
        used = [label for label in labels(name) if first[label] or second[label]]
        found[name] = {
            "n": len(pairs),
            "labels": {label: {"first": first[label], "second": second[label], "both": both[label]} for label in used},
        }
        if name in CONFUSED:
            cells = Counter(pairs)
            found[name]["cells"] = [
                {"first": one, "second": other, "n": cells[one, other]}
                for one in used
                for other in used
                if cells[one, other]
            ]
    return found


def pair_record(
    compared: Sequence[Compared], annotators: tuple[str, str], guideline_version: str, code_version: str
) -> dict[str, Any]:
    """What annotation/agreement.json holds for one pair of annotators; ``compared`` sorted by article."""
    ids = [article.article_id for article in compared]
    signature = "|".join(
        (
            f"guideline:{guideline_version}",
            f"annotators:{'+'.join(annotators)}",
            f"articles:{len(ids)}:{hashlib.sha256(' '.join(ids).encode()).hexdigest()[:8]}",
            f"bootstrap:{RESAMPLES}:{SEED}",
            f"kakuyaku:{code_version}",
        )
    )
    return {
        "annotators": list(annotators),
        "guideline_version": guideline_version,
        "code_version": code_version,
        "articles": ids,
        "figures": [asdict(figure) for figure in figures(compared, signature)],
        "confusions": confusions(compared),
    }


def _figure(layer: str, name: str, measure: Measure, compared: Sequence[Compared], signature: str) -> Figure:
    score, n = measure(compared)
    low = high = None
    reason = score.reason
    if score.value is not None:
        interval, reason = _bootstrap(measure, compared)
        low, high = interval if interval else (None, None)
    value, low, high = (None if figure is None else round(figure, 4) + 0.0 for figure in (score.value, low, high))
    warning = TOO_FEW if n < ENOUGH_UNITS else None
    return Figure(layer, name, value, low, high, n, reason, warning, f"{layer}.{name}|{signature}")


def _bootstrap(measure: Measure, compared: Sequence[Compared]) -> tuple[tuple[float, float] | None, str | None]:
    """The interval over resampled articles; draws in which the measure is undefined are left out."""
    if len(compared) < 2:
        return None, "no interval from one article"
    random = np.random.default_rng(SEED)
    draws = Counter(
        tuple(sorted(draw)) for draw in random.integers(0, len(compared), (RESAMPLES, len(compared))).tolist()
    )
    values: list[float] = []
    for draw, times in sorted(draws.items()):  # few articles give few distinct draws: each is computed once
        value = measure([compared[index] for index in draw])[0].value
        values += [] if value is None else [value] * times
    return reliability.percentiles(values), None


def _span_f1(compared: Sequence[Compared], label: str, exact: bool) -> tuple[Score, int]:
    return _f1([article.spans[label] for article in compared], exact)


def _tuple_f1(compared: Sequence[Compared]) -> tuple[Score, int]:
    return _f1([article.rows for article in compared], exact=True)


def _f1(counts: Iterable[Counts], exact: bool) -> tuple[Score, int]:
    shared = first = second = 0
    for count in counts:
        shared += count.exact if exact else count.overlap
        first += count.first
        second += count.second
    return reliability.f1(shared, first, second), first + second - shared


def _character_alpha(compared: Sequence[Compared], label: str) -> tuple[Score, int]:
    cells = [sum(article.coverage[label][cell] for article in compared) for cell in range(4)]
    values = ((True, True), (True, False), (False, True), (False, False))
    pairs = [pair for pair, count in zip(values, cells, strict=True) for _ in range(count)]
    return reliability.alpha(pairs, "nominal"), len(pairs)


def _same_position(compared: Sequence[Compared]) -> tuple[Score, int]:
    # a cluster never crosses articles; a resampled article counts as another one
    pairs = [
        ((number, one), (number, other))
        for number, article in enumerate(compared)
        for one, other in article.clusters
    ]  # fmt: skip
    return reliability.b_cubed(pairs), len(pairs)


def _attribute(
    compared: Sequence[Compared],
    name: str,
    score: Callable[[Any], Score],
    recode: Callable[[list[Pair]], list[Pair]] = lambda pairs: pairs,
) -> tuple[Score, int]:
    pairs = recode(_pairs(compared, name))
    return score(pairs), len(pairs)


def _pairs(compared: Sequence[Compared], name: str) -> list[Pair]:
    return [pair for article in compared for pair in article.values[name]]


def _as_set(value: Hashable) -> frozenset[Hashable]:
    return value if isinstance(value, frozenset) else frozenset({value})


def _singletons(pairs: list[Pair]) -> list[Pair]:
    return [(_as_set(one), _as_set(other)) for one, other in pairs]


def _scale(set_name: str, attribute: str) -> dict[str, int]:
    """The labels of a set that have a rank or score."""
    found = {label.id: label.extra[attribute] for label in labels(set_name).values()}
    return {id_: int(value) for id_, value in found.items() if value is not None}


def _ranked(scale: Mapping[str, int], pairs: list[Pair]) -> list[Pair]:
    return [(scale[one], scale[other]) for one, other in pairs if one in scale and other in scale]


def _off(scale: Mapping[str, int], pairs: list[Pair]) -> list[Pair]:
    """Labels without a rank as they are, all others as one value."""
    return [("on scale" if one in scale else one, "on scale" if other in scale else other) for one, other in pairs]


def _coarse(scale: Mapping[str, int], pairs: list[Pair]) -> list[Pair]:
    def name(rank: int) -> str:
        return next(name for least, name in COARSE if rank >= least)

    return [(name(one), name(other)) for one, other in _ranked(scale, pairs)]
