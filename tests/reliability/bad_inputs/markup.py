"""Files of other grammars: the label configuration (XML), CITATION.cff (YAML), saved web pages (HTML)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.conftest import REPOSITORY
from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused
from tests.test_cli import HTML

XML_FILE, CFF, PAGE = "label_config.xml", "CITATION.cff", "page.html"
CONFIG = (REPOSITORY / "annotation/label_config.xml").read_text("utf-8")
LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
QUADRATIC = f'<!ENTITY x "{"a" * 10_000}">'
DOCTYPES = {
    "a public one": '<!DOCTYPE View PUBLIC "-//A//B" "http://a.example/x.dtd">', "a system one": '<!DOCTYPE View SYSTEM "file:///etc/passwd">', "a bare one": "<!DOCTYPE View>", "in small letters": "<!doctype View>", "an inner one": "<!DOCTYPE View [<!ELEMENT View ANY>]>",
    "an outer entity": '<!DOCTYPE View [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "a network entity": '<!DOCTYPE View [<!ENTITY x SYSTEM "http://169.254.169.254/">]>', "a parameter entity": '<!DOCTYPE View [<!ENTITY % x SYSTEM "http://a.example/">%x;]>', "a billion laughs": f"<!DOCTYPE View [{LAUGHS}]>",
    "a quadratic one": f"<!DOCTYPE View [{QUADRATIC}]>", "with attributes": '<!DOCTYPE View [<!ATTLIST View a CDATA "x">]>', "over lines": "<!DOCTYPE\nView\n>", "a notation": '<!DOCTYPE View [<!NOTATION n SYSTEM "x">]>',
}  # fmt: skip
NOT_XML: dict[str, Callable[[str], str]] = {
    "no end": lambda t: t[: t.rindex("</")], "an end too many": lambda t: t + "</View>", "two roots": lambda t: t + "<View/>", "plain text": lambda _: "plain", "an ampersand": lambda t: t.replace('"', '"&', 1), "an unknown entity": lambda t: t.replace('"', '"&nbsp;', 1), "an attribute twice": lambda t: t.replace("<View", '<View a="1" a="2"', 1),
    "an attribute without quotes": lambda t: t.replace("<View", "<View a=1", 1), "an attribute without value": lambda t: t.replace("<View", "<View a", 1), "crossed elements": lambda _: "<a><b></a></b>", "a less-than in a value": lambda _: '<a b="<"/>', "an open comment": lambda t: t + "<!-- x", "two dashes in a comment": lambda t: "<!-- a -- b -->" + t,
    "an open section": lambda _: "<a><![CDATA[x</a>", "text behind": lambda t: t + "x", "text before": lambda t: "x" + t, "a declaration in the middle": lambda t: t + "<?xml version='1.0'?>", "an unknown prefix": lambda _: "<a:b/>", "a bad name": lambda _: "<1a/>", "a full-width bracket": lambda t: t.replace("<", "＜"), "JSON": lambda _: '{"a": 1}', "a noncharacter": lambda _: "<a>\uffff</a>",
    "a control by number": lambda _: "<a>&#27;</a>", "zero by number": lambda _: "<a>&#0;</a>", "a surrogate by number": lambda _: "<a>&#xD800;</a>", "65 levels": lambda _: "<a>" * 65 + "</a>" * 65, "100,000 levels": lambda _: "<a>" * 100_000, "a blank before the declaration": lambda _: " <?xml version='1.0'?><a/>",
}  # fmt: skip
LEGAL_XML: dict[str, Callable[[str], str]] = {
    "as it is": lambda t: t, "a declaration": lambda t: '<?xml version="1.0"?>\n' + t, "a declaration of UTF-8": lambda t: '<?xml version="1.0" encoding="UTF-8"?>\n' + t, "another declared encoding": lambda t: '<?xml version="1.0" encoding="Shift_JIS"?>\n' + t, "UTF-16 declared": lambda t: '<?xml version="1.0" encoding="UTF-16"?>\n' + t,
    "an unknown encoding declared": lambda t: '<?xml version="1.0" encoding="x-unknown"?>\n' + t, "a byte order mark": lambda t: "\ufeff" + t, "CRLF": lambda t: t.replace("\n", "\r\n"), "a comment": lambda t: "<!-- 甲 -->\n" + t, "an instruction": lambda t: "<?note x?>" + t, "a section": lambda _: "<View><![CDATA[<b>&]]></View>", "the five entities": lambda _: "<a>&lt;&gt;&amp;&quot;&apos;</a>",
    "numbers of characters": lambda _: "<a>&#x20BB7;&#30002;</a>", "single quotes": lambda _: "<a b='c'/>", "blanks in tags": lambda _: "<a  b = 'c' ></a >", "64 levels": lambda _: "<a>" * 64 + "</a>" * 64, "astral text": lambda _: '<a b="𠮷👍🏽">葛󠄀</a>', "namespaces": lambda _: '<x:a xmlns:x="urn:x"/>', "bidi": lambda _: "<a>\u202e甲</a>", "CR": lambda t: t.replace("\n", "\r"),
    "Japanese names": lambda _: "<甲 乙='丙'/>",
}  # fmt: skip
YAML_OK = "cff-version: 1.2.0\ntitle: 港\nauthors:\n  - family-names: 甲\n    given-names: 乙\nversion: 1.10\ndate-released: 2026-02-03\nkeywords:\n  - 海\n"
NOT_YAML: dict[str, tuple[str, str]] = {
    "a Python object": ("!!python/object/apply:os.system [id]", "YML001"), "a Python name": ("a: !!python/name:os.system", "YML001"), "a tag of time": ("a: !!timestamp 2025-02-03", "YML001"), "a tag of binary": ("a: !!binary eA==", "YML001"), "a tag of sets": ("!!set {a, b}", "YML001"), "a tag of its own": ("a: !x 1", "YML001"), "a verbatim tag": ("a: !<x> 1", "YML001"), "a tag directive": ("%TAG ! x:\n---\na: !b 1", "YML001"),
    "an anchor": ("a: &a 1", "YML003"), "an alias": ("a: &a 1\nb: *a", "YML003"), "a merge": ("a: &a {x: 1}\nb:\n  <<: *a", "YML003"), "a loop": ("a: &a [*a]", "YML003"), "a bomb": ("a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)), "YML003"),
    "a key twice": ("a: 1\na: 2", "YML002"), "a key twice inside": ("a:\n  b: 1\n  b: 2", "YML002"), "a key twice in flow": ("{a: 1, a: 2}", "YML002"), "a key twice by quotes": ('a: 1\n"a": 2', "YML002"), "an open list": ("a: [", "YML001"), "an open quote": ('a: "x', "YML001"), "a tab": ("a:\n\t- x", "YML001"), "a wrong indentation": ("a:\n  b: 1\n c: 2", "YML001"), "an at sign": ("a: @b", "YML001"), "a backtick": ("a: `b`", "YML001"),
    "a percent": ("a: 1\n%b", "YML001"), "two documents": ("a: 1\n---\nb: 2", "YML001"), "a list as key": ("? [a]\n: 1", "YML001"), "a mapping as key": ("? {a: 1}\n: 1", "YML001"), "another version": ("%YAML 9.9\n---\na: 1", "YML001"), "10,000 open lists": ("[" * 10_000, "YML001"), "5,000 dashes": ("- " * 5_000 + "a", "YML001"), "a brace too many": ("a: 1}\nb: {", "YML001"), "a colon too many": ("a: b: c", "YML001"),
    "an unknown escape": ('a: "\\q"', "YML001"), "a noncharacter": ("a: \uffff", "YML001"), "text": ("plain", "CFF001"), "a list": ("- a\n- b", "CFF001"), "JSON list": ("[]", "CFF001"), "authors as a text": ("authors: me", "CFF001"), "authors as texts": ("authors: [me]", "CFF001"), "authors as a mapping": ("authors: {name: me}", "CFF001"), "an author with a list": ("authors: [{family-names: [a], given-names: b}]", "CFF001"), "an author with a mapping": ("authors: [{name: {a: b}}]", "CFF001"),
    "no authors": ("authors:\ntitle: x", "CFF001"), "a title as a list": ("title: [x]", "CFF001"), "a version as a mapping": ("version: {a: 1}", "CFF001"), "keywords as a text": ("keywords: abc", "CFF001"), "keywords as a mapping": ("keywords: {a: b}", "CFF001"), "keywords of lists": ("keywords: [[a]]", "CFF001"), "an impossible day": ("date-released: 2025-02-30", "CFF001"), "a day in words": ("date-released: yesterday", "CFF001"), "a day with time": ("date-released: 2025-02-03T00:00:00", "CFF001"), "an abstract as a list": ("abstract: [a]", "CFF001"),
}  # fmt: skip
LEGAL_YAML = {
    "as it is": YAML_OK, "as JSON": '{"title": "港", "version": "1.10"}', "quoted": 'title: "港"\nversion: \'1.10\'', "country no": "title: no\nversion: 12:34:56", "a folded text": "abstract: >\n  a\n  b\ntitle: x", "a literal text": "abstract: |\n  a\n  b\n", "comments": "# c\ntitle: x # d\n", "a document mark": "---\ntitle: x\n", "an end mark": "title: x\n...\n", "unknown keys": "title: x\ncolour: red\nmore: [a, {b: c}]\n",
    "astral": "title: 𠮷👍🏽\n", "a variation": "title: 葛󠄀\n", "a byte order mark": "\ufeff" + YAML_OK, "CRLF": YAML_OK.replace("\n", "\r\n"), "a leap day": "title: x\ndate-released: 2024-02-29\n", "a name alone": "authors:\n  - name: 甲会\n", "an ampersand inside": "title: a & b * c\n", "a directive": "%YAML 1.1\n---\ntitle: x\n", "escapes": 'title: "\\u6d77 \\U00020BB7"\n', "an empty title": "title:\n", "no keys": "{}",
}  # fmt: skip


def cases() -> Iterator[Case]:
    """All cases of the three grammars."""
    yield from _xml()
    yield from _yaml()
    yield from _html()


def _xml() -> Iterator[Case]:
    check = ("check", XML_FILE)
    for name, doctype in DOCTYPES.items():
        data = f"{doctype}\n{CONFIG}".encode()
        yield refused(
            f"label configuration/DOCTYPE/{name}",
            {XML_FILE: data},
            check,
            Expected("XML001", XML_FILE, 1),
            mends="\n" not in doctype and "[" not in doctype,
        )
    yield refused(
        "label configuration/DOCTYPE/behind a comment",
        {XML_FILE: b"<!-- x -->\n<!DOCTYPE View>\n<View/>"},
        check,
        Expected("XML001", XML_FILE, 2),
        mends=True,
    )
    yield refused(
        "label configuration/DOCTYPE/in a comment, which no file of ours needs",
        {XML_FILE: b"<View><!-- <!DOCTYPE x> --></View>"},
        check,
        Expected("XML001", XML_FILE, 1),
    )
    for name, change in NOT_XML.items():
        yield refused(
            f"label configuration/grammar/{name}",
            {XML_FILE: change(CONFIG).encode()},
            check,
            Expected("XML002", XML_FILE),
        )
    for name, data, code in (
        ("no byte", b"", "RAW001"), ("zeros", b"\0" * 64, "CTL001"), ("UTF-16", CONFIG.encode("utf-16"), "ENC001"), ("UTF-32", CONFIG.encode("utf-32"), "ENC001"), ("UTF-16 without mark", "<View>海の中のさかな</View>".encode("utf-16-le"), "CTL001"), ("CP932", '<View name="かなのなまえのかなかな"/>'.encode("cp932"), "ENC001"), ("an escape", CONFIG.encode() + b"<!--\x1b[2J-->", "CTL001"),
        ("a cut character", CONFIG.encode() + b"\xe3", "ENC002"), ("overlong brackets", b"\xc0\xbcView/>", "ENC002"), ("a form feed", CONFIG.encode() + b"\x0c", "CTL001"),
    ):  # fmt: skip
        yield refused(f"label configuration/bytes/{name}", {XML_FILE: data}, check, Expected(code, XML_FILE))
    for name, change in LEGAL_XML.items():
        yield accepted(f"label configuration/legal/{name}", {XML_FILE: change(CONFIG).encode()}, *check)
    for name, data, code in (
        ("a million elements", b"<a>" + b"<b/>" * 1_000_000 + b"</a>", ""), ("200,000 attributes", b"<a " + b" ".join(b'a%d="1"' % n for n in range(200_000)) + b"/>", ""), ("20 MB of text", b"<a>" + b"x" * 20_000_000 + b"</a>", ""), ("a name of 5 MB", b"<" + b"a" * 5_000_000 + b"/>", ""), ("a million brackets", b"<" * 1_000_000, "XML002"), ("a million exclamations", b"<a>" + b"<! " * 1_000_000, "XML002"),
        ("100,000 open comments", b"<!--" * 100_000, "XML002"), ("a blank of 5 MB behind an exclamation", b"<a><!" + b" " * 5_000_000 + b"x", "XML002"),
    ):  # fmt: skip
        expected = (Expected(code, XML_FILE),) if code else ()
        yield Case(
            f"label configuration/hostile/{name}",
            {XML_FILE: data},
            check,
            int(bool(code)),
            expected,
            memory=40 * len(data) + 200 * MIB,
            seconds=60,
        )


def _yaml() -> Iterator[Case]:
    check = ("check", CFF)
    for name, (text, code) in NOT_YAML.items():
        yield refused(f"citation/grammar/{name}", {CFF: text.encode()}, check, Expected(code, CFF))
    for name, data, code in (
        ("no byte", b"", "RAW001"),
        ("zeros", b"\0" * 64, "CTL001"),
        ("UTF-16", YAML_OK.encode("utf-16"), "ENC001"),
        ("an escape", YAML_OK.encode() + b"x: \x1b[2J\n", "CTL001"),
        ("a cut character", YAML_OK.encode() + b"\xe3", "ENC002"),
        ("a C1 control", YAML_OK.encode() + "x: \x9b\n".encode(), "CTL001"),
    ):
        yield refused(f"citation/bytes/{name}", {CFF: data}, check, Expected(code, CFF))
    for name, text in LEGAL_YAML.items():
        yield accepted(f"citation/legal/{name}", {CFF: text.encode()}, *check)
    for name, data, code in (
        ("5 MB of one value", b"title: " + b"x" * 5_000_000, "RAW002"), ("a million keys", b"".join(b"k%d: 1\n" % n for n in range(1_000_000)), "RAW002"), ("50,000 list items", b"keywords:\n" + b"- x\n" * 50_000, ""), ("200,000 braces", b"{" * 200_000, "YML001"), ("100,000 dashes", b"- " * 100_000, "YML001"), ("200,000 quotes", b'"' * 200_000, "YML001"),
        ("10,000 anchors", b"".join(b"k%d: &a%d 1\n" % (n, n) for n in range(10_000)), "YML003"), ("deep indentation", b"".join(b" " * n + b"a:\n" for n in range(500)), "YML001"),
    ):  # fmt: skip
        expected = (Expected(code, CFF),) if code else ()
        yield Case(
            f"citation/hostile/{name}",
            {CFF: data},
            check,
            int(bool(code)),
            expected,
            memory=40 * len(data) + 300 * MIB,
            seconds=60,
        )


def _html() -> Iterator[Case]:
    clean = ("clean", PAGE, "--format", "jsonl")
    pages: dict[str, bytes] = {
        **{f"declared {codec}": HTML.replace("shift_jis", codec).encode(codec) for codec in ("cp932", "euc_jp", "utf-8", "iso2022_jp")}, "UTF-16": HTML.encode("utf-16"), "UTF-8, declared otherwise": HTML.encode(), "nothing declared": HTML.replace('<meta charset="shift_jis">', "").encode(), "a byte order mark": b"\xef\xbb\xbf" + HTML.encode(),
        "an unknown charset": HTML.replace("shift_jis", "x-none").encode(), "a codec that is none for text": HTML.replace("shift_jis", "base64").encode(), "charset utf-7": HTML.replace("shift_jis", "utf-7").encode(), "no end": HTML[: len(HTML) - 60].encode(), "crossed elements": HTML.replace("</p>", "</div></p>").encode(), "no html element": HTML[HTML.index("<h1>") :].encode(),
        "capital letters": HTML.replace("<p>", "<P>").replace("<h1>", "<H1>").encode(), "CRLF": HTML.replace("\n", "\r\n").encode(), "attributes without quotes": HTML.replace("<p>", "<p class=a>").encode(), "script in the text": HTML.replace("海を", "<script>alert(1)</script>海を").encode(), "a comment in the text": HTML.replace("海を", "<!-- x -->海を").encode(), "entities": HTML.replace("海を", "海&amp;&#28023;&unknown;を").encode(),
        "an outer resource": HTML.replace("<p>", '<img src="http://169.254.169.254/"><link href="http://a.example/x.css"><p>').encode(), "a refresh": HTML.replace("<title>", '<meta http-equiv="refresh" content="0;url=http://a.example/"><title>').encode(), "a frame": HTML.replace("<p>", '<iframe src="file:///etc/passwd"></iframe><p>').encode(), "XHTML": ('<?xml version="1.0"?><!DOCTYPE html SYSTEM "http://a.example/x.dtd">' + HTML).encode(), "a DOCTYPE with entities": ('<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + HTML).encode(),
        "astral text": HTML.replace("海を", "𠮷👍🏽葛󠄀を").encode(), "ruby": HTML.encode(), "bidi": HTML.replace("海を", "\u202e海を").encode(), "hidden text": HTML.replace("<p>", '<p hidden>x</p><p style="display:none">y</p><p>').encode(), "a template": HTML.replace("海を", "{{x}}<template>t</template>海を").encode(), "SVG and math": HTML.replace("<p>", "<svg><text>x</text></svg><math><mi>y</mi></math><p>").encode(),
        "broken bytes inside": HTML.encode().replace("海".encode(), b"\xff\xfe", 1), "zeros inside": HTML.replace("海を", "海\0を").encode(), "an escape inside": HTML.replace("海を", "海\x1b[31mを").encode(), "an escape by number": HTML.replace("海を", "海&#27;[31mを").encode(), "C1 by number": HTML.replace("海を", "海&#x9b;31mを").encode(), "a title with an escape": HTML.replace("掃海艇を北", "掃\x1b]0;x\x07海艇を北").encode(), "a surrogate by number": HTML.replace("海を", "海&#xD800;を").encode(), "C1 as it is": HTML.replace("海を", "海\x9b31mを").encode(),
        "JSON-LD that is broken": HTML.replace("<title>", '<script type="application/ld+json">{"a": [</script><title>').encode(), "JSON-LD that is deep": HTML.replace("<title>", f'<script type="application/ld+json">{"[" * 5000}</script><title>').encode(), "JSON-LD with a surrogate": HTML.replace("<title>", '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "\\ud83d"}</script><title>').encode(), "JSON-LD with escapes": HTML.replace("<title>", '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "\\u001b[31m見出しの行"}</script><title>').encode(),
    }  # fmt: skip
    for name, data in pages.items():
        yield accepted(f"web page/legal/{name}", {PAGE: data}, *clean)
        yield accepted(f"web page/legal/{name}, as text", {PAGE: data}, "clean", PAGE)
        yield accepted(f"web page/explained/{name}", {PAGE: data}, "explain", PAGE)
    for name, data in (
        ("no byte", b""),
        ("blanks", b" \n"),
        ("no text", b"<html><body></body></html>"),
        ("script alone", b"<script>x</script>"),
        ("a login page", "<h1>ログイン</h1><form><input></form>".encode()),
        ("zeros", b"\0" * 1000),
        ("403", b"<title>403 Forbidden</title>"),
    ):
        yield refused(f"web page/nothing/{name}", {PAGE: data}, clean, Expected("CLN001", "page"))
    for name, data in (
        ("100,000 levels", b"<div>" * 100_000 + "首相は述べた。".encode()), ("100,000 spans", b"<span>" * 100_000 + "首相は述べた。".encode()), ("500,000 open brackets", b"<" * 500_000), ("200,000 attributes", b"<p " + b"a=1 " * 200_000 + b">x</p>"), ("100,000 cells", b"<table><tr>" + b"<td>x" * 20_000), ("100,000 list items", b"<ul>" + "<li>甲</li>".encode() * 100_000),
        ("nested tables", b"<table><tr><td>" * 5_000), ("200,000 entities", b"&amp;" * 200_000), ("a comment of 5 MB", b"<!--" + b"x" * 5_000_000), ("100,000 links", "<a href=/x>甲</a>".encode() * 100_000), ("misnested formatting", b"<b><i><u><a>" * 5_000 + b"x"),
    ):  # fmt: skip
        yield Case(f"web page/hostile/{name}", {PAGE: data}, ("check", PAGE), 2, (Expected("FMT001", PAGE),))
        yield Case(
            f"web page/hostile/{name}, cleaned",
            {PAGE: b"<h1>" + "見出しの行です</h1><p>首相は5日、港を守ると述べた。</p>".encode() + data},
            ("clean", PAGE),
            memory=400 * MIB + 40 * len(data),
            seconds=60,
        )
