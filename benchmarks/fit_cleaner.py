"""Fits the weights of the cleaner on pages with labelled lines, and measures them on sites that the fit has not seen.

    python -m benchmarks.fit_cleaner PAGES.jsonl... [--write]

Any sets in the format of ``benchmarks/scoring.py``; the five seeds with their reading by hand and the pages that were
invented for this project (``benchmarks/pages/fitted/`` and some of ``benchmarks/sites.py``; SHARES says how much each
counts) are always among the pages. Two models are fitted, one for pages of text alone and one for pages whose markup
is known: logistic regression on the features of ``kakuyaku.cleaning.features``, each feature scaled to unit variance,
with a quadratic penalty. A line counts by itself and by its share of the page's characters; pages in Chinese and
Korean count less. Each page is also shown as a page that is clean already, where every line stays: cleaning a clean
article shall change nothing.

Where the markup is known, what the lines around a line score counts too (``kakuyaku.cleaning.surroundings``). These
weights are fitted second, on scores by first weights that have not seen the page's site. (For the scores printed, the
first scores of other sites may have seen the site that is left out: it is told by three weights alone.)

Newton's method from zero has one answer, and the weights are rounded: the same pages give the same file.

Prints the score of every page judged, through the whole cleaner, by weights that were fitted without any page of its
site. ``--write`` puts the weights of all pages into ``src/kakuyaku/cleaning/weights.json``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.console import run_main
from benchmarks.marked import FITTED, UNSCORED, invented
from benchmarks.scoring import LabelledPage, Line, kept_by_spans, kept_by_text, read_pages, score, squeeze
from benchmarks.sites import Site
from kakuyaku.cleaning.judge import judge, measure
from kakuyaku.cleaning.model import Model, Weights
from kakuyaku.cleaning.page import Page, PageText, read_page
from kakuyaku.cleaning.rules import kept_rule
from kakuyaku.cleaning.surroundings import SURROUNDINGS
from kakuyaku.cleaning.units import Units, explode
from kakuyaku.contract import labels
from kakuyaku.decoding import decode

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "src/kakuyaku/cleaning/weights.json"
PENALTY = 600.0  # of the squared weights of scaled features; from 300 to 1,200 the scores on unseen sites hardly change
PENALTY_AROUND = 20.0  # of the three weights of the surroundings: from 5 to 100 the scores hardly change
BY_CHARACTERS = 300.0  # a page's characters weigh together as much as so many of its lines
EACH, OTHER_LANGUAGE, CLEAN_TWIN = 0.5, 0.4, 0.3
# What an invented page counts: there are more of them than real ones, and many were made to be hard. Those that
# benchmarks/sites.py draws (20 sites, two pages each) have boxes that no word tells, and keep the model careful.
# The five seeds, which the dataset is made of, count three times: no line of theirs shall be wrong.
SHARES = {"seed": 3.0, "invented": 0.2, "drawn": 0.05}
DRAWN_SITES, DRAWN_PAGES, DRAWN_SEED = 20, 2, 100
ROUNDS, CLOSE = 50, 1e-8
DIGITS = 4

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A page as one of the models sees it. ``keep`` is 1, 0, or -1 for units that are not scored."""

    page: LabelledPage
    units: Units
    features: Array
    keep: npt.NDArray[np.int64]
    weight: Array
    names: tuple[str, ...]


def seeds() -> list[LabelledPage]:
    """The five seeds with the kinds of ``tests/golden/``."""
    kinds = labels("segment_kind")
    pages = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        raw = decode(path.read_bytes(), str(path)).text
        rows = defaultdict(list)
        for row in (ROOT / "tests/golden" / f"{path.stem}.tsv").read_text("utf-8").splitlines():
            at, kind, text = row.split("\t", 2)
            rows[int(at) - 1].append((kind, len(text)))
        text_lines = raw.split("\n")
        lines = []
        for number, found in rows.items():
            kept = sum(size for kind, size in found if kinds[kind].extra["keep"])
            scored = not any(kind in UNSCORED for kind, _ in found)
            lines.append(Line(number, text_lines[number], 2 * kept >= sum(size for _, size in found), scored))
        pages.append(LabelledPage(path.stem, f"seed {path.stem}", "ja", "seed", raw, None, tuple(lines)))
    return pages


