"""The guideline as the instructions that Label Studio shows on entry."""

from __future__ import annotations

import importlib.util
import re

from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project

LANGUAGE = "ja"  # annotators read what the page is written in
# Label Studio's page takes all space, bullets and lines away from its instructions.
_CELL = "border: 1px solid #ccc; padding: 2px 6px; text-align: left; vertical-align: top"
_STYLES = {
    "h1": "margin: 0 0 12px",
    "h2": "margin: 20px 0 8px",
    "h3": "margin: 16px 0 6px",
    "p": "margin: 6px 0",
    "ul": "list-style: disc; padding-left: 24px",
    "ol": "list-style: decimal; padding-left: 24px",
    "table": "border-collapse: collapse; margin: 8px 0",
    "th": _CELL,
    "td": _CELL,
}
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_VERSION = re.compile(r"Guideline version: ([0-9]+\.[0-9]+)")


def read_guideline(project: Project) -> tuple[str, str]:
    """The guideline as HTML, and its version.

    Raises:
        Failure: ENV001 without markdown-it-py, FS001 when there is no guideline, F02 when it names no version.
    """
    path = project.annotation / f"guideline.{LANGUAGE}.md"
    text = read_bytes(path).decode("utf-8")
    version = _VERSION.search(text)
    if version is None:
        raise Failure(Finding("F02", project.shown(path), "names no version", fix="Write “Guideline version: 1.0”."))
    return to_html(text), version[1]


def to_html(markdown: str) -> str:
    """Markdown as HTML. Comments are left out; tags in the text, and links that could run a script, stay text."""
    if importlib.util.find_spec("markdown_it") is None:
        raise Failure(
            Finding("ENV001", "guideline", "markdown-it-py is missing", fix="pip install 'kakuyaku[annotate]'")
        )
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = renderer.parse(_COMMENT.sub("", markdown))
    for token in tokens:
        if token.nesting >= 0 and token.tag in _STYLES:
            token.attrSet("style", _STYLES[token.tag])
    return str(renderer.renderer.render(tokens, renderer.options, {}))
