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
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


def different_pages(lines: Records, of: Ints, pages: int) -> Bools:
    """Which pages hold different articles, as a symmetric table of pages by pages.

    Args:
        lines: of all pages, page by page: their traits, sizes and pages.
        of: the number of each line, the same for lines that are the same.
        pages: how many.
    """
    stands = standing(of, lines["page"], pages)
    prose = np.flatnonzero(lines["traits"] & PROSE)
    chars = np.zeros(len(stands), np.float32)
    chars[of[prose]] = lines["size"][prose]
    different = np.zeros((pages, pages), bool)
    for _ in range(ROUNDS):
        weighs = np.where(on_different(stands, different), np.float32(0), chars)
        counted = np.flatnonzero(weighs)
        on = stands[counted].astype(np.float32)
        common: Floats = (on * weighs[counted, None]).T @ on
        whole = np.diag(common)
        own = whole[:, None] - common
        enough = own >= OWN * whole[:, None]
        for page, other in np.argwhere(~enough & (own > 0) & (own >= OWN_HEADED * whole[:, None])).tolist():
            at = np.flatnonzero(lines["page"] == page)
            headed = _headed_chars(lines["traits"][at], weighs[of[at]], ~stands[of[at], other])
            enough[page, other] = headed >= OWN_HEADED * whole[page]
        found: Bools = (enough & enough.T) | different
        np.fill_diagonal(found, False)
        if (found == different).all():
            break
        different = found
    return different


def standing(of: Ints, page: npt.NDArray[np.integer], pages: int, count: int | None = None) -> Bools:
    """Which numbered lines stand on which pages: a row for each number, a column for each page."""
    found = np.zeros((count if count is not None else int(of.max(initial=-1)) + 1, pages), bool)
    found[of, page] = True
    return found


def on_different(stands: Bools, different: Bools) -> Bools:
    """Which lines stand on two different pages."""
    found: Bools = (stands & (stands.astype(np.float32) @ different.astype(np.float32) > 0)).any(axis=1)
    return found


def _headed_chars(traits: npt.NDArray[np.uint8], weighs: Floats, own: Bools) -> float:
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
