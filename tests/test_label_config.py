"""The labelling configuration of Label Studio: complete, unambiguous, safe from its traps, up to date."""

from __future__ import annotations

import copy
import re
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kakuyaku.annotation.actors import UNNAMED, Registry, read_actors
from kakuyaku.annotation.label_config import SHOWN_WITH, label_config, outside_style, stored_id, unique_keys
from kakuyaku.annotation.standoff import ANCHOR_KEYS
from kakuyaku.contract import labels, load
from kakuyaku.project import Project
from kakuyaku.syncing import derived, stale, sync
from tests.conftest import REPOSITORY

FILE = REPOSITORY / "annotation/label_config.xml"
LAYERS = list(labels("span_label"))
CHOSEN = ["kind", "commitment_status", "stance", "projection", "phase", "phase_basis", "temporal", "reporting"]
CHOSEN += ["measure_relation", "confidence", "condition_kind", "unit", "distribution", "time_role", "anchor"]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_actors((REPOSITORY / "annotation/actors.csv").read_bytes(), "actors.csv")[0]


@pytest.fixture(scope="module")
def config(registry: Registry) -> ET.Element:
    return ET.fromstring(label_config(load("vocabulary"), load("annotation"), registry.actors.values()))


def control(config: ET.Element, name: str) -> ET.Element:
    found = config.findall(f".//*[@name='{name}']")
    assert len(found) == 1
    return found[0]


def pieces(shown: str) -> list[str]:
    """The name of an actor and the forms in brackets behind it."""
    return re.split("[(、)]", shown.removesuffix(")"))


def aliases(element: ET.Element) -> list[str]:
    return [child.attrib["alias"] for child in element]


def test_the_text_is_drawn_on_and_nothing_else(config: ET.Element) -> None:
    texts = [element for element in config.iter() if element.tag in {"Text", "HyperText", "Paragraphs"}]
    assert [(text.tag, text.get("value")) for text in texts] == [("Text", "$text"), ("HyperText", "$outside")]
    assert {element.get("toName") for element in config.iter()} == {None, "text"}
    hidden = [view for view in config.iter("View") if view.get("style") == "display: none"]
    assert [child.get("name") for view in hidden for child in view] == ["outside"]


def test_names_stand_once(config: ET.Element) -> None:
    names = Counter(element.get("name") for element in config.iter() if element.get("name"))
    assert set(names.values()) == {1}


def test_nothing_chosen_reads_as_a_number_or_truth(config: ET.Element) -> None:
    """Label Studio's page would turn it into one, and then not open."""
    shown = [text for choice in config.iter("Choice") for text in (choice.attrib["alias"], choice.attrib["value"])]
    assert [text for text in shown if text.isdecimal() or text in ("true", "false")] == []


@pytest.mark.parametrize(("name", "set_name"), [("span", "span_label"), *((name, name) for name in CHOSEN)])
def test_every_label_stands_once_by_its_id(config: ET.Element, name: str, set_name: str) -> None:
    assert aliases(control(config, name)) == [stored_id(id_) for id_ in labels(set_name)]
    for child, label in zip(control(config, name), labels(set_name).values(), strict=True):
        assert (child.get("value"), child.get("hint")) == (label.name["ja"], f"{label.id} — {label.definition['ja']}")


def test_measures_are_a_tree_by_family(config: ET.Element) -> None:
    tree = control(config, "commitment_type")
    assert (tree.tag, aliases(tree)) == ("Taxonomy", list(labels("commitment_family")))
    pairs = {(leaf, branch.attrib["alias"]) for branch in tree for leaf in aliases(branch)}
    assert pairs == {(leaf.id, leaf.extra["family"]) for leaf in labels("commitment_type").values()}
    assert sum(len(branch) for branch in tree) == len(labels("commitment_type"))


def test_relations_are_named_by_their_ids_and_explained(config: ET.Element) -> None:
    relations = [relation.get("value") for relation in config.iter("Relation")]
    assert relations == list(labels("relation_type"))
    shown = [header.attrib["value"] for header in config.iter("Header")]
    for label in labels("relation_type").values():
        assert any(label.id in text and label.definition["ja"] in text for text in shown)


