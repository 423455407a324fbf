"""Speed of validation on the published tables, and that the fast path finds what the careful one finds.

    python -m benchmarks.validation_speed [RECORDS]

For each config the rows are repeated to RECORDS (20,000) and validated on one core: in memory, from Parquet and from
JSON Lines as `kakuyaku check FILE` reads them, and carefully (jsonschema on every record). Every 500th record of a
second set is damaged; both paths must give the same findings. Prints records a second, the best of three runs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.console import run_main
from kakuyaku.checks import check
from kakuyaku.contract import arrow_schema, check_carefully, check_record
from kakuyaku.dataset.publish import parquet_bytes
from kakuyaku.dataset.tables import CONFIGS
from kakuyaku.files import MAX_BYTES
from kakuyaku.records import jsonl_bytes

DATASET = Path(__file__).parents[1] / "dataset"
DAMAGE: list[Callable[[dict[str, Any], str], object]] = [
    lambda row, key: row.pop(key),
    lambda row, key: row.update({key: 3.5}),
    lambda row, key: row.update({key: [None]}),
    lambda row, key: row.update({key + "s": 1}),
]


def best(work: Callable[[], object], records: int, runs: int = 3) -> float:
    """Records a second of CPU time."""
    times = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return records / min(times)


def findings(look: Callable[..., Any], kind: str, rows: list[dict[str, Any]]) -> list[Any]:
    return [found for number, row in enumerate(rows) for found in look(kind, row, "x", root=f"$[{number}]")]


def sound(found: list[Any]) -> None:
    """The undamaged rows have no findings: what is timed is the whole work."""
    if found:
        raise SystemExit(f"unexpected: {found[0]}")


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=int, nargs="?", default=20_000, help="how many rows of each config (20,000)")
    records = parser.parse_args().records
    if records < 1:
        parser.error("RECORDS must be 1 or more")
    print(f"{'config':12} {'bytes':>6} {'in memory':>10} {'Parquet':>10} {'JSONL':>10} {'careful':>9}  same findings")
    pa.set_cpu_count(1)
    for config, kind in CONFIGS.items():
        own = [row for path in sorted((DATASET / config).glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
        fit = MAX_BYTES * 9 // 10 * len(own) // len(jsonl_bytes(own))  # a file of JSON Lines has a limit
        n = min(records, fit)
        rows = (own * (n // len(own) + 1))[:n]
        damaged = [dict(row) for row in rows[:5000]]
        for number, row in enumerate(damaged[::500]):
            DAMAGE[number % len(DAMAGE)](row, sorted(row)[number % len(row)])
        fast, careful = (findings(look, kind, damaged) for look in (check_record, check_carefully))
        with tempfile.TemporaryDirectory() as folder:
            parquet, lines = Path(folder, "rows.parquet"), Path(folder, "rows.jsonl")
            parquet.write_bytes(parquet_bytes(pa.Table.from_pylist(rows, schema=arrow_schema(kind))))
            lines.write_bytes(jsonl_bytes(rows))
            figures = [
                best(partial(_in_memory, kind, rows), n),
                best(partial(_in_file, parquet), n),
                best(partial(_in_file, lines), n),
                best(partial(findings, check_carefully, kind, rows[:1000]), 1000, runs=1),
            ]
            size = lines.stat().st_size // n
        memory, from_parquet, from_lines, slow = (f"{figure:,.0f}" for figure in figures)
        same = f"yes, {len(fast)}" if fast == careful and fast else "NO"
        print(f"{config:12} {size:6,} {memory:>10} {from_parquet:>10} {from_lines:>10} {slow:>9}  {same}")


def _in_memory(kind: str, rows: list[dict[str, Any]]) -> None:
    sound(findings(check_record, kind, rows))


def _in_file(path: Path) -> None:
    sound(check(path))


if __name__ == "__main__":
    run_main(main)
