"""Parquet: rows of ours, pages to clean, the published dataset; damaged, foreign, exploding."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused
from tests.texts import HARBOUR, RAILWAY

ROWS = "dataset/sentences/train-00000-of-00001.parquet"
PAGES = "pages.parquet"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 4096\n"
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "no byte": lambda _: b"", "zeros": lambda d: b"\0" * len(d), "the first mark alone": lambda _: b"PAR1", "two marks alone": lambda _: b"PAR1PAR1", "no first mark": lambda d: b"XXXX" + d[4:], "no last mark": lambda d: d[:-4], "another last mark": lambda d: d[:-4] + b"PARE", "a byte behind": lambda d: d + b"\0",
    "half of it": lambda d: d[: len(d) // 2], "a byte less": lambda d: d[:-1], "footer of 2 GB": lambda d: d[:-8] + struct.pack("<I", 2**31 - 1) + d[-4:], "footer of 4 GB": lambda d: d[:-8] + b"\xff" * 4 + d[-4:], "footer of no length": lambda d: d[:-8] + b"\0" * 4 + d[-4:], "footer one short": lambda d: d[:-8] + struct.pack("<I", struct.unpack("<I", d[-8:-4])[0] - 1) + d[-4:],
    "CRLF": lambda d: d.replace(b"\n", b"\r\n") + (b"" if b"\n" in d else b"\r\n"), "read as text": lambda d: d.decode("utf-8", "replace").encode(), "a pointer of Git LFS": lambda _: LFS, "JSON": lambda _: b'{"a": 1}\n', "CSV": lambda _: b"a,b\n1,2\n", "HTML": lambda _: b"<!DOCTYPE html><title>404</title>", "gzip": lambda _: b"\x1f\x8b\x08\0\0\0\0\0\0\3",
    "zip": lambda _: b"PK\3\4", "a footer of zeros": lambda d: d[: len(d) - 300] + b"\0" * 292 + d[-8:], "a footer of ones": lambda d: d[: len(d) - 300] + b"\xff" * 292 + d[-8:], "upside down": lambda d: d[::-1], "twice": lambda d: d + d[:-1], "an encrypted mark": lambda d: d[:-4] + b"PARE",
}  # fmt: skip


def written(table: pa.Table, **options: Any) -> bytes:
    """A table as a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


@cache
def pages() -> bytes:
    """Two pages to clean."""
    return written(pa.Table.from_pylist([{"id": "a", "text": HARBOUR}, {"id": "b", "text": RAILWAY}]))


