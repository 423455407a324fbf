"""Some histories, and that the laws are looked at: each planted defect is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kakuyaku import adding, splits
from kakuyaku.annotation import reanchoring
from kakuyaku.annotation.standoff import Span
from kakuyaku.dataset import publish
from kakuyaku.splits import Assignment, propose
from tests.reliability import cli_histories, traced
from tests.reliability.histories import main, run


def test_the_laws_hold_over_a_hundred_histories() -> None:
    counts, broken = run(range(100))
    assert broken == []
    assert all(counts.spans[kind] for kind in ("kept", "moved", "orphans"))
    assert {"DUP001", "DUP003", "SPL005", "RAW001"} <= set(counts.refused)


def test_the_laws_hold_through_the_command_line() -> None:
    counts, broken = cli_histories.run(range(2))
    assert broken == []
    assert counts.steps["build"] >= 6


def test_a_history_is_the_same_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for _ in range(2):
        assert main(["7", "8"]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    assert "history 8: every law holds" in outputs[0]


def first_place(span: Span, old: str, raw: str) -> tuple[int | None, str]:
    """The first place of the quote: a lookalike."""
    place = raw.find(span.quote)
    return (None, "gone") if place < 0 else (place, "")


def without_the_old_text(span: Span, old: str, raw: str) -> tuple[int | None, str]:
    """As it was before: the only place in the new text may be the twin of one that is gone."""
    anchor = span.prefix + span.quote + span.suffix
    place = raw.find(anchor)
    return (None, "gone") if place < 0 or raw.find(anchor, place + 1) >= 0 else (place + len(span.prefix), "")


def always_new(sha256: str, present: Any, table: Any) -> str:
    return f"{len(table):03}_{sha256[:15]}z"


def without_peers(id_: str, event: str | None, events: Any, table: dict[str, Assignment]) -> Assignment:
    return table.get(id_) or propose(id_, event or id_, table.values())


def no_pairs(texts: Any) -> Iterator[tuple[str, str, float]]:
    return iter(())


DEFECTS: dict[str, tuple[Any, str, Callable[..., Any], str]] = {
    "the first place of a quote": (reanchoring, "find_place", first_place, "a lookalike"),
    "the old text is not asked": (reanchoring, "find_place", without_the_old_text, "a lookalike"),
    "an article comes back as another": (adding, "identify", always_new, "came back as"),
    "near-duplicates are not seen": (publish, "near_pairs", no_pairs, "are not reported"),
    "near-duplicates are taken": (adding, "refuse_known", lambda *_: None, "objects to what was accepted"),
    "events are not compared": (splits, "check_splits", lambda *_, **__: iter(()), "events and splits are"),
    "articles of an event apart": (adding, "refuse_straddling", lambda *_: None, "objects to what was accepted"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    module, function, defect, words = DEFECTS[name]
    monkeypatch.setattr(module, function, defect)
    if name == "articles of an event apart":
        monkeypatch.setattr(adding, "assign", without_peers)
    broken: list[str] = []
    for start in range(0, 600, 100):
        broken += run(range(start, start + 100))[1]
        if any(words in fault for fault in broken):
            return
    raise AssertionError(f"not found; but: {broken[:3]}")


@pytest.mark.parametrize("seed", range(40))
def test_edits_keep_the_origins_of_what_they_keep(seed: int) -> None:
    rng = Random(seed)
    text = traced.invented(rng)
    character = dict(zip(text.origins, text.text, strict=True))
    for _ in range(5):
        _, text = traced.edited(text, rng, [(0, min(5, len(text.text)))] if text.text else [])
        assert len(text.text) == len(text.origins)
        assert all(character.get(o, t) == t for o, t in zip(text.origins, text.text, strict=True))
        character |= dict(zip(text.origins, text.text, strict=True))


def test_the_oracle_knows_a_lookalike_from_the_place_and_from_pieces() -> None:
    old = traced.new("甲乙丙甲乙丙丁")
    assert traced.from_elsewhere(old, old, (0, 2), (0, 2), 0, 1) is False
    assert traced.from_elsewhere(old, old[3:], (0, 2), (0, 2), 0, 1) is True
    assert traced.from_elsewhere(old, old[3:5] + old[2:3], (0, 2), (0, 2), 0, 1) is None


def test_a_failing_history_on_disk_says_which_and_after_what(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli_histories, "called", lambda arguments: 4)
    (fault,) = cli_histories.run([3])[1]
    assert fault.startswith("history 3 on disk, after “") and "ended with 4" in fault
