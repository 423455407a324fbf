"""The labelling configuration of Label Studio, made from the vocabulary, the schema of annotations and the registry.

People read Japanese names; what Label Studio stores are the ids of the codebook (``alias``), under control names that
are the names of the attributes. Label Studio forgets a condition that stands on a wrapping view only, and fires a
shortcut in every control that has it: so each control repeats its condition, and no key is given twice.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kakuyaku.annotation.actors import UNNAMED, Actor
from kakuyaku.annotation.standoff import ANCHOR_KEYS

TEXT, SPAN = "text", "span"  # names of the object, and of the control that draws spans
OUTSIDE = "outside"  # name of what marks the lines that no span may touch
NOTICE = "<!-- Made by `kakuyaku sync` from schemas/ and annotation/actors.csv: do not edit. -->\n"
# Attributes that only some labels of another attribute call for.
SHOWN_WITH: Mapping[str, tuple[str, frozenset[str]]] = {
    "commitment_status": ("kind", frozenset({"commitment"})),
    "stance": ("kind", frozenset({"stance"})),
    "projection": ("commitment_status", frozenset({"projected"})),
    "phase_basis": ("phase", frozenset({"current_war", "post_ceasefire", "on_violation"})),
}
# What is no set of labels: heading, and what an empty field asks for.
_NAMES = {
    "actor_id": ("登録簿の行為者", "名前で探す"),
    "affiliation": ("所属(名前のない情報源だけ)", "名前で探す"),
    "subset": ("一部", "n、n/m、most、some"),
    "note": ("注記", "判断の理由"),
    "min": ("下限", ""),
    "max": ("上限", ""),
    "approx": ("概数か", ""),
    "unit": ("通貨(金額だけ)", "USD、EUR、JPY"),
    "value": ("値", "2030-04-05、2030-04、P3D、2030-04-01/2030-04-05"),
}
_READ_AS_VALUE = re.compile(r"[0-9]+|true|false")
_YES_NO = [{"id": "true", "name": {"ja": "概数"}}, {"id": "false", "name": {"ja": "そのままの数"}}]
# What to press and in which order, shown while nothing is selected.
_HELP = (
    "1. 種類のキーを押し、本文をドラッグする。灰色の行は範囲外で、引かない。",
    "2. 区間をクリックして属性を選ぶ。キーは [ ] の中。名前に触れると id と定義が出る。",
    "3. 立場の区間を選んで Alt+R、相手の区間をクリックし、右下の Relations の「…」で関係を選ぶ。",
    "同じ相手への二つ目の関係(holder と source など)は、同じ矢印に足す。新しい矢印は消える。",
    "次の区間を引く前に Esc。選んだまま種類のキーを押すと、その区間の種類が変わり属性が消える。",
    "区間を消す Backspace、元に戻す Ctrl+Z、提出 Ctrl+Enter。ほかのキーは右上の鍵盤の印。",
)
# Neighbours on a keyboard: a set of labels that cannot have its own keys takes a stretch of one row.
_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_RESERVED = frozenset("u")  # Label Studio's own: it deselects the region
_STYLE = """
.kakuyaku { container-type: inline-size; }
.kakuyaku-page { display: grid; grid-template-columns: minmax(0, 1fr) 25rem; gap: 1rem; align-items: start; }
.kakuyaku-labels { position: sticky; top: 0; z-index: 5; background: var(--color-neutral-background, #fff); }
.kakuyaku-document .lsf-htx-richtext { font-size: 16px; line-height: 2; }
.kakuyaku-side { position: sticky; top: 0; max-height: calc(100vh - 7.5rem); overflow-y: auto; padding: 0 .5rem; }
.kakuyaku-side h4 { margin: 0 !important; font-size: 13px !important; line-height: 1.5 !important; }
.kakuyaku-field { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); gap: 0 .5rem; padding: 3px 0; }
.kakuyaku-field { border-top: 1px solid var(--color-neutral-border, #ddd); }
.kakuyaku-field > h4 { grid-column: 1; padding-top: 1px; }
.kakuyaku-field > :not(h4) { grid-column: 2; min-width: 0; }
.kakuyaku-field > *, .kakuyaku-field .lsf-textarea-tag { margin: 0 !important; }
.kakuyaku-side .lsf-choices { display: flex; flex-wrap: wrap; gap: 1px .7rem; margin: 0; }
.kakuyaku-side .lsf-choice, .kakuyaku-side .lsf-choice__item { margin: 0 !important; padding: 0 !important; }
.kakuyaku-side .ant-checkbox-wrapper { font-size: 14px; line-height: 1.6; }
.kakuyaku-side .ant-checkbox + span { padding: 0 0 0 .3rem; }
.kakuyaku-side .htx-taxonomy { width: 100%; }
.kakuyaku-note { border-top: 1px solid var(--color-neutral-border, #ddd); padding: 4px 0; margin-top: 6px; }
.kakuyaku-note h4 { font-weight: 400 !important; }
.lsf-detailed-region__result .lsf-region-meta__result { display: none !important; }
.relations-overlay path:not([opacity="1"]) { opacity: .25; }
.relations-overlay path:not([opacity="1"]) ~ g { display: none; }
.lsf-modal-ls h2 { margin: 1.2rem 0 .4rem; }
.lsf-modal-ls p { margin: .4rem 0; }
.lsf-modal-ls ol { list-style: decimal; padding-left: 1.8rem; }
.lsf-modal-ls ul { list-style: disc; padding-left: 1.4rem; }
.lsf-modal-ls td, .lsf-modal-ls th { border: 1px solid #ccc; padding: 2px 6px; text-align: left; vertical-align: top; }
@container (max-width: 52rem) {
  .kakuyaku-page { display: flex; flex-direction: column; }
  .kakuyaku-page > * { width: 100%; }
  .kakuyaku-side { order: -1; max-height: 40vh; z-index: 6; background: var(--color-neutral-background, #fff); }
  .kakuyaku-labels { position: static; }
}
"""


def label_config(vocabulary: Mapping[str, Any], annotation: Mapping[str, Any], actors: Iterable[Actor]) -> str:
    """The XML of the configuration.

    Args:
        vocabulary: ``schemas/vocabulary.json``.
        annotation: ``schemas/annotation.schema.json``, which says what attributes a span has and which it must have.
        actors: the registry, in its order.
    """
    return _Config(vocabulary["sets"], annotation["$defs"], list(actors)).xml()


class _Config:
    """One configuration in the making."""

    def __init__(self, sets: Mapping[str, Any], spans: Mapping[str, Any], actors: Sequence[Actor]) -> None:
        self.sets, self.spans, self.actors = sets, spans, actors
        closed = [name for label in spans for name in self._own(label) if name in sets]
        closed.sort(key=lambda name: -len(self._labels(name)))  # the largest sets are the hardest to place
        self.keys = unique_keys({name: self._labels(name) for name in ("span_label", *closed)})

    def xml(self) -> str:
        """The whole configuration as text."""
        root = ET.Element("View", className="kakuyaku")
        ET.SubElement(root, "Style").text = _STYLE
        page = ET.SubElement(root, "View", className="kakuyaku-page")
        document = ET.SubElement(page, "View", className="kakuyaku-document")
        bar = ET.SubElement(document, "View", className="kakuyaku-labels")
        labels = ET.SubElement(bar, "Labels", name=SPAN, toName=TEXT, showInline="true")
        for entry in self._labels("span_label"):
            ET.SubElement(labels, "Label", self._choice(entry, "span_label"), background=entry["color"])
        ET.SubElement(document, "Text", name=TEXT, value="$text", granularity="symbol", saveTextResult="yes")
        hidden = ET.SubElement(document, "View", style="display: none")  # a style sheet works there all the same
        ET.SubElement(hidden, "HyperText", name=OUTSIDE, value=f"${OUTSIDE}", inline="true")
        side = ET.SubElement(page, "View", className="kakuyaku-side")
        for entry in self._labels("span_label"):
            self._attributes(side, entry["id"])
        _note(side, _HELP, visibleWhen="no-region-selected")
        self._relations(side)
        ET.indent(root)
        return NOTICE + ET.tostring(root, encoding="unicode") + "\n"

    def _labels(self, set_name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sets[set_name]["labels"]
        return found

    def _own(self, label: str) -> dict[str, Any]:
        """The attributes of the spans of one label, with their rules."""
        return {name: rule for name, rule in self.spans[label]["properties"].items() if name not in ANCHOR_KEYS}

    def _attributes(self, side: ET.Element, label: str) -> None:
        """All controls of the spans of one label."""
        for name, rule in self._own(label).items():
            parent = side
            if name in SHOWN_WITH:
                other, ids = SHOWN_WITH[name]
                chosen = [text for e in self._labels(other) if e["id"] in ids for text in (e["id"], e["name"]["ja"])]
                when = {"visibleWhen": "choice-selected", "whenTagName": other, "whenChoiceValue": ",".join(chosen)}
                parent = ET.SubElement(side, "View", when)
            parent = ET.SubElement(parent, "View", _only(label), className="kakuyaku-field")
            must = name in self.spans[label]["required"] and name != "unit"  # a unit or a currency
            self._control(parent, label, name, rule, {"required": "true"} if must else {})

    def _control(self, parent: ET.Element, label: str, name: str, rule: dict[str, Any], must: dict[str, str]) -> None:
        """The control of one attribute, by the type of its values."""
        each = {"name": name, "toName": TEXT, "perRegion": "true", **_only(label), **must}
        title, ask = _NAMES.get(name, ("", ""))
        if name in self.sets:
            title, ask = self.sets[name]["name"]["ja"], self.sets[name]["definition"]["ja"]
        if must:
            each["requiredMessage"] = f"「{title}」を選ぶか書いてください"
        ET.SubElement(parent, "Header", value=title, size="6")
        if name in {"actor_id", "affiliation"}:
            tree = ET.SubElement(parent, "Taxonomy", each, leafsOnly="true", maxUsages="1", placeholder=ask)
            self._actors(tree, reserved=name == "actor_id")
        elif rule["type"] == "array":
            tree = ET.SubElement(parent, "Taxonomy", each, leafsOnly="true", placeholder=ask)
            for family in self._labels("commitment_family"):
                branch = ET.SubElement(tree, "Choice", _shown(family))
                for leaf in self._labels(rule["items"]["x-vocabulary"]):
                    if leaf["family"] == family["id"]:
                        ET.SubElement(branch, "Choice", _shown(leaf))
        elif name in self.sets or rule["type"] == "boolean":
            choices = ET.SubElement(parent, "Choices", each, choice="single", showInline="true")
            for entry in self._labels(name) if name in self.sets else _YES_NO:
                ET.SubElement(choices, "Choice", self._choice(entry, name))
            if name == "unit":  # the other values of this attribute
                title, ask = _NAMES[name]
                ET.SubElement(parent, "Header", value=title, size="6")
                _field(parent, {**each, "name": "currency"}, ask)
        elif rule["type"] == "number":
            ET.SubElement(parent, "Number", each, step="0.01")
        else:
            _field(parent, each, ask)

    def _actors(self, tree: ET.Element, reserved: bool) -> None:
        """The registry by kind of actor; with ``reserved`` also the source without a name."""
        for kind in self._labels("actor_kind"):
            members = [actor for actor in self.actors if actor.kind == kind["id"]]
            branch = ET.SubElement(tree, "Choice", _shown(kind)) if members else tree
            for actor in members:
                hint = f"{actor.id} — " + ("、".join(actor.forms) or actor.record["name_en"])
                ET.SubElement(branch, "Choice", value=_findable(actor), alias=actor.id, hint=hint)
        if reserved:
            ET.SubElement(tree, "Choice", value="名前のない情報源", alias=UNNAMED)

    def _relations(self, side: ET.Element) -> None:
        """The kinds of relation, and a line on each. Label Studio stores their ``value``: it ignores an alias here."""
        relations = ET.SubElement(side, "Relations")
        for entry in self._labels("relation_type"):
            ET.SubElement(relations, "Relation", value=entry["id"])
        lines = (f"{e['id']} {e['name']['ja']}:{e['definition']['ja']}" for e in self._labels("relation_type"))
        _note(side, lines)

    def _choice(self, entry: Mapping[str, Any], set_name: str) -> dict[str, str]:
        key = self.keys.get((set_name, entry["id"]))
        return _shown(entry) | ({"hotkey": key} if key else {})


def outside_style(lines: Iterable[int]) -> str:
    """The task's HTML for :data:`OUTSIDE`: a style sheet that greys lines of the text, by number from 1.

    Label Studio shows each line in an element of its own; where it should not, nothing is greyed and nothing breaks.
    """
    selectors = ", ".join(f".kakuyaku-document .lsf-richtext__line:nth-of-type({number})" for number in lines)
    return f"<style>{selectors} {{ opacity: .45; }}</style>" if selectors else "<style></style>"


def unique_keys(sets: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[tuple[str, str], str]:
    """A key for each label that has one in the vocabulary, none twice; earlier sets choose first.

    The vocabulary's keys are unique inside a set only. A set has its own keys, or its own with shift, or as many
    neighbours of one row of the keyboard; when none of these is free, each label the next free key, if there is one.
    """
    keys: dict[tuple[str, str], str] = {}
    every = [form.format(sign) for form in ("{}", "shift+{}") for row in _ROWS for sign in row]
    for name, labels in sets.items():
        wishes = {(name, label["id"]): label["key"] for label in labels if "key" in label}
        taken = {*keys.values(), *_RESERVED}
        own = ([form.format(key) for key in wishes.values()] for form in ("{}", "shift+{}"))
        rows = ([form.format(sign) for sign in row] for form in ("{}", "shift+{}") for row in _ROWS)
        near = (row[at : at + len(wishes)] for row in rows for at in range(len(row) - len(wishes) + 1))
        free = [key for key in every if key not in taken]
        chosen = next((keys for keys in (*own, *near) if len({*keys} - taken) == len(wishes)), free)
        keys |= dict(zip(wishes, chosen, strict=False))
    return keys


def stored_id(id: str) -> str:
    """The form in which Label Studio keeps an id: its page takes ``3`` and ``true`` for values, and does not open."""
    return f"_{id}" if _READ_AS_VALUE.fullmatch(id) else id


def _only(label: str) -> dict[str, str]:
    """The condition that shows a control for spans of one label alone."""
    return {"visibleWhen": "region-selected", "whenTagName": SPAN, "whenLabelValue": label}


def _shown(entry: Mapping[str, Any]) -> dict[str, str]:
    """The Japanese name to see, the id to store, and as hint the id (as the guideline has it) and its meaning."""
    hint = {"hint": f"{entry['id']} — {entry['definition']['ja']}"} if "definition" in entry else {}
    return {"value": entry["name"]["ja"], "alias": stored_id(entry["id"]), **hint}


def _findable(actor: Actor) -> str:
    """The name, and in brackets the forms that a search for a part of the name would miss: the tree searches this."""
    found = [str(actor.record["name_ja"])]
    for form in sorted(actor.forms, key=len):
        if not any(form in seen or seen in form for seen in found):
            found.append(form)
    return found[0] + (f"({'、'.join(found[1:])})" if found[1:] else "")


def _note(parent: ET.Element, lines: Iterable[str], **when: str) -> None:
    """Lines of small print."""
    note = ET.SubElement(parent, "View", {"className": "kakuyaku-note", **when})
    for line in lines:
        ET.SubElement(note, "Header", value=line, size="6")


def _field(parent: ET.Element, each: dict[str, str], ask: str) -> None:
    """A field for one short answer that can be mended."""
    ET.SubElement(parent, "TextArea", each, rows="1", maxSubmissions="1", editable="true", placeholder=ask)
