"""Markdown tables, and text of others inside Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kakuyaku.findings import visible

_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def harmless(text: object) -> str:
    """Text of others on one line of Markdown: no HTML, no line ends, no invisible characters."""
    return _TAG.sub("&lt;", visible(str(text)).replace("\n", " "))


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars and line ends in cells are made harmless. Text of others goes through :func:`harmless`."""
    lines = [list(header), ["---"] * len(header), *rows]
    clean = [[visible(str(cell)).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in clean)
