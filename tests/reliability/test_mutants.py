"""A few mutants, and that what they are made of is sound."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from kakuyaku import cli
from tests.reliability import mutants
from tests.reliability.bad_inputs.case import Case
from tests.reliability.bad_inputs.trying import faults_of

SUBJECTS = {f"{subject.kind}: {' '.join(subject.argv)}": subject for subject in mutants.subjects()}


@pytest.mark.parametrize("name", SUBJECTS)
def test_what_is_mutated_is_accepted(name: str) -> None:
    subject = SUBJECTS[name]
    assert faults_of(Case(name, subject.files, subject.argv)) == []


@pytest.mark.parametrize("number", range(0, 1900, 19 * 5 + 1))
def test_a_mutant(number: int) -> None:
    assert mutants.faults_of(mutants.mutant(number))[0] == []


def test_a_mutant_is_made_from_its_number_alone() -> None:
    assert mutants.mutant(77) == mutants.mutant(77) != mutants.mutant(77 + len(mutants.subjects()))
    changed = sum(
        mutants.mutant(number).files != mutants.subjects()[number % len(mutants.subjects())].files
        for number in range(190)
    )
    assert changed > 180


def test_a_crash_is_seen() -> None:
    with patch.object(cli, "_run", side_effect=ZeroDivisionError), pytest.raises(ZeroDivisionError):
        mutants.faults_of(mutants.mutant(0))
    with patch.object(cli, "_run", return_value=4):
        assert any("exit 4" in fault for fault in mutants.faults_of(mutants.mutant(0))[0])
    with patch.object(cli, "_run", return_value=1):
        assert any("without a code" in fault for fault in mutants.faults_of(mutants.mutant(0))[0])
