"""Where a unit stands: the second pass, which turns looks into verdicts.

The article is the heaviest run of prose on the page. Before it stand title, byline, date; inside it headings, lists,
captions; after it zones opened by typed headings (related articles, rankings, …). A zone never ends the article: what
follows a zone is judged anew, so that a box in the middle of an article costs the box alone.

Law: judging the kept units again keeps them all (cleaning a clean article changes nothing). Verdicts are therefore
taken until they are stable; nearly every page is stable at the first verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.rules import NONE, index_of, kept_rule, rules, zone_rule
from kakuyaku.cleaning.units import Bools, Ints, Units

MAX_ROUNDS = 12  # a page needs one or two; a page that never settles keeps what it has then
PROSE_MIN_CHARS = 60  # a line without a sentence end counts as prose from here (naive rule: score .85 on real pages)
PROSE_MIN_COMMAS = 1
GAP_UNITS = (
    7  # units without prose that may stand between two paragraphs of one article: the longest list of the seeds has 5
)
HEADING_MAX_CHARS = 60
TITLE_MIN_CJK = 8
TITLE_ENOUGH_CJK = 40  # no title is chosen for being longer than this
NAME_MAX_CHARS = 20
LEAD_LINES = 3  # so many unlabelled lines above an advertisement of the same block belong to it
NUMBERED_MIN_ITEMS = 3

_Give = Callable[..., None]
LIST_ENDINGS = ("：", ":", "次の通り。", "次のとおり。", "以下の通り。", "以下のとおり。")


@dataclass(frozen=True)
class Verdict:
    """For each unit the index of its rule, and the unit that caused it (-1: none)."""

    rule: npt.NDArray[np.int16]
    cause: Ints


def judge(units: Units, repeated: Bools | None = None) -> Verdict:
    """The verdict on every unit of a batch.

    Args:
        units: the batch.
        repeated: units that also stand on other pages of their site.
    """
    n = len(units.page)
    rule = np.full(n, NONE, dtype=np.int16)
    cause = np.full(n, -1, dtype=np.int64)
    alive = np.arange(n)
    for _ in range(MAX_ROUNDS):
        verdict = _judge_once(_take(units, alive), None if repeated is None else repeated[alive])
        rule[alive] = verdict.rule
        cause[alive] = np.where(verdict.cause >= 0, alive[verdict.cause], -1) if len(alive) else verdict.cause
        kept = kept_rule()[verdict.rule]
        if kept.all():
            break
        alive = alive[kept]
    return Verdict(rule, cause)


def _take(units: Units, index: Ints) -> Units:
    if len(index) == len(units.page):
        return units
    page, line = units.page[index], units.line[index]
    taken = {
        name: getattr(units, name)[index]
        for name in ("start", "end", "cjk", "letters", "stops", "commas", "ends_sentence", "item", "look")
    }
    # In the cleaned text no blank line is left: only the first unit of a page has nothing above it.
    new_block = page != np.concatenate(([-1], page[:-1]))
    return replace(
        units, page=page, line=line, text=[units.text[i] for i in index.tolist()], new_block=new_block, **taken
    )


def _judge_once(u: Units, repeated: Bools | None) -> Verdict:
    n = len(u.page)
    if n == 0:
        return Verdict(np.zeros(0, dtype=np.int16), np.zeros(0, dtype=np.int64))
    here = np.arange(n)
    first, stop = _page_bounds(u.page)
    looks_heading, looks_line = _roles()
    opens = looks_heading[u.look]
    typed = looks_line[u.look]
    prose = (
        (u.ends_sentence & (u.stops > 0) & (u.cjk + u.letters > 1))
        | ((u.size >= PROSE_MIN_CHARS) & (u.commas >= PROSE_MIN_COMMAS))
        | (u.size >= 2 * PROSE_MIN_CHARS)
    )
    plain = u.item == 0
    seeds_body = prose & plain & ~typed & ~opens
    body_first, body_last = _heaviest_run(u, seeds_body, first, stop)
    if repeated is not None:
        repeated, body_first, body_last = _without_site_lines(u, seeds_body, repeated, body_first, body_last)
    inside = (here >= body_first[u.page]) & (here <= body_last[u.page])
    before, after = here < body_first[u.page], here > body_last[u.page]

    zone, owner = _zones(u, opens, prose & plain, inside, before)
    rule = np.full(n, NONE, dtype=np.int16)
    cause = np.full(n, -1, dtype=np.int64)

    def give(mask: Bools, rule_id: str | npt.NDArray[np.int16], why: Ints | None = None) -> None:
        """The first rule that takes a unit keeps it."""
        free = mask & (rule == NONE)
        rule[free] = index_of(rule_id) if isinstance(rule_id, str) else rule_id[free]
        if why is not None:
            cause[free] = why[free]

    doubled = u.look == index_of("repeat.half")
    give(doubled, "repeat.half", here - 1)
    twin = np.append(doubled[1:], False)  # the first half of a line that says the same twice
    give(twin & inside, "caption.doubled", here + 1)
    if repeated is not None:
        give(repeated & ~(inside & prose), "repeat.site")
    # What the line says by itself; inside the article a paragraph is a paragraph whatever words it uses.
    paragraph = inside & prose & plain & (zone == NONE)
    firm = np.isin(u.look, _indices("debris.code", "caption.agency", "ad.magazine", "lead.brackets"))
    give(typed & (~paragraph | (firm & (u.size < PROSE_MIN_CHARS))), u.look)
    number = u.item == 2
    numbered, numbered_head = _numbered(u, number, inside)
    give(numbered, "ranking.numbered", numbered_head)
    head_of_numbers = np.zeros(n, dtype=bool)
    head_of_numbers[numbered_head[numbered & (numbered_head >= 0)]] = True
    give(head_of_numbers & ~paragraph, "ranking.numbered", here)
    give(opens & (zone != NONE), u.look)
    give(zone != NONE, zone_rule()[zone], owner)

    give(inside & ~plain, "list_item.run")
    give(paragraph & u.ends_sentence, "body.prose")
    give(paragraph, "body.line")
    give(inside & (u.size <= HEADING_MAX_CHARS), "heading.short")
    give(inside, "body.line")

    _head(u, give, rule, before, body_first, first)
    _tail(u, give, rule, after, prose, body_last)
    return Verdict(rule, cause)


def _page_bounds(page: Ints) -> tuple[Ints, Ints]:
    """For each page number of the batch its first unit and the one after its last (both 0 where it has none)."""
    numbers = np.arange(int(page.max()) + 1)
    return np.searchsorted(page, numbers), np.searchsorted(page, numbers, side="right")


def _roles() -> tuple[Bools, Bools]:
    """Lookup by rule index, with a last entry for -1: is it a heading rule, is it a line or tail rule."""
    role = [rule.role for rule in rules()]
    return np.array([r == "heading" for r in role] + [False]), np.array([r in ("line", "tail") for r in role] + [False])


def _indices(*names: str) -> list[int]:
    return [index_of(name) for name in names]


def _heaviest_run(u: Units, seeds_body: Bools, first: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """First and last unit of each page's heaviest run of prose; an empty range (first > last) where there is none."""
    pages = len(first)
    body_first, body_last = stop.copy(), stop - 1
    prose = np.flatnonzero(seeds_body)
    if len(prose):
        page = u.page[prose]
        new = np.concatenate(([True], (page[1:] != page[:-1]) | (np.diff(prose) > GAP_UNITS + 1)))
        run = np.cumsum(new) - 1
        mass = np.bincount(run, weights=u.size[prose])
        run_page = page[new]
        run_first = prose[new]
        run_last = prose[np.append(np.flatnonzero(new)[1:] - 1, len(prose) - 1)]
        order = np.lexsort((-np.arange(len(mass)), mass, run_page))  # ties: the earlier run
        best = order[np.append(np.flatnonzero(np.diff(run_page[order])), len(order) - 1)]
        body_first[run_page[best]], body_last[run_page[best]] = run_first[best], run_last[best]
    assert len(body_first) == pages
    return body_first, body_last


