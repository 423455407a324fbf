"""Pythons of other versions, and virtual environments for them: made once, under build/, and kept."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from tests.conftest import REPOSITORY

SUPPORTED = ("3.11", "3.12", "3.13")
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
CACHE = REPOSITORY / "build" / "environments"
LOCK = REPOSITORY / "requirements-dev.lock"
_USABLE = "import sys, venv, ensurepip; print('{}.{}'.format(*sys.version_info))"


def find(version: str) -> Path | None:
    """A Python of this version that runs and can make environments; None when the machine has none."""
    return next((path for path in _candidates(version) if _says(path) == version), None)


def _candidates(version: str) -> Iterator[Path]:
    if version == OWN:
        yield Path(sys.executable)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield from (Path(folder, name) for name in (f"python{version}", "python3", "python"))
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob(f"versions/{version}.*/bin/python"), reverse=True)


def _says(python: Path) -> str:
    """The version that a program gives itself; empty when it does not run."""
    if not os.access(python, os.X_OK):
        return ""
    try:
        done = subprocess.run([python, "-c", _USABLE], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def environment(python: Path, name: str, *others: str) -> Path:
    """The Python of an environment called ``name``, with what kakuyaku needs at the versions of the lock.

    Args:
        others: requirements that replace the lock's, such as ``pyarrow==24.0.0``.

    Raises:
        subprocess.CalledProcessError: it cannot be made (no network, no such version).
    """
    folder, requirements = CACHE / name, needed()
    stamp = folder / "stamp"
    key = hashlib.sha256("\n".join((requirements, str(folder), _says(python), *others)).encode()).hexdigest()
    own = folder / "bin" / "python"
    if stamp.exists() and stamp.read_text("utf-8") == key:
        return own
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    pip = [str(own), "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-deps"]
    listed = folder.with_name(f"{name}.txt")
    listed.write_text(requirements, "utf-8")
    _run([str(python), "-m", "venv", str(folder)])
    _run([*pip, "--require-hashes", "-r", str(listed)])
    if others:
        _run([*pip, *others])
    stamp.write_text(key, "utf-8")
    return own


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": ""})


def needed() -> str:
    """The part of the lock that kakuyaku itself needs, directly or not: the development tools stay out."""
    blocks = re.split(r"\n(?=\S)", LOCK.read_text("utf-8").strip())  # a package may have one for each Python
    locked = {_name(block) for block in blocks}
    needed: set[str] = set()
    waiting = ["kakuyaku"]
    while waiting:
        for requirement in requires(waiting.pop()) or ():
            name = _name(requirement)
            if "extra ==" not in requirement and name in locked and name not in needed:
                needed.add(name)
                waiting += [name] if _installed(name) else []
    return "\n".join(block for block in blocks if _name(block) in needed) + "\n"


def _installed(name: str) -> bool:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]).lower()
