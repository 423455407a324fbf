"""Stand-off annotation: every key, type, label, offset, quote and link spoilt in turn; legal forms that must pass."""

from __future__ import annotations

import functools
import hashlib
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kakuyaku.annotation.standoff import CONTEXT_CHARS
from kakuyaku.checks import check
from kakuyaku.contract import labels, load
from kakuyaku.decoding import text_sha256
from kakuyaku.findings import codes
from kakuyaku.records import json_bytes, jsonl_bytes
from tests import annotation_projects
from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused
from tests.reliability.bad_inputs.trees import PASS, RULING, Place, json_path
from tests.test_annotation_rules import TABLE

CHECK = ("check", PASS)
# What a span in the wrong place breaks besides.
MISPLACED = frozenset(
    {"A05", "A06", "C02", "C03", "R08", "S04", "S05", "S06", "S09", "S10", "S11", "S12", "S13", "K14", "K16", "Q05"}
)
# One span of each layer stands for all of its kind.
LAYERS = {"actor": "a1", "statement": "s1", "cue": "k1", "condition": "c1", "quantity": "q1", "time": "t1"}


def cases() -> Iterator[Case]:
    """All cases of stand-off annotation."""
    yield from _rules()
    yield from _keys()
    yield from _types()
    yield from _labels()
    yield from _offsets()
    yield from _numerals()
    yield from _units()
    yield from _quotes()
    yield from _escapes()
    yield from _links()
    yield from _astral()
    yield from _large()


def base() -> Any:
    """A fresh copy of the sound annotation."""
    return trees.record(trees.annotated(), PASS)


@functools.cache
def _numbers() -> dict[str, int]:
    return {span["id"]: number for number, span in enumerate(base()["spans"])}


def place_of(id_: str, *more: Any) -> Place:
    """The place of a span, or of one of its values."""
    return ("spans", _numbers()[id_], *more)


def found(code: str, place: Place | None = None) -> Expected:
    """A finding in the pass, at a place."""
    return Expected(code, PASS, at=None if place is None else json_path(place))


def broken(name: str, record: Any, *expected: Expected, **more: Any) -> Case:
    """The case of another record in the pass."""
    tree = trees.with_record(trees.annotated(), PASS, record)
    return refused(f"stand-off/{name}", tree, CHECK, *expected, **more)


def spoilt(name: str, place: Place, value: Any, code: str, **more: Any) -> Case:
    """The case of one value replaced, which must be found in its place."""
    return broken(name, trees.put(base(), place, value), found(code, place), **more)


def rewritten(name: str, old: str, new: str, *expected: Expected, record: Any = None, **more: Any) -> Case:
    """The case of a text replaced where the file of the pass, or of another ``record``, has it first."""
    data = json_bytes(record or base()).replace(old.encode(), new.encode(), 1)
    return refused(f"stand-off/{name}", {**trees.annotated(), PASS: data}, CHECK, *expected, **more)


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in text)


def _rules() -> Iterator[Case]:
    """The cases of the rules of annotation, which tests/annotation_cases.toml keeps, by the command line."""
    check_all = ("check", "p")
    for index, change in enumerate(TABLE["case"]):
        code, prepare = change["code"], functools.partial(_write, change=change)
        wrong = int((change.get("level") or codes()[code].level) == "error")
        name = f"stand-off/rule/{code}, {change['why']} ({index})"
        yield Case(name, argv=check_all, exit=wrong, expected=(Expected(code),), prepare=prepare)
    for change in TABLE["accept"]:
        prepare = functools.partial(_write, change=change)
        yield accepted(f"stand-off/rule/sound: {change['why']}", {}, *check_all, prepare=prepare)


def _write(folder: Any, change: Any) -> None:
    """A project with the change made; splits of its article, so that the project alone is sound."""
    project, seed = annotation_projects.write_project(folder / "p", change)
    project.splits.write_text(f"article_id,split,group,policy\n{seed.id},train,{seed.id},1.0\n", "utf-8")


