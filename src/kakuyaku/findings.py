"""What can be wrong, said so that a person can mend it.

A :class:`Finding` is one fault in one place. A :class:`Failure` carries findings up to the command line, which prints
them and chooses the exit code. The texts that explain each code stand in ``codes.toml``, beside this file.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EXIT_DATA = 1
EXIT_USAGE = 2
EXIT_ENVIRONMENT = 3
EXIT_BUG = 4
EXIT_INTERRUPTED = 130
EXIT_PIPE = 141
MAX_MESSAGE = 1_000  # code points; what was found can be megabytes long


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of fault. ``level`` is ``error`` or ``warning``; ``exit`` the exit code that an error leads to."""

    id: str
    level: str
    title: str
    cause: str
    fix: str
    exit: int = EXIT_DATA


@cache
def codes() -> dict[str, Code]:
    """All codes by id, in the order of ``codes.toml``."""
    table = tomllib.loads(files("kakuyaku").joinpath("codes.toml").read_text(encoding="utf-8"))
    return {key: Code(id=key, level=entry.pop("level", "error"), **entry) for key, entry in table.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one place.

    ``line`` and ``column`` count from 1, ``column`` in code points. ``at`` is a JSON path such as ``$.spans[3].start``.
    ``mild`` makes a warning of a code that is an error otherwise. A ``message`` beyond :data:`MAX_MESSAGE` is cut.
    """

    code: str
    path: str
    message: str
    line: int | None = None
    column: int | None = None
    at: str | None = None
    fix: str = ""
    mild: bool = False

    def __post_init__(self) -> None:
        if self.code not in codes():
            raise KeyError(f"{self.code} is not in codes.toml; it lists {', '.join(codes())}")
        if len(self.message) > MAX_MESSAGE:
            object.__setattr__(self, "message", self.message[: MAX_MESSAGE - 1] + "…")

    @property
    def level(self) -> str:
        return "warning" if self.mild else codes()[self.code].level

    @property
    def advice(self) -> str:
        """What to do: the finding's own advice, else that of its code."""
        return self.fix or codes()[self.code].fix

    def __str__(self) -> str:
        where = self.path
        if self.line is not None:
            where += f":{self.line}" + (f":{self.column}" if self.column is not None else "")
        if self.at:
            where += f"::{self.at}"
        # one line, so that no name or value can pass for another finding
        return visible(f"{where}: {self.code} {self.message}. {self.advice}").replace("\n", "<U+000A>")


class Failure(Exception):
    """Work that cannot go on, with the findings that say why."""

    def __init__(self, findings: Finding | Sequence[Finding]) -> None:
        self.findings = [findings] if isinstance(findings, Finding) else list(findings)
        super().__init__("\n".join(map(str, self.findings)))

    @property
    def exit_code(self) -> int:
        return max((codes()[finding.code].exit for finding in self.findings), default=EXIT_BUG)


def refuse_on_errors(findings: Iterable[Finding]) -> None:
    """Raise a :class:`Failure` with the errors among ``findings``; warnings alone pass."""
    if errors := [finding for finding in findings if finding.level == "error"]:
        raise Failure(errors)


# Control, format (bidi, zero width) and lone surrogate characters: a message must never replay them to a terminal.
_UNSAFE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)


def visible(text: str, *, limit: int | None = None) -> str:
    """``text`` with invisible characters spelled out, cut to ``limit`` code points when one is given.

    >>> visible("派\\u202e遣\\x1b[31m")
    '派<U+202E>遣<U+001B>[31m'
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    return _UNSAFE.sub(lambda match: f"<U+{ord(match.group()):04X}>", text)


def escaped(document: str) -> str:
    """A JSON document with those characters as escapes: the same value, harmless to a terminal."""
    return _UNSAFE.sub(lambda m: json.dumps(m.group())[1:-1].replace("\x7f", "\\u007f"), document)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` (did you mean “…”?)`` with the nearest of ``known``, or nothing; width, case and invisible characters of the
    word do not count."""
    folded = {_folded(each): each for each in known}
    close = difflib.get_close_matches(_folded(word[:100]), folded, 1)
    return f" (did you mean “{folded[close[0]]}”?)" if close else ""


def _folded(word: str) -> str:
    return _UNSAFE.sub("", unicodedata.normalize("NFKC", word)).strip().casefold()


def character_name(character: str) -> str:
    """``U+0000 NULL`` and the like, for messages."""
    control = {"\x00": "NULL", "\x1b": "ESCAPE", "\x0b": "VERTICAL TAB", "\x0c": "FORM FEED", "\x85": "NEXT LINE"}
    name = unicodedata.name(character, control.get(character, "control character"))
    return f"U+{ord(character):04X} {name}"
