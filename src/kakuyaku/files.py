"""The rim: the only module that opens, writes, renames or locks files.

Reading refuses what is no ordinary file and names the limit it broke. Writing goes through a :class:`Transaction`:
everything is staged and synced first, a journal is written, then the names are switched.

What is promised, and on what it rests:

- A process killed at any moment leaves the old state or the new one. Before the journal has its name nothing but the
  stage was touched; afterwards :func:`recover` completes the new state from the stage. Every command does that first:
  one that writes in :func:`locked`, one that reads in :func:`settle`, so that nobody works on a half-switched project.
- The same holds for a lost supply of power, as far as the disk keeps what was synced: the stage is synced before the
  journal, every switched name before the journal goes, the journal's going before the stage goes.
- The journal knows what it staged by content, not by inode: a project may be copied before it is recovered.
- An error of the disk while names are switched switches them back; a signal that ends the program waits for the end.
- Two processes never write at once where the file system can lock; where it cannot, nothing is written.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
import signal
import stat
import sys
import tempfile
import threading
import time
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
            with _undisturbed():
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
            _sync_folder(path.parent)
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
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
        except BlockingIOError:
            message = f"another kakuyaku is writing here (process {_holder(handle)})"
            raise Failure(Finding("FS006", str(path), message)) from None
        except OSError as error:
            raise _cannot_lock(error, path) from None
        try:
            recover(root)
            yield
        finally:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)  # nobody shall read the number of a process that has ended
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """The process that has written its number into a lock file; it does so just after it has got the lock."""
    for _ in range(20):
        if holder := os.pread(handle, 32, 0).decode("ascii", "replace").strip():
            return holder
        time.sleep(0.01)
    return "unknown"


def _cannot_lock(error: OSError, path: Path) -> Failure:
    """The failure for a lock that is not taken; without one, two processes could write at once."""
    if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
        return environment_failure(error, path)
    fix = "Nothing was changed. Work on a local file system, or on NFS with its lock service."
    return Failure(Finding("FS005", str(path), f"cannot be locked: {error.strerror}", fix=fix))


def settle(root: Path) -> None:
    """Complete what a killed command had decided, before ``root`` is read. Where there is nothing, nothing is written.

    Raises:
        Failure: as :func:`locked`, when there is something to complete.
    """
    if (root / JOURNAL).exists():
        with locked(root):
            pass


class Transaction:
    """Several files or folders of one project that change together.

    Stage with :meth:`write` and :meth:`folder`, then :meth:`commit`. Leaving the ``with`` block without a commit leaves
    the project as it was.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stage = root / STAGE
        self._names: list[str] = []
        self._faulty: Failure | None = None  # what could not be staged, if a caller goes on all the same

    def __enter__(self) -> Transaction:
        try:
            shutil.rmtree(self._stage, ignore_errors=True)
            self._stage.mkdir()
        except OSError as error:
            raise environment_failure(error, self._stage) from None
        return self

    def __exit__(self, *_: object) -> None:
        if not (self.root / JOURNAL).exists():  # a journal needs its stage: the next command completes it
            with _undisturbed():
                shutil.rmtree(self._stage, ignore_errors=True)

    def write(self, path: Path, data: bytes) -> None:
        """Stage the new content of the file ``path``."""
        staged = self._staged(path)
        try:
            _write_synced(staged, data)
        except OSError as error:
            self._faulty = environment_failure(error, path)
            raise self._faulty from None

    def folder(self, path: Path) -> Path:
        """A fresh folder to fill, which will replace the folder ``path`` whole."""
        staged = self._staged(path)
        try:
            staged.mkdir()
        except OSError as error:
            raise environment_failure(error, path) from None
        return staged

    def write_into(self, folder: Path, name: str, data: bytes) -> None:
        """Fill a file of a folder that :meth:`folder` gave."""
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            _write_synced(folder / name, data)
        except OSError as error:
            self._faulty = environment_failure(error, folder / name)
            raise self._faulty from None

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for what is not kept. It lies in the stage, so a killed process leaves nothing elsewhere.

        Where the locale cannot spell the project's path, Arrow cannot open files in it: then it lies among the
        system's temporary files.
        """
        folder = self._stage / "scratch"
        try:
            if any("\ud800" <= character <= "\udfff" for character in str(folder)):
                folder = Path(tempfile.mkdtemp(prefix="kakuyaku-"))
            else:
                folder.mkdir()
        except OSError as error:
            raise environment_failure(error, folder) from None
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _staged(self, path: Path) -> Path:
        contained(path.parent, self.root)
        name = path.relative_to(self.root).as_posix()
        self._names.append(name)
        return self._stage / str(len(self._names) - 1)

    def commit(self) -> None:
        """Switch everything that was staged to its place, or leave everything where it was.

        Raises:
            Failure: FS004 or FS005; then nothing has changed.
        """
        if self._faulty:
            raise self._faulty
        journal = self.root / JOURNAL
        with _undisturbed():
            try:
                entries = []
                for index, name in enumerate(self._names):
                    staged = self._stage / str(index)
                    _sync_tree(staged)
                    entries.append((name, _digest(staged)))
                _write_synced(self._stage / "journal", json.dumps(entries).encode("utf-8"))
                _sync_folder(self._stage)
                (self._stage / "journal").replace(journal)
                try:
                    _sync_folder(self.root)
                    recover(self.root)
                except BaseException:
                    if all(_digest(self._stage / str(index)) == digest for index, (_, digest) in enumerate(entries)):
                        journal.unlink()  # everything is back
                        _sync_folder(self.root)
                    raise
            except OSError as error:
                raise environment_failure(error, error.filename or self.root) from None


def recover(root: Path) -> None:
    """Complete the switch that was journalled, and sweep what was only staged.

    Raises:
        Failure: FS004 or FS005 when a name cannot be switched; those switched before are switched back.
    """
    stage, journal = root / STAGE, root / JOURNAL
    try:
        if journal.exists():
            with contextlib.ExitStack() as back:
                for index, (name, digest) in enumerate(_entries(journal)):
                    staged, target = stage / str(index), root / name
                    contained(target.parent, root)  # a journal may come from anybody
                    if _digest(staged) == digest:  # else it was switched before the kill
                        _switch(staged, target, back)
                journal.unlink()
                back.pop_all()
            with contextlib.suppress(OSError):  # should the journal come back, it finds everything switched
                _sync_folder(root)
        shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise environment_failure(error, error.filename or root) from None


def _entries(journal: Path) -> list[tuple[str, str]]:
    """Name and digest of everything that a journal switches."""
    try:
        found = json.loads(read_bytes(journal))
        if not isinstance(found, list):
            raise TypeError
        return [(str(name), str(digest)) for name, digest in found]
    except (ValueError, TypeError, RecursionError):
        fix = f"If no command of ours was killed here, delete it and {STAGE}; else restore the folder and delete both."
        raise Failure(Finding("FS005", str(journal), "is no journal of ours", fix=fix)) from None


def _digest(path: Path) -> str | None:
    """What stands at ``path``: a hash of the file, or of all names and files of the folder; None without any."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    if not path.is_dir():
        return None
    files = sorted((item.relative_to(path).as_posix(), _digest(item)) for item in path.rglob("*") if item.is_file())
    return hashlib.sha256(json.dumps(files).encode("utf-8")).hexdigest()


