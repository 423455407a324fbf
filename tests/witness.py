"""Run the command line in this process and write down what it asks of the system.

    python -m tests.witness REPORT ARGUMENT…

REPORT gets a JSON object: ``exit``, ``network`` and ``processes`` (events of Python's audit hooks), and ``touched``, the
absolute paths that were opened for writing, renamed, removed or made. What C++ code writes does not pass the hooks:
the test compares the folders around too.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.startfile")
CHANGES = (
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.chown",
    "os.utime",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def witness(report: Path, arguments: list[str]) -> None:
    """Run ``kakuyaku ARGUMENT…`` and write the report."""
    seen: dict[str, Any] = {"network": [], "processes": [], "touched": []}

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event.startswith("socket."):
            seen["network"].append(f"{event} {given!r}"[:200])
        elif event in PROCESSES:
            seen["processes"].append(f"{event} {given!r}"[:200])
        elif event in CHANGES or (event == "open" and isinstance(given[2], int) and given[2] & WRITING):
            paths = given[:2] if event in ("os.rename", "os.link") else given[:1]
            seen["touched"] += [str(Path(os.fsdecode(path)).absolute()) for path in paths if not isinstance(path, int)]

    sys.addaudithook(hook)
    from kakuyaku.cli import main

    sys.argv = ["kakuyaku", *arguments]
    try:
        main()
    except SystemExit as end:
        result = {**seen, "exit": end.code}
    report.write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    witness(Path(sys.argv[1]), sys.argv[2:])
