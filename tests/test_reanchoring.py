"""Re-anchoring after random edits: no span ends on other text than its quote, and none is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuyaku.adding import replace_capture
from kakuyaku.annotation.reanchoring import find_place, orphans_path, reanchor, reanchor_project
from kakuyaku.annotation.standoff import CONTEXT_CHARS, Span, from_record
from kakuyaku.findings import Failure
from kakuyaku.project import Project
from kakuyaku.splits import propose, splits_bytes
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
    result = reanchor(BASE, RAW, text)
    moved = {span.id: span for span in result.annotation.spans}
    orphaned = {orphan.span.id for orphan in result.orphans}
    assert result.n_kept + result.n_moved + len(result.orphans) == len(BASE.spans)
    assert set(moved).isdisjoint(orphaned)
    assert set(moved) | orphaned == {span.id for span in BASE.spans}
    for span in BASE.spans:
        new = moved.get(span.id)
        if new is None:
            assert find_place(span, RAW, text)[1]
            continue
        assert text[new.start : new.end] == new.quote == span.quote
        assert (new.label, new.attributes) == (span.label, span.attributes)
        assert text[: new.start].endswith(span.prefix)
        assert text[new.end :].startswith(span.suffix)
        assert (
            text.count(span.prefix + span.quote + span.suffix) == RAW.count(span.prefix + span.quote + span.suffix) == 1
        )
        assert new.prefix == text[max(0, new.start - CONTEXT_CHARS) : new.start]
    links = set(result.annotation.relations).union(*(orphan.relations for orphan in result.orphans))
    assert links == set(BASE.relations)
    assert all(link.source in moved and link.target in moved for link in result.annotation.relations)
    assert reanchor(result.annotation, text, text).annotation == result.annotation


def test_the_other_of_two_equal_places_is_never_taken() -> None:
    """Once the annotated one is gone, the other one stands alone, with the same context."""
    passage = f"{'前' * CONTEXT_CHARS}部隊を送る{'後' * CONTEXT_CHARS}"
    old, new = f"{passage}変更前{passage}", f"変更後{passage}"
    span = Span.anchored(old, "k1", "cue", start := passage.index("部隊"), start + 5)
    result = reanchor(replace(BASE, spans=(span,), relations=()), old, new)
    (orphan,) = result.orphans
    assert orphan.reason == "the quote with its context stood in the old text more than once"
    assert new.count(span.prefix + span.quote + span.suffix) == 1


def test_a_span_that_did_not_fit_its_own_text_is_not_moved() -> None:
    (span, *_) = BASE.spans
    result = reanchor(replace(BASE, spans=(replace(span, start=span.start + 1),), relations=()), RAW, RAW)
    assert [orphan.reason for orphan in result.orphans] == ["the quote did not stand at its offsets in the old text"]


def test_without_the_old_text_nothing_is_moved(tmp_path: Path) -> None:
    project = changed_project(tmp_path)
    (project.replaced / "old.txt").unlink()
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.json")}
    with pytest.raises(Failure, match="STL002"):
        reanchor_project(project)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.json")} == before


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
    (tmp_path / "new.txt").write_bytes(seed.read_bytes().replace("反対する".encode(), "賛成しない".encode()))
    project.splits.write_bytes(splits_bytes([propose(ARTICLE, ARTICLE, [])]))
    replace_capture(project, ARTICLE, tmp_path / "new.txt", {})
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
