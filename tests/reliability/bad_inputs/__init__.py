"""The corpus of bad inputs, and of unusual ones that must be accepted: one named case each, generated from valid files.

``python -m tests.reliability bad_inputs`` runs it; ``python -m tests.reliability.bad_inputs NAME...`` the cases whose
names begin so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tests.reliability.bad_inputs import (
    csv_tables,
    drafts,
    json_files,
    known_codes,
    manifests,
    markup,
    pages_and_records,
    parquet_tables,
    raw_articles,
    schema_files,
    standoff,
)
from tests.reliability.bad_inputs.case import Case

KINDS = (
    raw_articles,
    standoff,
    json_files,
    manifests,
    csv_tables,
    schema_files,
    markup,
    pages_and_records,
    parquet_tables,
    drafts,
    known_codes,
)


def cases() -> Iterator[Case]:
    """Every named case, in a fixed order."""
    return chain.from_iterable(module.cases() for module in KINDS)
