"""Words of boilerplate, found in a whole batch at once.

A set of some hundred words, looked for at every character of every page: a table of the pairs of characters that words
begin with finds the places worth a look, and the words of a place are then compared a character at a time, all places
together. That is faster than one regular expression of all words, and says which word it was (docs/decisions.md).
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
    _owner: tuple[Ints, Ints]  # of each word the number of its groups; all these groups, word after word
    _letters: Points
    _length: Ints
    _single: tuple[tuple[int, int], ...]  # words of one letter: number and code point
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
        groups_of = tuple(tuple(sorted(owners[word])) for word in words)
        how_many = np.array([len(own) for own in groups_of], dtype=np.int64)
        flat = np.array([group for own in groups_of for group in own], dtype=np.int64)
        length = np.array([len(word) for word in words], dtype=np.int64)
        letters = np.zeros((len(words), int(length.max(initial=1))), dtype=np.uint32)
        for row, word in enumerate(words):
            letters[row, : len(word)] = [ord(letter) for letter in word]
        single = tuple((row, int(letters[row, 0])) for row in np.flatnonzero(length == 1).tolist())
        long = np.flatnonzero(length > 1)
        keys = _key(letters[long, 0], letters[long, 1])
        order = np.argsort(keys, kind="stable")
        count = np.bincount(keys, minlength=_KEYS)
        first = np.concatenate(([0], np.cumsum(count)[:-1]))
        return cls(
            words, groups_of, (how_many, flat), letters, length, single, count > 0, count,
            first, long[order],
        )  # fmt: skip

    def groups_of(self, word: Ints) -> tuple[Ints, Ints]:
        """The groups of found words, as pairs: index into ``word``, number of the group."""
        number, flat = self._owner
        many = number[word]
        which = np.repeat(np.arange(len(word)), many)
        offset = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
        return which, flat[np.repeat((np.cumsum(number) - number)[word], many) + offset]

    def find(self, points: Points) -> tuple[Ints, Ints]:
        """The numbers of the words that stand in a text, and where each begins.

        Args:
            points: the text's code points.
        """
        words: list[Ints] = []
        places: list[Ints] = []
        for number, code in self._single:
            places.append(np.flatnonzero(points == code))
            words.append(np.full(len(places[-1]), number))
        key = _key(points[:-1], points[1:])
        place = np.flatnonzero(self._pairs[key])
        key = key[place]
        count = self._count[key]
        begin = np.cumsum(count) - count
        at = np.repeat(place, count)
        word = self._order[np.arange(len(at)) - np.repeat(begin - self._first[key], count)]
        for letter in range(self._letters.shape[1]):
            done = self._length[word] <= letter
            if done.any():
                words.append(word[done])
                places.append(at[done])
                word, at = word[~done], at[~done]
            if not len(word):
                break
            fits = points[np.minimum(at + letter, len(points) - 1)] == self._letters[word, letter]
            word, at = word[fits], at[fits]
        words.append(word)
        places.append(at)
        return np.concatenate(words).astype(np.int64), np.concatenate(places).astype(np.int64)


def _key(first: Points, second: Points) -> npt.NDArray[np.uint16]:
    mixed: npt.NDArray[np.uint16] = ((first * _MIX[0]) ^ (second * _MIX[1])).astype(np.uint16)  # below _KEYS
    return mixed
