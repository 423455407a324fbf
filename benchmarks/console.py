"""How the benchmarks end: with an exit code, and with a message instead of a traceback where the input is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

from kakuyaku.findings import EXIT_ENVIRONMENT, EXIT_INTERRUPTED, Failure


def run_main(main: Callable[[], None]) -> NoReturn:
    """Run a benchmark and exit: 0; 1 a page set with findings; 3 something needed is missing; 130 interrupted."""
    try:
        main()
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(failure.exit_code)
    except ImportError as error:
        print(f"{error}: run `make benchmark`, which installs what is needed", file=sys.stderr)
        sys.exit(EXIT_ENVIRONMENT)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(0)