def _keys() -> Iterator[Case]:
    for key in base():
        yield broken(f"missing key/{key}", trees.without(base(), (key,)), found("KEY002"))
    for label, id_ in LAYERS.items():
        for key in load("annotation")["$defs"][label]["required"]:
            record = trees.without(base(), place_of(id_, key))
            yield broken(f"missing key/{key} of {label}", record, found("KEY002", place_of(id_)))
    link = ("relations", 0)
    for key in ("from", "type", "to"):
        record = trees.without(base(), (*link, key))
        yield broken(f"missing key/{key} of a relation", record, found("KEY002", link))
    for name, start in (
        ("capital", "Start"),
        ("full width", _full_width("start")),
        ("trailing blank", "start "),
        ("zero width space", "start\u200b"),
        ("Cyrillic a", "st\u0430rt"),
    ):
        for label, id_ in LAYERS.items():
            record, span = base(), place_of(id_)
            trees.put(record, (*span, start), trees.at(record, span).pop("start"))
            expected = (found("KEY001", span), found("KEY002", span))
            yield broken(f"unknown key/start of {label} with {name}", record, *expected, mends=True)
    for key in (
        "__proto__",
        "constructor",
        "$ref",
        "",
        "\u202etrats",
        "\x1b[31m",
        "a" * 5000,
        "id\nPASS: all is well",
        "text",
        "コメント",
    ):
        for name, place in (("the file", ()), ("a span", place_of("s1")), ("a relation", link)):
            shown, record = ascii(key[:12]).strip("'"), trees.put(base(), (*place, key), 1)
            yield broken(f"unknown key/{shown} in {name}", record, found("KEY001", place), mends=len(key) < 100)


def _types() -> Iterator[Case]:
    no_offsets = {"true": True, "a text": "92", "3.0": 3.0, "0.5": 0.5, "null": None, "a list": [92], "an object": {}}
    for key in ("start", "end"):
        for label, id_ in LAYERS.items():
            for name, value in no_offsets.items():
                also = frozenset({"VAL004"} if value == 0.5 else ())  # beyond the bounds too
                yield spoilt(f"wrong type/{key} of {label} is {name}", place_of(id_, key), value, "VAL001", also=also)
    no_texts: dict[str, Any] = {"a number": 3, "null": None, "a list": ["x"], "false": False}
    for key in ("quote", "prefix", "suffix", "id"):
        for name, value in no_texts.items():
            yield spoilt(f"wrong type/{key} is {name}", place_of("a1", key), value, "VAL001")
    for key, values in (
        ("spans", ({}, None)),
        ("relations", ({}, "x")),
        ("revision", ("1", 1.0, True)),
        ("article_id", (7,)),
        ("annotator", (None,)),
        ("raw_sha256", (0,)),
        ("schema_version", (1.0, None)),
        ("guideline_version", (1.2, [])),
    ):
        for value in values:
            yield spoilt(f"wrong type/{key} is {value!r}", (key,), value, "VAL001")
    for name, value in (("a text", "x"), ("null", None), ("a list", []), ("a number", 1)):
        yield spoilt(f"wrong type/a span is {name}", place_of("a1"), value, "VAL001")
        yield spoilt(f"wrong type/a relation is {name}", ("relations", 0), value, "VAL001")
    for name, data in (("a list", b"[]"), ("a text", b'"x"'), ("a number", b"3"), ("null", b"null"), ("true", b"true")):
        tree = {**trees.annotated(), PASS: data}
        yield refused(f"stand-off/wrong type/the file is {name}", tree, CHECK, found("VAL001"))