def _without_site_lines(
    u: Units, seeds_body: Bools, repeated: Bools, body_first: Ints, body_last: Ints
) -> tuple[Bools, Ints, Ints]:
    """The repeated units that are boilerplate, and the article without repeated prose at its edges.

    Where most of the article is repeated, the other page is a copy of it (another capture, an update): then repetition
    says nothing about the lines of the article.
    """
    here = np.arange(len(u.page))
    first, last = body_first.copy(), body_last.copy()
    inside = (here >= first[u.page]) & (here <= last[u.page]) & seeds_body
    own = inside & ~repeated
    pages = len(first)
    mass = np.bincount(u.page, weights=u.size * inside, minlength=pages)
    copied = 2 * np.bincount(u.page, weights=u.size * own, minlength=pages) < mass
    for page in np.unique(u.page[own]).tolist():
        if not copied[page]:
            mine = here[own & (u.page == page)]
            first[page], last[page] = mine[0], mine[-1]
    spared = copied[u.page] & (here >= first[u.page]) & (here <= last[u.page])
    return repeated & ~spared, first, last


def _zones(u: Units, opens: Bools, prose: Bools, inside: Bools, before: Bools) -> tuple[npt.NDArray[np.int16], Ints]:
    """For each unit the look of the heading whose zone it stands in (-1: none), and that heading's index.

    A zone that starts with a list ends with that list. Above the article only a list makes a zone: 「最新記事」 is
    the name of a section there, and the title follows. Inside the article a heading opens a zone only when no
    paragraph follows it, and the zone ends at the next paragraph: 「ランキングの結果」 may be a section of the article.
    """
    n = len(u.page)
    here = np.arange(n)
    next_prose = _next_true(prose & inside)
    follows_prose = np.append((prose & inside)[1:] & (u.page[1:] == u.page[:-1]), False)
    listed = u.item > 0
    follows_list = np.append(listed[1:] & (u.page[1:] == u.page[:-1]), False)
    opens = opens & ~(inside & follows_prose) & ~(before & ~follows_list)
    latest = np.maximum.accumulate(np.where(opens, here, -1))
    valid = (latest >= 0) & (u.page[latest] == u.page)
    next_unlisted = _next_true(~listed)
    after_heading = np.minimum(latest + 1, n - 1)
    list_end = np.where(listed[after_heading], next_unlisted[after_heading], n)
    end = np.minimum(list_end, next_prose[np.minimum(latest + 1, n - 1)])
    body_begins = _next_true(inside & prose)[after_heading]
    end = np.minimum(end, np.where(inside[latest], n, body_begins))
    within = valid & (here < np.where(latest == here, here + 1, end))
    return np.where(within, u.look[latest], NONE).astype(np.int16), np.where(within, latest, -1)


