"""Failing and passing cases that cannot lie in a file: devices, rights, damaged datasets, wrong usage.

Each maker gets an empty folder and gives the findings of a failing and of a passing run.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kakuyaku.adding import add
from kakuyaku.annotation.reanchoring import orphan_findings, reanchor_project
from kakuyaku.checks import check
from kakuyaku.cleaning.html import dump
from kakuyaku.dataset.loading import load
from kakuyaku.dataset.publish import build, compare, parquet_bytes, verify_loads
from kakuyaku.dataset.published import identity, sealed
from kakuyaku.dataset.tables import CONFIGS, logical_sha256
from kakuyaku.files import MAX_BYTES, read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.locks import LOCK, locked
from kakuyaku.pages import page_files
from kakuyaku.project import Project
from kakuyaku.transactions import Transaction
from tests.annotation_projects import write_project as write_annotated
from tests.conftest import write_project
from tests.studio_cases import STUDIO
from tests.texts import HARBOUR, RAILWAY

Outcome = tuple[list[Finding], list[Finding]]


def findings_of(call: Callable[[], Any]) -> list[Finding]:
    """The findings with which a call fails; none when it succeeds."""
    try:
        call()
    except Failure as failure:
        return failure.findings
    return []


def small(folder: Path) -> Project:
    """A built project of one article."""
    project = write_project(folder, {"harbour": HARBOUR})
    build(project)
    return project


def missing_file(folder: Path) -> Outcome:
    (folder / "there").write_bytes(b"x")
    return findings_of(lambda: read_bytes(folder / "not-there")), findings_of(lambda: read_bytes(folder / "there"))


def fifo(folder: Path) -> Outcome:
    os.mkfifo(folder / "pipe")
    (folder / "there").write_bytes(b"x")
    return findings_of(lambda: read_bytes(folder / "pipe")), findings_of(lambda: read_bytes(folder / "there"))


def leading_out(folder: Path) -> Outcome:
    failing, passing = (
        write_project(folder / "f", {"harbour": HARBOUR}),
        write_project(folder / "p", {"harbour": HARBOUR}),
    )
    outside = folder / "outside.txt"
    (failing.seeds / "harbour.txt").rename(outside)
    (failing.seeds / "harbour.txt").symlink_to(outside)
    return check(failing.root), check(passing.root)


def not_permitted(folder: Path) -> Outcome:
    """A closed file; where the tests run as root, whom no permission stops, another user's file seen as nobody."""
    closed, readable = folder / "closed", folder / "open"
    for path in (closed, readable):
        path.write_bytes(b"x")
    closed.chmod(0)
    user = os.geteuid()
    if user == 0:
        closed, readable = Path("/proc/1/mem"), Path("/proc/self/stat")
        os.seteuid(65534)
    try:
        return findings_of(lambda: read_bytes(closed)), findings_of(lambda: read_bytes(readable))
    finally:
        os.seteuid(user)


