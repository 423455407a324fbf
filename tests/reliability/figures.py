"""The figures that a run prints: what was tried, how much of it, and whether the promise held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Told after each step: the number of steps done and of all steps.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Figure:
    """One line of the table: ``met`` says whether ``value`` is as ``wanted``."""

    name: str
    value: int | str
    wanted: str
    met: bool