@pytest.mark.parametrize(("name", "reserved"), [("actor_id", [UNNAMED]), ("affiliation", [])])
def test_every_actor_can_be_chosen_by_name(
    config: ET.Element, registry: Registry, name: str, reserved: list[str]
) -> None:
    tree = control(config, name)
    assert (tree.get("leafsOnly"), tree.get("maxUsages")) == ("true", "1")
    leaves = {leaf.attrib["alias"]: leaf.attrib["value"] for leaf in tree.iter("Choice") if not len(leaf)}
    assert sorted(leaves) == sorted([*registry.actors, *reserved])
    assert all(leaves[id_].startswith(actor.record["name_ja"]) for id_, actor in registry.actors.items())
    for id_, actor in registry.actors.items():  # the tree is searched in what it shows
        assert all(any(shown in form or form in leaves[id_] for shown in pieces(leaves[id_])) for form in actor.forms)
    for branch in tree:
        assert all(registry.kind(id_) == branch.get("alias") for id_ in aliases(branch))


@pytest.mark.parametrize("label", LAYERS)
def test_every_attribute_has_a_control_under_its_own_condition(config: ET.Element, label: str) -> None:
    own = [element for element in config.iter() if element.get("perRegion") and element.get("whenLabelValue") == label]
    schema = load("annotation")["$defs"][label]
    attributes = set(schema["properties"]) - {*ANCHOR_KEYS}
    assert {element.get("name") for element in own} - {"currency"} == attributes
    for element in own:
        assert (element.get("visibleWhen"), element.get("whenTagName")) == ("region-selected", "span")
        must = element.get("name") in set(schema["required"]) - {"unit"}
        assert bool(element.get("required")) == bool(element.get("requiredMessage")) == must


# What the page uses of Label Studio's tags; the server takes a misspelt one in silence.
WHEN = {"visibleWhen", "whenTagName", "whenLabelValue", "whenChoiceValue"}
CONTROL = {"name", "toName", "perRegion", "required", "requiredMessage", *WHEN}
TAGS = {
    "View": {"className", "style", *WHEN},
    "Style": set(),
    "Header": {"value", "size"},
    "Text": {"name", "value", "granularity", "saveTextResult"},
    "HyperText": {"name", "value", "inline"},
    "Labels": {"name", "toName", "showInline"},
    "Label": {"value", "alias", "hint", "hotkey", "background"},
    "Choices": {*CONTROL, "choice", "showInline"},
    "Choice": {"value", "alias", "hint", "hotkey"},
    "Taxonomy": {*CONTROL, "leafsOnly", "maxUsages", "placeholder"},
    "TextArea": {*CONTROL, "rows", "maxSubmissions", "editable", "placeholder"},
    "Number": {*CONTROL, "step"},
    "Relations": set(),
    "Relation": {"value"},
}


def faults(config: ET.Element) -> list[str]:
    """What Label Studio would take in silence and then not do, or do wrong."""
    found = []
    known: dict[str | None, set[str]] = {}
    for element in config.iter():
        if element.get("toName"):
            children = [child for child in element.iter() if child is not element]
            known[element.get("name")] = {child.attrib[key] for child in children for key in ("alias", "value")}
            stored = [child.get("alias") for child in children if not len(child)]
            found += [f"{element.get('name')} stores {alias} twice" for alias, n in Counter(stored).items() if n > 1]
    for element in config.iter():
        found += [f"{element.tag} {name}" for name in element.attrib if name not in TAGS.get(element.tag, set())]
        wanted = {"region-selected": "whenLabelValue", "choice-selected": "whenChoiceValue"}.get(
            element.get("visibleWhen", "")
        )
        if wanted:
            ids = set(element.get(wanted, "").split(","))
            found += [f"{wanted} {id_}" for id_ in ids - known.get(element.get("whenTagName"), set())]
        elif element.get("visibleWhen") not in (None, "no-region-selected"):
            found.append(f"visibleWhen {element.get('visibleWhen')}")
        if element.get("required") and not element.get("visibleWhen"):
            found.append(f"{element.get('name')} is required everywhere")
    keys = Counter(element.get("hotkey") for element in config.iter() if element.get("hotkey"))
    return found + [f"key {key}" for key, n in keys.items() if n > 1]


def test_nothing_falls_into_the_traps_of_label_studio(config: ET.Element) -> None:
    assert faults(config) == []


@pytest.mark.parametrize(
    ("path", "attribute", "value", "fault"),
    [
        (".//Text", "highlightColor", "red", "Text highlightColor"),
        (".//Choices", "visiblewhen", "x", "Choices visiblewhen"),
        (".//Choices", "whenLabelValue", "statment", "whenLabelValue statment"),
        (".//Choices", "whenTagName", "spans", "whenLabelValue statement"),
        (".//Choices", "visibleWhen", "region-chosen", "visibleWhen region-chosen"),
        (".//Label", "hotkey", "s", "key s"),
        (".//*[@name='kind']/Choice", "alias", "stance", "kind stores stance twice"),
    ],
)
def test_a_fault_put_in_is_found(config: ET.Element, path: str, attribute: str, value: str, fault: str) -> None:
    faulty = copy.deepcopy(config)
    found = faulty.find(path)
    assert found is not None
    found.set(attribute, value)
    assert fault in faults(faulty)


