"""Checks of the published rows of the annotation: every derived column is derived again from the others.

The rules are those of the codebook, section 6, group “Tables”. P07 (references) is DAT007, P10 (lists and ids never
null) VAL001, P11 (labels in range) VAL002; P13 concerns the form without text, which is not made yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kakuyaku.annotation.actors import Registry
from kakuyaku.findings import Finding
from kakuyaku.dataset.positions import Key, Setting, beneficiary_class, position_row
from kakuyaku.dataset.quoting import quote_mode
from kakuyaku.annotation.resolving import span_digest
from kakuyaku.annotation.standoff import CONTEXT_CHARS, Span
from kakuyaku.dataset.statements import GROUPS, counts, derived_stance, families, innermost, kiel, plover_events, stance_score, status_rank

Row = dict[str, Any]
LABELS = ("commitment_status", "status_rank", "stance", "stance_score", "stance_basis")
EVIDENCE = {"cues": "text", "conditions": "quote", "quantities": "quote", "times": "quote"}


@dataclass(frozen=True)
class SplitRows:
    """The rows of one split and the paths of their files, by config; what is not published is empty."""

    rows: Mapping[str, Sequence[Row]]
    paths: Mapping[str, str]
    registry: Registry

    def finding(self, code: str, config: str, number: int, message: str) -> Finding:
        """A finding about one row."""
        return Finding(code, self.paths[config], message, at=f"$[{number}]")


def check_annotation_rows(split: SplitRows) -> Iterator[Finding]:
    """Findings of the tables statements, positions, mentions and sentences of one split."""
    articles = {row["article_id"]: row for row in split.rows["articles"]}
    segments = {row["segment_id"]: row for row in split.rows["segments"]}
    raw = {id_: "".join(row["text"] for row in segments.values() if row["article_id"] == id_) for id_ in articles}
    references = list(_references(split, articles, segments))
    yield from references
    if references:
        return  # the rules below look up what does not exist
    for config in ("statements", "mentions"):
        for number, row in enumerate(split.rows[config]):
            yield from _offsets(split, config, number, articles[row["article_id"]]["text"], raw[row["article_id"]])
    yield from _statements(split, segments)
    yield from _positions(split, articles, segments)
    for number, row in enumerate(split.rows["sentences"]):
        expected = [
            each["statement_id"]
            for each in split.rows["statements"]
            if each["article_id"] == row["article_id"] and each["start"] < row["end"] and row["start"] < each["end"]
        ]
        if sorted(row["statement_ids"]) != sorted(expected):
            yield split.finding("P15", "sentences", number, f"statement_ids of {row['sentence_id']} differ")


def _references(split: SplitRows, articles: Mapping[str, Row], segments: Mapping[str, Row]) -> Iterator[Finding]:
    known: dict[str, Any] = {
        "article_id": articles,
        "segment_id": segments,
        "actor": split.registry.actors,
        "holder_id": split.registry.actors,
        "position_ids": {row["position_id"] for row in split.rows["positions"]},
        "statement_ids": {row["statement_id"] for row in split.rows["statements"]},
    }
    known["decided_by"] = known["statement_ids"]
    for config in ("statements", "positions", "mentions", "sentences", "annotations"):
        for number, row in enumerate(split.rows[config]):
            for column, there in known.items():
                value = row.get(column, [])
                for id_ in value if isinstance(value, list) else [value]:
                    if id_ not in there:
                        yield split.finding("DAT007", config, number, f"{column} {id_}: not there")


def _offsets(split: SplitRows, config: str, number: int, text: str, raw: str) -> Iterator[Finding]:
    row = split.rows[config][number]
    start, end = row["raw_start"], row["raw_end"]
    expected = {"quote": raw[start:end]}
    if config == "statements":
        expected["prefix"], expected["suffix"] = (
            raw[max(0, start - CONTEXT_CHARS) : start],
            raw[end : end + CONTEXT_CHARS],
        )
        for column, words in EVIDENCE.items():
            if any(text[each["start"] : each["end"]] != each[words] for each in row[column]):
                yield split.finding("DAT006", config, number, f"{column} of {row['statement_id']}: another text")
    for column, words in expected.items():
        if row[column] != words:
            yield split.finding("DAT006", config, number, f"{column} is not that of raw[{start}:{end}]")
    if text[row["start"] : row["end"]] != row["quote"]:
        yield split.finding("DAT006", config, number, f"text[{row['start']}:{row['end']}] is another text")


def _statements(split: SplitRows, segments: Mapping[str, Row]) -> Iterator[Finding]:
    rows = split.rows["statements"]
    of_region = Counter((row["article_id"], row["region"]) for row in rows)
    for number, row in enumerate(rows):
        segment = segments[row["segment_id"]]
        id_, status = row["statement_id"], row["commitment_status"]
        stance = derived_stance(row["kind"], status, row["stance"])
        start = row["raw_start"] - segment["raw_start"]
        rules: dict[str, dict[str, Any]] = {
            "P01": {"statement_id": f"{row['article_id']}:{row['region']}:{row['actor']}"},
            "P02": {
                "n_holders": of_region[row["article_id"], row["region"]],
                "actor": split.registry.resolve(row["holder_id"]),
            },
            "P04": {
                "stance": stance,
                "stance_score": stance_score(stance),
                "status_rank": status_rank(status),
                "commitment_family": families(row["commitment_type"]),
                "plover": plover_events(row["kind"], status, stance, row["commitment_type"]),
                **kiel(status, row["commitment_type"]),
            },
            "P05": {"stance_basis": "annotated" if row["kind"] == "stance" else "derived"},
            "P06": {
                "counts": counts(row["reporting"], row["temporal"], status, segment["kind"]),
                "agent_side": "own" if row["kind"] == "commitment" else "others",
                "quote_mode": _quote_mode(row, segment),
                "conditional": bool(row["conditions"]),
                "source": innermost(row["source_chain"], row["actor"], split.registry),
                "quote_digest": span_digest(segment["text"], start, start + len(row["quote"])),
            },
        }
        for code, columns in rules.items():
            for column, value in columns.items():
                if row[column] != value:
                    yield split.finding(code, "statements", number, f"{column} of {id_} is {row[column]}, not {value}")
        if (row["stance"] is None) != (status == "projected"):
            yield split.finding("P03", "statements", number, f"stance of {id_} is {row['stance']}, its status {status}")
        if not _fits(row, split.registry.kind(row["holder_id"])):
            message = f"holder_mode of {id_} is {row['holder_mode']}, with {row['n_holders']} holders"
            yield split.finding("P06", "statements", number, message)


def _quote_mode(row: Row, segment: Row) -> str:
    """The mode anew, in offsets of the cleaned text."""

    def span(each: Row) -> Span:
        return Span("", "", each["start"], each["end"], "", "", "", {})

    cues = [span(cue) for cue in row["cues"]]
    return quote_mode(segment["text"], segment["start"], span(row), cues, len(row["source_chain"]) > 1)


def _fits(row: Row, kind: str | None) -> bool:
    """Whether ``holder_mode`` is possible; whether など follows the list is seen in the raw text alone."""
    mode = row["holder_mode"]
    if mode == "subset":
        return True
    if row["holder_count"] is not None or (mode == "group") != (kind in GROUPS):
        return False
    return bool(mode == "group" or (mode == "single") == (row["n_holders"] == 1))


def _positions(split: SplitRows, articles: Mapping[str, Row], segments: Mapping[str, Row]) -> Iterator[Finding]:
    statements = {row["statement_id"]: row for row in split.rows["statements"]}
    positions = {row["position_id"]: row for row in split.rows["positions"]}
    headings = frozenset(id_ for id_, row in segments.items() if row["kind"] == "heading")
    for number, row in enumerate(split.rows["statements"]):
        ids, id_ = row["position_ids"], row["statement_id"]
        if not ids or (len(ids) > 1 and row["measure_relation"] != "all_of"):
            yield split.finding("P08", "statements", number, f"{id_} is in {len(ids)} positions")
        if any(id_ not in positions[each]["statement_ids"] for each in ids):
            yield split.finding("P08", "statements", number, f"a position of {id_} does not list it")
    for number, row in enumerate(split.rows["positions"]):
        id_, members = row["position_id"], [statements[each] for each in row["statement_ids"]]
        decider = statements[row["decided_by"]]
        if any(id_ not in member["position_ids"] for member in members):
            yield split.finding("P08", "positions", number, f"a member of {id_} does not name it")
        if decider not in members or any(row[label] != decider[label] for label in LABELS):
            yield split.finding("P09", "positions", number, f"{row['decided_by']} is no member of {id_}, or differs")
            continue
        article = articles[row["article_id"]]
        who = beneficiary_class(decider["beneficiary"], article["principal_beneficiary"])
        measure = (
            row["measure"] if set(row["measure"]) <= set(decider["commitment_type"]) else decider["commitment_type"]
        )
        some = decider["holder_count"], decider["holder_total"]
        key = Key(decider["actor"], decider["agent_side"], tuple(measure), decider["phase"], who, *some)
        setting = Setting(article["principal_beneficiary"], article["published_on"], split.registry, headings=headings)
        rebuilt = position_row(id_, key, members, setting)
        if differing := [name for name, value in rebuilt.items() if row[name] != value]:
            yield split.finding("P15", "positions", number, f"{', '.join(differing)} of {id_} differ when rebuilt")
