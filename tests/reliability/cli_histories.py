"""Histories of a project on disk, through the command line: add, correct, re-anchor, build, check.

The project has one annotated article. A build may be refused (an annotation that lost spans breaks rules of its own);
then the published dataset stays as it was.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq

from kakuyaku import cli
from kakuyaku.annotation.reanchoring import orphans_path
from kakuyaku.decoding import text_sha256
from kakuyaku.duplicates import NEAR, grams, similarity
from kakuyaku.seeds import read_replaced, read_seeds
from kakuyaku.splits import propose, splits_bytes
from tests.annotation_projects import ANNOTATOR, ARTICLE, RAW, write_project
from tests.reliability import traced
from tests.reliability.histories import Broken, Counts
from tests.reliability.traced import Traced


def called(arguments: list[str]) -> int:
    """The exit code of the command line, in this process."""
    argv, sys.argv = sys.argv, ["kakuyaku", *arguments]
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.argv = argv


class OnDisk:
    """One history of a project in ``root``."""

    def __init__(self, seed: int, root: Path) -> None:
        self.rng = Random(f"kakuyaku history on disk {seed}")
        self.project = write_project(root, {})[0]
        self.project.splits.write_bytes(splits_bytes([propose(ARTICLE, ARTICLE, [])]))
        self.path = self.project.passes / ANNOTATOR / f"{ARTICLE}.json"
        self.text = traced.new(RAW)
        self.others: dict[str, tuple[Traced, bytes]] = {}
        self.removed: dict[str, tuple[Traced, bytes]] = {}
        self.first_split: dict[str, str] = {}
        self.counts = Counts()
        self.log: list[str] = []

    def call(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output of a command."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = called([*arguments, "--project", str(self.project.root)])
        self.counts.steps[arguments[0]] += 1
        self.log.append(f"{' '.join(arguments[:1])} → {code}")
        if code not in (0, 1):
            raise Broken(f"{' '.join(arguments)} ended with {code}: {out.getvalue()[-300:]}")
        return code, out.getvalue()

    def run(self) -> None:
        for _ in range(self.rng.randint(3, 5)):
            self.rng.choice((self.add, self.add, self.correct, self.correct, self.remove, self.bring_back))()
            self.build()

    def file(self, data: bytes) -> str:
        path = self.project.root.parent / "capture.txt"
        path.write_bytes(data)
        return str(path)

    def add(self) -> None:
        near = self.others and self.rng.random() < 0.4
        text = (
            traced.near(self.others[self.rng.choice(sorted(self.others))][0], self.rng)
            if near
            else traced.invented(self.rng)
        )
        self._add(text, text.text.encode())

    def _add(self, text: Traced, data: bytes) -> str | None:
        before = {seed.id for seed in read_seeds(self.project)[0]}
        if self.call("add", self.file(data))[0]:
            return None
        (new,) = {seed.id for seed in read_seeds(self.project)[0]} - before
        self.others[new] = text, data
        return new

    def remove(self) -> None:
        if self.others:
            id_ = self.rng.choice(sorted(self.others))
            self.removed[id_] = self.others.pop(id_)
            (self.project.seeds / f"{id_}.txt").unlink()
            lines = self.project.manifest.read_text("utf-8").splitlines(keepends=True)
            self.project.manifest.write_text("".join(line for line in lines if id_ not in line), "utf-8")

    def bring_back(self) -> None:
        if self.removed:
            id_ = self.rng.choice(sorted(self.removed))
            if (new := self._add(*self.removed[id_])) is not None:
                del self.removed[id_]
                if new != id_:
                    raise Broken(f"{id_} came back as {new}")

    def correct(self) -> None:
        spans = [(span["start"], span["end"]) for span in self.annotation()["spans"]]
        text = traced.edited(self.text, self.rng, spans)[1]
        old = text_sha256(self.text.text)
        if self.call("add", self.file(text.text.encode()), "--replaces", ARTICLE)[0]:
            return
        before, orphans = self.annotation(), self.orphans()
        if before["raw_sha256"] != old:
            raise Broken("add --replaces changed an annotation")
        self.call("reanchor")
        self.judge(before, len(orphans), text)
        self.text = text
        if "fits its text" not in (said := self.call("reanchor")[1]):
            raise Broken(f"a second re-anchoring says: {said}")

    def judge(self, before: dict[str, Any], n_orphans: int, text: Traced) -> None:
        after, orphans = self.annotation(), self.orphans()
        new = {span["id"]: span for span in after["spans"]}
        lost = {orphan["span"]["id"] for orphan in orphans[n_orphans:]}
        if new.keys() | lost != {span["id"] for span in before["spans"]} or new.keys() & lost:
            raise Broken("a span was lost")
        for was in before["spans"]:
            if (span := new.get(was["id"])) is None:
                continue
            low, high = span["start"], span["end"]
            if text.text[low:high] != was["quote"] or {**was, **anchor(span)} != span:
                raise Broken(f"{was['id']} is another span")
            if traced.from_elsewhere(self.text, text, (was["start"], was["end"]), (low, high), *context(was)) is True:
                raise Broken(f"{was['id']} “{was['quote']}” was moved to a lookalike")
        texts = read_replaced(self.project)[0]
        for orphan in orphans:
            span = orphan["span"]
            if texts[orphan["raw_sha256"]][span["start"] : span["end"]] != span["quote"]:
                raise Broken("the text of an orphan cannot be found by its hash")
        self.counts.spans.update(moved=len(new), orphans=len(lost))

    def build(self) -> None:
        code, _ = self.call("build")
        if code and self.published() is None:
            return
        splits = self.published() or {}
        for id_, (split, _) in splits.items():
            if self.first_split.setdefault(id_, split) != split:
                raise Broken(f"{id_} was published in {self.first_split[id_]} and is in {split}")
        own = {id_: (split, grams(text)) for id_, (split, text) in splits.items()}
        for one, other in combinations(own, 2):
            if own[one][0] != own[other][0] and similarity(own[one][1], own[other][1]) >= NEAR:
                raise Broken(f"{one} and {other} are near-duplicates in two splits")
        if self.call("check", str(self.project.dataset))[0]:
            raise Broken("the published dataset has findings")

    def published(self) -> dict[str, tuple[str, str]] | None:
        """Split and text of every published article; None before there is a dataset."""
        files = sorted((self.project.dataset / "articles").glob("*.parquet"))
        found = {
            row["article_id"]: (file.name.partition("-")[0], row["text"])
            for file in files
            for row in pq.read_table(file, columns=["article_id", "text"]).to_pylist()
        }
        return found or None

    def annotation(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        return found

    def orphans(self) -> list[dict[str, Any]]:
        path = orphans_path(self.project, self.path)
        return list(json.loads(path.read_text("utf-8"))) if path.exists() else []


def context(span: dict[str, Any]) -> tuple[int, int]:
    return len(span["prefix"]), len(span["suffix"])


def anchor(span: dict[str, Any]) -> dict[str, Any]:
    return {key: span[key] for key in ("start", "end", "prefix", "suffix")}


def run(seeds: Iterable[int]) -> tuple[Counts, list[str]]:
    """Run histories one after another, each in a folder of its own: what they did, and the laws that were broken."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    counts, broken = Counts(), []
    for seed in seeds:
        folder = Path(tempfile.mkdtemp(prefix="kakuyaku-"))
        history = OnDisk(seed, folder / "project")
        try:
            history.run()
        except Exception as error:  # whatever it is, the others go on
            what = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
            broken.append(f"history {seed} on disk, after “{', '.join(history.log)}”: {what}")
        shutil.rmtree(folder, ignore_errors=True)
        counts.add(history.counts)
    return counts, broken
