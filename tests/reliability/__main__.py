"""Run the parts and print their figures; exit 1 when a promise does not hold.

``python -m tests.reliability [PART ...] [--whole]``: without ``--whole`` the form for each change, which takes
minutes; with it everything (100,000 mutants and so on), which takes hours.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time

from rich import progress
from rich.console import Console
from rich.table import Table

from tests.reliability.figures import Figure

# Each is a module of this package with `figures(whole, progress) -> list[Figure]`.
PARTS = ("bad_inputs", "mutants", "faults", "environments", "histories")


def measured(part: str, whole: bool, console: Console) -> list[Figure]:
    """Run one part and print its table."""
    run = importlib.import_module(f"tests.reliability.{part}").figures
    started = time.monotonic()
    with progress.Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(part.replace("_", " "), total=None)
        figures: list[Figure] = run(whole, lambda done, total: bar.update(task, completed=done, total=total))
    table = Table("figure", "measured", "wanted", "met", title=f"{part} ({time.monotonic() - started:.0f} s)")
    for each in figures:
        value = f"{each.value:,}" if isinstance(each.value, int) else each.value
        table.add_row(each.name, value, each.wanted, "yes" if each.met else "[bold red]NO[/]")
    console.print(table)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; without any, all")
    parser.add_argument("--whole", action="store_true", help="everything, which takes hours")
    arguments = parser.parse_args()
    for unknown in set(arguments.parts) - set(PARTS):
        parser.error(f"no part is called {unknown!r}; there are {', '.join(PARTS)}")
    console = Console()
    every = [each for part in arguments.parts or PARTS for each in measured(part, arguments.whole, console)]
    return 0 if all(each.met for each in every) else 1


if __name__ == "__main__":
    sys.exit(main())
