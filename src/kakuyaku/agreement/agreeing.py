"""annotation/agreement.json: made from the passes of a project, written, and compared with what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from kakuyaku import __version__
from kakuyaku.agreement.comparing import compare
from kakuyaku.agreement.figures import pair_record
from kakuyaku.annotation.room import GOLD, check_room
from kakuyaku.annotation.standoff import Standoff
from kakuyaku.annotation.store import Annotator, read_annotators, read_gold, read_passes, read_registry
from kakuyaku.articles import Article
from kakuyaku.cleaning import Page, clean_many
from kakuyaku.contract import check_record
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.locks import locked
from kakuyaku.project import Project
from kakuyaku.records import json_bytes, parse_json
from kakuyaku.seeds import read_seeds
from kakuyaku.transactions import Transaction
from kakuyaku.versions import SCHEMA_VERSION

Record = dict[str, Any]


def agreement(project: Project, passes: tuple[str, str] | None = None) -> Record:
    """The record of annotation/agreement.json.

    Args:
        passes: two annotators to compare, whatever their round (or ``gold``); None for every pair of one round, and
            for every pass made under the guideline of gold, which it did not shape, with gold.

    Raises:
        Failure: no such annotator, no pair with an article in common, or a pass that does not fit its article.
    """
    found = {**read_passes(project), GOLD: read_gold(project)}
    folder = project.shown(project.annotation / "passes")
    for name in passes or ():
        if name not in found:
            raise Failure(Finding("USE001", folder, f"has no {name}", fix=f"It has {', '.join(found) or 'nothing'}."))
    annotators = read_annotators(project, found)
    actors, articles = read_registry(project), _articles(project)
    del annotators[GOLD]
    wanted = pairs_of_rounds(annotators)
    wanted += [(GOLD, name, GOLD, frozenset(set(found[name]) & set(found[GOLD]))) for name in annotators]
    if passes:
        shared = set(found[passes[0]]) & set(found[passes[1]])
        wanted = [("any", min(passes), max(passes), frozenset(shared))]
    records = []
    for name, first, second, shared_articles in wanted:
        for version, ids in _by_guideline(found[first], found[second], shared_articles).items():
            compared = [compare(found[first][id_], found[second][id_], articles[id_], actors) for id_ in ids]
            kinds = {name: annotators[name].kind for name in (first, second) if name in annotators}
            record = pair_record(compared, (first, second), version, __version__)
            records.append({"round": name, "kinds": kinds, **record})
    if not records:
        raise Failure(Finding("FS001", folder, "holds no article that two annotators of one round have annotated"))
    return {"schema_version": SCHEMA_VERSION, "pairs": records}


def pairs_of_rounds(annotators: Mapping[str, Annotator]) -> list[tuple[str, str, str, frozenset[str]]]:
    """Round, first and second annotator, and common articles of every two that worked in one round, sorted."""
    return sorted(
        (name, first, second, shared)
        for first, second in combinations(sorted(annotators), 2)
        for name, articles in annotators[first].rounds.items()
        if (shared := articles & annotators[second].rounds.get(name, frozenset()))
    )


def write_agreement(project: Project) -> Record:
    """Write annotation/agreement.json, whole or not at all; the record."""
    with locked(project.root), Transaction(project.root) as transaction:
        record = agreement(project)
        transaction.write(project.agreement, json_bytes(record))
        transaction.commit()
    return record


def compare_agreement(project: Project) -> list[Finding]:
    """BLD001 when annotation/agreement.json is not what the passes give."""
    shown = project.shown(project.agreement)
    if not project.agreement.exists():
        return [Finding("BLD001", shown, "is missing", fix="Run `kakuyaku agree`.")]
    if read_bytes(project.agreement) != json_bytes(agreement(project)):
        return [Finding("BLD001", shown, "differs from what the passes give", fix="Run `kakuyaku agree`.")]
    return []


def read_agreement(project: Project) -> list[Record]:
    """The stored pairs; empty when nothing is stored.

    Raises:
        Failure: the file is no record of agreement.
    """
    if not project.agreement.exists():
        return []
    shown = project.shown(project.agreement)
    record = parse_json(read_bytes(project.agreement), shown)
    refuse_on_errors(check_record("agreement", record, shown))
    pairs: list[Record] = record["pairs"]
    return pairs


def _by_guideline(
    first: Mapping[str, Standoff], second: Mapping[str, Standoff], ids: frozenset[str]
) -> dict[str, list[str]]:
    """The articles that both annotated under one version of the guideline, by version."""
    found: dict[str, list[str]] = {}
    for id_ in sorted(ids):
        if (version := first[id_].guideline_version) == second[id_].guideline_version:
            found.setdefault(version, []).append(id_)
    return found


def _articles(project: Project) -> dict[str, Article]:
    """The cleaned articles; every annotation of the project must obey the rules first."""
    seeds, findings = read_seeds(project)
    refuse_on_errors([*findings, *check_room(project, seeds)])
    return {article.id: article for article in clean_many(Page(seed.id, text=seed.raw.text) for seed in seeds)}
