"""Words of boilerplate, found in a whole batch at once.

A set of some hundred words, looked for at every character of every page: a table of the pairs of characters that words
begin with finds the places worth a look, and the words of a place are then compared a character at a time, all places
together. In numpy this takes a third of the time of one regular expression that holds the words, and says which word it
was (performance: benchmarks/cleaning_speed.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Points = npt.NDArray[np.uint32]

_KEYS = 1 << 16
_MIX = (np.uint32(0x9E3B), np.uint32(0x85EB))


def written(word: str) -> set[str]:
    """The ways of writing a word: Latin ones also in capitals, with a capital, and in small letters."""
    return {word, word.lower(), word.upper(), word.capitalize(), word.title()} if word.isascii() else {word}


@dataclass(frozen=True)
class Lexicon:
    """Words, compiled. ``owners[i]`` are the numbers of the groups that word ``i`` belongs to."""

    words: tuple[str, ...]
    owners: tuple[tuple[int, ...], ...]
    _letters: Points
    _length: Ints
    _single: npt.NDArray[np.int16]
    _pairs: npt.NDArray[np.bool_]
    _count: Ints
    _first: Ints
    _order: Ints

    @classmethod
    def of(cls, groups: Sequence[Iterable[str]]) -> Lexicon:
        """The lexicon of groups of words; a word may stand in several groups."""
        owners: dict[str, set[int]] = {}
        for number, group in enumerate(groups):
            for word in group:
                for form in written(word):
                    owners.setdefault(form, set()).add(number)
        words = tuple(sorted(owners))
        length = np.array([len(word) for word in words], dtype=np.int64)
        letters = np.zeros((len(words), int(length.max(initial=1))), dtype=np.uint32)
        for row, word in enumerate(words):
            letters[row, : len(word)] = [ord(letter) for letter in word]
        single = np.full(0x110000, -1, dtype=np.int16)
        for row in np.flatnonzero(length == 1).tolist():
            single[letters[row, 0]] = row
        long = np.flatnonzero(length > 1)
        keys = _key(letters[long, 0], letters[long, 1])
        order = np.argsort(keys, kind="stable")
        count = np.bincount(keys, minlength=_KEYS)
        first = np.concatenate(([0], np.cumsum(count)[:-1]))
        return cls(
            words, tuple(tuple(sorted(owners[word])) for word in words), letters, length, single, count > 0, count,
            first, long[order],
        )  # fmt: skip

    def find(self, points: Points) -> tuple[Ints, Ints]:
        """The numbers of the words that stand in a text, and where each begins.

        Args:
            points: the text's code points.
        """
        alone = self._single[points]
        single_at = np.flatnonzero(alone >= 0)
        key = _key(points[:-1], points[1:])
        place = np.flatnonzero(self._pairs[key])
        key = key[place]
        count = self._count[key]
        begin = np.cumsum(count) - count
        at = np.repeat(place, count)
        word = self._order[np.arange(len(at)) - np.repeat(begin - self._first[key], count)]
        for letter in range(self._letters.shape[1]):
            here = np.minimum(at + letter, len(points) - 1)
            fits = (points[here] == self._letters[word, letter]) | (self._length[word] <= letter)
            word, at = word[fits], at[fits]
        return (
            np.concatenate((alone[single_at].astype(np.int64), word)),
            np.concatenate((single_at, at)),
        )


def _key(first: Points, second: Points) -> Ints:
    return np.asarray(((first * _MIX[0]) ^ (second * _MIX[1])) & np.uint32(_KEYS - 1), dtype=np.int64)
