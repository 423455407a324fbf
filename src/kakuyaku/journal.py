"""The journal: what is staged for which name, so that a switch of names that was begun is completed, or undone.

It knows what it staged by content, not by inode: a project may be copied before it is recovered.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from kakuyaku.files import contained, environment_failure, read_bytes, sync_folder, write_synced
from kakuyaku.findings import Failure, Finding

STAGE = ".kakuyaku-stage"
JOURNAL = ".kakuyaku-journal.json"


def switch(root: Path, names: list[str]) -> None:
    """Put what is staged as 0, 1, … where ``names`` stand. The journal's getting its name decides.

    Raises:
        Failure: as :func:`recover`.
        OSError: the journal cannot be written; no name was touched.
    """
    stage, journal = root / STAGE, root / JOURNAL
    entries = []
    for index, name in enumerate(names):
        staged = stage / str(index)
        _sync_tree(staged)
        entries.append((name, _digest(staged)))
    write_synced(stage / "journal", json.dumps(entries).encode("utf-8"))
    sync_folder(stage)
    (stage / "journal").replace(journal)
    try:
        sync_folder(root)
        recover(root)
    except BaseException:
        if all(_digest(stage / str(index)) == digest for index, (_, digest) in enumerate(entries)):
            journal.unlink()  # everything is back
            sync_folder(root)
        raise


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
                        _put(staged, target, back)
                journal.unlink()
                back.pop_all()
            with contextlib.suppress(OSError):  # should the journal come back, it finds everything switched
                sync_folder(root)
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


def _put(staged: Path, target: Path, back: contextlib.ExitStack) -> None:
    """Put ``staged`` where ``target`` stands; ``back`` learns how to undo it. What stood there goes to the stage."""
    for folder in reversed([target.parent, *target.parent.parents]):
        if not folder.exists():
            folder.mkdir()
            back.callback(folder.rmdir)
            sync_folder(folder.parent)
    if not os.path.lexists(target):
        _rename(staged, target, back)
    elif _exchange(staged, target):
        back.callback(_exchange, staged, target)
    else:
        # no atomic exchange on this system: for an instant the name is absent, and the journal brings it back
        _rename(target, staged.with_name(f"{staged.name}.old"), back)
        _rename(staged, target, back)
    sync_folder(target.parent)


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


def _sync_tree(path: Path) -> None:
    """Sync the folders of a tree; its files were synced as they were written."""
    for folder in [path, *path.rglob("*")]:
        if folder.is_dir():
            sync_folder(folder)
