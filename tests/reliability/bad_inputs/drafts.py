"""Drafts of plain text: the marks and the statements that ``kakuyaku anchor`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import Case, Expected, accepted, refused
from tests.test_drafts import MENTION_FAULTS, MENTIONS, STATEMENT_FAULTS, statements

MARKS, LIST = "reader-a/invented.mentions.txt", "reader-a/invented.statements.json"
ANCHOR = ("anchor", "reader-a", "--article", "invented")
# Without its mentions or cues a statement breaks rules of annotation besides.
RULES = frozenset({"R02", "R06", "R07", "R10", "R14", "A05", "K16", "Q05"})


def cases() -> Iterator[Case]:
    """All cases of drafts."""
    base = {**trees.annotated(), MARKS: MENTIONS.encode(), LIST: json.dumps(statements()).encode()}
    out = ("reader-a/invented.json",)
    for number, (old, new, code) in enumerate(MENTION_FAULTS):
        yield Case(
            f"draft/mentions/{code}, {number}",
            {**base, MARKS: MENTIONS.replace(old, new, 1).encode()},
            ANCHOR,
            1,
            (Expected(code, MARKS),),
            frozenset({"DRF002", "DRF003", "DRF005"} - {code}),
        )
    for number, (change, fault) in enumerate(STATEMENT_FAULTS):
        entries = statements()
        entries[5] = {**entries[5], "same_position": [], **change}
        if fault:
            yield Case(
                f"draft/statements/{fault}, {number}",
                {**base, LIST: json.dumps(entries).encode()},
                ANCHOR,
                1,
                (Expected(fault, LIST),),
                frozenset({"DRF005"}),
            )
    lines: dict[str, tuple[str, str, str | None]] = {
        "a number of 5,000 digits": ("9\t", "9" * 5000 + "\t", "DRF001"), "a full-width number": ("9\t", "９\t", None), "a negative number": ("9\t", "-9\t", "DRF001"), "a line that does not exist": ("9\t", "999999\t", "DRF003"), "an Arabic number": ("9\t", "٩\t", None), "a superscript": ("9\t", "⁹\t", "DRF001"), "a blank for the tab": ("9\t", "9 ", "DRF001"), "no number": ("9\t", "\t", "DRF001"),
        "an escape": ("9\t", "9\t\x1b[2J", "CTL001"), "marks closed twice": ("⟦丙国¦hei⟧", "⟦丙国¦hei⟧⟧", "DRF001"), "marks opened twice": ("⟦丙国¦hei⟧", "⟦⟦丙国¦hei⟧", "DRF001"), "an empty mark": ("⟦丙国¦hei⟧", "⟦¦⟧丙国", None), "a zero width space": ("議論", "議\u200b論", "DRF002"), "another script": ("議論", "议论", "DRF002"),
    }  # fmt: skip
    for name, (old, new, fault) in lines.items():
        files = {**base, MARKS: MENTIONS.replace(old, new, 1).encode()}
        if fault:
            yield Case(
                f"draft/line/{name}",
                files,
                ANCHOR,
                1,
                (Expected(fault, MARKS),),
                frozenset({"DRF002", "DRF003", "DRF005"} - {fault}),
            )
        elif "⟦" not in old:
            yield accepted(f"draft/line/{name}", files, *ANCHOR, written=out)
    values: list[tuple[str, Any, str]] = [
        ("an object", {}, "DRF005"), ("a list of texts", ["x"], "DRF005"), ("null", None, "DRF005"), ("an entry without id", [{}], "DRF005"), ("a line of 2**60", [{"id": "s1", "line": 2**60, "quote": "x"}], "DRF004"), ("a line as truth", [{"id": "s1", "line": True, "quote": "x"}], "DRF004"), ("a quote as list", [{"id": "s1", "line": 9, "quote": ["x"]}], "DRF004"),
        ("an nth of zero", [{"id": "s1", "line": 9, "quote": "防空", "nth": 0}], "DRF004"), ("an nth as text", [{"id": "s1", "line": 9, "quote": "防空", "nth": "1"}], "DRF004"), ("a pattern as quote", [{"id": "s1", "line": 9, "quote": "(.*)*$"}], "DRF004"), ("an id of 5,000 digits", [{"id": "s" + "1" * 5000, "line": 9, "quote": "x"}], "DRF004"),
    ]  # fmt: skip
    for name, value, code in values:
        yield Case(
            f"draft/value/{name}",
            {**base, LIST: json.dumps(value).encode()},
            ANCHOR,
            1,
            (Expected(code, LIST),),
            frozenset({"DRF005", "DRF004"}),
        )
    for name, data, code in (
        ("no byte", b"", "JSN002"),
        ("cut", b'[{"id": "s1"', "JSN001"),
        ("deep", b"[" * 999, "JSN005"),
        ("a key twice", b'[{"id": "s1", "id": "s2"}]', "JSN003"),
        ("UTF-16", "[]".encode("utf-16"), "ENC001"),
    ):
        yield refused(f"draft/bytes/{name}", {**base, LIST: data}, ANCHOR, Expected(code, LIST))
    for name, data, code in (
        ("no byte", b"", "RAW001"),
        ("zeros", b"\0" * 99, "CTL001"),
        ("UTF-16", MENTIONS.encode("utf-16"), "ENC001"),
        ("broken UTF-8", MENTIONS.encode() + b"\xff", "ENC002"),
    ):
        yield refused(f"draft/bytes/{name} of mentions", {**base, MARKS: data}, ANCHOR, Expected(code, MARKS))
    yield refused(
        "draft/files/no mentions",
        {k: v for k, v in base.items() if k != MARKS},
        ANCHOR,
        Expected("FS001", MARKS),
        exit=3,
    )
    yield refused(
        "draft/files/no such article", base, ("anchor", "reader-a", "--article", "nothing"), Expected("USE001"), exit=2
    )
    for name, data in (
        ("as it is", MENTIONS.encode()),
        ("CRLF", MENTIONS.replace("\n", "\r\n").encode()),
        ("a byte order mark", b"\xef\xbb\xbf" + MENTIONS.encode()),
        ("blank lines", MENTIONS.replace("\n", "\n\n").encode()),
    ):
        yield accepted(f"draft/legal/{name}", {**base, MARKS: data}, *ANCHOR, written=out)
