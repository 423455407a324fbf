"""``kakuyaku agree``: how far two independent annotators agree."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from kakuyaku.agreement.agreeing import agreement, compare_agreement, write_agreement
from kakuyaku.commands.console import HERE, ProjectOption, end_of_check, out, project_at


def agree(
    project: ProjectOption = HERE,
    passes: Annotated[
        tuple[str, str] | None, typer.Option(help="Two annotators to compare; nothing is written.", metavar="A B")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether annotation/agreement.json is up to date.")
    ] = False,
) -> None:
    """Compare annotation/passes/ by pairs of one round: a table here, and all figures in annotation/agreement.json.

    Exit codes: 0 written (or, with --check, up to date), 1 faults in the data, 2 no such annotator, 3 files.
    """
    found = project_at(project)
    if check:
        end_of_check(compare_agreement(found), "annotation/agreement.json is what the passes give.")
        return
    record = agreement(found, passes) if passes else write_agreement(found)
    for pair in record["pairs"]:
        _show(pair)
    if not passes:
        out.print(f"written: {found.shown(found.agreement)}", markup=False)


def _show(pair: dict[str, Any]) -> None:
    names = " and ".join(pair["annotators"])
    table = Table(title=f"Round {pair['round']}: {names}, {len(pair['articles'])} articles", title_justify="left")
    for name in ("layer", "measure"):
        table.add_column(name)
    for name in ("value", "95 % interval", "n"):
        table.add_column(name, justify="right")
    table.add_column("")
    layer = None
    for figure in pair["figures"]:
        if figure["layer"] != layer and layer is not None:
            table.add_section()
        value = "undefined" if figure["value"] is None else f"{figure['value']:.3f}"
        interval = "" if figure["low"] is None else f"{figure['low']:.3f} to {figure['high']:.3f}"
        remarks = "; ".join(filter(None, (figure["warning"], figure["reason"])))
        shown = figure["layer"] if figure["layer"] != layer else ""
        table.add_row(shown, figure["measure"], value, interval, f"{figure['n']:,}", remarks)
        layer = figure["layer"]
    out.print(table)
