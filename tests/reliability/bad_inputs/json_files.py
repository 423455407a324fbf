"""JSON as a grammar: what is no JSON, what JSON parsers disagree about, and legal forms that must pass."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused
from tests.reliability.bad_inputs.trees import PASS

ANNOTATORS = "annotation/annotators.json"
CHANGES: dict[str, tuple[Callable[[str], str], str]] = {
    "a comma too many in an object": (lambda t: t.replace('"cue"\n', '"cue",\n', 1).replace("}\n", ",}\n", 1), "JSN001"),
    "a comma too many in an array": (lambda t: re.sub(r"\]\s*\}?\s*$", ",]}", t) if t.rstrip().endswith("}") else t.rstrip()[:-1] + ",]", "JSN001"),
    "a comma too few": (lambda t: t.replace(",", "", 1), "JSN001"), "a colon too few": (lambda t: t.replace(":", "", 1), "JSN001"),
    "single quotes": (lambda t: t.replace('"', "'"), "JSN001"), "a comment to the line end": (lambda t: t.replace("\n", " // note\n", 1), "JSN001"),
    "a comment in stars": (lambda t: "/* note */" + t, "JSN001"), "a hash comment": (lambda t: "# note\n" + t, "JSN001"), "unquoted keys": (lambda t: re.sub(r'"([a-z_]+)":', r"\1:", t, count=1), "JSN001"),
    "Python literals": (lambda t: re.sub(r": (\d+|null|\"[^\"]*\")", ": None", t, count=1), "JSN001"), "two documents": (lambda t: t + t, "JSN001"), "text behind": (lambda t: t + "x", "JSN001"),
    "text before": (lambda t: "x" + t, "JSN001"), "an open string": (lambda t: t.replace('",', ",", 1), "JSN001"), "a line feed in a string": (lambda t: re.sub(r'": "', '": "\n', t, count=1), "JSN001"),
    "a tab in a string": (lambda t: re.sub(r'": "', '": "\t', t, count=1), "JSN001"), "an unknown escape": (lambda t: re.sub(r'": "', r'": "\\x41', t, count=1), "JSN001"),
    "half an escape": (lambda t: re.sub(r'": "', r'": "\\u12', t, count=1), "JSN001"), "a backslash alone": (lambda t: re.sub(r'": "', '": "\\\\ ', t, count=1), "JSN001"),
    "a closing bracket too many": (lambda t: t.rstrip() + "}", "JSN001"), "a closing bracket too few": (lambda t: t.rstrip()[:-1], "JSN001"), "the wrong bracket": (lambda t: t.rstrip()[:-1] + ")", "JSN001"),
    "HTML in its place": (lambda _: "<!DOCTYPE html><title>403</title>", "JSN001"), "a conflict": (lambda t: "<<<<<<< HEAD\n" + t + "=======\n" + t + ">>>>>>> other\n", "JSN001"),
    "a pointer of Git LFS": (lambda _: "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "JSN001"), "YAML": (lambda _: "a: 1\nb: 2\n", "JSN001"), "CSV": (lambda _: "a,b\n1,2\n", "JSN001"),
    "a word": (lambda _: "undefined", "JSN001"), "an exclamation": (lambda _: "!", "JSN001"), "full-width brackets": (lambda t: t.replace("{", "｛").replace("[", "［"), "JSN001"),
    "smart quotes": (lambda t: t.replace('"', "“", 1), "JSN001"), "a no-break space": (lambda t: t.replace(" ", "\u00a0", 1), "JSN001"), "a byte order mark inside": (lambda t: t.replace("\n", "\n\ufeff", 1), "JSN001"),
    "NaN": (lambda t: re.sub(r'": "[^"]*"', '": NaN', t, count=1), "JSN004"), "Infinity": (lambda t: re.sub(r'": "[^"]*"', '": Infinity', t, count=1), "JSN004"),
    "minus Infinity": (lambda t: re.sub(r'": "[^"]*"', '": -Infinity', t, count=1), "JSN004"), "a number beyond doubles": (lambda t: re.sub(r'": "[^"]*"', '": 1e400', t, count=1), "JSN004"),
    "a number of 5,000 digits": (lambda t: re.sub(r'": "[^"]*"', '": ' + "9" * 5000, t, count=1), "JSN004"), "2**63": (lambda t: re.sub(r'": "[^"]*"', f'": {2**63}', t, count=1), "JSN004"),
    "a surrogate": (lambda t: re.sub(r'": "', r'": "\\ud83d', t, count=1), "UNI001"), "64 levels and one": (lambda _: "[" * 65 + "]" * 65, "JSN005"),
    "open brackets": (lambda _: "[" * 100_000, "JSN005"), "open braces": (lambda _: '{"a":' * 100_000, "JSN005"), "levels in a member": (lambda t: re.sub(r'": "[^"]*"', '": ' + "[" * 70 + "]" * 70, t, count=1), "JSN005"),
}  # fmt: skip
BYTES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no byte": (lambda _: b"", "JSN002"), "zeros": (lambda d: b"\0" * len(d), "JSN002"), "one zero": (lambda _: b"\0", "JSN002"), "blanks": (lambda _: b" \n\t\r\n ", "JSN002"), "zeros and blanks": (lambda _: b"\0 \n\0", "JSN002"),
    "a tail of zeros": (lambda d: d + b"\0" * 512, "CTL001"), "half zeros": (lambda d: d[: len(d) // 2] + b"\0" * (len(d) // 2), "CTL001"), "UTF-16": (lambda d: d.decode().encode("utf-16"), "ENC001"), "UTF-32": (lambda d: d.decode().encode("utf-32"), "ENC001"),
    "an escape before it": (lambda d: b"\x1b[31m" + d, "CTL001"), "a cut character": (lambda d: d.replace(b'"', '"国'.encode()[:3], 1), "ENC002"), "latin-1": (lambda d: d.replace(b'"', b'"\xe9', 1), "ENC002"), "a byte order mark alone": (lambda _: b"\xef\xbb\xbf", "RAW001"),
    "CESU-8": (lambda d: d.replace(b'"', b'"\xed\xa0\xbd\xed\xb8\x80', 1), "ENC002"), "gzip": (lambda _: b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "ENC002"), "form feed": (lambda d: d + b"\x0c", "CTL001"), "vertical tab": (lambda d: b"\x0b" + d, "CTL001"), "next line": (lambda d: d + "\x85".encode(), "CTL001"),
}  # fmt: skip


def _sorted(value: Any, turn: Callable[[list[Any]], list[Any]]) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key], turn) for key in turn(list(value))}
    return [_sorted(item, turn) for item in value] if isinstance(value, list) else value


def _shuffled(keys: list[Any]) -> list[Any]:
    return random.Random(len(keys)).sample(keys, len(keys))


LEGAL: dict[str, Callable[[Any], bytes]] = {
    "one line": lambda v: json.dumps(v, ensure_ascii=False).encode(), "no blanks": lambda v: json.dumps(v, ensure_ascii=False, separators=(",", ":")).encode(), "ASCII escapes": lambda v: json.dumps(v, indent=1).encode(),
    "capital escapes": lambda v: re.sub(r"\\u[0-9a-f]{4}", lambda m: "\\u" + m.group()[2:].upper(), json.dumps(v)).encode(), "tabs": lambda v: json.dumps(v, ensure_ascii=False, indent="\t").encode(),
    "CRLF": lambda v: json.dumps(v, ensure_ascii=False, indent=2).replace("\n", "\r\n").encode(), "CR": lambda v: json.dumps(v, ensure_ascii=False, indent=2).replace("\n", "\r").encode(), "a byte order mark": lambda v: b"\xef\xbb\xbf" + json.dumps(v).encode(),
    "sorted keys": lambda v: json.dumps(v, ensure_ascii=False, sort_keys=True).encode(), "keys backwards": lambda v: json.dumps(_sorted(v, lambda k: k[::-1])).encode(), "shuffled keys": lambda v: json.dumps(_sorted(v, _shuffled)).encode(),
    "blanks around": lambda v: b" \n\n\t" + json.dumps(v).encode() + b"\n \r\n\t", "a blank before every comma": lambda v: json.dumps(v, separators=(" , ", " : ")).encode(), "escaped slashes": lambda v: json.dumps(v).replace("/", "\\/").encode(),
    "deep indentation": lambda v: json.dumps(v, indent=40).encode(), "a line for every value": lambda v: json.dumps(v, indent=0).encode(), "half escaped": lambda v: json.dumps(v, ensure_ascii=False).replace("国", "\\u56fd").encode(),
    "a megabyte of blanks": lambda v: b" " * 1_000_000 + json.dumps(v).encode(),
}  # fmt: skip


def cases() -> Iterator[Case]:
    """All cases of the grammar, for annotations and lists of annotators; then what is large or hostile."""
    tree = trees.annotated()
    for name, (change, code) in CHANGES.items():
        for kind, path in (("stand-off", PASS), ("annotators", ANNOTATORS)):
            text = tree[path].decode()
            if kind == "annotators" and (name.startswith("a comma too many in an object") or change(text) == text):
                continue
            data = change(text).encode()
            assert data != tree[path], (kind, name)
            yield refused(f"JSON/{kind}, grammar/{name}", {**tree, path: data}, ("check", path), Expected(code, path))
    for name, (damage, code) in BYTES.items():
        for kind, path in (("stand-off", PASS), ("annotators", ANNOTATORS)):
            data = damage(tree[path])
            yield refused(f"JSON/{kind}, bytes/{name}", {**tree, path: data}, ("check", path), Expected(code, path))
    for name, write in LEGAL.items():
        for kind, path in (("stand-off", PASS), ("adjudication", trees.RULING), ("annotators", ANNOTATORS)):
            yield accepted(f"JSON/{kind}, legal/{name}", {**tree, path: write(trees.record(tree, path))}, "check", path)
    yield from _duplicates(tree)
    yield from _hostile(tree)
    yield from _annotators(tree)
    yield from _agreement()


def _duplicates(tree: trees.Tree) -> Iterator[Case]:
    text = tree[PASS].decode()
    for key in (
        "schema_version",
        "article_id",
        "annotator",
        "raw_sha256",
        "start",
        "end",
        "quote",
        "label",
        "id",
        "kind",
        "from",
        "type",
        "to",
        "spans",
        "actor_id",
        "value",
    ):
        spoilt = re.sub(rf'"{key}":', f'"{key}": 0, "{key}":', text, count=1)
        yield refused(
            f"JSON/stand-off, duplicate key/{key}",
            {**tree, PASS: spoilt.encode()},
            ("check", PASS),
            Expected("JSN003", PASS),
        )
    for name, pair in (
        ("escaped", r'"a": 1, "\u0061": 2'),
        ("empty", '"": 1, "": 2'),
        ("astral", '"𠮷": 1, "\\ud842\\udfb7": 2'),
        ("equal values", '"a": 1, "a": 1'),
    ):
        data = text.replace("{", "{" + pair + ",", 1).encode()
        yield refused(
            f"JSON/stand-off, duplicate key/{name}", {**tree, PASS: data}, ("check", PASS), Expected("JSN003", PASS)
        )


def _hostile(tree: trees.Tree) -> Iterator[Case]:
    for name, data, code in (
        ("depth 100,000 of arrays", b"[" * 100_000 + b"]" * 100_000, "JSN005"), ("depth 1,000,000 of objects", b'{"":' * 1_000_000, "JSN005"), ("20 MB of open strings", b'["' * 10_000_000, "JSN005"), ("20 MB of backslashes", b'"' + b"\\" * 20_000_000, "JSN001"),
        ("20 MB of digits", b"9" * 20_000_000, "JSN004"), ("a string of 20 MB", b'"' + b"a" * 20_000_000 + b'"', "VAL001"), ("a million numbers", b"[" + b"1," * 1_000_000 + b"1]", "VAL001"), ("a million empty objects", b"[" + b"{}," * 1_000_000 + b"{}]", "VAL001"),
        ("a million commas", b"[" + b"," * 1_000_000, "JSN001"), ("20 MB of line feeds", b"\n" * 20_000_000 + b"x", "JSN001"), ("20 MB of zeros", b"\0" * 20_000_000, "JSN002"), ("500,000 keys", b"{" + b",".join(b'"k%d":1' % n for n in range(500_000)) + b"}", "KEY001"),
        ("500,000 equal keys", b"{" + b",".join([b'"k":1'] * 500_000) + b"}", "JSN003"), ("65 MiB", b'"' + b"a" * (65 * MIB) + b'"', "RAW002"), ("30,000 combining marks", ('"' + "か" + "\u3099\u309a" * 15_000 + '"').encode(), "VAL001"),
        ("a million escapes", b'"' + b"\\u3042" * 1_000_000 + b'"', "VAL001"), ("exponents", b"[" + b"1e-400," * 200_000 + b"1]", "VAL001"),
    ):  # fmt: skip
        also = frozenset({"KEY002"}) if code == "KEY001" else frozenset()
        yield Case(
            f"JSON/stand-off, hostile/{name}",
            {**tree, PASS: data},
            ("check", PASS),
            1,
            (Expected(code, PASS),),
            also,
            memory=12 * len(data) + 200 * MIB,
            seconds=60,
        )


def _annotators(tree: trees.Tree) -> Iterator[Case]:
    def case(name: str, value: Any, code: str, at: str | None) -> Case:
        spoilt = trees.with_record(tree, ANNOTATORS, value)
        return refused(f"annotators/{name}", spoilt, ("check", ANNOTATORS), Expected(code, ANNOTATORS, at=at))

    sound = trees.record(tree, ANNOTATORS)
    for key in sound[0]:
        value = trees.record(tree, ANNOTATORS)
        del value[1][key]
        yield case(f"missing key/{key}", value, "KEY002", "$[1]")
        value = trees.record(tree, ANNOTATORS)
        value[0][key.upper()] = value[0].pop(key)
        spoilt = trees.with_record(tree, ANNOTATORS, value)
        yield refused(
            f"annotators/unknown key/{key.upper()}",
            spoilt,
            ("check", ANNOTATORS),
            Expected("KEY001", at="$[0]"),
            Expected("KEY002"),
            mends=True,
        )
    for key, new, code in (
        ("id", "Reader A", "VAL003"), ("id", "", "VAL003"), ("id", "a" * 65, None), ("id", "../x", "VAL003"), ("id", "reader-a\n", "VAL003"), ("id", 7, "VAL001"), ("id", "gold", "F08"), ("id", "reader-b", "F08"), ("kind", "robot", "VAL002"), ("kind", "Person", "VAL002"),
        ("kind", None, "VAL001"), ("description", "", "VAL004"), ("model", 4, "VAL001"), ("saw", "guideline", "VAL001"), ("saw", [""], "VAL004"), ("guideline_version", "1", "VAL003"), ("guideline_version", 1.1, "VAL001"), ("created_on", "2026-02-30", "VAL003"),
        ("created_on", "2026-1-1", "VAL003"), ("created_on", "yesterday", "VAL003"), ("created_on", "", "VAL003"), ("passes", {}, "VAL001"), ("passes", [{}], "KEY002"),
    ):  # fmt: skip
        value = trees.record(tree, ANNOTATORS)
        value[0][key] = new
        if code is None:
            yield accepted(
                f"annotators/value/{key} of {len(str(new))} letters",
                trees.with_record(tree, ANNOTATORS, value),
                "check",
                ANNOTATORS,
            )
        else:
            yield Case(
                f"annotators/value/{key} is {new!a:.14}",
                trees.with_record(tree, ANNOTATORS, value),
                ("check", ANNOTATORS),
                1,
                (Expected(code, ANNOTATORS),),
                frozenset({"VAL003", "VAL001", "VAL002"}) - {code},
            )
    for name, value in (("an object", {}), ("a text", "x"), ("null", None), ("a number", 1)):
        yield case(f"value/the file is {name}", value, "VAL001", "$")
    for name, value in (("a text", ["x"]), ("null", [None]), ("a list", [[]])):
        yield case(f"value/an entry is {name}", value, "VAL001", "$[0]")
    yield accepted("annotators/legal/no entry", trees.with_record(tree, ANNOTATORS, []), "check", ANNOTATORS)
    long = [{**sound[0], "id": f"reader-{n}"} for n in range(2_000)]
    yield accepted("annotators/legal/2,000 entries", trees.with_record(tree, ANNOTATORS, long), "check", ANNOTATORS)


def _agreement() -> Iterator[Case]:
    """annotation/agreement.json, which the card of a build is made from."""
    path = "annotation/agreement.json"
    for name, data, code in (
        ("a list", b"[]", "VAL001"), ("null", b"null", "VAL001"), ("an empty object", b"{}", "KEY002"), ("pairs as a text", b'{"schema_version": "1.0", "pairs": "x"}', "VAL001"), ("a pair that is none", b'{"schema_version": "1.0", "pairs": [3]}', "VAL001"), ("an empty pair", b'{"schema_version": "1.0", "pairs": [{}]}', "KEY002"), ("no byte", b"", "JSN002"), ("cut", b'{"pairs": [', "JSN001"),
    ):  # fmt: skip
        yield refused(f"agreement/{name}", {**trees.plain(), path: data}, ("build",), Expected(code, path))
    limits = {**trees.plain(), "annotation/limits.md": b"\xff\n"}
    yield refused(
        "agreement/limits.md that is no UTF-8", limits, ("build",), Expected("ENC002", "annotation/limits.md", 1)
    )