def _switch(staged: Path, target: Path, back: contextlib.ExitStack) -> None:
    """Put ``staged`` where ``target`` stands; ``back`` learns how to undo it. What stood there goes to the stage."""
    for folder in reversed([target.parent, *target.parent.parents]):
        if not folder.exists():
            folder.mkdir()
            back.callback(folder.rmdir)
            _sync_folder(folder.parent)
    if not os.path.lexists(target):
        _rename(staged, target, back)
    elif _exchange(staged, target):
        back.callback(_exchange, staged, target)
    else:
        # no atomic exchange on this system: for an instant the name is absent, and the journal brings it back
        _rename(target, staged.with_name(f"{staged.name}.old"), back)
        _rename(staged, target, back)
    _sync_folder(target.parent)


def _rename(source: Path, target: Path, back: contextlib.ExitStack) -> None:
    source.rename(target)
    back.callback(target.rename, source)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two files or folders in one step of the kernel; False where it cannot."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    at_cwd, exchange = -100, 2
    if rename(at_cwd, os.fsencode(one), at_cwd, os.fsencode(other), exchange) == 0:
        return True
    error = ctypes.get_errno()
    if error in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(error, os.strerror(error), str(other))


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
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


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_tree(path: Path) -> None:
    """Sync the folders of a tree; its files were synced as they were written."""
    for folder in [path, *path.rglob("*")]:
        if folder.is_dir():
            _sync_folder(folder)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
