"""Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kakuyaku.findings import visible


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars and line ends in cells are made harmless."""
    lines = [list(header), ["---"] * len(header), *rows]
    clean = [[visible(str(cell)).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in clean)