def _next_true(mask: Bools) -> Ints:
    """For each index the nearest true index at or after it; the length where there is none."""
    n = len(mask)
    return np.minimum.accumulate(np.where(mask, np.arange(n), n)[::-1])[::-1]


def _numbered(u: Units, number: Bools, inside: Bools) -> tuple[Bools, Ints]:
    """Runs of list units with bare numbers for items, rankings whatever their heading says; and the heading's index."""
    n = len(u.page)
    here = np.arange(n)
    listed = u.item > 0
    begins = listed & ~np.concatenate(([False], listed[:-1] & (u.page[1:] == u.page[:-1])))
    run = np.cumsum(begins) - 1
    if not begins.any():
        return np.zeros(n, dtype=bool), np.full(n, -1)
    many = np.bincount(run[listed], weights=number[listed], minlength=int(run.max()) + 1) >= NUMBERED_MIN_ITEMS
    mask = listed & many[np.maximum(run, 0)] & ~inside
    start = np.flatnonzero(begins)[np.maximum(run, 0)]
    above = start - 1
    there = np.maximum(above, 0)
    headed = (above >= 0) & (u.page[there] == u.page) & (u.size[there] <= HEADING_MAX_CHARS)
    return mask, np.where(mask & headed, above, np.where(mask, here, -1))


