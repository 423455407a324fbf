"""The named cases of the corpus, and that the harness sees what it looks for."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from kakuyaku import cli
from kakuyaku.findings import Finding, codes
from kakuyaku.parquet import MAX_RATIO
from tests.reliability.bad_inputs import cases, mending, truncation
from tests.reliability.bad_inputs.case import MIB, Case, Expected
from tests.reliability.bad_inputs.trying import Seen, faults_of

EVERY = 4  # one case in so many here; `python -m tests.reliability bad_inputs` tries them all
NAMED: dict[str, Case] = {}
COUNTED: list[tuple[str, int, set[str]]] = []
for _case in cases():  # once: some are large
    COUNTED.append((_case.name, _case.exit, {each.code for each in _case.expected}))
    if _case.memory is None and len(COUNTED) % EVERY == 0:
        NAMED[_case.name] = _case


@pytest.mark.parametrize("name", NAMED)
def test_a_named_case(name: str) -> None:
    assert faults_of(NAMED[name]) == []


def test_every_name_is_used_once_and_every_code_has_a_case() -> None:
    names = [name for name, _, _ in COUNTED]
    assert len(names) == len(set(names)) >= 1_200
    assert set[str]().union(*(found for _, _, found in COUNTED)) == set(codes())
    assert sum(exit_ == 0 for _, exit_, _ in COUNTED) * 4 >= len(names)


def test_files_cut_off(tmp_path: Path) -> None:
    faults = [(kind, byte, fault) for kind, byte, fault in truncation.tried(tmp_path, 100) if fault]
    assert faults == []


SOUND = Case("sound", {"a.txt": "海\n".encode()}, ("check", "a.txt"))
BAD = Case("bad", {"a.txt": "海\x1b\n".encode()}, ("check", "a.txt"), 1, (Expected("CTL001", "a.txt", 1),))


@pytest.mark.parametrize(
    ("case", "fault"),
    [
        (replace(SOUND, exit=1), "exit 0, not 1"),
        (replace(BAD, exit=0), "exit 1, not 0"),
        (replace(BAD, expected=()), "differs in CTL001"),
        (replace(BAD, expected=(Expected("CTL001", line=7),)), "no finding is"),
        (replace(BAD, expected=(Expected("CTL001", "b.txt"),)), "no finding is"),
        (replace(SOUND, argv=("clean", "a.txt", "--out", "b.txt"), exit=1), "changed b.txt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_harness_sees_a_wrong_outcome(case: Case, fault: str) -> None:
    assert any(fault in found for found in faults_of(case))


def test_the_harness_sees_what_a_command_prints_writes_and_costs() -> None:
    assert faults_of(SOUND) == faults_of(BAD) == []
    kept: list[bytes] = []

    def spoil(text: str) -> None:
        def main() -> None:
            sys.stderr.write(text)
            Path("left").write_bytes(b"x")
            kept.append(b"x")
            sys.exit(0)

        with patch.object(cli, "main", main):
            found = faults_of(replace(SOUND, argv=("explain", "a.txt")))
        assert "changed left" in found
        assert any("replays U+" in each or "a traceback" in each for each in found)

    for text in ("\x1b[31m", "\u202e", "\x9b", "Traceback (most recent call last)"):
        spoil(text)
    large = replace(SOUND, files={"a.txt": "海".encode() * 8 * MIB}, memory=1 * MIB)
    assert any("grew by" in each for each in faults_of(large))
    assert any("takes more than" in each for each in faults_of(replace(large, memory=None, seconds=0.001)))


def test_advice_that_does_not_help_is_seen(tmp_path: Path) -> None:
    assert not mending.mend(tmp_path, [Seen("RAW001", "a.txt", None, None, None, "m", "Capture it again.")])
    useless = replace(BAD, mends=True)
    with patch.dict(mending.RECIPES, {"CTL001": lambda *_: True}):
        assert any("does not help" in each for each in faults_of(useless))
    assert faults_of(useless) == []


def test_a_finding_without_fix_or_place_is_seen() -> None:
    bare = Case(
        "bare", exit=1, expected=(Expected("VAL001"),), call=lambda _: [Finding("VAL001", "a.json", "m", fix="?")]
    )
    assert {found.split(" ", 1)[1].split(":")[0] for found in faults_of(bare)} == {
        "has no place",
        "lacks a path, a message or a fix",
    }
    assert MAX_RATIO > 150
