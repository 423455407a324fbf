"""A project: a folder with the rooms seeds/, annotation/ and dataset/ (and schemas/, where the program lives)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """Where everything of one project lies."""

    root: Path

    @property
    def seeds(self) -> Path:
        return self.root / "seeds"

    @property
    def manifest(self) -> Path:
        return self.seeds / "manifest.jsonl"

    @property
    def replaced(self) -> Path:
        """Captures that a corrected one has replaced: annotations and orphans were drawn on them."""
        return self.seeds / "replaced"

    @property
    def schemas(self) -> Path:
        return self.root / "schemas"

    @property
    def annotation(self) -> Path:
        return self.root / "annotation"

    @property
    def splits(self) -> Path:
        return self.annotation / "splits.csv"

    @property
    def actors(self) -> Path:
        return self.annotation / "actors.csv"

    @property
    def annotators(self) -> Path:
        return self.annotation / "annotators.json"

    @property
    def passes(self) -> Path:
        return self.annotation / "passes"

    @property
    def gold(self) -> Path:
        return self.annotation / "gold"

    @property
    def adjudication(self) -> Path:
        return self.annotation / "adjudication"

    @property
    def orphans(self) -> Path:
        return self.annotation / "orphans"

    @property
    def agreement(self) -> Path:
        return self.annotation / "agreement.json"

    @property
    def limits(self) -> Path:
        return self.annotation / "limits.md"

    @property
    def label_config(self) -> Path:
        return self.annotation / "label_config.xml"

    @property
    def studio(self) -> Path:
        """What a local Label Studio keeps, and what was seen on the server last; never committed."""
        return self.root / ".kakuyaku-studio"

    @property
    def dataset(self) -> Path:
        return self.root / "dataset"

    @property
    def citation(self) -> Path:
        return self.root / "CITATION.cff"

    def shown(self, path: Path) -> str:
        """``path`` as a reader of a message wants it: relative to the project where it lies inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
