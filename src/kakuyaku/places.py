"""Where in a JSON document a JSON path leads: editors and reviewers want a line, validators know only the path."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kakuyaku.decoding import decode
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding

MAX_LOCATED = 1_000  # a file with more findings is not mended line by line

_PART = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]")
_BLANKS = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


@dataclass
class _Wanted:
    """The paths that lead on from one value, by their next part; and those that end at it."""

    onward: dict[str | int, _Wanted] = field(default_factory=dict)
    ending: list[str] = field(default_factory=list)


def place_of(text: str, at: str) -> tuple[int, int]:
    """The place of one path; see :func:`places_of`."""
    return places_of(text, [at])[at]


def places_of(text: str, paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Line and column, from 1 and in code points, of the values that JSON paths such as ``$.spans[3].start`` lead to.

    Where a path ends in the void, as that of a missing key does, it is the place of the last value on the way.
    ``text`` must be JSON; it is walked once, however many paths there are.
    """
    root = _Wanted()
    for path in paths:
        node = root
        for match in _PART.finditer(path):
            key, index, quoted = match.groups()
            part = int(index) if index else key if key is not None else re.sub(r"\\(.)", r"\1", quoted)
            node = node.onward.setdefault(part, _Wanted())
        node.ending.append(path)
    breaks = [match.start() for match in re.finditer("\n", text)]
    found = {}
    for path, offset in _walk(text, _blank(text, 0), root):
        line = bisect_left(breaks, offset)
        found[path] = (line + 1, offset - (breaks[line - 1] if line else -1))
    return found


def _walk(text: str, here: int, wanted: _Wanted) -> Iterator[tuple[str, int]]:
    """The offset of every path that ends at the value at ``here``, or further on."""
    for path in wanted.ending:
        yield path, here
    left = dict(wanted.onward)
    for name, start in _children(text, here) if left else ():
        if (onward := left.pop(name, None)) is not None:
            yield from _walk(text, start, onward)
            if not left:
                return
    for void in left.values():
        yield from ((path, here) for path in _all(void))


def _all(wanted: _Wanted) -> Iterator[str]:
    yield from wanted.ending
    for onward in wanted.onward.values():
        yield from _all(onward)


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
    """The findings, those on a JSON path of a readable ``.json`` file with its line and column.

    Of one file at most :data:`MAX_LOCATED`.
    """
    paths: dict[str, dict[str, None]] = {}
    for finding in findings:
        if finding.at and finding.line is None and finding.path.endswith(".json"):
            wanted = paths.setdefault(finding.path, {})
            if len(wanted) < MAX_LOCATED:
                wanted[finding.at] = None
    places = {path: _places_in(Path(path), wanted) for path, wanted in paths.items()}
    result = []
    for finding in findings:
        place = places.get(finding.path, {}).get(finding.at or "") if finding.line is None else None
        result.append(replace(finding, line=place[0], column=place[1]) if place else finding)
    return result


def _places_in(path: Path, wanted: Iterable[str]) -> dict[str, tuple[int, int]]:
    try:
        text = decode(read_bytes(path), str(path)).text
        json.loads(text)
    except (Failure, ValueError, RecursionError):
        return {}
    return places_of(text, wanted)
