"""The guideline as the instructions that Label Studio shows on entry."""

from __future__ import annotations

import importlib.util
import re

from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project

LANGUAGE = "ja"  # annotators read what the page is written in
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
    return str(renderer.render(_COMMENT.sub("", markdown)))
