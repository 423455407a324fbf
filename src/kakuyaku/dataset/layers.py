"""The annotation layer of a project: everything in annotation/ that the published tables are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kakuyaku.annotation.actors import UNNAMED, Registry
from kakuyaku.annotation.store import (
    Judgement,
    Passes,
    adjudicated,
    annotators_of,
    read_annotators,
    read_gold,
    read_judgements,
    read_passes,
    read_registry,
)
from kakuyaku.articles import Article
from kakuyaku.decoding import text_sha256
from kakuyaku.findings import Finding
from kakuyaku.project import Project
from kakuyaku.annotation.standoff import Standoff


@dataclass(frozen=True)
class Layer:
    """Gold annotation by article, the passes behind it, and what is known about articles, actors and annotators."""

    gold: Mapping[str, Standoff] = field(default_factory=dict)
    passes: Passes = field(default_factory=dict)
    adjudicated: frozenset[str] = frozenset()
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    registry: Registry = field(default_factory=lambda: Registry({}))
    created: Mapping[str, str | None] = field(default_factory=dict)

    def n_annotators(self, article_id: str) -> int:
        """Independent annotations of an article."""
        return annotators_of(self.passes, article_id)

    def adjudicates(self, article_id: str) -> bool:
        """Whether the disagreements on an article have been ruled on."""
        return article_id in self.adjudicated

    def state(self, article_id: str) -> str | None:
        """A label of ``annotation_state``; None before there is a gold annotation."""
        if article_id not in self.gold:
            return None
        if self.adjudicates(article_id):
            return "adjudicated"
        return "double" if self.n_annotators(article_id) > 1 else "single"


def read_layer(project: Project) -> Layer:
    """The layer of a project whose annotation has passed ``check_room``; empty where there is none.

    Raises:
        Failure: a file cannot be read at all.
    """
    passes = read_passes(project)
    return Layer(
        gold=read_gold(project),
        passes=passes,
        adjudicated=adjudicated(project),
        judgements=read_judgements(project),
        registry=read_registry(project),
        created={id_: annotator.created for id_, annotator in read_annotators(project, passes).items()},
    )
