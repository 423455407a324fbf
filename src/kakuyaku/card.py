"""The dataset card: YAML for ``load_dataset`` and tables for people, all computed from the rows and the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any

import pyarrow as pa
import yaml

from kakuyaku.contract import labels, load
from kakuyaku.findings import visible
from kakuyaku.tables import CONFIGS, DEFAULT_CONFIG
from kakuyaku.versions import CLEANER_VERSION, SCHEMA_VERSION

BUILD_DIGITS = 12
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True)
class Citation:
    """What the card takes from CITATION.cff."""

    title: str
    version: str
    abstract: str
    authors: str
    released: str

    @classmethod
    def parse(cls, data: bytes) -> Citation:
        """From the bytes of a CITATION.cff; what it lacks gets a neutral word."""
        found = yaml.safe_load(data) or {}
        names = [
            entry.get("name") or " ".join(filter(None, (entry.get("given-names"), entry.get("family-names"))))
            for entry in found.get("authors", [])
        ]
        return cls(
            title=str(found.get("title", "A kakuyaku dataset")),
            version=str(found.get("version", "0.0.0")),
            abstract=" ".join(str(found.get("abstract", "")).split()),
            authors=", ".join(names) or "unknown authors",
            released=str(found.get("date-released", "")),
        )


Tables = Mapping[str, Mapping[str, pa.Table]]


def make_card(tables: Tables, sizes: Mapping[str, int], citation: Citation, logical_sha256: str) -> bytes:
    """The card.

    Args:
        tables: by config and split.
        sizes: bytes of the Parquet files by config.
        logical_sha256: the identity of the data; its first digits stand in every config's description, because
            ``load_dataset`` keys its cache by the card's YAML and not by the rows.
    """
    build = logical_sha256[:BUILD_DIGITS]
    front = yaml.safe_dump(
        _front_matter(tables, sizes, citation, build), allow_unicode=True, sort_keys=False, width=10_000
    )
    articles = [row for table in tables["articles"].values() for row in table.to_pylist()]
    body = Template(files("kakuyaku").joinpath("card.md").read_text(encoding="utf-8")).substitute(
        title=citation.title,
        abstract=citation.abstract,
        build=build,
        version=citation.version,
        cleaner_version=CLEANER_VERSION,
        schema_version=SCHEMA_VERSION,
        default_config=DEFAULT_CONFIG,
        counts_table=_counts(tables),
        articles_table=_articles(articles, tables["articles"]),
        notes=_notes(articles),
        kinds_table=_kinds(tables["segments"].values()),
        columns_tables=_columns(),
        n_articles=len(articles),
        citation=f"{citation.authors}. {citation.title}, version {citation.version}, {citation.released}.",
    )
    return f"---\n{front}---\n\n{body}".encode()


def _front_matter(tables: Tables, sizes: Mapping[str, int], citation: Citation, build: str) -> dict[str, Any]:
    import datasets
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCardData

    infos = DatasetInfosDict()
    for config, splits in tables.items():
        infos[config] = datasets.DatasetInfo(
            features=datasets.Features.from_arrow_schema(next(iter(splits.values())).schema),
            splits=datasets.SplitDict.from_split_dict(
                [
                    {"name": split, "num_examples": table.num_rows, "num_bytes": table.nbytes}
                    for split, table in splits.items()
                ]
            ),
            download_size=sizes[config],
            dataset_size=sum(table.nbytes for table in splits.values()),
            config_name=config,
        )
    data = DatasetCardData()
    infos.to_dataset_card_data(data)
    n_articles = sum(table.num_rows for table in tables["articles"].values())
    return {
        "pretty_name": citation.title,
        "language": ["ja"],
        "license": "other",
        "license_name": "text-of-the-publishers-annotations-cc-by-4.0",
        "annotations_creators": ["machine-generated"],
        "language_creators": ["found"],
        "source_datasets": ["original"],
        "size_categories": [next((name for limit, name in SIZES if n_articles < limit), "n>1M")],
        "task_categories": ["token-classification", "text-classification"],
        "tags": ["news", "japanese", "security-guarantees", "ukraine", "boilerplate-removal"],
        "configs": [
            {
                "config_name": config,
                "version": citation.version,
                "description": f"{load(CONFIGS[config])['description']} [build {build}]",
                **({"default": True} if config == DEFAULT_CONFIG else {}),
                "data_files": [{"split": split, "path": parquet_name(config, split)} for split in splits],
            }
            for config, splits in tables.items()
        ],
        "dataset_info": data.to_dict()["dataset_info"],  # type: ignore[no-untyped-call]
    }


def parquet_name(config: str, split: str) -> str:
    """Path of a table inside the dataset."""
    return f"{config}/{split}-00000-of-00001.parquet"


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars and line ends in cells are made harmless."""
    lines = [list(header), ["---"] * len(header), *rows]
    clean = [[visible(str(cell)).replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in clean)


def _counts(tables: Tables) -> str:
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


def _articles(articles: Sequence[Mapping[str, Any]], by_split: Mapping[str, pa.Table]) -> str:
    split_of = {id_: split for split, table in by_split.items() for id_ in table.column("article_id").to_pylist()}
    rows = [
        [
            f"`{a['article_id']}`",
            split_of[a["article_id"]],
            a["title"],
            a["publisher"] or "unknown",
            a["published_on"] or "unknown",
            a["published_on_basis"],
        ]
        for a in sorted(articles, key=lambda a: str(a["article_id"]))
    ]
    return markdown_table(["article", "split", "title", "publisher", "published on", "basis"], rows)


def _notes(articles: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(
        f"- `{a['article_id']}`: {visible(str(a['published_on_note']))}"
        for a in sorted(articles, key=lambda a: str(a["article_id"]))
        if a["published_on_note"]
    )


def _kinds(segments: Iterable[pa.Table]) -> str:
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


def _columns() -> str:
    parts = []
    for config, kind in CONFIGS.items():
        rows = []
        for name, rule in load(kind)["properties"].items():
            wanted = [rule["type"]] if isinstance(rule["type"], str) else rule["type"]
            type_name = (
                f"list of {rule['items']['type']}" if "array" in wanted else next(t for t in wanted if t != "null")
            )
            rows.append([f"`{name}`", type_name, "yes" if "null" in wanted else "", rule["description"]])
        parts.append(f"### `{config}`\n\n" + markdown_table(["column", "type", "may be null", "meaning"], rows))
    return "\n\n".join(parts)
