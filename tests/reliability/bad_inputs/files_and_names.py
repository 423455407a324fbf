"""What stands where a file should: links, pipes, devices, folders, strange names; and wrong command lines."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import Case, Expected, accepted, refused
from tests.reliability.bad_inputs.trees import PASS
from tests.texts import HARBOUR

NAMES = {
    "blanks": "a b c.txt", "Japanese": "記事.txt", "a leading blank": " a.txt", "a leading dash": "-rf.txt", "an emoji": "😀.txt", "astral kanji": "𠮷.txt", "quotes": "a'b\"c.txt", "a shell command": "$(reboot).txt", "backticks": "`id`.txt", "a semicolon": "a;b.txt", "an ampersand": "a&b.txt", "a star": "*.txt", "brackets": "[a].txt", "markup": "[red]a[/red].txt", "an emoji code": ":100:.txt", "a colon": "a:3:7.txt",
    "a percent": "%s%n.txt", "200 letters": "a" * 200 + ".txt", "a backslash": "a\\b.txt", "a tab": "a\tb.txt", "a line feed": "a\nb: ENC001 x.txt", "an escape": "a\x1b[31mb.txt", "a bidi override": "a\u202etxt.txt", "a zero width space": "a\u200bb.txt", "decomposed": "か\u3099.txt", "two dots": "..a.txt", "a reserved name": "CON.txt", "an HTML tag": "<b>a.txt", "a C1 control": "a\x9bb.txt", "tag characters": "a\U000e0061.txt",
}  # fmt: skip


def cases() -> Iterator[Case]:
    """All cases of files and of command lines."""
    for name, file in NAMES.items():
        path = f"./{file}"
        yield accepted(f"name/{name}, checked", {file: HARBOUR.encode()}, "check", path)
        yield accepted(f"name/{name}, cleaned", {file: HARBOUR.encode()}, "clean", path)
        yield refused(f"name/{name}, of a bad file", {file: b"\xff"}, ("check", path), Expected("ENC002"))
        yield (
            refused(f"name/{name}, of a bad page", {file: b"\xff"}, ("clean", path), Expected("ENC002"))
            if "\n" not in file and ":3" not in file
            else accepted(f"name/{name}, explained", {file: HARBOUR.encode()}, "explain", path)
        )
    yield from _kinds()
    yield from _command_lines()


def _kinds() -> Iterator[Case]:
    def made(make: Callable[[Path], object]) -> Callable[[Path], None]:
        def prepare(folder: Path) -> None:
            make(folder)

        return prepare

    for suffix in (".txt", ".jsonl", ".parquet", ".html", ".json", ".xml", ".cff"):
        name = f"x{suffix}"
        check = () if suffix in (".html",) else (("check", name),)
        clean = (("clean", name),) if suffix in (".txt", ".jsonl", ".parquet", ".html") else ()
        for argv in (*check, *clean):
            end = f"{suffix}, by {argv[0]}"
            base = trees.plain() if suffix == ".json" else {}
            yield refused(
                f"file/a pipe {end}",
                base,
                argv,
                Expected("FS002", name),
                exit=3,
                prepare=made(lambda f, name=name: os.mkfifo(f / name)),  # type: ignore[misc]
                memory=2**30,
                seconds=20,
            )
            yield refused(
                f"file/a link in a circle {end}",
                base,
                argv,
                Expected("FS002", name) if argv[0] == "check" else Expected("FS001", name),
                exit=3,
                prepare=made(lambda f, name=name: (f / name).symlink_to(name)),  # type: ignore[misc]
            )
            yield refused(
                f"file/a link to nothing {end}",
                base,
                argv,
                Expected("FS001", name),
                exit=3,
                prepare=made(lambda f, name=name: (f / name).symlink_to("nowhere")),  # type: ignore[misc]
            )
            yield refused(f"file/nothing {end}", base, argv, Expected("FS001", name), exit=3)
            yield refused(
                f"file/a device {end}",
                base,
                argv,
                Expected("FS002", name),
                exit=3,
                prepare=made(lambda f, name=name: (f / name).symlink_to("/dev/zero")),  # type: ignore[misc]
                memory=2**30,
                seconds=20,
            )
    tree = trees.plain()
    seed = "seeds/railway.txt"
    for what, make, code, exit_ in (
        ("a pipe", os.mkfifo, "FS002", 3), ("a folder", lambda p: p.mkdir(), "FS002", 3), ("a link out", lambda p: p.symlink_to("/etc/hostname"), "FS003", 1), ("a link above", lambda p: p.symlink_to("../../../x"), "FS003", 1), ("a link to nothing inside", lambda p: p.symlink_to("nowhere"), "FS001", 3), ("a link to a device", lambda p: p.symlink_to("/dev/zero"), "FS003", 1),
    ):  # fmt: skip
        files = {key: data for key, data in tree.items() if key != seed}
        for command in (("check", "."), ("build",)):
            yield Case(
                f"file/a seed that is {what}, by {command[0]}",
                files,
                command,
                exit_,
                (Expected(code, seed),),
                prepare=made(lambda f, make=make: make(f / seed)),  # type: ignore[misc]
            )
    inside = {key: data for key, data in tree.items() if key != seed} | {"elsewhere/r.txt": tree[seed]}
    yield accepted(
        "file/a seed that is a link inside",
        inside,
        "check",
        ".",
        prepare=made(lambda f: (f / seed).symlink_to("../elsewhere/r.txt")),
    )
    for path in ("seeds/manifest.jsonl", "annotation/splits.csv"):
        files = {key: data for key, data in tree.items() if key != path}
        yield Case(
            f"file/{path} is a folder",
            files,
            ("check", "."),
            3,
            (Expected("FS002", path),),
            frozenset({"SPL003", "SPL001", "MAN003"}),
            prepare=made(lambda f, path=path: (f / path).mkdir(parents=True)),  # type: ignore[misc]
        )
        yield Case(
            f"file/{path} is a pipe",
            files,
            ("check", "."),
            3,
            (Expected("FS002", path),),
            frozenset({"SPL003", "SPL001", "MAN003"}),
            prepare=functools.partial(_pipe, path),
        )


def _pipe(path: str, folder: Path) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    os.mkfifo(folder / path)


def _command_lines() -> Iterator[Case]:
    tree = trees.plain()
    for name, argv, code in (
        ("no such command", ("chekc",), None), ("no such option", ("check", "--nonsense"), None), ("an option with an escape", ("check", "--\x1b[31m"), None), ("a command with an escape", ("\x1b[2J",), None), ("a command with bidi", ("\u202echeck",), None), ("no file to add", ("add",), None), ("two files to add", ("add", "a", "b"), None), ("an unknown form", ("check", "--format", "xml"), None), ("a form with an escape", ("check", "--format", "\x1b[2J"), None),
        ("no draft", ("anchor",), None), ("no passes", ("adjudicate",), None), ("one pass", ("adjudicate", "--passes", "a"), None), ("a code that is none", ("check", "--explain", "ENC01"), "USE001"), ("a code with an escape", ("check", "--explain", "\x1b[2J"), "USE001"), ("no such article", ("explain", "nothing"), "USE001"), ("an article with bidi", ("explain", "\u202enothing"), "USE001"), ("an article with a line feed", ("explain", "a\nb"), "USE001"),
        ("a page of another kind", ("clean", "seeds/manifest.csv"), "FS001"), ("a file of another kind", ("check", "annotation/splits.txt"), "FS001"), ("reading what it writes", ("clean", "seeds/harbour.txt", "--out", "seeds/harbour.txt"), "USE001"), ("writing into its own folder by another name", ("clean", "seeds/harbour.txt", "--out", "annotation/../seeds/harbour.txt"), "USE001"),
    ):  # fmt: skip
        expected = (Expected(code),) if code else ()
        yield Case(f"command line/{name}", tree, argv, 3 if code == "FS001" else 2, expected)
    for name, argv in (
        ("the version", ("--version",)),
        ("help", ("--help",)),
        ("help of a command", ("check", "--help")),
        ("a code", ("check", "--explain", "ENC001")),
        ("a text from standard input", ("clean", "-")),
    ):
        yield accepted(f"command line/{name}", tree, *argv, stdin=HARBOUR.encode())
    for name, stdin, code in (
        ("broken UTF-8", b"\xff", "ENC002"),
        ("an escape", b"a\x1b[2J", "CTL001"),
        ("nothing", b"", "RAW001"),
        ("UTF-16", HARBOUR.encode("utf-16"), "ENC001"),
        ("navigation", "ホーム\n".encode(), "CLN001"),
    ):
        yield refused(f"command line/standard input: {name}", tree, ("clean", "-"), Expected(code), stdin=stdin)
    assert PASS
