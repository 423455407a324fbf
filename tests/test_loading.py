"""The published dataset, read by everything that people read it with."""

from __future__ import annotations

from pathlib import Path

import datasets
import duckdb
import pandas
import polars
import pytest

import kakuyaku
from kakuyaku.dataset.publish import build
from kakuyaku.dataset.tables import CONFIGS, default_config
from kakuyaku.findings import Failure
from kakuyaku.project import Project
from tests.conftest import REPOSITORY

DATASET = REPOSITORY / "dataset"
SPLITS = {"train": 3, "validation": 1, "test": 1}


@pytest.mark.parametrize("config", CONFIGS)
def test_load_dataset_gives_every_config_and_split(config: str, tmp_path: Path) -> None:
    loaded = datasets.load_dataset(str(DATASET), config, cache_dir=str(tmp_path))
    assert list(loaded) == (["train"] if config == "actors" else list(SPLITS))
    for split in loaded:
        one = datasets.load_dataset(str(DATASET), config, split=split, cache_dir=str(tmp_path))
        streamed = list(datasets.load_dataset(str(DATASET), config, split=split, streaming=True))
        ours = kakuyaku.load(config, split, path=DATASET)
        assert one.to_list() == streamed == ours.to_list()
        assert one.features == ours.features


def test_the_default_config_and_the_five_articles(tmp_path: Path) -> None:
    loaded = datasets.load_dataset(str(DATASET), "articles", cache_dir=str(tmp_path))
    assert {split: loaded[split].num_rows for split in loaded} == SPLITS
    assert datasets.get_dataset_default_config_name(str(DATASET)) == default_config(CONFIGS)
    ids = {split: [i[:3] for i in loaded[split]["article_id"]] for split in loaded}
    assert ids == {"train": ["000", "001", "003"], "validation": ["004"], "test": ["002"]}
    titles = [row["title"] for split in loaded for row in loaded[split]]
    assert all(titles) and all(row["text"].startswith(row["title"]) for split in loaded for row in loaded[split])


def test_metadata_of_the_seeds() -> None:
    rows = {row["article_id"][:3]: row for split in kakuyaku.load("articles", path=DATASET).values() for row in split}
    assert rows["001"]["byline"] == ["織田昌大"] and rows["001"]["credits"] == ["出典:聯合ニュース"]
    assert rows["000"]["references"] == ["Reuters"] and len(rows["000"]["captions"]) == 1
    assert rows["003"]["date_lines"] == ["2024年2月28日(水)15時04分"] and rows["003"]["byline"] == [
        "ジョン・ジャクソン"
    ]
    assert rows["002"]["byline"] == ["by nicoxz"] and rows["002"]["references"] == []
    assert "cgtn.com" in rows["004"]["references"] and rows["004"]["published_on"] is None


@pytest.mark.parametrize(
    ("config", "split"), [(c, s) for c in CONFIGS for s in SPLITS if c != "actors" or s == "train"]
)
def test_pandas_polars_and_duckdb_read_the_same_rows(config: str, split: str) -> None:
    path = DATASET / config / f"{split}-00000-of-00001.parquet"
    expected = kakuyaku.load(config, split, path=DATASET).to_list()
    assert polars.read_parquet(path).to_dicts() == expected
    found = duckdb.sql(f"select * from read_parquet('{path}')")
    assert found is not None
    assert [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()] == expected
    frame = pandas.read_parquet(path, dtype_backend="pyarrow")
    assert list(frame.columns) == list(expected[0]) and len(frame) == len(expected)
    assert frame.iloc[:, 0].to_list() == [row[frame.columns[0]] for row in expected]


def test_never_stale_after_a_rebuild(built: Project, tmp_path: Path) -> None:
    def titles() -> list[str]:
        return list(
            datasets.load_dataset(str(built.dataset), split="train", cache_dir=str(tmp_path / "cache"))["publisher"]
        )

    assert titles() == [None]
    assert list(kakuyaku.load(split="train", path=built.dataset)["publisher"]) == [None]
    built.manifest.write_text(
        built.manifest.read_text("utf-8").replace('"publisher": null', '"publisher": "青空"', 1), "utf-8"
    )
    build(built)
    assert titles() == ["青空"]
    assert list(kakuyaku.load(split="train", path=built.dataset)["publisher"]) == ["青空"]


def test_a_damaged_dataset_is_refused(built: Project) -> None:
    path = built.dataset / "articles/train-00000-of-00001.parquet"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(Failure, match="DAT002"):
        kakuyaku.load(path=built.dataset)
