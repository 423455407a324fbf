"""Which pages of a site hold the same article: one captured twice, an update, a short report and its longer form.

What two such pages share says nothing about the site. So a line repeats only where it stands on two pages that hold
different articles, and that is what is found out here: pages are *different* where half of the prose of each stands not
on the other. What stands on two different pages is no part of their articles, so it does not count when the others are
compared; that settles nearly all of them.

Where no two pages are different by that, as on a site of two pages, they hold one article, or short ones under much
furniture. Then a page that has prose of its own below a title of its own is different from one that is so for half of
its prose, or from two others that are so, too. An article's update seldom changes as much. And pages are different when
each has paragraphs of its own that follow one another, below a title of its own, before any paragraph that both have,
however much furniture there is below: an article's captures and updates share its title.

When in doubt pages are the same: then their lines are judged as if each page stood alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records
from kakuyaku.cleaning.line_keys import PROSE, TITLE

OWN = 0.5  # of the prose of a page: stands not on the other
OWN_HEADED = 0.2  # if it stands below a title of its own
TITLE_ABOVE = 8  # lines above a paragraph; below follow date, names and counters
BLOCK_CHARS = 120  # of paragraphs, each page's own, that follow one another
BLOCK_PARAGRAPHS = 2
BLOCK_GAP = 3  # lines from one to the next: a caption, a heading
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
        whole = np.diag(common)[:, None]
        mostly = whole - common >= OWN * whole
        found: Bools = (mostly & mostly.T) | different
        np.fill_diagonal(found, False)
        if not found.any():
            headed = _headed_chars(lines, of, stands, chars, pages) >= np.maximum(OWN_HEADED * whole, 1)
            headed &= headed.T
            apart = _own_blocks(lines, of, stands, chars, pages)
            found = (headed & (mostly | mostly.T | (headed @ headed))) | (apart & apart.T)
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


def _headed_chars(lines: Records, of: Ints, stands: Sets, chars: Ints, pages: int) -> Ints:
    """For each page and each other one, the characters of paragraphs not far below a title, where both stand not on the
    other.

    ``chars`` are those of paragraphs, by number, and 0 for other lines; the rest is :func:`different_pages`'s.
    """
    found = np.zeros((pages, pages), np.int64)
    bounds = np.searchsorted(lines["page"], np.arange(pages + 1)).tolist()
    for page in range(pages):
        at = slice(bounds[page], bounds[page + 1])
        own = on_pages(stands[of[at]], pages) == 0
        titles = np.zeros((len(own) + 1, pages), np.int64)
        np.cumsum(own & (lines["traits"][at] & TITLE > 0)[:, None], axis=0, out=titles[1:])
        prose = np.flatnonzero(chars[of[at]])
        headed = own[prose] & (titles[prose] > titles[np.maximum(prose - TITLE_ABOVE, 0)])
        found[page] = chars[of[at]][prose] @ headed
    return found


def _own_blocks(lines: Records, of: Ints, stands: Sets, chars: Ints, pages: int) -> Bools:
    """For each page and each other one, whether it begins with a block of paragraphs that stand not on the other, below
    a title that does not.

    The parameters are :func:`_headed_chars`'s.
    """
    found = np.zeros((pages, pages), bool)
    bounds = np.searchsorted(lines["page"], np.arange(pages + 1)).tolist()
    for page in range(pages):
        at = slice(bounds[page], bounds[page + 1])
        here = of[at]
        prose = np.flatnonzero(chars[here])
        if not len(prose):
            continue
        first = np.flatnonzero(np.diff(prose, prepend=-BLOCK_GAP - 1) > BLOCK_GAP)
        on = on_pages(stands[here], pages)
        shared = np.add.reduceat(on[prose], first, axis=0).cumsum(axis=0)
        titles = ((on == 0) & (lines["traits"][at] & TITLE > 0)[:, None]).cumsum(axis=0)[prose[first]]
        large = np.add.reduceat(chars[here[prose]], first) >= BLOCK_CHARS
        large &= np.diff(first, append=len(prose)) >= BLOCK_PARAGRAPHS
        found[page] = ((shared == 0) & (titles > 0) & large[:, None]).any(axis=0)
    return found
