"""How the benchmarks end: with an exit code, and with a message instead of a traceback where the input is wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from kakuyaku.findings import EXIT_ENVIRONMENT, EXIT_INTERRUPTED, EXIT_PIPE, Failure


def run_main(main: Callable[[], None]) -> NoReturn:
    """Run a benchmark and exit: 0; 1 a page set with findings; 3 something needed is missing; 130 interrupted; 141 the
    reader of a pipe has gone."""
    try:
        main()
        sys.stdout.flush()
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(failure.exit_code)
    except ImportError as error:
        print(f"{error}: run `make benchmark`, which installs what is needed", file=sys.stderr)
        sys.exit(EXIT_ENVIRONMENT)
    except BrokenPipeError:  # `… | head`: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_PIPE)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(0)
