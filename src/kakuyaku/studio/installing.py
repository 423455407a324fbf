"""The Label Studio server in an environment of its own, made from locked versions and hashes.

The server pins its own world of packages and needs a gigabyte: it never shares an environment with this program.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

from kakuyaku.findings import Failure, Finding

EXECUTABLE = "KAKUYAKU_LABEL_STUDIO"
SERVER_VERSION = "1.23.2"  # the version that label-studio.lock pins, and that offsets were measured with
_STAMP = "kakuyaku-installed"


def executable(tell: Callable[[str], None] = lambda _: None) -> Path:
    """The program ``label-studio``: the one that :data:`EXECUTABLE` names, else our own, installed when it is missing.

    Raises:
        Failure: STU004 when the named one does not exist or the installation fails.
    """
    if named := os.environ.get(EXECUTABLE):
        if not os.access(named, os.X_OK):
            raise Failure(Finding("STU004", named, f"{EXECUTABLE} names no program", fix="Correct or unset it."))
        return Path(named).absolute()
    place = environment_folder()
    if not (place / _STAMP).exists():
        tell(f"installing Label Studio {SERVER_VERSION} (about 1 GB, some minutes)")
        _install(place)
    return place / "bin" / "label-studio"


def environment_folder() -> Path:
    """Where our own installation lies, in the user's data folder; one for all projects."""
    data = os.environ.get("XDG_DATA_HOME")
    home = Path(data) if data and Path(data).is_absolute() else Path.home() / ".local" / "share"
    return home / "kakuyaku" / f"label-studio-{SERVER_VERSION}"


def _install(place: Path) -> None:
    """Make the environment anew. The stamp comes last: a killed installation starts again."""
    try:
        venv.create(place, clear=True, with_pip=True)
        with as_file(files("kakuyaku.studio").joinpath("label-studio.lock")) as lock:
            pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--require-hashes", "--no-input", "-qq"]
            environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
            done = subprocess.run(
                [*pip, "-r", str(lock)], capture_output=True, text=True, errors="replace", check=False, env=environment
            )
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(Finding("STU004", str(place), f"cannot be made: {error}")) from None
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:] or f"pip ended with {done.returncode}"
        raise Failure(Finding("STU004", str(place), f"pip with {Path(sys.executable).name} says: {said}"))
    (place / _STAMP).touch()
