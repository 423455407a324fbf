"""``kakuyaku explain``: why each line of a page was kept or cut."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from kakuyaku.cleaning import Page, clean_many, reasons
from kakuyaku.commands.console import HERE, ProjectOption, out, project_at
from kakuyaku.decoding import decode
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding, did_you_mean, visible
from kakuyaku.pages import SUFFIXES
from kakuyaku.seeds import read_manifest

SHOWN_CHARS = 60


def explain(
    article: Annotated[str, typer.Argument(help="An article id of the project, or a .txt or .html file.")],
    project: ProjectOption = HERE,
) -> None:
    """Show every line of a page: kept (+) or cut (-), its kind, the rule that decided, and what the rule saw."""
    path = Path(article)
    html = path.suffix.lower() in (".html", ".htm")
    if path.suffix.lower() not in SUFFIXES[:3]:
        path = _seed_path(article, project)
    data = read_bytes(path)
    page = Page(path.stem, html=data) if html else Page(path.stem, text=decode(data, str(path)).text)
    found = next(clean_many([page]))
    weighed = reasons(page)
    counts = {True: 0, False: 0}
    line = 1
    for segment in found.segments:
        piece = found.raw[segment.start : segment.end]
        counts[segment.keep] += len(piece)
        if segment.kind != "blank":
            shown = " ".join(visible(piece.strip().replace("\n", " "), limit=SHOWN_CHARS).split())
            indent = len(piece) - len(piece.lstrip())
            why = weighed.get(segment.start + indent) if segment.evidence.startswith("score ") else None
            evidence = visible(f"{segment.evidence}: {why}" if why else segment.evidence)
            saw = f"  ⟵ {evidence}" if evidence and not piece.strip().startswith(segment.evidence) else ""
            row = Text(f"{line:>5} {'+' if segment.keep else '-'} {segment.kind:<12} {segment.rule:<18} ")
            row.append(shown)
            row.append(saw, style="dim")
            row.stylize("green" if segment.keep else "red", 6, 7)
            out.print(row)
        line += piece.count("\n")
    out.print(f"kept {counts[True]:,} characters, cut {counts[False]:,}")


def _seed_path(article: str, project: Path) -> Path:
    found = project_at(project)
    records = [record for _, record in read_manifest(found)[0]]
    for record in records:
        if record["article_id"] == article:
            return found.seeds / str(record["file"])
    ids = [str(record["article_id"]) for record in records]
    message = f"is no article of the project and no .txt or .html file{did_you_mean(article, ids)}"
    raise Failure(Finding("USE001", article, message, fix=f"Articles: {', '.join(ids) or 'none'}."))
