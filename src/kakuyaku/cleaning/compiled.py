"""Loops over characters and lines, compiled to machine code by numba when they are first called.

A :func:`kernel` is called by compiled functions only, a function :func:`compiled` from Python. None makes arrays: they
are handed all the room they need, and numba need not count references, which takes most of the time of small functions.
What was compiled is kept in numba's cache: in ``__pycache__`` beside the sources, or in the user's cache folder where
that cannot be written.

No ``fastmath`` and no parallel sums: the same page gives the same figures on every machine.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib.resources import files
from typing import Any, TypeVar

import numba
import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])
Records = Any  # an array of records, whose fields numba knows and a type checker does not

_NOTICE_AFTER = 1.5  # seconds: reading the cache takes less
_NOTICE = "kakuyaku: compiling the cleaner, once: about 20 s ..."


_compile: Any = partial(numba.njit, error_model="numpy", _nrt=False)  # its type does not know all its options


def kernel(function: F) -> F:
    """A function that compiled functions call."""
    made: F = _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)
    return made


class Compiled:
    """A compiled function that Python calls. Its first parameter is not given by the caller: see :func:`_sources`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._run: Any = None

    def __call__(self, *arguments: Any) -> Any:
        given = (_sources(), *arguments)
        if self._run is None:
            with _notice():
                self._run = self._compiled(tuple(map(numba.typeof, given)))
        return self._run(*given)

    def _compiled(self, types: tuple[Any, ...]) -> Any:
        try:
            run = _compile(self._function, cache=True)
            run.compile(types)
        except Exception:  # no folder to write to, a full disk, a broken file: whatever it is, it works without
            run = _compile(self._function)
            run.compile(types)
        return run


compiled = Compiled


@cache
def _sources() -> npt.NDArray[np.void]:
    """An empty array whose type is named after the contents of all files of this package.

    numba finds what it has compiled by the function, the types of its arguments and the processor, and takes it for out
    of date when the function's own file has changed. But other files' kernels and tables are compiled into it too.
    """
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(files("kakuyaku.cleaning").iterdir(), key=lambda path: path.name):
        if path.name.endswith((".py", ".toml")):
            digest.update(path.read_bytes())
    return np.zeros(0, dtype=[(f"sources_{digest.hexdigest()}", np.uint8)])


@contextmanager
def _notice() -> Iterator[None]:
    """Says on a terminal what takes so long, if it does."""
    timer = threading.Timer(_NOTICE_AFTER, _say)
    timer.daemon = True
    if sys.stderr is not None and sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


@cache
def _say() -> None:  # once a process
    print(_NOTICE, file=sys.stderr, flush=True)
