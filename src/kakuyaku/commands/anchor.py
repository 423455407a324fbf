"""``kakuyaku anchor``: a draft of plain text files to a stand-off annotation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kakuyaku.annotation.drafts import MENTIONS, STATEMENTS, numbered
from kakuyaku.annotation.drafts import anchor as anchor_draft
from kakuyaku.annotation.room import open_room
from kakuyaku.annotation.rules import check_annotation
from kakuyaku.annotation.standoff import to_bytes, to_record
from kakuyaku.commands.console import HERE, ProjectOption, exit_code, out, project_at, report
from kakuyaku.contract import labels
from kakuyaku.decoding import decode
from kakuyaku.files import read_bytes, writing
from kakuyaku.findings import Failure, Finding
from kakuyaku.records import parse_json


def anchor(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder with <article>.mentions.txt and <article>.statements.json.", readable=False),
    ],
    article: Annotated[str, typer.Option(help="Id of the article.")],
    project: ProjectOption = HERE,
    annotator: Annotated[str | None, typer.Option(help="Id of the annotator; default: the folder's name.")] = None,
    to: Annotated[
        Path | None, typer.Option("--out", help="Default: <article>.json in the folder.", readable=False)
    ] = None,
) -> None:
    """Turn a draft into an annotation file, number its mentions, and check it.

    A draft that cannot be read leaves no file. What only breaks a rule of annotation is reported, and written.

    Exit codes: 0 written and clean, 1 something to mend, 2 unknown article, 3 files.
    """
    room, findings = open_room(project_at(project))
    seed = room.seeds.get(article)
    if seed is None:
        raise Failure(Finding("USE001", article, "is no article", fix=f"Articles: {', '.join(room.seeds)}."))
    name = folder.resolve().name
    mentions = decode(read_bytes(folder / f"{article}.{MENTIONS}"), f"{folder}/{article}.{MENTIONS}").text
    path = folder / f"{article}.{STATEMENTS}"
    statements = parse_json(read_bytes(path), str(path)) if path.exists() else []
    text = room.article(article)
    annotation, faults = anchor_draft(text, article, annotator or name, mentions, statements, str(folder))
    for line in numbered(annotation, text):
        out.print(line, markup=False)
    counts = ", ".join(f"{len(annotation.labelled(label))} {label}" for label in labels("span_label"))
    out.print(f"\n{counts}, {len(annotation.relations)} relations")
    target = to or folder / f"{article}.json"
    if not faults:
        published_on = seed.record["published_on"]
        findings += check_annotation(to_record(annotation), text.raw, text, room.actors, str(target), published_on)
        with writing(target) as file:
            file.write(to_bytes(annotation))
        out.print(f"written: {target}", markup=False)
    report(findings + faults)
    if code := exit_code(findings + faults):
        raise typer.Exit(code)
