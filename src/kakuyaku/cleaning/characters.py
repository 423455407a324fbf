"""Classes of characters, as tables by code point."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

COUNTED = ("hiragana", "katakana", "kanji", "hangul", "latin", "digits", "stops", "commas")
ALSO_COUNTED = ("separators", "spaces", "quotes", "full_stops", "dots")
LIST_MARKS = "•・●◆■○▪‣-*–"
# What may stand around the words of a heading.
DECORATION = " 　\t\u00a0■□◆◇●○★☆▼▽▲△▶►▷≫»【】[]［］「」『』《》<>＜＞()（）:：・•‐–—-=＝*#|｜!！"

# Flags of a character.
SPACE: Final = 1
MARK: Final = 1 << 1  # begins an item of a list
DIGIT: Final = 1 << 2
STOP: Final = 1 << 3
CLOSE: Final = 1 << 4  # may stand behind the end of a sentence
BULLET: Final = 1 << 5  # begins an item even without a space
DECORATES: Final = 1 << 6
DATES: Final = 1 << 7  # every date and time has one
REFERS: Final = 1 << 8  # begins a note or a link
COLON: Final = 1 << 9
CUT: Final = 1 << 10  # ends a text that was cut short
LOUD: Final = 1 << 11
CLOSES: Final = 1 << 12  # closing brackets and quotation marks
FULL: Final = 1 << 13  # ends a sentence in Latin letters
OPENS: Final = 1 << 14  # begins a line that stands out

_FLAGGED = {
    SPACE: " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\ufeff"
    + "".join(map(chr, range(0x2000, 0x200B))),
    MARK: LIST_MARKS,
    DIGIT: "0123456789０１２３４５６７８９",
    STOP: "。．！？!?",
    CLOSE: "」』）)】”\"’'",
    BULLET: "•・‣▪",
    DECORATES: DECORATION,
    DATES: "年月前/.-:",
    REFERS: "※*＊→▶►▼©",
    COLON: "：:",
    CUT: "…‥",
    LOUD: "！？!?",
    CLOSES: '」』）)】”"’',
    FULL: ".!?",
    OPENS: "【[［（(〈<＜「『《■□◆◇●○★☆▼▽▲△▶►▷※＊*→⇒#＃◎〔",
}
_RANGES = {
    "hiragana": [(0x3041, 0x309F)],
    "katakana": [(0x30A1, 0x30FA), (0x30FC, 0x30FF), (0xFF66, 0xFF9D)],
    "kanji": [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)],
    "hangul": [(0xAC00, 0xD7AF)],
    "latin": [(0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F)],
    "digits": [(0x30, 0x39), (0xFF10, 0xFF19)],
}
_LISTED = {
    "stops": "。．！？!?",
    "commas": "、，",
    "separators": "|｜/／＞>›»・:：－–—～~",
    "spaces": " \u3000\u00a0",
    "quotes": "「",
    "full_stops": "。．",
    "dots": ".",
}


def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The class of each code point; by class its flags and its packed counts: bits 8 i and up count class i of COUNTED,
    and of ALSO_COUNTED. By class, so that only one look goes into a large table."""
    plane = 0x10000  # beyond the first plane only kanji are told apart
    table = np.zeros((3, plane), dtype=np.uint64)
    for flag, characters in _FLAGGED.items():
        table[0, [ord(character) for character in characters]] |= np.uint64(flag)
    for row, names in enumerate((COUNTED, ALSO_COUNTED), 1):
        for field, name in enumerate(names):
            one = np.uint64(1 << 8 * field)
            for low, high in _RANGES.get(name, ()):
                table[row, low : min(high + 1, plane)] |= one
            table[row, [ord(character) for character in _LISTED.get(name, "")]] |= one
    rows, kind = np.unique(table.T.copy().view("V24"), return_inverse=True)
    kinds = np.full(0x110000, kind.reshape(-1)[0], dtype=np.uint8)
    kinds[:plane] = kind.reshape(-1)
    kinds[0x20000:0x40000] = kinds[ord("港")]
    flags, first, second = rows.view(np.uint64).reshape(-1, 3).T.copy()
    return kinds, flags.astype(np.int64), first, second


CLASS, FLAGS, FIRST, SECOND = _tables()
