"""The cases that other tests keep for single codes, run here too, so that every code has its case in the corpus."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from kakuyaku.annotation.drafts import anchor
from kakuyaku.findings import Finding
from tests.made_cases import MADE
from tests.reliability.bad_inputs.case import Case, Expected, accepted, refused
from tests.reliability.bad_inputs.trees import tree_of
from tests.test_annotation_checks import FAULTS, sound
from tests.test_codes import CASES, FILED, case

del anchor

# What is no fault of data: see codes.toml.
EXITS = {"FS001": 3, "FS002": 3, "FS004": 3, "FS005": 3, "FS006": 3, "ENV001": 3, "USE001": 2, "FMT001": 2, "BUG001": 4}


def cases() -> Iterator[Case]:
    """The filed cases, by the command line; those that are made, and those of published rows, by what makes them."""
    from kakuyaku.findings import codes

    for code in FILED:
        for outcome in ("fail", "pass"):
            path = case(code, outcome)
            files = tree_of(path) if path.is_dir() else {path.name: path.read_bytes()}
            files = {f"{path.name}/{name}" if path.is_dir() else name: data for name, data in files.items()}
            name = f"code/{code}/{outcome}"
            if outcome == "pass":
                yield accepted(name, files, "check", path.name)
            else:
                exit_ = codes()[code].exit if codes()[code].level == "error" else 0
                yield refused(name, files, ("check", path.name), Expected(code), exit=exit_)
    for code in MADE:
        level = codes()[code].level
        yield Case(
            f"code/{code}/made",
            exit=codes()[code].exit if level == "error" else 0,
            expected=(Expected(code),),
            call=functools.partial(_made, code, 0),
        )
        yield Case(f"code/{code}/made, sound", call=functools.partial(_made, code, 1))
    for index, (code, config, changes) in enumerate(FAULTS):
        follow = frozenset({"P01", "P02", "P03", "P04", "P05", "P06", "P08", "P09", "P15", "DAT006"}) - {code}
        yield Case(
            f"code/{code}/{config} {', '.join(changes)} ({index})",
            exit=1,
            expected=(Expected(code),),
            also=follow,
            call=functools.partial(_rows, config, changes),
        )
    assert CASES.is_dir()


def _made(code: str, which: int, folder: Path) -> list[Finding]:
    return MADE[code](folder)[which]


def _rows(config: str, changes: dict[str, object], _: Path) -> list[Finding]:
    from kakuyaku.dataset.row_checks import SplitRows, check_annotation_rows
    from tests.standoff_makers import REGISTRY

    rows = sound()
    rows[config][0] |= changes
    return list(check_annotation_rows(SplitRows(rows, {each: f"dataset/{each}" for each in rows}, REGISTRY)))
