"""What SECURITY.md promises: no network, nothing written elsewhere, no code from data, nothing unsafe in the source."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kakuyaku.dataset.publish import make
from kakuyaku.markdown import harmless
from kakuyaku.project import Project
from kakuyaku.records import jsonl_bytes
from tests.conftest import REPOSITORY
from tests.test_cli import HTML

SOURCE = REPOSITORY / "src" / "kakuyaku"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("build", 0), ("build --check", 1), ("check", 0), ("check --format sarif", 0), ("agree", 3), ("reanchor", 0),
        ("sync", 0), ("clean seeds --out out.jsonl --format jsonl", 0), ("clean page.html", 0), ("explain harbour", 0),
        ("add ../new.txt --url http://127.0.0.1:9/x", 0),
    ],
)  # fmt: skip
def test_no_network_no_process_and_nothing_written_elsewhere(
    project: Project, tmp_path: Path, command: str, code: int
) -> None:
    links = '<link rel=stylesheet href="http://127.0.0.1:9/a.css"><base href="http://127.0.0.1:9/"><img src="b.png">'
    (project.root / "page.html").write_text(HTML.replace("<title>", f"{links}<title>"), "cp932")
    (tmp_path / "new.txt").write_text(
        "図書館が夜も開く\n\n町は3日、図書館を夜も開けると決めた。費用は市が持つ。\n", "utf-8"
    )
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    for folder in (home, temporary):
        folder.mkdir()
    report = tmp_path / "report.json"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "XDG_"))}
    environment |= {"HOME": str(home), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1",
                    "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])}  # fmt: skip
    before = snapshot(tmp_path, project.root)
    done = subprocess.run([sys.executable, "-m", "tests.witness", report, *command.split()], cwd=project.root, env=environment,
                          capture_output=True, text=True, check=False)  # fmt: skip
    seen: dict[str, Any] = json.loads(report.read_bytes())
    report.unlink()
    assert seen["exit"] == code, done.stderr
    assert seen["network"] == [] and seen["processes"] == []
    compiled = SOURCE / "cleaning" / "__pycache__"  # where numba keeps what it has compiled, as Python does
    allowed = (project.root, temporary, compiled, Path(os.devnull))
    elsewhere = [path for path in seen["touched"] if not any(Path(path).is_relative_to(root) for root in allowed)]
    assert elsewhere == []
    assert seen["touched"] or command.split(maxsplit=1)[0] in ("agree", "check", "explain", "clean", "sync")
    assert snapshot(tmp_path, project.root) == before


def snapshot(folder: Path, apart_from: Path) -> dict[str, bytes]:
    """Every file below a folder but those of the project: what a command must leave as it was."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_relative_to(apart_from))
    return {str(path): path.read_bytes() for path in files}


def test_the_witness_sees(tmp_path: Path) -> None:
    """The test above can fail: a socket, a process and a file elsewhere are seen."""
    code = (
        "import sys, socket, subprocess, pathlib; from tests import witness; import kakuyaku.cli as cli\n"
        "def main():\n"
        "    socket.socket().close(); subprocess.run(['true']); pathlib.Path(sys.argv[1]).write_text('x'); sys.exit(0)\n"
        "cli.main = main\n"
        "witness.witness(pathlib.Path(sys.argv[1]), [sys.argv[2]])\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])}
    subprocess.run(
        [sys.executable, "-c", code, tmp_path / "r.json", tmp_path / "elsewhere"], env=environment, check=True
    )
    seen = json.loads((tmp_path / "r.json").read_bytes())
    assert seen["network"] and seen["processes"] and str(tmp_path / "elsewhere") in seen["touched"]


# Modules that load foreign code or objects, or reach out. Who talks to a server does so on purpose, in one package.
FORBIDDEN = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "pdb", "code", "codeop", "telnetlib", "ftplib",
             "xmlrpc", "smtplib"}  # fmt: skip
REACHING = {"socket", "ssl", "http", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "label_studio_sdk",
            "subprocess", "multiprocessing", "webbrowser"}  # fmt: skip