def test_no_control_goes_without_condition(config: ET.Element) -> None:
    controls = [e for e in config.iter() if e.get("toName") and e.get("name") != "span"]
    assert all(element.get("perRegion") == "true" and element.get("whenLabelValue") in LAYERS for element in controls)


@pytest.mark.parametrize("name", SHOWN_WITH)
def test_what_only_some_labels_call_for_waits_for_them(config: ET.Element, name: str) -> None:
    other, ids = SHOWN_WITH[name]
    assert ids < set(labels(other))
    around = [view for view in config.iter("View") if view.get("whenTagName") == other]
    (view,) = (view for view in around if view.find(f".//*[@name='{name}']") is not None)
    names = {labels(other)[id_].name["ja"] for id_ in ids}
    assert view.get("visibleWhen") == "choice-selected"
    assert set(view.attrib["whenChoiceValue"].split(",")) == ids | names


def test_phase_basis_waits_for_every_phase_but_the_unspecified() -> None:
    assert SHOWN_WITH["phase_basis"] == ("phase", frozenset(labels("phase")) - {"unspecified"})


def test_keys_are_unique_and_all_labels_with_a_key_have_one(config: ET.Element) -> None:
    keys = [element.attrib["hotkey"] for element in config.iter() if element.get("hotkey")]
    assert len(keys) == len(set(keys))
    wanted = [label for name in ("span_label", *CHOSEN) for label in labels(name).values() if "key" in label.extra]
    assert len(keys) == len(wanted)
    spans = {label.get("alias"): label.get("hotkey") for label in config.iter("Label")}
    assert spans == {label.id: label.extra["key"] for label in labels("span_label").values()}


def test_more_labels_than_keys_leave_the_last_without() -> None:
    keys = unique_keys({"many": [{"id": str(number), "key": "a"} for number in range(100)]})
    assert len(keys) == len(set(keys.values())) == 71  # 36 keys, with and without shift, but for Label Studio's own


def test_a_set_keeps_its_keys_or_shifts_them_all_or_takes_neighbours() -> None:
    two = [{"id": "one", "key": "a"}, {"id": "two", "key": "b"}]
    keys = unique_keys(dict.fromkeys(("first", "second", "third", "fourth"), two))
    assert list(keys.values()) == ["a", "b", "shift+a", "shift+b", "1", "2", "3", "4"]
    assert list(unique_keys({"none": [{"id": "one"}], "first": two}).values()) == ["a", "b"]


def test_the_text_s_lines_are_greyed_by_number() -> None:
    assert outside_style([]) == "<style></style>"
    lines = ", ".join(f".kakuyaku-document .lsf-richtext__line:nth-of-type({number})" for number in (1, 3))
    assert outside_style([1, 3]) == f"<style>{lines} {{ opacity: .45; }}</style>"


def test_a_changed_label_changes_the_config_and_is_escaped(registry: Registry) -> None:
    vocabulary: dict[str, Any] = copy.deepcopy(load("vocabulary"))
    vocabulary["sets"]["kind"]["labels"][0]["name"]["ja"] = '<自"己>&'
    changed = label_config(vocabulary, load("annotation"), registry.actors.values())
    assert changed != FILE.read_text(encoding="utf-8")
    assert control(ET.fromstring(changed), "kind")[0].get("value") == '<自"己>&'


def test_the_file_is_up_to_date(registry: Registry) -> None:
    right = label_config(load("vocabulary"), load("annotation"), registry.actors.values())
    assert FILE.read_text(encoding="utf-8") == right


def test_check_tells_and_sync_writes_where_there_is_a_registry(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.annotation.mkdir()
    assert list(derived(project)) == []
    shutil.copy(REPOSITORY / "annotation/actors.csv", project.actors)
    assert [(finding.code, finding.path) for finding in stale(project)] == [("VOC002", "annotation/label_config.xml")]
    assert sync(project) == ["annotation/label_config.xml"]
    assert (project.annotation / FILE.name).read_bytes() == FILE.read_bytes()
    assert stale(project) == []


def test_a_faulty_registry_is_left_to_its_own_findings(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.annotation.mkdir()
    project.actors.write_text("no,registry\n", encoding="utf-8")
    assert list(derived(project)) == []
