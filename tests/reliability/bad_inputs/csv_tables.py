"""CSV: the tables of splits, actors and judgements, spoilt in form and in content; legal ways of quoting."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import MIB, Case, Expected, accepted, refused

SPLITS, ACTORS = "annotation/splits.csv", "annotation/actors.csv"
# Damage that any table must refuse in the same way: what is done to its bytes, the code, the line.
FORM: dict[str, tuple[Callable[[bytes], bytes], str, int | None]] = {
    "no header": (lambda d: d.split(b"\n", 1)[1], "CSV001", 1), "another header": (lambda d: b"a,b\n" + d.split(b"\n", 1)[1], "CSV001", 1), "a header in capitals": (lambda d: d.replace(b",", b",", 1)[:3].upper() + d[3:], "CSV001", 1),
    "semicolons": (lambda d: d.replace(b",", b";"), "CSV001", 1), "tabs": (lambda d: d.replace(b",", b"\t"), "CSV001", 1), "a blank in the header": (lambda d: d.replace(b",", b", ", 1), "CSV001", 1), "a column too many": (lambda d: d.replace(b"\n", b",x\n", 1), "CSV001", 1),
    "a cell too many": (lambda d: _line(d, 2, lambda line: line + b",x"), "CSV001", 2), "a cell too few": (lambda d: _line(d, 2, lambda line: line.rsplit(b",", 1)[0]), "CSV001", 2), "an empty line": (lambda d: _line(d, 2, lambda line: line + b"\n"), "CSV001", 3),
    "a blank line": (lambda d: _line(d, 2, lambda line: line + b"\n "), "CSV001", 3), "a comment": (lambda d: _line(d, 2, lambda _: b"# note"), "CSV001", 2), "an open quote": (lambda d: _line(d, 2, lambda line: b'"' + line), "CSV001", None), "a quote inside": (lambda d: _line(d, 2, lambda line: b'"a"b,' + line.split(b",", 1)[1]), "CSV001", 2),
    "zeros behind": (lambda d: d + b"\0" * 64, "CTL001", None), "an escape": (lambda d: _line(d, 2, lambda line: b"\x1b[2J" + line), "CTL001", 2), "UTF-16": (lambda d: d.decode().encode("utf-16"), "ENC001", None), "CP932 kana": (lambda d: "仮名だけのかなをかなで書くかな,".encode("cp932") + d, "ENC002", 1), "a cut character": (lambda d: d + b"\xe3\x81", "ENC002", None),
    "no byte": (lambda _: b"", "JSN002", None), "zeros": (lambda d: b"\0" * len(d), "JSN002", None), "HTML": (lambda _: b"<!DOCTYPE html><title>403</title>\n", "CSV001", 1), "JSON": (lambda _: b'[{"a": 1}]\n', "CSV001", 1), "a conflict": (lambda d: _line(d, 2, lambda line: b"<<<<<<< HEAD\n" + line), "CSV001", 2),
}  # fmt: skip
LEGAL: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda d: d.replace(b"\n", b"\r\n"), "CR": lambda d: d.replace(b"\n", b"\r"), "a byte order mark": lambda d: b"\xef\xbb\xbf" + d, "no last line feed": lambda d: d.rstrip(b"\n"),
    "everything quoted": lambda d: b"".join(b",".join(b'"%s"' % cell for cell in line.split(b",")) + b"\n" for line in d.rstrip(b"\n").split(b"\n")), "a quoted header": lambda d: b'"' + d.replace(b",", b'",', 1),
}  # fmt: skip


def _line(data: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    lines = data.split(b"\n")
    lines[number - 1] = change(lines[number - 1])
    return b"\n".join(lines)


def cases() -> Iterator[Case]:
    """All cases of tables."""
    plain, annotated = trees.plain(), trees.annotated()
    for path, tree in ((SPLITS, plain), (ACTORS, annotated)):
        kind = path.split("/")[1].removesuffix(".csv")
        for name, (damage, code, line) in FORM.items():
            yield refused(
                f"CSV/{kind}, form/{name}",
                {**tree, path: damage(tree[path])},
                ("check", path),
                Expected(code, path, line),
                also=frozenset({"G03"}),
            )
        for name, damage_ in LEGAL.items():
            yield accepted(f"CSV/{kind}, legal/{name}", {**tree, path: damage_(tree[path])}, "check", path)
    yield from _splits(plain)
    yield from _actors(annotated)


def _splits(tree: trees.Tree) -> Iterator[Case]:
    lines = tree[SPLITS].decode().splitlines()
    for column, values, code in (
        (0, ("", "ab", "UPPER", "../x", "港", "a" * 65, "=1+1", "harbour "), "VAL003"), (1, ("", "Train", "dev", "train ", "ｔｒａｉｎ", "validation,"), "VAL002"), (2, ("", " ", "X"), "VAL003"), (3, ("", "1", "one", "1.0.0", "１.０"), "VAL003"),
    ):  # fmt: skip
        for value in values:
            cells = lines[2].split(",")
            cells[column] = f'"{value}"'
            table = "\n".join([*lines[:2], ",".join(cells), *lines[3:]]) + "\n"
            name = f"CSV/splits, value/column {column} is {value!a:.20}"
            yield refused(name, {**tree, SPLITS: table.encode()}, ("check", SPLITS), Expected(code, SPLITS, 3))
    twice = {**tree, SPLITS: tree[SPLITS] + lines[1].encode() + b"\n"}
    yield refused(
        "CSV/splits, lines/an article twice", twice, ("check", SPLITS), Expected("SPL002", SPLITS, 5), mends=True
    )
    for number in range(1, 4):
        less = "\n".join([*lines[:number], *lines[number + 1 :]]) + "\n"
        yield refused(
            f"CSV/splits, lines/line {number} missing",
            {**tree, SPLITS: less.encode()},
            ("check", "."),
            Expected("SPL001", SPLITS),
        )
    more = {**tree, SPLITS: tree[SPLITS] + b"nobody,train,nobody,1.0\n"}
    gone = (Expected("SPL003", SPLITS),)  # a warning: an article that was removed may come back
    yield refused("CSV/splits, lines/an article that is none", more, ("check", "."), *gone, exit=0)
    group = tree[SPLITS].replace(b"validation,railway", b"validation,harbour")
    yield refused(
        "CSV/splits, lines/a group in two splits",
        {**tree, SPLITS: group},
        ("check", SPLITS),
        Expected("SPL004", SPLITS, 3),
    )
    without = dict(tree)
    del without[SPLITS]
    yield refused("CSV/splits, lines/no table", without, ("check", "."), Expected("FS001", SPLITS), exit=3)
    backwards = "\n".join([lines[0], *lines[:0:-1]]) + "\n"
    yield accepted("CSV/splits, legal/lines backwards", {**tree, SPLITS: backwards.encode()}, "check", ".")
    yield accepted(
        "CSV/splits, legal/all in train",
        {**tree, SPLITS: tree[SPLITS].replace(b"validation", b"train").replace(b"test", b"train")},
        "check",
        ".",
    )
    for name, data, fault, also in (
        ("100,000 lines", (lines[0] + "\n" + "".join(f"a{n:06},train,a{n:06},1.0\n" for n in range(100_000))).encode(), None, ()), ("100,000 equal lines", tree[SPLITS] + lines[1].encode() * 1 + b"\n" + (lines[1] + "\n").encode() * 100_000, "SPL002", ()),
        ("a cell of 5 MB", tree[SPLITS] + b"x" * 5_000_000 + b",train,x,1.0\n", "CSV001", ("VAL003",)), ("a header of 100,000 columns", b"," * 100_000 + b"\n" + tree[SPLITS], "CSV001", ()), ("a million quotes", tree[SPLITS] + b'"' * 1_000_000, "CSV001", ("VAL003",)),
        ("a line of a million cells", tree[SPLITS] + b"," * 1_000_000, "CSV001", ()),
    ):  # fmt: skip
        expected = (Expected(fault, SPLITS),) if fault else ()
        yield Case(
            f"CSV/splits, hostile/{name}",
            {**tree, SPLITS: data},
            ("check", SPLITS),
            int(bool(fault)),
            expected,
            frozenset(also),
            memory=12 * len(data) + 300 * MIB,
            seconds=60,
        )


def _actors(tree: trees.Tree) -> Iterator[Case]:
    header, *lines = tree[ACTORS].decode().splitlines()
    names = header.split(",")
    project = ("check", ACTORS)

    def case(
        name: str, line: int, column: str, value: str, *expected: Expected, also: frozenset[str] = frozenset()
    ) -> Case:
        cells = lines[line].split(",")
        cells[names.index(column)] = '"' + value.replace('"', '""') + '"'
        data = "\n".join([header, *lines[:line], ",".join(cells), *lines[line + 1 :]]) + "\n"
        files = {**tree, ACTORS: data.encode()}
        return Case(f"CSV/actors, {name}", files, project, int(bool(expected)), expected, also)

    def at(code: str, line: int, column: str) -> Expected:
        return Expected(code, ACTORS, line + 2, f"$.{column}")

    for column, line, values, code in (
        ("id", 2, ("", "Kou", "a b", "-x", "x-", "甲", "../x"), "VAL003"), ("kind", 0, ("", "State", "country", "state ", "ｓｔａｔｅ", "\u202estate"), "VAL002"), ("country", 0, ("XXX", "ZZZ"), "G04"), ("country", 0, ("and", "AN", "ANDO", "ＡＮＤ"), "VAL003"),
        ("wikidata", 0, ("P1", "Q", "q1", "1", "Q-1"), "VAL003"), ("represents", 3, ("nobody", "kou-army"), "G03"), ("office_from", 6, ("2020-13", "2020-02-30", "0000"), "G08"), ("office_from", 6, ("2020/01", "last year", "20"), "VAL003"),
        ("office_to", 6, ("2019-01-01", "2020-00-01"), "G08"), ("office_rank", 0, ("4",), "G08"), ("aliases_bound", 0, ("(", "[", "a{2,1}", "(?P<x", "*", "\\", "(?<=a+)b"), "G07"),
        ("aliases_bound", 0, ("(a+)+$", "(a|a)*b", "^(.+\\s*)+続きを読む$", "(?:\\s|　)*x", "(.*)*", "((a*)*)*", "(a{1,9}){9,}b", ".*.*.*.*x"), "G07"),
    ):  # fmt: skip
        for value in values:
            also = frozenset({"G04", "G08", "VAL002", "VAL003", "VAL004", "G03", "G01"})
            cells = case(f"value/{column} is {value!a:.24}", line, column, value, at(code, line, column), also=also)
            yield cells
    for value in ("9" * 19, "9" * 30, "9" * 5000, "-1", "1.5", "four", "1e3"):
        yield Case(
            f"CSV/actors, value/office_rank is {value[:6]!a} ({len(value)})",
            {**tree, ACTORS: _line(tree[ACTORS], 8, lambda d, v=value: d.replace(b",4,", b"," + v.encode() + b",", 1))},  # type: ignore[misc]
            project,
            1,
            (Expected("VAL004" if len(value) == 19 else "VAL001", ACTORS, 8, "$.office_rank"),),
            frozenset({"VAL004", "VAL001", "VAL002"}),
        )
    yield refused(
        "CSV/actors, lines/an actor twice",
        {**tree, ACTORS: tree[ACTORS] + lines[0].encode() + b"\n"},
        project,
        Expected("G01", ACTORS, 10),
        also=frozenset({"G05", "G06"}),
    )
    yield refused(
        "CSV/actors, lines/a form of two actors",
        {**tree, ACTORS: tree[ACTORS].replace("乙国,,LIE".encode(), "甲国,,LIE".encode())},
        project,
        Expected("G06", ACTORS, 3, "$.aliases_ja"),
    )
    yield refused(
        "CSV/actors, lines/a Wikidata id twice",
        {**tree, ACTORS: tree[ACTORS].replace(b"Q2", b"Q1")},
        project,
        Expected("G05", ACTORS, 3, "$.wikidata"),
    )
    yield refused(
        "CSV/actors, lines/a Wikidata id without source",
        {**tree, ACTORS: tree[ACTORS].replace(b"Q1,invented", b"Q1,")},
        project,
        Expected("G05", ACTORS, 2, "$.wikidata_source"),
    )
    loop = tree[ACTORS].replace("甲国軍,,AND,,,kou".encode(), "甲国軍,,AND,,,kou-army".encode())
    yield refused(
        "CSV/actors, lines/an actor that speaks for itself",
        {**tree, ACTORS: loop},
        project,
        Expected("G03", ACTORS, 5, "$.represents"),
    )
    chain = (
        header
        + "\n"
        + "".join(f"a{n},coalition,会{n},C{n},会{n},,,,,a{n + 1},,,,,,,,\n" for n in range(1, 3_000))
        + "a3000,coalition,会,C,会,,,,,,,,,,,,,\n"
    )
    yield Case(
        "CSV/actors, hostile/a chain of 3,000", {**tree, ACTORS: chain.encode()}, project, memory=300 * MIB, seconds=60
    )
    for name, column, value in (
        ("a formula", "notes", "=1+1"), ("an at sign", "notes", "@SUM(A1)"), ("a line feed", "notes", "a\nb"), ("quotes", "notes", 'a "b" c'), ("commas", "notes", "a, b"), ("astral", "name_ja", "𠮷国"), ("variation", "name_ja", "葛󠄀国"), ("bidi", "notes", "\u202eabc"),
        ("markup", "name_en", "<b>Kou</b>"), ("template", "notes", "{{x}} %s {0}"), ("5,000 letters", "notes", "x" * 5000), ("a lookahead", "aliases_bound", "甲(?=政府|軍)"), ("a lookbehind", "aliases_bound", "(?<=北の)甲"), ("a class", "aliases_bound", "[甲乙]国?"), ("a bounded repeat", "aliases_bound", "甲{1,3}"),
    ):  # fmt: skip
        yield case(f"legal/{name} in {column}", 2, column, value)
