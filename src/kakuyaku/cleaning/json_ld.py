"""JSON-LD as pages have it: often broken, its values single or in lists, its names in objects or bare."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

_MAX_SCRIPT = 500_000  # characters; articles have some thousand
_MAX_OBJECTS = 1_000


def objects_of(script: str) -> list[dict[str, Any]]:
    """The objects of a JSON-LD script, outer ones first; none of a script too broken to be mended."""
    text = script[:_MAX_SCRIPT].strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        try:
            found = json.loads(_mended(text), strict=False)
        except (ValueError, RecursionError):
            return []
    todo: deque[Any] = deque([found])
    objects: list[dict[str, Any]] = []
    while todo and len(objects) < _MAX_OBJECTS:
        item = todo.popleft()
        if isinstance(item, dict):
            objects.append(item)
            todo += [item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item]
        elif isinstance(item, list):
            todo += item
    return objects


def _mended(text: str) -> str:
    """JSON without comments, line comments and commas before a closing bracket, as templates of sites leave them."""
    text = re.sub(r"/\*.*?\*/|^\s*//[^\n]*$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r",(\s*[}\]])", r"\1", text)


def values_of(value: Any) -> list[Any]:
    """The values of a property, which may be one or a list."""
    return value if isinstance(value, list) else [value]


def strings_of(value: Any) -> list[str]:
    """The values of a property that are texts."""
    return [item for item in values_of(value) if isinstance(item, str)]


def string_of(value: Any) -> str:
    """The first text among the values of a property; empty without any."""
    return next(iter(strings_of(value)), "")


def names_of(value: Any) -> Iterator[str]:
    """The names of the persons or organisations that a property holds, as objects or as texts."""
    for item in values_of(value):
        name = string_of(item.get("name")) if isinstance(item, dict) else item
        if isinstance(name, str) and name.strip():
            yield " ".join(name.split())
