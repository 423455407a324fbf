"""Locks: two processes never write at once where the file system can lock; where it cannot, nothing is written.

The kernel frees a dead process's lock.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from kakuyaku.files import environment_failure
from kakuyaku.findings import Failure, Finding
from kakuyaku.journal import JOURNAL, recover

LOCK = ".kakuyaku-lock"


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the project's lock; leftovers of a killed run are recovered first. The kernel frees a dead process's lock.

    Raises:
        Failure: FS006 when another process holds it, FS004 or FS005 when it cannot be taken.
    """
    path = root / LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise environment_failure(error, path) from None
    try:
        _lock(handle, path)
        try:
            recover(root)
            yield
        finally:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)  # nobody shall read the number of a process that has ended
    finally:
        os.close(handle)


def settle(root: Path) -> None:
    """Complete what a killed command had decided, before ``root`` is read. Where there is nothing, nothing is written.

    Raises:
        Failure: as :func:`locked`, when there is something to complete.
    """
    if (root / JOURNAL).exists():
        with locked(root):
            pass


def take_lock(path: Path) -> int | None:
    """A descriptor that holds the lock on ``path`` until it and its copies in child processes are closed.

    None when another process holds it. The kernel frees a dead process's lock.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise environment_failure(error, path) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError as error:
        os.close(handle)
        raise _cannot_lock(error, path) from None
    return handle


TRIES, PAUSE = 200, 0.01  # seconds: on a busy machine a holder may have to wait for the processor


def _lock(handle: int, path: Path) -> None:
    """Lock an open file and write this process's number into it; or say whose number is there.

    A holder writes its number just after it has got the lock, and removes it just before it leaves. Who finds none has
    come in between: it tries again, and may find the lock free.
    """
    holder = ""
    for _ in range(TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
            return
        except BlockingIOError:
            if holder := os.pread(handle, 32, 0).decode("ascii", "replace").strip():
                break
            time.sleep(PAUSE)
        except OSError as error:
            raise _cannot_lock(error, path) from None
    message = f"another kakuyaku is writing here (process {holder or 'unknown'})"
    raise Failure(Finding("FS006", str(path), message))


def _cannot_lock(error: OSError, path: Path) -> Failure:
    """The failure for a lock that is not taken; without one, two processes could write at once."""
    if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
        return environment_failure(error, path)
    fix = "Nothing was changed. Work on a local file system, or on NFS with its lock service."
    return Failure(Finding("FS005", str(path), f"cannot be locked: {error.strerror}", fix=fix))
