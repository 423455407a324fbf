"""seeds/manifest.jsonl: every key and value spoilt, lines that lie, names that lead out; unusual and legal lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from kakuyaku.records import jsonl_bytes
from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused

PATH = "seeds/manifest.jsonl"
CHECK = ("check", PATH)


def records(tree: trees.Tree) -> list[dict[str, Any]]:
    """The records of the manifest."""
    return [json.loads(line) for line in tree[PATH].decode().splitlines()]


def cases() -> Iterator[Case]:
    """All cases of the manifest."""
    tree = trees.plain()
    yield from _keys(tree)
    yield from _values(tree)
    yield from _lines(tree)
    yield from _files(tree)
    yield from _legal(tree)


def _with(tree: trees.Tree, change: Callable[[list[dict[str, Any]]], object]) -> trees.Tree:
    found = records(tree)
    change(found)
    return {**tree, PATH: jsonl_bytes(found)}


def _keys(tree: trees.Tree) -> Iterator[Case]:
    for key in records(tree)[0]:
        yield refused(
            f"manifest/missing key/{key}",
            _with(tree, lambda r, key=key: r[1].pop(key)),  # type: ignore[misc]
            CHECK,
            Expected("KEY002", PATH, 2),
        )
        renamed = _with(tree, lambda r, key=key: r[2].update({f"{key} ": r[2].pop(key)}))  # type: ignore[misc]
        yield refused(
            f"manifest/unknown key/{key} with a blank",
            renamed,
            CHECK,
            Expected("KEY001", PATH, 3),
            Expected("KEY002", PATH, 3),
            mends=True,
        )
    for key in ("Url", "published", "text", "\u202eurl", "__proto__", ""):
        spoilt = _with(tree, lambda r, key=key: r[0].update({key: None}))  # type: ignore[misc]
        yield refused(f"manifest/unknown key/{key!a}", spoilt, CHECK, Expected("KEY001", PATH, 1))


def _values(tree: trees.Tree) -> Iterator[Case]:
    texts: tuple[Any, ...] = (7, True, ["x"], {"x": 1}, 1.5)
    nullable = (
        "publisher",
        "site",
        "title_hint",
        "author",
        "url",
        "published_on",
        "published_on_note",
        "origin_note",
        "event_id",
    )
    for key in (*nullable, "article_id", "file", "sha256", "published_on_basis", "language", "rights"):
        for value in (*texts, None)[: 6 if key not in nullable else 5]:
            spoilt = _with(tree, lambda r, key=key, value=value: r[1].update({key: value}))  # type: ignore[misc]
            yield Case(
                f"manifest/wrong type/{key} is {value!r}",
                spoilt,
                CHECK,
                1,
                (Expected("VAL001", PATH, 2, f"$.{key}"),),
                frozenset({"VAL002", "VAL003"}),
            )
    for value in (True, "12", 12.0, None, []):
        spoilt = _with(tree, lambda r, value=value: r[1].update(n_bytes=value))  # type: ignore[misc]
        yield refused(
            f"manifest/wrong type/n_bytes is {value!r}", spoilt, CHECK, Expected("VAL001", PATH, 2, "$.n_bytes")
        )
    for key, values, code in (
        ("article_id", ("", "ab", "UPPER", "has blank", "日本", "../../etc", "/abs", "a" * 65, "a/b", "a\\b", "abc\x00", "abc\n", "-abc", "_abc", "a.b", "con:1", "abc\u200b", "a" * 10_000), "VAL003"),
        ("file", ("", "a.txt", "x.TXT", "harbour", "harbour.html", "../harbour.txt", "/etc/passwd", "sub/harbour.txt", "harbour.txt\n", "harbour .txt", "港.txt", "a\\b.txt", "harbour.txt\x00", ".txt", "-rf.txt", "a" * 300 + ".txt", "harbour.txt.txt"), "VAL003"),
        ("sha256", ("", "0" * 63, "0" * 65, "G" * 64, "A" * 64, "0x" + "0" * 62,  "０" * 64, "0" * 63 + "\n"), "VAL003"), ("n_bytes", (0, -1, -(2**62)), "VAL004"),
        ("published_on_basis", ("Printed", "printed ", "guess", "", "ｕｎｋｎｏｗｎ", "un\u200bknown "), "VAL002"),
        ("published_on", ("2025-02-30", "2025-13-01", "2025-2-3", "20250203", "2025/02/03", "yesterday", "2025-02-03T00:00:00", "０２-03", "0000-01-01", "2025-02-03\n", "2025-00-10", "2025-02-00", "10000-01-01", "-2025-01-01", "2025-W05"), "VAL003"),
        ("language", ("Japanese", "j", "", "JA", "ja-JP-x"), "VAL003"), ("url", ("no address", "", "https://a b", "//x", "https://a\x1cb"), "VAL003"),
    ):  # fmt: skip
        for value in values:
            spoilt = _with(tree, lambda r, key=key, value=value: r[1].update({key: value}))  # type: ignore[misc]
            also = frozenset({"MAN004", "VAL004"})
            yield Case(
                f"manifest/value/{key} is {value!a:.24} ({len(str(value))})",
                spoilt,
                CHECK,
                1,
                (Expected(code, PATH, 2, f"$.{key}"),),
                also,
            )
    for date, basis in (("2025-02-03", "unknown"), (None, "printed"), (None, "inferred")):
        spoilt = _with(tree, lambda r, date=date, basis=basis: r[1].update(published_on=date, published_on_basis=basis))  # type: ignore[misc]
        yield refused(f"manifest/value/date {date} with basis {basis}", spoilt, CHECK, Expected("MAN004", PATH, 2))


def _lines(tree: trees.Tree) -> Iterator[Case]:
    lines = tree[PATH].splitlines(keepends=True)
    for name, line, code in (
        ("a list", b"[]\n", "JSN001"), ("a text", b'"x"\n', "JSN001"), ("null", b"null\n", "JSN001"), ("a number", b"1\n", "JSN001"), ("nonsense", b"nonsense\n", "JSN001"), ("half a record", lines[1][:50] + b"\n", "JSN001"),
        ("two records", lines[1].rstrip() + lines[1], "JSN001"), ("a comma behind", lines[1].rstrip() + b",\n", "JSN001"), ("a duplicate key", lines[1].replace(b"{", b'{"url": null, ', 1), "JSN003"),
        ("NaN", lines[1].replace(b'"n_bytes": ', b'"n_bytes": NaN, "x": '), "JSN004"), ("a surrogate", lines[1].replace(b'"url": null', b'"url": "\\ud800"'), "UNI001"), ("2**64 bytes", lines[1].replace(b'"n_bytes": ', b'"n_bytes": 18446744073709551616, "x": '), "JSN004"),
        ("65 brackets", b"[" * 65 + b"]" * 65 + b"\n", "JSN005"), ("a conflict mark", b"<<<<<<< HEAD\n", "JSN001"), ("an open string", b'{"article_id": "x\n', "JSN001"),
    ):  # fmt: skip
        yield refused(
            f"manifest/line/{name}", {**tree, PATH: lines[0] + line + lines[2]}, CHECK, Expected(code, PATH, 2)
        )
    for name, data, code in (
        ("no byte", b"", "JSN002"), ("zeros", b"\0" * 200, "JSN002"), ("UTF-16", tree[PATH].decode().encode("utf-16"), "ENC001"), ("an escape", lines[0] + b"\x1b[2J\n" + lines[1], "CTL001"),
        ("broken UTF-8", lines[0] + b"\xff\n", "ENC002"), ("zeros behind", tree[PATH] + b"\0" * 100, "CTL001"), ("a byte order mark alone", b"\xef\xbb\xbf", "RAW001"),
    ):  # fmt: skip
        yield refused(f"manifest/bytes/{name}", {**tree, PATH: data}, CHECK, Expected(code, PATH))
    for key in ("article_id", "file"):
        spoilt = _with(tree, lambda r, key=key: r[2].update({key: r[0][key]}))  # type: ignore[misc]
        yield refused(f"manifest/line/the same {key} twice", spoilt, CHECK, Expected("MAN001", PATH, 3, f"$.{key}"))
    yield refused("manifest/line/every line twice", {**tree, PATH: tree[PATH] * 2}, CHECK, Expected("MAN001", PATH, 4))
    flood = {**tree, PATH: b"nonsense\n" * 100_000}
    yield Case(
        "manifest/hostile/100,000 lines of nonsense",
        flood,
        CHECK,
        1,
        (Expected("JSN001", PATH, 1),),
        memory=600 * MIB,
        seconds=60,
    )
    wrong = {**tree, PATH: (json.dumps({**records(tree)[0], "n_bytes": "x"}) + "\n").encode() * 5_000}
    yield Case(
        "manifest/hostile/5,000 wrong lines",
        wrong,
        CHECK,
        1,
        (Expected("VAL001", PATH, 1), Expected("MAN001")),
        memory=400 * MIB,
        seconds=60,
    )
    long = {
        **tree,
        PATH: json.dumps({**records(tree)[0], "rights": "甲" * 5_000_000}, ensure_ascii=False).encode() + b"\n",
    }
    yield Case("manifest/hostile/a value of 15 MB", long, CHECK, memory=400 * MIB, seconds=30)


def _files(tree: trees.Tree) -> Iterator[Case]:
    """The manifest against the files beside it, by checking the whole project."""
    project = ("check", ".")
    seed = "seeds/railway.txt"
    for name, data in (
        ("one byte changed", tree[seed].replace("9日".encode(), "8日".encode())), ("a line feed more", tree[seed] + b"\n"), ("CRLF", tree[seed].replace(b"\n", b"\r\n")), ("a byte order mark", b"\xef\xbb\xbf" + tree[seed]),
        ("half of it", tree[seed][: len(tree[seed]) // 2 - 1]), ("another article", tree["seeds/school.txt"].replace(b"7", b"8", 1)), ("one blank less", tree[seed].replace(b"  ", b" ", 1)),
    ):  # fmt: skip
        try:
            data.decode()
        except UnicodeDecodeError:
            data = data[:-1] if data[:-1].decode("utf-8", "ignore").encode() == data[:-1] else data[:-2]  # noqa: PLW2901
        yield Case(
            f"manifest/seed/{name}",
            {**tree, seed: data},
            project,
            1,
            (Expected("MAN002", PATH, 2),),
            frozenset({"DUP001", "DUP002", "SPL005", "CLN001"}),
        )
    for name, data, code in (
        ("emptied", b"", "RAW001"),
        ("in CP932", tree[seed].decode().replace("•", "・").encode("cp932"), "ENC001"),
        ("with an escape", tree[seed] + b"\x1b[31m", "CTL001"),
        ("cut inside a character", tree[seed][:100], "ENC002"),
    ):
        yield refused(
            f"manifest/seed/{name}", {**tree, seed: data}, project, Expected(code, seed), Expected("MAN002", PATH, 2)
        )
    missing = dict(tree)
    del missing[seed]
    yield refused("manifest/seed/missing", missing, project, Expected("FS001", seed), exit=3)
    yield refused(
        "manifest/seed/one more", {**tree, "seeds/stray.txt": b"x\n"}, project, Expected("MAN003", "seeds/stray.txt")
    )
    same = _with(tree, lambda r: r[1].update(sha256=r[0]["sha256"], n_bytes=r[0]["n_bytes"]))
    yield refused(
        "manifest/seed/the same bytes twice",
        {**same, seed: tree["seeds/harbour.txt"]},
        project,
        Expected("DUP001"),
    )
    without = dict(tree)
    del without[PATH]
    yield refused(
        "manifest/seed/no manifest", without, project, Expected("FS001", PATH), exit=3, also=frozenset({"SPL003"})
    )
    for name, text in (
        ("only navigation", "ホーム\nニュース\nログイン\n"),
        ("only a footer", "© 青空新聞社 無断転載を禁じます\n"),
    ):
        data = text.encode()
        spoilt = _with(
            tree,
            lambda r, data=data: r[1].update(sha256=hashlib.sha256(data).hexdigest(), n_bytes=len(data)),  # type: ignore[misc]
        )
        yield refused(f"manifest/seed/{name}", {**spoilt, seed: data}, project, Expected("CLN001", seed))
    for command in (
        ("build",),
        ("agree",),
        ("reanchor",),
        ("add", "new.txt"),
        ("explain", "railway"),
        ("build", "--check"),
    ):
        files = {
            **tree,
            PATH: tree[PATH].replace(b'"file"', b'"File"', 1),
            "new.txt": "図書館が夜も開く\n\n町は3日、図書館を夜も開けると決めた。\n".encode(),
        }
        if command[0] == "explain":
            yield accepted("manifest/command/explain needs no more than its own line", files, *command)
        else:
            yield Case(
                f"manifest/command/{' '.join(command)} refuses a faulty line",
                files,
                command,
                1,
                (Expected("KEY001", PATH, 1), Expected("KEY002", PATH, 1)),
            )


def _legal(tree: trees.Tree) -> Iterator[Case]:
    for name, data in (
        ("CRLF", tree[PATH].replace(b"\n", b"\r\n")), ("CR", tree[PATH].replace(b"\n", b"\r")), ("a byte order mark", b"\xef\xbb\xbf" + tree[PATH]), ("no last line feed", tree[PATH].rstrip()), ("blank lines", tree[PATH].replace(b"\n", b"\n\n \n")),
        ("no blanks", "".join(json.dumps(r, separators=(",", ":")) + "\n" for r in records(tree)).encode()), ("ASCII escapes", "".join(json.dumps(r) + "\n" for r in records(tree)).encode()), ("lines backwards", b"".join(tree[PATH].splitlines(keepends=True)[::-1])),
        ("keys backwards", "".join(json.dumps(dict(reversed(r.items()))) + "\n" for r in records(tree)).encode()), ("sorted keys", "".join(json.dumps(r, sort_keys=True) + "\n" for r in records(tree)).encode()), ("blanks around", tree[PATH].replace(b"{", b"  {  ").replace(b"}", b" } \t")),
    ):  # fmt: skip
        yield accepted(f"manifest/legal/{name}", {**tree, PATH: data}, "check", ".")
    for key, values in (
        ("publisher", ("青空新聞社", "", "𠮷野", "x" * 5000, "a\u202eb", "<b>x</b>")), ("author", ("山田　青葉", "辻\U000e0101", "null", "O’Neil")), ("url", ("https://a.example/", "https://a.example/?q=%E7%94%B2#x", "http://localhost", "https://[::1]/")),
        ("title_hint", ("{{x}}", "=1+1", "\u200b", "甲" * 500)), ("rights", ("Text © 青空", "CC BY 4.0")), ("language", ("en", "zh", "ko")), ("event_id", ("event-1", "2030-04-05-harbour")), ("origin_note", ("翻訳", "\n")), ("published_on_note", ("§", "〃")),
    ):  # fmt: skip
        for value in values:
            legal = _with(tree, lambda r, key=key, value=value: r[1].update({key: value}))  # type: ignore[misc]
            yield accepted(f"manifest/legal/{key} is {value!a:.24}", legal, *CHECK)
    for date, basis in (
        ("2024-02-29", "printed"),
        ("0001-01-01", "inferred"),
        ("9999-12-31", "printed"),
        ("2000-02-29", "inferred"),
    ):
        legal = _with(tree, lambda r, date=date, basis=basis: r[1].update(published_on=date, published_on_basis=basis))  # type: ignore[misc]
        yield accepted(f"manifest/legal/{date} {basis}", legal, *CHECK)
