"""Stand-off annotation: every key, type, label, offset, quote and link spoilt in turn; legal forms that must pass."""

from __future__ import annotations

import copy
import functools
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from kakuyaku.annotation.standoff import CONTEXT_CHARS
from kakuyaku.contract import labels, load
from kakuyaku.decoding import text_sha256
from tests import annotation_projects
from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused
from tests.reliability.bad_inputs.trees import PASS, RULING, json_path
from tests.test_annotation_rules import TABLE

CHECK = ("check", PASS)
Place = tuple[Any, ...]


def cases() -> Iterator[Case]:
    """All cases of stand-off annotation and of adjudication."""
    yield from _rules()
    yield from _keys()
    yield from _types()
    yield from _labels()
    yield from _offsets()
    yield from _units()
    yield from _quotes()
    yield from _links()
    yield from _rulings()
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


# One span of each layer stands for all of its kind.
# What a span in the wrong place breaks besides.
MISPLACED = frozenset(
    {"A05", "A06", "C02", "C03", "R08", "S04", "S05", "S06", "S09", "S10", "S11", "S12", "S13", "K14", "K16", "Q05"}
)
LAYERS = {"actor": "a1", "statement": "s1", "cue": "k1", "condition": "c1", "quantity": "q1", "time": "t1"}


def spoilt(name: str, place: Place, value: Any, *expected: Expected, **more: Any) -> Case:
    """The case of one value replaced."""
    tree = trees.with_record(trees.annotated(), PASS, trees.put(base(), place, value))
    return refused(f"stand-off/{name}", tree, CHECK, *expected, **more)


def found(code: str, place: Place | None = None) -> Expected:
    """A finding in the pass, at a place."""
    return Expected(code, PASS, at=None if place is None else json_path(place))


def _rules() -> Iterator[Case]:
    """The cases of the rules of annotation, which tests/annotation_cases.toml keeps, by the command line."""
    for index, change in enumerate(TABLE["case"]):
        level = change.get("level") or annotation_level(change["code"])
        name = f"stand-off/rule/{change['code']}, {change['why']} ({index})"
        yield Case(name, argv=("check", "p"), exit=int(level == "error"), expected=(Expected(change["code"]),),
                   prepare=functools.partial(_write, change=change))  # fmt: skip
    for change in TABLE["accept"]:
        yield Case(f"stand-off/rule/sound: {change['why']}", argv=("check", "p"), prepare=functools.partial(_write, change=change))  # fmt: skip


def annotation_level(code: str) -> str:
    """The level of a code."""
    from kakuyaku.findings import codes

    return codes()[code].level


def _write(folder: Any, change: Any) -> None:
    """A project with the change made; splits of its article, so that the project alone is sound."""
    project, seed = annotation_projects.write_project(folder / "p", change)
    project.splits.write_text(f"article_id,split,group,policy\n{seed.id},train,{seed.id},1.0\n", "utf-8")


