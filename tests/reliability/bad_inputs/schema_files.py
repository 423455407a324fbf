"""schemas/: JSON Schemas that are none, label lists out of step, a vocabulary with doubled labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import Case, Expected, accepted, refused

VOCABULARY = "schemas/vocabulary.json"
CHECK = ("check", "schemas")


def cases() -> Iterator[Case]:
    """All cases of schemas."""
    whole = trees.schemas()
    names = [name for name in whole if name.endswith(".schema.json")]
    base = "schemas/annotation.schema.json"
    tree = {name: whole[name] for name in (VOCABULARY, base)}  # the vocabulary and one schema make a folder
    invalid: tuple[tuple[str, Callable[[Any], object], str], ...] = (
        ("an unknown type", lambda s: s.update(type="record"), "$.type"), ("type as a number", lambda s: s.update(type=3), "$.type"), ("required as a text", lambda s: s.update(required="x"), "$.required"),
        ("properties as a list", lambda s: s.update(properties=[]), "$.properties"),
    )  # fmt: skip
    for number, name in enumerate(names):
        what, change, _ = invalid[number % len(invalid)]
        spoilt = trees.record(whole, name)
        change(spoilt)
        yield refused(
            f"schema/invalid/{what} in {name[8:]}",
            trees.with_record(tree, name, spoilt),
            CHECK,
            Expected("SCM001", name),
        )
        yield refused(
            f"schema/grammar/{name[8:]} cut", {**tree, name: whole[name][:-3]}, CHECK, Expected("JSN001", name)
        )
    for what, place, value in (
        ("minLength below zero", ("properties", "article_id", "minLength"), -1), ("a pattern that does not compile", ("properties", "article_id", "pattern"), "("), ("a pattern that repeats too often", ("properties", "article_id", "pattern"), "a{99999999999}"), ("enum as an object", ("properties", "offset_unit", "enum"), {}), ("minimum as a text", ("properties", "revision", "minimum"), "1"),
        ("items as a number", ("properties", "spans", "items"), 3), ("required twice the same", ("required",), ["a", "a"]), ("allOf empty", ("allOf",), []), ("$ref as a number", ("$ref",), 3), ("$schema as a number", ("$schema",), 3), ("uniqueItems as a text", ("properties", "spans", "uniqueItems"), "yes"),
        ("a description as a list", ("properties", "spans", "description"), []), ("$defs as a list", ("$defs",), []), ("type as null", ("properties", "spans", "type"), None), ("multipleOf zero", ("properties", "revision", "multipleOf"), 0), ("maxLength of a half", ("properties", "article_id", "maxLength"), 0.5),
        ("title as an object", ("title",), {}), ("const beside a faulty not", ("not",), 3), ("propertyNames as a list", ("propertyNames",), []),
    ):  # fmt: skip
        yield refused(
            f"schema/invalid/{what}",
            trees.with_record(tree, base, trees.put(trees.record(tree, base), place, value)),
            CHECK,
            Expected("SCM001", base),
        )
    for what, change_list in (
        ("a label less", lambda e: e.pop()),
        ("a label more", lambda e: e.append("x")),
        ("another order", lambda e: e.reverse()),
        ("a label in capitals", lambda e: e.__setitem__(0, str(e[0]).upper())),
        ("none", lambda e: e.clear()),
    ):
        for label in ("kind", "commitment_status", "phase", "reporting", "temporal"):
            spoilt = trees.record(tree, base)
            change_list(spoilt["$defs"]["statement"]["properties"][label]["enum"])  # type: ignore[no-untyped-call]
            code = "VOC002"
            yield refused(
                f"schema/labels/{what} in {label}", trees.with_record(tree, base, spoilt), CHECK, Expected(code, base)
            )
    spoilt = trees.record(tree, base)
    del spoilt["$defs"]["statement"]["properties"]["kind"]["enum"]
    yield refused(
        "schema/labels/no list in kind", trees.with_record(tree, base, spoilt), CHECK, Expected("VOC002", base)
    )
    vocabulary = trees.record(tree, VOCABULARY)
    for set_name in list(vocabulary["sets"])[:12]:
        spoilt = trees.record(tree, VOCABULARY)
        spoilt["sets"][set_name]["labels"].append(spoilt["sets"][set_name]["labels"][0])
        yield Case(
            f"schema/vocabulary/a label twice in {set_name}",
            trees.with_record(tree, VOCABULARY, spoilt),
            CHECK,
            1,
            (Expected("VOC001", VOCABULARY, at=f"$.sets.{set_name}"),),
            frozenset({"VOC002"}),
        )
        for key in ("id", "name", "definition", "positive"):
            spoilt = trees.record(tree, VOCABULARY)
            del spoilt["sets"][set_name]["labels"][0][key]
            yield refused(
                f"schema/vocabulary/no {key} in {set_name}",
                trees.with_record(tree, VOCABULARY, spoilt),
                CHECK,
                Expected("KEY002", VOCABULARY, at=f"$.sets.{set_name}.labels[0]"),
            )
    for what, value, code in (
        ("a list", [], "VAL001"),
        ("null", None, "VAL001"),
        ("empty", {}, "KEY002"),
        ("sets as a list", {**vocabulary, "sets": []}, "VAL001"),
        ("an unknown key", {**vocabulary, "x": 1}, "KEY001"),
        ("a set as a text", {**vocabulary, "sets": {"kind": "x"}}, "VAL001"),
    ):
        yield Case(
            f"schema/vocabulary/{what}",
            trees.with_record(tree, VOCABULARY, value),
            CHECK,
            1,
            (Expected(code, VOCABULARY),),
            frozenset({"KEY002", "VAL004"}),
        )
    for what, data, code in (
        ("no byte", b"", "JSN002"),
        ("zeros", b"\0" * 99, "JSN002"),
        ("UTF-16", tree[base].decode().encode("utf-16"), "ENC001"),
        ("an escape", tree[base] + b"\x1b", "CTL001"),
        ("deep", b"[" * 1000, "JSN005"),
        ("a key twice", tree[base].replace(b"{", b'{"type": 1, ', 1), "JSN003"),
    ):
        for name in (base, VOCABULARY):
            spoilt_data = (
                data if what != "a key twice" or name == base else tree[name].replace(b"{", b'{"sets": 1, ', 1)
            )
            yield refused(
                f"schema/bytes/{what} in {name[8:]}", {**tree, name: spoilt_data}, CHECK, Expected(code, name)
            )
    for what, value in (("a list", []), ("a text", "x"), ("a number", 3), ("null", None)):
        yield refused(
            f"schema/invalid/the file is {what}", trees.with_record(tree, base, value), CHECK, Expected("SCM001", base)
        )
    yield accepted("schema/legal/as they are", whole, *CHECK)
    for name in names[:8]:
        legal = trees.record(whole, name)
        yield accepted(f"schema/legal/{name[8:]} on one line", {**tree, name: json.dumps(legal).encode()}, *CHECK)
        yield accepted(
            f"schema/legal/{name[8:]} with a comment",
            trees.with_record(tree, name, {"$comment": "甲", **legal}),
            *CHECK,
        )
        yield accepted(f"schema/legal/{name[8:]} alone", {**tree, name: whole[name]}, "check", name)
    yield accepted("schema/legal/true", {**tree, "schemas/any.schema.json": b"true"}, *CHECK)
    yield accepted("schema/legal/an empty one", {**tree, "schemas/any.schema.json": b"{}"}, *CHECK)
    bomb = {
        "$defs": {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 10} for n in range(30)},
        "$ref": "#/$defs/a0",
    }
    yield Case(
        "schema/hostile/references that multiply",
        trees.with_record(tree, "schemas/any.schema.json", bomb),
        CHECK,
        memory=200 * 2**20,
        seconds=30,
    )
    yield Case(
        "schema/hostile/a pattern that backtracks",
        trees.with_record(tree, "schemas/any.schema.json", {"type": "string", "pattern": "^(\\w+\\s?)*$"}),
        CHECK,
        memory=200 * 2**20,
        seconds=30,
    )
