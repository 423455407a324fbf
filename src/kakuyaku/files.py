"""The rim: the only module that opens, writes, renames or locks files.

Reading refuses what is no ordinary file and names the limit it broke. Writing goes through a :class:`Transaction`:
everything is staged and synced first, a journal is written, then the names are switched. A process killed before the
journal leaves the old state; killed after it, :func:`recover` (run by every command that writes) completes the new one.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kakuyaku.findings import Failure, Finding

MAX_BYTES = 64 * 1024 * 1024  # one article of 64 MiB is no article; it would only fill the memory
STAGE = ".kakuyaku-stage"
JOURNAL = ".kakuyaku-journal.json"
LOCK = ".kakuyaku-lock"


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
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file to write ``path`` whole or not at all: temporary file beside it, sync, rename when the block ends well.

    A device or pipe (``/dev/stdout``) is written directly: there is nothing to rename onto.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            _sync_folder(path.parent)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
    except OSError as error:
        raise environment_failure(error, path) from None


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
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise Failure(Finding("FS006", str(path), f"another kakuyaku is writing here (process {holder})")) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        recover(root)
        yield
    finally:
        os.close(handle)


class Transaction:
    """Several files or folders of one project that change together.

    Stage with :meth:`write` and :meth:`folder`, then :meth:`commit`. Leaving the ``with`` block without a commit leaves
    the project as it was.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stage = root / STAGE
        self._names: list[str] = []

    def __enter__(self) -> Transaction:
        try:
            shutil.rmtree(self._stage, ignore_errors=True)
            self._stage.mkdir()
        except OSError as error:
            raise environment_failure(error, self._stage) from None
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._stage, ignore_errors=True)

    def write(self, path: Path, data: bytes) -> None:
        """Stage the new content of the file ``path``."""
        staged = self._staged(path)
        try:
            _write_synced(staged, data)
        except OSError as error:
            raise environment_failure(error, path) from None

    def folder(self, path: Path) -> Path:
        """A fresh folder to fill, which will replace the folder ``path`` whole."""
        staged = self._staged(path)
        staged.mkdir()
        return staged

    def write_into(self, folder: Path, name: str, data: bytes) -> None:
        """Fill a file of a folder that :meth:`folder` gave."""
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _write_synced(folder / name, data)
        except OSError as error:
            raise environment_failure(error, name) from None

    def _staged(self, path: Path) -> Path:
        name = path.relative_to(self.root).as_posix()
        self._names.append(name)
        return self._stage / str(len(self._names) - 1)

    def commit(self) -> None:
        """Switch everything that was staged to its place."""
        try:
            for staged in self._stage.iterdir():
                _sync_tree(staged)
            entries = [(name, (self._stage / str(index)).stat().st_ino) for index, name in enumerate(self._names)]
            _write_synced(self._stage / "journal", json.dumps(entries).encode("utf-8"))
            (self._stage / "journal").replace(self.root / JOURNAL)
            _sync_folder(self.root)
            recover(self.root)
        except OSError as error:
            raise environment_failure(error, self.root) from None


def recover(root: Path) -> None:
    """Complete the switch that a killed process had journalled, and sweep what was only staged."""
    stage, journal = root / STAGE, root / JOURNAL
    try:
        if journal.exists():
            for index, (name, inode) in enumerate(json.loads(journal.read_bytes())):
                staged, target = stage / str(index), root / name
                if not staged.exists() or staged.stat().st_ino != inode:
                    continue  # switched before the kill: an inode keeps its number when it is renamed
                target.parent.mkdir(parents=True, exist_ok=True)
                if staged.is_dir():
                    _switch_folder(staged, target)
                else:
                    staged.replace(target)
                _sync_folder(target.parent)
            journal.unlink()
            _sync_folder(root)
        shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise environment_failure(error, root) from None


def _switch_folder(staged: Path, target: Path) -> None:
    if not target.exists():
        staged.rename(target)
    elif not _exchange(staged, target):
        # no atomic exchange on this system: for an instant the folder is absent, and the journal brings it back
        target.rename(staged.with_name(f"{staged.name}.old"))
        staged.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step of the kernel; False where it cannot."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    at_cwd, exchange = -100, 2
    return bool(rename(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0)


def write_private(path: Path, data: bytes) -> None:
    """Write a secret: whole or not at all, for its owner's eyes alone (mode 600)."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open_private(temporary) as file:
            file.write(data)
        temporary.replace(path)
    except OSError as error:
        raise environment_failure(error, path) from None


def open_private(path: Path) -> BinaryIO:
    """A new file, or an old one emptied, that only its owner can read; to be closed by the caller."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    os.fchmod(handle, 0o600)  # an old file keeps its mode otherwise
    return os.fdopen(handle, "wb")


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
    except OSError:
        os.close(handle)
        return None
    return handle


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A scratch folder outside the project, removed at the end of the ``with`` block."""
    return tempfile.TemporaryDirectory(prefix="kakuyaku-")


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_tree(path: Path) -> None:
    for item in sorted(path.rglob("*")) if path.is_dir() else []:
        handle = os.open(item, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    _sync_folder(path if path.is_dir() else path.parent)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