def _keys() -> Iterator[Case]:
    tree = trees.annotated()
    for key in base():
        record = base()
        del record[key]
        yield refused(f"stand-off/missing key/{key}", trees.with_record(tree, PASS, record), CHECK, found("KEY002"))
    for label, id_ in LAYERS.items():
        rules = load("annotation")["$defs"][label]
        for key in rules["required"]:
            record = base()
            del record["spans"][_numbers()[id_]][key]
            yield refused(
                f"stand-off/missing key/{key} of {label}", trees.with_record(tree, PASS, record), CHECK, found("KEY002", place_of(id_))
            )  # fmt: skip
    for key in ("from", "type", "to"):
        record = base()
        del record["relations"][0][key]
        yield refused(
            f"stand-off/missing key/{key} of a relation", trees.with_record(tree, PASS, record), CHECK, found("KEY002", ("relations", 0))
        )  # fmt: skip
    strange: dict[str, Callable[[str], str]] = {
        "capital": str.capitalize, "full width": lambda key: "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in key),
        "trailing blank": lambda key: f"{key} ", "zero width space": lambda key: f"{key}\u200b", "Cyrillic a": lambda key: key.replace("a", "а") + ("" if "a" in key else "а"),
    }  # fmt: skip
    for name, change in strange.items():
        for label, id_ in LAYERS.items():
            record = base()
            span = record["spans"][_numbers()[id_]]
            span[change("start")] = span.pop("start")
            yield refused(
                f"stand-off/unknown key/start of {label} with {name}", trees.with_record(tree, PASS, record), CHECK,
                found("KEY001", place_of(id_)), found("KEY002", place_of(id_)), mends=True,
            )  # fmt: skip
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
        for name, place in (("the file", ()), ("a span", place_of("s1")), ("a relation", ("relations", 0))):
            record = base()
            functools.reduce(lambda node, part: node[part], place, record)[key] = 1
            shown = ascii(key[:12]).strip("'")
            yield refused(
                f"stand-off/unknown key/{shown} in {name}", trees.with_record(tree, PASS, record), CHECK, found("KEY001", place), mends=len(key) < 100
            )  # fmt: skip


def _types() -> Iterator[Case]:
    wrong: dict[str, Any] = {
        "true": True,
        "a text": "92",
        "3.0": 3.0,
        "0.5": 0.5,
        "null": None,
        "a list": [92],
        "an object": {},
    }
    for key in ("start", "end"):
        for label, id_ in LAYERS.items():
            for name, value in wrong.items():
                yield spoilt(
                    f"wrong type/{key} of {label} is {name}",
                    place_of(id_, key),
                    value,
                    found("VAL001", place_of(id_, key)),
                    also=frozenset({"VAL004"} if value == 0.5 else ()),  # beyond the bounds too
                )
    of_texts: dict[str, Any] = {"a number": 3, "null": None, "a list": ["x"], "false": False}
    for key in ("quote", "prefix", "suffix", "id"):
        for name, value in of_texts.items():
            yield spoilt(
                f"wrong type/{key} is {name}", place_of("a1", key), value, found("VAL001", place_of("a1", key))
            )
    for key, value in (("spans", {}), ("spans", None), ("relations", {}), ("relations", "x"), ("revision", "1"), ("revision", 1.0), ("revision", True),
                       ("article_id", 7), ("annotator", None), ("raw_sha256", 0), ("schema_version", 1.0), ("schema_version", None),
                       ("guideline_version", 1.2), ("guideline_version", [])):  # fmt: skip
        yield spoilt(f"wrong type/{key} is {value!r}", (key,), value, found("VAL001", (key,)))
    for name, value in (("a text", "x"), ("null", None), ("a list", []), ("a number", 1)):
        yield spoilt(f"wrong type/a span is {name}", place_of("a1"), value, found("VAL001", place_of("a1")))
        yield spoilt(f"wrong type/a relation is {name}", ("relations", 0), value, found("VAL001", ("relations", 0)))
    for name, data in (("a list", b"[]"), ("a text", b'"x"'), ("a number", b"3"), ("null", b"null"), ("true", b"true")):
        yield refused(
            f"stand-off/wrong type/the file is {name}", {**trees.annotated(), PASS: data}, CHECK, found("VAL001")
        )


