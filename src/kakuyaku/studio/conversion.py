"""Stand-off annotation to the results of Label Studio and back. Pure; out and back is the identity.

A region has the id of its span. What people draw gets an id of Label Studio's; it is numbered on the way back, after
the highest number of its layer, in text order. Offsets are code points on both sides, and are compared with the text
of every region all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kakuyaku.annotation.label_config import SHOWN_WITH, SPAN, TEXT
from kakuyaku.annotation.rules.relations import SAME
from kakuyaku.annotation.standoff import ANCHOR_KEYS, ID_LETTERS, Relation, Span, Standoff
from kakuyaku.contract import labels
from kakuyaku.findings import Finding
from kakuyaku.studio.controls import Controls, Unreadable, attribute_of, attribute_rules

Result = dict[str, Any]
_OUR_ID = re.compile(r"[a-z][0-9]+")
_QUOTE = 20  # code points of a region's text in a message


def to_results(annotation: Standoff, controls: Controls) -> list[Result]:
    """The results of an annotation: each span with its attributes, then the relations, in the order of the file."""
    found: list[Result] = []
    for span in annotation.spans:
        place = {"start": span.start, "end": span.end, "text": span.quote}
        region = {"id": span.id, "to_name": TEXT}
        found.append({**region, "from_name": SPAN, "type": "labels", "value": {**place, "labels": [span.label]}})
        for name, value in span.attributes.items():
            control = controls.for_value(name, value)
            stored = {**place, **control.stored(value)}
            found.append({**region, "from_name": control.name, "type": control.type, "value": stored})
    return found + _linked(annotation.relations)


def _linked(relations: Sequence[Relation]) -> list[Result]:
    """One result for every two regions, with all labels between them: of a second one the page keeps nothing.

    ``places`` says where in the file each of them stands; the page drops it.
    """
    found: dict[tuple[str, str], Result] = {}
    for place, link in enumerate(relations):
        ends = {"from_id": link.source, "to_id": link.target}
        empty: Result = {"type": "relation", **ends, "direction": "right", "labels": [], "places": []}
        result = found.setdefault((link.source, link.target), empty)
        result["labels"].append(link.type)
        result["places"].append(place)
    return list(found.values())


@dataclass
class _Region:
    """What is gathered of one region."""

    id: str
    start: int
    end: int
    label: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Reading:
    """One set of results being read; ``url`` is the task's page."""

    raw: str
    controls: Controls
    url: str
    findings: list[Finding] = field(default_factory=list)
    regions: dict[str, _Region] = field(default_factory=dict)
    links: list[tuple[str, str, str, int | None]] = field(default_factory=list)

    def fault(self, code: str, message: str, region: _Region | None = None) -> None:
        quote = f"“{self.raw[region.start : region.end][:_QUOTE]}”: " if region else ""
        self.findings.append(Finding(code, self.url, quote + message))


def from_results(
    results: Any, raw: str, controls: Controls, url: str, base: Standoff | None = None
) -> tuple[list[Span], list[Relation], list[Finding]]:
    """The spans and relations of results, and what in them cannot be read (STU010 to STU013).

    Args:
        raw: the text that was shown.
        url: the task's page, for the findings.
        base: what the annotator started from, for the order of spans and relations; without one they stay in the
            order of the results.

    Attributes that the page hides for the values of others (``SHOWN_WITH``) are dropped: nobody has seen them.
    """
    reading = _Reading(raw, controls, url)
    for item in results if isinstance(results, list) else [results]:
        try:
            _read_item(reading, item)
        except Unreadable as error:
            reading.fault("STU010", str(error))
    for region in list(reading.regions.values()):
        if not region.label:
            del reading.regions[region.id]
            if region.attributes:
                reading.fault("STU010", f"a region without a label has {', '.join(region.attributes)}", region)
        else:
            region.attributes = dict(_attributes(reading, region))
    ordered = _ordered(reading, [span.id for span in base.spans] if base else [])
    numbered = _numbered(ordered)
    ids = {region.id: numbered[region.id] for region in ordered}
    spans = [
        Span.anchored(raw, ids[region.id], region.label, region.start, region.end, **region.attributes)
        for region in ordered
    ]
    return spans, _relations(reading, ids, list(base.relations) if base else []), reading.findings


def _read_item(reading: _Reading, item: Any) -> None:
    if not isinstance(item, dict):
        raise Unreadable(f"a result is {str(item)[:40]!r}")
    if item.get("type") == "relation":
        _read_link(reading, item)
        return
    name, value, id_ = item.get("from_name"), item.get("value"), item.get("id")
    if not isinstance(value, dict) or not isinstance(id_, str):
        raise Unreadable(f"a result of {name} has no value or no id")
    region = _region(reading, id_, value)
    if name == SPAN:
        chosen = value.get("labels")
        if not isinstance(chosen, list) or len(chosen) != 1 or chosen[0] not in labels("span_label"):
            raise Unreadable(f"“{reading.raw[region.start : region.end][:_QUOTE]}” has the labels {chosen!r}")
        if region.label:
            raise Unreadable(f"the region {id_} stands twice")
        region.label = chosen[0]
    elif name in reading.controls.by_name:
        if name in region.attributes:
            raise Unreadable(f"{name} of the region {id_} stands twice")
        region.attributes[str(name)] = value
    else:
        raise Unreadable(f"{name} is no control of this page")


