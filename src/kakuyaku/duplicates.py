"""Near-duplicates: which cleaned texts are mostly the same, by the Jaccard overlap of their character 5-grams.

Always on cleaned text: two articles under one site's boilerplate look alike, one article under two sites' does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

GRAM = 5
NEAR = 0.7  # from here two texts are the same article (edited copies with 2 % noise lie above .8, strangers below .1)
Grams = npt.NDArray[np.uint64]
_BASE = np.uint64(1_000_003)


def grams(text: str) -> Grams:
    """Sorted unique hashes of the 5-grams of ``text`` without white space."""
    points = np.frombuffer("".join(text.split()).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(points) < GRAM:
        return np.unique(points)
    rolling = np.zeros(len(points) - GRAM + 1, dtype=np.uint64)
    for i in range(GRAM):
        rolling = rolling * _BASE + points[i : len(points) - GRAM + 1 + i]
    return np.unique(_scattered(rolling))


def _scattered(hashes: Grams) -> Grams:
    """The hashes in an order that has nothing to do with the text (the finaliser of MurmurHash3; one to one).

    The smallest of the rolling hashes all begin with the same two characters: one systematic edit (another digit form,
    another spelling of a name) would change them all, and two texts that differ in little else would share none.
    """
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(factor)
    return hashes ^ (hashes >> np.uint64(33))


def similarity(one: Grams, other: Grams) -> float:
    """Jaccard overlap, 0 to 1."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / max(1, len(one) + len(other) - both)


def near_pairs(texts: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """Pairs of ids whose texts overlap by at least ``NEAR``, each once, with the overlap.

    Only texts that share one of their smallest hashes are compared (the least of a few thousand grams agree for any
    pair this close), so that a large corpus is not compared all with all.
    """
    found = {id_: grams(text) for id_, text in sorted(texts.items())}
    buckets: dict[int, list[str]] = {}
    compared: set[tuple[str, str]] = set()
    for id_, own in found.items():
        for key in own[:SKETCH].tolist():
            for other in buckets.get(key, ()):
                if (other, id_) in compared:
                    continue
                compared.add((other, id_))
                overlap = similarity(found[other], own)
                if overlap >= NEAR:
                    yield other, id_, overlap
            buckets.setdefault(key, []).append(id_)


SKETCH = 24  # at Jaccard .7 the chance that two sketches of 24 share nothing is below 1e-6
