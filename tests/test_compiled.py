"""Compiled functions work wherever they run: with a cache, with a broken one, and with none."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kakuyaku.cleaning import compiled

MODULE = """
import numpy as np
from kakuyaku.cleaning.compiled import compiled, kernel
{before}
@kernel
def twice(number):
    return 2 * number

@compiled
def total(_sources, numbers):
    found = 0
    for number in numbers:
        found += twice(number)
    return found

if __name__ == "__main__":
    print(total(np.arange(10)))
"""


def written(folder: Path, before: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "module.py"
    path.write_text(MODULE.format(before=before), "utf-8")
    return path


def run(path: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, str(path)]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, **environment}, timeout=300
    )


def caches(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".nbi", ".nbc"))


@pytest.mark.parametrize("folder", ["plain", "日本語 の 道"])
def test_what_was_compiled_is_found_again(tmp_path: Path, folder: str) -> None:
    path = written(tmp_path / folder)
    assert run(path).stdout == "90\n"
    first = {found: found.stat().st_mtime_ns for found in caches(path.parent / "__pycache__")}
    assert len(first) == 2
    assert run(path).stdout == "90\n" and run(path, "-O").stdout == "90\n"
    assert {found: found.stat().st_mtime_ns for found in caches(path.parent)} == first


@pytest.mark.parametrize("home", ["/dev/null", None])
def test_where_no_folder_can_be_written_nothing_is(tmp_path: Path, home: str | None) -> None:
    path = written(tmp_path / "module")
    (path.parent / "__pycache__").write_text("a file, where the folder should be")
    environment = {"HOME": home, "XDG_CACHE_HOME": "/dev/null"} if home else {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert run(path, "-B", **environment).stdout == "90\n"
    assert bool(caches(tmp_path)) == (home is None)  # in the user's cache folder, as numba does it


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize("content", [b"", b"no cache at all"])
def test_a_broken_cache_is_no_harm(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = written(tmp_path)
    run(path)
    (broken,) = [found for found in caches(tmp_path) if found.suffix == suffix]
    broken.write_bytes(content)
    assert run(path).stdout == "90\n"


def test_a_full_disk_is_no_harm(tmp_path: Path) -> None:
    before = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\nimport signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    assert run(written(tmp_path, before), "-B").stdout == "90\n"


def test_two_processes_may_compile_at_once(tmp_path: Path) -> None:
    path = written(tmp_path)
    both = [subprocess.Popen([sys.executable, path], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=300)[0] for process in both] == ["90\n", "90\n"]
    assert run(path).stdout == "90\n"


def test_only_a_terminal_is_told_what_takes_so_long(tmp_path: Path) -> None:
    path = written(tmp_path, "import kakuyaku.cleaning.compiled as c; c._NOTICE_AFTER = 0.0")
    assert run(path).stderr == ""
    terminal, side = pty.openpty()
    for found in caches(tmp_path):
        found.unlink()
    subprocess.run([sys.executable, path], stdout=subprocess.DEVNULL, stderr=side, check=True, timeout=300)
    os.close(side)
    assert "compiling the cleaner, once" in os.read(terminal, 1000).decode()
    os.close(terminal)


def test_the_key_of_the_cache_changes_with_every_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """numba itself would only see a change of the function's own file."""
    for name in ("judge.py", "rules.toml", "weights.json"):
        (tmp_path / name).write_text("before")
    monkeypatch.setattr(compiled, "files", lambda package: tmp_path)
    keys = [compiled._sources.__wrapped__().dtype]
    for name in ("judge.py", "rules.toml", "weights.json"):
        (tmp_path / name).write_text("after")
        keys.append(compiled._sources.__wrapped__().dtype)
    assert len(set(keys)) == 3 and keys[-1] == keys[-2]  # the weights are handed over, not compiled in
