"""Fixtures: the repository, and small projects made of invented texts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

# datasets reads these when it is imported
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

from kakuyaku.contract import columns
from kakuyaku.dataset.publish import build
from kakuyaku.project import Project
from kakuyaku.records import jsonl_bytes
from kakuyaku.splits import Assignment, splits_bytes
from tests.texts import ARTICLES

# No test is a timed one: a busy machine is no defect.
settings.register_profile("kakuyaku", deadline=None)
settings.load_profile("kakuyaku")

REPOSITORY = Path(__file__).parents[1]
SPLITS = {"harbour": "train", "railway": "validation", "school": "test"}


def write_project(
    root: Path, texts: Mapping[str, str | bytes] = ARTICLES, splits: Mapping[str, str] = SPLITS
) -> Project:
    """A project with these raw articles, its manifest and splits."""
    project = Project(root)
    project.seeds.mkdir(parents=True)
    project.annotation.mkdir()
    records = []
    for id_, text in texts.items():
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        (project.seeds / f"{id_}.txt").write_bytes(data)
        records.append(
            {
                **dict.fromkeys(columns("seed")),
                "article_id": id_,
                "file": f"{id_}.txt",
                "sha256": hashlib.sha256(data).hexdigest(),
                "n_bytes": len(data),
                "published_on_basis": "unknown",
                "language": "ja",
                "rights": "written for the tests",
            }
        )
    project.manifest.write_bytes(jsonl_bytes(records))
    project.splits.write_bytes(splits_bytes(Assignment(id_, splits.get(id_, "train"), id_, "1.0") for id_ in texts))
    return project


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """Makes a project in a temporary folder."""

    def make(
        texts: Mapping[str, str | bytes] = ARTICLES, splits: Mapping[str, str] = SPLITS, name: str = "p"
    ) -> Project:
        return write_project(tmp_path / name, texts, splits)

    return make


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    """A project of three invented articles, not built."""
    return make_project()


@pytest.fixture
def built(project: Project) -> Project:
    """The same, built."""
    build(project)
    return project