def drawn() -> list[LabelledPage]:
    """Pages of sites that are drawn for this."""
    sites = [Site(f"drawn{number}", DRAWN_SEED) for number in range(DRAWN_SITES)]
    return [replace(page, genre="drawn") for site in sites for page in site.pages(DRAWN_PAGES)]


def example(page: LabelledPage, read: PageText) -> list[Example]:
    """A page as an example, and its clean twin."""
    text = read.raw
    units = explode([text], [read.markup], [read.declared.get("title")])
    labelled = defaultdict(list)
    for line in page.lines:
        labelled[line.text.strip()].append((1 if line.keep else 0) if line.scored else -1)
    lines = text.split("\n")
    keep = []
    # equal lines in their order; a line that the dump has once more gets the last label
    for number in units.line.tolist():
        verdicts = labelled[lines[number].strip()]
        keep.append(verdicts.pop(0) if len(verdicts) > 1 else verdicts[0] if verdicts else -1)
    kept = np.array(keep, dtype=np.int64)
    share = SHARES.get(page.genre, 1.0) if page.lang == "ja" else OTHER_LANGUAGE
    twin = units.take(np.flatnonzero(kept == 1))
    return [
        _example(page, units, kept, share),
        _example(page, twin, np.ones(len(twin.page), np.int64), CLEAN_TWIN * share),
    ]


def _example(page: LabelledPage, units: Units, keep: npt.NDArray[np.int64], share: float) -> Example:
    features = measure(units)
    values = features.values.astype(np.float64)
    values[:, [name in SURROUNDINGS for name in features.names]] = 0.0  # not known yet
    size = np.array([len(squeeze(text)) for text in units.text], dtype=np.float64)
    scored = keep >= 0
    weight = share * scored * (EACH * BY_CHARACTERS * size / max(1.0, size[scored].sum()) + EACH)
    return Example(page, units, values, keep, weight, features.names)


def fit(examples: Sequence[Example]) -> Weights:
    """Logistic regression by Newton's method."""
    x = np.vstack([e.features for e in examples if len(e.keep)])
    y = np.concatenate([e.keep for e in examples]).astype(np.float64)
    w = np.concatenate([e.weight for e in examples])
    x, y, w = x[w > 0], y[w > 0], w[w > 0]
    mean = np.average(x, axis=0, weights=w)
    scale = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=w))
    scale[scale < 1e-6] = 1.0
    penalty = np.full(x.shape[1] + 1, PENALTY)
    penalty[-1] = 1e-6
    beta = _newton(np.hstack([(x - mean) / scale, np.ones((len(x), 1))]), y, w, penalty, np.zeros(len(x)))
    weights = beta[:-1] / scale
    names = next(e.names for e in examples if len(e.keep))
    return Weights.of(
        {name: round(float(value), DIGITS) for name, value in zip(names, weights, strict=True)},
        round(float(beta[-1] - (weights * mean).sum()), DIGITS),
    )


def _newton(z: Array, y: Array, w: Array, penalty: Array, known: Array) -> Array:
    """The weights of the columns of ``z`` for the labels ``y``, each row ``w`` times, on top of ``known`` log odds."""
    beta = np.zeros(z.shape[1])
    for _ in range(ROUNDS):
        odds = 1 / (1 + np.exp(-np.clip(z @ beta + known, -30, 30)))
        gradient = z.T @ (w * (odds - y)) + penalty * beta
        curvature = (z * (w * np.maximum(odds * (1 - odds), 1e-4))[:, None]).T @ z + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        beta -= step
        if np.abs(step).max() < CLOSE:
            break
    return beta


@dataclass(frozen=True)
class Around:
    """What the units of an example have around them, by first weights that have not seen its site."""

    site: str
    values: Array  # a column for each of SURROUNDINGS
    first: Array  # their first scores
    keep: npt.NDArray[np.int64]
    weight: Array


def around(e: Example, first: Weights) -> Around:
    """What the units of an example have around them."""
    found = measure(e.units, model=Model(first, first))
    values = found.values[:, [found.names.index(name) for name in SURROUNDINGS]].astype(np.float64)
    scores = e.features @ first.values.astype(np.float64) + first.bias
    return Around(e.page.site, values, scores, e.keep, e.weight)


