"""The same tree everywhere: the project built in environments that differ in all that should not matter.

Alone: ``python -m tests.reliability.environments NAME …``; without a name it lists them.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.reliability import interpreters
from tests.reliability.figures import Figure, Progress

SITES = Path(__file__).parent / "sites"
INPUTS = ("seeds", "annotation", "CITATION.cff")
WANTED = 24
# The lowest pyarrow that pyproject.toml allows, and one between it and the lock's.
OTHER_PYARROWS = ("24.0.0", "25.0.0")
FOLDER = "別の フォルダー ぱぴぷ"  # the last letters have two normal forms
LOCALES = {"ja_JP.UTF-8": "UTF-8", "tr_TR.UTF-8": "UTF-8", "ja_JP.eucJP": "EUC-JP"}
FUTURE = 4_000_000_000.0  # 2096
Tree = dict[str, tuple[str, bytes]]  # mode and content (a folder has none) by path


@dataclass(frozen=True)
class Environment:
    """What is different: ``variables`` (None: not set), flags and program of Python, where the project lies and how."""

    name: str
    variables: Mapping[str, str | None] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    site: str = ""  # a folder of sites/: a start-up hook of Python
    python: str = interpreters.OWN
    folder: str = "project"
    umask: int = 0o022
    cwd: str = ""  # "inside", "beside": where the command is called; default: far away
    link: bool = False  # the project's folder is reached by a symbolic link
    backwards: bool = False  # the files were made in the opposite order, with times in the future
    elsewhere: str = ""  # a folder on another file system


def _zone(name: str, seed: str) -> Environment:
    return Environment(f"TZ={name} PYTHONHASHSEED={seed}", {"TZ": name, "PYTHONHASHSEED": seed})


def _threads(number: str) -> Environment:
    names = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "ARROW_IO_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
    return Environment(f"threads={number}", dict.fromkeys(names, number))


REFERENCE = Environment("reference", {"PYTHONHASHSEED": "12345"})
ENVIRONMENTS = (
    Environment("LC_ALL=C", {"LC_ALL": "C"}),
    Environment("LC_ALL=POSIX PYTHONCOERCECLOCALE=0", {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}),
    Environment("no locale", {"LC_ALL": None}),
    *(Environment(f"LC_ALL={name}", {"LC_ALL": name, "PYTHONUTF8": "0"}) for name in LOCALES),
    Environment("PYTHONIOENCODING=ascii", {"PYTHONIOENCODING": "ascii"}),
    _zone("Asia/Tokyo", "0"),
    _zone("America/St_Johns", "1"),
    _zone("Pacific/Kiritimati", "4242"),
    _zone("Nowhere/None", "random"),
    _threads("1"),
    _threads("16"),
    Environment("blanks and Japanese in the path, NFC", folder=unicodedata.normalize("NFC", FOLDER)),
    Environment("blanks and Japanese in the path, NFD", folder=unicodedata.normalize("NFD", FOLDER)),
    Environment("UPPER CASE path on another file system", folder="PROJECT", elsewhere="/dev/shm"),
    Environment("called inside the project", cwd="inside"),
    Environment("called beside it, relative path", cwd="beside"),
    Environment("through a symbolic link", link=True),
    Environment("no HOME", {"HOME": None}),
    Environment("HOME cannot be written", {"HOME": "/dev/null"}),
    Environment("umask 077", umask=0o077),
    Environment("listing shuffled", {"LISTING": "shuffled"}, site="listing"),
    Environment("listing reversed", {"LISTING": "reversed"}, site="listing"),
    Environment("files made backwards, in the future", backwards=True),
    Environment("clock in 1999", {"CLOCK": "920000000"}, site="clock"),
    Environment("clock in 2096, Python -O", {"CLOCK": str(FUTURE)}, site="clock", flags=("-O",)),
    Environment("PYTHONUTF8=0", {"PYTHONUTF8": "0"}),
    Environment("PYTHONUTF8=1 LC_ALL=C", {"PYTHONUTF8": "1", "LC_ALL": "C"}),
)  # fmt: skip


def other_pythons() -> list[Environment]:
    """One for each other supported Python that the machine has."""
    others = [version for version in interpreters.SUPPORTED if version != interpreters.OWN]
    return [Environment(f"Python {version}", python=version) for version in others if interpreters.find(version)]


def figures(whole: bool, progress: Progress) -> list[Figure]:
    """Build the repository's project everywhere; ``whole`` asks for all Pythons and other versions of pyarrow too."""
    possible: list[Environment] = []
    left_out: list[Environment] = []
    locales = make_locales()
    for environment in (*ENVIRONMENTS, *other_pythons()):
        lacking = lacks(environment, locales)
        (left_out if lacking else possible).append(environment)
        if lacking:
            print(f"environments: {environment.name!r} left out: {lacking}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="kakuyaku-") as folder:
        reference = built(REFERENCE, Path(folder), locales)
        total = len(possible) + whole * len(OTHER_PYARROWS)
        wrong: dict[str, str] = {}
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            runs = pool.map(lambda e: tried(e, Path(folder), locales, reference), possible)
            for number, (environment, fault) in enumerate(zip(possible, runs, strict=True), 1):
                if fault:
                    wrong[environment.name] = fault
                    print(f"environments: {environment.name!r}: {fault}", file=sys.stderr)
                progress(number, total)
        pyarrows = (
            other_pyarrows(Path(folder), reference, lambda n: progress(len(possible) + n, total)) if whole else {}
        )
    pythons = sorted({interpreters.OWN, *(environment.python for environment in possible)})
    missing = sorted(set(interpreters.SUPPORTED) - set(pythons))
    same = len(possible) - len(wrong)
    published = difference(_dataset(reference), tree(REPOSITORY / "dataset"))
    found = [
        Figure("environments that build the same tree", f"{same} of {len(possible)}", f"all, at least {WANTED}",
               not wrong and same >= WANTED),
        Figure("files and folders compared in each", len(reference), "names, bytes, modes", len(reference) > 20),
        Figure("Pythons", ", ".join(pythons) + (f" (not here: {', '.join(missing)})" if missing else ""),
               ", ".join(interpreters.SUPPORTED) + " with --whole", not (whole and missing)),
        Figure("that tree is the repository's dataset/", published or "yes", "yes", not published),
    ]  # fmt: skip
    if left_out:
        found.append(Figure("left out on this machine", ", ".join(e.name for e in left_out), "none needed", True))
    if wrong:
        found.append(Figure("differing", "; ".join(f"{name}: {fault}" for name, fault in wrong.items()), "none", False))
    if whole:
        faults = {name: fault for name, fault in pyarrows.items() if fault}
        shown = ", ".join(f"{name}{f' ({fault})' if fault else ''}" for name, fault in pyarrows.items())
        found.append(Figure("other pyarrows with the same logical hash", shown, ", ".join(OTHER_PYARROWS), not faults))
    return found


def make_locales() -> Path:
    """Locales that the machine may not have, compiled for these runs alone where it can; the folder of them."""
    folder = interpreters.CACHE / "locales"
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.which("localedef"):
        for name, charmap in LOCALES.items():
            if not (folder / name).is_dir():
                command = ["localedef", "-i", name.partition(".")[0], "-f", charmap, str(folder / name)]
                subprocess.run(command, capture_output=True, check=False)
    return folder


def lacks(environment: Environment, locales: Path) -> str:
    """Why an environment cannot be had here; empty when it can."""
    name = environment.variables.get("LC_ALL")
    if name in LOCALES:
        command = [sys.executable, "-c", "import locale; locale.setlocale(locale.LC_ALL, '')"]
        variables = {**os.environ, "LC_ALL": name, "LOCPATH": str(locales)}
        if subprocess.run(command, env=variables, capture_output=True, check=False).returncode:
            return "the machine does not have the locale and cannot make it"
    if environment.elsewhere and not os.access(environment.elsewhere, os.W_OK):
        return f"no {environment.elsewhere}"
    return ""


def tried(environment: Environment, folder: Path, locales: Path, reference: Tree) -> str:
    """How the tree of an environment differs from ``reference``; empty when it does not."""
    try:
        return difference(reference, built(environment, folder, locales), environment.umask)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        return f"not built: {said[-1] if said else error}"


def built(environment: Environment, folder: Path, locales: Path, python: Path | None = None) -> Tree:
    """The project's folder after a build in an environment.

    Args:
        folder: where to work; each environment gets a folder of its own in it.
        locales: see :func:`make_locales`.
        python: the interpreter, where it is not that of ``environment.python``.

    Raises:
        subprocess.CalledProcessError: the build, or making the interpreter's environment, failed.
    """
    own = environment.python == interpreters.OWN
    python = python or (Path(sys.executable) if own else _other_python(environment.python))
    with tempfile.TemporaryDirectory(prefix="kakuyaku-", dir=environment.elsewhere or folder) as temporary:
        home = Path(temporary)
        root = home / environment.folder
        lay_out(root, environment.backwards)
        if environment.link:
            (home / "link").symlink_to(root)
        shown = home / "link" if environment.link else root
        option = {"inside": [], "beside": ["--project", shown.name]}.get(environment.cwd, ["--project", str(shown)])
        path = [str(REPOSITORY / "src")]
        if environment.site:
            path.insert(0, str(SITES / environment.site))
        variables = {
            **{name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ},
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "LOCPATH": str(locales),
            "HF_HUB_OFFLINE": "1",
            "PYTHONPATH": os.pathsep.join(path),
            **environment.variables,
        }
        subprocess.run(
            [python, *environment.flags, "-m", "kakuyaku", "build", *option],
            cwd={"inside": shown, "beside": home}.get(environment.cwd, Path("/")),
            env={name: value for name, value in variables.items() if value is not None},
            umask=environment.umask,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
        )
        return tree(root)


def _other_python(version: str) -> Path:
    found = interpreters.find(version)
    if found is None:
        raise FileNotFoundError(f"no Python {version} here")
    return interpreters.environment(found, f"python{version}")


def lay_out(root: Path, backwards: bool) -> None:
    """The inputs of the repository's project, in ``root``; each file made anew, in order or backwards."""
    files = [
        f
        for name in INPUTS
        for f in ([REPOSITORY / name], (REPOSITORY / name).rglob("*"))[(REPOSITORY / name).is_dir()]
    ]
    for source in sorted((f for f in files if f.is_file()), reverse=backwards):
        target = root / source.relative_to(REPOSITORY)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
        if backwards:
            os.utime(target, (FUTURE, FUTURE))


def tree(root: Path) -> Tree:
    """Everything below a folder but the lock: modes and contents."""
    found: Tree = {}
    for path in root.rglob("*"):
        if path.name == ".kakuyaku-lock":
            continue
        mode = stat.filemode(path.lstat().st_mode)
        found[path.relative_to(root).as_posix()] = mode, path.read_bytes() if path.is_file() else b""
    return found


def _dataset(found: Tree) -> Tree:
    """The part of a tree below dataset/."""
    return {name.removeprefix("dataset/"): entry for name, entry in found.items() if name.startswith("dataset/")}


def difference(expected: Tree, found: Tree, umask: int = 0o022) -> str:
    """The first place where two trees differ, in words; empty when they do not.

    Args:
        umask: under which ``found`` was made; ``expected`` was made under 022. Only what the build writes obeys it.
    """
    for name in sorted({*expected, *found}):
        if name not in found:
            return f"{name} is missing"
        if name not in expected:
            return f"{name} is too much"
        (mode, data), (own_mode, own) = expected[name], found[name]
        if name.partition("/")[0] == "dataset" and umask != 0o022:
            mode = "".join("-" if 0o400 >> i & umask else c for i, c in enumerate(mode[1:]))
            mode = expected[name][0][0] + mode
        if mode != own_mode:
            return f"{name} has the mode {own_mode}, not {mode}"
        if data != own:
            return f"{name} differs {_first(data, own)}"
    return ""


def _first(expected: bytes, found: bytes) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), min(len(expected), len(found))
    )
    line = expected.count(b"\n", 0, at) + 1
    near = slice(max(0, at - 20), at + 20)
    return f"at byte {at:,} (line {line}): {found[near]!r}, not {expected[near]!r}"


