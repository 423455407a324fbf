"""The files of a published dataset, and what covers each of their bits.

``manifest.json`` holds the SHA-256 of every other file, so a changed bit in one of those changes its hash. The
manifest covers itself: it is JSON in exactly one form (:func:`kakuyaku.records.json_bytes`), and its last key,
``sha256``, is the hash of the same document without that key. A bit changed in the document then disagrees with the
hash, one changed in the hash with the document, and one changed in a blank or an escape with the form. This finds
damage and edits by hand; it is no signature, since whoever can write the files can also write fitting hashes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from kakuyaku.contract import check_record
from kakuyaku.files import contained, read_bytes
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.parquet import read_table
from kakuyaku.records import json_bytes, parse_json

CARD, MANIFEST = "README.md", "manifest.json"
SEAL = "sha256"
MAX_TABLE = 4 * 1024**3  # bytes of one file; it is read whole


def sealed(manifest: Mapping[str, Any]) -> bytes:
    """The bytes of ``manifest.json``: its document with its own hash as the last key."""
    body = {key: value for key, value in manifest.items() if key != SEAL}
    return json_bytes({**body, SEAL: _sha256(json_bytes(body))})


def identity(hashes: Mapping[tuple[str, str], str]) -> str:
    """The identity of the data: SHA-256 over the logical hashes of all tables, by config and split."""
    lines = (f"{config}/{split} {digest}\n" for (config, split), digest in sorted(hashes.items()))
    return _sha256("".join(lines).encode())


def check_manifest(data: bytes, shown: str) -> Iterator[Finding]:
    """Findings of the bytes of a ``manifest.json``: its schema, its form and its own hash.

    Raises:
        Failure: it is no JSON.
    """
    manifest = parse_json(data, shown)
    faults = list(check_record("dataset", manifest, shown))
    yield from faults
    if not faults and data != sealed(manifest):
        yield Finding("DAT009", shown, f"is not the document that its own hash {manifest[SEAL][:12]}… stands for")


@dataclass(frozen=True)
class Published:
    """A dataset whose manifest is sound. Every file is verified each time that it is read.

    ``shown`` is the folder as messages name it.
    """

    folder: Path
    shown: str
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, folder: Path, shown: str) -> Published:
        """The dataset in ``folder``.

        Raises:
            Failure: DAT001 no manifest, DAT009 and others a manifest that was changed.
        """
        if not (folder / MANIFEST).exists():
            raise Failure(Finding("DAT001", shown, f"has no {MANIFEST}"))
        data = read_bytes(folder / MANIFEST)
        refuse_on_errors(check_manifest(data, f"{shown}/{MANIFEST}"))
        return cls(folder, shown, parse_json(data, f"{shown}/{MANIFEST}"))

    def entries(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Config, split and entry of every table."""
        for config, splits in self.manifest["configs"].items():
            for split, entry in splits.items():
                yield config, split, entry

    def path(self, entry: Mapping[str, Any]) -> str:
        """The path of a file in messages."""
        return f"{self.shown}/{entry['file']}"

    def read(self, entry: Mapping[str, Any]) -> bytes:
        """The bytes of a file that the manifest lists.

        Raises:
            Failure: DAT002 when it is missing, lies elsewhere or is not what was published.
        """
        try:
            data = read_bytes(contained(self.folder / entry["file"], self.folder), limit=MAX_TABLE)
        except Failure as failure:
            raise Failure([Finding("DAT002", self.path(entry), each.message) for each in failure.findings]) from None
        if _sha256(data) != entry["sha256"]:
            raise Failure(Finding("DAT002", self.path(entry), f"its hash is not {entry['sha256'][:12]}…"))
        if entry.get("n_bytes", len(data)) != len(data):
            message = f"has {len(data):,} bytes, the manifest says {entry['n_bytes']:,}"
            raise Failure(Finding("DAT002", self.path(entry), message))
        return data

    def table(self, entry: Mapping[str, Any]) -> pa.Table:
        """The rows of a table, verified by hash and by page checksum.

        Raises:
            Failure: DAT002.
        """
        data = self.read(entry)
        return read_table(io.BytesIO(data), self.path(entry))

    def unlisted(self) -> Iterator[Finding]:
        """Files in the folder that the manifest does not list."""
        listed = {MANIFEST, self.manifest["card"]["file"], *(entry["file"] for _, _, entry in self.entries())}
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and (name := file.relative_to(self.folder).as_posix()) not in listed:
                yield Finding("DAT002", f"{self.shown}/{name}", f"is not listed in {MANIFEST}")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
