"""``kakuyaku build``: seeds and annotation to dataset/."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from kakuyaku.commands.console import HERE, ProjectOption, end_of_check, out, project_at, report, steps
from kakuyaku.contract import labels
from kakuyaku.dataset.publish import Built, compare
from kakuyaku.dataset.publish import build as build_dataset


def build(
    project: ProjectOption = HERE,
    check: Annotated[bool, typer.Option("--check", help="Only say whether dataset/ is what the inputs give.")] = False,
) -> None:
    """Build dataset/ from seeds/ and annotation/, whole or not at all.

    Exit codes: 0 built (or, with --check, up to date), 1 faults in the data, 3 disk or permissions.
    """
    found = project_at(project)
    if check:
        end_of_check(compare(found), "dataset/ is what the inputs give.")
        return
    with steps("building") as progress:
        built = build_dataset(found, lambda step: progress.update(progress.task_ids[0], description=step))
    report(built.warnings)
    _summary(built)
    shown = "./dataset" if project == HERE else str(found.dataset)
    out.print(f"\nBuild {built.logical_sha256[:12]}. Load it with:\n")
    out.print(f'from datasets import load_dataset; dataset = load_dataset("{shown}")', markup=False)


def _summary(built: Built) -> None:
    rows = Table(title="Rows", title_justify="left")
    rows.add_column("config")
    splits = [split for split in labels("split") if any(split in found for found in built.tables.values())]
    for split in splits:
        rows.add_column(split, justify="right")
    for config, found in built.tables.items():
        rows.add_row(config, *(f"{found[split].num_rows:,}" if split in found else "" for split in splits))
    out.print(rows)
    characters = Table(title="Characters by kind", title_justify="left")
    for name, side in (("kind", "left"), ("kept", "right"), ("cut", "right")):
        characters.add_column(name, justify=side)  # type: ignore[arg-type]
    for kind in labels("segment_kind"):
        if any(counts := (built.kept[kind], built.cut[kind])):
            characters.add_row(kind, *(f"{n:,}" if n else "" for n in counts))
    n_articles = sum(table.num_rows for table in built.tables["articles"].values())
    characters.add_section()
    characters.add_row(f"{n_articles} articles", f"{built.kept.total():,}", f"{built.cut.total():,}")
    out.print(characters)
