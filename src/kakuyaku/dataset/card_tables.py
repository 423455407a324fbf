"""The tables of the dataset card, computed from rows, contract and vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from kakuyaku.contract import labels, load
from kakuyaku.markdown import harmless, markdown_table
from kakuyaku.dataset.tables import CONFIGS

Tables = Mapping[str, Mapping[str, pa.Table]]
# Label sets that a reader of the main columns needs, with the attribute that gives each label its place.
LABEL_SETS = {"kind": None, "commitment_status": "rank", "stance": "score", "commitment_type": "family"}
# The sets of the other columns: their labels and meanings in one table.
OTHER_SETS = (
    "phase", "phase_basis", "temporal", "reporting", "measure_relation", "projection", "condition_kind", "distribution",
    "time_role", "anchor", "unit", "holder_mode", "quote_mode", "stance_basis", "agent_side", "position_basis",
    "actor_kind", "genre", "relevance", "annotation_state", "confidence",
)  # fmt: skip
# The figures that the card shows; annotation/agreement.json holds all.
CARD_FIGURES = {
    ("actor", "exact_f1"): "mentions, exact F1",
    ("actor", "overlap_f1"): "mentions, overlap F1",
    ("actor_id", "accuracy"): "actor of matched mentions, accuracy",
    ("statement", "exact_f1"): "statements, exact F1",
    ("statement", "overlap_f1"): "statements, overlap F1",
    ("statement", "character_alpha"): "statements, α over characters",
    ("cue", "exact_f1"): "cues, exact F1",
    ("cue", "overlap_f1"): "cues, overlap F1",
    ("condition", "overlap_f1"): "conditions, overlap F1",
    ("quantity", "overlap_f1"): "quantities, overlap F1",
    ("time", "overlap_f1"): "times, overlap F1",
    ("kind", "alpha_nominal"): "kind, α nominal",
    ("commitment_type", "alpha_masi"): "commitment type, α over sets (MASI)",
    ("holder", "alpha_masi"): "holder, α over sets (MASI)",
    ("agent", "alpha_masi"): "agent, α over sets (MASI)",
    ("source", "alpha_masi"): "source, α over sets (MASI)",
    ("commitment_status", "alpha_ordinal"): "commitment status, α ordinal",
    ("stance", "alpha_ordinal"): "stance, α ordinal",
    ("phase", "alpha_nominal"): "phase, α nominal",
    ("reporting", "alpha_nominal"): "reporting, α nominal",
    ("temporal", "alpha_nominal"): "temporal, α nominal",
    ("same_position", "b_cubed_f1"): "same position, B-cubed F1",
    ("row", "tuple_f1"): "whole row, tuple F1",
}


def counts_table(tables: Tables) -> str:
    """Rows by config and split."""
    splits = [split for split in labels("split") if any(split in found for found in tables.values())]
    rows = [
        [
            f"`{config}`",
            *(found[split].num_rows if split in found else 0 for split in splits),
            load(CONFIGS[config])["description"],
        ]
        for config, found in tables.items()
    ]
    return markdown_table(["config", *splits, "one row is"], rows)


def articles_table(articles: Sequence[Mapping[str, Any]], by_split: Mapping[str, pa.Table]) -> str:
    """The articles."""
    split_of = {id_: split for split, table in by_split.items() for id_ in table.column("article_id").to_pylist()}
    rows = [
        [
            f"`{a['article_id']}`",
            split_of[a["article_id"]],
            harmless(a["title"]),
            harmless(a["publisher"] or "unknown"),
            a["published_on"] or "unknown",
            a["published_on_basis"],
            a["annotation_state"] or "not annotated",
        ]
        for a in sorted(articles, key=lambda a: str(a["article_id"]))
    ]
    return markdown_table(["article", "split", "title", "publisher", "published on", "basis", "annotation"], rows)


def notes(articles: Sequence[Mapping[str, Any]]) -> str:
    """How the dates are known, an item for each article."""
    return "\n".join(
        f"- `{a['article_id']}`: {harmless(a['published_on_note'])}"
        for a in sorted(articles, key=lambda a: str(a["article_id"]))
        if a["published_on_note"]
    )


def kinds_table(segments: Iterable[pa.Table]) -> str:
    """Segments and characters by kind."""
    characters: Counter[str] = Counter()
    pieces: Counter[str] = Counter()
    for table in segments:
        for row in table.select(["kind", "raw_start", "raw_end"]).to_pylist():
            characters[row["kind"]] += row["raw_end"] - row["raw_start"]
            pieces[row["kind"]] += 1
    rows = [
        [
            f"`{kind.id}`",
            kind.name["ja"],
            "kept" if kind.extra["keep"] else "cut",
            pieces[kind.id],
            characters[kind.id],
            kind.definition["en"],
        ]
        for kind in labels("segment_kind").values()
    ]
    return markdown_table(["kind", "名称", "", "segments", "characters", "meaning"], rows)


def columns_tables(configs: Iterable[str]) -> str:
    """The columns of each config, under a heading of its own."""
    parts = []
    for config in configs:
        kind = CONFIGS[config]
        rows = []
        for name, rule in load(kind)["properties"].items():
            wanted = [rule["type"]] if isinstance(rule["type"], str) else rule["type"]
            if "array" not in wanted:
                type_name = next(name for name in wanted if name != "null")
            elif "properties" in rule["items"]:
                type_name = f"list of {{{', '.join(rule['items']['properties'])}}}"
            else:
                type_name = f"list of {rule['items']['type']}"
            rows.append([f"`{name}`", type_name, "yes" if "null" in wanted else "", rule["description"]])
        parts.append(f"### `{config}`\n\n" + markdown_table(["column", "type", "may be null", "meaning"], rows))
    return "\n\n".join(parts)


def labels_tables(statements: Iterable[pa.Table]) -> str:
    """The labels of the main columns with their meaning, and how many statements have each."""
    rows_of = [row for table in statements for row in table.select(list(LABEL_SETS)).to_pylist()]
    parts = []
    for name, place in LABEL_SETS.items():
        used = Counter[str]()
        for row in rows_of:
            used.update(row[name] if isinstance(row[name], list) else [row[name]])
        header = ["label", "名称", *([place] if place else []), "statements", "meaning", "example"]
        rows = [
            [
                f"`{label.id}`",
                label.name["ja"],
                *(["" if label.extra[place] is None else label.extra[place]] if place else []),
                used[label.id],
                label.definition["en"],
                "; ".join(label.positive[:1]),
            ]
            for label in labels(name).values()
        ]
        parts.append(f"#### `{name}`\n\n" + markdown_table(header, rows))
    return "\n\n".join(parts)


def other_labels_table() -> str:
    """The labels of the columns that have no table of their own."""
    rows = [
        [f"`{name}`", f"`{label.id}`", label.name["ja"], label.definition["en"]]
        for name in OTHER_SETS
        for label in labels(name).values()
    ]
    return markdown_table(["set", "label", "名称", "meaning"], rows)


def annotators_table(annotators: Iterable[Mapping[str, Any]]) -> str:
    """Who annotated, adjudicated and reviewed."""
    rows = [
        [f"`{a['id']}`", a["kind"], a["model"] or "", a["description"], "; ".join(a["saw"]), a["guideline_version"], a["created_on"]]
        for a in annotators
    ]
    header = ["id", "kind", "model", "what it is", "what it saw", "guideline", "day"]
    return markdown_table(header, rows)


def rulings_line(rulings: Mapping[str, int]) -> str:
    """How many rulings of each origin there are."""
    names = labels("adjudication_origin")
    return "; ".join(f"{count} × {names[origin].definition['en'].rstrip('.').lower()}" for origin, count in sorted(rulings.items()))


def agreement_tables(pairs: Sequence[Mapping[str, Any]]) -> str:
    """The figures of each pair of annotators; a note instead where there are none."""
    parts = []
    for pair in pairs:
        names = " and ".join(f"`{name}`" for name in pair["annotators"])
        what = "against gold" if pair["round"] == "gold" else f"round {pair['round']}"
        title = f"{names}, {what}, {len(pair['articles'])} articles, guideline {pair['guideline_version']}"
        found = {(figure["layer"], figure["measure"]): figure for figure in pair["figures"]}
        rows = [[name, *_figure_cells(found[place])] for place, name in CARD_FIGURES.items() if place in found]
        table = markdown_table(["figure", "value", "95 % interval", "n", "remark"], rows)
        parts.append(f"{title}{_one_kind(pair)}\n\n{table}")
    return "\n\n".join(parts) or "No article has been annotated by two annotators yet."


def _figure_cells(figure: Mapping[str, Any]) -> list[object]:
    interval = "" if figure["low"] is None else f"{figure['low']:.3f} to {figure['high']:.3f}"
    value = "undefined" if figure["value"] is None else f"{figure['value']:.3f}"
    remark = "; ".join(filter(None, (figure["warning"], figure["reason"])))
    return [value, interval, figure["n"], remark]


def _one_kind(pair: Mapping[str, Any]) -> str:
    kinds = set(pair["kinds"].values())
    if kinds != {"language-model"}:
        return "."
    return (
        ". **Both annotators are language models of one kind: they share their blind spots, so that the agreement "
        "between them is an upper bound of the agreement that independent people would reach.**"
    )
