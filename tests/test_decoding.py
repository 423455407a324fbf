"""Bytes to text: what is accepted, what is recorded, what is refused and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.decoding import decode
from kakuyaku.findings import Failure
from tests.texts import HARBOUR


def refused(data: bytes) -> tuple[str, int | None, int | None, str]:
    with pytest.raises(Failure) as caught:
        decode(data, "page.txt")
    finding = caught.value.findings[0]
    return finding.code, finding.line, finding.column, str(finding)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("cp932", "CP932"), ("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP"), ("utf-16", "UTF-16"),
     ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32")],
)  # fmt: skip
def test_another_encoding_is_named_and_never_converted(encoding: str, named: str) -> None:
    code, line, _, message = refused(HARBOUR.replace("©", "").replace("•", "・").encode(encoding))
    assert (code, line) == ("ENC001", 1)
    assert named in message and "iconv" in message


@pytest.mark.parametrize("bad", [b"\xff", b"\xc0\xaf", b"\xed\xa0\xbd", b"\xf5\x80\x80\x80", b"\xe3\x81"])
def test_broken_utf8_has_its_place(bad: bytes) -> None:
    code, line, column, message = refused("甲国\nの海".encode() + bad + "に。\n".encode())
    assert (code, line, column) == ("ENC002", 2, 3)
    assert "offset 13" in message


@pytest.mark.parametrize("control", ["\x00", "\x1b[31m", "\x07", "\x0b", "\x0c", "\x7f", "\x85", "\x9b"])
def test_control_characters_are_refused_and_not_replayed(control: str) -> None:
    code, line, column, message = refused(f"甲国\nは{control}海。\n".encode())
    assert (code, line, column) == ("CTL001", 2, 2)
    assert control[0] not in message


@pytest.mark.parametrize("data", [b"", b"\n\n", b" \xe3\x80\x80\n", b"\xef\xbb\xbf", b"\n" * 1_000_000])
def test_no_text_is_refused(data: bytes) -> None:
    assert refused(data)[0] == "RAW001"


@pytest.mark.parametrize(
    "text", ["甲国は𠮟られた😀。", "が\u3099", "葛\U000e0100城", "\u202eみ", "ｶﾞ～〜", "a\u2028b", "\u00a0本"]
)
def test_unusual_text_passes_unchanged(text: str) -> None:
    assert decode(text.encode(), "x").text == text


def test_bom_and_line_ends_are_recorded() -> None:
    raw = decode(b"\xef\xbb\xbf" + "一\r\n二\r三\n\ufeff四\r\n".encode(), "x")
    assert raw.text == "一\n二\n三\n\ufeff四\n"
    assert (raw.had_bom, raw.n_crlf, raw.n_cr) == (True, 2, 1)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_a_finding(data: bytes) -> None:
    try:
        text = decode(data, "x").text
    except Failure as failure:
        assert failure.exit_code == 1
    else:
        assert "\r" not in text and text.strip()
