"""Both looks at a record, the fast and the careful one, come to the same findings."""

from __future__ import annotations

import copy
import datetime
import itertools
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pyarrow.parquet as pq
import pytest

from kakuyaku.checks import check
from kakuyaku.contract import _fast_verdict, check_carefully, check_record, record_kinds, schema
from kakuyaku.dataset.tables import CONFIGS
from kakuyaku.records import jsonl_bytes, parse_json, parse_jsonl
from tests.conftest import REPOSITORY

VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 3.0, 0.5, -7.0, 2**31, 2**63, 2**70, 1e300, float("nan"), float("inf"),
    "", "x", "x\n", "\n", "甲", "𠮷", "\ud83d", "\u0000", "\x1c", "\x85", "\ufeff", "１", "0000-01-01", "2025-02-30", "2025-02-28",
    "2025-02-28\n", "２０２５-02-28", "https://a\x1cb", "https://a\u3000b", "https://ａ/ｂ", "(", "a" * 70, [], [None], {}, {"x": 1},
    [1, 1.0], ["a", "a"], datetime.date(2025, 2, 28), b"x",
]  # fmt: skip


@cache
def samples(kind: str) -> list[Any]:
    """Sound records of one kind, from the repository's own files."""
    configs = {of: config for config, of in CONFIGS.items()}
    if kind in configs:
        paths = sorted((REPOSITORY / "dataset" / configs[kind]).glob("*.parquet"))
        return [row for path in paths for row in pq.read_table(path).to_pylist()]
    globs = {"annotation": "annotation/gold/*.json", "adjudication": "annotation/adjudication/*.json",
             "dataset": "dataset/manifest.json", "agreement": "annotation/agreement.json",
             "vocabulary": "schemas/vocabulary.json"}  # fmt: skip
    if kind in globs:
        return [json.loads(path.read_bytes()) for path in sorted(REPOSITORY.glob(globs[kind]))]
    if kind == "annotator":
        found: list[Any] = json.loads((REPOSITORY / "annotation/annotators.json").read_bytes())
        return found
    if kind == "seed":
        data = (REPOSITORY / "seeds/manifest.jsonl").read_bytes()
        return [record for _, record in parse_jsonl(data, "x")]
    return []  # of these kinds the repository has no record just now


WITH_SAMPLES = [kind for kind in record_kinds() if samples(kind)]


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a record; of a list only the first and the last item."""
    yield at
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, (*at, key))
    elif isinstance(node, list):
        for index in sorted({0, len(node) - 1} if node else ()):
            yield from places(node[index], (*at, index))


def trimmed(node: Any) -> Any:
    """A record whose lists hold one item of each label or type, which is as much as a schema can tell apart."""
    if isinstance(node, dict):
        return {key: trimmed(value) for key, value in node.items()}
    if isinstance(node, list) and node and isinstance(node[0], dict):
        shapes = {(item.get("label"), item.get("type"), frozenset(item)): trimmed(item) for item in node}
        return list(shapes.values())[:6]
    return node


def faults(record: Any) -> Iterator[tuple[str, Any]]:
    """The record with one thing changed: each value replaced by each of :data:`VALUES` and by near forms of its own,
    each key removed or joined by another."""
    for at in places(record):
        if not at:
            continue
        twin = copy.deepcopy(record)
        parent = twin
        for part in at[:-1]:
            parent = parent[part]
        own = parent[at[-1]]
        near: list[Any] = []
        if isinstance(own, str):
            near = [own + "\n", own + " ", own.upper(), [own]]
        elif isinstance(own, int | float) and not isinstance(own, bool):
            near = [float(own), str(own), -own, own + 0.5]
        elif isinstance(own, list):
            near = [own * 2, [*own, None]]
        for value in [*VALUES, *near]:
            parent[at[-1]] = value
            yield f"{at} = {value!r}", twin
        parent[at[-1]] = own
        if isinstance(parent, dict):
            del parent[at[-1]]
            yield f"{at} removed", twin
            parent[at[-1]] = own
            parent["ｋｅｙ"] = 1
            yield f"{at} joined", twin
            del parent["ｋｅｙ"]


def test_most_kinds_have_samples() -> None:
    assert set(record_kinds()) - set(WITH_SAMPLES) <= {"judgement", "orphan", "split"}


@pytest.mark.parametrize("kind", WITH_SAMPLES)
def test_the_fast_look_accepts_what_is_sound(kind: str) -> None:
    for record in samples(kind):
        assert _fast_verdict(kind)(record) is True
        assert list(check_carefully(kind, record, "x")) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", WITH_SAMPLES)
def test_both_looks_find_the_same_in_every_single_fault(kind: str) -> None:
    record = trimmed(max(samples(kind)[:5], key=lambda each: len(str(each))))
    if kind == "vocabulary":
        record["sets"] = dict(list(record["sets"].items())[:2])
    assert list(check_carefully(kind, record, "x")) == []
    verdict = _fast_verdict(kind)
    accepted = refused = 0
    step = {"agreement": 11, "dataset": 5}.get(kind, 1)  # long documents of few shapes
    for what, faulty in itertools.islice(faults(record), 0, None, step):
        if verdict(faulty):  # where it refuses, the careful look is what is asked anyway
            accepted += 1
            assert list(check_carefully(kind, faulty, "x")) == [], what
        else:
            refused += 1
            if refused % 7 == 0:
                assert list(check_record(kind, faulty, "x")) == list(check_carefully(kind, faulty, "x")), what
    assert accepted > 5 and refused > 100


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        ("segment", {"raw_start": 3.0}, "VAL001"),
        ("segment", {"raw_start": True}, "VAL001"),
        ("article", {"published_on": "2025-02-30"}, "VAL003"),
        ("article", {"published_on": "0000-01-01"}, "VAL003"),
        ("article", {"raw_sha256": "0" * 64 + "\n"}, "VAL003"),
        ("seed", {"url": "https://a\x1cb"}, "VAL003"),
        ("seed", {"n_bytes": None}, "VAL001"),
    ],
)
def test_where_validators_differ_ours_is_strict(kind: str, change: dict[str, Any], code: str) -> None:
    record = {**samples(kind)[0], **change}
    for look in (check_record, check_carefully):
        assert {finding.code for finding in look(kind, record, "x")} == {code}


def test_one_line_of_many_is_found_with_its_place(tmp_path: Any) -> None:
    rows = samples("segment") * 20
    rows[1234] = {**rows[1234], "kind": "boddy"}
    (tmp_path / "rows.jsonl").write_bytes(jsonl_bytes(rows))
    (finding,) = check(tmp_path / "rows.jsonl")
    assert (finding.code, finding.line, finding.at) == ("VAL002", 1235, "$.kind") and "body" in finding.message


def test_a_schema_that_is_read_twice_says_the_same() -> None:
    for kind in record_kinds():  # the fast look works on a copy: the schema itself stays as it is
        before = copy.deepcopy(schema(kind))
        _fast_verdict(kind)({})
        assert schema(kind) == before == parse_json((REPOSITORY / f"schemas/{kind}.schema.json").read_bytes(), "x")