def _labels() -> Iterator[Case]:
    strange: dict[str, Callable[[str], str]] = {
        "capital": str.capitalize, "upper case": str.upper, "trailing blank": lambda label: f"{label} ", "leading blank": lambda label: f" {label}",
        "zero width space": lambda label: f"{label}\u200b", "a line feed": lambda label: f"{label}\n", "a dash": lambda label: label.replace("_", "-") + "-",
        "full width": lambda label: "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in label),
        "Cyrillic": lambda label: label.replace("e", "е").replace("o", "о"), "bidi override": lambda label: f"\u202e{label}",
    }  # fmt: skip
    fields: dict[str, tuple[str, ...]] = {
        "s1": ("kind", "measure_relation", "commitment_status", "phase", "phase_basis", "temporal", "reporting"),
        "t1": ("time_role",), "q1": ("distribution",), "c1": ("condition_kind",),
    }  # fmt: skip
    for id_, names in fields.items():
        span = base()["spans"][_numbers()[id_]]
        for field_ in names:
            if field_ not in span:
                continue
            for name, change in strange.items():
                value = change(span[field_])
                if value != span[field_]:
                    close = name not in ("upper case", "full width", "Cyrillic", "bidi override")
                    yield spoilt(
                        f"unknown label/{field_} with {name}", place_of(id_, field_), value, found("VAL002", place_of(id_, field_)), mends=close
                    )  # fmt: skip
            for value in ("__proto__", "", "甲", "\x1b[2J"):
                yield spoilt(
                    f"unknown label/{field_} is {value!a}",
                    place_of(id_, field_),
                    value,
                    found("VAL002", place_of(id_, field_)),
                )
    for value in ("Actor", "actor ", "ａctor", "", "organisation"):
        yield spoilt(
            f"unknown label/label is {value!a}",
            place_of("a1", "label"),
            value,
            found("VAL002", place_of("a1", "label")),
        )
    for type_ in labels("relation_type"):
        yield spoilt(
            f"unknown label/relation {type_} in capitals",
            ("relations", 0, "type"),
            type_.upper(),
            found("VAL002", ("relations", 0, "type")),
        )
    for leaf in ("force.land", "force", "force.ground ", "FORCE.GROUND"):
        yield spoilt(
            f"unknown label/leaf {leaf!r}",
            place_of("s1", "commitment_type"),
            [leaf],
            found("VAL002", place_of("s1", "commitment_type", 0)),
        )
    for number in (0, 4, -1, 99):
        yield spoilt(
            f"unknown label/confidence {number}",
            place_of("s1", "confidence"),
            number,
            found("VAL002", place_of("s1", "confidence")),
        )


def _offsets() -> Iterator[Case]:
    end = len(annotation_projects.RAW)
    for label, id_ in LAYERS.items():
        span = base()["spans"][_numbers()[id_]]
        start, stop = span["start"], span["end"]
        for name, own, other, code in (
            ("negative", -1, stop, "VAL004"), ("reversed", stop, start, "S02"), ("empty", start, start, "S02"), ("past the end", start, end + 1, "S02"),
            ("both past the end", end + 5, end + 9, "S02"), ("2**31", start, 2**31, "S02"), ("2**53 + 1", start, 2**53 + 1, "S02"), ("2**63 - 1", 2**63 - 1, stop, "S02"),
            ("one late", start + 1, stop + 1, "S03"), ("one early", start - 1, stop - 1, "S03"), ("one too long", start, stop + 1, "S03"),
        ):  # fmt: skip
            record = base()
            record["spans"][_numbers()[id_]] |= {"start": own, "end": other}
            expected = found(code, place_of(id_, "start")) if code == "VAL004" else found(code)
            yield Case(
                f"stand-off/offset/{name}, {label}", trees.with_record(trees.annotated(), PASS, record), CHECK, 1, (expected,), also=MISPLACED
            )  # fmt: skip
    for value in (
        "1e400",
        "NaN",
        "Infinity",
        "-Infinity",
        str(2**63),
        str(2**70),
        "-" + str(2**64),
        "9" * 5000,
        "1" + "0" * 400,
        "1e999",
    ):
        data = trees.annotated()[PASS].replace(b'"start": 92,', f'"start": {value},'.encode(), 1)
        yield refused(f"stand-off/number/{value[:12]}", {**trees.annotated(), PASS: data}, CHECK, found("JSN004"))
    for value, code in (("1e2", "VAL001"), ("92.0", "VAL001"), ("-0", "S03"), ("9.2e1", "VAL001"), ("092", "JSN001"), ("+92", "JSN001"), ("0x5c", "JSN001"), ("92.", "JSN001"), (".92", "JSN001"), ("９２", "JSN001"), ("9_2", "JSN001")):  # fmt: skip
        data = trees.annotated()[PASS].replace(b'"start": 92,', f'"start": {value},'.encode(), 1)
        yield refused(
            f"stand-off/number/{value}", {**trees.annotated(), PASS: data}, CHECK, found(code), also=MISPLACED
        )


