"""Words of boilerplate, found in a text in one pass.

A tree of letters: at each character of the text the walk goes down as long as the letters fit, and collects the words
that end on the way. Two small tables, of words of one letter and of the pairs of letters that the others begin with,
spare most characters the walk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import kernel

Points = npt.NDArray[np.uint32]

MAX_GROUPS = 64  # a bit for each
_ALONE_BITS, _PAIR_BITS, _LETTER_BITS = 12, 14, 21
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LOW_BITS = 40  # of the mixed key, which are dropped: its high bits are the well mixed ones


def written(word: str) -> set[str]:
    """The ways of writing a word: Latin ones also in capitals, with a capital, and in small letters."""
    return {word, word.lower(), word.upper(), word.capitalize(), word.title()} if word.isascii() else {word}


def _pair(letter: int, after: int, bits: int) -> int:
    """A number of so many bits for a pair of letters; other pairs may have the same."""
    return ((letter * 0x9E3779B1) ^ (after * 0x85EBCA6B)) >> (32 - bits) & ((1 << bits) - 1)


pair = kernel(_pair)


class Lexicon(NamedTuple):
    """Words, as a tree whose edges stand in a hash table. ``groups[node]`` are the groups of the word that ends at a
    node, one bit each."""

    alone: npt.NDArray[np.bool_]
    pairs: npt.NDArray[np.bool_]
    edges: npt.NDArray[np.uint64]  # node and letter; 0 is a free place
    targets: npt.NDArray[np.int64]
    groups: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, groups: Sequence[Iterable[str]]) -> Lexicon:
        """The lexicon of groups of words; a word may stand in several groups.

        Raises:
            ValueError: more than MAX_GROUPS groups.
        """
        if len(groups) > MAX_GROUPS:
            raise ValueError(f"{len(groups)} groups of words; a lexicon holds at most {MAX_GROUPS}")
        alone, pairs = np.zeros(1 << _ALONE_BITS, dtype=bool), np.zeros(1 << _PAIR_BITS, dtype=bool)
        children: dict[tuple[int, str], int] = {}
        found = [0, 0]  # node 0 is nowhere, node 1 the root
        for number, group in enumerate(groups):
            for form in sorted({form for word in group for form in written(word)}):
                node = 1
                if len(form) == 1:
                    alone[ord(form) % len(alone)] = True
                else:
                    pairs[_pair(ord(form[0]), ord(form[1]), _PAIR_BITS)] = True
                for letter in form:
                    if (node, letter) not in children:
                        children[node, letter] = len(found)
                        found.append(0)
                    node = children[node, letter]
                found[node] |= 1 << number
        size = 1 << (4 * len(children) + 1).bit_length()
        edges, targets = np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.int64)
        for (node, letter), child in children.items():
            key = np.uint64(node << _LETTER_BITS | ord(letter))
            place = _place(key, size)
            while edges[place]:
                place = (place + 1) % size
            edges[place], targets[place] = key, child
        return cls(alone, pairs, edges, targets, np.array(found, dtype=np.uint64))


def _place(key: np.uint64, size: int) -> int:
    return ((int(key) * int(_MIX)) >> _LOW_BITS) % size


@kernel
def words_in(points: Points, begin: int, end: int, lexicon: Lexicon) -> np.uint64:
    """The groups of the words that begin in ``points[begin:end]``, one bit each.

    Args:
        points: code points; ``end`` is not behind the last, and no word holds that one.
    """
    found = np.uint64(0)
    low = np.uint64(len(lexicon.edges) - 1)
    for at in range(begin, end):
        first, second = np.int64(points[at]), np.int64(points[at + 1])
        if not (lexicon.alone[first % (1 << _ALONE_BITS)] | lexicon.pairs[pair(first, second, _PAIR_BITS)]):
            continue
        node, i = 1, at
        while node and i < len(points):
            key = np.uint64(node << _LETTER_BITS) | np.uint64(points[i])
            place = (key * _MIX >> np.uint64(_LOW_BITS)) & low
            while lexicon.edges[place] != key and lexicon.edges[place]:
                place = (place + np.uint64(1)) & low
            node = lexicon.targets[place]  # 0 at a free place
            found |= lexicon.groups[node]
            i += 1
    return found
