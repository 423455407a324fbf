"""``kakuyaku add``: a new article."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kakuyaku.adding import add as add_article
from kakuyaku.adding import replace_capture
from kakuyaku.commands.console import HERE, ProjectOption, out, project_at


def add(
    file: Annotated[Path, typer.Argument(help="The raw text, UTF-8, exactly as captured.", readable=False)],
    project: ProjectOption = HERE,
    url: Annotated[str | None, typer.Option(help="Address of the page.")] = None,
    published_on: Annotated[str | None, typer.Option(help="Date of publication, YYYY-MM-DD.")] = None,
    published_on_basis: Annotated[
        str | None, typer.Option(help="printed (default where the page prints a date), inferred or unknown.")
    ] = None,
    published_on_note: Annotated[str | None, typer.Option(help="How the date is known.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    site: Annotated[str | None, typer.Option(help="The site.")] = None,
    author: Annotated[str | None, typer.Option(help="Author as printed.")] = None,
    origin_note: Annotated[str | None, typer.Option(help="Rewrite, translation, credits.")] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639-1 code.", show_default="ja")] = None,
    rights: Annotated[str | None, typer.Option(help="Who holds the rights.")] = None,
    event_id: Annotated[str | None, typer.Option(help="Articles on one event share it, and a split.")] = None,
    replaces: Annotated[
        str | None, typer.Option(metavar="ARTICLE", help="The file is a corrected capture of this article.")
    ] = None,
) -> None:
    """Take a new article into seeds/: checks, id, manifest line, split. Then `kakuyaku build` publishes it.

    With --replaces the article keeps its id and split, its old capture is kept in seeds/replaced/, and `kakuyaku
    reanchor` moves its annotations.

    Exit codes: 0 added, 1 the text is refused (encoding, duplicate, nothing but boilerplate), 3 disk or permissions.
    """
    known = {
        "url": url,
        "published_on": published_on,
        "published_on_basis": published_on_basis,
        "published_on_note": published_on_note,
        "publisher": publisher,
        "site": site,
        "author": author,
        "origin_note": origin_note,
        "language": language,
        "rights": rights,
        "event_id": event_id,
    }
    if replaces is not None:
        replace_capture(project_at(project), replaces, file, known)
        out.print(f"Replaced the capture of {replaces}. Next: kakuyaku reanchor, kakuyaku agree, kakuyaku build")
        return
    assignment = add_article(project_at(project), file, known)
    out.print(f"Added {assignment.article_id} to the split {assignment.split}. Publish it with: kakuyaku build")
