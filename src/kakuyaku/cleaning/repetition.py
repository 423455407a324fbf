"""Lines that stand on several pages of one site: boilerplate, whatever they say.

A site's first pages are its sample: its menus and boxes stand on two of them already (two to eight pages suffice,
measured on real sites). So memory grows with the number of sites, by some kilobytes each, and not with the number of
pages.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakuyaku.cleaning.page import Page

SAMPLE_PAGES = 32  # of a site
MIN_PAGES = 2  # a line of a second page of the site is no coincidence (content lines hit: 1 of 245 measured)
_SPOOLED_PAGES = 256  # a batch
# Texts as bytes: a lone surrogate, which is refused later, cannot be stored otherwise.
_TEXTS = ("id", "text", "html_text", "site")
_SCHEMA = pa.schema([(name, pa.large_binary()) for name in (*_TEXTS, "html_bytes")])

Bools = npt.NDArray[np.bool_]


class SiteLines:
    """The repeated lines of each site."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, dict[int, bool]]] = {}
        self._full: dict[str, frozenset[int]] = {}

    def learn(self, site: str, lines: Iterable[str]) -> None:
        """Takes note of the lines of one more page."""
        if site in self._full:
            return
        pages, seen = self._seen.get(site, (0, {}))
        for key in {line_key(line) for line in lines}:
            seen[key] = key in seen
        self._seen[site] = (pages + 1, seen)
        if pages + 1 == SAMPLE_PAGES:
            self._full[site] = frozenset(key for key, again in self._seen.pop(site)[1].items() if again)

    def wants(self, site: str | None) -> bool:
        """Whether more pages of the site are of use."""
        return site is not None and site not in self._full

    def repeated(self, site: str | None) -> frozenset[int]:
        """Keys of the lines that stand on MIN_PAGES pages of the site's sample or more."""
        if site is None:
            return frozenset()
        if site not in self._full:
            self._full[site] = frozenset(key for key, again in self._seen.pop(site, (0, {}))[1].items() if again)
        return self._full[site]


def line_key(line: str) -> int:
    """A number of 64 bits for a line without surrounding white space; equal lines have equal numbers in every
    process."""
    return int.from_bytes(hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


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
