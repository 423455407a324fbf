"""JSON Lines: pages to clean, and records of ours; one bad line never spoils the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kakuyaku.records import jsonl_bytes
from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused
from tests.reliability.bad_inputs.raw_articles import UNUSUAL
from tests.texts import HARBOUR, RAILWAY

PAGES = "pages.jsonl"
GOOD = jsonl_bytes([{"id": "a", "text": HARBOUR}])


def cases() -> Iterator[Case]:
    """All cases of JSON Lines."""
    clean = ("clean", PAGES, "--format", "jsonl")
    bad: dict[str, tuple[bytes, str]] = {
        "a list": (b"[]", "KEY002"), "a number": (b"1", "KEY002"), "null": (b"null", "KEY002"), "an empty object": (b"{}", "KEY002"), "no id": (b'{"text": "x"}', "KEY002"), "an id as number": (b'{"id": 5, "text": "x"}', "KEY002"), "an id as null": (b'{"id": null, "text": "x"}', "KEY002"), "no text": (b'{"id": "z"}', "KEY002"), "a text as number": (b'{"id": "z", "text": 5}', "KEY002"),
        "a text as list": (b'{"id": "z", "text": ["x"]}', "KEY002"), "html as object": (b'{"id": "z", "html": {}}', "KEY002"), "both null": (b'{"id": "z", "text": null, "html": null}', "KEY002"), "a site as number": (b'{"id": "z", "text": "x", "site": 1}', "VAL001"), "nonsense": (b"nonsense", "JSN001"), "an open brace": (b"{", "JSN001"), "an open string": (b'{"id": "z', "JSN001"), "two objects": (b"{}{}", "JSN001"),
        "a comma behind": (b'{"id": "z", "text": "x"},', "JSN001"), "NaN": (b'{"id": "z", "text": "x", "n": NaN}', "JSN004"), "a key twice": (b'{"id": "z", "id": "y", "text": "x"}', "JSN003"), "a surrogate": (b'{"id": "z", "text": "\\ud83d"}', "UNI001"), "65 levels": (b"[" * 65 + b"]" * 65, "JSN005"), "a 5,000-digit number": (b'{"id": "z", "text": "x", "n": ' + b"9" * 5000 + b"}", "JSN004"),
        "an escape": (b'{"id": "z", "text": "a\\u001b[2J"}', "CTL001"), "a raw escape": (b'{"id": "z", "text": "a\x1b[2J"}', "CTL001"), "an escape in the id": (b'{"id": "\\u001b[2J", "text": "x"}', "CTL001"), "C1 in the id": (b'{"id": "\\u009b", "text": "x"}', "CTL001"), "an escape in the site": (b'{"id": "z", "text": "x", "site": "\\u001b"}', "CTL001"), "a NUL in the text": (b'{"id": "z", "text": "a\\u0000b"}', "CTL001"), "zeros": (b"\0" * 20, "JSN002"),
        "broken UTF-8": (b'{"id": "z", "text": "\xff"}', "ENC002"), "UTF-16": ('{"id": "z"}'.encode("utf-16"), "ENC001"), "only navigation": ('{"id": "z", "text": "ホーム\\nログイン"}'.encode(), "CLN001"), "a blank text": (b'{"id": "z", "text": "  "}', "CLN001"), "an empty text": (b'{"id": "z", "text": ""}', "CLN001"), "empty HTML": (b'{"id": "z", "html": ""}', "CLN001"),
    }  # fmt: skip
    for name, (line, code) in bad.items():
        expected = Expected(code, PAGES, 2) if code != "CLN001" else Expected(code, "z")
        yield refused(
            f"pages/line/{name}",
            {PAGES: GOOD + line + b"\n" + GOOD},
            clean,
            expected,
            also=frozenset({"JSN002"}) if name == "UTF-16" else frozenset(),
        )
    for name, text in UNUSUAL.items():
        yield accepted(
            f"pages/unusual/{name}",
            {PAGES: jsonl_bytes([{"id": name, "text": f"{RAILWAY}\n首相は{text}と述べた。\n"}])},
            *clean,
        )
    legal: list[dict[str, Any]] = [
        {"id": "𠮷", "text": HARBOUR},
        {"id": "", "text": HARBOUR},
        {"id": "a", "text": HARBOUR, "site": None},
        {"text": HARBOUR, "id": "b", "more": [1, {"x": None}]},
        {"id": "c", "html": "<p>首相は5日、港を守ると述べた。</p>", "text": None},
        {"id": "d" * 5000, "text": RAILWAY},
        {"id": "a\u202eb", "text": RAILWAY},
    ]
    for number, record in enumerate(legal):
        for option in ((), ("--site-repetition",)):
            yield accepted(
                f"pages/legal/record {number}{' with repetition' if option else ''}",
                {PAGES: jsonl_bytes([record])},
                "clean",
                PAGES,
                *option,
            )
    for name, data in (
        ("CRLF", GOOD.replace(b"\n", b"\r\n")),
        ("a byte order mark", b"\xef\xbb\xbf" + GOOD),
        ("no last line feed", GOOD.rstrip()),
        ("blank lines", b"\n\n" + GOOD + b" \n"),
        ("ASCII", json.dumps({"id": "a", "text": HARBOUR}).encode()),
        ("blanks", GOOD.replace(b": ", b" :  ")),
    ):
        yield accepted(f"pages/legal/{name}", {PAGES: data}, *clean)
    for name, data, code in (
        ("a line of 65 MiB", b'{"id": "a", "text": "' + b"x" * (65 * MIB), "RAW002"), ("100,000 bad lines", b"x\n" * 100_000, "JSN001"), ("20,000 brackets", b"[" * 20_000, "JSN005"), ("30,000 pages of nothing", b'{"id": "a", "text": ""}\n' * 30_000, "CLN001"),
    ):  # fmt: skip
        yield Case(
            f"pages/hostile/{name}", {PAGES: data}, ("clean", PAGES), 1, (Expected(code),), memory=400 * MIB, seconds=60
        )
    yield from _records()


def _records() -> Iterator[Case]:
    """Rows of published tables as JSON Lines."""
    import io

    import pyarrow.parquet as pq

    path = "rows.jsonl"
    check = ("check", path)
    built = trees.built()
    for config in ("articles", "segments", "sentences"):
        (name,) = (name for name in built if name.startswith(f"dataset/{config}/train"))
        rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(built[name])).to_pylist()[:3]
        yield accepted(f"records/{config}/as published", {path: jsonl_bytes(rows)}, *check)
        yield accepted(
            f"records/{config}/keys backwards",
            {path: jsonl_bytes([dict(reversed(row.items())) for row in rows])},
            *check,
        )
        for key in rows[0]:
            last = len(rows)
            without = [*rows[:-1], {k: v for k, v in rows[-1].items() if k != key}]
            yield refused(
                f"records/{config}/no {key}", {path: jsonl_bytes(without)}, check, Expected("KEY002", path, last)
            )
            wrong = {"x": 7}
            spoilt = [*rows[:-1], {**rows[-1], key: wrong}]
            yield Case(
                f"records/{config}/{key} is {wrong!r}",
                {path: jsonl_bytes(spoilt)},
                check,
                1,
                (Expected("VAL001", path, last, f"$.{key}"),),
                frozenset({"VAL002", "VAL003", "VAL004"}),
            )
        yield refused(
            f"records/{config}/a key more",
            {path: jsonl_bytes([*rows, {**rows[0], "Kind": 1}])},
            check,
            Expected("KEY001", path, len(rows) + 1),
        )
    yield refused("records/unknown/no kind of ours", {path: b'{"a": 1}\n'}, check, Expected("FMT001", path), exit=2)
