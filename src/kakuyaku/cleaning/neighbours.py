"""Sums and distances over the units of a page: what stands above, below and around each unit of a batch."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.units import Bools, Ints, Units

FAR = 60  # distances are not told apart beyond


class Neighbours:
    """The units of a batch, page by page. Arrays have an entry for each unit."""

    def __init__(self, u: Units) -> None:
        self.u = u
        self.n = len(u.page)
        self.here = np.arange(self.n)
        pages = np.arange(int(u.page[-1]) + 1 if self.n else 0)
        self.page_first = np.searchsorted(u.page, pages)
        self.page_stop = np.searchsorted(u.page, pages, side="right")
        self.first_here, self.stop_here = self.page_first[u.page], self.page_stop[u.page]

    def shift(self, values: npt.NDArray[Any], by: int) -> npt.NDArray[Any]:
        """The value ``by`` units above (below when negative), along the last axis; 0 beyond the page."""
        out = np.zeros_like(values)
        if by > 0:
            out[..., by:] = values[..., :-by]
            out[..., (self.here - self.first_here) < by] = 0
        else:
            out[..., :by] = values[..., -by:]
            out[..., (self.stop_here - self.here) <= -by] = 0
        return out

    def window(self, values: npt.NDArray[Any], reach: int) -> npt.NDArray[Any]:
        """Sum over the units at most ``reach`` away, along the last axis."""
        total = np.zeros((*values.shape[:-1], self.n + 1))
        np.cumsum(values, axis=-1, out=total[..., 1:])
        low = np.maximum(self.here - reach, self.first_here)
        high = np.minimum(self.here + reach + 1, self.stop_here)
        found: npt.NDArray[Any] = np.take(total, high, axis=-1) - np.take(total, low, axis=-1)
        return found

    def since(self, mask: Bools) -> Ints:
        """Units since the last true one above, itself excluded; FAR where there is none."""
        last = np.maximum.accumulate(np.where(mask, self.here, -FAR))
        above = np.concatenate(([-FAR], last[:-1]))
        return np.where(above >= self.first_here, np.minimum(self.here - above, FAR), FAR)

    def until(self, mask: Bools) -> Ints:
        """Units until the next true one below, itself excluded; FAR where there is none."""
        after = np.minimum.accumulate(np.where(mask, self.here, self.n + FAR)[::-1])[::-1]
        below = np.concatenate((after[1:], [self.n + FAR]))
        return np.where(below < self.stop_here, np.minimum(below - self.here, FAR), FAR)

    def of_page(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sum over each page."""
        return np.bincount(self.u.page, weights=values, minlength=len(self.page_first))


def dense(keys: Ints) -> Ints:
    """Numbers from 0 for equal keys."""
    return np.unique(keys, return_inverse=True)[1].reshape(-1)
