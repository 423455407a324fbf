"""What stands where a file should: links, pipes, devices, folders, strange names; and wrong command lines."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.reliability.bad_inputs import trees
from tests.reliability.bad_inputs.case import Case, Expected, accepted, refused
from tests.texts import HARBOUR

NAMES = {
    "blanks": "a b c.txt",
    "Japanese": "記事.txt",
    "a leading blank": " a.txt",
    "a leading dash": "-rf.txt",
    "an emoji": "😀.txt",
    "astral kanji": "𠮷.txt",
    "quotes": "a'b\"c.txt",
    "a shell command": "$(reboot).txt",
    "backticks": "`id`.txt",
    "a semicolon": "a;b.txt",
    "an ampersand": "a&b.txt",
    "a star": "*.txt",
    "brackets": "[a].txt",
    "markup": "[red]a[/red].txt",
    "an emoji code": ":100:.txt",
    "a colon": "a:3:7.txt",
    "a percent": "%s%n.txt",
    "200 letters": "a" * 200 + ".txt",
    "a backslash": "a\\b.txt",
    "a tab": "a\tb.txt",
    "a line feed": "a\nb: ENC001 x.txt",
    "an escape": "a\x1b[31mb.txt",
    "a bidi override": "a\u202etxt.txt",
    "a zero width space": "a\u200bb.txt",
    "decomposed": "か\u3099.txt",
    "two dots": "..a.txt",
    "a reserved name": "CON.txt",
    "an HTML tag": "<b>a.txt",
    "a C1 control": "a\x9bb.txt",
    "tag characters": "a\U000e0061.txt",
}


def cases() -> Iterator[Case]:
    """All cases of files and of command lines."""
    yield from _names()
    yield from _kinds()
    yield from _seeds()
    yield from _tables()
    yield from _command_lines()
    yield from _standard_input()


def _names() -> Iterator[Case]:
    for name, file in NAMES.items():
        path, sound, bad = f"./{file}", {file: HARBOUR.encode()}, {file: b"\xff"}
        yield accepted(f"name/{name}, checked", sound, "check", path)
        yield accepted(f"name/{name}, cleaned", sound, "clean", path)
        yield refused(f"name/{name}, of a bad file", bad, ("check", path), Expected("ENC002"))
        if "\n" in file or ":3" in file:
            yield accepted(f"name/{name}, explained", sound, "explain", path)
        else:
            yield refused(f"name/{name}, of a bad page", bad, ("clean", path), Expected("ENC002"))


def _at(path: str, make: Callable[[Path], object], folder: Path) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    make(folder / path)


def made(path: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    """What puts at a path what cannot be said as a file."""
    return functools.partial(_at, path, make)


def link(target: str) -> Callable[[Path], None]:
    """What makes a symbolic link."""
    return lambda path: path.symlink_to(target)


def _kinds() -> Iterator[Case]:
    endless = {"memory": 2**30, "seconds": 20}
    both, check, clean = ("check", "clean"), ("check",), ("clean",)
    for suffix, commands in (
        (".txt", both),
        (".jsonl", both),
        (".parquet", both),
        (".html", clean),
        (".json", check),
        (".xml", check),
        (".cff", check),
    ):
        for command in commands:
            name, base = f"x{suffix}", trees.plain() if suffix == ".json" else {}
            circle = "FS002" if command == "check" else "FS001"
            kinds: tuple[tuple[str, Callable[[Path], object] | None, str, dict[str, Any]], ...] = (
                ("a pipe", os.mkfifo, "FS002", endless),
                ("a link in a circle", link(name), circle, {}),
                ("a link to nothing", link("nowhere"), "FS001", {}),
                ("nothing", None, "FS001", {}),
                ("a device", link("/dev/zero"), "FS002", endless),
            )
            for what, make, code, more in kinds:
                prepare = made(name, make) if make else None
                yield refused(
                    f"file/{what} {suffix}, by {command}", base, (command, name), Expected(code, name),
                    exit=3, prepare=prepare, **more,
                )  # fmt: skip


def _seeds() -> Iterator[Case]:
    files, seed = trees.plain(), "seeds/railway.txt"
    text = files.pop(seed)
    kinds: tuple[tuple[str, Callable[[Path], object], str, int], ...] = (
        ("a pipe", os.mkfifo, "FS002", 3),
        ("a folder", Path.mkdir, "FS002", 3),
        ("a link out", link("/etc/hostname"), "FS003", 1),
        ("a link above", link("../../../x"), "FS003", 1),
        ("a link to nothing inside", link("nowhere"), "FS001", 3),
        ("a link to a device", link("/dev/zero"), "FS003", 1),
    )
    for what, make, code, exit_ in kinds:
        for argv in (("check", "."), ("build",)):
            name = f"file/a seed that is {what}, by {argv[0]}"
            yield refused(name, files, argv, Expected(code, seed), exit=exit_, prepare=made(seed, make))
    inside, prepare = {**files, "elsewhere/r.txt": text}, made(seed, link("../elsewhere/r.txt"))
    yield accepted("file/a seed that is a link inside", inside, "check", ".", prepare=prepare)


def _tables() -> Iterator[Case]:
    follows = frozenset({"SPL003", "SPL001", "MAN003"})
    kinds: dict[str, Callable[[Path], object]] = {"a folder": Path.mkdir, "a pipe": os.mkfifo}
    for path in ("seeds/manifest.jsonl", "annotation/splits.csv"):
        files = {key: data for key, data in trees.plain().items() if key != path}
        for what, make in kinds.items():
            name, expected = f"file/{path} is {what}", Expected("FS002", path)
            yield refused(name, files, ("check", "."), expected, exit=3, also=follows, prepare=made(path, make))


def _command_lines() -> Iterator[Case]:
    tree, seed = trees.plain(), "seeds/harbour.txt"
    for name, *argv in (
        ("no such command", "chekc"),
        ("no such option", "check", "--nonsense"),
        ("an option with an escape", "check", "--\x1b[31m"),
        ("a command with an escape", "\x1b[2J"),
        ("a command with bidi", "\u202echeck"),
        ("no file to add", "add"),
        ("two files to add", "add", "a", "b"),
        ("an unknown form", "check", "--format", "xml"),
        ("a form with an escape", "check", "--format", "\x1b[2J"),
        ("no draft", "anchor"),
        ("no passes", "adjudicate"),
        ("one pass", "adjudicate", "--passes", "a"),
    ):
        yield Case(f"command line/{name}", tree, tuple(argv), 2)
    for name, *argv in (
        ("a code that is none", "check", "--explain", "ENC01"),
        ("a code with an escape", "check", "--explain", "\x1b[2J"),
        ("no such article", "explain", "nothing"),
        ("an article with bidi", "explain", "\u202enothing"),
        ("an article with a line feed", "explain", "a\nb"),
        ("reading what it writes", "clean", seed, "--out", seed),
        ("writing into its own folder by another name", "clean", seed, "--out", f"annotation/../{seed}"),
    ):
        yield refused(f"command line/{name}", tree, tuple(argv), Expected("USE001"), exit=2)
    for name, *argv in (
        ("a page of another kind", "clean", "seeds/manifest.csv"),
        ("a file of another kind", "check", "annotation/splits.txt"),
    ):
        yield refused(f"command line/{name}", tree, tuple(argv), Expected("FS001"), exit=3)
    for name, *argv in (
        ("the version", "--version"),
        ("help", "--help"),
        ("help of a command", "check", "--help"),
        ("a code", "check", "--explain", "ENC001"),
        ("a text from standard input", "clean", "-"),
    ):
        yield accepted(f"command line/{name}", tree, *argv, stdin=HARBOUR.encode())


def _standard_input() -> Iterator[Case]:
    for name, stdin, code in (
        ("broken UTF-8", b"\xff", "ENC002"),
        ("an escape", b"a\x1b[2J", "CTL001"),
        ("nothing", b"", "RAW001"),
        ("UTF-16", HARBOUR.encode("utf-16"), "ENC001"),
        ("navigation", "ホーム\n".encode(), "CLN001"),
    ):
        argv, expected = ("clean", "-"), Expected(code)
        yield refused(f"command line/standard input: {name}", trees.plain(), argv, expected, stdin=stdin)
