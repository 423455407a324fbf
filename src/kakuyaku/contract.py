"""The contract: the vocabulary and the JSON Schemas of ``schemas/``, and what is derived from them.

The schemas are the one source of columns, types and descriptions; the vocabulary is the one source of labels. Arrow
schemas and the tables of the card are made here from them; the lists of labels inside the schemas are checked against
the vocabulary (VOC002) and rewritten by ``kakuyaku sync``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import SchemaError, ValidationError

from kakuyaku.fast_validation import fast_verdict, used_formats
from kakuyaku.files import read_bytes
from kakuyaku.findings import Finding, did_you_mean
from kakuyaku.records import parse_json

if TYPE_CHECKING:
    import pyarrow as pa

VOCABULARY = "vocabulary"
MAX_UNKNOWN = 100  # unknown keys of one record that are named each


def schema_folder() -> Path:
    """``schemas/`` inside the installed package, else the one of the checkout."""
    packaged = Path(__file__).parent / "schemas"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "schemas"


@dataclass(frozen=True)
class Label:
    """One label of the vocabulary. ``extra`` holds what only some sets have (``keep``, ``share``, ``rank``, …)."""

    id: str
    name: Mapping[str, str]
    definition: Mapping[str, str]
    positive: tuple[str, ...]
    negative: tuple[tuple[str, str], ...]
    extra: Mapping[str, Any] = field(default_factory=dict)


@cache
def labels(set_name: str) -> dict[str, Label]:
    """The labels of one set of the vocabulary, by id, in their order."""
    return {label.id: label for label in _labels(load(VOCABULARY)["sets"][set_name]["labels"])}


def _labels(entries: Iterable[Mapping[str, Any]]) -> Iterator[Label]:
    known = {"id", "name", "definition", "positive", "negative"}
    for entry in entries:
        yield Label(
            id=entry["id"],
            name=entry["name"],
            definition=entry["definition"],
            positive=tuple(example["text"] for example in entry["positive"]),
            negative=tuple((example["text"], example["label"]) for example in entry["negative"]),
            extra={key: value for key, value in entry.items() if key not in known},
        )


def load(name: str) -> dict[str, Any]:
    """The vocabulary, or the schema of one kind of record (``seed``, ``article``, ``segment``, …)."""
    return _read(f"{VOCABULARY}.json") if name == VOCABULARY else schema(name)


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of record, or of the vocabulary."""
    return _read(f"{kind}.schema.json")


@cache
def _read(file: str) -> dict[str, Any]:
    path = schema_folder() / file
    value = parse_json(read_bytes(path), str(path))
    assert isinstance(value, dict)
    return value


@cache
def record_kinds() -> tuple[str, ...]:
    """The names of all schemas."""
    return tuple(sorted(path.name.removesuffix(".schema.json") for path in schema_folder().glob("*.schema.json")))


