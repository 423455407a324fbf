"""The README's examples give what it shows."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


def test_the_readme_s_queries_give_what_it_shows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path)
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    (session,) = re.findall(r"```pycon\n(.*?)```", readme, re.DOTALL)
    test = doctest.DocTestParser().get_doctest(session, {}, "README", "README.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert len(test.examples) == 7
    assert runner.run(test).failed == 0


def test_the_docstrings_of_the_interface_are_true() -> None:
    import kakuyaku.cleaning.batch
    import kakuyaku.findings
    import kakuyaku.sentences

    for module in (kakuyaku, kakuyaku.cleaning.batch, kakuyaku.findings, kakuyaku.sentences):
        found = doctest.testmod(module)
        assert found.attempted and not found.failed, module.__name__
