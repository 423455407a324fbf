"""The commands, run as people run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kakuyaku.cleaning import clean
from kakuyaku.cli import app
from kakuyaku.findings import codes
from kakuyaku.project import Project
from tests.conftest import REPOSITORY
from tests.texts import ARTICLES, HARBOUR, SCHOOL

HTML = """<html><head><meta charset="shift_jis"><title>x</title><script>var a = "<p>no</p>";</script></head><body>
<ul><li>ホーム</li></ul><h1>甲国、掃海艇を北の港へ派遣</h1><p>甲国の首相は5日、海を守るために<ruby>掃海艇<rt>そうかいてい</rt></ruby>を送ると述べた。</p>
<p>「長くはいない」と<b>首相</b>は語った。</p><h2>関連記事</h2><ul><li><a href="/1">港の歴史</a></li></ul></body></html>"""


def kakuyaku(
    *arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"", **environment: str
) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "kakuyaku", *map(str, arguments)], input=stdin, capture_output=True, cwd=cwd,
        env={**os.environ, "COLUMNS": "200", **environment}, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder with the same article in every form that is read."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "b.html").write_bytes(HTML.encode("cp932"))
    rows = [{"id": "c", "text": HARBOUR, "site": "s"}, {"id": "d", "html": HTML}]
    (folder / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([{"id": "e", "text": SCHOOL}]), folder / "d.parquet")
    return folder


def test_clean_reads_every_form_in_order(pages: Path) -> None:
    code, out, err = kakuyaku("clean", pages, "--format", "jsonl")
    records = [json.loads(line) for line in out.splitlines()]
    assert (code, err, [record["id"] for record in records]) == (0, "", ["a", "b", "c", "d", "e"])
    assert records[0]["text"] == records[2]["text"] == clean(HARBOUR).text
    assert records[1]["title"] == "甲国、掃海艇を北の港へ派遣"
    assert "そうかいてい" not in records[1]["text"] and "関連" not in records[1]["text"]
    assert records[1]["text"] == records[3]["text"]
    assert records[0]["byline"] == ["山田青葉"]


def test_clean_segments_is_what_the_scorer_reads(pages: Path) -> None:
    code, out, _ = kakuyaku("clean", pages, "--format", "segments")
    assert code == 0
    for line in out.splitlines():
        record = json.loads(line)
        assert set(record) == {"id", "text", "segments"}
        pieces = [record["text"][s["start"] : s["end"]] for s in record["segments"]]
        assert "".join(pieces) == record["text"]
        assert all(set(s) == {"start", "end", "kind", "keep", "rule", "evidence"} for s in record["segments"])


def test_clean_text_to_the_terminal_a_pipe_or_a_file(pages: Path, tmp_path: Path) -> None:
    expected = clean(HARBOUR).text
    assert kakuyaku("clean", pages / "a.txt")[:2] == (0, expected)
    assert kakuyaku("clean", "-", stdin=HARBOUR.encode())[:2] == (0, expected)
    assert kakuyaku("clean", pages / "a.txt", "--out", tmp_path / "o.txt")[:2] == (0, "")
    assert (tmp_path / "o.txt").read_text("utf-8") == expected
    code, out, _ = kakuyaku("clean", pages)
    assert code == 0 and out.startswith("==> a <==\n")


def test_a_bad_page_is_reported_and_the_others_are_cleaned(pages: Path) -> None:
    (pages / "a.txt").write_bytes(HARBOUR.replace("©", "").replace("•", "・").encode("cp932"))
    with (pages / "c.jsonl").open("a") as file:
        file.write('{"id": 5}\nnonsense\n{"id": "z", "text": "ホーム"}\n')
    code, out, err = kakuyaku("clean", pages, "--format", "jsonl")
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 1 and len(records) == 8
    assert [record["error"]["code"] for record in records if "error" in record] == ["ENC001", "KEY002", "JSN001"]
    assert "CLN001" in err and "c.jsonl:4" in err


def test_site_repetition_is_an_option(tmp_path: Path) -> None:
    common = "青空新聞は読者の皆さまに支えられています。\n"
    with (tmp_path / "p.jsonl").open("w") as file:
        for id_, text in ARTICLES.items():
            file.write(json.dumps({"id": id_, "text": text + common, "site": "aozora"}) + "\n")
    assert common in kakuyaku("clean", tmp_path / "p.jsonl")[1]
    assert common not in kakuyaku("clean", tmp_path / "p.jsonl", "--site-repetition")[1]


def test_a_full_disk_is_exit_3(pages: Path) -> None:
    code, _, err = kakuyaku("clean", pages, "--out", "/dev/full")
    assert code == 3 and "FS005" in err


def test_explain_shows_every_line_with_its_reason() -> None:
    code, out, _ = kakuyaku("explain", "001_5f07216af8d8a411", cwd=REPOSITORY)
    lines = (REPOSITORY / "seeds/001_5f07216af8d8a411.txt").read_text("utf-8").split("\n")
    shown = {int(row[:5]) for row in out.splitlines()[:-1]}
    assert code == 0 and shown == {number for number, line in enumerate(lines, 1) if line.strip()}
    assert "- byline       byline.name" in out and "⟵ [ニュース] ランキング" in out
    assert kakuyaku("explain", "no-such", cwd=REPOSITORY)[0] == 2
    assert kakuyaku("explain", REPOSITORY / "seeds" / "no.txt")[0] == 3


def test_build_ends_with_a_table_and_the_line_to_paste(project: Project) -> None:
    code, out, _ = kakuyaku("build", "--project", project.root)
    assert code == 0
    line = out.strip().splitlines()[-1]
    done = subprocess.run([sys.executable, "-c", line + "; print(dataset)"], capture_output=True, text=True, check=True,
                          env={**os.environ, "HF_HOME": str(project.root / "hf")})  # fmt: skip
    assert "num_rows: 1" in done.stdout
    assert kakuyaku("build", "--check", "--project", project.root)[0] == 0
    (project.dataset / "README.md").unlink()
    code, _, err = kakuyaku("build", "--check", cwd=project.root)
    assert code == 1 and "dataset/README.md: BLD001" in err


def test_check_in_all_formats(project: Project) -> None:
    (project.seeds / "school.txt").write_bytes(b"ok\x1b[2J\n")
    for format in ("text", "json", "github", "sarif"):
        code, out, err = kakuyaku("check", "--format", format, cwd=project.root)
        assert code == 1 and "CTL001" in out and "\x1b" not in out + err
        if format == "json":
            assert {finding["code"] for finding in json.loads(out)} == {"CTL001", "MAN002"}
        elif format == "sarif":
            (run,) = json.loads(out)["runs"]
            assert {result["ruleId"] for result in run["results"]} == {
                rule["id"] for rule in run["tool"]["driver"]["rules"]
            }
        elif format == "github":
            assert "::error file=seeds/school.txt,line=1,col=3,title=CTL001::" in out
        else:
            assert "seeds/school.txt:1:3: CTL001" in out


def test_check_is_quiet_and_0_when_all_is_well(project: Project) -> None:
    code, out, err = kakuyaku("check", cwd=project.root)
    assert (code, out) == (0, "") and "0 errors" in err
    assert kakuyaku("check", "--format", "json", cwd=project.root)[1].strip() == "[]"


def test_check_explains_codes() -> None:
    for code in ("ENC001", "DAT005"):
        status, out, _ = kakuyaku("check", "--explain", code)
        assert status == 0 and codes()[code].title in out and codes()[code].fix in out
    assert kakuyaku("check", "--explain", "XYZ")[0] == 2


def test_add_then_build(project: Project, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(
        "図書館が夜も開く\n\n町は3日、図書館を夜も開けると決めた。費用は市が持つ。\n", encoding="utf-8"
    )
    code, out, _ = kakuyaku(
        "add",
        tmp_path / "new.txt",
        "--url",
        "https://aozora.example/1",
        "--published-on",
        "2030-04-03",
        cwd=project.root,
    )
    assert code == 0 and out.startswith("Added 000_")
    assert kakuyaku("build", cwd=project.root)[0] == 0
    code, _, err = kakuyaku("add", tmp_path / "new.txt", cwd=project.root)
    assert code == 1 and "DUP001" in err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["build", "--nonsense"], 2), (["nonsense"], 2), (["clean", "--format", "xml", "x.txt"], 2), (["add"], 2),
        (["build", "--project", "/nonexistent"], 3), (["check", "/nonexistent"], 3), (["clean", "/nonexistent.txt"], 3),
        (["clean", "/etc/hostname"], 2), (["add", "/nonexistent.txt"], 3), (["--version"], 0), (["--help"], 0),
    ],
)  # fmt: skip
def test_exit_codes(arguments: list[str], code: int, tmp_path: Path) -> None:
    assert kakuyaku(*arguments, cwd=tmp_path)[0] == code


def test_a_reader_that_has_enough_ends_it_quietly(tmp_path: Path) -> None:
    with (tmp_path / "p.jsonl").open("w") as file:
        for i in range(3000):
            file.write(json.dumps({"id": str(i), "text": HARBOUR}) + "\n")
    command = f"{sys.executable} -m kakuyaku clean {tmp_path}/p.jsonl | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert done.stdout == b"==> 0 <==\n" and done.stderr == b""


def test_an_ascii_terminal_without_colour(project: Project) -> None:
    code, out, _ = kakuyaku("build", cwd=project.root, PYTHONIOENCODING="ascii", NO_COLOR="1", TERM="dumb")
    assert code == 0 and "\x1b" not in out


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    groups = [("", app.registered_commands)]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        groups.append((f"{group.typer_instance.info.name} ", group.typer_instance.registered_commands))
    for prefix, commands in groups:
        for command in commands:
            assert command.callback is not None and command.callback.__doc__
            name = command.name or command.callback.__name__
            assert f"kakuyaku {prefix}{name}" in readme
