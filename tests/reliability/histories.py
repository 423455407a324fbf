"""The laws of splits and anchors over random histories of a corpus.

A history is a seed: about a dozen steps (articles added, removed, brought back, renamed, reordered; near-duplicates and
chains of them; events named later; other cleaning; texts corrected, normalised, emptied; annotation changed), taken
by the functions that the commands are made of, in memory. After each step every law is looked at; what happened to a
span is known from :mod:`tests.reliability.traced`. Some histories run through the command line: ``cli_histories``.

Alone: ``python -m tests.reliability.histories SEED …`` prints the steps of a history and the law it breaks.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from random import Random

from kakuyaku import adding, splits
from kakuyaku.annotation import reanchoring
from kakuyaku.annotation.standoff import Relation, Span, Standoff
from kakuyaku.articles import Article
from kakuyaku.cleaning import Page, clean_many
from kakuyaku.contract import columns
from kakuyaku.dataset import publish
from kakuyaku.dataset.tables import Source
from kakuyaku.decoding import decode
from kakuyaku.duplicates import NEAR, grams, similarity
from kakuyaku.findings import Failure, Finding
from kakuyaku.project import Project
from kakuyaku.records import parse_csv
from kakuyaku.seeds import Seed
from kakuyaku.splits import Assignment
from tests.reliability import traced
from tests.reliability.figures import Figure, Progress
from tests.reliability.traced import Traced

N_WHOLE, N_CHANGE = 10_000, 6_000
N_CLI_WHOLE, N_CLI_CHANGE = 48, 24
BATCH = 250  # histories whose texts are cleaned together
EVENTS = (None, None, None, "one-event", "other-event")
LABELS = ("actor", "statement", "cue", "condition", "quantity", "time")
# Other rules of the cleaner: kinds of segment that it keeps or cuts against the present rules.
CLEANERS = (frozenset[str](), frozenset({"heading", "title"}), frozenset({"nav", "related", "ranking"}))
PROJECT = Project(Path("in-memory"))

Cleaning = Generator[str, Article, None]


kept_grams = lru_cache(4096)(grams)  # the oracle looks at the same texts after every step


class Broken(Exception):
    """A law does not hold."""


@dataclass
class Entry:
    """An article: its seed, its text with origins, the texts it had before, and its annotation by annotator."""

    seed: Seed
    text: Traced
    article: Article
    data: bytes
    earlier: list[tuple[Traced, bytes]] = field(default_factory=list)
    annotation: dict[str, Standoff] = field(default_factory=dict)


@dataclass
class Counts:
    """What the histories did: steps by name, spans kept, moved and orphaned, refusals by code."""

    steps: Counter[str] = field(default_factory=Counter)
    spans: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        self.steps += other.steps
        self.spans += other.spans
        self.refused += other.refused


class History:
    """One history. Run it by :func:`run`, which cleans the texts that it asks for."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(f"kakuyaku history {seed}")
        self.entries: dict[str, Entry] = {}
        self.removed: list[Entry] = []
        self.waiting: list[Traced] = []  # the middle of chains, whose ends are there
        self.splits: dict[str, Assignment] = {}
        self.first_split: dict[str, str] = {}
        self.replaced: dict[str, str] = {}
        self.orphans: list[tuple[reanchoring.Orphan, str]] = []
        self.cleaner = 0
        self.log: list[str] = []
        self.counts = Counts()

    def steps(self) -> Cleaning:
        """Take the steps; yields texts, is sent what cleaning makes of them."""
        for _ in range(2):
            yield from self.add()
        kinds = (self.add, self.add_near, self.add_chain, self.remove, self.bring_back, self.rename, self.reorder,
                 self.name_event, self.write_by_hand, self.clean_otherwise, self.correct, self.correct, self.correct,
                 self.line_ends, self.empty, self.annotate_otherwise)  # fmt: skip
        for _ in range(self.rng.randint(7, 12)):
            step = self.rng.choice(kinds)
            self.counts.steps[step.__name__] += 1
            yield from step()
            self.look()

    # Steps

    def add(self) -> Cleaning:
        yield from self._add(traced.invented(self.rng), self.rng.choice(EVENTS))

    def add_near(self) -> Cleaning:
        if self.entries:
            yield from self._add(traced.near(self._any().text, self.rng), self.rng.choice(EVENTS))

    def add_chain(self) -> Cleaning:
        """The ends of A ~ B ~ C, which are no near-duplicates; B comes later, if at all."""
        if self.waiting:
            yield from self._add(self.waiting.pop(), self.rng.choice(EVENTS))
            return
        middle = traced.new("\n\n".join(traced.sentence(self.rng) for _ in range(10)))
        parts = traced.split(middle)
        for part in (parts[0], parts[-1]):
            other = traced.new(traced.sentence(self.rng) + "\n\n")
            yield from self._add(traced.joined([other if each is part else each for each in parts]), None)
        self.waiting.append(middle)

    def remove(self) -> Cleaning:
        if len(self.entries) > 1:
            entry = self.entries.pop(self.rng.choice(sorted(self.entries)))
            self.removed.append(entry)
            self._say(f"remove {entry.seed.id}")
        yield from ()

    def bring_back(self) -> Cleaning:
        if self.removed:
            entry = self.removed.pop(self.rng.randrange(len(self.removed)))
            # by its bytes an article is known again; those of a corrected capture are not in its id
            text, data = [*entry.earlier, (entry.text, entry.data)][0]
            yield from self._add(text, entry.seed.record["event_id"], data, entry)

    def rename(self) -> Cleaning:
        """Another file name; the id stays."""
        entry = self._any()
        self._put(entry, {"file": f"renamed-{self.rng.randrange(10**6)}.txt"})
        self._say(f"rename the file of {entry.seed.id}")
        yield from ()

    def reorder(self) -> Cleaning:
        """The lines of the manifest and of the table of splits in another order."""
        self.entries = dict(self.rng.sample(sorted(self.entries.items()), len(self.entries)))
        self.splits = dict(self.rng.sample(sorted(self.splits.items()), len(self.splits)))
        self._say("reorder")
        yield from ()

    def name_event(self) -> Cleaning:
        """An event is written into the manifest by hand; if it stands in two splits then, it is taken back."""
        entry = self._any()
        record = entry.seed.record
        self._put(entry, {"event_id": self.rng.choice(EVENTS)})
        errors = self.errors()
        self._say(f"{entry.seed.id} is on {entry.seed.record['event_id']}: {self._codes(errors)}")
        if errors:
            self._put(entry, record)
        yield from ()

    def write_by_hand(self) -> Cleaning:
        """A near-duplicate or the middle of a chain comes in past `add`; if the check objects, it goes again."""
        text = (
            self.waiting.pop() if self.waiting and self.rng.random() < 0.7 else traced.near(self._any().text, self.rng)
        )
        if not text.text.strip():
            return
        article = yield text.text
        data = text.text.encode()
        id_ = adding.identify(hashlib.sha256(data).hexdigest(), self.entries, self.splits)
        seed = self._seed(id_, data, None)
        self.entries[seed.id] = Entry(seed, text, self._cleaned(article), data)
        before, proposal = dict(self.splits), adding.assign(id_, None, {}, self.splits)
        self.splits[id_] = proposal
        errors = self.errors()
        self._say(f"{seed.id} written by hand into {proposal.split}: {self._codes(errors)}")
        if errors:
            del self.entries[id_]
            self.splits = before

    def clean_otherwise(self) -> Cleaning:
        """Other rules cut other lines. Annotation and splits stay; what the check objects to then is taken back."""
        before = self.cleaner
        self.cleaner = self.rng.randrange(len(CLEANERS))
        annotation = {id_: dict(entry.annotation) for id_, entry in self.entries.items()}
        self._clean_all()
        errors = self.errors()
        self._say(f"cleaner {self.cleaner}: {self._codes(errors)}")
        if {id_: entry.annotation for id_, entry in self.entries.items()} != annotation:
            raise Broken("another cleaner changed an annotation")
        if errors:
            self.cleaner = before
            self._clean_all()
        yield from ()

    def correct(self) -> Cleaning:
        """A corrected capture, and its annotation moved to it."""
        entry = self._any()
        text, kinds = entry.text, []
        if entry.earlier and self.rng.random() < 0.15:
            (text, _), kinds = self.rng.choice(entry.earlier), ["restore"]
        else:
            spans = [(span.start, span.end) for each in entry.annotation.values() for span in each.spans]
            for _ in range(self.rng.randint(1, 4)):
                kind, text = traced.edited(text, self.rng, spans)
                kinds.append(kind)
                spans = []  # their places are known in the first text alone
        yield from self._replace(entry, text.text.encode(), text, "+".join(kinds))

    def line_ends(self) -> Cleaning:
        """The same text with CRLF and a byte order mark: other bytes, no other text."""
        entry = self._any()
        data = b"\xef\xbb\xbf" + entry.text.text.replace("\n", "\r\n").encode()
        yield from self._replace(entry, data, entry.text, "line ends")

    def empty(self) -> Cleaning:
        """A capture of nothing: refused."""
        entry = self._any()
        yield from self._replace(entry, self.rng.choice((b"", b" \n\n", "\u3000".encode())), traced.new(""), "empty")

    def annotate_otherwise(self) -> Cleaning:
        """A span gets another label, or is drawn or taken away."""
        entry = self._any()
        for annotator, annotation in entry.annotation.items():
            found = list(annotation.spans)
            if found and self.rng.random() < 0.7:
                index = self.rng.randrange(len(found))
                found[index] = replace(found[index], label=self.rng.choice(LABELS))
            else:
                found.append(self._span(entry.text.text, f"z{len(self.log)}"))
            entry.annotation[annotator] = replace(annotation, revision=annotation.revision + 1, spans=tuple(found))
        self._say(f"annotate {entry.seed.id}")
        yield from ()

    # What the steps are made of

    def _add(self, text: Traced, event: str | None, data: bytes | None = None, again: Entry | None = None) -> Cleaning:
        """`kakuyaku add`, in memory; ``again``: what the article was before it was removed."""
        data = text.text.encode() if data is None else data
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            raw = decode(data, "new.txt")
            article = self._cleaned((yield raw.text))
            adding.refuse_known("new.txt", sha256, article.text, self._known())
            id_ = adding.identify(sha256, self.entries, self.splits)
            events = {each: entry.seed.record["event_id"] for each, entry in self.entries.items()}
            line = adding.assign(id_, event, events, self.splits)
            adding.refuse_straddling(PROJECT, {**self.splits, id_: line}, {**events, id_: event})
        except Failure as failure:
            self._refused("add", failure)
            if again:
                self.removed.append(again)
            return
        if again and id_ != again.seed.id:
            raise Broken(f"{again.seed.id} came back as {id_}")
        seed = self._seed(id_, data, event)
        annotation = {name: self._annotation(seed, name) for name in ("a", "b")[: self.rng.randint(1, 2)]}
        self.entries[id_] = Entry(seed, text, article, data, annotation=annotation)
        self.splits[id_] = line
        self._say(f"add {id_} to {line.split}, group {line.group}, event {event}")

    def _replace(self, entry: Entry, data: bytes, text: Traced, what: str) -> Cleaning:
        """`kakuyaku add --replaces` and `kakuyaku reanchor`, in memory."""
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 == entry.seed.record["sha256"]:
            return
        try:
            raw = decode(data, "new.txt")
            article = self._cleaned((yield raw.text))
            adding.refuse_known("new.txt", sha256, article.text, self._known(entry))
        except Failure as failure:
            self._refused(f"{what} of {entry.seed.id}", failure)
            return
        if what == "empty":
            raise Broken("a text without text was accepted")
        old = entry.seed.raw
        self.replaced[old.sha256] = old.text
        entry.earlier.append((entry.text, entry.data))
        before, entry.text, entry.data, entry.article = entry.text, text, data, article
        entry.seed = Seed({**entry.seed.record, "sha256": sha256, "n_bytes": len(data)}, raw)
        self._say(f"{what} of {entry.seed.id}")
        if raw.sha256 == old.sha256:
            return  # not stale: other bytes of the same text
        for annotator, annotation in entry.annotation.items():
            result = reanchoring.reanchor(annotation, self.replaced[annotation.raw_sha256], raw.text)
            self._judge(annotation, result, before, text)
            entry.annotation[annotator] = result.annotation
            self.orphans += [(orphan, result.old_sha256) for orphan in result.orphans]

    def _judge(self, annotation: Standoff, result: reanchoring.Reanchored, before: Traced, after: Traced) -> None:
        """The laws of re-anchoring, with the origins of the characters as oracle."""
        old = {span.id: span for span in annotation.spans}
        new = {span.id: span for span in result.annotation.spans}
        lost = {orphan.span.id: orphan.span for orphan in result.orphans}
        if result.n_kept + result.n_moved + len(result.orphans) != len(old) or new.keys() & lost.keys():
            raise Broken("kept + moved + orphans is not what was there")
        if old.keys() != new.keys() | lost.keys() or any(old[id_] != span for id_, span in lost.items()):
            raise Broken("a span was lost or an orphan changed")
        for id_, span in new.items():
            was = old[id_]
            if not after.text[span.start : span.end] == span.quote == was.quote:
                raise Broken(f"{id_} quotes another text: “{was.quote}”, “{after.text[span.start : span.end]}”")
            if (span.label, span.attributes) != (was.label, was.attributes):
                raise Broken(f"{id_} changed its label")
            places = (was.start, was.end), (span.start, span.end)
            elsewhere = traced.from_elsewhere(before, after, *places, len(was.prefix), len(was.suffix))
            if elsewhere:
                raise Broken(f"{id_} “{was.quote}” was moved from {was.start} to {span.start}, a lookalike")
            self.counts.spans["joined anew"] += elsewhere is None
        links = set(result.annotation.relations).union(*(orphan.relations for orphan in result.orphans))
        if links != set(annotation.relations):
            raise Broken("a relation was lost")
        again = reanchoring.reanchor(result.annotation, after.text, after.text)
        if again.annotation != result.annotation or again.orphans or again.n_moved:
            raise Broken("a second re-anchoring changed something")
        self.counts.spans.update(kept=result.n_kept, moved=result.n_moved, orphans=len(result.orphans))

    def _annotation(self, seed: Seed, annotator: str) -> Standoff:
        spans = [self._span(seed.raw.text, f"x{number}") for number in range(self.rng.randint(2, 6))]
        pairs = [tuple(self.rng.sample([span.id for span in spans], 2)) for _ in range(self.rng.randint(0, 3))]
        links = tuple(Relation(one, "cue", other) for one, other in dict.fromkeys(pairs))
        return Standoff(seed.id, annotator, 1, seed.raw.sha256, "1.2", "1.0", tuple(spans), links)

    def _span(self, text: str, id_: str) -> Span:
        start = self.rng.choice((0, self.rng.randrange(len(text)), len(text) - 1))
        end = min(len(text), start + self.rng.randint(1, 30))
        return Span.anchored(text, id_, self.rng.choice(LABELS), start, end, note=f"on {id_}")

    def _seed(self, id_: str, data: bytes, event: str | None) -> Seed:
        record = dict.fromkeys(columns("seed")) | {
            "article_id": id_, "file": f"{id_}.txt", "sha256": hashlib.sha256(data).hexdigest(), "n_bytes": len(data),
            "event_id": event,
        }  # fmt: skip
        return Seed(record, decode(data, id_))

    def _put(self, entry: Entry, changes: dict[str, object]) -> None:
        entry.seed = Seed({**entry.seed.record, **changes}, entry.seed.raw)

    def _known(self, apart_from: Entry | None = None) -> Iterator[tuple[str, str, str]]:
        for entry in self.entries.values():
            if entry is not apart_from:
                yield entry.seed.id, entry.seed.record["sha256"], entry.article.text

    def _any(self) -> Entry:
        return self.entries[self.rng.choice(sorted(self.entries))]

    def _cleaned(self, article: Article) -> Article:
        """What the present cleaner makes of a page."""
        other = CLEANERS[self.cleaner]
        if not other:
            return article
        segments = [replace(s, keep=s.keep != (s.kind in other)) for s in article.segments]
        return Article(article.id, article.raw, segments)

    def _clean_all(self) -> None:
        """Clean everything with the present cleaner: those that came with another one are cleaned anew."""
        entries = list(self.entries.values())
        pages = clean_many(Page(entry.seed.id, text=entry.seed.raw.text) for entry in entries)
        for entry, article in zip(entries, pages, strict=True):
            entry.article = self._cleaned(article)

    def _refused(self, what: str, failure: Failure) -> None:
        codes = [finding.code for finding in failure.findings]
        self.counts.refused.update(codes)
        self._say(f"{what} refused: {', '.join(codes)}")

    def _codes(self, findings: Iterable[Finding]) -> str:
        return ", ".join(sorted({finding.code for finding in findings})) or "fine"

    def _say(self, what: str) -> None:
        self.log.append(what)

    # Laws

    def errors(self) -> list[Finding]:
        """What `kakuyaku check` objects to, having looked at it: it must see every straddling pair, and no other."""
        sources = [Source(entry.seed, entry.article) for entry in self.entries.values()]
        events = {id_: entry.seed.record["event_id"] for id_, entry in self.entries.items()}
        findings = [
            *splits.check_splits(PROJECT, self.splits, events),
            *publish.check_texts(PROJECT, sources, self.splits),
        ]
        found = [finding for finding in findings if finding.level == "error"]
        codes = {finding.code for finding in found}
        straddling = self.straddling()
        if straddling and not codes & {"SPL005", "DUP001"}:
            raise Broken(f"near-duplicates in two splits are not reported: {straddling}")
        if "SPL005" in codes and not straddling:
            raise Broken("SPL005 without near-duplicates in two splits")
        by_event: dict[str, set[str]] = {}
        for id_, event in events.items():
            if event is not None:
                by_event.setdefault(event, set()).add(self.splits[id_].split)
        if any(len(each) > 1 for each in by_event.values()) != ("SPL004" in codes):
            raise Broken(f"events and splits are {by_event}, reported was {sorted(codes)}")
        self.counts.refused.update(codes)
        return found

    def straddling(self) -> list[tuple[str, str]]:
        """Near-duplicates in different splits, found by comparing all with all."""
        own = {id_: kept_grams(entry.article.text) for id_, entry in self.entries.items() if entry.article.text.strip()}
        return [
            (one, other)
            for one, other in combinations(own, 2)
            if self.splits[one].split != self.splits[other].split and similarity(own[one], own[other]) >= NEAR
        ]

    def look(self) -> None:
        """The laws of a project at rest."""
        if errors := self.errors():
            raise Broken(f"the check objects to what was accepted: {errors[0]}")
        for id_, entry in self.entries.items():
            if self.first_split.setdefault(id_, self.splits[id_].split) != self.splits[id_].split:
                raise Broken(f"{id_} moved from {self.first_split[id_]} to {self.splits[id_].split}")
            digest = f"text {hash(entry.text.origins)}"
            if self.first_split.setdefault(digest, self.splits[id_].split) != self.splits[id_].split:
                raise Broken(f"the text of {id_} was in {self.first_split[digest]} and is in {self.splits[id_].split}")
            for annotation in entry.annotation.values():
                if annotation.raw_sha256 != entry.seed.raw.sha256:
                    raise Broken(f"an annotation of {id_} is of another text")
                for span in annotation.spans:
                    if entry.seed.raw.text[span.start : span.end] != span.quote:
                        raise Broken(f"{span.id} does not quote its text")
        groups: dict[str, str] = {}
        if any(groups.setdefault(line.group, line.split) != line.split for line in self.splits.values()):
            raise Broken("a group stands in two splits")
        for orphan, sha256 in self.orphans:
            old = self.replaced.get(sha256)
            if old is None or old[orphan.span.start : orphan.span.end] != orphan.span.quote:
                raise Broken(f"the text of the orphan {orphan.span.id} cannot be found by its hash")
        table = list(parse_csv(splits.splits_bytes(self.splits.values()), "splits.csv", columns("split")))
        if [row for _, row in table] != [
            {name: getattr(line, name) for name in columns("split")} for line in self.splits.values()
        ]:
            raise Broken("the table of splits does not come back as it was written")