def _labels() -> Iterator[Case]:
    near: dict[str, Callable[[str], str]] = {
        "capital": str.capitalize,
        "trailing blank": lambda label: f"{label} ",
        "leading blank": lambda label: f" {label}",
        "zero width space": lambda label: f"{label}\u200b",
        "a line feed": lambda label: f"{label}\n",
        "a dash": lambda label: label.replace("_", "-") + "-",
    }
    far: dict[str, Callable[[str], str]] = {
        "upper case": str.upper,
        "full width": _full_width,
        "Cyrillic": lambda label: label.replace("e", "е").replace("o", "о"),
        "bidi override": lambda label: f"\u202e{label}",
    }
    fields = {
        "s1": ("kind", "measure_relation", "commitment_status", "phase", "phase_basis", "temporal", "reporting"),
        "t1": ("time_role",),
        "q1": ("distribution",),
        "c1": ("condition_kind",),
    }
    for place in (place_of(id_, field) for id_, named in fields.items() for field in named):
        field, label = place[-1], trees.at(base(), place)
        for name, change in (near | far).items():
            if (value := change(label)) != label:
                yield spoilt(f"unknown label/{field} with {name}", place, value, "VAL002", mends=name in near)
        for value in ("__proto__", "", "甲", "\x1b[2J"):
            yield spoilt(f"unknown label/{field} is {value!a}", place, value, "VAL002")
    for value in ("Actor", "actor ", "ａctor", "", "organisation"):
        yield spoilt(f"unknown label/label is {value!a}", place_of("a1", "label"), value, "VAL002")
    for type_ in labels("relation_type"):
        place = ("relations", 0, "type")
        yield spoilt(f"unknown label/relation {type_} in capitals", place, type_.upper(), "VAL002")
    for leaf in ("force.land", "force", "force.ground ", "FORCE.GROUND"):
        record = trees.put(base(), place_of("s1", "commitment_type"), [leaf])
        yield broken(f"unknown label/leaf {leaf!r}", record, found("VAL002", place_of("s1", "commitment_type", 0)))
    for number in (0, 4, -1, 99):
        yield spoilt(f"unknown label/confidence {number}", place_of("s1", "confidence"), number, "VAL002")


def _offsets() -> Iterator[Case]:
    length = len(annotation_projects.RAW)
    for label, id_ in LAYERS.items():
        span = trees.at(base(), place_of(id_))
        start, end = span["start"], span["end"]
        for name, own, other, expected in (
            ("negative", -1, end, found("VAL004", place_of(id_, "start"))),
            ("reversed", end, start, found("S02")),
            ("empty", start, start, found("S02")),
            ("past the end", start, length + 1, found("S02")),
            ("both past the end", length + 5, length + 9, found("S02")),
            ("2**31", start, 2**31, found("S02")),
            ("2**53 + 1", start, 2**53 + 1, found("S02")),
            ("2**63 - 1", 2**63 - 1, end, found("S02")),
            ("one late", start + 1, end + 1, found("S03")),
            ("one early", start - 1, end - 1, found("S03")),
            ("one too long", start, end + 1, found("S03")),
        ):
            record = trees.put(base(), place_of(id_), {**span, "start": own, "end": other})
            yield broken(f"offset/{name}, {label}", record, expected, also=MISPLACED)


def _numerals() -> Iterator[Case]:
    huge = (str(2**63), str(2**70), f"-{2**64}", "9" * 5000, "1" + "0" * 400, "1e400", "1e999")
    for value in (*huge, "NaN", "Infinity", "-Infinity"):
        yield rewritten(f"number/{value[:12]}", '"start": 92,', f'"start": {value},', found("JSN004"))
    for values, code in (
        (("1e2", "92.0", "9.2e1"), "VAL001"),
        (("-0",), "S03"),
        (("092", "+92", "0x5c", "92.", ".92", "９２", "9_2"), "JSN001"),
    ):
        for value in values:
            yield rewritten(f"number/{value}", '"start": 92,', f'"start": {value},', found(code), also=MISPLACED)


def _units() -> Iterator[Case]:
    """Offsets counted in other units: the text has characters beyond the BMP and of three bytes before the first span."""
    units: dict[str, Callable[[str], int]] = {  # how many stand before an offset
        "UTF-16 units": lambda before: len(before.encode("utf-16-le")) // 2,
        "bytes of UTF-8": lambda before: len(before.encode()),
        "bytes of UTF-16": lambda before: len(before.encode("utf-16-le")),
        "CRLF counted twice": lambda before: len(before) + before.count("\n"),
        "from 1": lambda before: len(before) + 1,
        "line feeds not counted": lambda before: len(before) - before.count("\n"),
        "grapheme clusters": lambda before: sum(not unicodedata.combining(c) and c != "\ufe0f" for c in before),
    }
    raw = annotation_projects.RAW
    for name, unit in units.items():
        record = base()
        for span in record["spans"]:
            span |= {"start": unit(raw[: span["start"]]), "end": unit(raw[: span["end"]])}
        past = any(span["end"] > len(raw) for span in record["spans"])
        expected = [found("S03"), found("S02")] if past else [found("S03")]
        yield broken(f"unit of offsets/{name}", record, *expected, also=MISPLACED)
    for declared in ("utf-16", "utf8", "byte", "codepoints", "CODEPOINT", ""):
        yield spoilt(f"unit of offsets/declared {declared!r}", ("offset_unit",), declared, "VAL004")


