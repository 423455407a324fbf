"""Doing what a finding advises, from nothing but what the finding says: a fix that cannot be followed is none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.reliability.bad_inputs.trying import Seen

_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]")


def mend(folder: Path, findings: Sequence[Seen]) -> bool:
    """Follow the advice of the first finding that has advice a machine can follow; False when none has."""
    for seen in findings:
        recipe = RECIPES.get(seen.code)
        if recipe is not None and recipe(folder / seen.path, seen):
            return True
    return False


def _convert(path: Path, seen: Seen) -> bool:
    match = re.search(r"iconv -f (\S+) -t UTF-8", seen.fix + seen.message)
    if match:
        path.write_bytes(path.read_bytes().decode(match[1]).encode("utf-8"))
    return match is not None


def _remove_character(path: Path, seen: Seen) -> bool:
    if seen.line is None or seen.column is None:
        return False
    lines = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = lines[seen.line - 1]
    lines[seen.line - 1] = line[: seen.column - 1] + line[seen.column :]
    path.write_bytes("\n".join(lines).encode("utf-8"))
    return True


def _in_json(change: Callable[[Any, Any, str], bool]) -> Callable[[Path, Seen], bool]:
    def mended(path: Path, seen: Seen) -> bool:
        parts = [m[1] or (int(m[2]) if m[2] else m[3]) for m in _PART.finditer(seen.at or "")]
        lines = path.suffix == ".jsonl"
        if lines and seen.line is None:
            return False
        texts = path.read_text("utf-8").split("\n") if lines else [path.read_text("utf-8")]
        number = (seen.line or 1) - 1 if lines else 0
        document = json.loads(texts[number])
        node = document
        for part in parts[:-1]:
            node = node[part]
        done = change(node, parts[-1] if parts else None, seen.message)
        texts[number] = json.dumps(document, ensure_ascii=False)
        path.write_text("\n".join(texts), "utf-8")
        return done

    return mended


def _rename_key(parent: Any, part: Any, message: str) -> bool:
    node = parent if part is None else parent[part]
    match = re.match(r"unknown key “(.*?)”(?: \(did you mean “(.*?)”\?\))?", message, re.DOTALL)
    if match is None or match[1] not in node:
        return False
    value = node.pop(match[1])
    if match[2]:
        node[match[2]] = value
    return True


def _take_suggestion(parent: Any, part: Any, message: str) -> bool:
    match = re.search(r"did you mean “(.*?)”", message)
    if match:
        parent[part] = match[1]
    return match is not None


def _remove_line(path: Path, seen: Seen) -> bool:
    if seen.line is None:
        return False
    lines = path.read_bytes().split(b"\n")
    del lines[seen.line - 1]
    path.write_bytes(b"\n".join(lines))
    return True


def _cut(pattern: str) -> Callable[[Path, Seen], bool]:
    def mended(path: Path, _: Seen) -> bool:
        text = path.read_text("utf-8")
        path.write_text(re.sub(pattern, "", text, count=1), "utf-8")
        return path.read_text("utf-8") != text

    return mended


RECIPES: dict[str, Callable[[Path, Seen], bool]] = {
    "ENC001": _convert,
    "CTL001": _remove_character,
    "KEY001": _in_json(_rename_key),
    "VAL002": _in_json(_take_suggestion),
    "SPL002": _remove_line,
    "XML001": _cut(r"(?i)<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>\s*"),
}
