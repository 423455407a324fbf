"""XML and YAML that someone else wrote: read as data, never as instructions to a parser.

Neither format needs, for any file of ours, what makes it dangerous: entities and external documents in XML; tags,
anchors and aliases in YAML. They are refused before a parser acts on them, and what is left has bounded depth.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import yaml

from kakuyaku.decoding import decode
from kakuyaku.findings import Failure, Finding
from kakuyaku.records import MAX_DEPTH

MAX_YAML = 256 * 1024  # bytes; the parser takes ten seconds for a megabyte

_DOCTYPE = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse_xml(data: bytes, path: str) -> ET.Element:
    """The root of an XML document in UTF-8.

    Raises:
        Failure: XML001 a DOCTYPE or an entity declaration, XML002 no XML or too deep, or a code of
            :func:`kakuyaku.decoding.decode`.
    """
    text = decode(data, path).text
    if match := _DOCTYPE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        raise Failure(Finding("XML001", path, f"has {match.group()}", line, column))
    # text, not bytes: what was searched is what is parsed, whatever encoding it declares
    parser = ET.XMLParser(target=_BoundedBuilder())
    try:
        parser.feed(text)
        root: ET.Element = parser.close()
        return root
    except _TooDeep:
        raise Failure(Finding("XML002", path, f"has more than {MAX_DEPTH} levels of elements")) from None
    except ET.ParseError as error:
        line, column = error.position
        raise Failure(Finding("XML002", path, str(error).split(":")[0], line, column + 1)) from None


class _TooDeep(Exception):
    """More levels of elements than any file of ours has."""


class _BoundedBuilder(ET.TreeBuilder):
    """Builds a tree of bounded depth."""

    _depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeep
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self._depth -= 1
        return super().end(tag)


def parse_yaml(data: bytes, path: str) -> Any:
    """The value of a YAML document: mappings, lists and strings, nothing else (``no`` and ``1.10`` stay as written).

    Raises:
        Failure: YML001 no YAML, a tag, or too deep, YML002 a key twice, YML003 an anchor or alias, RAW002 too
            large, or a code of :func:`kakuyaku.decoding.decode`.
    """
    if len(data) > MAX_YAML:
        message = f"has {len(data):,} bytes, the limit for YAML is {MAX_YAML:,}"
        raise Failure(Finding("RAW002", path, message, fix="Restore the file from version control."))
    text = decode(data, path).text
    try:
        _refuse_instructions(text, path)
        loader = _Strings(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except _KeyTwice as error:
        mark = error.problem_mark
        raise Failure(Finding("YML002", path, str(error.problem), *_place(mark))) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "is no YAML"
        place = _place(mark)
        if isinstance(error, yaml.reader.ReaderError):  # the only one without a mark
            before = text[: error.position]
            place = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise Failure(Finding("YML001", path, str(problem), *place)) from None


def _refuse_instructions(text: str, path: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        place = _place(event.start_mark)
        if anchor := getattr(event, "anchor", None):  # an alias has one too
            raise Failure(Finding("YML003", path, f"has the anchor or alias “{anchor}”", *place))
        if tag := getattr(event, "tag", None):
            raise Failure(Finding("YML001", path, f"has the tag {tag}", *place))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Failure(Finding("YML001", path, f"has more than {MAX_DEPTH} levels", *place))


class _KeyTwice(yaml.constructor.ConstructorError):
    """A mapping with the same key twice."""


class _Strings(yaml.BaseLoader):
    """Strings, lists and mappings; no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # refused by the parent: no key that can be looked up
            if key.value in seen:
                raise _KeyTwice(None, None, f"the key “{key.value}” stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _place(mark: Any) -> tuple[int, int] | tuple[()]:
    return (mark.line + 1, mark.column + 1) if mark is not None else ()
