"""What the labelling page stores: the controls of annotation/label_config.xml, and values to and from its forms.

A control has the name of its attribute. Choices and trees store ids (``alias``); a tree stores the path to its leaf,
a field a list of texts. The free field ``currency`` holds the other values of ``unit``.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kakuyaku.annotation.label_config import SPAN, stored_id
from kakuyaku.contract import load
from kakuyaku.foreign import parse_xml

TYPES = {"Choices": "choices", "Taxonomy": "taxonomy", "TextArea": "textarea", "Number": "number", "Rating": "rating"}
OTHER_VALUES = {"unit": "currency"}  # an attribute, and the field for what its choices do not offer
_TRUTH = {"true": True, "false": False}


class Unreadable(ValueError):
    """A stored value that no annotator can have meant; the message says what is wrong with it."""


@dataclass(frozen=True)
class Control:
    """One control for an attribute of a region; ``paths`` of a tree or of choices: from the root, by the id stored."""

    name: str
    type: str
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def stored(self, value: Any) -> dict[str, Any]:
        """The part of a result's value that holds an attribute's value."""
        values = value if isinstance(value, list) else [value]
        if self.type == "taxonomy":
            return {"taxonomy": [list(self.paths.get(each, (each,))) for each in values]}
        if self.type == "choices":
            return {"choices": [stored_id(_text(each)) for each in values]}
        if self.type == "textarea":
            return {"text": [_text(each) for each in values]}
        return {self.type: value}

    def read(self, value: Mapping[str, Any], rule: Mapping[str, Any]) -> Any:
        """The attribute's value.

        Args:
            value: the value of a result.
            rule: the attribute's schema.

        Raises:
            Unreadable: it is not in the form of this control, or holds several values for one.
        """
        held = value.get("text" if self.type == "textarea" else self.type)
        if self.type == "number":
            if isinstance(held, bool) or not isinstance(held, int | float):
                raise Unreadable(f"{self.name} is {held!r}, no number")
            return held
        if not isinstance(held, list) or not held:
            raise Unreadable(f"{self.name} holds {held!r}, expected a list of values")
        texts = [_leaf(each, self.name) if self.type == "taxonomy" else each for each in held]
        if not all(isinstance(each, str) for each in texts):
            raise Unreadable(f"{self.name} holds {held!r}, expected texts")
        if rule["type"] == "array":
            return texts
        if len(texts) > 1:
            raise Unreadable(f"{self.name} has {len(texts)} values ({', '.join(texts)}), expected one")
        ids = {stored_id(text): text for text in (*_TRUTH, *map(str, rule.get("enum", ())))}
        return _typed(ids.get(texts[0], texts[0]), self.name, rule["type"])


@dataclass(frozen=True)
class Controls:
    """All controls of one configuration: those of attributes by name, and the ids of the span labels and relations."""

    by_name: Mapping[str, Control]
    span_labels: frozenset[str]
    relations: frozenset[str]

    def for_value(self, attribute: str, value: Any) -> Control:
        """The control that an attribute's value is entered with.

        Raises:
            KeyError: the configuration has none.
        """
        control = self.by_name[attribute]
        other = OTHER_VALUES.get(attribute)
        return self.by_name[other] if other and value not in control.paths else control


def read_controls(xml: str) -> Controls:
    """The controls of a labelling configuration.

    Raises:
        Failure: XML001, XML002 it is no XML that we read.
    """
    root = parse_xml(xml.encode(), "label_config.xml")
    found = {
        element.attrib["name"]: Control(element.attrib["name"], TYPES[element.tag], dict(_paths(element)))
        for element in root.iter()
        if element.tag in TYPES and element.get("perRegion") == "true"
    }
    spans = next(element for element in root.iter("Labels") if element.get("name") == SPAN)
    relations = frozenset(_id(element) for element in root.iter("Relation"))
    return Controls(found, frozenset(_id(label) for label in spans.iter("Label")), relations)


def attribute_of(control: str) -> str:
    """The attribute that a control's values belong to."""
    return next((attribute for attribute, other in OTHER_VALUES.items() if other == control), control)


def attribute_rules(label: str) -> Mapping[str, Mapping[str, Any]]:
    """The schema of each attribute that spans of a label can have, in order."""
    rules: Mapping[str, Mapping[str, Any]] = load("annotation")["$defs"][label]["properties"]
    return rules


def _paths(element: ET.Element, above: Sequence[str] = ()) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for choice in element.findall("Choice"):
        path = (*above, _id(choice))
        found += _paths(choice, path) or [(path[-1], path)]
    return found


def _id(element: ET.Element) -> str:
    return element.get("alias") or element.attrib["value"]


def _leaf(path: Any, name: str) -> Any:
    if not isinstance(path, list) or not path:
        raise Unreadable(f"{name} holds {path!r}, expected a path")
    return path[-1]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _typed(text: str, name: str, kind: str) -> Any:
    if kind == "boolean":
        if text not in _TRUTH:
            raise Unreadable(f"{name} is “{text}”, expected true or false")
        return _TRUTH[text]
    if kind in {"integer", "number"}:
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            raise Unreadable(f"{name} is “{text}”, no number") from None
    return text
