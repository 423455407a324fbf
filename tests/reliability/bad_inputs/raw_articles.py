"""Raw articles: encodings, broken bytes, controls, nothing to read; and unusual text that must pass unchanged."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused
from tests.texts import ARTICLES, HARBOUR, HOSTILE, RAILWAY, SCHOOL

JAPANESE = {id_: text.replace("©", "").replace("•", "・") for id_, text in ARTICLES.items()}
ENCODINGS = {
    "cp932": "cp932", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp", "utf-16 with mark": "utf-16",
    "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be", "utf-32 with mark": "utf-32",
}  # fmt: skip
BROKEN = {
    "a lone continuation byte": b"\x80", "a byte that never occurs": b"\xff", "another that never occurs": b"\xfe",
    "overlong slash": b"\xc0\xaf", "overlong NUL": b"\xc0\x80", "overlong in three bytes": b"\xe0\x80\xaf",
    "overlong in four bytes": b"\xf0\x80\x80\xaf", "high surrogate": b"\xed\xa0\xbd", "low surrogate": b"\xed\xb8\x80",
    "CESU-8 pair": b"\xed\xa0\xbd\xed\xb8\x80", "above U+10FFFF": b"\xf4\x90\x80\x80", "five bytes": b"\xf8\x88\x80\x80\x80",
    "two of three bytes": b"\xe3\x81", "one of four bytes": b"\xf0", "three of four bytes": b"\xf0\x9f\x98",
    "latin-1 letter": b"\xe9", "windows-1252 quotes": b"\x93x\x94",
}  # fmt: skip
CONTROLS = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0)]
SEQUENCES = {
    "colour": "\x1b[31m赤\x1b[0m", "clear screen": "\x1b[2J", "window title": "\x1b]0;甲\x07", "clipboard": "\x1b]52;c;eA==\x07",
    "hyperlink": "\x1b]8;;https://a.example\x1b\\甲\x1b]8;;\x1b\\", "device control": "\x1bP1$r\x1b\\",
    "backspaces": "甲\x08\x08乙", "cursor up": "\x1b[5A", "one byte introducer": "\x9b31m", "alternate screen": "\x1b[?1049h",
    "report cursor": "\x1b[6n", "JIS shift": "\x1b$B%3%s",
}  # fmt: skip
NOTHING = {
    "no byte": b"", "a line feed": b"\n", "blank lines": b"\n\n\r\n", "ideographic spaces": "　\n　".encode(),
    "a byte order mark": b"\xef\xbb\xbf", "no-break spaces": "\u00a0\n\u202f".encode(), "tabs": b"\t\t\n",
    "line separators": "\u2028\u2029".encode(), "a million line feeds": b"\n" * 1_000_000, "mark and blanks": b"\xef\xbb\xbf \n",
}  # fmt: skip
ONLY_NAVIGATION = {
    "site navigation": "ホーム\nニュース\nランキング\nログイン\n", "a share bar": "この記事をシェアする\nFacebook\nURLをコピーしました\n",
    "a footer": "© 青空新聞社 無断転載を禁じます\n", "a ranking": "アクセスランキング\n• 1\n週末の天気\n• 2\n新しい橋\n",
}  # fmt: skip
SENTENCE = "甲国の首相は5日、乙国の北港を守るために掃海艇三隻を送ると述べた。"
# Unusual and legal: put into the first paragraph of the harbour, all must pass byte for byte.
UNUSUAL = {
    **{f"hostile text: {name}": text for name, text in HOSTILE.items() if "\x85" not in text and "\x0b" not in text},
    "kanji beyond the BMP": "𠮷野家と𩸽", "emoji": "😀", "emoji with skin tone": "👍🏽", "flag": "🇺🇦", "flag of a region": "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "family of joiners": "👩‍👩‍👧‍👦", "keycap": "1️⃣", "ideographic variation": "葛󠄀", "text variation": "☂︎",
    "standardised variation": "㐂︀", "half-width kana": "ｶﾞｷﾞｸﾞ", "full-width Latin": "ＡＢＣ１２３", "wave dash": "10〜20",
    "full-width tilde": "10～20", "compatibility kanji U+FA10": "塚", "compatibility kanji U+FA19": "神",
    "compatibility kanji U+FA11": "﨑", "compatibility kanji U+2F800": "丽", "circled number": "①", "square unit": "㌔", "era": "㋿",
    "combining voiced mark": "か\u3099", "combining acute": "e\u0301", "many marks": "か" + "\u3099" * 29, "Zalgo": "甲" + "\u0301\u0316" * 14,
    "zero width space": "甲\u200b国", "soft hyphen": "甲\u00ad国", "word joiner": "甲\u2060国", "no-break space": "甲\u00a0国",
    "byte order mark inside": "甲\ufeff国", "tag characters": "甲\U000e0061国", "bidi override": "甲\u202e国\u202c", "isolates": "\u2066甲\u2069",
    "left-to-right mark": "甲\u200e国", "Arabic": "مرحبا", "Hebrew": "שלום", "Thai": "สวัสดี", "Hangul": "안녕", "Cyrillic": "Київ",
    "line separator": "甲\u2028国", "paragraph separator": "甲\u2029国", "ideographic space": "甲　国", "en quad": "甲\u2000国",
    "private use": "甲\ue000国", "private use beyond the BMP": "\U000f0000", "replacement character": "甲\ufffd国", "noncharacter": "\ufffe\uffff",
    "noncharacter beyond the BMP": "\U0001ffff", "last code point": "\U0010ffff", "unassigned": "\u0378", "ideographic description": "⿰亻甲",
    "angle brackets": "<b>甲</b>", "script": "<script>alert(1)</script>", "entities": "&lt;甲&gt; &#27;", "template": "{{x}} {0} %s $name ${a}",
    "PHP debris": "<?php echo 1; ?>", "SQL": "'; DROP TABLE 甲; --", "formula": "=1+1", "at formula": "@SUM(A1)", "path": "../../etc/passwd",
    "shell": "$(reboot) `id` | rm -rf", "conflict mark inside": "a <<<<<<< b", "Windows path": "C:\\甲\\乙", "ANSI in words": "^[[31m",
    "URL": "https://甲.example/乙?a=b#c", "file address": "file:///etc/passwd", "metadata address": "http://169.254.169.254/", "quotes": "“甲”『乙』\"丙\"",
    "mojibake": SENTENCE.encode().decode("latin-1").translate(dict.fromkeys(range(0x80, 0xA0))), "double encoded dash": "â",
    "decomposed kana": unicodedata.normalize("NFD", "ガギグゲゴ"), "decomposed Latin": unicodedata.normalize("NFD", "café"),
    "compatibility form": unicodedata.normalize("NFKC", "ｶﾞ①㌔"), "a long word": "あ" * 3000, "digits": "1" * 500, "nested brackets": "（" * 200 + "）" * 200,
    "boilerplate word ranking": "ランキングは三位だった。", "boilerplate word related": "関連記事を書いた記者は述べた。", "boilerplate word comment": "首相はコメントした。",
    "boilerplate word share": "費用をシェアすることで合意した。", "boilerplate word copyright": "著作権の法律が成立した。", "boilerplate word login": "ログインした人数を発表した。",
}  # fmt: skip
LINE_ENDS: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"), "CR": lambda text: text.replace("\n", "\r"),
    "mixed": lambda text: text.replace("\n", "\r\n", 5), "a CR inside a line": lambda text: text.replace("首相", "首\r相", 1),
    "no last line feed": lambda text: text.rstrip("\n"), "a byte order mark": lambda text: "\ufeff" + text,
    "two byte order marks": lambda text: "\ufeff\ufeff" + text, "mark and CRLF": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    "double line feeds": lambda text: text.replace("\n", "\n\n"), "trailing blanks": lambda text: text.replace("\n", "  \n"),
    "leading ideographic spaces": lambda text: text.replace("\n", "\n　"), "tabs": lambda text: text.replace("\n", "\n\t"),
    "CR CR LF": lambda text: text.replace("\n", "\r\r\n"), "LF CR": lambda text: text.replace("\n", "\n\r"),
}  # fmt: skip


def cases() -> Iterator[Case]:
    """All cases of raw articles."""
    yield from _encodings()
    yield from _broken()
    yield from _controls()
    yield from _nothing()
    yield from _unusual()
    yield from _binary()
    yield from _hostile()


def _encodings() -> Iterator[Case]:
    for name, codec in ENCODINGS.items():
        for id_, text in JAPANESE.items():
            data = text.encode(codec)
            yield refused(
                f"raw article/encoding/{name}, {id_}", {"a.txt": data}, ("check", "a.txt"), Expected("ENC001", "a.txt", 1), mends=True
            )  # fmt: skip
        data = JAPANESE["harbour"].encode(codec)
        for command in (("clean", "a.txt"), ("explain", "a.txt"), ("add", "a.txt")):
            yield refused(
                f"raw article/encoding/{name}, by {command[0]}",
                {"a.txt": data},
                command,
                Expected("ENC001", "a.txt", 1),
            )
    for name, data in {
        "UTF-8 first, then CP932": SCHOOL.encode() + JAPANESE["harbour"].encode("cp932"),
        "CP932 first, then UTF-8": JAPANESE["harbour"].encode("cp932") + SCHOOL.encode(),
        "GBK": "甲国政府昨天表示将派遣部队。".encode("gbk"), "Big5": "甲國政府昨天表示將派遣部隊。".encode("big5"),
        "KS": "정부는 어제 발표했다".encode("cp949"),
    }.items():  # fmt: skip
        yield refused(f"raw article/encoding/{name}", {"a.txt": data}, ("check", "a.txt"), Expected("ENC002", "a.txt"))
    utf7 = SCHOOL.encode("utf-7")
    yield accepted("raw article/encoding/UTF-7 is ASCII text", {"a.txt": utf7}, "check", "a.txt")
    yield accepted("raw article/encoding/plain ASCII", {"a.txt": b"Only ASCII.\n"}, "check", "a.txt")


def _broken() -> Iterator[Case]:
    for name, bad in BROKEN.items():
        for where, line, data in (
            ("at the start", 1, bad + RAILWAY.encode()),
            ("in the fourth line", 4, RAILWAY.encode().replace("丁連盟".encode(), bad + "丁連盟".encode(), 1)),
            ("at the end", RAILWAY.count("\n") + 1, RAILWAY.encode() + bad),
        ):
            found = Expected("ENC002", "a.txt", line)
            yield refused(f"raw article/broken UTF-8/{name} {where}", {"a.txt": data}, ("check", "a.txt"), found)
    data = RAILWAY.encode()
    for byte in (1, 2):
        cut = data[: data.index("検討".encode()) + byte]
        yield refused(
            f"raw article/broken UTF-8/cut after byte {byte} of a character", {"a.txt": cut}, ("clean", "a.txt"), Expected("ENC002", "a.txt", 4)
        )  # fmt: skip


def _controls() -> Iterator[Case]:
    for number in CONTROLS:
        text = RAILWAY.replace("丁連盟", f"丁{chr(number)}連盟", 1)
        if number == 0x1B:
            text = text.replace("\x1b", "\x1b[")
        yield refused(
            f"raw article/control/U+{number:04X}", {"a.txt": text.encode()}, ("check", "a.txt"), Expected("CTL001", "a.txt", 4), mends=True
        )  # fmt: skip
    for name, sequence in SEQUENCES.items():
        for command in ("clean", "add"):
            data = RAILWAY.replace("丁連盟", sequence, 1).encode()
            yield refused(f"raw article/terminal sequence/{name}, by {command}", {"a.txt": data}, (command, "a.txt"), Expected("CTL001", "a.txt", 4))  # fmt: skip
        name_of_file = f"{name.split()[0]}.txt"
        yield refused(
            f"raw article/terminal sequence/{name}, as text", {name_of_file: data}, ("check", name_of_file, "--format", "text"), exit=1
        )  # fmt: skip


def _nothing() -> Iterator[Case]:
    for name, data in NOTHING.items():
        for command in ("check", "clean", "add"):
            yield refused(f"raw article/nothing/{name}, by {command}", {"a.txt": data}, (command, "a.txt"), Expected("RAW001", "a.txt"))  # fmt: skip
    for name, text in ONLY_NAVIGATION.items():
        for command in ("clean", "add"):
            yield refused(f"raw article/only boilerplate/{name}, by {command}", {"a.txt": text.encode()}, (command, "a.txt"), Expected("CLN001"), exit=1)  # fmt: skip
        yield accepted(f"raw article/only boilerplate/{name}, explained", {"a.txt": text.encode()}, "explain", "a.txt")
    for command in ("check", "clean", "add"):
        data = "海\n".encode() * (1 + 64 * MIB // 4)
        yield refused(f"raw article/too large/65 MiB, by {command}", {"a.txt": data}, (command, "a.txt"), Expected("RAW002", "a.txt"), memory=32 * MIB)  # fmt: skip


def _unusual() -> Iterator[Case]:
    for name, text in UNUSUAL.items():
        data = HARBOUR.replace("海を安全にする。", f"海を{text}安全にする。", 1).encode()
        assert data != HARBOUR.encode()
        yield accepted(f"raw article/unusual/{name}", {"a.txt": data}, "check", "a.txt")
        yield accepted(
            f"raw article/unusual/{name}, cleaned", {"a.txt": data}, "clean", "a.txt", "--format", "segments"
        )
    for name in ("kanji beyond the BMP", "bidi override", "script", "combining voiced mark", "tag characters", "emoji"):
        data = HARBOUR.replace("海を安全にする。", f"海を{UNUSUAL[name]}安全にする。", 1).encode()
        written = ("seeds", "seeds/*", "annotation", "annotation/splits.csv")
        yield accepted(f"raw article/unusual/{name}, added", {"a.txt": data}, "add", "a.txt", written=written)
        yield accepted(f"raw article/unusual/{name}, explained", {"a.txt": data}, "explain", "a.txt")
    for name, change in LINE_ENDS.items():
        for id_, text in ARTICLES.items():
            yield accepted(f"raw article/line ends/{name}, {id_}", {"a.txt": change(text).encode()}, "check", "a.txt")


def _binary() -> Iterator[Case]:
    for name, data, code in (
        ("gzip", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "ENC002"), ("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "ENC002"),
        ("PNG", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "ENC002"), ("zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "CTL001"),
        ("Parquet", b"PAR1\x15\x04\x15\x10", "CTL001"), ("zeros", b"\x00" * 4096, "CTL001"), ("a tail of zeros", HARBOUR.encode() + b"\x00" * 512, "CTL001"),
        ("SQLite", b"SQLite format 3\x00\x10\x00\x01\x01", "CTL001"), ("pickle", b"\x80\x04\x95\x0b\x00\x00\x00", "ENC002"),
        ("ELF", b"\x7fELF\x02\x01\x01\x00", "CTL001"), ("UTF-16 of Latin", "page".encode("utf-16-le"), "CTL001"),
    ):  # fmt: skip
        for command in ("check", "clean"):
            yield refused(f"raw article/binary/{name}, by {command}", {"a.txt": data}, (command, "a.txt"), Expected(code, "a.txt"))  # fmt: skip
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 4096\n"
    conflict = HARBOUR.replace("任務の中身", "<<<<<<< HEAD\n任務の中身\n=======\n任務\n>>>>>>> other").encode()
    yield accepted("raw article/binary/a conflict is text", {"a.txt": conflict}, "check", "a.txt")
    yield accepted("raw article/binary/a pointer of Git LFS is text", {"a.txt": pointer}, "check", "a.txt")


def _hostile() -> Iterator[Case]:
    """Long and repetitive texts: time and memory must stay in proportion to the input (12 times, and 2 s a MB)."""
    line = "首相は述べた。"
    shapes = {
        "one line of 5 MB": line * 240_000, "100,000 lines": "甲\n" * 100_000, "100,000 ideographic spaces": "甲" + "　" * 100_000 + "乙。",
        "100,000 blanks before each line end": ("甲。" + " " * 1000 + "\n") * 100, "30,000 combining marks": "か" + "\u3099\u309a" * 15_000,
        "600,000 combining marks": "か" + "\u3099\u309a" * 300_000, "a ranking of 2,000 items": "アクセスランキング\n" + "".join(f"• {n}\n見出し{n}です\n" for n in range(2000)),
        "bullets alone": "•\n" * 50_000 + line, "200,000 brackets": "（" * 200_000 + "甲。", "200,000 quotes": "「" * 200_000 + "甲。",
        "a million digits": "1" * 1_000_000 + "円。", "100,000 dates": "2030年4月5日 " * 100_000, "100,000 URLs": "https://a.example/x " * 100_000 + "。",
        "50,000 equal lines": (line + "\n") * 50_000, "100,000 pipes": "甲|" * 100_000, "a long ASCII line": "a" * 2_000_000,
        "100,000 astral characters": "𠮷" * 100_000 + "。", "200,000 joiners": "👩\u200d" * 200_000, "alternating blanks": ("　 \u00a0" * 30_000) + "甲。",
        "50,000 colons": "甲：" * 50_000, "list marks and blanks": "・　" * 50_000 + "続きを読む", "100,000 question marks": "？" * 100_000 + "甲。",
    }  # fmt: skip
    for name, text in shapes.items():
        data = f"見出しの行です\n\n{SENTENCE}\n\n{text}\n".encode()
        memory = 12 * len(data) + 160 * MIB
        for command in (("check", "a.txt"), ("clean", "a.txt")):
            yield Case(f"raw article/hostile/{name}, by {command[0]}", {"a.txt": data}, command, memory=memory, seconds=40 + 10 * len(data) / MIB)  # fmt: skip
