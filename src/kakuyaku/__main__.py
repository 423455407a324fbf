"""``kakuyaku`` and ``python -m kakuyaku``: what is interrupted while the program still loads ends quietly too."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line."""
    try:
        from kakuyaku.cli import main as run
    except KeyboardInterrupt:
        from kakuyaku.findings import EXIT_INTERRUPTED

        print("interrupted", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
    run()


if __name__ == "__main__":
    main()
