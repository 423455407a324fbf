"""Adjudications: every key missing, values spoilt in turn; legal forms that must pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import Case, Expected, accepted, refused
from tests.reliability.bad_inputs.trees import RULING, Place, json_path


def cases() -> Iterator[Case]:
    """All cases of adjudications."""
    tree = trees.annotated()

    def sound() -> Any:
        return trees.record(tree, RULING)

    def ruled(name: str, record: Any, *expected: Expected) -> Case:
        return refused(f"adjudication/{name}", trees.with_record(tree, RULING, record), ("check", RULING), *expected)

    item = ("items", 0)
    for key in sound():
        if key != "items":  # without items it is an annotation, and other keys are missing
            yield ruled(f"missing key/{key}", trees.without(sound(), (key,)), Expected("KEY002", RULING))
    for key in sound()["items"][0]:
        expected = Expected("KEY002", RULING, at=json_path(item))
        yield ruled(f"missing key/{key} of an item", trees.without(sound(), (*item, key)), expected)
    values: tuple[tuple[Place, Any, str], ...] = (
        ((*item, "id"), "x1", "VAL003"),
        ((*item, "id"), 1, "VAL001"),
        ((*item, "origin"), "chance", "VAL002"),
        ((*item, "layer"), "Actor", "VAL002"),
        ((*item, "where", "start"), -1, "VAL004"),
        ((*item, "where", "start"), 3.0, "VAL001"),
        ((*item, "where", "end"), 0, "VAL004"),
        ((*item, "where", "quote"), "", "VAL004"),
        ((*item, "where", "quote"), "別", "S03"),
        ((*item, "ruling"), "", "VAL004"),
        ((*item, "reason"), "", "VAL004"),
        ((*item, "reason"), None, "VAL001"),
        ((*item, "rules"), "H16", "VAL001"),
        ((*item, "rules", 0), "rule sixteen", "VAL003"),
        ((*item, "a"), "offered", "VAL001"),
        ((*item, "by"), "Reader B", "VAL003"),
        ((*item, "by"), "nobody", "F08"),
        ((*item, "where"), None, "VAL001"),
        (("annotators",), ["reader-a"], "VAL004"),
        (("annotators",), ["reader-a", "reader-a"], "VAL004"),
        (("annotators",), "reader-a", "VAL001"),
        (("annotators", 0), "Reader", "VAL003"),
        (("annotators", 1), "nobody", "F08"),
        (("items",), {}, "VAL001"),
        (("items", 1, "id"), "d1", "S08"),
        (("article_id",), "another", "F06"),
        (("raw_sha256",), "0" * 63, "VAL003"),
        (("raw_sha256",), "G" * 64, "VAL003"),
        (("schema_version",), "1", "VAL003"),
        (("schema_version",), "9.9", "F02"),
        (("guideline_version",), "9.9", "F02"),
    )
    for place, value, code in values:
        # the rules of annotation (F…, S…) speak of the whole file
        expected = Expected(code, RULING, at=json_path(place) if code.startswith("VAL") else None)
        more = [Expected("D01", RULING)] if value == "another" else []
        name = f"value/{json_path(place)} is {str(value)[:12]!r} {len(str(value))}"
        yield ruled(name, trees.put(sound(), place, value), expected, *more)
    for name, record in (
        ("another text", {**sound(), "raw_sha256": "0" * 64}),
        ("no items", {**sound(), "items": []}),
        ("keys in another order", dict(reversed(sound().items()))),
    ):
        yield accepted(f"adjudication/legal/{name}", trees.with_record(tree, RULING, record), "check", RULING)
