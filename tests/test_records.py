"""JSON and CSV: what others accept in silence is refused here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.findings import Failure, Finding
from kakuyaku.records import csv_bytes, json_bytes, jsonl_bytes, parse_csv, parse_json, parse_jsonl

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('aあ"\\', max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert parse_json(json_bytes(value), "x") == value


@given(st.lists(st.dictionaries(st.text("ab"), st.text("あ,\"'"), max_size=3), max_size=4))
def test_lines_are_read_back(records: list[dict[str, str]]) -> None:
    if records:
        assert [record for _, record in parse_jsonl(jsonl_bytes(records), "x")] == records


@given(
    st.lists(st.fixed_dictionaries({"a": st.text('あ," \n', max_size=4), "b": st.text("x;'", max_size=4)}), max_size=4)
)
def test_tables_are_read_back(rows: list[dict[str, str]]) -> None:
    assert [row for _, row in parse_csv(csv_bytes(rows, ["a", "b"]), "x", ["a", "b"])] == rows


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": 1,}', "JSN001"), ('{"a": 1} {"b": 2}', "JSN001"), ("// no", "JSN001"), ("\x00\x00\x00", "JSN002"), ("", "JSN002"),
        ('{"a": 1, "a": 2}', "JSN003"), ('{"a": NaN}', "JSN004"), ('{"a": Infinity}', "JSN004"), ('{"a": 1e400}', "JSN004"),
        ('{"a": ' + "9" * 5000 + "}", "JSN004"), ('{"a": 9223372036854775808}', "JSN004"), ("[" * 100_000, "JSN005"),
        ('{"a": "\\ud83d"}', "UNI001"), ('{"a": "\x1b"}', "CTL001"),
    ],
)  # fmt: skip
def test_bad_json_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(Failure) as caught:
        parse_json(text.encode(), "x")
    assert caught.value.findings[0].code == code


def test_every_truncation_is_a_coded_finding() -> None:
    data = json_bytes({"a": [1, 2, {"b": "甲国は「守る」と述べた"}], "c": None, "d": '\\"😀'}).rstrip()
    for end in range(len(data)):
        with pytest.raises(Failure) as caught:
            parse_json(data[:end], "x")
        assert caught.value.findings[0].code in ("JSN001", "JSN002", "ENC002")


def test_a_bad_line_does_not_hide_the_others() -> None:
    found = list(parse_jsonl(b'{"a": 1}\n{"a":\n[]\n\n{"a": 2}\n', "x"))
    assert [(n, f.code if isinstance(f, Finding) else f) for n, f in found] == [
        (1, {"a": 1}), (2, "JSN001"), (3, "JSN001"), (5, {"a": 2}),
    ]  # fmt: skip


def test_an_unclosed_string_of_quotes_is_read_in_linear_time() -> None:
    with pytest.raises(Failure):
        parse_json(b'["' + b'\\"' * 500_000, "x")
