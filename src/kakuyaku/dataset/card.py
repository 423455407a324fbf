"""The dataset card: YAML for ``load_dataset`` and tables for people, all computed from the rows and the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from string import Template
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from kakuyaku.dataset.card_tables import (
    Tables,
    agreement_tables,
    annotators_table,
    articles_table,
    columns_tables,
    counts_table,
    kinds_table,
    labels_tables,
    notes,
    other_labels_table,
    rulings_line,
)
from kakuyaku.contract import load
from kakuyaku.findings import Failure, Finding
from kakuyaku.foreign import parse_yaml
from kakuyaku.dataset.tables import CONFIGS, REGISTRY_SPLIT, default_config
from kakuyaku.versions import CLEANER_VERSION, SCHEMA_VERSION

BUILD_DIGITS = 12
NAMES = ("name", "given-names", "family-names")
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True)
class Citation:
    """What the card takes from CITATION.cff."""

    title: str
    version: str
    abstract: str
    authors: str
    released: str
    keywords: tuple[str, ...]

    @classmethod
    def parse(cls, data: bytes, path: str) -> Citation:
        """From the bytes of a CITATION.cff; what it lacks gets a neutral word.

        Raises:
            Failure: CFF001, or one of the codes of :func:`kakuyaku.foreign.parse_yaml`.
        """
        found = parse_yaml(data, path)
        if not isinstance(found, dict):
            raise Failure(Finding("CFF001", path, "is no mapping of keys to values", at="$"))
        authors, keywords = found.get("authors", []), found.get("keywords", [])
        if not isinstance(authors, list) or not all(isinstance(entry, dict) for entry in authors):
            raise Failure(Finding("CFF001", path, "is no list of mappings", at="$.authors"))
        if not isinstance(keywords, list):
            raise Failure(Finding("CFF001", path, "is no list of texts", at="$.keywords"))
        texts = {key: found.get(key, "") for key in ("title", "version", "abstract", "date-released")}
        names_of = [(f"authors[{n}].{key}", entry.get(key, "")) for n, entry in enumerate(authors) for key in NAMES]
        for key, value in [*texts.items(), *(("keywords", word) for word in keywords), *names_of]:
            if not isinstance(value, str):
                raise Failure(Finding("CFF001", path, "is no text", at=f"$.{key}"))
        released = texts["date-released"]
        if released and not Draft202012Validator.FORMAT_CHECKER.conforms(released, "date"):
            raise Failure(Finding("CFF001", path, f"is {released}, which is no day", at="$.date-released"))
        names = [
            str(entry.get("name") or " ".join(filter(None, map(entry.get, NAMES[1:]))))
            for entry in authors
        ]
        return cls(
            title=texts["title"] or NO_CITATION.title,
            version=texts["version"] or NO_CITATION.version,
            abstract=" ".join(texts["abstract"].split()),
            authors=", ".join(names) or NO_CITATION.authors,
            released=released,
            keywords=tuple(keywords),
        )


NO_CITATION = Citation("A kakuyaku dataset", "0.0.0", "", "unknown authors", "", ())


@dataclass(frozen=True)
class Judged:
    """The pairs of annotation/agreement.json, the entries of annotation/annotators.json, rulings by origin."""

    agreement: Sequence[Mapping[str, Any]] = ()
    annotators: Sequence[Mapping[str, Any]] = ()
    rulings: Mapping[str, int] = field(default_factory=dict)
    limits: str = ""  # annotation/limits.md: what the corpus itself has to say of its limits


def make_card(
    tables: Tables,
    sizes: Mapping[str, int],
    citation: Citation,
    logical_sha256: str,
    judged: Judged,
) -> bytes:
    """The card.

    Args:
        tables: by config and split.
        sizes: bytes of the Parquet files by config.
        logical_sha256: the identity of the data; its first digits stand in every config's description, because
            ``load_dataset`` keys its cache by the card's YAML and not by the rows.
        judged: who annotated and ruled, and how well they agree.
    """
    build = logical_sha256[:BUILD_DIGITS]
    front = yaml.safe_dump(
        _front_matter(tables, sizes, citation, build), allow_unicode=True, sort_keys=False, width=10_000
    )
    articles = [row for table in tables["articles"].values() for row in table.to_pylist()]
    body = _filled(
        "card.md",
        title=citation.title,
        abstract=citation.abstract,
        build=build,
        version=citation.version,
        cleaner_version=CLEANER_VERSION,
        schema_version=SCHEMA_VERSION,
        default_config=default_config(tables),
        counts_table=counts_table(tables),
        articles_table=articles_table(articles, tables["articles"]),
        notes=notes(articles),
        kinds_table=kinds_table(tables["segments"].values()),
        columns_tables=columns_tables(tables),
        n_articles=len(articles),
        limits=judged.limits,
        annotation=_annotation(tables, judged),
        citation=f"{citation.authors}. {citation.title}, version {citation.version}, {citation.released}.",
    )
    return f"---\n{front}---\n\n{body}".encode()


def _annotation(tables: Tables, judged: Judged) -> str:
    """The section on the annotation; empty before there is any."""
    if "statements" not in tables:
        return ""
    return _filled(
        "card_annotation.md",
        agreement=agreement_tables(judged.agreement),
        annotators_table=annotators_table(judged.annotators),
        rulings=rulings_line(judged.rulings),
        other_labels_table=other_labels_table(),
        labels_tables=labels_tables(tables["statements"].values()),
        registry_split=REGISTRY_SPLIT,
    )


def _filled(template: str, **values: object) -> str:
    return Template(files("kakuyaku.dataset").joinpath(template).read_text(encoding="utf-8")).substitute(values)


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
        "tags": [keyword.lower().replace(" ", "-") for keyword in citation.keywords],
        "configs": [
            {
                "config_name": config,
                "version": citation.version,
                "description": f"{load(CONFIGS[config])['description']} [build {build}]",
                **({"default": True} if config == default_config(tables) else {}),
                "data_files": [{"split": split, "path": parquet_name(config, split)} for split in splits],
            }
            for config, splits in tables.items()
        ],
        "dataset_info": data.to_dict()["dataset_info"],  # type: ignore[no-untyped-call]
    }


def parquet_name(config: str, split: str) -> str:
    """Path of a table inside the dataset."""
    return f"{config}/{split}-00000-of-00001.parquet"