def run(seeds: Iterable[int]) -> tuple[Counts, list[str]]:
    """Run histories side by side, cleaning their texts together: what they did, and the laws that were broken."""
    counts, broken = Counts(), []
    histories = [(seed, history := History(seed), history.steps()) for seed in seeds]
    asked = {seed: next(steps) for seed, _, steps in histories}
    while asked:
        texts = list(dict.fromkeys(asked.values()))
        cleaned = dict(zip(texts, clean_many(Page("page", text=text) for text in texts), strict=True))
        for seed, history, steps in histories:
            if seed not in asked:
                continue
            try:
                asked[seed] = steps.send(cleaned[asked[seed]])
            except StopIteration:
                del asked[seed]
            except Exception as error:  # whatever it is, the others go on
                del asked[seed]
                what = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
                broken.append(f"history {seed}, after “{(history.log or ['nothing'])[-1]}”: {what}")
    for _, history, _ in histories:
        counts.add(history.counts)
    return counts, broken


def run_all(
    total: int, progress: Progress, runner: Callable[[range], tuple[Counts, list[str]]] = run, batch: int = BATCH
) -> tuple[Counts, list[str]]:
    """Histories 0 to ``total``, on all cores."""
    counts, broken, done = Counts(), list[str](), 0
    batches = [range(start, min(total, start + batch)) for start in range(0, total, batch)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        for seeds, (own, faults) in zip(batches, pool.map(runner, batches), strict=True):
            counts.add(own)
            broken += faults
            done += len(seeds)
            progress(done, total)
    return counts, broken


def figures(whole: bool, progress: Progress) -> list[Figure]:
    from tests.reliability import cli_histories

    total, n_cli = (N_WHOLE, N_CLI_WHOLE) if whole else (N_CHANGE, N_CLI_CHANGE)
    counts, broken = run_all(total, lambda done, _: progress(done, total + n_cli))
    cli_counts, cli_broken = run_all(
        n_cli, lambda done, _: progress(total + done, total + n_cli), cli_histories.run, batch=2
    )
    for fault in (*broken, *cli_broken):
        print(f"histories: {fault}", file=sys.stderr)
    joined, spans = counts.spans.pop("joined anew", 0), counts.spans
    shown = "; ".join((*broken, *cli_broken)[:3])
    return [
        Figure("histories without a broken law", total - len(broken), f"{total:,}", not broken),
        Figure("steps in them", counts.steps.total(), "", True),
        Figure("spans to re-anchor", spans.total(), "some", spans.total() > 0),
        Figure("kept, moved, orphaned", ", ".join(f"{spans[k]:,}" for k in ("kept", "moved", "orphans")), "each some",
               all(spans[kind] for kind in ("kept", "moved", "orphans"))),
        Figure("moved to pieces of twins that read the same", joined, "a known limit", True),
        Figure("refused: duplicates, near-duplicates", f"{counts.refused['DUP001']:,}, {counts.refused['DUP003']:,}",
               "each some", all(counts.refused[code] for code in ("DUP001", "DUP003"))),
        Figure("objected to: event, near-duplicates in two splits", f"{counts.refused['SPL004']:,}, {counts.refused['SPL005']:,}",
               "each some", all(counts.refused[code] for code in ("SPL004", "SPL005"))),
        Figure("histories through the command line", n_cli - len(cli_broken), f"{n_cli}", not cli_broken),
        Figure("commands in them", cli_counts.steps.total(), "", True),
        *([Figure("broken", shown, "none", False)] if shown else []),
    ]  # fmt: skip


def main(seeds: Iterable[str]) -> int:
    faults = 0
    for seed in map(int, seeds):
        history = History(seed)
        steps = history.steps()
        try:
            asked = next(steps)
            while True:
                asked = steps.send(next(clean_many([Page("page", text=asked)])))
        except StopIteration:
            end = "every law holds"
        except Broken as error:
            end = f"BROKEN: {error}"
            faults += 1
        print(*history.log, f"history {seed}: {end}", sep="\n")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
