"""Where in a JSON document a JSON path leads: editors and reviewers want a line, validators know only the path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kakuyaku.decoding import decode
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding

MAX_LOCATED = 1_000  # a file with more findings is not mended line by line

_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]")
_BLANKS = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def place_of(text: str, at: str) -> tuple[int, int]:
    """Line and column, from 1 and in code points, of the value that a JSON path such as ``$.spans[3].start`` leads to.

    Where the path ends in the void, as that of a missing key does, it is the place of the last value on the way.
    ``text`` must be JSON.
    """
    here = _blank(text, 0)
    for match in _PART.finditer(at):
        key, index, quoted = match.groups()
        part = int(index) if index else key if key is not None else re.sub(r"\\(.)", r"\1", quoted)
        inside = next((start for name, start in _children(text, here) if name == part), None)
        if inside is None:
            break
        here = inside
    return text.count("\n", 0, here) + 1, here - text.rfind("\n", 0, here)


def _children(text: str, start: int) -> Iterator[tuple[str | int, int]]:
    """Key or index, and offset, of each value inside the object or array that starts at ``start``."""
    opening = text[start]
    if opening not in "{[":
        return
    here, index = _blank(text, start + 1), 0
    while text[here] not in "}]":
        name: str | int = index
        if opening == "{":
            name, here = _DECODER.raw_decode(text, here)
            here = _blank(text, _blank(text, here) + 1)  # past the colon
        yield name, here
        _, here = _DECODER.raw_decode(text, here)
        here = _blank(text, here)
        if text[here] == ",":
            here = _blank(text, here + 1)
        index += 1


def _blank(text: str, start: int) -> int:
    match = _BLANKS.match(text, start)
    assert match is not None
    return match.end()


def located(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, those on a JSON path of a readable ``.json`` file with its line and column."""
    texts: dict[str, str | None] = {}
    budget: dict[str, int] = {}
    result = []
    for finding in findings:
        path = finding.path
        budget[path] = budget.get(path, MAX_LOCATED) - 1
        if finding.at and finding.line is None and path.endswith(".json") and budget[path] >= 0:
            if path not in texts:
                texts[path] = _text(Path(path))
            if (text := texts[path]) is not None:
                line, column = place_of(text, finding.at)
                result.append(replace(finding, line=line, column=column))
                continue
        result.append(finding)
    return result


def _text(path: Path) -> str | None:
    try:
        text = decode(read_bytes(path), str(path)).text
        json.loads(text)
    except (Failure, ValueError, RecursionError):
        return None
    return text
