"""The fitted weights, and the fit."""

from __future__ import annotations

import json

import numpy as np
import pytest
from benchmarks.fit_cleaner import WEIGHTS, example, fit, seeds

from kakuyaku.cleaning import Page, clean_many, reasons
from kakuyaku.cleaning.judge import judge, measure
from kakuyaku.cleaning.model import fitted
from kakuyaku.cleaning.page import PageText, read_page
from kakuyaku.cleaning.repetition import SAMPLE_PAGES, SiteLines
from kakuyaku.cleaning.units import Room, explode
from tests.texts import ARTICLES

HTML = "<html><body><main><h1>甲国、掃海艇を派遣</h1><p>首相は3日、掃海艇を派遣すると述べた。</p></main></body></html>"


def test_every_feature_has_its_weight_and_every_weight_its_feature() -> None:
    for page, weights in (
        (Page("t", text=ARTICLES["harbour"]), fitted().text),
        (Page("h", html=HTML), fitted().html),
    ):
        read = read_page(page)
        assert measure(explode([read.raw], [read.markup])).names == weights.names


def test_the_fit_is_deterministic() -> None:
    examples = [e for page in seeds()[:2] for e in example(page, PageText(page.text))]
    first, second = fit(examples), fit(examples)
    assert first.names == second.names and first.bias == second.bias
    assert first.values.tolist() == second.values.tolist()


def test_the_weights_of_seeds_alone_keep_what_the_reading_keeps_of_another_seed() -> None:
    """Four seeds are few; but the fit must have learnt something from them."""
    pages = seeds()
    weights = fit([e for page in pages[1:] for e in example(page, PageText(page.text))])
    left_out = example(pages[0], PageText(pages[0].text))[0]
    scores = left_out.features @ weights.values + weights.bias
    scored = left_out.keep >= 0
    right = ((scores > 0) == (left_out.keep == 1))[scored].mean()
    assert right > 0.85


def test_weights_are_rounded_and_finite() -> None:
    for model in json.loads(WEIGHTS.read_text("utf-8"))["models"].values():
        for value in (model["bias"], *model["weights"].values()):
            assert value == round(value, 4) and abs(value) < 100


def test_reasons_are_given_for_what_the_score_decides() -> None:
    page = Page("t", text=ARTICLES["harbour"])
    article = next(clean_many([page]))
    weighed = reasons(page)
    scored = [s for s in article.segments if s.evidence.startswith("score ")]
    assert scored and all(any(s.start <= at < s.end for at in weighed) for s in scored)
    assert all(" +" in why or " -" in why for why in weighed.values())


def test_units_that_are_taken_are_measured_as_if_the_others_were_not_there() -> None:
    text = "".join(ARTICLES[name] for name in ("railway", "school", "railway", "school")).replace("- ", "")
    units = explode([text, text])
    index = np.flatnonzero(np.arange(len(units)) % len(units.text) > len(units) // 3)
    taken = units.take(index)
    pages: list[list[str]] = [[], []]
    for i in index.tolist():
        pages[units.page[i]].append(units.text[i])
    alone = explode(["\n".join(lines) for lines in pages])
    assert len(taken) == len(alone) < len(units)
    assert (taken.table["same"] == alone.table["same"]).all() and (taken.table["ending"] == alone.table["ending"]).all()
    assert (measure(taken).values == measure(alone).values).all()


def test_a_score_is_the_sum_of_what_weighs() -> None:
    units = explode([ARTICLES["harbour"]])
    verdict = judge(units)
    cut_at_once = verdict.labels["round"] == 0
    expected = measure(units).values @ fitted().text.values + fitted().text.bias
    assert cut_at_once.any() and verdict.score[cut_at_once] == pytest.approx(expected[cut_at_once], abs=1e-3)


COMMON = "青空新聞は読者の皆さまに支えられています。"


def site_pages() -> list[Page]:
    return [Page(str(i), text=text + COMMON + "\n", site="aozora") for i, text in enumerate(ARTICLES.values())]


def test_pages_that_can_be_read_once_give_the_same_as_a_list() -> None:
    pages = [*site_pages(), Page("h", html=HTML, site="aozora"), Page("b", html=HTML.encode(), site=None)]
    by_list = [a.segments for a in clean_many(pages, site_repetition=True)]
    assert [a.segments for a in clean_many(iter(pages), site_repetition=True)] == by_list


def test_lines_of_one_site_say_nothing_about_another() -> None:
    pages = [Page(page.id, text=page.text, site=f"site {page.id}") for page in site_pages()]
    apart = [a.text for a in clean_many(pages, site_repetition=True)]
    assert apart == [a.text for a in clean_many(pages)]


def test_a_site_is_known_after_its_sample() -> None:
    lines, room = SiteLines(), Room()
    for number in range(SAMPLE_PAGES + 50):
        assert lines.wants("s") == (number < SAMPLE_PAGES)
        lines.learn(
            ["s"],
            [f"案内\n本文{number}\n" + ("一度だけ" if number == 3 else "二度" if number < 2 else f"他{number}")],
            room,
        )
    assert len(lines.boilerplate("s")) == 2 and not len(lines.boilerplate("t")) and not len(lines.boilerplate(None))
