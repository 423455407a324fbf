"""Every rule on published annotation rows: sound rows pass, each fault is named by its code."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from kakuyaku.annotation.resolving import segment_id
from kakuyaku.dataset.mentions import mention_rows
from kakuyaku.dataset.positions import Setting, make_positions
from kakuyaku.dataset.row_checks import SplitRows, check_annotation_rows
from kakuyaku.dataset.statements import Annotated, statement_rows
from tests.standoff_makers import REGISTRY, Maker, article

Rows = dict[str, list[dict[str, Any]]]


FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    ("P01", "statements", {"region": "s9", "n_holders": 1}),
    ("P02", "statements", {"n_holders": 2, "holder_mode": "listed"}),
    ("P03", "statements", {"commitment_status": "projected", "status_rank": None}),
    ("P04", "statements", {"status_rank": 3}),
    ("P05", "statements", {"stance_basis": "annotated"}),
    ("P06", "statements", {"quote_mode": "direct_quote"}),
    ("P06", "statements", {"holder_mode": "group"}),
    ("P06", "statements", {"quote_digest": "0" * 16}),
    ("P06", "statements", {"counts": False}),
    ("P08", "statements", {"position_ids": []}),
    ("P09", "positions", {"commitment_status": "offered"}),
    ("P15", "positions", {"n_statements": 3}),
    ("P15", "positions", {"beneficiary_class": "hei"}),
    ("P15", "sentences", {"statement_ids": []}),
    ("DAT006", "statements", {"start": 1}),
    ("DAT006", "mentions", {"quote": "丙国"}),
    ("DAT007", "statements", {"actor": "nobody"}),
    ("DAT007", "positions", {"decided_by": "made-up:s9:kou"}),
]


def sound() -> Rows:
    """The tables of an invented article with two statements and two positions."""
    made = Maker(article("甲国は停戦後に歩兵を送る計画だ。", "乙国は派兵に反対した。"))
    kou, otsu = made.add("actor", "甲国", actor_id="kou"), made.add("actor", "乙国", actor_id="otsu")
    made.statement("停戦後に歩兵を送る計画だ", "計画だ", links={"holder": [kou]})
    own: dict[str, Any] = {"kind": "stance", "commitment_status": None, "stance": "oppose"}
    made.statement("派兵に反対した", "反対した", links={"holder": [otsu], "agent": [kou]}, **own)
    annotated = Annotated(made.standoff(), made.on, REGISTRY, 1, False)
    positions, statements = make_positions(statement_rows(annotated), Setting("otsu", None, REGISTRY))
    segments = [
        {
            "segment_id": segment_id("made-up", number), "article_id": "made-up", "kind": segment.kind,
            "raw_start": segment.start, "start": segment.start, "text": made.on.raw[segment.start : segment.end],
        }
        for number, segment in enumerate(made.on.segments)
    ]  # fmt: skip
    sentence = {"article_id": "made-up", "segment_id": segment_id("made-up", 0), "sentence_id": "made-up:sent0000"}
    meta = {"article_id": "made-up", "text": made.on.text, "principal_beneficiary": "otsu", "published_on": None}
    return {
        "articles": [meta],
        "segments": segments,
        "statements": statements,
        "positions": positions,
        "mentions": list(mention_rows(annotated)),
        "sentences": [{**sentence, "start": 0, "end": 15, "statement_ids": [statements[0]["statement_id"]]}],
        "annotations": [],
    }


def codes_of(rows: Rows) -> set[str]:
    paths = {config: f"dataset/{config}" for config in rows}
    return {finding.code for finding in check_annotation_rows(SplitRows(rows, paths, REGISTRY))}


def test_sound_rows_pass() -> None:
    assert codes_of(sound()) == set()


@pytest.mark.parametrize(("code", "config", "changes"), FAULTS)
def test_a_fault_is_named(code: str, config: str, changes: dict[str, Any]) -> None:
    rows = deepcopy(sound())
    rows[config][0] |= changes
    assert code in codes_of(rows)