def _region(reading: _Reading, id_: str, value: Mapping[str, Any]) -> _Region:
    """The region that a result belongs to; STU013 when its text is not the one shown."""
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(reading.raw):
        raise Unreadable(f"a region from {start} to {end}, in a text of {len(reading.raw)} code points")
    region = reading.regions.setdefault(id_, _Region(id_, start, end))
    if (region.start, region.end) != (start, end):
        raise Unreadable(f"the region {id_} lies at {region.start}–{region.end} and at {start}–{end}")
    shown = value.get("text")
    if isinstance(shown, str) and shown != reading.raw[start:end]:
        reading.fault("STU013", f"the page shows “{shown[:_QUOTE]}” there", region)
    return region


def _attributes(reading: _Reading, region: _Region) -> Iterator[tuple[str, Any]]:
    """The attributes of a region in the order of the schema; STU011 for those of another label."""
    rules = attribute_rules(region.label)
    read: dict[str, Any] = {}
    for control, value in region.attributes.items():
        attribute = attribute_of(control)
        if attribute not in rules or attribute in ANCHOR_KEYS:
            reading.fault("STU011", f"is a {region.label} and has {control}", region)
            continue
        try:
            held = reading.controls.by_name[control].read(value, rules[attribute])
        except Unreadable as error:
            reading.fault("STU010", str(error), region)
            continue
        if attribute in read:
            reading.fault("STU010", f"has two values for {attribute}: {read[attribute]} and {held}", region)
        read[attribute] = held
    for attribute, (other, shown) in SHOWN_WITH.items():
        if attribute in read and other in rules and read.get(other) not in shown:
            del read[attribute]
    yield from ((name, read[name]) for name in rules if name in read)


def _read_link(reading: _Reading, item: Mapping[str, Any]) -> None:
    ends = [item.get("from_id"), item.get("to_id")]
    direction, types = item.get("direction", "right"), item.get("labels")
    if not all(isinstance(end, str) for end in ends) or direction not in {"right", "left", "bi"}:
        raise Unreadable(f"a relation from {ends[0]} to {ends[1]}, direction {direction}")
    source, target = map(str, ends if direction != "left" else reversed(ends))
    named = types if isinstance(types, list) and types else [""]
    places = item.get("places")
    if not isinstance(places, list) or len(places) != len(named) or not all(type(each) is int for each in places):
        places = [None] * len(named)
    for type_, place in zip(named, places, strict=True):
        meant = type_ if direction != "bi" or type_ == SAME else f"{type_} both ways"
        reading.links.append((source, str(meant), target, place))


def _ordered(reading: _Reading, base: Sequence[str]) -> list[_Region]:
    """The regions as the base has them, then other ids of ours as they come, then the new ones by layer and place."""
    rank = {label: number for number, label in enumerate(labels("span_label"))}
    known = {id_: number for number, id_ in enumerate(base)}
    came = {id_: number for number, id_ in enumerate(reading.regions)}

    def place(region: _Region) -> tuple[int, ...]:
        if region.id in known:
            return 0, known[region.id]
        if _OUR_ID.fullmatch(region.id):
            return 1, came[region.id]
        return 2, rank[region.label], region.start, region.end, came[region.id]

    return sorted(reading.regions.values(), key=place)


def _numbered(regions: Sequence[_Region]) -> dict[str, str]:
    """The id of each region's span: its own if it is one of ours, else the next of its layer."""
    ids = {region.id: region.id for region in regions if _OUR_ID.fullmatch(region.id)}
    last = dict.fromkeys(ID_LETTERS.values(), 0)
    for id_ in ids:
        last[id_[0]] = max(last.get(id_[0], 0), int(id_[1:]))
    for region in regions:
        if region.id not in ids:
            letter = ID_LETTERS[region.label]
            last[letter] += 1
            ids[region.id] = f"{letter}{last[letter]}"
    return ids


def _relations(reading: _Reading, ids: Mapping[str, str], base: Sequence[Relation]) -> list[Relation]:
    """The links as the base has them, or where they say that they stand, then the others by statement and type.

    STU012 for those that say nothing.
    """
    rank = {type_: number for number, type_ in enumerate(labels("relation_type"))}
    order = {id_: number for number, id_ in enumerate(ids.values())}
    known = {link: number for number, link in enumerate(base)}
    found: list[tuple[tuple[int, ...], Relation]] = []
    for source, type_, target, said in reading.links:
        if source not in ids or target not in ids:
            reading.fault("STU012", f"a relation “{type_}” leads to a region that is not there")
            continue
        if type_ not in rank:
            what = f"the relation to “{_quote(reading, target)}” " + (f"says “{type_}”" if type_ else "has no label")
            reading.fault("STU012", what, reading.regions[source])
            continue
        ends = [ids[source], ids[target]]
        if type_ == SAME:  # its ends are alike; R13 wants the lower id first
            ends.sort(key=lambda id_: int(id_[1:]))
        link = Relation(ends[0], type_, ends[1])
        place = known.get(link) if base else said
        found.append(((0, place) if place is not None else (1, order[ends[0]], rank[type_], order[ends[1]]), link))
    return [link for _, link in sorted(found, key=lambda each: each[0])]


def _quote(reading: _Reading, id_: str) -> str:
    region = reading.regions[id_]
    return reading.raw[region.start : region.end][:_QUOTE]
