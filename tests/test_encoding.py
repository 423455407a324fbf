"""Bytes of pages to text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.cleaning.encoding import as_utf8

JAPANESE = "甲国の首相は5日、北港の警備に掃海艇三隻を送ると述べた。任務は一年に限られ、議会の承認を受けて始まる。"
SIMPLIFIED = "甲国总理五日表示，将向北港派遣三艘扫雷艇。任务为期一年，经过议会的批准后开始。这是他们第一次在国外行动。"
TRADITIONAL = "甲國總理五日表示，將向北港派遣三艘掃雷艇。任務為期一年，經過議會的批准後開始。這是他們第一次在國外行動。"
KOREAN = "갑국 총리는 5일 북항 경비를 위해 소해정 세 척을 보내겠다고 말했다. 임무는 일 년으로 제한되며 의회의 승인을 받아 시작된다."
ENCODINGS = [
    *((JAPANESE, name) for name in ("cp932", "euc_jp", "iso2022_jp", "utf-8", "utf-16", "utf-16-le", "utf-16-be")),
    *((SIMPLIFIED, name) for name in ("gb2312", "gb18030", "utf-8")),
    (TRADITIONAL, "big5"),
    *((KOREAN, name) for name in ("euc_kr", "utf-8")),
]


@pytest.mark.parametrize(("text", "name"), ENCODINGS)
@pytest.mark.parametrize("n", [20, 40, None, 1000])
def test_undeclared(text: str, name: str, n: int | None) -> None:
    page = f"<html><body><p>{(text * 30)[:n] if n else text}</p>"
    assert as_utf8(page.encode(name)).decode() == page


@pytest.mark.parametrize(
    "head",
    [
        "<meta charset={}>",
        '<meta charset="{}">',
        "<meta http-equiv='Content-Type' content='text/html; charset={}'>",
        '<?xml version="1.0" encoding="{}"?>',
        "<!-- " + "x" * 4000 + ' --><META CHARSET="{}">',
    ],
)
@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        (JAPANESE, "cp932", "Shift_JIS"),
        (JAPANESE, "cp932", "x-sjis"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (SIMPLIFIED, "gb18030", "gb2312"),
        (TRADITIONAL, "big5", "Big5"),
        (KOREAN, "cp949", "ks_c_5601-1987"),
        ("Où est le port ?", "cp1252", "ISO-8859-1"),
    ],
)
def test_declared(head: str, text: str, name: str, label: str) -> None:
    page = f"{head.format(label)}<p>{text}"
    assert as_utf8(page.encode(name)).decode() == page


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Shift_JIS", "utf-8"),
        ("utf-8", "cp932"),
        ("utf-8", "euc_jp"),
        ("Shift_JIS", "euc_jp"),
        ("EUC-JP", "cp932"),
        ("iso-8859-1", "cp932"),
        ("utf-16", "utf-8"),
        ("no-such-thing", "euc_jp"),
        ("hex", "cp932"),
        ("gb2312", "cp932"),
    ],
)
def test_wrong_declarations_are_noticed(label: str, name: str) -> None:
    page = f'<meta charset="{label}"><p>{JAPANESE}'
    assert as_utf8(page.encode(name)).decode() == page


def test_characters_of_vendors() -> None:
    page = "<meta charset=shift_jis><p>①㈱髙島の﨑港で船が出る。"
    assert as_utf8(page.encode("cp932")).decode() == page


def test_one_broken_byte_costs_one_character() -> None:
    data = f"<p>{JAPANESE}".encode()
    assert as_utf8(data[:12] + b"\xff" + data[12:]).decode() == f"<p>{JAPANESE[:3]}\ufffd{JAPANESE[3:]}"


def test_byte_order_mark_goes_before_declaration() -> None:
    assert as_utf8(b"\xef\xbb\xbf<meta charset=euc-jp>" + "海".encode()).decode() == "<meta charset=euc-jp>海"


@given(st.binary())
def test_never_fails(data: bytes) -> None:
    as_utf8(data).decode()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\x00\x1b")))
def test_utf8_is_read_as_it_is(text: str) -> None:
    assert as_utf8(text.encode()).decode() == text
