"""Raw bytes to raw text: strict UTF-8, with every change recorded and every refusal explained."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from kakuyaku.findings import Failure, Finding, character_name

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_KANA = re.compile(r"[ぁ-んァ-ヶ]")
_CANDIDATES = ("iso2022_jp", "cp932", "euc_jp", "utf-16-le", "utf-16-be")
_ICONV = {  # the names that iconv knows
    "iso2022_jp": "ISO-2022-JP",
    "euc_jp": "EUC-JP",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
}
_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class RawText:
    """The raw text of a page, and what decoding changed.

    ``text`` has line feeds only and no byte order mark; every offset of this project counts its code points.
    ``sha256`` is that of ``text`` encoded as UTF-8.
    """

    text: str
    had_bom: bool = False
    n_crlf: int = 0
    n_cr: int = 0

    @property
    def sha256(self) -> str:
        return text_sha256(self.text)


def text_sha256(text: str) -> str:
    """SHA-256 of ``text`` encoded as UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def decode(data: bytes, path: str) -> RawText:
    """The raw text of ``data``. ``path`` only serves the findings.

    Raises:
        Failure: RAW001 nothing there, ENC001 another encoding, ENC002 broken UTF-8, CTL001 control characters.
    """
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            raise Failure(_other_encoding(path, name, 0, 1, 1))
    had_bom = data.startswith(b"\xef\xbb\xbf")
    body = data[3:] if had_bom else data
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failure(_broken(body, error.start, path)) from None
    escape = text.find("\x1b$")
    if escape >= 0 and _looks_japanese(body, "iso2022_jp"):  # pure ASCII with escapes: valid UTF-8, and not UTF-8
        raise Failure(_other_encoding(path, "iso2022_jp", escape, *_place(text, escape)))
    n_crlf = text.count("\r\n")
    text = text.replace("\r\n", "\n")
    n_cr = text.count("\r")
    text = text.replace("\r", "\n")
    if not text.strip():
        raise Failure(Finding("RAW001", path, f"holds no text ({len(data):,} bytes)"))
    refuse_controls(text, path)
    return RawText(text, had_bom, n_crlf, n_cr)


def refuse_controls(text: str, path: str) -> None:
    """Refuse text with control characters; tabs and line ends are none.

    Raises:
        Failure: CTL001 with the place of the first.
    """
    if match := _CONTROL.search(text):
        message = f"{character_name(match.group())} is the first of {len(_CONTROL.findall(text)):,} control characters"
        raise Failure(Finding("CTL001", path, message, *_place(text, match.start())))


def without_controls(text: str) -> str:
    """``text`` without control characters: web pages have strays, which browsers do not show either."""
    return _CONTROL.sub("", text)


def check_string(text: str, path: str) -> None:
    """Refuse text that cannot be stored as UTF-8.

    Raises:
        Failure: UNI001 with the place of the first lone surrogate.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        line, column = _place(text, error.start)
        surrogate = f"U+{ord(text[error.start]):04X}"
        raise Failure(Finding("UNI001", path, f"{surrogate} is half of a surrogate pair", line, column)) from None


def _place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a code-point offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _broken(data: bytes, offset: int, path: str) -> Finding:
    before = data[:offset].decode("utf-8")
    line, column = _place(before, len(before))
    for name in _CANDIDATES:
        if _looks_japanese(data, name):
            return _other_encoding(path, name, offset, line, column)
    bad = sum(character == "\ufffd" for character in data.decode("utf-8", "replace"))
    message = f"byte 0x{data[offset]:02X} at offset {offset:,} is not UTF-8 ({bad:,} such places)"
    return Finding("ENC002", path, message, line, column)


def _other_encoding(path: str, name: str, offset: int, line: int, column: int) -> Finding:
    label = _ICONV.get(name, name.upper())
    message = f"looks like {label}, not UTF-8 (first sign at byte {offset:,})"
    return Finding("ENC001", path, message, line, column, fix=f"Convert it: iconv -f {label} -t UTF-8 FILE > NEW.txt.")


def _looks_japanese(data: bytes, encoding: str) -> bool:
    """Whether ``data`` decodes as ``encoding`` into text with kana in it, as all Japanese prose has."""
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return len(_KANA.findall(text)) * 10 >= len(text.strip())
