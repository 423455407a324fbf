"""Pages that can be read only once, read twice: through a temporary file, in bounded memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from kakuyaku.cleaning.page import Page

_SPOOLED_PAGES = 256  # a batch
# Texts as bytes: a lone surrogate, which is refused later, cannot be stored otherwise.
_TEXTS = ("id", "text", "html_text", "site")
_SCHEMA = pa.schema([(name, pa.large_binary()) for name in (*_TEXTS, "html_bytes")])


def twice(pages: Iterable[Page]) -> tuple[Iterable[Page], Iterable[Page]]:
    """The same pages for two passes, in bounded memory: what can be read but once goes through a temporary file."""
    return (pages, pages) if isinstance(pages, Sequence) else _spooled(pages)


def _spooled(pages: Iterable[Page]) -> tuple[Iterable[Page], Iterable[Page]]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the second pass is over)

    def first() -> Iterator[Page]:
        with pa.ipc.new_file(pa.PythonFile(file, mode="w"), _SCHEMA) as sink:
            batch: list[Page] = []
            for page in pages:
                batch.append(page)
                if len(batch) == _SPOOLED_PAGES:
                    sink.write_batch(_batch(batch))
                    batch.clear()
                yield page
            sink.write_batch(_batch(batch))

    def second() -> Iterator[Page]:
        with file:
            file.seek(0)
            stored = pa.ipc.open_file(pa.PythonFile(file, mode="r"))
            for number in range(stored.num_record_batches):
                for row in stored.get_batch(number).to_pylist():
                    text = {
                        name: None if row[name] is None else row[name].decode("utf-8", "surrogatepass")
                        for name in _TEXTS
                    }
                    html = row["html_bytes"] if text["html_text"] is None else text["html_text"]
                    yield Page(text["id"] or "", text["text"], html, text["site"])

    return first(), second()


def _batch(pages: Sequence[Page]) -> pa.RecordBatch:
    rows = []
    for page in pages:
        marked_up = isinstance(page.html, str)
        values = (page.id, page.text, page.html if marked_up else None, page.site)
        row = {
            name: None if value is None else str(value).encode("utf-8", "surrogatepass")
            for name, value in zip(_TEXTS, values, strict=True)
        }
        rows.append({**row, "html_bytes": None if marked_up else page.html})
    return pa.RecordBatch.from_pylist(rows, schema=_SCHEMA)