def _head(u: Units, give: _Give, rule: npt.NDArray[np.int16], before: Bools, body_first: Ints, first: Ints) -> None:
    """What stands above the article: the title is the line with most Japanese in it, a repeated one before others."""
    free = before & (rule == NONE)
    candidates = np.flatnonzero(free & (u.item == 0) & (u.cjk >= TITLE_MIN_CJK))
    n = len(u.page)
    title = np.full(len(first), -1)
    best: dict[int, tuple[bool, int, int]] = {}
    times = Counter((int(u.page[i]), u.text[i]) for i in candidates.tolist())
    for i in candidates.tolist():
        page = int(u.page[i])
        score = (times[page, u.text[i]] > 1, min(int(u.cjk[i]), TITLE_ENOUGH_CJK), -i)
        best[page] = max(best.get(page, score), score)
    for page, score in best.items():
        title[page] = -score[2]
    chosen = np.zeros(n, dtype=bool)
    chosen[title[title >= 0]] = True
    title_of = title[u.page]
    title_text = {int(page): u.text[int(at)] for page, at in enumerate(title) if at >= 0}
    same = [text == title_text.get(page) for text, page in zip(u.text, u.page.tolist(), strict=True)]
    repeats = np.array(same) & ~chosen
    give(chosen, "title.head")
    give(repeats & (title_of >= 0) & (rule == NONE), "repeat.title", title_of)
    below_title = (title_of >= 0) & (np.arange(n) > title_of)
    next_to_title = (title_of >= 0) & (np.arange(n) == title_of + 1)
    give(free & next_to_title & (u.cjk == 0) & (u.letters >= 15), "subtitle.head")
    _names(u, give, rule, before)
    # The one unlabelled line between the title's lines and the first paragraph is the heading of the first section.
    directly = np.zeros(n, dtype=bool)
    at = body_first - 1
    at = at[(at >= first) & (at >= 0)]
    directly[at] = True
    give(
        before & directly & below_title & (u.item == 0) & (u.size <= HEADING_MAX_CHARS) & (u.cjk >= 2), "heading.short"
    )
    give(before, "nav.head")


def _names(u: Units, give: _Give, rule: npt.NDArray[np.int16], before: Bools) -> None:
    """Names beside a date or byline are bylines, and so is the same name wherever it stands alone again."""
    n = len(u.page)
    kinds = [r.kind for r in rules()]
    anchor = np.isin(rule, [i for i, kind in enumerate(kinds) if kind in ("date", "byline")])
    counter = rule == index_of("share.counter")
    same_page = u.page[1:] == u.page[:-1]
    beside = np.zeros(n, dtype=bool)
    beside[1:] |= anchor[:-1] & same_page
    beside[:-1] |= (anchor | counter)[1:] & same_page
    name = (u.size <= NAME_MAX_CHARS) & (u.stops == 0) & (u.commas == 0) & (u.item == 0) & (u.cjk >= 2)
    give(before & beside & name & (rule == NONE), "byline.name")
    known = set()
    for i in np.flatnonzero(np.isin(rule, [index_of("byline.name"), index_of("byline.credit")])).tolist():
        known.add((int(u.page[i]), u.text[i]))
    if known:
        again = np.array([key in known for key in zip(u.page.tolist(), u.text, strict=True)])
        give(again & (rule == NONE), "byline.again")


def _tail(u: Units, give: _Give, rule: npt.NDArray[np.int16], after: Bools, prose: Bools, body_last: Ints) -> None:
    """What stands below the article and in no zone."""
    n = len(u.page)
    here = np.arange(n)
    # A list that the last paragraph announces belongs to the article.
    last = body_last[u.page]
    announced = np.array([u.text[i].endswith(LIST_ENDINGS) if i >= 0 else False for i in body_last.tolist()])[u.page]
    listed = u.item > 0
    run_open = np.maximum.accumulate(np.where(~listed, here, -1))
    give(after & listed & announced & (run_open == last), "list_item.run", last)
    # Unlabelled lines at the top of a block with an advertisement belong to it.
    is_ad = np.isin(rule, [i for i, r in enumerate(rules()) if r.kind == "ad"])
    next_ad = _next_true(is_ad)
    block = np.cumsum(u.new_block)
    block_start = np.maximum.accumulate(np.where(u.new_block, here, 0))
    leads = (next_ad < n) & (block[np.minimum(next_ad, n - 1)] == block) & (next_ad - block_start <= LEAD_LINES)
    give(after & leads & ~prose, "ad.block", np.minimum(next_ad, n - 1))
    previous_ad = np.maximum.accumulate(np.where(is_ad, here, -1))
    trails = (previous_ad >= 0) & (block[np.maximum(previous_ad, 0)] == block) & (here - previous_ad <= 1)
    give(after & trails & ~prose, "ad.block", previous_ad)
    give(after & listed, "related.list")
    give(after, "promo.tail")