def _quotes() -> Iterator[Case]:
    place = place_of("s1", "quote")
    quote = trees.at(base(), place)
    for name, value in (
        ("reversed", quote[::-1]),
        ("with a blank", quote + " "),
        ("with a zero width space", quote[:2] + "\u200b" + quote[2:]),
        ("without its end", quote[:-1]),
        ("with full-width digits", quote.translate({ord(str(n)): 0xFF10 + n for n in range(10)})),
        ("with an ideographic space", "　" + quote),
        ("with a soft hyphen", quote[:3] + "\u00ad" + quote[3:]),
        ("with a bidi override", "\u202e" + quote),
        ("in another script", "甲" * len(quote)),
        ("with a variation selector", quote[:1] + "\ufe00" + quote[1:]),
        ("decomposed", unicodedata.normalize("NFD", quote + "が")),
        ("with a line feed inside", quote[:4] + "\n" + quote[4:]),
    ):
        yield broken(f"quote/{name}", trees.put(base(), place, value), found("S03"), also=MISPLACED)
    yield spoilt("quote/empty", place, "", "VAL004")
    yield broken("quote/5 MB", trees.put(base(), place, "甲" * 1_700_000), found("S03"), memory=160 * MIB)
    for key in ("prefix", "suffix"):
        yield spoilt(f"quote/{key} of another place", place_of("s1", key), "別の文", "S04")
        yield spoilt(f"quote/{key} empty", place_of("s1", key), "", "S04")
        yield spoilt(f"quote/{key} too long", place_of("s1", key), "甲" * 33, "VAL004")


def _escapes() -> Iterator[Case]:
    for escape in ("\\ud83d", "\\udc00", "\\ude00\\ud83d", "\\ud83d\\ud83d", "\\uD83Dx"):
        quote = f'"quote": "{escape}"'
        yield rewritten(f"surrogate/{escape} in a quote", '"quote": "甲国"', quote, found("UNI001"))
        yield rewritten(f"surrogate/{escape} in a key", '"annotator":', f'"{escape}":', found("UNI001"))
    note, first = place_of("s1", "note"), '"relations": ['
    noted = trees.put(base(), note, "メモ")
    for control in ("\\u0000", "\\u001b[31m", "\\u0007", "\\u007f", "\\u009b", "\\n", "\\r", "\\t", "\\b"):
        link = f'{{"from": "s1", "type": "holder", "to": "{control}"}},'
        to = found("VAL003", ("relations", 0, "to"))
        yield rewritten(f"control/{control} in a link", first, first + link, to)
        text = f"メ{control}モ"
        yield rewritten(f"control/{control} in a note", "メモ", text, found("CTL001", note), record=noted)


def _links() -> Iterator[Case]:
    first: dict[str, int] = {}
    for number, link in enumerate(base()["relations"]):
        first.setdefault(link["type"], number)
    for type_, number in first.items():
        for name, end, value in (("to nothing", "to", "a999"), ("from nothing", "from", "s999")):
            record = trees.put(base(), ("relations", number, end), value)
            expected = [found(code) for code in _codes_of(record)]
            assert found("R02") in expected
            yield broken(f"link/{type_} {name}", record, *expected)
        for name, end, value in (
            ("to an id of no form", "to", "x"),
            ("to an empty id", "to", ""),
            ("from an id with a blank", "from", "s1 "),
            ("to a line feed", "to", "a1\n"),
        ):
            yield spoilt(f"link/{type_} {name}", ("relations", number, end), value, "VAL003")
        links = base()["relations"]
        yield broken(f"link/{type_} twice", {**base(), "relations": [*links, links[number]]}, found("R05"))


