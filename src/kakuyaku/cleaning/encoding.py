"""The bytes of a web page as text: by byte order mark, by being valid UTF-8, by declaration, by plausibility.

A declaration is believed unless another encoding gives a far more plausible text. Plausible is what consists of the
characters that every text of the language is full of: kana, or the most frequent characters of Chinese or Korean. A
wrong encoding of the same bytes gives rare characters.
"""

from __future__ import annotations

import codecs
import re

_DECLARATION = re.compile(
    rb"""<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 8192  # bytes; browsers look at the first 1,024, some sites put the declaration later
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers read under these labels (WHATWG Encoding Standard): supersets, with the vendors' characters.
_SUPERSETS = {
    **dict.fromkeys(("shift_jis", "cp932", "ms_kanji", "shift_jisx0213", "shift_jis_2004"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "hz"), "gb18030"),
    **dict.fromkeys(("big5", "cp950", "big5hkscs"), "big5hkscs"),
    **dict.fromkeys(("euc_kr", "cp949", "johab"), "cp949"),
    **dict.fromkeys(("euc_jp", "euc_jis_2004", "euc_jisx0213"), "euc_jis_2004"),
    **dict.fromkeys(("ascii", "iso8859-1", "cp1252"), "cp1252"),
}
_LABELS = {
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jis_2004",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "x-gbk": "gb18030",
    "big5-hkscs": "big5hkscs",
}
_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\([IJ])")

_KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30FD)))) + "、。「」・日年月国人本一大中会的出者事"
_CHINESE = (
    "的一是不了在人有我他中大来上和地出也年得要下以生会自可行方成多家同本日月而能好都然没起只作当想看文用主又如前所"
    "面公三已老最重加力全新高心些理其部法十二四五六七八九小天国民政分工市区省道路后者院安校教育科技网信息此因之与其"
    "并性及等被由更第外内相意海平水名次立制交打先利入正特直位式路化使何去再向至各北南西京，。：；“”《》？！"
)
_SIMPLIFIED = (
    "这个说们为时过对后么发还没经头长东车马门问间实现开关国学华业"
    "产动样专务报员电视记论议调资务进远运动际边应变让认识组织"
)
_TRADITIONAL = (
    "這個說們為時過對後麼發還沒經頭長東車馬門問間實現開關國學華業"
    "產動樣專務報員電視記論議調資務進遠運動際邊應變讓認識組織"
)
_KOREAN = "이다는의에을가하고를지은한도로서기사자인대시어나들일해정으리수부과그있와것아보전장제원라주상만국년구"
_CANDIDATES = {
    "cp932": frozenset(_KANA),
    "euc_jis_2004": frozenset(_KANA),
    "gb18030": frozenset(_CHINESE + _SIMPLIFIED),
    "big5hkscs": frozenset(_CHINESE + _TRADITIONAL),
    "cp949": frozenset(_KOREAN),
}
_CLEARLY = 0.15  # share of frequent characters: right encodings give .3 to .7, wrong ones below .1
_SAMPLE = 20_000  # bytes beyond ASCII that are enough to judge


def as_utf8(data: bytes) -> bytes:
    """The bytes of a page in UTF-8; never fails, what cannot be decoded becomes U+FFFD."""
    encoding = _encoding(data)
    return data.decode(encoding, "replace").encode("utf-8", "ignore") if encoding else data


def _encoding(data: bytes) -> str | None:
    """The codec for the bytes of a page; None when they are UTF-8 already."""
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name
    if unmarked := _utf16_without_mark(data):
        return unmarked
    if _ISO_2022_JP.search(data) and data.isascii():
        return "iso2022_jp_ext"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)
    return None


def _utf16_without_mark(data: bytes) -> str | None:
    """Markup is mostly ASCII: in UTF-16, many bytes of its beginning are zero, every second one."""
    head = data[:64]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 8 < len(head) or min(even, odd) * 3 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _declared(data: bytes) -> str | None:
    """The codec that the page declares, widened to what browsers read under its label."""
    found = _DECLARATION.search(data[:_DECLARED_WITHIN])
    if not found:
        return None
    label = (found[1] or found[2]).decode("ascii").lower()
    try:
        name = codecs.lookup(_LABELS.get(label, label)).name
    except LookupError:
        return None
    return None if name.startswith(("utf-16", "utf-32")) else _SUPERSETS.get(name, name)


def _guessed(data: bytes) -> str:
    """The codec for bytes that are not valid UTF-8."""
    scores = {name: _plausibility(data, name, frequent) for name, frequent in _CANDIDATES.items()}
    scores["utf-8"] = max(_plausibility(data, "utf-8", frequent) for frequent in _CANDIDATES.values())
    best = max(scores, key=lambda name: scores[name])
    declared = _declared(data)
    if declared and scores[best] - scores.get(declared, 0) < _CLEARLY:
        try:
            b"".decode(declared)
        except LookupError:  # a codec that is not for text
            return best
        return declared
    return best if scores[best] >= _CLEARLY else "cp1252" if declared is None else declared


def _plausibility(data: bytes, name: str, frequent: frozenset[str]) -> float:
    """The share of frequent characters among those beyond ASCII; each that cannot be decoded takes one away."""
    text = data.decode(name, "replace")
    foreign = re.findall(r"[^\x00-\x7f]", text)[:_SAMPLE]
    if not foreign:
        return 0.0
    good = sum(character in frequent for character in foreign)
    return (good - foreign.count("\ufffd")) / len(foreign)
