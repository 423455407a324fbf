"""Building: seeds and annotation to dataset/, whole or not at all."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kakuyaku.agreement.agreeing import read_agreement
from kakuyaku.dataset.card import NO_CITATION, Citation, Judged, make_card, parquet_name
from kakuyaku.annotation.room import check_room
from kakuyaku.cleaning import Page, clean_many
from kakuyaku.decoding import decode
from kakuyaku.duplicates import near_pairs
from kakuyaku.files import environment_failure, read_bytes
from kakuyaku.locks import locked
from kakuyaku.transactions import Transaction
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.dataset.layers import read_layer
from kakuyaku.project import Project
from kakuyaku.dataset.published import CARD, MANIFEST, identity, sealed
from kakuyaku.records import parse_json
from kakuyaku.seeds import read_replaced, read_seeds
from kakuyaku.splits import Assignment, check_splits, read_splits
from kakuyaku.dataset.tables import CONFIGS, Source, logical_sha256, make_tables
from kakuyaku.versions import CLEANER_VERSION, SCHEMA_VERSION

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """A dataset in memory: its files by path, its tables, and the characters of each segment kind (kept, cut)."""

    files: dict[str, bytes]
    tables: dict[str, dict[str, pa.Table]]
    logical_sha256: str
    kept: Counter[str]
    cut: Counter[str]
    warnings: list[Finding]


def gather(project: Project) -> tuple[list[Source], dict[str, Assignment], list[Finding]]:
    """Everything that the tables are made of, and all findings about it."""
    seeds, findings = read_seeds(project)
    complete = not findings
    findings += read_replaced(project)[1]
    splits, faults = read_splits(project)
    findings += faults
    if not faults:
        events = {seed.id: seed.record["event_id"] for seed in seeds}
        findings += check_splits(project, splits, events, complete=complete)
    sources = [
        Source(seed, article)
        for seed, article in zip(seeds, clean_many(Page(seed.id, text=seed.raw.text) for seed in seeds), strict=True)
    ]
    findings += check_texts(project, sources, splits)
    if complete:
        findings += check_room(project, seeds)
    return sources, splits, findings


def check_texts(project: Project, sources: list[Source], splits: dict[str, Assignment]) -> Iterator[Finding]:
    """Articles of which nothing was left, the same article twice, near-duplicates in one or in two splits."""
    shown = {source.seed.id: project.shown(project.seeds / source.seed.record["file"]) for source in sources}
    texts = {source.seed.id: source.article.text for source in sources}
    for id_, text in texts.items():
        if not text.strip():
            yield Finding("CLN001", shown[id_], "every line looks like boilerplate")
    for one, other, overlap in near_pairs({id_: text for id_, text in texts.items() if text.strip()}):
        if texts[one] == texts[other]:
            yield Finding("DUP001", shown[other], f"its cleaned text is that of {one}")
        elif one in splits and other in splits and splits[one].split != splits[other].split:
            message = f"{overlap:.0%} of its text is that of {one}, which is {splits[one].split}"
            yield Finding("SPL005", shown[other], message)
        else:
            yield Finding("DUP002", shown[other], f"{overlap:.0%} of its text is that of {one}")


def make(project: Project, progress: Progress = lambda step: None) -> Built:
    """The dataset that the project's inputs give.

    Raises:
        Failure: with every error found in the inputs.
    """
    progress("reading and cleaning")
    sources, splits, findings = gather(project)
    refuse_on_errors(findings)
    if not sources:
        raise Failure(Finding("FS001", project.shown(project.manifest), "names no article"))
    progress("making tables")
    layer = read_layer(project)
    tables = make_tables(sources, {id_: assignment.split for id_, assignment in splits.items()}, layer)
    kept, cut = Counter[str](), Counter[str]()
    for source in sources:
        for segment in source.article.segments:
            (kept if segment.keep else cut)[segment.kind] += segment.end - segment.start
    progress("writing Parquet")
    files = {parquet_name(config, split): parquet_bytes(table) for config, split, table in _each(tables)}
    hashes = {(config, split): logical_sha256(table, CONFIGS[config]) for config, split, table in _each(tables)}
    build = identity(hashes)
    sizes = {
        config: sum(len(files[parquet_name(config, split)]) for split in found) for config, found in tables.items()
    }
    citation = read_citation(project)
    files[CARD] = make_card(tables, sizes, citation, build, _judged(project))
    files[MANIFEST] = sealed(
        {
            "schema_version": SCHEMA_VERSION,
            "dataset_version": citation.version,
            "cleaner_version": CLEANER_VERSION,
            "logical_sha256": build,
            "card": {"file": CARD, "sha256": hashlib.sha256(files[CARD]).hexdigest()},
            "configs": {
                config: {
                    split: {
                        "file": parquet_name(config, split),
                        "rows": table.num_rows,
                        "n_bytes": len(files[parquet_name(config, split)]),
                        "sha256": hashlib.sha256(files[parquet_name(config, split)]).hexdigest(),
                        "logical_sha256": hashes[config, split],
                    }
                    for split, table in found.items()
                }
                for config, found in tables.items()
            },
            "writer": {"pyarrow": pa.__version__},
        }
    )
    warnings = [finding for finding in findings if finding.level == "warning"]
    return Built(files, tables, build, kept, cut, warnings)


def read_citation(project: Project) -> Citation:
    """What the project's CITATION.cff says; without one neutral words.

    Raises:
        Failure: CFF001, or a code of YAML.
    """
    if not project.citation.exists():
        return NO_CITATION
    return Citation.parse(read_bytes(project.citation), project.shown(project.citation))


def _judged(project: Project) -> Judged:
    rulings: Counter[str] = Counter()
    for path in sorted(project.adjudication.glob("*.json")):
        rulings.update(item["origin"] for item in parse_json(read_bytes(path), project.shown(path))["items"])
    annotators = parse_json(read_bytes(project.annotators), "annotators.json") if project.annotators.exists() else []
    limits = ""
    if project.limits.exists():
        limits = decode(read_bytes(project.limits), project.shown(project.limits)).text
    return Judged(read_agreement(project), annotators, rulings, limits)


def build(project: Project, progress: Progress = lambda step: None) -> Built:
    """Write dataset/: staged, loaded back and compared, then switched in whole.

    Raises:
        Failure: errors in the inputs (exit 1), or in the environment (exit 3); dataset/ is then as it was.
    """
    with locked(project.root):
        built = make(project, progress)
        with Transaction(project.root) as transaction:
            folder = transaction.folder(project.dataset)
            for name, data in built.files.items():
                transaction.write_into(folder, name, data)
            progress("loading it back")
            with transaction.scratch() as cache:
                verify_loads(folder, built, cache)
            progress("switching it in")
            transaction.commit()
    return built


def verify_loads(folder: Path, built: Built, cache: Path) -> None:
    """Load every config with ``load_dataset``, its cache in the folder ``cache``, and compare the rows.

    Raises:
        Failure: BUG001 when what comes back is not what was written.
    """
    import datasets

    datasets.disable_progress_bars()
    for config, found in built.tables.items():
        try:
            loaded = datasets.load_dataset(str(folder), config, cache_dir=str(cache))
        except datasets.exceptions.DatasetGenerationError as error:
            if isinstance(error.__cause__, OSError):  # no room for the cache
                raise environment_failure(error.__cause__, cache) from None
            raise
        back = {split: loaded[split].data.table for split in loaded}
        same = set(back) == set(found) and all(
            logical_sha256(back[split], CONFIGS[config]) == logical_sha256(table, CONFIGS[config])
            for split, table in found.items()
        )
        if not same:
            raise Failure(Finding("BUG001", str(folder), f"config {config} does not load as it was written"))


def compare(project: Project) -> list[Finding]:
    """Whether dataset/ is what the inputs give: BLD001 for each file that differs.

    File bytes are compared when the same pyarrow wrote them; otherwise the logical hash decides.
    """
    built = make(project)
    path = project.shown(project.dataset)
    try:
        manifest = parse_json(read_bytes(project.dataset / MANIFEST), f"{path}/{MANIFEST}")
    except Failure as failure:
        return [Finding("BLD001", path, f"cannot be read: {failure.findings[0].message}")]
    if not isinstance(manifest, dict) or manifest.get("logical_sha256") != built.logical_sha256:
        return [Finding("BLD001", f"{path}/{MANIFEST}", f"the inputs give build {built.logical_sha256[:12]}")]
    if manifest.get("writer") != {"pyarrow": pa.__version__}:
        return []
    there = {
        file.relative_to(project.dataset).as_posix(): file for file in project.dataset.rglob("*") if not file.is_dir()
    }
    findings = [
        Finding("BLD001", f"{path}/{name}", "is no file of the dataset")
        for name in sorted(set(there) - set(built.files))
    ]
    for name, data in sorted(built.files.items()):
        if name not in there:
            findings.append(Finding("BLD001", f"{path}/{name}", "is missing"))
        elif read_bytes(there[name]) != data:
            findings.append(Finding("BLD001", f"{path}/{name}", "differs from what the inputs give"))
    return findings


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as Parquet, the same bytes for the same rows and version of pyarrow.

    Written to memory first: pyarrow destroys the old file when it meets a full disk. Page checksums let a reader find
    damage; content-defined chunking keeps most pages equal when rows are added.
    """
    sink = io.BytesIO()
    pq.write_table(
        table.combine_chunks(),
        sink,
        compression="zstd",
        compression_level=3,
        row_group_size=10_000,
        version="2.6",
        data_page_version="1.0",
        write_page_index=True,
        write_page_checksum=True,
        use_content_defined_chunking=True,
        store_schema=True,
    )
    return sink.getvalue()


def _each(tables: dict[str, dict[str, pa.Table]]) -> Iterator[tuple[str, str, pa.Table]]:
    for config, found in tables.items():
        for split, table in found.items():
            yield config, split, table