def _units() -> Iterator[Case]:
    """Offsets counted in other units: the text has characters beyond the BMP and of three bytes before the first span."""
    raw = annotation_projects.RAW
    units: dict[str, Callable[[int], int]] = {
        "UTF-16 units": lambda offset: len(raw[:offset].encode("utf-16-le")) // 2,
        "bytes of UTF-8": lambda offset: len(raw[:offset].encode()),
        "bytes of UTF-16": lambda offset: len(raw[:offset].encode("utf-16-le")),
        "CRLF counted twice": lambda offset: offset + raw[:offset].count("\n"),
        "from 1": lambda offset: offset + 1,
        "line feeds not counted": lambda offset: offset - raw[:offset].count("\n"),
        "grapheme clusters": lambda offset: offset - sum(unicodedata.combining(c) > 0 or c == "\ufe0f" for c in raw[:offset]),
    }  # fmt: skip
    for name, unit in units.items():
        record = base()
        for span in record["spans"]:
            span |= {"start": unit(span["start"]), "end": unit(span["end"])}
        past = any(span["end"] > len(raw) for span in record["spans"])
        codes = [found("S03"), found("S02")] if past else [found("S03")]
        yield Case(
            f"stand-off/unit of offsets/{name}",
            trees.with_record(trees.annotated(), PASS, record),
            CHECK,
            1,
            tuple(codes),
            also=MISPLACED,
        )
    for declared in ("utf-16", "utf8", "byte", "codepoints", "CODEPOINT", ""):
        yield spoilt(
            f"unit of offsets/declared {declared!r}", ("offset_unit",), declared, found("VAL004", ("offset_unit",))
        )


