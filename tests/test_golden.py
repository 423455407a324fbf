"""The five seeds against a reading by hand: tests/golden/ was typed from the articles, not from the program."""

from __future__ import annotations

import pytest

from kakuyaku.cleaning import clean
from kakuyaku.decoding import decode
from tests.conftest import REPOSITORY

SEEDS = sorted(path.stem for path in (REPOSITORY / "seeds").glob("*.txt"))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_has_the_kind_of_the_reading(seed: str) -> None:
    raw = decode((REPOSITORY / "seeds" / f"{seed}.txt").read_bytes(), seed).text
    gold = [
        tuple(row.split("\t", 2))
        for row in (REPOSITORY / "tests/golden" / f"{seed}.tsv").read_text("utf-8").splitlines()
    ]
    found = [
        (str(raw.count("\n", 0, segment.start) + 1), segment.kind, raw[segment.start : segment.end].strip())
        for segment in clean(raw).segments
        if segment.kind != "blank"
    ]
    assert found == [(line, kind, text.strip()) for line, kind, text in gold]


def test_gold_covers_every_seed_and_every_line_that_is_not_blank() -> None:
    assert len(SEEDS) == 5
    for seed in SEEDS:
        lines = (REPOSITORY / "seeds" / f"{seed}.txt").read_text("utf-8").split("\n")
        rows = [
            row.split("\t", 2) for row in (REPOSITORY / "tests/golden" / f"{seed}.tsv").read_text("utf-8").splitlines()
        ]
        for number, line in enumerate(lines, 1):
            assert "".join(text for at, _, text in rows if int(at) == number).strip() == line.strip()