def repeated(value: Any, times: int) -> pa.Array:
    """A column that is one value, in a dictionary, again and again."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), pa.array([value]))


def cases() -> Iterator[Case]:
    """All cases of Parquet."""
    built = trees.built()
    damaged = Expected("DAT002")
    for name, damage in DAMAGE.items():
        yield refused(
            f"Parquet/damage/{name}, rows", {"rows.parquet": damage(built[ROWS])}, ("check", "rows.parquet"), damaged
        )
        yield refused(f"Parquet/damage/{name}, pages", {PAGES: damage(pages())}, ("clean", PAGES), damaged)
        yield refused(
            f"Parquet/damage/{name}, published",
            {**built, ROWS: damage(built[ROWS])},
            ("check", "dataset"),
            Expected("DAT002", ROWS),
        )
    yield from _foreign()
    yield from _bombs()
    yield from _published(built)
    for name, data in built.items():
        if name.endswith(".parquet"):
            yield accepted(f"Parquet/legal/{name[8:]}", {"rows.parquet": data}, "check", "rows.parquet")
    table = pq.read_table(io.BytesIO(built[ROWS]))
    forms: dict[str, dict[str, Any]] = {
        **{f"compressed by {name}": {"compression": name} for name in ("none", "snappy", "gzip", "brotli", "zstd", "lz4")}, "small pages": {"data_page_size": 64}, "small groups": {"row_group_size": 1}, "no dictionaries": {"use_dictionary": False}, "version 1.0": {"version": "1.0"}, "version 2.4": {"version": "2.4"}, "pages of version 2": {"data_page_version": "2.0"},
        "page checksums": {"write_page_checksum": True}, "no statistics": {"write_statistics": False}, "a page index": {"write_page_index": True}, "no Arrow schema": {"store_schema": False},
    }  # fmt: skip
    for name, options in forms.items():
        yield accepted(
            f"Parquet/legal/{name}, rows", {"rows.parquet": written(table, **options)}, "check", "rows.parquet"
        )
        source = pq.read_table(io.BytesIO(pages()))
        yield accepted(f"Parquet/legal/{name}, pages", {PAGES: written(source, **options)}, "clean", PAGES)
    empty = table.slice(0, 0)
    yield accepted("Parquet/legal/no row", {"rows.parquet": written(empty)}, "check", "rows.parquet")
    yield accepted(
        "Parquet/legal/texts as dictionaries",
        {
            "rows.parquet": written(
                table.set_column(table.schema.get_field_index("text"), "text", table["text"].dictionary_encode())
            )
        },
        "check",
        "rows.parquet",
    )
    yield accepted(
        "Parquet/legal/large strings",
        {
            PAGES: written(
                pa.table({"id": pa.array(["a"], pa.large_string()), "text": pa.array([HARBOUR], pa.large_string())})
            )
        },
        "clean",
        PAGES,
    )


def _foreign() -> Iterator[Case]:
    """Columns of other types, and values that no text is."""
    other: dict[str, tuple[pa.Array, str]] = {
        "numbers": (pa.array([1]), "KEY002"), "nothing": (pa.array([None], pa.string()), "KEY002"), "truth": (pa.array([True]), "KEY002"), "bytes that are no UTF-8": (pa.array([b"\xff\xfe"]), "KEY002"), "lists": (pa.array([["a"]]), "KEY002"), "structs": (pa.array([{"a": 1}]), "KEY002"), "days": (pa.array([date(2030, 4, 5)]), "KEY002"), "instants": (pa.array([datetime(2030, 4, 5, tzinfo=UTC)]), "KEY002"),
        "decimals": (pa.array([Decimal("1.5")]), "KEY002"), "nanoseconds": (pa.array([1], pa.timestamp("ns")), "KEY002"), "a day beyond the calendar": (pa.array([2**30], pa.date32()), "DAT002"), "an instant beyond the calendar": (pa.array([2**50], pa.timestamp("s")), "DAT002"), "maps": (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32())), "KEY002"), "an unknown zone": (pa.array([0], pa.timestamp("us", "No/Where")), "DAT002"),
        "half floats": (pa.array([1.5], pa.float32()), "KEY002"), "times": (pa.array([1], pa.time64("us")), "KEY002"), "durations": (pa.array([1], pa.duration("us")), "KEY002"),
    }  # fmt: skip
    for name, (array, code) in other.items():
        yield refused(
            f"Parquet/foreign/text of {name}",
            {PAGES: written(pa.table({"id": ["a"], "text": array}))},
            ("clean", PAGES),
            Expected(code, PAGES),
        )
        if name not in ("nothing",):
            yield refused(
                f"Parquet/foreign/id of {name}",
                {PAGES: written(pa.table({"id": array, "text": [HARBOUR]}))},
                ("clean", PAGES),
                Expected(code, PAGES),
            )
    invalid = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(struct.pack("<ii", 0, 2)), pa.py_buffer(b"\xff\xfe")]
    )
    yield refused(
        "Parquet/foreign/a text that is no UTF-8",
        {PAGES: written(pa.table({"id": ["a"], "text": invalid}))},
        ("clean", PAGES),
        Expected("DAT002", PAGES),
    )
    surrogate = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(struct.pack("<ii", 0, 3)), pa.py_buffer(b"\xed\xa0\xbd")]
    )
    yield refused(
        "Parquet/foreign/a text with a surrogate",
        {PAGES: written(pa.table({"id": ["a"], "text": surrogate}))},
        ("clean", PAGES),
        Expected("DAT002", PAGES),
    )
    yield refused(
        "Parquet/foreign/a text with an escape",
        {PAGES: written(pa.table({"id": ["a"], "text": ["甲\x1b[2J"]}))},
        ("clean", PAGES),
        Expected("CTL001", PAGES),
    )
    yield refused(
        "Parquet/foreign/an id with an escape",
        {PAGES: written(pa.table({"id": ["\x1b[2J"], "text": [HARBOUR]}))},
        ("clean", PAGES),
        Expected("CTL001", PAGES),
    )
    yield refused(
        "Parquet/foreign/no id",
        {PAGES: written(pa.table({"text": [HARBOUR]}))},
        ("clean", PAGES),
        Expected("KEY002", PAGES),
    )
    yield refused(
        "Parquet/foreign/no text",
        {PAGES: written(pa.table({"id": ["a"]}))},
        ("clean", PAGES),
        Expected("KEY002", PAGES),
    )
    yield refused(
        "Parquet/foreign/no column of ours",
        {PAGES: written(pa.table({"x": [1]}))},
        ("clean", PAGES),
        Expected("KEY002", PAGES),
    )
    yield refused(
        "Parquet/foreign/rows of another kind",
        {"rows.parquet": written(pa.table({"x": [1], "y": [2]}))},
        ("check", "rows.parquet"),
        Expected("FMT001"),
        exit=2,
    )
    metadata = {b"pandas": b"{not json", b"huggingface": b"\xff", b"pickle": b"\x80\x04."}
    table = pa.table({"id": ["a"], "text": [HARBOUR]}).replace_schema_metadata(metadata)
    yield accepted("Parquet/foreign/strange metadata", {PAGES: written(table)}, "clean", PAGES)
    field = pa.field(
        "text",
        pa.string(),
        metadata={"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": "\x80\x04."},
    )
    extension = pa.Table.from_arrays(
        [pa.array(["a"]), pa.array([HARBOUR])], schema=pa.schema([pa.field("id", pa.string()), field])
    )
    yield accepted("Parquet/foreign/an extension type with a pickle", {PAGES: written(extension)}, "clean", PAGES)


def _bombs() -> Iterator[Case]:
    long = "甲" * 333_333
    nested = pa.ListArray.from_arrays(pa.array(range(1001), pa.int32()), repeated(long, 1000))
    for name, table in (
        ("one long value a thousand times", pa.table({"id": repeated("a", 1000), "text": repeated(long, 1000)})), ("a long id a million times", pa.table({"id": repeated("a" * 10_000, 1_000_000)})), ("inside lists", pa.table({"id": nested, "text": repeated(long, 1000)})),
        ("100 MB of zeros in one value", pa.table({"id": ["a"], "text": ["\0" * 100_000_000]})), ("a thousand empty columns", pa.table({"id": repeated("a", 1000), "text": repeated(long, 1000), **{f"c{n}": pa.nulls(1000) for n in range(1_000)}})),
    ):  # fmt: skip
        data = written(table, compression="zstd")
        for command in (("clean", PAGES), ("check", PAGES)):
            ours = command[0] == "clean"
            # what says itself how large it is, is refused before its columns are looked at
            honest = name.startswith("100 MB")
            code = "RAW002" if ours or honest else "FMT001"
            exit_ = 1 if code == "RAW002" else 2
            also = frozenset({"KEY002"})
            yield Case(
                f"Parquet/bomb/{name}, by {command[0]}",
                {PAGES: data},
                command,
                exit_,
                (Expected(code, PAGES),),
                also,
                memory=512 * MIB,
            )


def _published(built: trees.Tree) -> Iterator[Case]:
    check = ("check", "dataset")
    yield accepted("published/legal/as built", built, *check)
    yield accepted("published/legal/the project", built, "check")
    for name in ("README.md", ROWS, "dataset/manifest.json"):
        path = name if name.startswith("dataset") else f"dataset/{name}"
        without = {key: data for key, data in built.items() if key != path}
        code = "DAT001" if path.endswith("manifest.json") else "DAT002"
        yield refused(f"published/files/{path[8:]} missing", without, check, Expected(code))
    for name in (
        "dataset/dataset.py",
        "dataset/sentences/train-00001-of-00002.parquet",
        "dataset/.hidden",
        "dataset/x/y/z.txt",
    ):
        yield refused(f"published/files/{name[8:]} too much", {**built, name: b"x"}, check, Expected("DAT002", name))
    manifest = "dataset/manifest.json"
    for what, old, new, code in (
        ("a row more", b'"rows": ', b'"rows": 1', "DAT009"), ("a blank", b'": ', b'":  ', "DAT009"), ("another path", b"sentences/train", b"../outside/train", "DAT009"), ("an absolute path", b'"file": "sentences', b'"file": "/sentences', "DAT009"), ("a hash in capitals", b'"sha256": "', b'"sha256": "A', "VAL003"), ("a key twice", b'"configs": {', b'"configs": 1, "configs": {', "JSN003"),
        ("NaN", b'"rows": ', b'"rows": NaN, "x": ', "JSN004"), ("a surrogate", b'"writer": {', b'"writer": {"x": "\\ud800", ', "UNI001"), ("an escape", b'"configs"', b'"\x1bconfigs"', "CTL001"), ("a line feed more", b'{\n', b'{\n\n', "DAT009"),
    ):  # fmt: skip
        spoilt = {**built, manifest: built[manifest].replace(old, new, 1)}
        assert spoilt[manifest] != built[manifest], what
        yield Case(
            f"published/manifest/{what}",
            spoilt,
            check,
            1,
            (Expected(code, manifest),),
            frozenset({"VAL003", "KEY001", "DAT009"}),
        )
    for what, data, code in (
        ("no byte", b"", "JSN002"),
        ("zeros", b"\0" * 99, "JSN002"),
        ("a list", b"[]", "VAL001"),
        ("a byte order mark", b"\xef\xbb\xbf" + built[manifest], "DAT009"),
        ("CRLF", built[manifest].replace(b"\n", b"\r\n"), "DAT009"),
        ("UTF-16", built[manifest].decode().encode("utf-16"), "ENC001"),
        ("cut", built[manifest][:-9], "JSN001"),
    ):
        yield refused(f"published/manifest/{what}", {**built, manifest: data}, check, Expected(code, manifest))
