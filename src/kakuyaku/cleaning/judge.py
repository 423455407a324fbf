"""The verdict on every unit of a batch: where the article is, what each unit scores, what it is.

Law: judging the kept units again keeps them all (cleaning a clean article changes nothing). Verdicts are therefore
taken until they are stable; nearly every page is stable at the second verdict.

The compiled functions look at one page: ``u`` are its units (UNIT), ``s`` what was found out about them (SCENE), ``v``
the verdicts (VERDICT of :mod:`kakuyaku.cleaning.kinds`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records, compiled, kernel
from kakuyaku.cleaning.features import FEATURE, FEATURES, N_TEXT_FEATURES, describe, describe_markup
from kakuyaku.cleaning.kinds import VERDICT, judge_once
from kakuyaku.cleaning.layout import arrange, shared
from kakuyaku.cleaning.measures import PAIRS, UNIT, Pairs
from kakuyaku.cleaning.model import Features, Model, fitted, score
from kakuyaku.cleaning.prose import SCENE
from kakuyaku.cleaning.rules import KEPT, traits, zone_rule
from kakuyaku.cleaning.surroundings import SURROUNDINGS, look_around
from kakuyaku.cleaning.survey import survey
from kakuyaku.cleaning.text_lines import Ints
from kakuyaku.cleaning.units import Bools, Floats, Room, Units

_FIRST_AROUND = FEATURES.index(SURROUNDINGS[0])
MAX_ROUNDS = 12  # a page needs one or two; a page that never settles keeps what it has then

# The verdict on a unit: the part of its page's text that it has, and its own text in it; the index of its rule, the
# unit of the page that caused it (-1: none) and the model's score (log odds of belonging to the article) in the round
# that judged it last; whether it is kept. A unit is ``fed`` when its line feed goes to the kept piece before it: two
# lines of the article would run together without.
LABEL = np.dtype(
    [(name, "i4") for name in ("begin", "end", "text_begin", "text_end", "cause")]
    + [("score", "f4"), ("rule", "i2"), ("round", "i1"), ("kept", "?"), ("fed", "?")],
    align=True,
)


@dataclass(frozen=True)
class Verdict:
    """The verdict on each unit of a batch: LABEL records."""

    labels: Records
    units: Units
    repeated: Bools | None
    model: Model

    @property
    def rule(self) -> npt.NDArray[np.int16]:
        return self.labels["rule"]  # type: ignore[no-any-return]

    @property
    def score(self) -> Floats:
        return self.labels["score"]  # type: ignore[no-any-return]

    def reasons(self, unit: int) -> str:
        """What weighed most when a unit was judged: among the units that were left then."""
        judged = self.labels["round"]
        left = np.flatnonzero((self.units.page == self.units.page[unit]) & (judged >= judged[unit]))
        repeated = None if self.repeated is None else self.repeated[left]
        features = measure(self.units.take(left), repeated, self.model)
        weights = self.model.html if self.units.marked[unit] else self.model.text
        return weights.reasons(features, int(np.searchsorted(left, unit)))


def judge(units: Units, repeated: Bools | None = None, model: Model | None = None, room: Room | None = None) -> Verdict:
    """The verdict on every unit of a batch.

    Args:
        units: the batch.
        repeated: units that also stand on other pages of their site.
        model: the fitted one when None.
        room: whose arrays the verdict takes; it is valid until that is used again. Its own when None.
    """
    model = model or fitted()
    return _run(units, repeated, model, MAX_ROUNDS, np.empty((1, len(FEATURES)), dtype=np.float32), room or Room())


def measure(units: Units, repeated: Bools | None = None, model: Model | None = None) -> Features:
    """The features of every unit of a batch, none judged yet. The parameters are :func:`judge`'s."""
    values = np.empty((len(units), len(FEATURES)), dtype=np.float32)
    _run(units, repeated, model or fitted(), 1, values, Room())
    width = len(FEATURES) if units.marked.any() else N_TEXT_FEATURES
    return Features(FEATURES[:width], values[:, :width])


