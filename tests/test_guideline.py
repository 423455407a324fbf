"""The guideline: one content in two languages, and no sentence of the articles in it."""

from __future__ import annotations

import csv
import re

import pytest

from kakuyaku.annotation.actors import LIST_MARK
from kakuyaku.versions import GUIDELINE_VERSIONS
from tests.conftest import REPOSITORY

GUIDELINES = {name: (REPOSITORY / f"annotation/guideline.{name}.md").read_text("utf-8") for name in ("ja", "en")}
LEAK_CHARS = 12


def names() -> list[str]:
    """All forms of the registry, which any text on the subject shares with the articles."""
    with (REPOSITORY / "annotation/actors.csv").open(encoding="utf-8", newline="") as file:
        return [
            form
            for row in csv.DictReader(file)
            for form in (row["name_ja"], *row["aliases_ja"].split(LIST_MARK))
            if form
        ]


@pytest.mark.parametrize("language", GUIDELINES)
def test_no_sentence_of_the_articles_stands_in_it(language: str) -> None:
    text = GUIDELINES[language]
    for name in sorted(names(), key=len, reverse=True):
        text = text.replace(name, "\n")
    for seed in (REPOSITORY / "seeds").glob("*.txt"):
        raw = seed.read_text("utf-8")
        runs = {raw[i : i + LEAK_CHARS] for i in range(len(raw) - LEAK_CHARS)}
        runs = {run for run in runs if re.search("[ぁ-んァ-ヶ一-鿿]", run)}  # English function words prove nothing
        shared = [text[i : i + LEAK_CHARS] for i in range(len(text) - LEAK_CHARS) if text[i : i + LEAK_CHARS] in runs]
        assert shared == [], seed.name


def test_both_languages_have_the_same_numbered_rules_and_version() -> None:
    rules = {language: re.findall(r"^\| ([A-Z]+\d+) \|", text, re.MULTILINE) for language, text in GUIDELINES.items()}
    assert rules["ja"] == rules["en"] and len(rules["ja"]) > 100
    assert all(GUIDELINE_VERSIONS[-1] in text.split("\n", 3)[1] for text in GUIDELINES.values())
