"""The invented pages of the benchmarks, and how their marks are read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.marked import FITTED, HELD_OUT, invented, labelled, pages_in

from kakuyaku.findings import Failure
from tests.conftest import REPOSITORY

KNOWN: dict[str, object] = {"title": "甲国、掃海艇を派遣へ", "date": None, "authors": [], "form": "flash"}


def page(folder: Path, body: str) -> Path:
    path = folder / "site" / "1.html"
    path.parent.mkdir()
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    path.with_suffix(".json").write_text(json.dumps(KNOWN), encoding="utf-8")
    return path


def test_a_marked_page_becomes_lines_with_verdicts_and_loses_its_marks(tmp_path: Path) -> None:
    record = labelled(
        page(
            tmp_path,
            "<h1>⟦title⟧甲国、掃海艇を派遣へ</h1><p>⟦body⟧首相は3日、派遣すると述べた。<br>⟦?⟧続報を待つ。</p>"
            "<ul><li><a href='/'>⟦ranking⟧港の歴史</a></li><li>検索</li></ul>",
        )
    )
    assert record["id"] == "site-1"
    assert record["author"] == []
    assert "⟦" not in record["text"] + record["html"]
    assert [(row["text"].strip(), row["kind"], row["keep"], "ignore" in row) for row in record["lines"]] == [
        ("甲国、掃海艇を派遣へ", "title", True, True),
        ("首相は3日、派遣すると述べた。", "body", True, False),
        ("続報を待つ。", "?", False, True),
        ("• 港の歴史", "ranking", False, False),
        ("• 検索", None, False, False),
    ]


@pytest.mark.parametrize(
    ("body", "problem"),
    [("<p>⟦bodies⟧首相は述べた。</p>", "no kind"), ("<p>首相は述べた。</p><p>⟦body⟧</p>", "stands alone")],
)
def test_marks_that_say_nothing_are_refused(tmp_path: Path, body: str, problem: str) -> None:
    with pytest.raises(Failure, match=problem):
        labelled(page(tmp_path, body))


def test_benchmarks_end_with_a_message_where_the_input_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "broken.jsonl").write_text("{", encoding="utf-8")
    (tmp_path / "empty.jsonl").write_text("{}", encoding="utf-8")
    (tmp_path / "latin").mkdir()
    (tmp_path / "latin" / "1.html").write_bytes(b"<p>\xff")
    for arguments, code, said in (
        (["benchmarks.marked", str(tmp_path / "none"), "--out", str(tmp_path / "out.jsonl")], 3, "no marked page"),
        (["benchmarks.metadata", str(tmp_path)], 3, "FS002"),
        (["benchmarks.metadata", str(tmp_path / "broken.jsonl")], 1, "broken.jsonl:1"),
        (["benchmarks.metadata", str(tmp_path / "empty.jsonl")], 1, "VAL001"),
        (["benchmarks.marked", str(tmp_path / "latin"), "--out", str(tmp_path / "out.jsonl")], 1, "not UTF-8"),
        (["benchmarks.fit_cleaner", str(tmp_path / "none.jsonl")], 3, "FS001"),
        (["benchmarks.peers", str(tmp_path / "broken.jsonl")], 1, "broken.jsonl:1"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_what_is_held_out_is_not_learnt_from() -> None:
    fitted, held_out = ({page.site for page in invented(folder)} for folder in (FITTED, HELD_OUT))
    assert len(fitted) == 36
    assert len(held_out) == 8
    assert not fitted & held_out


def test_every_invented_page_has_one_title_and_an_article() -> None:
    for path in pages_in([FITTED, HELD_OUT]):
        lines = labelled(path)["lines"]
        assert [row["kind"] for row in lines].count("title") == 1, path
        assert sum(row["keep"] for row in lines) >= 2, path
        assert sum(not row["keep"] for row in lines) >= 80, path
