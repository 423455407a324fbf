"""``kakuyaku check``: everything that is wrong, all at once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kakuyaku.checks import check as check_path
from kakuyaku.checks import seen_from_here
from kakuyaku.commands.console import HERE, ProjectOption, err, exit_code, out, project_at
from kakuyaku.findings import Failure, Finding, codes, did_you_mean
from kakuyaku.rendering import FORMATS
from kakuyaku.syncing import stale


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Projects, datasets or files of ours; none: the project.", readable=False),
    ] = None,
    project: ProjectOption = HERE,
    format: Annotated[Format, typer.Option(help="text, json, github or sarif.")] = Format.TEXT,
    explain: Annotated[str | None, typer.Option(help="Explain a code and end.", metavar="CODE")] = None,
) -> None:
    """Validate seeds, schemas, annotation and published data.

    Exit codes: 0 no errors, 1 faults in the data, 2 wrong usage, 3 files that cannot be read.
    """
    if explain is not None:
        if (code := codes().get(explain)) is None:
            close = did_you_mean(explain, codes())
            raise Failure(Finding("USE001", explain, f"is no code{close}", fix=f"Codes: {', '.join(codes())}."))
        out.print(f"{code.id} ({code.level}): {code.title}\n\n{code.cause}\n\nWhat to do: {code.fix}", markup=False)
        return
    findings: list[Finding] = []
    for path in paths or [project]:
        findings += check_path(path, project)
        if (path / "schemas").is_dir() and (path / "docs").is_dir():
            seen = {finding.path for finding in findings}
            out_of_date = seen_from_here(path, stale(project_at(path)))
            findings += [finding for finding in out_of_date if finding.path not in seen]
    if findings or format is not Format.TEXT:
        print(FORMATS[format](findings))
    if format is Format.TEXT:
        errors = sum(finding.level == "error" for finding in findings)
        warnings = len(findings) - errors
        err.print(f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}")
    if code_of_exit := exit_code(findings):
        raise typer.Exit(code_of_exit)
