"""JSON and CSV records: nothing is accepted in silence, and the same value always gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kakuyaku.decoding import decode
from kakuyaku.findings import Failure, Finding

MAX_DEPTH = 64
Record = dict[str, Any]


def parse_json(data: bytes, path: str) -> Any:
    """The value of a JSON document.

    Raises:
        Failure: JSN001 … JSN005, or one of the codes of :func:`kakuyaku.decoding.decode`.
    """
    return _Parser().parse(_text(data, path), path, first_line=1)


def parse_jsonl(data: bytes, path: str) -> Iterator[tuple[int, Record | Finding]]:
    """Line number and record of each line; a line that is no record comes out as its finding."""
    parser = _Parser()
    for number, line in enumerate(_text(data, path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = parser.parse(line, path, first_line=number)
        except Failure as failure:
            yield number, failure.findings[0]
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield number, Finding("JSN001", path, "the line is not an object in { }", number)


def parse_csv(data: bytes, path: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str] | Finding]]:
    """Line number and cells of each row of a CSV file that starts with exactly ``columns``."""
    rows = csv.reader(io.StringIO(_text(data, path), newline=""), strict=True)
    try:
        header = next(rows)
        if header != list(columns):
            yield 1, Finding("CSV001", path, f"the columns are {', '.join(header)}; expected {', '.join(columns)}", 1)
            return
        for row in rows:
            if len(row) != len(columns):
                yield (
                    rows.line_num,
                    Finding("CSV001", path, f"has {len(row)} cells, expected {len(columns)}", rows.line_num),
                )
            else:
                yield rows.line_num, dict(zip(columns, row, strict=True))
    except csv.Error as error:
        yield rows.line_num, Finding("CSV001", path, f"is no CSV: {error}", rows.line_num)


def json_line(record: Mapping[str, Any], *, sort_keys: bool = False) -> str:
    """One record as one line of JSON, without a line end."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False, sort_keys=sort_keys, separators=(", ", ": "))


def jsonl_bytes(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Records as JSON Lines."""
    return "".join(json_line(record) + "\n" for record in records).encode("utf-8")


def json_bytes(value: Any) -> bytes:
    """A document for people to read and diff: two blanks of indentation, keys in their order."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode("utf-8")


def csv_bytes(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    """Rows as CSV with LF line ends."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _text(data: bytes, path: str) -> str:
    if not data.strip(b"\x00 \t\r\n"):
        raise Failure(Finding("JSN002", path, f"holds nothing but {len(data):,} bytes of zeros or blanks"))
    return decode(data, path).text


_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]')  # an unclosed string runs to the end: linear for any input


class _Parser:
    """A strict parser of documents, one after another: made once for a file of many lines, since making one is dear."""

    def __init__(self) -> None:
        self._refused: list[tuple[str, str]] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_constant=self._constant,
            parse_int=self._integer,
            parse_float=self._number,
        )

    def parse(self, text: str, path: str, first_line: int) -> Any:
        """The value of one document. Raises: Failure, JSN001 … JSN005 or UNI001."""
        if text.count("[") + text.count("{") > MAX_DEPTH:
            _refuse_depth(text, path, first_line)
        self._refused.clear()
        try:
            value = self._decoder.decode(text)
        except json.JSONDecodeError as error:
            line = first_line + error.lineno - 1
            raise Failure(Finding("JSN001", path, f"{error.msg.lower()}", line, error.colno)) from None
        if self._refused:
            code, message = self._refused[0]
            raise Failure(Finding(code, path, message, first_line))
        _refuse_surrogates(text, value, path, first_line)
        return value

    def _object(self, items: list[tuple[str, Any]]) -> Record:
        record = dict(items)
        if len(record) < len(items):
            seen: set[str] = set()
            twice = next(key for key, _ in items if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            self._refused.append(("JSN003", f"the key “{twice}” stands twice in one object"))
        return record

    def _constant(self, name: str) -> None:
        self._refused.append(("JSN004", f"{name} is no value"))

    def _integer(self, digits: str) -> int:
        if len(digits) > 18 and (len(digits) > 20 or not -(2**63) <= int(digits) < 2**63):
            self._refused.append(("JSN004", f"{digits[:24]} does not fit into 64 bits"))
            return 0
        return int(digits)

    def _number(self, digits: str) -> float:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            self._refused.append(("JSN004", f"{digits[:24]} is beyond all numbers"))
        return value


def _refuse_depth(text: str, path: str, first_line: int) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        token = match.group()
        if token in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                line = first_line + text.count("\n", 0, match.start())
                raise Failure(Finding("JSN005", path, f"more than {MAX_DEPTH} levels of brackets", line))
        elif token in "]}":
            depth -= 1


def _refuse_surrogates(text: str, value: Any, path: str, first_line: int) -> None:
    if "\\u" not in text and "\\U" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise Failure(Finding("UNI001", path, "a \\u escape is half of a surrogate pair", first_line)) from None