def disk_full(folder: Path) -> Outcome:
    """A limit on the size of files, which the kernel enforces like a full disk."""
    project = small(folder / "p")
    before = {path: path.read_bytes() for path in project.dataset.rglob("*") if path.is_file()}

    def write(n: int) -> None:
        with Transaction(project.root) as transaction:
            transaction.write(project.dataset / "manifest.json", b"x" * n)

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        failing = findings_of(lambda: write(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert {path: path.read_bytes() for path in project.dataset.rglob("*") if path.is_file()} == before
    return failing, findings_of(lambda: write(100))


def lock_held(folder: Path) -> Outcome:
    def take() -> None:
        with locked(folder):
            pass

    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    failing = findings_of(take)
    os.close(handle)
    return failing, findings_of(take)


def too_large(folder: Path) -> Outcome:
    for name, size in (("fail.txt", MAX_BYTES + 1), ("pass.txt", 0)):
        with (folder / name).open("wb") as file:
            file.write("海\n".encode())
            file.truncate(size or None)
    return check(folder / "fail.txt"), check(folder / "pass.txt")


def near_article(folder: Path) -> Outcome:
    project = write_project(folder / "p", {"harbour": HARBOUR})
    (folder / "near.txt").write_text(HARBOUR.replace("三隻", "四隻"), encoding="utf-8")
    (folder / "far.txt").write_text(
        "図書館が夜も開く\n\n町は3日、図書館を夜も開けると決めた。費用は市が持つ。\n", encoding="utf-8"
    )
    return findings_of(lambda: add(project, folder / "near.txt", {})), findings_of(
        lambda: add(project, folder / "far.txt", {})
    )


def no_extra(folder: Path) -> Outcome:
    kept = sys.modules.pop("selectolax.lexbor", None)
    sys.modules["selectolax.lexbor"] = None  # type: ignore[assignment]
    try:
        failing = findings_of(lambda: dump("<p>海</p>"))
    finally:
        del sys.modules["selectolax.lexbor"]
        if kept is not None:
            sys.modules["selectolax.lexbor"] = kept
    return failing, findings_of(lambda: dump("<p>海</p>"))


def no_such_config(folder: Path) -> Outcome:
    path = small(folder / "p").dataset
    return findings_of(lambda: load("articels", path=path)), findings_of(lambda: load("articles", path=path))


def unknown_file(folder: Path) -> Outcome:
    for name in ("page.pdf", "page.txt"):
        (folder / name).write_bytes("海\n".encode())
    return findings_of(lambda: page_files([folder / "page.pdf"])), findings_of(
        lambda: page_files([folder / "page.txt"])
    )


def does_not_load(folder: Path) -> Outcome:
    project = small(folder / "p")
    built = build(project)
    good = findings_of(lambda: verify_loads(project.dataset, built, folder / "1"))
    built.tables["articles"]["train"] = built.tables["articles"]["train"].slice(0, 0)
    return findings_of(lambda: verify_loads(project.dataset, built, folder / "2")), good


def out_of_date(folder: Path) -> Outcome:
    project = small(folder / "p")
    good = compare(project)
    (project.dataset / "README.md").write_text("edited by hand", encoding="utf-8")
    return compare(project), good


def dataset_case(damage: Callable[[Path], None]) -> Callable[[Path], Outcome]:
    """A dataset that ``damage`` has changed, against the whole one."""

    def make(folder: Path) -> Outcome:
        project = small(folder / "p")
        good = check(project.dataset)
        damage(project.dataset)
        return check(project.dataset), good

    return make


def rewrite(
    dataset: Path,
    config: str,
    change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
    honest: bool = True,
    split: str = "train",
) -> None:
    """Write changed rows, with the hashes in the manifest made to fit (``honest``: the logical ones too)."""
    manifest = json.loads((dataset / "manifest.json").read_bytes())
    entry = manifest["configs"][config][split]
    table = pq.read_table(dataset / entry["file"])
    table = pa.Table.from_pylist(change(table.to_pylist()), schema=table.schema)
    data = parquet_bytes(table)
    (dataset / entry["file"]).write_bytes(data)
    entry |= {"sha256": hashlib.sha256(data).hexdigest(), "n_bytes": len(data)}
    if honest:
        entry |= {"rows": table.num_rows, "logical_sha256": logical_sha256(table, CONFIGS[config])}
        hashes = {(c, s): each["logical_sha256"] for c, of in manifest["configs"].items() for s, each in of.items()}
        manifest["logical_sha256"] = identity(hashes)
    (dataset / "manifest.json").write_bytes(sealed(manifest))


def other_columns(dataset: Path) -> None:
    manifest = json.loads((dataset / "manifest.json").read_bytes())
    entry = manifest["configs"]["articles"]["train"]
    data = parquet_bytes(pq.read_table(dataset / entry["file"]).drop_columns(["title"]))
    (dataset / entry["file"]).write_bytes(data)
    entry |= {"sha256": hashlib.sha256(data).hexdigest(), "n_bytes": len(data)}
    (dataset / "manifest.json").write_bytes(sealed(manifest))


def edited_manifest(dataset: Path) -> None:
    path = dataset / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"rows": ', b'"rows": 1', 1))


def flip_a_bit(dataset: Path) -> None:
    path = dataset / "articles/train-00000-of-00001.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def changed(rows: list[dict[str, Any]], index: int, **values: Any) -> list[dict[str, Any]]:
    return [{**row, **values} if i == index else row for i, row in enumerate(rows)]


def event_in_two_splits(folder: Path) -> Outcome:
    project = write_project(folder / "p", {"harbour": HARBOUR, "railway": RAILWAY})
    build(project)
    good = check(project.dataset)
    for split in ("train", "validation"):
        rewrite(project.dataset, "articles", lambda rows: changed(rows, 0, event_id="one-event"), split=split)
    return check(project.dataset), good


def orphans(folder: Path) -> Outcome:
    moved, _ = write_annotated(folder / "p", {"text": {"丘の上の城で": "きのう、丘の上の城で"}})
    lost, _ = write_annotated(folder / "f", {"text": {"500人を送る": "五百人を送る"}})
    found = [list(orphan_findings(project, reanchor_project(project))) for project in (lost, moved)]
    return found[0], found[1]


def old_text_missing(folder: Path) -> Outcome:
    without, with_it = (
        write_annotated(folder / name, {"text": {"丘の上の城で": "きのう、丘の上の城で"}})[0] for name in ("f", "p")
    )
    (without.replaced / "old.txt").unlink()
    return findings_of(lambda: reanchor_project(without)), findings_of(lambda: reanchor_project(with_it))


MADE: dict[str, Callable[[Path], Outcome]] = {
    "FS001": missing_file,
    "FS002": fifo,
    "FS003": leading_out,
    "FS004": not_permitted,
    "FS005": disk_full,
    "FS006": lock_held,
    "RAW002": too_large,
    "DUP003": near_article,
    "ENV001": no_extra,
    "USE001": no_such_config,
    "FMT001": unknown_file,
    "BUG001": does_not_load,
    "BLD001": out_of_date,
    "DAT001": dataset_case(lambda dataset: (dataset / "manifest.json").unlink()),
    "DAT002": dataset_case(flip_a_bit),
    "DAT003": dataset_case(
        lambda d: rewrite(d, "articles", lambda r: changed(r, 0, publisher="someone"), honest=False)
    ),
    "DAT004": dataset_case(other_columns),
    "DAT005": dataset_case(lambda d: rewrite(d, "segments", lambda r: [r[1], r[0], *r[2:]])),
    "DAT006": dataset_case(lambda d: rewrite(d, "sentences", lambda r: changed(r, 1, start=r[1]["start"] + 1))),
    "DAT007": dataset_case(lambda d: rewrite(d, "sentences", lambda r: changed(r, 0, segment_id="harbour:seg9999"))),
    "P12": event_in_two_splits,
    "P14": dataset_case(lambda d: rewrite(d, "sentences", lambda r: [r[1], r[0], *r[2:]])),
    "ORP001": orphans,
    "STL002": old_text_missing,
    "DAT009": dataset_case(edited_manifest),
    "DAT008": dataset_case(lambda d: rewrite(d, "sentences", lambda r: [*r, r[-1]])),
    **STUDIO,
}
