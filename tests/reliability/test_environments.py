"""The matrix of environments can fail; a few of them, that change the most at once, build the same tree here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.reliability import interpreters
from tests.reliability.environments import (
    ENVIRONMENTS,
    FOLDER,
    WANTED,
    Environment,
    built,
    difference,
    make_locales,
    tree,
)

DENSE = Environment(
    "much at once",
    {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "77",
     "HOME": "/dev/null", "LISTING": "shuffled", "OMP_NUM_THREADS": "1"},
    flags=("-O",), site="listing", folder=FOLDER, umask=0o077, cwd="beside", backwards=True,
)  # fmt: skip


def test_much_at_once_builds_the_repository_s_dataset(tmp_path: Path) -> None:
    found = built(DENSE, tmp_path, make_locales())
    published = {name.removeprefix("dataset/"): entry for name, entry in found.items() if name.startswith("dataset/")}
    assert difference(tree(REPOSITORY / "dataset"), published) != ""  # its modes are those of umask 022
    bytes_of = {name: data for name, (_, data) in published.items()}
    assert bytes_of == {name: data for name, (_, data) in tree(REPOSITORY / "dataset").items()}


def test_every_environment_has_a_name_of_its_own() -> None:
    assert len({environment.name for environment in ENVIRONMENTS}) == len(ENVIRONMENTS) >= WANTED


FILES = {"dataset": ("drwxr-xr-x", b""), "dataset/a": ("-rw-r--r--", b"one\ntwo\n"), "seeds/b": ("-rw-r--r--", b"")}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dataset/a": ("-rw-r--r--", b"one\ntwx\n")}, "dataset/a differs at byte 6 (line 2)"),
        ({"dataset/a": ("-rw-r--r--", b"one\ntwo\n\n")}, "dataset/a differs at byte 8"),
        ({"dataset/a": ("-rwxr-xr-x", b"one\ntwo\n")}, "dataset/a has the mode -rwxr-xr-x"),
        ({"dataset/c": ("-rw-r--r--", b"")}, "dataset/c is too much"),
        ({}, ""),
    ],
)
def test_a_difference_is_found(change: dict[str, tuple[str, bytes]], words: str) -> None:
    found = difference(FILES, FILES | change)
    assert found.startswith(words) and bool(found) == bool(words)


def test_a_missing_file_is_found() -> None:
    assert (
        difference(FILES, {name: entry for name, entry in FILES.items() if name != "seeds/b"}) == "seeds/b is missing"
    )


def test_only_what_is_built_obeys_the_umask() -> None:
    private = {"dataset": ("drwx------", b""), "dataset/a": ("-rw-------", b"one\ntwo\n")}
    assert difference(FILES, FILES | private, umask=0o077) == ""
    assert "has the mode" in difference(FILES, FILES | private)
    assert "has the mode" in difference(FILES, FILES, umask=0o077)


@pytest.mark.parametrize(
    ("site", "variables", "code"),
    [
        ("listing", {"LISTING": "reversed"}, "import os; f = os.listdir('.'); assert f == sorted(f, reverse=True) != sorted(f)"),
        ("listing", {"LISTING": "shuffled"}, "import os; f = [e.name for e in os.scandir('.')]; assert f != sorted(f)"),
        ("listing", {"LISTING": "reversed"},
         "from pathlib import Path; f = [p.name for p in Path('.').iterdir()]; assert f == sorted(f, reverse=True)"),
        ("clock", {"CLOCK": "920000000"}, "import time; assert time.gmtime().tm_year == 1999; "
         "assert time.time() == 920000000; import numpy, pandas, pyarrow"),
    ],
)  # fmt: skip
def test_the_hooks_do_what_they_say(tmp_path: Path, site: str, variables: dict[str, str], code: str) -> None:
    for name in "abcdefgh":
        (tmp_path / name).touch()
    environment = {"PYTHONPATH": str(Path(__file__).parent / "sites" / site), **variables}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)


def test_what_is_installed_elsewhere_is_all_of_the_lock_that_the_program_needs() -> None:
    """Two versions of numpy, one for each range of Pythons; no tools."""
    names = [line.split("==")[0] for line in interpreters.needed().splitlines() if "==" in line]
    assert {"numpy", "pyarrow", "datasets", "typer"} <= set(names) and "pytest" not in names
    lock = interpreters.LOCK.read_text("utf-8").splitlines()
    assert names.count("numpy") == sum(line.startswith("numpy==") for line in lock)


def test_this_python_is_found_and_a_name_that_lies_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert interpreters.find(interpreters.OWN) == Path(sys.executable)
    liar = tmp_path / "python3.99"
    liar.write_text("#!/bin/sh\necho 3.98\n")
    liar.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert interpreters.find("3.99") is None
