"""Adjudication in Label Studio: two passes side by side as predictions, the disagreements to rule on listed first.

The adjudicator copies one prediction, mends it, and writes the reason of each ruling (:mod:`kakuyaku.studio.ruling`).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Any

from kakuyaku.agreement.disagreements import Disagreement, disagreements
from kakuyaku.annotation.label_config import NOTICE
from kakuyaku.annotation.room import Room
from kakuyaku.annotation.store import adjudicated, read_passes
from kakuyaku.findings import Failure, Finding
from kakuyaku.foreign import parse_xml
from kakuyaku.studio.connection import Connection
from kakuyaku.studio.controls import read_controls
from kakuyaku.studio.conversion import to_results
from kakuyaku.studio.instructions import read_guideline
from kakuyaku.studio.pushing import Outgoing, Progress, Sent, config_of, send, task_data, title_of

REASON, RULES = "reason", "rules"  # the fields of each disagreement; its number from 0 stands behind


def open_disagreements(room: Room, first: str, second: str) -> dict[str, list[Disagreement]]:
    """What is left to rule on by article, most disagreements first: both have annotated it, and nobody has ruled.

    Raises:
        Failure: USE001 when one of them has no passes.
    """
    passes = read_passes(room.project)
    for name in (first, second):
        if name not in passes:
            fix = f"There are passes of {', '.join(passes) or 'nobody'}."
            raise Failure(Finding("USE001", room.project.shown(room.project.passes), f"has no {name}", fix=fix))
    ids = set(passes[first]) & set(passes[second]) & set(room.seeds) - adjudicated(room.project)
    found = {id_: disagreements(passes[first][id_], passes[second][id_]) for id_ in sorted(ids)}
    return dict(sorted(found.items(), key=lambda each: -len(each[1])))


def send_disagreements(
    room: Room,
    connection: Connection,
    first: str,
    second: str,
    open_: Mapping[str, Sequence[Disagreement]],
    progress: Progress = lambda done, of: None,
) -> Sent:
    """Send the articles of :func:`open_disagreements`, in their order."""
    html, version = read_guideline(room.project)
    config, passes = config_of(room), read_passes(room.project)
    controls = read_controls(config)
    outgoing = [
        Outgoing(
            {
                **task_data(id_, room.article(id_), version),
                "annotators": [first, second],
                "disagreements": [_shown(each, first, second) for each in found],
            },
            {name: to_results(passes[name][id_], controls) for name in (first, second)},
        )
        for id_, found in open_.items()
    ]
    settings = {
        "label_config": adjudication_config(config),
        "expert_instruction": html,
        "show_instruction": False,
        "show_collab_predictions": True,
    }
    return send(room.project, connection, adjudication_title(first, second), settings, outgoing, progress)


def adjudication_title(first: str, second: str) -> str:
    """The title of the project in which two passes are adjudicated."""
    return title_of(f"{first} = {second}")


# The list keeps to a third of the screen, so that the article stays in sight below it.
_LISTED = "max-height: 32vh; overflow-y: auto; border-bottom: 2px solid #bbb; margin-bottom: 8px"
_ROW = "display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 3fr) 1fr; border-bottom: 1px solid #ddd"


def adjudication_config(config: str) -> str:
    """The labelling configuration with the disagreements above the page, each with fields for reason and rules."""
    page = parse_xml(config.encode(), "label_config.xml")
    root = ET.Element("View")
    ET.SubElement(root, "Header", value="裁定する相違(根拠を書き、下の注釈を直す)", size="4")
    listed = ET.SubElement(root, "View", style=_LISTED)
    each = ET.SubElement(listed, "Repeater", on="$disagreements", indexFlag="{{idx}}")
    box = ET.SubElement(each, "View", style=_ROW)
    ET.SubElement(box, "Text", name="item_{{idx}}", value="$disagreements[{{idx}}].text")
    for name, ask, must in ((REASON, "裁定の理由", True), (RULES, "規則(R13 など)", False)):
        needed = {"required": "true", "requiredMessage": "すべての相違に理由を書いてください"} if must else {}
        field_ = {"name": f"{name}_{{{{idx}}}}", "toName": "item_{{idx}}", "placeholder": ask, **needed}
        ET.SubElement(box, "TextArea", field_, rows="1", maxSubmissions="1", editable="true")
    root.append(page)
    ET.indent(root)
    return NOTICE + ET.tostring(root, encoding="unicode") + "\n"


def words(held: Mapping[str, Any] | None) -> str:
    """Attributes and links for people: ``kind: stance; holder: russia, usa``."""
    if held is None:
        return "nothing is marked"
    texts = {key: ", ".join(map(str, value)) if isinstance(value, list) else str(value) for key, value in held.items()}
    return "; ".join(f"{key}: {text}" for key, text in texts.items()) or "none of it"


def _shown(each: Disagreement, first: str, second: str) -> dict[str, str]:
    """A disagreement as the adjudicator reads it."""
    title = {"quote": each.span.quote}  # stands above both
    drawn = ((first, without_id(each.a)), (second, without_id(each.b)))
    sides = (
        f"{name} → {words(held and {key: value for key, value in held.items() if title.get(key) != value})}"
        for name, held in drawn
    )
    return {"text": f"{each.layer} “{each.span.quote}”\n" + "\n".join(sides)}


def without_id(drawn: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if drawn is None else {key: value for key, value in drawn.items() if key != "id"}
