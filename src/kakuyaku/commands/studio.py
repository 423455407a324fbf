"""``kakuyaku studio``: the round trip through Label Studio."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from rich.table import Table

from kakuyaku.annotation.room import Room, open_room
from kakuyaku.commands.console import HERE, ProjectOption, counting, exit_code, out, project_at, report, steps
from kakuyaku.contract import check_record
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.project import Project
from kakuyaku.records import parse_json
from kakuyaku.studio.connection import Connection, connect
from kakuyaku.studio.pulling import Pulled, project_of
from kakuyaku.studio.pulling import pull as pull_work
from kakuyaku.studio.pushing import Sent, title_of
from kakuyaku.studio.pushing import push as push_articles
from kakuyaku.studio.server import USER, Home
from kakuyaku.studio.server import down as stop_server
from kakuyaku.studio.server import up as start_server
from kakuyaku.studio.status import NOT_SENT, Status
from kakuyaku.studio.status import status as look

studio = typer.Typer(name="studio", no_args_is_help=True, rich_markup_mode=None)
AnnotatorOption = Annotated[
    list[str] | None,
    typer.Option("--annotator", help="Id in annotation/annotators.json; may be repeated.", metavar="A"),
]


@studio.callback()
def group() -> None:
    """Annotate in Label Studio: start a server, send articles, take submitted work back.

    LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY name a server that runs already; KAKUYAKU_LABEL_STUDIO a program to start.
    """


@studio.command()
def up(
    project: ProjectOption = HERE,
    port: Annotated[int | None, typer.Option(help="Port on 127.0.0.1; another one when it is taken.")] = None,
) -> None:
    """Start the project's own Label Studio on this machine, installing it first when it is missing.

    Exit codes: 0 it runs, 3 it cannot be installed or started.
    """
    found = project_at(project)
    with steps("starting") as progress:
        url, now = start_server(found, lambda step: progress.update(progress.task_ids[0], description=step), port)
    home = Home(found.studio)
    out.print(f"Label Studio {'runs' if now else 'was running'} at {url}", markup=False)
    out.print(f"sign in as {USER}; the password is in {found.shown(home.password)}", markup=False)


@studio.command()
def down(project: ProjectOption = HERE) -> None:
    """Stop the project's own Label Studio. Its data stays.

    Exit codes: 0 it does not run any more, 3 it does not end.
    """
    out.print("stopped" if stop_server(project_at(project)) else "no Label Studio of this project was running")


@studio.command()
def push(
    articles: Annotated[list[str] | None, typer.Argument(help="Ids of articles; none: all.")] = None,
    project: ProjectOption = HERE,
    annotator: AnnotatorOption = None,
    with_suggestions: Annotated[
        str | None,
        typer.Option(help="Show the work of FROM to start from: gold, or an annotator with passes.", metavar="FROM"),
    ] = None,
) -> None:
    """Send articles, to one project for each annotator; what is there is not sent again.

    Without --annotator: to every annotator of kind person. Suggestions are for review, not for blind double annotation.

    Exit codes: 0 the server holds everything, 1 it does not, 2 unknown annotator or article, 3 server.
    """
    found = project_at(project)
    room = _room(found)
    names = annotator or _people(found)
    findings: list[Finding] = []
    with connect(found) as connection:
        for name in names:
            with counting(f"sending to {name}") as progress:
                sent = push_articles(room, connection, name, articles or (), with_suggestions, progress)
            findings += sent.findings
            out.print(_sent(name, sent), markup=False)
    _end(findings)


@studio.command()
def pull(
    project: ProjectOption = HERE,
    annotator: AnnotatorOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Look at every task, not only at those changed since the last pull.")
    ] = False,
) -> None:
    """Take submitted work over into annotation/passes/, after every rule of the codebook has been checked.

    What has findings stays on the server and is named with its page; drafts and skipped tasks are left alone.

    Exit codes: 0 all submitted work is taken over, 1 some has findings, 2 unknown annotator, 3 server or files.
    """
    found = project_at(project)
    room = _room(found)
    findings: list[Finding] = []
    with connect(found) as connection:
        for name in annotator or _with_project(room, connection):
            with counting(f"looking at {name}") as progress:
                pulled = pull_work(room, connection, name, everything, progress)
            findings += pulled.findings
            out.print(_pulled(pulled), markup=False)
    _end(findings)


@studio.command()
def status(project: ProjectOption = HERE, annotator: AnnotatorOption = None) -> None:
    """Show for each annotator and article: sent, drafted, done, with findings; and the agreement so far.

    Exit codes: 0 shown, 1 submitted work has findings, 2 unknown annotator, 3 server.
    """
    found = project_at(project)
    room = _room(found)
    with connect(found) as connection:
        names = annotator or _with_project(room, connection)
        projects = {name: project_of(connection, name) for name in names}
        with counting("looking") as progress:
            seen = look(room, connection, projects, progress)
    _show(room, seen)
    _end([finding for finding in seen.findings if finding.level == "error"])


def _room(project: Project) -> Room:
    room, findings = open_room(project)
    refuse_on_errors(findings)
    return room


def _people(project: Project) -> list[str]:
    """The annotators of kind person."""
    shown = project.shown(project.annotators)
    entries = parse_json(read_bytes(project.annotators), shown)
    refuse_on_errors(finding for entry in entries for finding in check_record("annotator", entry, shown))
    if not (names := [entry["id"] for entry in entries if entry["kind"] == "person"]):
        fix = f"Add one, or name one with --annotator: {', '.join(entry['id'] for entry in entries)}."
        raise Failure(Finding("USE001", shown, "has no annotator of kind person", fix=fix))
    return names


def _with_project(room: Room, connection: Connection) -> list[str]:
    """The annotators that have a project on the server."""
    names = [name for name in sorted(room.annotators) if connection.find_project(title_of(name)) is not None]
    if not names:
        raise Failure(Finding("USE001", connection.url, "has no project of these annotators", fix="Push first."))
    return names


def _sent(name: str, sent: Sent) -> str:
    renewed = f", {sent.predicted} suggestions renewed" if sent.predicted else ""
    held = f"the server holds {sent.held} of {sent.sent + sent.present}"
    return f"{name}: {sent.sent} sent, {sent.present} there before{renewed}; {held}: {sent.page}"


def _pulled(pulled: Pulled) -> str:
    waiting = "".join(f", {len(articles)} {state}" for state, articles in pulled.waiting.items())
    return (
        f"{pulled.annotator}: {pulled.looked_at} of {pulled.tasks} tasks looked at; {len(pulled.written)} passes "
        f"written, {len(pulled.unchanged)} as they were{waiting}"
    )


def _show(room: Room, seen: Status) -> None:
    table = Table()
    table.add_column("article")
    pairs = list(seen.agreement)
    for name in (*seen.states, *(f"{one} = {other}" for one, other in pairs)):
        table.add_column(name)
    for article in room.seeds:
        agreed = [seen.agreement[pair].get(article) for pair in pairs]
        table.add_row(
            article,
            *(states.get(article, NOT_SENT) for states in seen.states.values()),
            *("" if value is None else f"{value:.2f}" for value in agreed),
        )
    out.print(table)
    for name, states in seen.states.items():
        counts = Counter(states.values())
        out.print(f"{name}: {', '.join(f'{n} {state}' for state, n in sorted(counts.items()))}", markup=False)
    if pairs:
        out.print("A = B: F1 of overlapping statements in the passes taken over so far; all figures: kakuyaku agree")


def _end(findings: tuple[Finding, ...] | list[Finding]) -> None:
    report(findings)
    if code := exit_code(findings):
        raise typer.Exit(code)
