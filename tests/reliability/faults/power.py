"""The supply of power fails: what was written and not synced is lost.

Two simple models of a disk, tried before every step of a command. In both a file has the content that it had when it
was synced last. In the strict one a folder, too, has the names that it had when it was synced last; in the lax one it
has those that it has now (journalling file systems write names soon, and data late: files are found empty).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.reliability.faults.forks import result_of
from tests.reliability.faults.trying import Bench, Tree, digest
from tests.reliability.faults.watching import Do, Step, Watch, watch

STRICT, LAX = "strict", "lax"


@dataclass
class File:
    """A file as processes see it, and as the disk has it."""

    path: Path
    data: bytes = b""
    synced: bytes = b""


@dataclass
class Folder:
    """A folder as processes see it, and as the disk has it."""

    names: dict[str, File | Folder] = field(default_factory=dict)
    synced: dict[str, File | Folder] = field(default_factory=dict)


class Disk(Watch):
    """Follows the steps of a process below ``root``, and notes what a failure before each of them would leave."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.top = Folder()
        self.states: list[tuple[Step, str, Tree]] = []
        self._load(root, self.top)

    def _load(self, path: Path, folder: Folder) -> None:
        for item in path.iterdir():
            node: File | Folder = Folder()
            if item.is_dir():
                self._load(item, node)  # type: ignore[arg-type]
            else:
                node = File(item, item.read_bytes(), item.read_bytes())
            folder.names[item.name] = folder.synced[item.name] = node

    def before(self, step: Step, half: Do | None) -> None:
        self.states += [(step, model, dict(_left(self.top, model))) for model in (STRICT, LAX)]

    def after(self, step: Step) -> None:
        folder, name = self._place(step.paths[0])
        match step.kind:
            case "open" | "write" | "truncate":
                data = (self.root / step.paths[0]).read_bytes()
                file = folder.names.setdefault(name, File(self.root / step.paths[0]))
                assert isinstance(file, File)
                file.data = data
            case "fsync":
                node = self.top if step.paths[0] == "." else folder.names[name]
                if isinstance(node, File):
                    node.synced = node.data
                else:
                    node.synced = dict(node.names)
            case "mkdir":
                folder.names.setdefault(name, Folder())
            case "unlink" | "rmdir":
                folder.names.pop(name)
            case "rename":
                other, new = self._place(step.paths[1])
                other.names[new] = folder.names.pop(name)
            case "exchange":
                other, new = self._place(step.paths[1])
                folder.names[name], other.names[new] = other.names[new], folder.names[name]
            case "chmod":
                pass
            case kind:
                raise AssertionError(f"the model knows no {kind}")

    def _place(self, path: str) -> tuple[Folder, str]:
        folder = self.top
        *parents, name = PurePosixPath(path).parts or (".",)
        for parent in parents:
            found = folder.names[parent]
            assert isinstance(found, Folder)
            folder = found
        return folder, name


def _left(folder: Folder, model: str, at: str = "") -> Iterator[tuple[str, bytes | None]]:
    for name, node in (folder.synced if model == STRICT else folder.names).items():
        if isinstance(node, File):
            yield f"{at}{name}", node.synced
        else:
            yield f"{at}{name}", None
            yield from _left(node, model, f"{at}{name}/")


def failures(bench: Bench) -> list[tuple[str, Tree]]:
    """What failures of the power leave of a command's project, each different state once, with where it came from."""

    def followed() -> list[tuple[Step, str, Tree]]:
        root = bench.fresh()
        disk = Disk(root)
        watch(root, disk)
        bench.command.run(root)
        return disk.states

    found: dict[str, tuple[str, Tree]] = {}
    for step, model, tree in result_of(followed, bench.folder):
        found.setdefault(digest(tree), (f"{model} before {step}", tree))
    return list(found.values())


def troubles(bench: Bench, failure: tuple[str, Tree]) -> list[str]:
    """Whether such a state is the old one or the new one, for a reader and after the next run."""
    where, tree = failure
    root = bench.fresh()
    shutil.rmtree(root)
    root.mkdir()
    for name, data in sorted(tree.items()):
        if data is None:
            (root / name).mkdir()
        else:
            (root / name).write_bytes(data)
    return [f"{bench.command.name}, power fails, {where}: {each}" for each in bench.judged(root, killed=True)]
