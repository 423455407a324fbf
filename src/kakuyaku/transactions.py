"""Transactions: everything is staged and synced first, a journal is written, then the names are switched.

What is promised, and on what it rests:

- A process killed at any moment leaves the old state or the new one. Before the journal has its name nothing but the
  stage was touched; afterwards :func:`~kakuyaku.journal.recover` completes the new state from the stage. Every command
  does that first: one that writes in :func:`~kakuyaku.locks.locked`, one that reads in :func:`~kakuyaku.locks.settle`,
  so that nobody works on a half-switched project.
- The same holds for a lost supply of power, as far as the disk keeps what was synced: the stage is synced before the
  journal, every switched name before the journal goes, the journal's going before the stage goes.
- An error of the disk while names are switched switches them back; a signal that ends the program waits for the end.
- Two processes never write at once where the file system can lock; where it cannot, nothing is written.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kakuyaku.files import contained, environment_failure, undisturbed, write_synced
from kakuyaku.findings import Failure
from kakuyaku.journal import JOURNAL, STAGE, switch


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
            with undisturbed():
                shutil.rmtree(self._stage, ignore_errors=True)

    def write(self, path: Path, data: bytes) -> None:
        """Stage the new content of the file ``path``."""
        staged = self._staged(path)
        try:
            write_synced(staged, data)
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
            write_synced(folder / name, data)
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
        with undisturbed():
            try:
                switch(self.root, self._names)
            except OSError as error:
                raise environment_failure(error, error.filename or self.root) from None