def _quotes() -> Iterator[Case]:
    quote = base()["spans"][_numbers()["s1"]]["quote"]
    changes = {
        "reversed": quote[::-1], "with a blank": quote + " ", "with a zero width space": quote[:2] + "\u200b" + quote[2:], "without its end": quote[:-1],
        "with full-width digits": quote.translate({ord(str(n)): 0xFF10 + n for n in range(10)}), "with an ideographic space": "　" + quote,
        "with a soft hyphen": quote[:3] + "\u00ad" + quote[3:], "with a bidi override": "\u202e" + quote, "in another script": "甲" * len(quote),
        "with a variation selector": quote[:1] + "\ufe00" + quote[1:], "decomposed": unicodedata.normalize("NFD", quote + "が"), "with a line feed inside": quote[:4] + "\n" + quote[4:],
    }  # fmt: skip
    for name, value in changes.items():
        yield Case(
            f"stand-off/quote/{name}", trees.with_record(trees.annotated(), PASS, trees.put(base(), place_of("s1", "quote"), value)), CHECK, 1,
            (found("S03"),), also=MISPLACED,
        )  # fmt: skip
    yield spoilt("quote/empty", place_of("s1", "quote"), "", found("VAL004", place_of("s1", "quote")))
    yield spoilt("quote/5 MB", place_of("s1", "quote"), "甲" * 1_700_000, found("S03"), memory=160 * MIB)
    for key in ("prefix", "suffix"):
        yield spoilt(f"quote/{key} of another place", place_of("s1", key), "別の文", found("S04", place_of("s1", key)))
        yield spoilt(f"quote/{key} empty", place_of("s1", key), "", found("S04", place_of("s1", key)))
        yield spoilt(f"quote/{key} too long", place_of("s1", key), "甲" * 33, found("VAL004", place_of("s1", key)))
    for escape in ("\\ud83d", "\\udc00", "\\ude00\\ud83d", "\\ud83d\\ud83d", "\\uD83Dx"):
        data = trees.annotated()[PASS].replace('"quote": "甲国"'.encode(), f'"quote": "{escape}"'.encode(), 1)
        yield refused(
            f"stand-off/surrogate/{escape} in a quote", {**trees.annotated(), PASS: data}, CHECK, found("UNI001")
        )
        data = trees.annotated()[PASS].replace(b'"annotator":', f'"{escape}":'.encode(), 1)
        yield refused(
            f"stand-off/surrogate/{escape} in a key", {**trees.annotated(), PASS: data}, CHECK, found("UNI001")
        )
    for control in ("\\u0000", "\\u001b[31m", "\\u0007", "\\u007f", "\\u009b", "\\n", "\\r", "\\t", "\\b"):
        data = trees.annotated()[PASS].replace(
            b'"relations": [', f'"relations": [{{"from": "s1", "type": "holder", "to": "{control}"}},'.encode(), 1
        )
        yield refused(
            f"stand-off/control/{control} in a link",
            {**trees.annotated(), PASS: data},
            CHECK,
            found("VAL003", ("relations", 0, "to")),
        )
        record = trees.put(base(), place_of("s1", "note"), "メモ")
        tree = trees.with_record(trees.annotated(), PASS, record)
        data = tree[PASS].replace('"メモ"'.encode(), f'"メ{control}モ"'.encode())
        yield refused(
            f"stand-off/control/{control} in a note",
            {**tree, PASS: data},
            CHECK,
            found("CTL001", place_of("s1", "note")),
        )


def _links() -> Iterator[Case]:
    relations = base()["relations"]
    first: dict[str, int] = {}
    for number, link in enumerate(relations):
        first.setdefault(link["type"], number)
    for type_, number in first.items():
        for name, end, value, codes in (
            ("to nothing", "to", "a999", ("R02",)), ("to an id of no form", "to", "x", ("VAL003",)), ("from nothing", "from", "s999", ("R02",)),
            ("to an empty id", "to", "", ("VAL003",)), ("from an id with a blank", "from", "s1 ", ("VAL003",)), ("to a line feed", "to", "a1\n", ("VAL003",)),
        ):  # fmt: skip
            tree = trees.with_record(trees.annotated(), PASS, trees.put(base(), ("relations", number, end), value))
            if codes == ("R02",):
                continue_codes = _codes_of(tree)
                expected = tuple(found(code) for code in continue_codes)
                assert "R02" in continue_codes
            else:
                expected = tuple(found(code, ("relations", number, end)) for code in codes)
            yield Case(f"stand-off/link/{type_} {name}", tree, CHECK, 1, expected)
        record = base()
        record["relations"].append(dict(record["relations"][number]))
        yield Case(
            f"stand-off/link/{type_} twice",
            trees.with_record(trees.annotated(), PASS, record),
            CHECK,
            1,
            (found("R05"),),
        )


def _codes_of(tree: trees.Tree) -> list[str]:
    """The codes that a faulty link has besides its own: what lost its holder or cue says so too."""
    import tempfile
    from pathlib import Path

    from kakuyaku.checks import check

    with tempfile.TemporaryDirectory() as folder:
        for name, data in tree.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return sorted({finding.code for finding in check(Path(folder, PASS))})


