"""Label Studio's tasks as a server would give them, judged without one: what people draw, drop, skip and spoil."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kakuyaku.findings import Finding, codes
from tests import studio_cases
from tests.annotation_projects import ARTICLE, RAW
from tests.reliability.bad_inputs.case import Case, Expected
from tests.reliability.bad_inputs.standoff import MISPLACED

Results = list[dict[str, Any]]
Change = Callable[[Results], object]
# What follows when a part of an annotation is gone or misread.
RULES = MISPLACED | {f"R{n:02}" for n in range(2, 18)} | {f"K{n:02}" for n in range(2, 17)} | {"A02", "A03", "A07", "KEY002", "KEY001", "VAL001", "VAL002", "VAL003", "VAL004", "T02", "T04", "Q01", "Q03", "S02", "S03", "S08", "CTL001"}  # fmt: skip


def _judged(change: Change, task: Callable[[Any], Any], folder: Path) -> list[Finding]:
    room = studio_cases.room(folder)
    found = copy.deepcopy(studio_cases.results(room))
    change(found)
    return studio_cases.judged(room, task(studio_cases.task(room, found)))


def _nothing(_: Results) -> None:
    return None


def _case(name: str, change: Change, *found: str, task: Callable[[Any], Any] = lambda t: t) -> Case:
    errors = [code for code in found if codes()[code].level == "error"]
    call = functools.partial(_judged, change, task)
    return Case(
        f"export/{name}",
        exit=int(bool(errors)),
        expected=tuple(map(Expected, found)),
        also=RULES | {"STU010", "STU011", "STU012", "STU013"} if found else frozenset(),
        call=call,
    )


def cases() -> Iterator[Case]:
    """All cases of tasks."""
    for kind, number in (("labels", 19), ("choices", 12), ("textarea", 2), ("number", 1), ("relation", 8)):
        for index in range(number):
            for name, change, code in (
                ("without value", lambda item: item.pop("value", item.pop("from_id", None)), "STU010"), ("value as text", lambda item: item.update(value="x") if "value" in item else item.update(labels="x"), "STU010"), ("of another control", lambda item: item.update(from_name="nothing") if "value" in item else item.update(to_id="nothing"), "STU010"),
            ):  # fmt: skip
                code_ = "STU012" if kind == "relation" and name != "without value" else code
                yield _case(f"{name}/{kind} {index}", functools.partial(_spoil, kind, index, change), code_)
    for name, values in (
        ("offsets", {"start": "0"}), ("offsets", {"start": -5}), ("offsets", {"end": 10**9}), ("offsets", {"start": True}), ("offsets", {"start": 3.5}), ("offsets", {"end": None}), ("offsets", {"start": 2**70}), ("offsets", {"start": 50, "end": 20}),
        ("labels", {"labels": []}), ("labels", {"labels": ["mood"]}), ("labels", {"labels": ["actor", "cue"]}), ("labels", {"labels": "actor"}), ("labels", {"labels": [5]}), ("text", {"text": "別の語"}),
    ):  # fmt: skip
        for index in (0, 5, 12):
            code = "STU013" if name == "text" else "STU010"
            yield _case(
                f"region/{name} {next(iter(values.values()))!a}, {index}",
                functools.partial(_spoil, "labels", index, lambda item, values=values: item["value"].update(values)),  # type: ignore[misc]
                code,
            )
    for name, results in (
        ("a text", "x"),
        ("null", None),
        ("an object", {}),
        ("texts", ["x"]),
        ("numbers", [1, 2]),
        ("lists", [[]]),
        ("empty objects", [{}]),
    ):
        yield _case(f"results/are {name}", _nothing, "STU010", task=functools.partial(_with_results, results))
    for name, data, code in (
        ("another text", {"text": RAW + "x"}, "STU013"), ("CRLF", {"text": RAW.replace("\n", "\r\n")}, "STU013"), ("NBSP", {"text": RAW.replace("、", "\u00a0", 1)}, "STU013"), ("no text", {"text": None}, "STU013"), ("HTML", {"text": f"<p>{RAW}</p>"}, "STU013"), ("an article that is none", {"article_id": "nothing"}, "D01"), ("no article", {"article_id": None}, "D01"),
        ("a path as article", {"article_id": "../../x"}, "D01"), ("a number as article", {"article_id": 5}, "D01"), ("an escape as article", {"article_id": "\x1b[2J"}, "D01"),
    ):  # fmt: skip
        yield _case(f"task/{name}", _nothing, code, task=lambda t, data=data: replace(t, data={**t.data, **data}))  # type: ignore[misc]
    yield _case(
        "task/skipped",
        _nothing,
        "STU014",
        task=lambda t: replace(t, annotations=[{**t.annotations[0], "was_cancelled": True}]),
    )
    yield _case("task/submitted twice", _nothing, "STU015", task=lambda t: replace(t, annotations=t.annotations * 2))
    yield _case("task/as drawn", _nothing)
    yield _case("task/nothing submitted", _nothing, task=lambda t: replace(t, annotations=[]))
    yield _case("task/only a draft", _nothing, task=lambda t: replace(t, annotations=[], drafts=[{"id": 1}]))
    yield _case("task/only a prediction", _nothing, task=lambda t: replace(t, annotations=[], predictions={"x": []}))
    yield _case(
        "task/one skipped, one submitted",
        _nothing,
        task=lambda t: replace(t, annotations=[{**t.annotations[0], "was_cancelled": True}, *t.annotations]),
    )
    yield _case("task/more keys than known", _nothing, task=lambda t: replace(t, data={**t.data, "x": {"y": 1}}))
    yield _case("task/results in another order", lambda found: found.reverse())
    for name, extra in (
        ("a score", {"score": 0.5}),
        ("an origin", {"origin": "manual"}),
        ("a read-only mark", {"readonly": False}),
        ("meta", {"meta": {"text": ["x"]}}),
        ("a hidden mark", {"hidden": False}),
    ):
        yield _case(
            f"task/every result has {name}",
            lambda found, extra=extra: [item.update(copy.deepcopy(extra)) for item in found],  # type: ignore[misc]
        )
    assert ARTICLE


def _spoil(kind: str, index: int, change: Callable[[dict[str, Any]], object], found: Results) -> None:
    own = [item for item in found if item["type"] == kind]
    change(own[index % len(own)])


def _with_results(results: Any, task: Any) -> Any:
    return replace(task, annotations=[{**task.annotations[0], "result": results}])
