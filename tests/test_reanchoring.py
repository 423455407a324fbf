"""Re-anchoring after random edits: no span ends on other text than its quote, and none is lost."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kakuyaku.annotation.reanchoring import find_place, orphans_path, reanchor, reanchor_project
from kakuyaku.annotation.standoff import CONTEXT_CHARS, Standoff, from_record
from kakuyaku.findings import Failure
from kakuyaku.project import Project
from tests.annotation_projects import ANNOTATOR, ARTICLE, RAW, base_annotation, write_project

BASE = from_record(base_annotation())
LETTERS = st.text(alphabet="甲乙国部隊はが送る。\n😀", max_size=6)


def edit(text: str, kind: str, start: int, length: int, letters: str) -> str:
    """One edit of a text; offsets wrap around, so that all are possible."""
    start %= len(text) + 1
    end = min(len(text), start + length)
    paragraphs = text.split("\n\n")
    one, other = start % len(paragraphs), end % len(paragraphs)
    match kind:
        case "insert":
            return text[:start] + letters + text[start:]
        case "delete":
            return text[:start] + text[end:]
        case "replace":
            return text[:start] + letters + text[end:]
        case "duplicate":
            paragraphs.insert(other, paragraphs[one])
        case "move":
            paragraphs.insert(other, paragraphs.pop(one))
    return "\n\n".join(paragraphs)


KINDS = st.sampled_from(["insert", "delete", "replace", "duplicate", "move"])
EDITS = st.lists(st.tuples(KINDS, st.integers(0, 2000), st.integers(0, 40), LETTERS), max_size=6)


@given(EDITS)
@settings(deadline=None, max_examples=300)
def test_nothing_is_lost_or_misplaced(edits: list[tuple[str, int, int, str]]) -> None:
    text = RAW
    for change in edits:
        text = edit(text, *change)
    result = reanchor(BASE, text)
    moved = {span.id: span for span in result.annotation.spans}
    orphaned = {orphan.span.id for orphan in result.orphans}
    assert result.n_kept + result.n_moved + len(result.orphans) == len(BASE.spans)
    assert set(moved).isdisjoint(orphaned)
    assert set(moved) | orphaned == {span.id for span in BASE.spans}
    for span in BASE.spans:
        new = moved.get(span.id)
        if new is None:
            assert find_place(span, text)[1]
            continue
        assert text[new.start : new.end] == new.quote == span.quote
        assert (new.label, new.attributes) == (span.label, span.attributes)
        assert text[: new.start].endswith(span.prefix)
        assert text[new.end :].startswith(span.suffix)
        assert text.count(span.prefix + span.quote + span.suffix) == 1
        assert new.prefix == text[max(0, new.start - CONTEXT_CHARS) : new.start]
    links = set(result.annotation.relations).union(*(orphan.relations for orphan in result.orphans))
    assert links == set(BASE.relations)
    assert all(link.source in moved and link.target in moved for link in result.annotation.relations)
    assert again(result.annotation, text) == result.annotation


def again(annotation: Standoff, text: str) -> Standoff:
    """A second run; what was certain once may have become a lookalike only through the edges of the text."""
    return reanchor(annotation, text).annotation


def changed_project(root: Path) -> Project:
    """A project whose article has changed since it was annotated: one paragraph more, one statement gone."""
    changes = {"丘の上の城で": "きのう、丘の上の城で", "500人を送る": "五百人を送る"}
    return write_project(root, {"text": changes})[0]


def test_project_is_mended_in_one_run(tmp_path: Path) -> None:
    project = changed_project(tmp_path)
    path = project.passes / ANNOTATOR / f"{ARTICLE}.json"
    (change,) = reanchor_project(project)
    orphans = json.loads(orphans_path(project, path).read_text(encoding="utf-8"))
    n_spans = len(json.loads(path.read_text(encoding="utf-8"))["spans"])
    assert n_spans + len(orphans) == len(BASE.spans)
    assert n_spans == change.result.n_kept + change.result.n_moved
    assert {"s1", "q1"} <= {orphan["span"]["id"] for orphan in orphans}
    files = {file: file.read_bytes() for file in tmp_path.rglob("*.json")}
    assert reanchor_project(project) == []
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.json")} == files


def test_orphans_of_earlier_runs_stay(tmp_path: Path) -> None:
    project = changed_project(tmp_path)
    reanchor_project(project)
    path = orphans_path(project, project.passes / ANNOTATOR / f"{ARTICLE}.json")
    first = json.loads(path.read_text(encoding="utf-8"))
    seed = project.seeds / f"{ARTICLE}.txt"
    seed.write_bytes(data := seed.read_bytes().replace("反対する".encode(), "賛成しない".encode()))
    record = json.loads(project.manifest.read_text(encoding="utf-8"))
    record |= {"sha256": hashlib.sha256(data).hexdigest(), "n_bytes": len(data)}
    project.manifest.write_text(json.dumps(record) + "\n", encoding="utf-8")
    reanchor_project(project)
    second = json.loads(path.read_text(encoding="utf-8"))
    assert second[: len(first)] == first
    assert len(second) > len(first)


def test_fault_anywhere_leaves_everything(tmp_path: Path) -> None:
    project = changed_project(tmp_path)
    path = project.passes / ANNOTATOR / f"{ARTICLE}.json"
    before = path.read_bytes()
    (project.passes / ANNOTATOR / "broken.json").write_text("{", encoding="utf-8")
    try:
        reanchor_project(project)
    except Failure as failure:
        assert [finding.code for finding in failure.findings] == ["JSN001"]
    else:
        raise AssertionError("a broken file was passed over")
    assert path.read_bytes() == before
