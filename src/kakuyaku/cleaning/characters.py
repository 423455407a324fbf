"""Classes of characters, as tables by code point."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]

COUNTED = ("hiragana", "katakana", "kanji", "hangul", "latin", "digits", "stops", "commas")
ALSO_COUNTED = ("separators", "spaces", "quotes", "full_stops", "dots")
SPACE, MARK, DIGIT, STOP, CLOSE, BULLET = 1, 2, 4, 8, 16, 32
LIST_MARKS = "•・●◆■○▪‣-*–"


def set_of(characters: str) -> Bools:
    """For each code point whether it is one of the characters."""
    table = np.zeros(0x110000, dtype=bool)
    table[[ord(character) for character in characters]] = True
    return table


def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """For each code point its flags, and its packed counts: field i of eight bits is class i of COUNTED,
    ALSO_COUNTED."""
    flags = np.zeros(0x110000, dtype=np.uint8)
    for characters, flag in (
        (" \t\n\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\ufeff", SPACE),
        ("0123456789０１２３４５６７８９", DIGIT),
        ("。．！？!?", STOP),
        (LIST_MARKS, MARK),
        ("」』）)】”\"’'", CLOSE),
        ("•・‣▪", BULLET),
    ):
        flags[[ord(character) for character in characters]] |= flag
    flags[0x2000:0x200B] |= SPACE
    first = np.zeros(0x110000, dtype=np.uint64)
    for field, ranges in enumerate(
        (
            [(0x3041, 0x309F)],
            [(0x30A1, 0x30FA), (0x30FC, 0x30FF), (0xFF66, 0xFF9D)],
            [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)],
            [(0xAC00, 0xD7AF)],
            [(0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F)],
            [(0x30, 0x39), (0xFF10, 0xFF19)],
        )
    ):
        for low, high in ranges:
            first[low : high + 1] = 1 << 8 * field
    second = np.zeros(0x110000, dtype=np.uint64)
    for table, field, characters in (
        (first, 6, "。．！？!?"),
        (first, 7, "、，"),
        (second, 0, "|｜/／>＞›»・:：－–—～~"),
        (second, 1, " \u3000\u00a0"),
        (second, 2, "「"),
        (second, 3, "。．"),
        (second, 4, "."),
    ):
        table[[ord(character) for character in characters]] |= np.uint64(1 << 8 * field)
    return flags, first, second


def _folded_tables() -> tuple[
    npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint64], npt.NDArray[np.uint64]
]:
    """The class of each code point, and three small tables by class: only one look goes into a large one."""
    tables = _tables()
    plane = 0x10000  # beyond the first plane only kanji are told apart
    rows, kind = np.unique(np.stack([table[:plane].astype(np.uint64) for table in tables]), axis=1, return_inverse=True)
    kinds = np.full(0x110000, kind.reshape(-1)[0], dtype=np.uint8)
    kinds[:plane] = kind.reshape(-1)
    kinds[0x20000:0x40000] = kinds[ord("港")]
    flags, first, second = rows
    return kinds, flags.astype(np.uint8), first, second


CLASS, FLAGS, FIRST, SECOND = _folded_tables()
