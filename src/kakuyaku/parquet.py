"""Parquet files that someone else wrote, read with bounded memory.

A file of 500 bytes can unpack to gigabytes: one long value in a dictionary, repeated by index. Texts are therefore read
as dictionaries, the unpacked size is counted from the indices, and rows become values in small pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kakuyaku.findings import Failure, Finding

MARK = b"PAR1"
ROWS = 1_000
PIECE = 16 * 1024**2  # unpacked bytes that become Python values at a time
SMALL = 64 * 1024**2  # unpacked bytes that no ratio makes suspicious
MAX_RATIO = 1_000  # unpacked to packed bytes; tables of labels alone reach some 150


@dataclass(frozen=True)
class Packed:
    """An open file, its size in bytes, and its path as messages name it."""

    file: pq.ParquetFile
    size: int
    shown: str

    @property
    def columns(self) -> list[str]:
        return list(self.file.schema_arrow.names)


def open_parquet(source: BinaryIO, shown: str) -> Packed:
    """A file whose pages are verified where they have checksums, and whose texts stay dictionaries.

    Raises:
        Failure: DAT002 no Parquet, RAW002 it says itself that it unpacks to far more than it is.
    """
    with _readable(shown):
        if source.read(len(MARK)) != MARK:  # Arrow looks at the last mark alone
            raise ValueError(f"it does not start with {MARK.decode()}")
        plain = pq.ParquetFile(source)
        columns = [plain.schema.column(index) for index in range(len(plain.schema))]
        groups = [plain.metadata.row_group(index) for index in range(plain.metadata.num_row_groups)]
        size = source.seek(0, 2)
        _refuse_bomb(sum(group.total_byte_size for group in groups), size, shown)
        texts = [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
        return Packed(pq.ParquetFile(source, read_dictionary=texts, page_checksum_verification=True), size, shown)


def iter_rows(packed: Packed, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows, of these columns as far as they exist.

    Raises:
        Failure: DAT002 damaged, or a value that no Python type holds; RAW002 unpacks to far more than it is.
    """
    names = None if columns is None else [name for name in columns if name in packed.columns]
    for batch in _batches(packed, names):
        for piece in _pieces(batch):
            with _readable(packed.shown):
                rows = piece.to_pylist()
            yield from rows


def read_table(source: BinaryIO, shown: str) -> pa.Table:
    """The whole table, after its unpacked size was counted.

    Raises:
        Failure: DAT002, RAW002.
    """
    for _ in _batches(open_parquet(source, shown), None):
        pass
    with _readable(shown):
        return pq.read_table(source, page_checksum_verification=True)


def _batches(packed: Packed, names: list[str] | None) -> Iterator[pa.RecordBatch]:
    unpacked = 0
    batches = packed.file.iter_batches(batch_size=ROWS, columns=names)
    while True:
        with _readable(packed.shown):
            batch = next(batches, None)
            if batch is None:
                return
            unpacked += _unpacked(batch)
        _refuse_bomb(unpacked, packed.size, packed.shown)
        yield batch


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in halves and halves of halves, until each unpacks to little."""
    if batch.num_rows < 2 or _unpacked(batch) <= PIECE:
        yield batch
    else:
        half = batch.num_rows // 2
        yield from _pieces(batch.slice(0, half))
        yield from _pieces(batch.slice(half))


def _unpacked(batch: pa.RecordBatch) -> int:
    return sum(_unpacked_array(column) for column in batch.columns)


def _unpacked_array(array: pa.Array) -> int:
    """Bytes of the values of an array, dictionaries written out."""
    if pa.types.is_dictionary(array.type):
        lengths = pc.binary_length(array.dictionary)
        return int(pc.sum(pc.cast(lengths.take(array.indices), pa.int64())).as_py() or 0)
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        return _unpacked_array(array.flatten()) + 4 * len(array)
    if pa.types.is_struct(array.type):
        return sum(map(_unpacked_array, array.flatten()))
    return int(array.nbytes)


def _refuse_bomb(unpacked: int, packed: int, shown: str) -> None:
    if unpacked > SMALL and unpacked > MAX_RATIO * packed:
        message = f"has {packed:,} bytes and unpacks to {unpacked:,} or more"
        fix = "Do not open it; ask whoever wrote it, or write its rows anew."
        raise Failure(Finding("RAW002", shown, message, fix=fix))


@contextmanager
def _readable(shown: str) -> Iterator[None]:
    """Whatever Arrow raises on damaged or foreign files, as DAT002."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError, TypeError, ImportError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise Failure(Finding("DAT002", shown, f"is no Parquet that can be read: {first}")) from None
