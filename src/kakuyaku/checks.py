"""Checking: every file of ours that a path names, or a whole project, with all findings at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kakuyaku.annotation.actors import read_actors
from kakuyaku.annotation.room import check_file, open_room, read_annotators
from kakuyaku.contract import VOCABULARY, check_contract, check_record, load, record_kinds
from kakuyaku.dataset.card import Citation
from kakuyaku.dataset.checks import check_dataset
from kakuyaku.dataset.publish import gather, read_citation
from kakuyaku.dataset.published import MANIFEST, check_manifest
from kakuyaku.decoding import decode
from kakuyaku.files import open_ordinary, read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.foreign import parse_xml
from kakuyaku.locks import settle
from kakuyaku.parquet import iter_rows, open_parquet
from kakuyaku.places import located
from kakuyaku.project import Project
from kakuyaku.records import parse_jsonl
from kakuyaku.seeds import read_manifest
from kakuyaku.splits import read_splits


def check(path: str | Path, project: Path | None = None) -> list[Finding]:
    """All findings of a project, a dataset, a folder of schemas, or one file of ours.

    Args:
        path: a project's folder (it has ``seeds/``), a dataset (``manifest.json``), a folder of schemas
            (``vocabulary.json``), a raw article (``.txt``), ``manifest.jsonl``, ``splits.csv``, ``vocabulary.json``,
            ``*.schema.json``, ``actors.csv``, ``annotators.json``, ``label_config.xml``, ``CITATION.cff``, an
            annotation or adjudication (``.json``), or records of one of our kinds as ``.jsonl`` or ``.parquet``.
        project: folder of the project that an annotation outside of any project belongs to; default the current one.

    Returns:
        findings in the order of the files, their paths as seen from the current folder; an empty list when all is
        well.
    """
    try:
        return located(list(_check(Path(path), project or Path())))
    except Failure as failure:
        return located(failure.findings)


def _check(path: Path, project: Path) -> Iterator[Finding]:  # noqa: PLR0912 (a table of kinds of file)
    shown = str(path)
    if (whole := path if path.is_dir() else _home(path)) is not None:
        settle(whole)
    if path.is_dir():
        if (path / "seeds").is_dir():
            yield from seen_from_here(path, check_project(Project(path)))
        elif (path / f"{VOCABULARY}.json").exists():
            yield from check_contract(path)
        else:
            yield from check_dataset(path, shown)
    elif path.name == "manifest.jsonl":
        yield from seen_from_here(path.parent.parent, read_manifest(Project(path.parent.parent))[1])
    elif path.name == "splits.csv":
        yield from seen_from_here(path.parent.parent, read_splits(Project(path.parent.parent))[1])
    elif path.name == MANIFEST:
        yield from check_manifest(read_bytes(path), shown)
    elif path.name == f"{VOCABULARY}.json" or path.name.endswith(".schema.json"):
        yield from (finding for finding in check_contract(path.parent) if finding.path == shown)
    elif path.name == "actors.csv":
        yield from read_actors(read_bytes(path), shown)[1]
    elif path.name == "annotators.json":
        yield from read_annotators(read_bytes(path), shown)[1]
    elif path.suffix == ".cff":
        Citation.parse(read_bytes(path), shown)
    elif path.suffix == ".xml":
        parse_xml(read_bytes(path), shown)
    elif path.suffix == ".json":
        home = _home(path) or project.absolute()
        room, findings = open_room(Project(home))
        yield from seen_from_here(home, (finding for finding in findings if finding.level == "error"))
        yield from seen_from_here(home, check_file(room, path.absolute()))
    elif path.suffix == ".txt":
        decode(read_bytes(path), shown)
    elif path.suffix == ".jsonl":
        yield from _check_records(path)
    elif path.suffix == ".parquet":
        yield from _check_parquet(path)
    elif not path.exists():
        raise Failure(Finding("FS001", shown, "does not exist"))
    else:
        raise Failure(
            Finding("FMT001", shown, "is no file of ours", fix=str(check.__doc__).split("path: ")[1].split(".\n")[0])
        )


def check_project(project: Project) -> Iterator[Finding]:
    """All findings of a project: contract, seeds, cleaning, splits, annotation, published dataset."""
    if project.schemas.is_dir():
        for finding in check_contract(project.schemas):
            yield Finding(finding.code, project.shown(Path(finding.path)), finding.message, finding.line, at=finding.at)
    yield from gather(project)[2]
    for read in (lambda: read_citation(project), lambda: _label_config(project)):
        try:
            read()
        except Failure as failure:
            yield from failure.findings
    if project.dataset.is_dir() and any(project.dataset.iterdir()):
        yield from check_dataset(project.dataset, project.shown(project.dataset))


def _label_config(project: Project) -> None:
    """Whether what the annotation tool gets is harmless XML; that it is up to date is checked elsewhere."""
    path = project.annotation / "label_config.xml"
    if path.exists():
        parse_xml(read_bytes(path), project.shown(path))


def seen_from_here(root: Path, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings whose paths are relative to a project, with paths that lead there from the current folder."""
    here = Path.cwd()
    for finding in findings:
        path = root / finding.path
        yield replace(finding, path=str(path.relative_to(here) if path.is_relative_to(here) else path))


def _home(path: Path) -> Path | None:
    """The folder of the project that a file lies in."""
    return next((folder for folder in path.absolute().parents if (folder / "seeds" / "manifest.jsonl").exists()), None)


def _check_records(path: Path) -> Iterator[Finding]:
    kind = None
    for number, record in parse_jsonl(read_bytes(path), str(path)):
        if isinstance(record, Finding):
            yield record
            continue
        kind = kind or _kind_of(set(record), path)
        yield from check_record(kind, record, str(path), number)


def _check_parquet(path: Path) -> Iterator[Finding]:
    with open_ordinary(path) as source:
        packed = open_parquet(source, str(path))
        kind = _kind_of(set(packed.columns), path)
        for number, row in enumerate(iter_rows(packed)):
            yield from check_record(kind, row, str(path), root=f"$[{number}]")


def _kind_of(keys: set[str], path: Path) -> str:
    """The kind of record whose columns agree best with ``keys``."""
    kinds = [kind for kind in record_kinds() if "x-key" in load(kind)]

    def agreement(kind: str) -> float:
        own = set(load(kind)["properties"])
        return len(own & keys) / len(own | keys)

    best = max(kinds, key=agreement)
    if agreement(best) < 0.5:
        raise Failure(Finding("FMT001", str(path), f"its keys fit none of {', '.join(kinds)}"))
    return best
