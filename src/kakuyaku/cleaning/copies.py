"""Which pages of a site hold the same article: one captured twice, an update, a page of a short report's longer form.

What two such pages share says nothing about the site. So a line repeats only where it stands on two pages that hold
different articles, and that is what is found out here: pages are *different* where each has enough prose that the other
has not. What stands on two different pages is no part of their articles, so it does not count when the others are
compared; that settles nearly all of them.

What is left are pages whose prose is mostly shared while no other pages tell whether that is furniture: two short
articles on a site of two pages, or one article twice. There a page is different that has a row of prose of its own,
below a title of its own. An update adds to the row that is shared, and an advertisement that changes has no title.

When in doubt pages are the same: then their lines are judged as if each page stood alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records
from kakuyaku.cleaning.line_keys import PROSE, TITLE

OWN = 0.5  # of a page's prose that another page has not, on each of two different pages
OWN_HEADED = 0.25  # if it stands in a row of its own below a title of its own
ROW_GAP = 9  # lines between two paragraphs of one row
TITLE_ABOVE = 8  # lines above a row's first own paragraph
ROUNDS = 4  # the first finds long articles, the second short ones among their furniture

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Sets = npt.NDArray[np.uint64]  # of pages: a bit for each


def different_pages(lines: Records, of: Ints, stands: Sets, pages: int) -> Sets:
    """For each page those that hold another article than it does.

    Args:
        lines: of all pages, page by page: their traits, sizes and pages.
        of: the number of each line, the same for lines that are the same.
        stands: on which pages each numbered line stands.
        pages: how many; 64 at most.
    """
    prose = np.flatnonzero(lines["traits"] & PROSE)
    chars = np.zeros(len(stands), np.int64)
    chars[of[prose]] = lines["size"][prose]
    different = np.zeros((pages, pages), bool)
    for _ in range(ROUNDS):
        weighs = np.where(on_different(stands, _sets(different)), 0, chars)
        counted = np.flatnonzero(weighs)
        on = on_pages(stands[counted], pages)
        common = np.einsum("i,ij,ik->jk", weighs[counted], on, on)
        whole = np.diag(common)
        own = whole[:, None] - common
        enough = own >= OWN * whole[:, None]
        for page, other in np.argwhere(~enough & (own > 0) & (own >= OWN_HEADED * whole[:, None])).tolist():
            at = np.flatnonzero(lines["page"] == page)
            mine = stands[of[at]] >> np.uint64(other) & np.uint64(1) == 0
            headed = _headed_chars(lines["traits"][at], weighs[of[at]], mine)
            enough[page, other] = headed >= OWN_HEADED * whole[page]
        found = np.array((enough & enough.T) | different)
        np.fill_diagonal(found, False)
        if (found == different).all():
            break
        different = found
    return _sets(different)


def standing(of: Ints, page: npt.NDArray[np.uint8], count: int) -> Sets:
    """On which pages each of so many numbered lines stands."""
    found = np.zeros(count, np.uint64)
    np.bitwise_or.at(found, of, np.uint64(1) << page.astype(np.uint64))
    return found


def on_different(stands: Sets, different: Sets) -> Bools:
    """Which lines stand on two different pages."""
    found = np.zeros(len(stands), bool)
    several = np.flatnonzero(stands & (stands - np.uint64(1)))
    on = stands[several]
    for page, others in enumerate(different):
        found[several] |= (on >> np.uint64(page) & np.uint64(1) > 0) & (on & others > 0)
    return found


def on_pages(stands: Sets, pages: int) -> Ints:
    """Sets as rows of a table, of 0 and 1."""
    return (stands[:, None] >> np.arange(pages, dtype=np.uint64) & np.uint64(1)).astype(np.int64)


def _sets(table: Bools) -> Sets:
    """The rows of a table as sets."""
    found: Sets = (table * (np.uint64(1) << np.arange(table.shape[1], dtype=np.uint64))).sum(axis=1, dtype=np.uint64)
    return found


def _headed_chars(traits: npt.NDArray[np.uint8], weighs: Ints, own: Bools) -> float:
    """The characters of a page's own paragraphs in the row that has most, of those that are mostly own and stand below
    a title of their own.

    Args:
        traits, weighs: of the page's lines; ``weighs`` are the characters of paragraphs, and 0.
        own: lines that the other page has not.
    """
    prose = np.flatnonzero(weighs)
    row = np.cumsum(np.diff(prose, prepend=prose[0]) > ROW_GAP)
    chars, own_chars = np.bincount(row, weighs[prose]), np.bincount(row, weighs[prose] * own[prose])
    titles = np.cumsum(np.append(0, own & (traits & TITLE > 0)))
    headed = own[prose] & (titles[prose] > titles[np.maximum(prose - TITLE_ABOVE, 0)])
    of_its_own = (np.bincount(row, headed) > 0) & (own_chars >= OWN * chars)
    return float(np.max(own_chars, where=of_its_own, initial=0))
