"""Single files: read if they are ordinary and within the limits, written whole or not at all.

This module, :mod:`kakuyaku.journal`, :mod:`kakuyaku.locks` and :mod:`kakuyaku.transactions` are the rim: nothing else
opens, writes, renames or locks files.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kakuyaku.findings import Failure, Finding

MAX_BYTES = 64 * 1024 * 1024  # one article of 64 MiB is no article; it would only fill the memory


def environment_failure(error: OSError, path: Path | str) -> Failure:
    """The coded form of an operating-system error on ``path``."""
    code = {
        errno.ENOENT: "FS001",
        errno.ENOTDIR: "FS001",
        errno.EISDIR: "FS002",
        errno.ELOOP: "FS002",
        errno.EACCES: "FS004",
        errno.EPERM: "FS004",
        errno.EROFS: "FS004",
    }.get(error.errno or 0, "FS005")
    return Failure(Finding(code, str(path), error.strerror or str(error)))


def read_bytes(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """The bytes of an ordinary file of at most ``limit`` bytes.

    Raises:
        Failure: FS001 missing, FS002 no ordinary file (folder, pipe, device), FS004 not permitted, RAW002 too large.
    """
    with open_ordinary(path) as file:
        if (size := os.fstat(file.fileno()).st_size) > limit:
            raise Failure(Finding("RAW002", str(path), f"has {size:,} bytes, the limit is {limit:,}"))
        try:
            return file.read()
        except OSError as error:
            raise environment_failure(error, path) from None


def open_ordinary(path: Path) -> BinaryIO:
    """An ordinary file of any size, open for reading.

    Raises:
        Failure: FS001 missing, FS002 no ordinary file, FS004 not permitted.
    """
    try:
        # O_NONBLOCK: opening a FIFO must not wait for a writer that never comes
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise environment_failure(_as_os_error(error), path) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Failure(Finding("FS002", str(path), "is not an ordinary file"))
    return os.fdopen(handle, "rb")


def _as_os_error(error: OSError | ValueError) -> OSError:
    return error if isinstance(error, OSError) else OSError(errno.ENOENT, str(error))


def contained(path: Path, root: Path) -> Path:
    """``path`` resolved, if it lies inside ``root``; symbolic links are followed first.

    Raises:
        Failure: FS003 when it lies elsewhere.
    """
    resolved = path.resolve()
    if not resolved.is_relative_to(root.resolve()):
        raise Failure(Finding("FS003", str(path), f"leads out of the project, to {resolved}"))
    return resolved


@contextlib.contextmanager
def writing(path: Path, mode: int = 0o666, wait: bool = False) -> Iterator[BinaryIO]:
    """A file to write ``path`` whole or not at all: temporary file beside it, sync, rename when the block ends well.

    The temporary file has one name and is locked while it is written: what a killed process left is written anew.
    A device or pipe (``/dev/stdout``) is written directly: there is nothing to rename onto.

    Args:
        mode: the permissions of a new file, before the umask.
        wait: for another process that is writing ``path``.

    Raises:
        Failure: FS006 when another process is writing ``path``, FS004 or FS005 when it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        temporary = path.with_name(f".{path.name}.tmp")
        handle = None
        try:
            with undisturbed():
                handle = _own(temporary, mode, wait)
            with os.fdopen(handle, "wb") as file:
                os.ftruncate(handle, 0)
                yield file
                file.flush()
                os.fsync(handle)
                temporary.replace(path)
        except BaseException:
            if handle is not None:
                with contextlib.suppress(OSError):
                    temporary.unlink()
            raise
        with contextlib.suppress(OSError):  # whole either way, also if the power fails
            sync_folder(path.parent)
    except OSError as error:
        raise environment_failure(error, path) from None


def _own(path: Path, mode: int, wait: bool) -> int:
    """A descriptor of the file ``path``, which is locked."""
    while True:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, mode)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Failure(Finding("FS006", str(path), "another kakuyaku is writing this file")) from None
            with contextlib.suppress(FileNotFoundError):
                if os.fstat(handle).st_ino == path.stat().st_ino:
                    return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # it got its name in the meantime: now it is somebody's finished file


def write_private(path: Path, data: bytes) -> None:
    """Write a secret: whole or not at all, for its owner's eyes alone (mode 600)."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise environment_failure(error, path) from None
    with writing(path, mode=0o600, wait=True) as file:
        os.fchmod(file.fileno(), 0o600)  # what a killed process left keeps its mode otherwise
        file.write(data)


def open_private(path: Path) -> BinaryIO:
    """A new file, or an old one emptied, that only its owner can read; to be closed by the caller."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    os.fchmod(handle, 0o600)  # an old file keeps its mode otherwise
    return os.fdopen(handle, "wb")


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Signals that end a program wait until the block is over. (Python handles signals in its main thread alone.)"""
    waiting: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if (handler := signal.getsignal(number)) is not None:  # None: it is not Python's
                before[number] = handler
                signal.signal(number, lambda number, _: waiting.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for each in waiting:
            signal.raise_signal(each)


def write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