def _codes_of(record: Any) -> list[str]:
    """The codes that a faulty link has besides its own: what lost its holder or cue says so too."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in trees.with_record(trees.annotated(), PASS, record).items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return sorted({finding.code for finding in check(Path(folder, PASS))})


def _astral() -> Iterator[Case]:
    """Text before the first span: all offsets shift by its code points, and everything stays sound."""
    for name, text in (
        ("kanji beyond the BMP", "𠮷野家。"),
        ("emoji", "😀。"),
        ("skin tone", "👍🏽。"),
        ("flag", "🇺🇦。"),
        ("joiners", "👩‍👩‍👧‍👦。"),
        ("combining marks", "か\u3099。"),
        ("ideographic variation", "葛󠄀城。"),
        ("variation selector", "❤️。"),
        ("surrogate range neighbours", "\ud7ff\ue000。"),
        ("half-width kana", "ｶﾞ。"),
        ("compatibility kanji", "塚神丽。"),
        ("wave dash", "〜～。"),
        ("bidi", "\u2066甲\u2069。"),
        ("zero width space", "甲\u200b乙。"),
        ("soft hyphen", "甲\u00ad乙。"),
        ("tag characters", "🏴󠁧󠁢󠁥󠁮󠁧󠁿。"),
        ("byte order mark inside", "甲\ufeff乙。"),
        ("no-break space", "甲\u00a0乙。"),
        ("line separator", "甲\u2028乙。"),
        ("private use", "甲\ue000乙。"),
        ("noncharacter", "甲\uffff乙。"),
        ("last code point", "甲\U0010ffff乙。"),
        ("Hangul jamo", "한국。"),
        ("Arabic", "مرحبا。"),
        ("decomposed Latin", unicodedata.normalize("NFD", "café。")),
        ("markup", "<b>&lt;{{x}}</b>。"),
        ("a long word", "あ" * 300 + "。"),
        ("ideographic space", "甲　乙。"),
        ("digits", "１２３456。"),
        ("quotes", "「『“\"'」。"),
    ):
        tree, record = shifted(text)
        yield accepted(f"stand-off/unusual text/{name}", trees.with_record(tree, PASS, record), *CHECK)
        for span in record["spans"]:  # as if the text had never been put before it
            span["start"] -= len(text)
            span["end"] -= len(text)
        wrong = trees.with_record(tree, PASS, record)
        yield refused(f"stand-off/unusual text/{name}, not counted", wrong, CHECK, found("S03"), also=MISPLACED)


def shifted(text: str) -> tuple[trees.Tree, Any]:
    """The project with ``text`` put before the third line of its article, and the annotation moved along."""
    old = annotation_projects.RAW
    at = old.index("丘の上")
    raw = old[:at] + text + old[at:]
    record = base()
    for span in record["spans"]:
        span["start"] += len(text)
        span["end"] += len(text)
        span["prefix"] = raw[max(0, span["start"] - CONTEXT_CHARS) : span["start"]]
    record["raw_sha256"] = text_sha256(raw)
    tree, data = trees.annotated(), raw.encode()
    manifest = trees.record(tree, "seeds/manifest.jsonl")
    manifest |= {"sha256": hashlib.sha256(data).hexdigest(), "n_bytes": len(data)}
    tree |= {"seeds/invented.txt": data, "seeds/manifest.jsonl": jsonl_bytes([manifest])}
    del tree[RULING]
    return tree, record


def _large() -> Iterator[Case]:
    spans, links, much = base()["spans"], base()["relations"], {"memory": 400 * MIB, "seconds": 60}
    for n in (1_000, 5_000):
        record = {**base(), "spans": spans + spans[:1] * n}
        yield broken(f"hostile/{n:,} equal spans", record, found("S08"), found("S09"), **much)
        record = {**base(), "relations": links + links[:1] * n}
        yield broken(f"hostile/{n:,} equal relations", record, found("R05"), **much)
    record = {**base(), "spans": [{**spans[0], "start": "x"}] * 5_000}
    yield broken("hostile/5,000 faults of one kind", record, found("VAL001"), memory=700 * MIB, seconds=60)
    record = {**base(), "spans": [spans[0] | {f"key {n}": n for n in range(20_000)}, *spans[1:]]}
    yield broken("hostile/20,000 unknown keys", record, found("KEY001"), **much)
    tree = trees.with_record(trees.annotated(), PASS, trees.put(base(), place_of("s1", "note"), "甲" * 1_700_000))
    yield accepted("stand-off/hostile/a note of 5 MB", tree, *CHECK, memory=200 * MIB)
    record = trees.put(base(), place_of("s1", "kind"), "a" * 5_000_000)
    yield broken("hostile/a label of 5 MB", record, found("VAL002"), memory=300 * MIB)
    record = {**base(), "k" * 5_000_000: 1}
    yield broken("hostile/a key of 5 MB", record, found("KEY001"), memory=300 * MIB)