def other_pyarrows(folder: Path, reference: Tree, progress: Callable[[int], None]) -> dict[str, str]:
    """By version of pyarrow what is wrong with its logical hash; empty texts when nothing is."""
    expected = _logical(reference)
    found = {}
    for number, version in enumerate(OTHER_PYARROWS, 1):
        try:
            name = f"python{interpreters.OWN}-pyarrow{version}"
            python = interpreters.environment(Path(sys.executable), name, f"pyarrow=={version}")
            manifest = json.loads(built(REFERENCE, folder, make_locales(), python)["dataset/manifest.json"][1])
            assert manifest["writer"] == {"pyarrow": version}, manifest["writer"]
            found[version] = "" if _logical_of(manifest) == expected else "another hash"
        except subprocess.CalledProcessError as error:
            found[version] = (str(error.stderr).strip().splitlines() or ["failed"])[-1]
        progress(number)
    return found


def _logical(found: Tree) -> dict[str, str]:
    return _logical_of(json.loads(found["dataset/manifest.json"][1]))


def _logical_of(manifest: Mapping[str, object]) -> dict[str, str]:
    """The logical hash of the dataset and of each table of it."""
    configs = manifest["configs"]
    assert isinstance(configs, dict)
    tables = {f"{c}/{s}": str(entry["logical_sha256"]) for c, splits in configs.items() for s, entry in splits.items()}
    return {"": str(manifest["logical_sha256"]), **tables}


def main(names: Iterable[str]) -> int:
    every = {environment.name: environment for environment in (*ENVIRONMENTS, *other_pythons())}
    chosen = list(names)
    if not chosen or set(chosen) - set(every):
        print("\n".join(every))
        return 2 * bool(chosen)
    locales, faults = make_locales(), []
    with tempfile.TemporaryDirectory(prefix="kakuyaku-") as folder:
        reference = built(REFERENCE, Path(folder), locales)
        for name in chosen:
            faults.append(tried(every[name], Path(folder), locales, reference))
            print(f"{name}: {faults[-1] or 'the same tree'}")
    return int(any(faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
