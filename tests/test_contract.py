"""The contract: schemas, vocabulary, Arrow schemas and the card say the same."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import datasets
import pyarrow.parquet as pq
import pytest
import yaml
from jsonschema import Draft202012Validator

from kakuyaku.checks import check
from kakuyaku.contract import arrow_schema, check_contract, columns, labels, load, record_kinds
from kakuyaku.dataset.tables import CONFIGS
from kakuyaku.project import Project
from kakuyaku.syncing import derived, sync
from tests.conftest import REPOSITORY

CARD = (REPOSITORY / "dataset/README.md").read_text("utf-8")
FRONT: dict[str, Any] = yaml.safe_load(CARD.split("---\n")[1])


@pytest.mark.parametrize("kind", record_kinds())
def test_schemas_are_valid_and_describe_every_field(kind: str) -> None:
    Draft202012Validator.check_schema(load(kind))

    def fields(node: Any) -> None:
        for name, rule in node.get("properties", {}).items():
            assert "$ref" in rule or rule.get("description"), f"{kind}.{name}"
            fields(rule)

    fields(load(kind))


@pytest.mark.parametrize(("config", "kind"), CONFIGS.items())
def test_schema_arrow_card_and_files_agree(config: str, kind: str) -> None:
    expected = arrow_schema(kind)
    assert expected.names == columns(kind)
    for path in (REPOSITORY / "dataset" / config).glob("*.parquet"):
        assert pq.read_schema(path).equals(expected)
    (info,) = [info for info in FRONT["dataset_info"] if info["config_name"] == config]
    assert datasets.Features._from_yaml_list(info["features"]) == datasets.Features.from_arrow_schema(expected)
    for column in columns(kind):
        assert f"| `{column}` |" in CARD


def test_the_card_s_configs_carry_version_and_build() -> None:
    manifest = json.loads((REPOSITORY / "dataset/manifest.json").read_bytes())
    assert [config["config_name"] for config in FRONT["configs"]] == list(CONFIGS)
    for config in FRONT["configs"]:
        assert config["version"] == manifest["dataset_version"]
        assert f"[build {manifest['logical_sha256'][:12]}]" in config["description"]
    assert sum(config.get("default", False) for config in FRONT["configs"]) == 1


def test_every_label_is_bilingual_and_defined() -> None:
    for set_name, entry in load("vocabulary")["sets"].items():
        for label in labels(set_name).values():
            assert label.name["ja"] and label.name["en"] and label.definition["ja"] and label.definition["en"]
            known = {other["id"] for other in entry["labels"]}
            if set_name == "segment_kind":
                assert all(right in known for _, right in label.negative)


def test_changing_a_label_makes_check_say_what_is_out_of_date(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "schemas", tmp_path / "schemas")
    path = tmp_path / "schemas/vocabulary.json"
    vocabulary = json.loads(path.read_bytes())
    vocabulary["sets"]["segment_kind"]["labels"][3]["id"] = "paragraph"
    path.write_text(json.dumps(vocabulary), encoding="utf-8")
    found = {(finding.code, Path(finding.path).name) for finding in check_contract(tmp_path / "schemas")}
    assert found >= {("VOC002", "segment.schema.json"), ("VOC002", "sentence.schema.json")}


def test_everything_derived_is_up_to_date_and_sync_mends_it(tmp_path: Path) -> None:
    assert all(present == right for _, present, right in derived(Project(REPOSITORY)))
    for room in ("schemas", "docs"):
        shutil.copytree(REPOSITORY / room, tmp_path / room)
    schema = tmp_path / "schemas/segment.schema.json"
    schema.write_text(schema.read_text("utf-8").replace('"title",\n', "", 1), encoding="utf-8")
    docs = tmp_path / "docs/codes.md"
    docs.write_text(docs.read_text("utf-8").replace("RAW001", "RAW999"), encoding="utf-8")
    assert sync(Project(tmp_path)) == ["schemas/segment.schema.json", "docs/codes.md"]
    assert schema.read_bytes() == (REPOSITORY / "schemas/segment.schema.json").read_bytes()
    assert sync(Project(tmp_path)) == []


def test_the_repository_is_clean() -> None:
    assert [finding for finding in check(REPOSITORY) if finding.level == "error"] == []


@pytest.mark.parametrize(
    "path", sorted(REPOSITORY.glob("annotation/*.md")) + sorted(REPOSITORY.glob("d*/*.md")), ids=str
)
def test_tables_have_as_many_headings_as_cells(path: Path) -> None:
    width = 0
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.split(r"(?<!\\)\|", line.strip()[1:-1]))
        width = width or cells
        assert cells == width, f"{path.name}:{number}"