def columns(kind: str) -> list[str]:
    """Column names of one kind of record, in order."""
    return list(load(kind)["properties"])


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    """``pattern`` as ECMA 262 reads it: ``$`` is the end of the string, not also before a last line feed."""
    exact = f"{pattern[:-1]}\\Z" if re.search(r"(?<!\\)\$$", pattern) else pattern
    if isinstance(instance, str) and not re.search(exact, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


# JSON Schema takes 3.0 for an integer; offsets and counts of ours are integers as written.
_Validator = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


@cache
def _validator(kind: str) -> Any:
    return _Validator(schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)


@cache
def _fast_verdict(kind: str) -> Callable[[Any], bool]:
    def assertion(name: str) -> Callable[[Any], bool]:
        check, refusals = Draft202012Validator.FORMAT_CHECKER.checkers[name]

        def holds(value: Any) -> bool:
            try:
                return bool(check(value))
            except refusals:
                return False

        return holds

    return fast_verdict(schema(kind), {name: assertion(name) for name in used_formats(schema(kind))})


def check_record(kind: str, record: Any, path: str, line: int | None = None, root: str = "$") -> Iterator[Finding]:
    """Findings of one record against its schema; ``root`` is the JSON path of the record inside its file."""
    if not _fast_verdict(kind)(record):
        yield from check_carefully(kind, record, path, line, root)


def check_carefully(kind: str, record: Any, path: str, line: int | None = None, root: str = "$") -> Iterator[Finding]:
    """What :func:`check_record` finds, without its fast first look."""
    for error in sorted(_validator(kind).iter_errors(record), key=lambda error: [str(part) for part in error.path]):
        yield from _findings(error, path, line, root)


def _findings(error: ValidationError, path: str, line: int | None, root: str) -> Iterator[Finding]:
    at = root + error.json_path[1:]
    found = json.dumps(error.instance, ensure_ascii=False, default=str)[:80]
    expected: Any = error.validator_value
    instance: Any = error.instance
    schema: Any = error.schema

    def finding(code: str, message: str) -> Finding:
        return Finding(code, path, message, line, at=at)

    match error.validator:
        case "additionalProperties":
            known = list(schema.get("properties", {}))
            free = [name for name in known if name not in instance]
            unknown = sorted(set(instance) - set(known))
            for key in unknown[:MAX_UNKNOWN]:
                yield finding("KEY001", f"unknown key “{key}”{did_you_mean(key, free)}")
            if (more := len(unknown) - MAX_UNKNOWN) > 0:
                yield finding("KEY001", f"{more:,} more unknown keys")
        case "required":
            missing = next(key for key in expected if key not in instance and f"'{key}'" in error.message)
            yield finding("KEY002", f"the key “{missing}” is missing")
        case "type":
            wanted = expected if isinstance(expected, str) else " or ".join(expected)
            yield finding("VAL001", f"found {found}, expected {wanted}")
        case "enum":
            allowed = [str(value) for value in expected if value is not None]
            yield finding(
                "VAL002", f"found {found}{did_you_mean(str(error.instance), allowed)}; expected {', '.join(allowed)}"
            )
        case "pattern" | "format":
            yield finding("VAL003", f"found {found}, expected the {error.validator} {expected}")
        case _:
            yield finding("VAL004", f"found {found}: {error.validator} is {json.dumps(expected)[:60]}")


def check_contract(folder: Path) -> Iterator[Finding]:
    """Findings of a folder of schemas: valid JSON Schema, unique labels, label lists equal to the vocabulary."""
    vocabulary_path = folder / f"{VOCABULARY}.json"
    vocabulary = parse_json(read_bytes(vocabulary_path), str(vocabulary_path))
    found = list(check_record(VOCABULARY, vocabulary, str(vocabulary_path)))
    yield from found
    if found:
        return
    for name, entry in vocabulary["sets"].items():
        for attribute in ("id", "key"):
            values = [label[attribute] for label in entry["labels"] if attribute in label]
            for value in sorted({value for value in values if values.count(value) > 1}):
                message = f"the {attribute} “{value}” stands twice"
                yield Finding("VOC001", str(vocabulary_path), message, at=f"$.sets.{name}")
    for path in sorted(folder.glob("*.schema.json")):
        schema = parse_json(read_bytes(path), str(path))
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            yield Finding("SCM001", str(path), error.message[:160], at=error.json_path)
            continue
        except (OverflowError, RecursionError) as error:  # of a pattern that Python cannot compile
            yield Finding("SCM001", str(path), f"has a pattern that cannot be compiled: {error}", at="$")
            continue
        for at, node, derived in _label_lists(schema, vocabulary):
            if (listed := node.get("enum", [])) != derived:
                message = (
                    f"lists {', '.join(map(str, listed)) or 'nothing'}; the vocabulary {', '.join(map(str, derived))}"
                )
                yield Finding("VOC002", str(path), message, at=at)


def synced_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` with every list of labels taken anew from the vocabulary."""
    copy: dict[str, Any] = json.loads(json.dumps(schema))
    for _, node, derived in _label_lists(copy, load(VOCABULARY)):
        node["enum"] = derived
    return copy


def _label_lists(node: Any, vocabulary: Any, at: str = "$") -> Iterator[tuple[str, dict[str, Any], list[Any]]]:
    if isinstance(node, dict):
        set_name = node.get("x-vocabulary")
        if isinstance(set_name, str) and set_name in vocabulary["sets"]:
            ids = [label.get("value", label["id"]) for label in vocabulary["sets"][set_name]["labels"]]
            yield at, node, [*ids, None] if None in node.get("enum", ()) else ids
        for key, value in node.items():
            yield from _label_lists(value, vocabulary, f"{at}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _label_lists(value, vocabulary, f"{at}[{index}]")


def arrow_schema(kind: str) -> pa.Schema:
    """The Arrow schema of one kind of record: strings, int32, float64, bool, lists and structs, all nullable."""
    import pyarrow as pa

    return pa.schema([(name, _arrow_type(rule)) for name, rule in load(kind)["properties"].items()])


def _arrow_type(rule: Mapping[str, Any]) -> pa.DataType:
    import pyarrow as pa

    if "x-arrow" in rule:
        return pa.type_for_alias(rule["x-arrow"])
    wanted = rule["type"]
    name = wanted if isinstance(wanted, str) else next(kind for kind in wanted if kind != "null")
    match name:
        case "array":
            return pa.list_(_arrow_type(rule["items"]))
        case "object":
            return pa.struct([(key, _arrow_type(value)) for key, value in rule["properties"].items()])
        case _:
            simple = {"string": pa.string(), "integer": pa.int32(), "boolean": pa.bool_(), "number": pa.float64()}
            return simple[name]
