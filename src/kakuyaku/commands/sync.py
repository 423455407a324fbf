"""``kakuyaku sync``: what is derived from the vocabulary and its like."""

from __future__ import annotations

from kakuyaku.commands.console import HERE, ProjectOption, out, project_at
from kakuyaku.syncing import sync as sync_project


def sync(project: ProjectOption = HERE) -> None:
    """Rewrite what is derived from vocabulary, rules, codes and actors: label lists, tables, label_config.xml.

    For maintainers of the program; `kakuyaku check` says when it is needed (VOC002).
    """
    for name in sync_project(project_at(project)) or ["nothing"]:
        out.print(f"written: {name}", markup=False)
