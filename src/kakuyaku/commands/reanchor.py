"""``kakuyaku reanchor``: annotations to the changed text of their article."""

from __future__ import annotations

from rich.table import Table

from kakuyaku.annotation.reanchoring import orphan_findings, reanchor_project
from kakuyaku.commands.console import HERE, ProjectOption, out, project_at, report


def reanchor(project: ProjectOption = HERE) -> None:
    """Move annotations to the changed raw text of their article (STL001), where their place is certain.

    A span moves if its quote and context stand in the new text exactly once. The others are kept with the reason in
    annotation/orphans/. All files change together or not at all; a second run changes nothing.

    Exit codes: 0 done (orphans are warnings), 1 faults in the data, 3 disk or permissions.
    """
    found = project_at(project)
    changes = reanchor_project(found)
    if not changes:
        out.print("Every annotation fits its text.")
        return
    table = Table()
    table.add_column("annotation")
    for name in ("kept", "moved", "orphans"):
        table.add_column(name, justify="right")
    for change in changes:
        counts = (change.result.n_kept, change.result.n_moved, len(change.result.orphans))
        table.add_row(found.shown(change.path), *(f"{count:,}" for count in counts))
    out.print(table)
    report(list(orphan_findings(found, changes)))
