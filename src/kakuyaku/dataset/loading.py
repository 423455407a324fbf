"""Loading the published dataset: verified first, and never from a cache."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kakuyaku.dataset.checks import check_published
from kakuyaku.dataset.published import Published
from kakuyaku.findings import Failure, Finding, refuse_on_errors
from kakuyaku.dataset.tables import default_config

if TYPE_CHECKING:
    import datasets


def load(
    config: str | None = None, split: str | None = None, *, path: str | Path = "dataset", verify: bool = True
) -> datasets.Dataset | datasets.DatasetDict:
    """A config of the published dataset: one split as ``Dataset``, or all as ``DatasetDict``.

    The rows are read from the files each time: unlike ``load_dataset``, whose cache does not look at them, this never
    returns the rows of an earlier build.

    Args:
        config: ``statements``, ``positions``, ``articles``, …; None for the default, ``statements`` where it exists.
        split: ``train``, ``validation`` or ``test``; None for all.
        path: the dataset's folder.
        verify: check every row against schemas, texts and references first. The hashes of the manifest and of what
            is read are verified in any case.

    Raises:
        Failure: the dataset is damaged, or there is no such config or split.
    """
    import datasets

    published = Published.open(Path(path), str(path))
    if verify:
        refuse_on_errors(check_published(published))
    manifest = published.manifest
    config = config or default_config(manifest["configs"])
    found = manifest["configs"].get(config)
    if found is None or (split is not None and split not in found):
        there = "; ".join(f"{name}: {', '.join(splits)}" for name, splits in manifest["configs"].items())
        wanted = config if found is None else f"{config}/{split}"
        raise Failure(Finding("USE001", str(path), f"has no {wanted}", fix=f"It has {there}."))
    loaded = {
        name: datasets.Dataset(published.table(entry), split=name)
        for name, entry in found.items()
        if split in (None, name)
    }
    return loaded[split] if split is not None else datasets.DatasetDict(loaded)
