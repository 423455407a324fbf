"""``kakuyaku adjudicate``: what two annotators leave to rule on, sent to Label Studio and taken back as gold."""

from __future__ import annotations

from typing import Annotated

import typer

from kakuyaku.annotation.room import open_room
from kakuyaku.commands.console import HERE, ProjectOption, counting, exit_code, out, project_at, report
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.studio.adjudicating import open_disagreements, send_disagreements
from kakuyaku.studio.connection import connect
from kakuyaku.studio.ruling import take_rulings


def adjudicate(
    passes: Annotated[tuple[str, str], typer.Option(help="The two annotators.", metavar="A B")],
    project: ProjectOption = HERE,
    pull: Annotated[bool, typer.Option("--pull", help="Take submitted rulings over, as gold.")] = False,
    by: Annotated[str | None, typer.Option(help="With --pull: who ruled; an id in annotators.json.")] = None,
    list_only: Annotated[bool, typer.Option("--list", help="Only list what there is to rule on.")] = False,
) -> None:
    """Put two passes side by side in Label Studio, disagreements first; with --pull write gold and its reasons.

    An article is sent when both have annotated it and nobody has ruled. Its task needs a reason for each disagreement.

    Exit codes: 0 done, 1 rulings have findings, 2 unknown annotator, 3 server or files.
    """
    found = project_at(project)
    room, faults = open_room(found)
    refuse_on_errors(faults)
    if pull:
        if by is None:
            raise Failure(Finding("USE001", "--by", "is missing", fix="Name who ruled, an id in annotators.json."))
        with connect(found) as connection, counting("taking rulings") as progress:
            ruled = take_rulings(room, connection, *passes, by, progress)
        waiting = "".join(f", {len(articles)} {state}" for state, articles in ruled.waiting.items())
        out.print(f"{len(ruled.written)} articles ruled on, {len(ruled.unchanged)} as they were{waiting}", markup=False)
        report(ruled.findings)
        if code := exit_code(ruled.findings):
            raise typer.Exit(code)
        return
    open_ = open_disagreements(room, *passes)
    for article, items in open_.items():
        out.print(f"{article}: {len(items)} to rule on", markup=False)
        for item in items if list_only else ():
            out.print(f"  {item.layer} {item.span.start} “{item.span.quote[:30]}”", markup=False)
    if not open_:
        out.print("nothing is left to rule on")
    elif not list_only:
        with connect(found) as connection, counting("sending") as progress:
            sent = send_disagreements(room, connection, *passes, open_, progress)
        out.print(
            f"{sent.sent} sent, {sent.present} there before; the server holds {sent.held}: {sent.page}", markup=False
        )
        report(sent.findings)
        if code := exit_code(sent.findings):
            raise typer.Exit(code)
