"""One point again, or the steps of a command.

    python -m tests.reliability.faults COMMAND SIGKILL:before:17
    python -m tests.reliability.faults COMMAND FOLDER REPORT

The second runs the command in the project FOLDER, undisturbed, and writes its steps to the file REPORT.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.reliability.faults.commands import COMMANDS
from tests.reliability.faults.trying import Bench, Notebook, Point
from tests.reliability.faults.watching import watch


def main(name: str, where: str, report: str = "") -> int:
    command = COMMANDS[name]
    if not report:
        with tempfile.TemporaryDirectory() as folder:
            troubles = Bench.make(command, Path(folder, "bench")).troubles(Point.parse(where))
        print("\n".join(troubles) or "as promised")
        return bool(troubles)
    notebook = Notebook()
    watch(Path(where).resolve(), notebook)
    code = command.run(Path(where).resolve())
    Path(report).write_text("".join(f"{step.kind} {' '.join(step.paths)}\n" for step in notebook.steps), "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
