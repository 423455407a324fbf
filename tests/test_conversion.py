"""Stand-off annotation to Label Studio's results and back, without a server: the identity, and what people draw."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.annotation.room import open_room
from kakuyaku.annotation.standoff import ANCHOR_KEYS, ID_LETTERS, Relation, Span, Standoff, from_record, to_bytes
from kakuyaku.contract import labels, load
from kakuyaku.project import Project
from kakuyaku.studio.controls import attribute_rules, read_controls
from kakuyaku.studio.conversion import Result, from_results, to_results
from kakuyaku.studio.instructions import to_html
from tests.annotation_projects import RAW, base_annotation
from tests.conftest import REPOSITORY
from tests.texts import HOSTILE

CONTROLS = read_controls((REPOSITORY / "annotation" / "label_config.xml").read_text("utf-8"))
TEXTS = st.one_of(st.sampled_from(list(HOSTILE.values())), st.text(min_size=1, max_size=40))
# What hides an attribute must not be drawn beside it: see SHOWN_WITH.
HIDDEN = {"commitment_status", "stance", "projection", "phase_basis"}


@st.composite
def values(draw: st.DrawFn, name: str, rule: dict[str, Any]) -> Any:
    """A value of an attribute that the page can hold."""
    if rule["type"] == "array":
        return draw(st.lists(st.sampled_from(rule["items"]["enum"]), min_size=1, unique=True))
    if "enum" in rule:
        return draw(st.sampled_from(rule["enum"]))
    if rule["type"] == "boolean":
        return draw(st.booleans())
    if rule["type"] == "number":
        return draw(st.one_of(st.integers(0, 10**9), st.floats(0, 1e6, allow_nan=False)))
    if name == "unit":
        return draw(st.sampled_from([*labels("unit"), "JPY", "USD"]))
    return draw(
        st.sampled_from(["usa", "unnamed", "26/35", "備考「引用」\u3000続き", "𠮟る👍", "P3D", "true", "3", "_3"])
    )


@st.composite
def drawn_annotations(draw: st.DrawFn) -> tuple[str, Standoff]:
    """A text and an annotation of it; nothing is asked of it but that its ids and places exist."""
    text = draw(TEXTS)
    spans = []
    for number in range(draw(st.integers(0, 6))):
        label = draw(st.sampled_from(list(ID_LETTERS)))
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        rules = {name: rule for name, rule in attribute_rules(label).items() if name not in {*ANCHOR_KEYS, *HIDDEN}}
        chosen = [name for name in rules if draw(st.booleans())]
        drawn = {name: draw(values(name, dict(rules[name]))) for name in chosen}
        spans.append(Span.anchored(text, f"{ID_LETTERS[label]}{number + 1}", label, start, end, **drawn))
    ids = [span.id for span in spans]
    links = st.builds(
        Relation, st.sampled_from(ids), st.sampled_from(list(labels("relation_type"))), st.sampled_from(ids)
    )
    relations = draw(st.lists(links, max_size=8, unique=True)) if ids else []
    relations = [r for r in relations if r.type != "same_position" or int(r.source[1:]) <= int(r.target[1:])]
    return text, Standoff("made-up", "reader", 1, "", "1.2", "1.0", tuple(spans), tuple(relations))


def back(
    results: list[Result], text: str, base: Standoff | None = None
) -> tuple[list[Span], list[Relation], list[str]]:
    spans, relations, faults = from_results(json.loads(json.dumps(results)), text, CONTROLS, "page", base)
    return spans, relations, [str(fault) for fault in faults]


@given(drawn_annotations(), st.randoms(use_true_random=False))
def test_out_and_back_is_the_identity(made: tuple[str, Standoff], random: Any) -> None:
    """As it went; and in whatever order a page stores it, without the places of the links, knowing where it began."""
    text, annotation = made
    expected: tuple[list[Span], list[Relation], list[str]] = (list(annotation.spans), list(annotation.relations), [])
    results = to_results(annotation, CONTROLS)
    assert back(results, text) == expected
    random.shuffle(results)
    stored = [{key: held for key, held in result.items() if key != "places"} for result in results]
    assert back(stored, text, annotation) == expected


@pytest.mark.parametrize("path", sorted((REPOSITORY / "annotation").glob("gold/*.json")), ids=lambda path: path.stem)
def test_gold_keeps_its_bytes(path: Path) -> None:
    annotation = from_record(json.loads(path.read_bytes()))
    text = open_room(Project(REPOSITORY))[0].seeds[annotation.article_id].raw.text
    spans, relations, faults = back(to_results(annotation, CONTROLS), text)
    assert faults == []
    assert to_bytes(replace(annotation, spans=tuple(spans), relations=tuple(relations))) == path.read_bytes()


def test_the_page_keeps_one_link_for_two_regions() -> None:
    annotation = from_record(base_annotation())
    links = [result for result in to_results(annotation, CONTROLS) if result["type"] == "relation"]
    ends = [(link["from_id"], link["to_id"]) for link in links]
    assert len(ends) == len(set(ends)) < len(annotation.relations)


def region(id_: str, label: str, start: int, end: int) -> Result:
    place = {"start": start, "end": end, "text": RAW[start:end], "labels": [label]}
    return {"id": id_, "from_name": "span", "to_name": "text", "type": "labels", "value": place}


def link(source: str, target: str, *types: str, **more: Any) -> Result:
    return {"type": "relation", "from_id": source, "to_id": target, "labels": list(types), **more}


def test_what_people_draw_is_numbered_by_layer_and_place() -> None:
    drawn = [
        region("Zx81", "cue", 30, 32),
        region("a7", "actor", 50, 52),
        region("q-Q_", "actor", 20, 22),
        region("late", "statement", 40, 44),
        region("soon", "statement", 10, 14),
        link("late", "a7", "holder", "source"),
        link("late", "soon", "same_position"),
        link("Zx81", "soon", "cue", direction="left"),
    ]
    spans, relations, faults = back(drawn, RAW)
    assert [(span.id, span.start) for span in spans] == [("a7", 50), ("a8", 20), ("s1", 10), ("s2", 40), ("k1", 30)]
    assert relations == [
        Relation("s1", "cue", "k1"),
        Relation("s1", "same_position", "s2"),  # the lower id first, however it was drawn
        Relation("s2", "holder", "a7"),
        Relation("s2", "source", "a7"),
    ]
    assert faults == []


def test_what_the_page_hides_is_dropped() -> None:
    """The stance that was chosen before the kind became commitment: nobody sees it any more."""
    place = {"start": 3, "end": 9}
    drawn = [region("s1", "statement", 3, 9)] + [
        {"id": "s1", "from_name": name, "to_name": "text", "type": "choices", "value": {**place, "choices": [value]}}
        for name, value in (("stance", "oppose"), ("kind", "commitment"), ("projection", "will"), ("confidence", "_3"))
    ]
    assert back(drawn, RAW)[0][0].attributes == {"kind": "commitment", "confidence": 3}


@pytest.mark.parametrize(
    "item",
    [
        "text",
        {"type": "labels"},
        {**region("a1", "actor", 0, 3), "value": {"start": "0", "end": 3, "labels": ["actor"]}},
        {**region("a1", "actor", 0, 3), "value": {"start": True, "end": 3, "labels": ["actor"]}},
        region("a1", "mood", 0, 3),
        region("a1", "actor", 3, 3),
        {**region("a1", "actor", 0, 3), "from_name": "mood"},
        {**region("a1", "actor", 0, 3), "from_name": "kind", "value": {"start": 0, "end": 3, "choices": ["stance"]}},
        {"type": "relation", "from_id": 1, "to_id": 2, "labels": ["holder"]},
    ],
)
def test_nonsense_is_named_and_never_raises(item: Any) -> None:
    spans, relations, faults = back([item], RAW)
    assert (spans, relations) == ([], []) and len(faults) == 1 and "STU010" in faults[0]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "value", "from_name", "labels", "start", "end", "text", "choices", "from_id", "to_id"]), inner, max_size=6), max_leaves=12))  # fmt: skip
def test_no_value_of_json_crashes_the_reading(value: Any) -> None:
    from_results(value, RAW, CONTROLS, "page")
    from_results([{**region("a1", "actor", 0, 3), "value": value}], RAW, CONTROLS, "page")
    from_results([{"type": "relation", "from_id": "a", "to_id": "b", "labels": value}], RAW, CONTROLS, "page")


def test_every_attribute_has_a_control() -> None:
    attributes = {name for label in labels("span_label") for name in attribute_rules(label)} - set(ANCHOR_KEYS)
    assert attributes <= set(CONTROLS.by_name)
    assert frozenset(labels("span_label")) == CONTROLS.span_labels
    assert (
        frozenset(labels("relation_type"))
        == CONTROLS.relations
        == frozenset(load("annotation")["properties"]["relations"]["items"]["properties"]["type"]["enum"])
    )


def test_a_guideline_is_harmless_html() -> None:
    html = to_html(
        "<!-- note -->\n# 手引き\n\n| a | b |\n| --- | --- |\n| 1 | <script>x</script> |\n\n[x](javascript:alert)\n"
    )
    assert ">手引き</h1>" in html and "<table" in html
    assert "<script" not in html and 'href="javascript' not in html and "note" not in html