def _rulings() -> Iterator[Case]:
    tree = trees.annotated()
    sound = trees.record(tree, RULING)

    def case(name: str, record: Any, *expected: Expected) -> Case:
        return refused(f"adjudication/{name}", trees.with_record(tree, RULING, record), ("check", RULING), *expected)

    def at(code: str, place: Place | None = None) -> Expected:
        return Expected(code, RULING, at=None if place is None else json_path(place))

    for key in sound:
        record = copy.deepcopy(sound)
        del record[key]
        if key == "items":
            continue  # without items it is an annotation, and other keys are missing
        yield case(f"missing key/{key}", record, at("KEY002"))
    for key in sound["items"][0]:
        record = copy.deepcopy(sound)
        del record["items"][0][key]
        yield case(f"missing key/{key} of an item", record, at("KEY002", ("items", 0)))
    for place, value, code in (
        (("items", 0, "id"), "x1", "VAL003"), (("items", 0, "id"), 1, "VAL001"), (("items", 0, "origin"), "chance", "VAL002"), (("items", 0, "layer"), "Actor", "VAL002"),
        (("items", 0, "where", "start"), -1, "VAL004"), (("items", 0, "where", "start"), 3.0, "VAL001"), (("items", 0, "where", "end"), 0, "VAL004"), (("items", 0, "where", "quote"), "", "VAL004"),
        (("items", 0, "ruling"), "", "VAL004"), (("items", 0, "reason"), "", "VAL004"), (("items", 0, "reason"), None, "VAL001"), (("items", 0, "rules"), "H16", "VAL001"),
        (("items", 0, "rules", 0), "rule sixteen", "VAL003"), (("items", 0, "a"), "offered", "VAL001"), (("items", 0, "by"), "Reader B", "VAL003"), (("items", 0, "where"), None, "VAL001"),
        (("annotators",), ["reader-a"], "VAL004"), (("annotators",), ["reader-a", "reader-a"], "VAL004"), (("annotators",), "reader-a", "VAL001"), (("annotators", 0), "Reader", "VAL003"),
        (("items",), {}, "VAL001"), (("raw_sha256",), "0" * 63, "VAL003"), (("raw_sha256",), "G" * 64, "VAL003"), (("schema_version",), "1", "VAL003"),
        (("items", 0, "by"), "nobody", "F08"), (("annotators", 1), "nobody", "F08"), (("items", 1, "id"), "d1", "S08"), (("article_id",), "another", "F06"),
        (("schema_version",), "9.9", "F02"), (("guideline_version",), "9.9", "F02"), (("items", 0, "where", "quote"), "別", "S03"),
    ):  # fmt: skip
        record = trees.put(copy.deepcopy(sound), place, value)
        more = [at("D01")] if value == "another" else []
        exact = at(code) if code in ("F08", "S03", "F02", "F06", "S08") else at(code, place)
        yield case(f"value/{json_path(place)} is {str(value)[:12]!r} {len(str(value))}", record, exact, *more)
    for name, change in (
        ("another text", {"raw_sha256": "0" * 64}), ("no items", {"items": []}), ("keys in another order", dict(reversed(sound.items()))),
    ):  # fmt: skip
        record = change if name.startswith("keys") else {**sound, **change}
        yield accepted(f"adjudication/legal/{name}", trees.with_record(tree, RULING, record), "check", RULING)


