"""The audit of dependencies: silence of the service is never taken for safety."""

from __future__ import annotations

import json
import re
import runpy
from typing import Any

import pytest

from tests.conftest import REPOSITORY

VERDICT: Any = runpy.run_path(str(REPOSITORY / ".ci" / "audit.py"))["verdict"]
SOUND = {"name": "one", "version": "1", "vulns": []}
FAULTY = {
    "name": "two",
    "version": "2",
    "vulns": [{"id": "CVE-1", "fix_versions": ["3"], "aliases": [], "description": ""}],
}
UNKNOWN = {"name": "three", "skip_reason": "Dependency not found on PyPI and could not be audited: three (3)"}


@pytest.mark.parametrize(
    ("dependencies", "code", "says"),
    [
        ([SOUND], 0, "1 packages, no known vulnerability"),
        ([SOUND, FAULTY], 1, "two 2: CVE-1, fixed in 3"),
        ([FAULTY, UNKNOWN], 1, "CVE-1"),
        ([SOUND, UNKNOWN], 3, "does not know 1 of 2"),
        ([UNKNOWN], 3, "this is no audit"),
        ([], 3, "this is no audit"),
    ],
)
def test_what_a_report_means(dependencies: list[dict[str, Any]], code: int, says: str) -> None:
    found, message = VERDICT(json.dumps({"dependencies": dependencies, "fixes": []}), "")
    assert found == code and says in message


@pytest.mark.parametrize("trouble", ["Traceback …\nrequests.exceptions.ConnectionError: no route", ""])
def test_no_report_is_no_audit(trouble: str) -> None:
    code, message = VERDICT(None, trouble)
    assert code == 3 and "could not be made" in message and (not trouble or "no route" in message)


@pytest.mark.parametrize("name", ["requirements-dev.lock", "requirements-audit.lock"])
def test_every_locked_version_has_hashes_and_no_address(name: str) -> None:
    lock = (REPOSITORY / name).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 20 and "://" not in lock
    assert all(re.match(r"[a-z0-9.-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
