"""Pages from files: .txt, .html, .jsonl, .parquet, or whole folders of them, read one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kakuyaku.cleaning import Page
from kakuyaku.decoding import check_string, decode, refuse_controls
from kakuyaku.files import environment_failure, open_ordinary, read_bytes
from kakuyaku.findings import Failure, Finding
from kakuyaku.parquet import iter_rows, open_parquet
from kakuyaku.records import parse_json

SUFFIXES = (".txt", ".html", ".htm", ".jsonl", ".parquet")
MAX_LINE_BYTES = 64 * 1024 * 1024


def page_files(paths: Iterable[Path]) -> list[Path]:
    """The files that the paths name; folders are searched through, in the order of their names.

    Raises:
        Failure: FS001 no such file, FMT001 no file of a known kind.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if _is_page(file))
            if not inside:
                raise Failure(Finding("FMT001", str(path), "holds no page", fix=f"Pages end in {', '.join(SUFFIXES)}."))
            found += inside
        elif not path.exists():
            raise Failure(Finding("FS001", str(path), "does not exist"))
        elif path.suffix.lower() not in SUFFIXES:
            raise Failure(Finding("FMT001", str(path), f"ends in “{path.suffix}”", fix=f"Give {', '.join(SUFFIXES)}."))
        else:
            found.append(path)
    return found


def _is_page(file: Path) -> bool:
    """Whether a file of a folder holds pages; the manifest of a project does not."""
    return file.suffix.lower() in SUFFIXES and file.name != "manifest.jsonl" and file.is_file()


def read_pages(files: Iterable[Path]) -> Iterator[Page | Finding]:
    """The pages of files in order; what cannot be read comes out as its finding, and the next page follows."""
    for file in files:
        match file.suffix.lower():
            case ".jsonl":
                yield from _jsonl_pages(file)
            case ".parquet":
                yield from _parquet_pages(file)
            case suffix:
                try:
                    data = read_bytes(file)
                    if suffix == ".txt":
                        yield Page(file.stem, text=decode(data, str(file)).text)
                    else:
                        yield Page(file.stem, html=data)
                except Failure as failure:
                    yield failure.findings[0]


def _jsonl_pages(file: Path) -> Iterator[Page | Finding]:
    try:
        with open_ordinary(file) as lines:
            number = 0
            while line := lines.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise Failure(Finding("RAW002", str(file), f"a line has over {MAX_LINE_BYTES:,} bytes", number))
                if not line.strip():
                    continue
                try:
                    yield _page(parse_json(line, str(file)), str(file), number)
                except Failure as failure:
                    first = failure.findings[0]
                    yield Finding(first.code, str(file), first.message, number, first.column, first.at, first.fix)
    except OSError as error:
        yield environment_failure(error, file).findings[0]
    except Failure as failure:
        yield failure.findings[0]


def _parquet_pages(file: Path) -> Iterator[Page | Finding]:
    try:
        with open_ordinary(file) as source:
            rows = iter_rows(open_parquet(source, str(file)), ("id", "text", "html", "site"))
            for number, row in enumerate(rows, 1):
                try:
                    yield _page({key: value for key, value in row.items() if value is not None}, str(file), number)
                except Failure as failure:
                    yield failure.findings[0]
    except Failure as failure:
        yield failure.findings[0]


def _page(record: Any, path: str, number: int) -> Page:
    if not isinstance(record, dict) or not isinstance(record.get("id"), str):
        raise Failure(Finding("KEY002", path, "a page needs an “id” that is a text", number, at="$.id"))
    given = [key for key in ("text", "html") if record.get(key) is not None]  # the text where there are both
    if not given or not isinstance(record[given[0]], str):
        raise Failure(Finding("KEY002", path, f"page {record['id'][:40]} needs “text” or “html”", number))
    site = record.get("site")
    if site is not None and not isinstance(site, str):
        raise Failure(Finding("VAL001", path, "“site” is no text", number, at="$.site"))
    for key in ("id", "site", given[0]):
        if text := record.get(key):
            _check_text(text, path, number, key)
    return Page(record["id"], site=site, **{given[0]: record[given[0]]})


def _check_text(text: str, path: str, number: int, key: str) -> None:
    """Refuse a value that cannot be stored or shown; the dump of HTML is rid of its control characters later."""
    try:
        check_string(text, path)
        if key != "html":
            refuse_controls(text, path)
    except Failure as failure:
        first = failure.findings[0]
        raise Failure(Finding(first.code, path, first.message, number, at=f"$.{key}")) from None