def _astral() -> Iterator[Case]:
    """Text before the first span: all offsets shift by its code points, and everything stays sound."""
    prefixes = {
        "kanji beyond the BMP": "𠮷野家。", "emoji": "😀。", "skin tone": "👍🏽。", "flag": "🇺🇦。", "joiners": "👩‍👩‍👧‍👦。", "combining marks": "か\u3099。", "ideographic variation": "葛󠄀城。",
        "variation selector": "❤️。", "surrogate range neighbours": "\ud7ff\ue000。", "half-width kana": "ｶﾞ。", "compatibility kanji": "塚神丽。", "wave dash": "〜～。",
        "bidi": "\u2066甲\u2069。", "zero width space": "甲\u200b乙。", "soft hyphen": "甲\u00ad乙。", "tag characters": "🏴󠁧󠁢󠁥󠁮󠁧󠁿。", "byte order mark inside": "甲\ufeff乙。", "no-break space": "甲\u00a0乙。",
        "line separator": "甲\u2028乙。", "private use": "甲\ue000乙。", "noncharacter": "甲\uffff乙。", "last code point": "甲\U0010ffff乙。", "Hangul jamo": "한국。", "Arabic": "مرحبا。",
        "decomposed Latin": unicodedata.normalize("NFD", "café。"), "markup": "<b>&lt;{{x}}</b>。", "a long word": "あ" * 300 + "。", "ideographic space": "甲　乙。", "digits": "１２３456。", "quotes": "「『“\"'」。",
    }  # fmt: skip
    for name, text in prefixes.items():
        tree, record = shifted(text)
        yield accepted(f"stand-off/unusual text/{name}", trees.with_record(tree, PASS, record), *CHECK)
        wrong = copy.deepcopy(record)
        for span in wrong["spans"]:  # as if the text had never been put before it
            span["start"] -= len(text)
            span["end"] -= len(text)
        yield Case(
            f"stand-off/unusual text/{name}, not counted",
            trees.with_record(tree, PASS, wrong),
            CHECK,
            1,
            (found("S03"),),
            also=MISPLACED,
        )


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
    tree = trees.annotated()
    tree["seeds/invented.txt"] = raw.encode()
    manifest = trees.record(tree, "seeds/manifest.jsonl")
    import hashlib

    manifest |= {"sha256": hashlib.sha256(raw.encode()).hexdigest(), "n_bytes": len(raw.encode())}
    from kakuyaku.records import jsonl_bytes

    tree["seeds/manifest.jsonl"] = jsonl_bytes([manifest])
    del tree[RULING]
    return tree, record


def _large() -> Iterator[Case]:
    tree = trees.annotated()
    for n in (1_000, 5_000):
        record = base()
        record["spans"] += [record["spans"][0]] * n
        codes = (found("S08"), found("S09"))
        yield Case(
            f"stand-off/hostile/{n:,} equal spans",
            trees.with_record(tree, PASS, record),
            CHECK,
            1,
            codes,
            memory=400 * MIB,
            seconds=60,
        )
        record = base()
        record["relations"] += [record["relations"][0]] * n
        yield Case(
            f"stand-off/hostile/{n:,} equal relations",
            trees.with_record(tree, PASS, record),
            CHECK,
            1,
            (found("R05"),),
            memory=400 * MIB,
            seconds=60,
        )
    record = base()
    record["spans"] = [{**record["spans"][0], "start": "x"}] * 5_000
    yield Case(
        "stand-off/hostile/5,000 faults of one kind",
        trees.with_record(tree, PASS, record),
        CHECK,
        1,
        (found("VAL001"),),
        memory=700 * MIB,
        seconds=60,
    )
    record = base()
    record["spans"][0] |= {f"key {n}": n for n in range(20_000)}
    yield Case(
        "stand-off/hostile/20,000 unknown keys",
        trees.with_record(tree, PASS, record),
        CHECK,
        1,
        (found("KEY001"),),
        memory=400 * MIB,
        seconds=60,
    )
    yield Case(
        "stand-off/hostile/a note of 5 MB",
        trees.with_record(tree, PASS, trees.put(base(), place_of("s1", "note"), "甲" * 1_700_000)),
        CHECK,
        memory=200 * MIB,
    )
    yield Case(
        "stand-off/hostile/a label of 5 MB",
        trees.with_record(tree, PASS, trees.put(base(), place_of("s1", "kind"), "a" * 5_000_000)),
        CHECK,
        1,
        (found("VAL002"),),
        memory=300 * MIB,
    )
    yield Case(
        "stand-off/hostile/a key of 5 MB",
        trees.with_record(tree, PASS, {**base(), "k" * 5_000_000: 1}),
        CHECK,
        1,
        (found("KEY001"),),
        memory=300 * MIB,
    )
