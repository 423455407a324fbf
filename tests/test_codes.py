"""Every code has one minimal failing and one passing case, and exactly that code comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kakuyaku.checks import check
from kakuyaku.findings import Code, Finding, codes, visible
from tests.conftest import REPOSITORY
from tests.made_cases import MADE
from tests.test_annotation_checks import FAULTS as ROW_FAULTS
from tests.test_annotation_rules import TABLE
from tests.test_drafts import MENTION_FAULTS, STATEMENT_FAULTS

CASES = REPOSITORY / "tests" / "cases"
FILED = sorted(path.name for path in CASES.iterdir())


def case(code: str, outcome: str) -> Path:
    (path,) = [path for path in (CASES / code).iterdir() if path.stem == outcome]
    return path


@pytest.mark.parametrize("code", FILED)
def test_filed_case(code: str) -> None:
    assert {finding.code for finding in check(case(code, "fail"))} == {code}
    assert check(case(code, "pass")) == []


@pytest.mark.parametrize("code", MADE)
def test_made_case(code: str, tmp_path: Path) -> None:
    failing, passing = MADE[code](tmp_path)
    assert {finding.code for finding in failing} == {code}
    assert passing == []


def test_every_code_has_its_cases_and_every_case_a_code() -> None:
    listed = {case["code"] for case in TABLE["case"]} | {code for code, _, _ in ROW_FAULTS}
    listed |= {code for _, _, code in MENTION_FAULTS} | {code for _, code in STATEMENT_FAULTS if code}
    assert not set(FILED) & set(MADE)
    assert {*FILED, *MADE, *listed} == set(codes())


@pytest.mark.parametrize("code", codes().values(), ids=lambda code: code.id)
def test_every_code_is_explained(code: Code) -> None:
    assert all(getattr(code, part).strip() for part in ("title", "cause", "fix"))
    assert code.level in ("error", "warning")


def test_a_finding_reads_as_the_design_says() -> None:
    assert str(Finding("MAN003", "seeds/a.txt", "no line for it", 3, 7, fix="Mend it.")) == (
        "seeds/a.txt:3:7: MAN003 no line for it. Mend it."
    )
    assert str(Finding("VAL001", "a.json", "found 3.0", at="$.spans[3].start", fix="Mend.")).startswith(
        "a.json::$.spans[3].start: VAL001 found 3.0."
    )


@pytest.mark.parametrize("mark", ["\x1b", "\u202e", "\u2066", "\u200b", "\ud83d", "\r", "\x9b"])
def test_messages_never_replay_dangerous_characters(mark: str) -> None:
    assert mark not in visible(f"a{mark}b")
    assert f"U+{ord(mark):04X}" in visible(f"a{mark}b")
