"""The label tables of the annotators' guideline, in Japanese and English, made from the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kakuyaku.contract import load
from kakuyaku.markdown import markdown_table

LANGUAGES = ("ja", "en")
_MARK = re.compile(r"(<!-- labels:([a-z_]+) -->\n).*?(<!-- /labels -->)", re.DOTALL)
# Column, its heading in Japanese and English; a column that no label of a set fills is left out.
_HEADINGS = {
    "id": ("id", "id"),
    "name": ("名称", "name"),
    "rank": ("段", "rank"),
    "score": ("点", "score"),
    "definition": ("定義", "definition"),
    "cues": ("手がかり", "strong cues"),
    "false_friends": ("似て非なる語", "false friends"),
    "positive": ("例", "positive"),
    "negative": ("ちがう例 → 正しいラベル", "negative → right label"),
}
NOTHING = "–"


def with_label_tables(text: str, language: str) -> str:
    """``text`` with the table behind every ``<!-- labels:SET -->`` made anew."""
    return _MARK.sub(lambda match: match[1] + label_table(match[2], language) + "\n" + match[3], text)


def label_table(set_name: str, language: str) -> str:
    """The labels of one set, a row each."""
    entries: Sequence[Mapping[str, Any]] = load("vocabulary")["sets"][set_name]["labels"]
    used = [column for column in _HEADINGS if any(entry.get(column) not in (None, "", []) for entry in entries)]
    header = [_HEADINGS[column][LANGUAGES.index(language)] for column in used]
    return markdown_table(header, [[_cell(entry, column, language) for column in used] for entry in entries])


def _cell(entry: Mapping[str, Any], column: str, language: str) -> str:
    value = entry.get(column)
    match column:
        case "id":
            return f"`{value}`"
        case "name" | "definition":
            return str(entry[column][language])
        case "rank" | "score":
            return NOTHING if value is None else str(value).replace("-", "−")
        case "positive" | "negative":
            return "; ".join(_example(example, language) for example in value or ()) or NOTHING
        case _:
            return "、".join(value or ()) or NOTHING


def _example(example: Mapping[str, str], language: str) -> str:
    gloss = f" ({example['gloss']})" if language == "en" and "gloss" in example else ""
    label = f" → {example['label']}" if "label" in example else ""
    return example["text"] + gloss + label
