"""What other repositories use of ours: the pre-commit hook, the GitHub Action, the schemas under other validators."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pyarrow.parquet as pq
import pytest
import yaml

from kakuyaku.cli import app
from kakuyaku.contract import record_kinds, schema
from kakuyaku.dataset.tables import CONFIGS
from kakuyaku.project import Project
from tests.conftest import REPOSITORY
from tests.test_rendering import accepted

ACTION: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_bytes())
(INSTALL, CHECK) = ACTION["runs"]["steps"]


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a tool of the environment that runs the tests."""
    return subprocess.run(
        [sys.executable, "-m", name, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_hook_is_one_that_pre_commit_takes() -> None:
    manifest = REPOSITORY / ".pre-commit-hooks.yaml"
    done = tool("pre_commit", "validate-manifest", manifest)
    assert done.returncode == 0, done.stdout + done.stderr
    (hook,) = yaml.safe_load(manifest.read_bytes())
    program, command = hook["entry"].split()
    assert program == "kakuyaku" and hook["language"] == "python" and hook["pass_filenames"] is False
    assert command in {each.callback.__name__ for each in app.registered_commands if each.callback}


def test_the_action_holds_to_github_s_schema_and_uses_no_other_action() -> None:
    done = tool("check_jsonschema", "--builtin-schema", "vendor.github-actions", REPOSITORY / "action.yml")
    assert done.returncode == 0, done.stdout
    for step in ACTION["runs"]["steps"]:
        assert set(step) == {"name", "shell", "env", "run"}
        assert "${{" not in step["run"]  # an input that became script text could run commands


def run_step(step: dict[str, Any], inputs: dict[str, str], runner: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A step as the runner would run it."""
    values = {name: inputs.get(name, spec["default"]) for name, spec in ACTION["inputs"].items()}
    own = {
        key: value.replace("${{ inputs.", "").replace(" }}", "") if "${{" in value else value
        for key, value in step["env"].items()
    }
    own = {key: values.get(value, value) for key, value in own.items()}
    github = {"RUNNER_TEMP": str(runner), "GITHUB_ACTION_PATH": str(REPOSITORY), "GITHUB_WORKSPACE": str(cwd),
              "GITHUB_ACTIONS": "true", "CI": "true"}  # fmt: skip
    return subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=cwd, text=True,
                          env={**os.environ, **github, **own}, capture_output=True, check=False)  # fmt: skip


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner on which the first step has been: the program of these tests stands where it would install it."""
    program = tmp_path / "runner 一" / "kakuyaku" / "bin" / "kakuyaku"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kakuyaku "$@"\n', "utf-8")
    program.chmod(0o755)
    return tmp_path / "runner 一"


def test_the_action_passes_a_sound_project(project: Project, runner: Path) -> None:
    done = run_step(CHECK, {}, runner, project.root)
    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_the_action_annotates_and_writes_sarif(project: Project, runner: Path) -> None:
    (project.seeds / "school.txt").write_bytes(b"ok\x1b[2J\n")
    inputs = {"paths": f"{project.root.name}\n{project.root.name}/seeds/harbour.txt\n", "sarif": "found here.sarif"}
    done = run_step(CHECK, inputs, runner, project.root.parent)
    assert done.returncode == 1
    assert f"::error file={project.root.name}/seeds/school.txt,line=1,col=3,title=CTL001::" in done.stdout
    results = accepted((project.root.parent / "found here.sarif").read_text("utf-8"))
    assert {result["ruleId"] for result in results} == {"CTL001", "MAN002"}


def test_an_input_of_the_action_is_never_run(project: Project, runner: Path) -> None:
    done = run_step(CHECK, {"paths": "$(touch pwned)\n--project\n`touch pwned`; touch pwned"}, runner, project.root)
    assert done.returncode == 3 and "FS001" in done.stdout
    assert not (project.root / "pwned").exists()


def test_the_action_installs_the_versions_of_the_lock(tmp_path: Path) -> None:
    script = next(line for line in INSTALL["run"].splitlines() if line.startswith("sed "))
    target = tmp_path / "versions.txt"
    environment = {**os.environ, "GITHUB_ACTION_PATH": str(REPOSITORY), "venv": str(tmp_path)}
    subprocess.run(["bash", "-c", script], env=environment, check=True)
    versions = target.read_text("utf-8").splitlines()
    locked = (REPOSITORY / "requirements-dev.lock").read_text("utf-8")
    assert len(versions) == sum(not line.startswith((" ", "#")) for line in locked.splitlines() if line)
    assert any(line.startswith("pyarrow==") for line in versions) and "--hash" not in target.read_text("utf-8")


@pytest.mark.parametrize("kind", record_kinds())
def test_the_schemas_stand_alone_under_check_jsonschema(kind: str) -> None:
    done = tool("check_jsonschema", "--check-metaschema", REPOSITORY / f"schemas/{kind}.schema.json")
    assert done.returncode == 0, done.stdout
    assert all(reference.startswith("#/") for reference in references(schema(kind)))


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


def test_check_jsonschema_takes_our_annotations_and_refuses_a_faulty_one(tmp_path: Path) -> None:
    plain = REPOSITORY / "schemas/annotation.schema.json"
    gold = sorted((REPOSITORY / "annotation/gold").glob("*.json"))
    assert gold and tool("check_jsonschema", "--schemafile", plain, *gold).returncode == 0
    faulty = json.loads(gold[0].read_bytes())
    faulty["spans"][0]["start"] = "5"
    (tmp_path / "faulty.json").write_text(json.dumps(faulty), "utf-8")
    done = tool("check_jsonschema", "--schemafile", plain, tmp_path / "faulty.json")
    assert done.returncode == 1 and "spans[0]" in done.stdout


@pytest.mark.parametrize(("config", "kind"), CONFIGS.items())
def test_jsonschema_rs_takes_our_rows_and_refuses_faulty_ones(config: str, kind: str) -> None:
    plain = json.loads((REPOSITORY / f"schemas/{kind}.schema.json").read_bytes())
    validator = jsonschema_rs.Draft202012Validator(plain, validate_formats=True)
    for path in (REPOSITORY / "dataset" / config).glob("*.parquet"):
        for row in pq.read_table(path).to_pylist():
            assert validator.is_valid(row)
            assert not validator.is_valid({**row, "unknown": 1})
