"""Damaged datasets: whichever single bit of whichever published file is flipped, it is found and nothing is loaded.

The whole argument: SHA-256 tells any two files apart, so a flip in a file that the manifest lists is found by its
hash, whatever the file holds; and a flip in the manifest itself is found by its seal, because the document is
accepted in one form only. The tests try every bit of the manifest and of the smallest table, and a dense sample of
the others.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import kakuyaku
from kakuyaku.checks import check
from kakuyaku.dataset.checks import check_dataset
from kakuyaku.dataset.publish import build
from kakuyaku.dataset.published import MANIFEST, Published
from kakuyaku.findings import Failure, codes
from kakuyaku.project import Project
from tests.conftest import REPOSITORY, write_project
from tests.texts import HARBOUR

# What a flipped bit of the manifest can look like: no UTF-8, a control character, no JSON, another key or value, or
# a sound document of another hash.
OF_MANIFEST = {"ENC001", "ENC002", "CTL001", "JSN001", "JSN003", "JSN004", "KEY001", "KEY002", "VAL001", "VAL003",
               "VAL004", "DAT009"}  # fmt: skip


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published dataset of one article."""
    project = write_project(tmp_path_factory.mktemp("damage") / "p", {"harbour": HARBOUR})
    build(project)
    return project.dataset


def flips(path: Path, step: int = 1) -> Iterator[str]:
    """Flip each ``step``-th bit of a file in place and name it; the file is whole again at the end."""
    whole = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for bit in range(0, len(whole) * 8, step):
            byte = bit // 8
            try:
                os.pwrite(file.fileno(), bytes([whole[byte] ^ 1 << bit % 8]), byte)
                yield f"bit {bit} of {path.name}"
            finally:
                os.pwrite(file.fileno(), whole[byte : byte + 1], byte)


def codes_found(dataset: Path) -> set[str]:
    return {finding.code for finding in check_dataset(dataset, "dataset") if finding.level == "error"}


@pytest.mark.slow
def test_every_bit_of_the_manifest(dataset: Path) -> None:
    seen: set[str] = set()
    for flip in flips(dataset / MANIFEST):
        with pytest.raises(Failure) as failure:
            Published.open(dataset, "dataset")  # what check and load both begin with
        found = {finding.code for finding in failure.value.findings}
        assert found and found <= OF_MANIFEST, f"{flip}: {found}"
        seen |= found
    assert "DAT009" in seen and "JSN001" in seen


@pytest.mark.slow
def test_every_bit_of_the_smallest_table(dataset: Path) -> None:
    published = Published.open(dataset, "dataset")
    _, _, entry = min(published.entries(), key=lambda each: each[2]["n_bytes"])
    for flip in flips(dataset / entry["file"]):
        with pytest.raises(Failure) as failure:
            published.table(entry)
        assert {finding.code for finding in failure.value.findings} == {"DAT002"}, flip


def test_a_dense_sample_of_every_file(dataset: Path) -> None:
    for path in sorted(file for file in dataset.rglob("*") if file.is_file()):
        for flip in flips(path, step=max(1, path.stat().st_size * 8 // 150) | 1):
            found = codes_found(dataset)
            assert found and found <= (OF_MANIFEST if path.name == MANIFEST else {"DAT002"}), flip
    assert codes_found(dataset) == set()


@pytest.mark.parametrize("verify", [True, False])
def test_load_refuses_whatever_is_damaged(dataset: Path, verify: bool) -> None:
    for path in sorted(file for file in dataset.rglob("*") if file.is_file()):
        read = path.name == MANIFEST or "articles" in path.parts
        for flip in itertools.islice(flips(path, step=7919), 12):
            if verify or read:
                with pytest.raises(Failure):
                    kakuyaku.load("articles", path=dataset, verify=verify)
                    pytest.fail(f"loaded with {flip}")
    assert kakuyaku.load("articles", path=dataset, verify=verify)["train"].num_rows == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1], lambda data: data[: len(data) // 2], lambda data: b"", lambda data: data + b"\0",
        lambda data: data.replace(b"\n", b"\r\n"), lambda data: b"\0" * len(data),
        lambda data: b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    ],
    ids=["truncated", "half", "empty", "appended", "crlf", "zeros", "lfs pointer"],
)  # fmt: skip
@pytest.mark.parametrize("name", [MANIFEST, "README.md", "articles/train-00000-of-00001.parquet"])
def test_other_damage(dataset: Path, name: str, damage: object) -> None:
    assert callable(damage)
    path = dataset / name
    whole = path.read_bytes()
    damaged = damage(whole)
    assert damaged != whole
    path.write_bytes(damaged)
    try:
        assert codes_found(dataset)
        with pytest.raises(Failure) as failure:
            kakuyaku.load("articles", path=dataset)
        assert all(finding.code in codes() for finding in failure.value.findings)
    finally:
        path.write_bytes(whole)


def test_a_manifest_is_accepted_in_one_form_only(built: Project) -> None:
    path = built.dataset / MANIFEST
    whole = path.read_bytes()
    assert check(path) == []
    for other in (whole + b"\n", whole.replace(b'": ', b'":'), whole.replace(b"harbour", b"h\\u0061rbour"),
                  whole.replace(b"README", b"\\u0052EADME")):  # fmt: skip
        path.write_bytes(other)
        assert ({finding.code for finding in check(path)} == {"DAT009"}) is (other != whole)


def test_pages_have_checksums_that_find_damage_without_a_manifest(dataset: Path) -> None:
    """A reader who has one Parquet file alone: every flip inside the data of its pages is found."""
    path = dataset / "segments/train-00000-of-00001.parquet"
    metadata = pq.read_metadata(path)
    chunk = metadata.row_group(0).column(metadata.schema.names.index("text"))
    end = (chunk.dictionary_page_offset or chunk.data_page_offset) + chunk.total_compressed_size
    whole = path.read_bytes()
    messages = set()
    try:
        for byte in range(end - 200, end, 7):
            damaged = bytearray(whole)
            damaged[byte] ^= 16
            path.write_bytes(damaged)
            assert {finding.code for finding in check(path)} == {"DAT002"}, byte
            with pytest.raises(OSError) as error:
                pq.read_table(path, page_checksum_verification=True)
            messages.add(str(error.value))
    finally:
        path.write_bytes(whole)
    assert any("CRC checksum" in message for message in messages), messages
    assert check(path) == []


def test_the_published_files_have_page_checksums_and_are_sound() -> None:
    published = Published.open(REPOSITORY / "dataset", "dataset")
    for _, _, entry in published.entries():
        published.table(entry)
    assert list(published.unlisted()) == []