MAY_REACH = ("studio/", "commands/studio")
PARSERS = {"xml.dom", "xml.sax", "xml.parsers", "lxml.etree"}  # ElementTree may write XML anywhere; one module reads it
READING_XML = {"parse", "fromstring", "fromstringlist", "XML", "XMLID", "iterparse", "XMLParser", "XMLPullParser"}
MAY_READ_XML = "foreign.py"
CALLS = {"eval", "exec", "compile", "__import__", "breakpoint"}
ATTRIBUTES = {"os.system", "os.popen", "yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load", "tempfile.mktemp",
              "pandas.read_pickle", "pd.read_pickle", "np.load", "numpy.load", "importlib.import_module"}  # fmt: skip
PASSED = {"shell=True", "verify=False", "trust_remote_code=True", "allow_pickle=True"}


def faults(tree: ast.AST, name: str) -> Iterator[str]:
    """What is unsafe in the source of the module ``name``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from imports([alias.name for alias in node.names], name)
        elif isinstance(node, ast.ImportFrom):
            yield from imports([str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)], name)
        elif isinstance(node, ast.Call):
            yield from calls(node, name)


def imports(modules: list[str], name: str) -> Iterator[str]:
    for module in modules:
        top = module.split(".", maxsplit=1)[0]
        reaching = any(module == each or module.startswith(f"{each}.") for each in REACHING)
        parsing = any(module == each or module.startswith(f"{each}.") for each in PARSERS)
        by_name = module.startswith(
            "xml.etree.ElementTree."
        )  # `from … import fromstring`: the call would hide its module
        if top in FORBIDDEN or parsing or by_name or (reaching and not name.startswith(MAY_REACH)):
            yield f"imports {module}"


def calls(node: ast.Call, name: str) -> Iterator[str]:
    called = ast.unparse(node.func)
    module, _, last = called.rpartition(".")
    if (
        module in ("ET", "ElementTree", "etree", "xml.etree.ElementTree")
        and last in READING_XML
        and name != MAY_READ_XML
    ):
        yield f"calls {called}"
    if called in CALLS or called in ATTRIBUTES:
        yield f"calls {called}"
    for keyword in node.keywords:
        passed = f"{keyword.arg}={ast.unparse(keyword.value)}"
        # kakuyaku.load(verify=False) is about rows, not about certificates
        if passed in PASSED and not (passed == "verify=False" and called in ("load", "kakuyaku.load")):
            yield f"passes {passed}"


def test_nothing_unsafe_in_the_source() -> None:
    found = [
        f"{path.relative_to(SOURCE).as_posix()} {fault}"
        for path in sorted(SOURCE.rglob("*.py"))
        for fault in faults(ast.parse(path.read_text("utf-8")), path.relative_to(SOURCE).as_posix())
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["import pickle", "ET.fromstring(x)", "from xml.etree.ElementTree import parse", "import xml.dom.minidom", "import urllib.request", "from urllib import request", "eval('1')",
     "os.system('id')", "yaml.load(x)", "run('id', shell=True)", "requests.get(u, verify=False)", "import socket"],
)  # fmt: skip
def test_the_look_at_the_source_can_fail(line: str) -> None:
    assert list(faults(ast.parse(line), "seeds.py"))


def test_text_of_others_is_no_html_in_the_card(project: Project) -> None:
    hostile = "<script>alert(1)</script><img/onerror=x> a < b\n| c"
    assert "<script" not in harmless(hostile) and "<img" not in harmless(hostile) and "a < b" in harmless(hostile)
    text = project.manifest.read_text("utf-8")
    fields = {"publisher": hostile, "published_on_note": hostile}
    for name, value in fields.items():
        text = text.replace(f'"{name}": null', f'"{name}": {json.dumps(value)}')
    project.manifest.write_text(text, "utf-8")
    page = project.seeds / "harbour.txt"
    first, rest = page.read_text("utf-8").split("\n", 1)
    data = f"{first}<script>alert(2)</script>\n{rest}".encode()
    page.write_bytes(data)
    records = [json.loads(line) for line in project.manifest.read_text("utf-8").splitlines()]
    records[0] |= {"sha256": hashlib.sha256(data).hexdigest(), "n_bytes": len(data)}
    project.manifest.write_bytes(jsonl_bytes(records))
    card = make(project).files["README.md"].decode()
    assert "alert(1)" in card and "&lt;script>alert(1)" in card
    assert "<script" not in card and "<img" not in card
