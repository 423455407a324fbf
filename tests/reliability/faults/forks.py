"""Work done in forks of this process: a fork starts warm in milliseconds, and may be killed."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from tests.reliability.figures import Progress

LIMIT = 300  # seconds; a command that takes longer hangs
T = TypeVar("T")
R = TypeVar("R")


def fork(work: Callable[[], int], said: Path | None = None) -> int:
    """Do ``work`` in a fork; a number for :func:`ended`.

    Args:
        work: gives the exit code.
        said: gets what is printed; None lets it pass.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the other threads are Arrow's, which knows about forks
        child = os.fork()
    if child:
        return child
    code = 70  # of the harness itself
    try:
        if said is not None:
            handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(handle, 1)
            os.dup2(handle, 2)
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a fork: its exit code, or the number of the signal that ended it, negative."""
    end = time.monotonic() + LIMIT
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -signal.SIGALRM
        time.sleep(0.002)


def in_fork(work: Callable[[], int], said: Path | None = None) -> int:
    """Do ``work`` in a fork and wait for its end."""
    return ended(fork(work, said))


def result_of(work: Callable[[], R], folder: Path) -> R:
    """What ``work`` gives, done in a fork.

    Raises:
        RuntimeError: it ended otherwise; with what it said.
    """
    kept, said = folder / f"result-{os.getpid()}", folder / f"said-{os.getpid()}"

    def store() -> int:
        kept.write_bytes(pickle.dumps(work()))
        return 0

    if (code := in_fork(store, said)) != 0:
        raise RuntimeError(f"ended with {code}: {said.read_text('utf-8', 'replace')}")
    result: R = pickle.loads(kept.read_bytes())
    return result


def shared(work: Callable[[T], R], items: Sequence[T], folder: Path, progress: Progress) -> list[R]:
    """``work`` on every item, in as many forks as there are processors; the results in the items' order.

    Args:
        folder: for what the forks give and say.

    Raises:
        RuntimeError: a fork did not end well; with what it said.
    """
    number = max(1, min(len(items), len(os.sched_getaffinity(0))))
    reading, writing = os.pipe()
    children = []

    def slice_of(start: int) -> int:
        results = []
        for item in items[start::number]:
            results.append(work(item))
            os.write(writing, b".")
        (folder / f"results-{start}").write_bytes(pickle.dumps(results))
        return 0

    for start in range(number):
        children.append(fork(lambda start=start: slice_of(start), folder / f"said-{start}"))  # type: ignore[misc]
    os.close(writing)
    done = 0
    while ticks := os.read(reading, 4096):
        done += len(ticks)
        progress(done, len(items))
    os.close(reading)
    results: dict[int, R] = {}
    for start, child in enumerate(children):
        _, status = os.waitpid(child, 0)
        if (code := os.waitstatus_to_exitcode(status)) != 0:
            raise RuntimeError(f"ended with {code}: {(folder / f'said-{start}').read_text('utf-8', 'replace')}")
        found = pickle.loads((folder / f"results-{start}").read_bytes())
        results.update(zip(range(start, len(items), number), found, strict=True))
    return [results[index] for index in range(len(items))]
