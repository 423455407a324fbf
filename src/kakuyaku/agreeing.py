"""annotation/agreement.json: made from the passes of a project, written, and compared with what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from kakuyaku import __version__
from kakuyaku.actors import Actor, read_actors
from kakuyaku.agreement import pair_record
from kakuyaku.annotation_files import Annotator, Passes, check_anchors, read_annotators, read_passes
from kakuyaku.articles import Article
from kakuyaku.cleaning import Page, clean_many
from kakuyaku.comparing import compare
from kakuyaku.files import Transaction, locked, read_bytes
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.project import Project
from kakuyaku.records import json_bytes, parse_json
from kakuyaku.seeds import read_seeds
from kakuyaku.versions import SCHEMA_VERSION

Record = dict[str, Any]


def agreement(project: Project, passes: tuple[str, str] | None = None) -> Record:
    """The record of annotation/agreement.json.

    Args:
        passes: two annotators to compare, whatever their round; None for every pair of one round.

    Raises:
        Failure: no such annotator, no pair with an article in common, or a pass that does not fit its article.
    """
    found = read_passes(project)
    folder = project.shown(project.annotation / "passes")
    for name in passes or ():
        if name not in found:
            raise Failure(Finding("USE001", folder, f"has no {name}", fix=f"It has {', '.join(found) or 'nothing'}."))
    annotators = read_annotators(project, found)
    actors, articles = read_actors(project), _articles(project, found)
    wanted = [(annotators[passes[0]].round, *sorted(passes))] if passes else pairs_of_rounds(annotators)
    records = []
    for number, first, second in wanted:
        for version, common in _common(found, first, second).items():
            compared = [compare(found[first][id_], found[second][id_], articles[id_], actors) for id_ in common]
            kinds = {name: annotators[name].kind for name in (first, second)}
            record = pair_record(compared, (first, second), version, __version__)
            records.append({"round": number, "kinds": kinds, **record})
    if not records:
        raise Failure(Finding("FS001", folder, "holds no article that two annotators of one round have annotated"))
    return {"schema_version": SCHEMA_VERSION, "pairs": records}


def pairs_of_rounds(annotators: Mapping[str, Annotator]) -> list[tuple[int, str, str]]:
    """Round, first and second annotator of every two that worked in one round, sorted."""
    pairs = combinations(sorted(annotators), 2)
    return sorted((annotators[a].round, a, b) for a, b in pairs if annotators[a].round == annotators[b].round)


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
    """The stored pairs; empty when nothing is stored."""
    if not project.agreement.exists():
        return []
    record = parse_json(read_bytes(project.agreement), project.shown(project.agreement))
    pairs: list[Record] = record["pairs"]
    return pairs


def _common(passes: Passes, first: str, second: str) -> dict[str, list[str]]:
    """Articles that both annotated under one version of the guideline, by version."""
    common: dict[str, list[str]] = {}
    for id_ in sorted(set(passes[first]) & set(passes[second])):
        versions = {passes[name][id_].guideline_version for name in (first, second)}
        if len(versions) == 1:
            common.setdefault(versions.pop(), []).append(id_)
    return common


def _articles(project: Project, passes: Passes) -> dict[str, Article]:
    """The cleaned articles that were annotated; every pass must fit the raw text of its article."""
    seeds, findings = read_seeds(project)
    refuse_on_errors(findings)
    raw = {seed.id: seed.raw for seed in seeds}
    for annotator, annotated in passes.items():
        for id_, annotation in annotated.items():
            shown = project.shown(project.annotation / "passes" / annotator / f"{id_}.json")
            if id_ not in raw:
                findings.append(Finding("D01", shown, f"there is no article {id_}"))
            else:
                findings += check_anchors(annotation, raw[id_].text, raw[id_].sha256, shown)
    refuse_on_errors(findings)
    return {article.id: article for article in clean_many(Page(id_, text=text.text) for id_, text in raw.items())}
