"""The annotation of a project as it lies in annotation/: passes, gold, annotators, judgements on whole articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kakuyaku.annotation.actors import Registry, read_actors
from kakuyaku.annotation.standoff import Standoff, from_record
from kakuyaku.contract import check_record, columns, record_kinds
from kakuyaku.files import contained, read_bytes
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.project import Project
from kakuyaku.records import parse_csv, parse_json

FIRST_ROUND = "1"
Passes = dict[str, dict[str, Standoff]]  # by annotator, then by article


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line of annotation/articles.csv: what is judged on an article as a whole."""

    article_id: str
    genre: str
    relevance: str
    principal_beneficiary: str


@dataclass(frozen=True, slots=True)
class Annotator:
    """Who annotated which articles in which round; ``kind`` and ``created`` are None when nobody wrote them down."""

    id: str
    kind: str | None
    created: str | None
    rounds: Mapping[str, frozenset[str]]


def read_annotation(project: Project, path: Path) -> Standoff:
    """One stand-off file.

    Raises:
        Failure: the file cannot be read, or is no annotation.
    """
    shown = project.shown(path)
    record = parse_json(read_bytes(contained(path, project.root)), shown)
    if "annotation" in record_kinds():
        refuse_on_errors(check_record("annotation", record, shown))
    annotation = from_record(record)
    if annotation.article_id != path.stem:
        raise Failure(Finding("D01", shown, f"is named {path.stem}, annotates {annotation.article_id}"))
    return annotation


def read_passes(project: Project) -> Passes:
    """Every pass, sorted by annotator and article; empty without any."""
    folder = project.annotation / "passes"
    return {
        annotator.name: {path.stem: read_annotation(project, path) for path in sorted(annotator.glob("*.json"))}
        for annotator in sorted(folder.glob("*"))
        if annotator.is_dir()
    }


def read_gold(project: Project) -> dict[str, Standoff]:
    """The adjudicated layer by article; empty before there is one."""
    return {path.stem: read_annotation(project, path) for path in sorted((project.annotation / "gold").glob("*.json"))}


def adjudicated(project: Project) -> frozenset[str]:
    """The articles whose disagreements have been ruled on."""
    return frozenset(path.stem for path in (project.annotation / "adjudication").glob("*.json"))


def adjudicated_passes(project: Project) -> frozenset[tuple[str, str]]:
    """Annotator and article of every pass that was adjudicated: such a pass never changes."""
    found = set()
    for path in (project.annotation / "adjudication").glob("*.json"):
        record = parse_json(read_bytes(path), project.shown(path))
        found |= {(annotator, path.stem) for annotator in record["annotators"]}
    return frozenset(found)


def read_annotators(project: Project, passes: Passes) -> dict[str, Annotator]:
    """The annotators of ``passes`` by id. One that annotators.json gives no rounds did all its work in round 1."""
    path = project.annotation / "annotators.json"
    entries = parse_json(read_bytes(path), project.shown(path)) if path.exists() else []
    known = {entry["id"]: entry for entry in entries}
    found = {}
    for id_, annotated in passes.items():
        entry = known.get(id_, {})
        listed = {each["name"]: frozenset(each["articles"]) & set(annotated) for each in entry.get("passes", ())}
        rounds = listed or {str(entry.get("round", FIRST_ROUND)): frozenset(annotated)}
        found[id_] = Annotator(id_, entry.get("kind"), entry.get("created_on"), rounds)
    return found


def read_registry(project: Project) -> Registry:
    """The actors of a project; none before there is an actors.csv.

    Raises:
        Failure: with every fault of the file.
    """
    path = project.annotation / "actors.csv"
    if not path.exists():
        return Registry({})
    registry, findings = read_actors(read_bytes(path), project.shown(path))
    refuse_on_errors(findings)
    return registry


def read_judgements(project: Project) -> dict[str, Judgement]:
    """annotation/articles.csv by article; empty when there is no such file.

    Raises:
        Failure: with every fault of the file.
    """
    path = project.annotation / "articles.csv"
    if not path.exists():
        return {}
    shown, found, findings = project.shown(path), dict[str, Judgement](), list[Finding]()
    for number, row in parse_csv(read_bytes(path), shown, columns("judgement")):
        if isinstance(row, Finding):
            findings.append(row)
        elif faults := list(check_record("judgement", row, shown, number)):
            findings += faults
        elif row["article_id"] in found:
            findings.append(Finding("CSV001", shown, f"{row['article_id']} has a line above", number))
        else:
            found[row["article_id"]] = Judgement(**row)
    refuse_on_errors(findings)
    return found


def annotators_of(passes: Mapping[str, Mapping[str, Standoff]], article_id: str) -> int:
    """How many annotators worked on an article."""
    return sum(article_id in articles for articles in passes.values())
