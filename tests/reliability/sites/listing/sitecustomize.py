"""Python's start-up hook for a child: folders are listed in the order that LISTING names (``shuffled``, ``reversed``)."""

import os
import random

_listdir, _scandir = os.listdir, os.scandir
_rng = random.Random(7)


def _ordered(found, name):
    found = sorted(found, key=name, reverse=True)
    if os.environ["LISTING"] == "shuffled":
        _rng.shuffle(found)
    return found


class _Entries:
    def __init__(self, path):
        with _scandir(path) as entries:
            self._entries = iter(_ordered(entries, lambda entry: entry.name))

    def __iter__(self):
        return self._entries

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        pass


os.listdir = lambda path=".": _ordered(_listdir(path), lambda name: name)
os.scandir = lambda path=".": _Entries(path)
