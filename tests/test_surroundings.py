"""What the scores around a unit say: of pages whose markup is known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.cleaning import clean
from kakuyaku.cleaning.html import read
from kakuyaku.cleaning.judge import judge, measure
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.model import Model, Weights, fitted
from kakuyaku.cleaning.page import Page, read_page
from kakuyaku.cleaning.surroundings import SURE, SURROUNDINGS, UNSAID
from kakuyaku.cleaning.units import Units, explode

PARAGRAPHS = "".join(
    f"<p>港の{what}について、町は来年度から改修の工事を始めると発表した。住民への説明会も開く。</p>"
    for what in ("桟橋", "倉庫", "灯台", "道路")
)


def units_of(html: str) -> Units:
    page = read_page(Page("p", html=html))
    return explode([page.raw], [page.markup], [page.declared.get("title")])


def test_lines_of_one_container_have_one_number() -> None:
    page = read("<div><p>一</p><div><p>二</p><p>三</p></div><p>四</p></div><div>五</div>")
    numbers = {
        line: tuple(page.line_features[at, [LINE_FEATURES.index("container"), LINE_FEATURES.index("outer")]].tolist())
        for at, line in enumerate(page.text.split("\n"))
        if line
    }
    assert numbers["一"] == numbers["四"] and numbers["二"] == numbers["三"]
    assert len({number for number, _ in numbers.values()}) == 3
    assert numbers["二"][1] != numbers["一"][1], "the container around the inner one is the outer one itself"
    assert numbers["一"][1] == numbers["五"][1], "both stand on the page"


@given(
    st.lists(
        st.tuples(st.sampled_from(["<p>{}</p>", "<div><p>{}</p></div>", "<ul><li>{}</ul>"]), st.integers(0, 3)),
        min_size=1,
        max_size=12,
    )
)
def test_surroundings_are_means_over_the_others(blocks: list[tuple[str, int]]) -> None:
    texts = ("港は静かだと町は発表した。", "船", "九日、町は倉庫を建てると述べた。", "他の話題")
    units = units_of("<main>" + "".join(form.format(texts[n]) for form, n in blocks) + "</main>")
    weights = fitted().html
    first = Weights(weights.names, np.where(np.isin(weights.names, SURROUNDINGS), 0, weights.values), weights.bias)
    found = measure(units, model=Model(first, first))
    scores = found.values @ first.over(found.names) + first.bias
    sure = np.clip(scores / SURE, -1, 1)
    blocks_of = np.cumsum(units.table["new_block"])
    keys = {
        "around_container": units.markup[:, LINE_FEATURES.index("container")],
        "around_outer": units.markup[:, LINE_FEATURES.index("outer")],
        "around_block": blocks_of,
    }
    for name, key in keys.items():
        for i in range(len(units)):
            others = (key == key[i]) & (np.arange(len(units)) != i)
            expected = sure[others].mean() + UNSAID if others.any() else 0.0
            assert abs(found.values[i, found.names.index(name)] - expected) < 1e-4


def test_the_score_is_the_sum_with_the_surroundings() -> None:
    units = units_of(f"<main><h1>港の改修が始まる</h1>{PARAGRAPHS}<p>問合せ窓口</p></main>")
    verdict = judge(units)
    features, weights = measure(units), fitted().html
    expected = features.values @ weights.over(features.names) + weights.bias
    at_once = verdict.labels["round"] == 0
    assert np.abs(expected - verdict.score)[at_once].max(initial=0) < 1e-3


def test_what_is_judged_later_is_measured_among_what_was_left() -> None:
    """Two containers whose first lines are cut at once: their numbers are beyond what is left."""
    links = "".join(f'<li><a href="{i}">{i}番の港で祭り</a></li>' for i in range(30))
    paragraph = "<div><p>倉庫は{}月に建つ。</p><p>海は静か</p></div>"
    units = units_of(
        f"<ul>{links}</ul><div><h1>港の改修が始まる</h1>{PARAGRAPHS}{''.join(map(paragraph.format, range(6)))}</div>"
    )
    labels = judge(units).labels
    left = np.flatnonzero(labels["round"] >= 1)
    assert 0 < len(left) < len(units)
    features, weights = measure(units.take(left)), fitted().html
    expected = features.values @ weights.over(features.names) + weights.bias
    again = labels["round"][left] == 1
    assert np.abs(expected - labels["score"][left])[again].max() < 1e-3


def test_what_the_model_is_unsure_of_goes_with_its_container() -> None:
    """A footnote among the paragraphs stays; among links to other pages it goes."""
    note = "<p>*2 前の工事は昭和の終わり</p>"
    links = "".join(f'<li><a href="{i}">{i}番の港で祭り</a></li>' for i in range(8))
    with_article = clean(
        html=f"<div><h1>港の改修が始まる</h1>{PARAGRAPHS}{note}{PARAGRAPHS}</div><ul>{links}</ul>"
    ).text
    with_links = clean(
        html=f"<div><h1>港の改修が始まる</h1>{PARAGRAPHS}</div><div><ul>{links}</ul>{note}<ul>{links}</ul></div>"
    ).text
    assert "前の工事" in with_article
    assert "前の工事" not in with_links and "説明会" in with_links