def with_surroundings(first: Weights, seen: Sequence[Around]) -> Weights:
    """First weights with those of the surroundings."""
    y, w = np.concatenate([e.keep for e in seen]).astype(np.float64), np.concatenate([e.weight for e in seen])
    x, known = np.vstack([e.values for e in seen])[w > 0], np.concatenate([e.first for e in seen])[w > 0]
    scale = np.sqrt(np.average(x**2, axis=0, weights=w[w > 0]))
    penalty = np.full(x.shape[1], PENALTY_AROUND)
    beta = _newton(x / scale, y[w > 0], w[w > 0], penalty, known) / scale
    table = dict(zip(first.names, first.values.tolist(), strict=True))
    for name, value in zip(SURROUNDINGS, beta.tolist(), strict=True):
        table[name] = round(value, DIGITS)
    return Weights.of(table, first.bias)


def verdicts(e: Example, weights: Weights) -> list[bool]:
    """What the cleaner with these weights decides on each labelled line of a page."""
    verdict = judge(e.units, model=Model(weights, weights))
    kept = np.flatnonzero(kept_rule()[verdict.rule]).tolist()
    if e.units.texts[0].rstrip() != e.page.text.rstrip():  # HTML that is read into other lines than the page's
        return kept_by_text(e.page, "\n".join(e.units.text[i] for i in kept))
    return kept_by_spans(e.page, [(int(e.units.start[i]), int(e.units.end[i])) for i in kept])


def fit_all(groups: Sequence[Sequence[Example]], background: Sequence[Example]) -> tuple[Weights, dict[str, Weights]]:
    """The weights by all pages (an example and its twin are a group); and for every site those without its pages."""
    sites = sorted({group[0].page.site for group in groups})
    first = {
        site: fit([*background, *(e for group in groups if group[0].page.site != site for e in group)])
        for site in sites
    }
    whole = fit([*background, *(e for group in groups for e in group)])
    if SURROUNDINGS[0] not in whole.names:
        return whole, first
    seen = [around(e, first[e.page.site]) for group in groups for e in group if len(e.keep)]
    return with_surroundings(whole, seen), {
        site: with_surroundings(first[site], [one for one in seen if one.site != site]) for site in sites
    }


def report(name: str, pages: Iterable[LabelledPage], found: dict[str, list[bool]]) -> None:
    """The scores by language and genre, and the pages that score lowest."""
    parts: dict[str, list[LabelledPage]] = defaultdict(list)
    for page in pages:
        part = (
            "seeds"
            if page.site.startswith("seed ")
            else f"Japanese {page.genre}"
            if page.lang == "ja"
            else "Chinese, Korean"
        )
        parts[part].append(page)
    for part, members in parts.items():
        s = score(members, found)
        print(
            f"{name}, {part}: {s.pages} pages  line F1 {s.line_f1:.3f}  char micro {s.char_micro:.3f} macro "
            f"{s.char_macro:.3f} per site {s.site_macro:.3f} "
            f"(95 % {s.interval[0]:.3f} to {s.interval[1]:.3f})  below .5: {s.below(0.5)}"
        )
        for page_id, value in sorted(s.by_page.items(), key=lambda item: item[1])[:10]:
            print(f"    {value:.3f}  {page_id}")


def main() -> None:
    """Fit, measure, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path, help="labelled pages")
    parser.add_argument("--write", action="store_true", help="write weights.json")
    options = parser.parse_args()
    pages = [page for path in options.pages for page in read_pages(path)] + seeds() + invented(FITTED)
    models: dict[str, dict[str, Any]] = {}
    for name in ("text", "html"):
        groups = []
        for page in pages:
            if name == "text":
                groups.append(example(page, PageText(page.text)))
            elif page.html is not None:
                groups.append(example(page, read_page(Page(page.id, html=page.html))))
        background = [e for page in drawn() for e in example(page, PageText(page.text))] if name == "text" else []
        weights, without = fit_all(groups, background)
        for which, by in ((name, without), (f"{name}, fitted on the same pages", dict.fromkeys(without, weights))):
            found = {g[0].page.id: verdicts(g[0], by[g[0].page.site]) for g in groups}
            report(which, [g[0].page for g in groups], found)
        models[name] = {
            "pages": len(groups),
            "bias": weights.bias,
            "weights": dict(zip(weights.names, weights.values.tolist(), strict=True)),
        }
    for table in models.values():
        table["weights"] = {
            name: round(value, DIGITS) for name, value in table["weights"].items()
        }  # float32 to its digits
    if options.write:
        WEIGHTS.write_text(json.dumps({"penalty": PENALTY, "models": models}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run_main(main)
