"""The published annotation of the five articles: counts, first and last rows, and what ties the tables together."""

from __future__ import annotations

from typing import Any

import pytest

import kakuyaku
from tests.conftest import REPOSITORY


def rows(config: str) -> list[dict[str, Any]]:
    """All rows of a config, whatever their split."""
    return [row for split in kakuyaku.load(config, path=REPOSITORY / "dataset", verify=False).values() for row in split]


def test_the_registry_counts_the_mentions_that_are_published() -> None:
    counted: dict[str, dict[str, int]] = {}
    for row in rows("mentions"):
        of_article = counted.setdefault(row["actor_id"], {})
        of_article[row["article_id"][:3]] = of_article.get(row["article_id"][:3], 0) + 1
    for actor in rows("actors"):
        own = counted.get(actor["id"], {})
        assert actor["mentions"] == [f"{article}:{own[article]}" for article in sorted(own)], actor["id"]
        assert actor["seeds"] == sorted(own), actor["id"]


@pytest.mark.parametrize(
    ("article", "words", "holders", "status"),
    [
        ("001", "2万5,000~3万人規模の地上軍を派兵する計画", 10, "planned"),
        ("003", "派兵を否定した", 6, "declined"),
        ("002", "部隊は派遣しない", 2, "declined"),
        ("001", "派兵の意向は示さず", 1, "declined"),
        ("000", "可能性を明確に否定", 1, "ruled_out"),
    ],
)
def test_hard_passages_have_their_holders(article: str, words: str, holders: int, status: str) -> None:
    found = [row for row in rows("statements") if row["article_id"].startswith(article) and words in row["quote"]]
    regions = {row["region"] for row in found}
    assert any(
        len(of_region) == holders and all(row["commitment_status"] == status for row in of_region)
        for of_region in ([row for row in found if row["region"] == region] for region in regions)
    ), [(row["quote"], row["actor"], row["commitment_status"]) for row in found]


def test_twenty_six_of_thirty_five() -> None:
    found = {
        (r["actor"], r["holder_count"], r["holder_total"]) for r in rows("statements") if r["holder_mode"] == "subset"
    }
    assert found == {("coalition-of-the-willing", 26, 35)}


def test_signers_of_one_text_are_their_own_source() -> None:
    for row in rows("statements"):
        if row["source"] not in ("narrator", "unnamed") and row["n_holders"] > 1 and row["reporting"] == "asserted":
            others = {other["actor"] for other in rows("statements") if other["region"] == row["region"]
                      and other["article_id"] == row["article_id"]} - {row["actor"]}  # fmt: skip
            assert row["source"] not in others, row["statement_id"]
