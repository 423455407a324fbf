"""What all commands share: the two consoles, the project option, and how findings end a command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from kakuyaku.findings import Finding, codes
from kakuyaku.locks import settle
from kakuyaku.project import Project
from kakuyaku.rendering import as_text


class _Console(Console):
    """A console that leaves a closed pipe to the command line, where Rich would exit with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError from None


# no emoji: “:100:” in a message is a line number
out = _Console(highlight=False, soft_wrap=True, emoji=False)
err = _Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

# A path that may not be read is no wrong usage (2) but a fault of the environment (3): `readable` is not left to Typer.
ProjectOption = Annotated[
    Path,
    typer.Option(
        "--project",
        help="The project's folder.",
        file_okay=False,
        readable=False,
        show_default="the current folder",
    ),
]
HERE = Path()


def project_at(folder: Path) -> Project:
    """The project of ``--project``; what a killed command had decided is completed first.

    Raises:
        Failure: as :func:`kakuyaku.locks.settle`.
    """
    project = Project(folder.absolute())
    settle(project.root)
    return project


def report(findings: Sequence[Finding]) -> None:
    """Print findings to standard error, errors in red where the terminal shows colour."""
    for line in as_text(findings).splitlines():
        warning = any(f" {finding.code} " in line and finding.level == "warning" for finding in findings[:1])
        err.print(line, style="yellow" if warning else "red", markup=False)


def exit_code(findings: Sequence[Finding]) -> int:
    """0 when there are only warnings, else the code of the gravest error."""
    errors = [finding for finding in findings if finding.level == "error"]
    return max((codes()[finding.code].exit for finding in errors), default=0) if findings else 0


def end_of_check(findings: Sequence[Finding], fine: str) -> None:
    """End a ``--check``: report and exit with the findings' code, or say that all is ``fine``."""
    report(findings)
    if findings:
        raise typer.Exit(exit_code(findings))
    out.print(fine)


@contextmanager
def steps(title: str) -> Iterator[Progress]:
    """A progress display on standard error, only where it is a terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as progress:
        progress.add_task(title)
        yield progress


@contextmanager
def counting(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, only where it is a terminal; to be told how many are done, of how many."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task(title, total=None)
        yield lambda done, of: progress.update(bar, completed=done, total=of)
