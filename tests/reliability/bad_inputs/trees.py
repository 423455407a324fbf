"""The valid files that all cases start from, written by the project itself, as trees of bytes by path."""

from __future__ import annotations

import functools
import json
import operator
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from kakuyaku.dataset.publish import build
from kakuyaku.locks import LOCK
from kakuyaku.records import json_bytes
from tests import annotation_projects, conftest

PASS = "annotation/passes/reader-a/invented.json"
RULING = "annotation/adjudication/invented.json"
Tree = dict[str, bytes]
Place = tuple[Any, ...]  # of a document: keys and indices


def tree_of(root: Path) -> Tree:
    """The files below a folder."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and path.name != LOCK)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@cache
def _plain() -> Tree:
    with tempfile.TemporaryDirectory() as folder:
        conftest.write_project(Path(folder) / "p")
        return tree_of(Path(folder) / "p")


@cache
def _built() -> Tree:
    with tempfile.TemporaryDirectory() as folder:
        build(conftest.write_project(Path(folder) / "p"))
        return tree_of(Path(folder) / "p")


@cache
def _annotated() -> Tree:
    with tempfile.TemporaryDirectory() as folder:
        annotation_projects.write_project(Path(folder) / "p", {"adjudication": {}})
        return tree_of(Path(folder) / "p")


def plain(**changed: bytes) -> Tree:
    """A project of three articles without annotation."""
    return dict(_plain())


def built() -> Tree:
    """The same with its published dataset."""
    return dict(_built())


def annotated() -> Tree:
    """A project of one article with registry, annotators, a pass and an adjudication."""
    return dict(_annotated())


def schemas() -> Tree:
    """The repository's folder of schemas."""
    return {f"schemas/{name}": data for name, data in tree_of(conftest.REPOSITORY / "schemas").items()}


def record(tree: Tree, path: str) -> Any:
    """A fresh copy of the JSON document at a path."""
    return json.loads(tree[path])


def with_record(tree: Tree, path: str, value: Any) -> Tree:
    """The tree with another document there."""
    return {**tree, path: json_bytes(value)}


def at(value: Any, place: Place) -> Any:
    """What stands at a place of a document."""
    return functools.reduce(operator.getitem, place, value)


def put(value: Any, place: Place, new: Any) -> Any:
    """The document with one value replaced, in place."""
    at(value, place[:-1])[place[-1]] = new
    return value


def without(value: Any, place: Place) -> Any:
    """The document without one key, in place."""
    del at(value, place[:-1])[place[-1]]
    return value


def json_path(place: Place) -> str:
    """``("spans", 3, "start")`` as ``$.spans[3].start``."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