def _run(units: Units, repeated: Bools | None, model: Model, rounds: int, values: Floats, room: Room) -> Verdict:
    largest = int(np.diff(units.page_first).max(initial=0))
    labels = room.array("labels", len(units), LABEL)
    for_page = _Room(
        room.array("scene", largest, SCENE), room.array("verdicts", largest, VERDICT),
        room.array("left", largest, UNIT), room.array("table", PAIRS, np.uint8),
    )  # fmt: skip
    _judge_pages(
        units.table, units.page_first, units.pairs, units.markup,
        np.zeros(0, dtype=bool) if repeated is None else repeated, traits(), zone_rule(),
        model.text.over(FEATURES[:N_TEXT_FEATURES]), model.text.bias, model.html.over(FEATURES), model.html.bias,
        rounds, for_page, values, values.view(FEATURE).reshape(-1), labels,
    )  # fmt: skip
    return Verdict(labels, units, repeated, model)


class _Room(NamedTuple):
    """Room to work in, for the largest page."""

    scene: Records
    verdicts: Records
    left: Records
    table: npt.NDArray[np.uint8]


@compiled
def _judge_pages(
    _sources: Records,
    units: Records,
    page_first: Ints,
    pairs: Pairs,
    markup: Floats,
    of_site: Bools,
    traits: Ints,
    zones: npt.NDArray[np.int16],
    text_weights: Floats,
    text_bias: float,
    html_weights: Floats,
    html_bias: float,
    rounds: int,
    room: _Room,
    values: Floats,
    features: Records,
    labels: Records,
) -> None:
    """Judges page by page, each until nothing more is cut.

    ``values`` and ``features`` are the same memory: a row for each unit, or one for all where nobody asks for them.
    """
    for page in range(len(page_first) - 1):
        low, n = page_first[page], page_first[page + 1] - page_first[page]
        u, s, left = units[low : low + n], room.scene[:n], room.left
        for number in range(rounds):
            v = room.verdicts[:n]
            place = arrange(u, s, pairs, room.table, of_site, traits)
            survey(u, s, place, pairs, room.table, traits)
            mass = 0.0
            for i in range(place.first, place.last + 1):
                mass += s[i].mass
            for i in range(n):
                unit = u[i]
                at = unit.index if len(values) == len(units) else 0
                x, row = values[at], features[at]
                x[:] = 0
                describe(u, s, i, place, max(mass, 1.0), traits, row, x)
                if place.title >= 0:
                    row.title_overlap = shared(unit, pairs, room.table, 0)
                    row.title_overlap_outside = np.float32(0) if s[i].inside else row.title_overlap
                if unit.marked:
                    describe_markup(unit, s[i], markup[unit.index], row, x)
                    v[i].score = score(x, html_weights, html_bias)
                else:
                    v[i].score = score(x, text_weights, text_bias)
            if n and u[0].marked:
                _second_look(u, s, v, markup, traits, html_weights, values, len(values) == len(units))
            judge_once(u, s, v, place, traits, zones)
            for i in range(n):
                label, verdict = labels[u[i].index], v[i]
                label.rule, label.score, label.round = verdict.rule, verdict.score, number
                label.cause = u[verdict.cause].index - low if verdict.cause >= 0 else -1
                label.kept = traits[verdict.rule] & KEPT != 0
            kept = 0
            for i in range(n):
                if labels[u[i].index].kept:
                    left[kept] = u[i]
                    left[kept].new_block = kept == 0
                    kept += 1
            if kept == n:
                break
            u, n = left[:kept], kept
        _part(units[low : page_first[page + 1]], labels[low : page_first[page + 1]])


@kernel
def _second_look(
    u: Records, s: Records, v: Records, markup: Floats, traits: Ints, weights: Floats, values: Floats, noted: bool
) -> None:
    """Adds to the scores what the scores around say; ``noted`` features are asked for."""
    for i in range(len(u)):
        s[i].sure = v[i].score
    look_around(u, s, markup, traits)
    for i in range(len(u)):
        seen = s[i]
        around = (seen.around_container, seen.around_outer, seen.around_block)
        for number in range(len(around)):
            v[i].score += around[number] * weights[_FIRST_AROUND + number]
            if noted:
                values[u[i].index, _FIRST_AROUND + number] = around[number]


@kernel
def _part(u: Records, labels: Records) -> None:
    """Parts the text of a page among its units: whole lines, and pieces of lines from the start of their text."""
    for i in range(len(u)):
        unit, label = u[i], labels[i]
        first_piece = i == 0 or u[i - 1].line != unit.line
        last_piece = i + 1 == len(u) or u[i + 1].line != unit.line
        label.fed = last_piece and not first_piece and unit.line_feed and labels[i - 1].kept and not label.kept
        label.begin = unit.line_start if first_piece else unit.start
        label.end = unit.line_end - label.fed if last_piece else u[i + 1].start
        label.text_begin, label.text_end = unit.start, unit.end
