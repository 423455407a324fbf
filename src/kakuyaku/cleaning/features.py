"""What the model sees of each unit: the unit itself, its neighbours, and where it stands to the article.

All functions look at one page. ``u`` are its units (UNIT), ``s`` what was found out about them (SCENE), ``f`` their
features (FEATURE); a feature that is not set is 0.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import CLOSES, COLON, CUT, FULL, LOUD, OPENS
from kakuyaku.cleaning.compiled import Records, kernel
from kakuyaku.cleaning.layout import FAR, HEADING_CHARS, LEGAL, POLITE, SOCIAL, WORD, Place, shared
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.measures import PAIRS, Ints, Pairs
from kakuyaku.cleaning.rules import RANKED, word_groups

Floats = npt.NDArray[np.float32]

REACHES = (1, 2, 3, 5, 8, 15, 30)  # units from the article
_ANNOUNCING_CHARS = 200
_COLON_MIN_CHARS = 12  # a shorter line with a colon is a label: 「ジャンル：」
_ANNOUNCED_UNITS = 60
_LISTED_CHARS = 25  # of an item that is no entry of a table
_NEAR = ("polite", "account", "legal", "social", "related", "interface", "site")
_BESIDE = ("bullet", "ends_sentence", "repeated", "word_polite", "word_related", "log_chars", "quality")

_TEXT_FEATURES = (
    *("log_chars", "chars_60", "chars_15", "chars_30", "bullet", "further"),
    *("share_hiragana", "share_katakana", "share_kanji", "share_hangul", "share_latin", "no_hiragana"),
    *("ends_sentence", "ends_loud", "ends_closing", "ends_colon", "ends_cut", "begins_marked", "begins_digit"),
    *("dated", "reference", "foreign", "foreign_sentence", "new_block", "ends_block", "repeated"),
    *("log_stops", "log_commas", "separators", "spaces", "quotes"),
    *(f"word_{name}" for name in word_groups()),
    *("prose", "quality", "opens", "opens_ranking", "shared_ending"),
    *(f"{name}_above" for name in _BESIDE),
    *(f"{name}_below" for name in _BESIDE),
    *("quality_2_above", "quality_2_below"),
    *(f"near_{name}" for name in (*_NEAR, "dated", "repeated")),
    *("inside", "before", "after"),
    *(f"before_{reach}" for reach in REACHES),
    *(f"after_{reach}" for reach in REACHES),
    *("prose_near", "prose_far", "between", "gap", "inside_prose", "inside_quality", "inside_short", "inside_bullet"),
    *("inside_further", "inside_new_block", "inside_opens", "inside_advert", "inside_foreign", "outside_reference"),
    *("place", "other_prose", "mass_2", "mass_5", "mass_8_share", "zone", "zone_inside", "zone_after"),
    *("announced_after", "announced_inside"),
    *("list_length", "list_ends_sentence", "list_log_chars", "list_dated", "list_repeated", "list_overlap"),
    *("list_under_prose", "list_under_colon", "list_under_heading"),
    *("overlap", "overlap_outside", "overlap_inside", "title_overlap", "title_overlap_outside"),
    *("is_title", "above_title", "below_title"),
)
_SIZES = frozenset(
    {"n_links"}
    | {f"{box}_{what}" for box in ("container", "outer") for what in ("lines", "chars", "stops", "paragraphs")}
)
_TAGS = tuple(name for name in LINE_FEATURES if name not in ("depth", "to_main"))
_MARKUP_FEATURES = (
    *(f"tag_{name}" for name in _TAGS),
    *("tag_beside_main", "tag_close_to_main", "tag_far_from_main", "tag_half_linked", "tag_all_linked"),
    *("tag_main_unlinked", "tag_main_paragraph", "tag_main_linked", "tag_main_list", "tag_main_heading"),
    *("tag_main_figure", "tag_main_teaser", "tag_main_table", "tag_main_inside", "tag_off_main_inside"),
    *("tag_off_main_prose", "tag_linked_inside", "tag_linked_list", "tag_unlinked_list_inside"),
)
FEATURES = (*_TEXT_FEATURES, *_MARKUP_FEATURES)
N_TEXT_FEATURES = len(_TEXT_FEATURES)
FEATURE = np.dtype([(name, "f4") for name in FEATURES])

_FIRST_WORD = FEATURES.index("word_" + next(iter(word_groups())))
_N_WORDS = len(word_groups())
_FIRST_NEAR = FEATURES.index(f"near_{_NEAR[0]}")
_NEAR_WORDS = np.array([WORD[name] for name in _NEAR])
_FIRST_BEFORE, _FIRST_AFTER = FEATURES.index(f"before_{REACHES[0]}"), FEATURES.index(f"after_{REACHES[0]}")
_FIRST_TAG = FEATURES.index(f"tag_{_TAGS[0]}")
_TAG_COLUMNS = np.array([LINE_FEATURES.index(name) for name in _TAGS])
_TAG_IS_SIZE = np.array([name in _SIZES for name in _TAGS])
_TO_MAIN = LINE_FEATURES.index("to_main")
_ADVERT, _ANNOUNCING, _TABLE = (WORD[name] for name in ("advert", "announcing", "table_heading"))
_KANA = np.float32(0.1)
_SOUND = np.float32(0.5)
_HALF, _ALL, _MOSTLY = np.float32(0.5), np.float32(0.95), np.float32(0.8)  # linked
_LOGARITHMS = np.array([math.log1p(n) for n in range(1 << 10)], dtype=np.float32)


@kernel
def measure_page(
    u: Records, s: Records, f: Records, values: Floats, pairs: Pairs, markup: Floats, place: Place, traits: Ints
) -> None:
    """The features of every unit of a page.

    Args:
        u, s: its units, and their scene as :func:`~kakuyaku.cleaning.layout.arrange` leaves it.
        f, values: filled; the same memory as records and as rows of numbers. All 0 before.
        pairs: of the batch.
        markup: of the units; no row where the page is text alone.
        place: where the article is.
        traits: of the rules.
    """
    for i in range(len(u)):
        _own(u, s[i], f[i], values[i], i, traits)
    _around(u, s, f, values)
    _place(u, s, f, values, place)
    _announced(u, s, f, place)
    _blocks(u, s, f)
    _talk(u, s, f, pairs, place)
    for i in range(len(markup)):
        _markup(u[i], s[i], f[i], values[i], markup[i])


@kernel
def _log1p(value: float) -> np.float32:
    """In double precision, rounded: the same on every machine."""
    if value < len(_LOGARITHMS) and value == np.floor(value):
        return _LOGARITHMS[np.int64(value)]  # type: ignore[no-any-return]
    return np.float32(np.log1p(np.float64(value)))


@kernel
def _own(u: Records, seen: Records, row: Records, values: Floats, i: int, traits: Ints) -> None:
    unit, size = u[i], seen.size
    row.log_chars = _log1p(size)
    row.chars_60, row.chars_15, row.chars_30 = size >= 60, size < 15, 15 <= size < 30
    row.bullet, row.further = seen.bullet, unit.item == 3
    row.share_hiragana, row.share_katakana, row.share_kanji = seen.hiragana, seen.katakana, seen.kanji
    row.share_hangul, row.share_latin, row.no_hiragana = seen.hangul, seen.latin, seen.hiragana < _KANA
    row.ends_sentence = seen.ends
    row.ends_loud, row.ends_closing = unit.last_flags & LOUD != 0, unit.last_flags & CLOSES != 0
    row.ends_colon, row.ends_cut = unit.last_flags & COLON != 0, unit.last_flags & CUT != 0
    row.begins_marked = unit.first_flags & OPENS != 0
    row.begins_digit = 0x30 <= unit.first_point <= 0x39
    row.dated, row.reference, row.foreign = unit.dated, seen.reference, seen.foreign
    row.foreign_sentence = seen.foreign and unit.last_flags & FULL != 0
    row.new_block, row.ends_block = unit.new_block, i + 1 == len(u) or u[i + 1].new_block
    row.repeated = seen.repeated
    row.log_stops, row.log_commas = _log1p(seen.stops), _log1p(unit.commas)
    row.separators, row.spaces, row.quotes = min(unit.separators, 4), min(unit.spaces, 4), unit.quotes > 0
    for word in range(_N_WORDS):
        values[_FIRST_WORD + word] = unit.words >> np.uint64(word) & np.uint64(1)
    row.prose, row.quality, row.opens = seen.prose, seen.quality, seen.opens
    row.opens_ranking = seen.opens and traits[unit.look] & RANKED != 0
    row.shared_ending = seen.shared_ending


@kernel
def _around(u: Records, s: Records, f: Records, values: Floats) -> None:
    """What stands right above and below, and words within three units."""
    n, groups = len(u), len(_NEAR_WORDS)
    near = np.zeros((n + 1, groups + 2), np.int32)  # sums over the units above
    for i in range(n):
        row = f[i]
        if i > 0:
            above = f[i - 1]
            row.bullet_above, row.ends_sentence_above = above.bullet, above.ends_sentence
            row.repeated_above, row.word_polite_above = above.repeated, above.word_polite
            row.word_related_above, row.log_chars_above = above.word_related, above.log_chars
            row.quality_above = above.quality
        if i + 1 < n:
            below = f[i + 1]
            row.bullet_below, row.ends_sentence_below = below.bullet, below.ends_sentence
            row.repeated_below, row.word_polite_below = below.repeated, below.word_polite
            row.word_related_below, row.log_chars_below = below.word_related, below.log_chars
            row.quality_below = below.quality
        row.quality_2_above = s[i - 2].quality if i >= 2 else np.float32(0)
        row.quality_2_below = s[i + 2].quality if i + 2 < n else np.float32(0)
        for group in range(groups):
            near[i + 1, group] = near[i, group] + (u[i].words & _NEAR_WORDS[group] != 0)
        near[i + 1, groups] = near[i, groups] + u[i].dated
        near[i + 1, groups + 1] = near[i, groups + 1] + s[i].repeated
    for i in range(n):
        low, high = max(i - 3, 0), min(i + 4, n)
        for group in range(groups + 2):
            own = near[i + 1, group] - near[i, group]
            values[i, _FIRST_NEAR + group] = near[high, group] - near[low, group] - own


@kernel
def _place(u: Records, s: Records, f: Records, values: Floats, place: Place) -> None:
    """Where the unit stands to the article."""
    n = len(u)
    first, last = place.first, place.last
    total, core = np.zeros(n + 1), 0.0  # mass of the units above; of the article
    for i in range(n):
        s[i].inside = first <= i <= last
        total[i + 1] = total[i] + s[i].mass
        core += s[i].mass if s[i].inside else np.float32(0)
    core = max(core, 1.0)
    sound, opens = -FAR, -FAR  # the last unit above of sound prose, and that opens a zone
    for i in range(n):
        unit, seen, row = u[i], s[i], f[i]
        inside, before, after = seen.inside, i < first, i > last
        distance = first - i if before else i - last if after else 0
        row.inside, row.before, row.after = inside, before, after
        for number in range(len(REACHES)):
            if distance <= REACHES[number]:
                values[i, _FIRST_BEFORE + number], values[i, _FIRST_AFTER + number] = before, after
        row.prose_near, row.prose_far = seen.prose and distance <= 5, seen.prose and distance > 8
        short = seen.size < HEADING_CHARS
        row.inside_prose, row.inside_quality = inside and seen.prose, seen.quality if inside else np.float32(0)
        row.inside_short = inside and short and not seen.bullet
        row.inside_bullet, row.inside_further = inside and seen.bullet, inside and unit.item == 3
        row.inside_new_block, row.inside_opens = inside and unit.new_block, inside and seen.opens
        row.inside_advert = inside and short and unit.words & _ADVERT != 0
        row.inside_foreign, row.outside_reference = inside and seen.foreign, seen.reference and not inside
        row.place = i / n
        row.other_prose = np.float32(0) if inside else seen.quality * min(seen.mass / core, 1.0)
        row.mass_2 = _log1p(max(_window(total, i, 2) - seen.mass, 0.0))
        row.mass_5 = _log1p(max(_window(total, i, 5) - seen.mass, 0.0))
        row.mass_8_share = min(_window(total, i, 8) / core, 1.0)
        above = min(i - sound, FAR)
        row.gap = above  # units since sound prose, until the second pass
        zone = min(i - opens, FAR) < above
        row.zone, row.zone_inside, row.zone_after = zone, zone and inside, zone and after
        if seen.quality > _SOUND:
            sound = i
        if seen.opens:
            opens = i
    sound = n + FAR
    for i in range(n - 1, -1, -1):
        row, above, below = f[i], np.int64(f[i].gap), min(sound - i, FAR)
        row.between = above <= 3 and below <= 3 and s[i].inside
        row.gap = min(above + below - 1, 12) / 4 if s[i].inside else 0.0
        if s[i].quality > _SOUND:
            sound = i


@kernel
def _window(total: npt.NDArray[np.float64], i: int, reach: int) -> float:
    """The sum over the units at most ``reach`` away, of sums over all units above."""
    return total[min(i + reach + 1, len(total) - 1)] - total[max(i - reach, 0)]  # type: ignore[no-any-return]


@kernel
def _announced(u: Records, s: Records, f: Records, place: Place) -> None:
    """Units that a line like 「内訳は次の通り。」 announces: up to one that belongs to the site."""
    announcing, breaking = -FAR, -FAR
    for i in range(len(u)):
        unit, seen = u[i], s[i]
        announces = (
            unit.words & _ANNOUNCING != 0
            or (unit.words & _TABLE != 0 and seen.size <= HEADING_CHARS and not seen.ends)
            or (unit.last_flags & COLON != 0 and seen.size >= _COLON_MIN_CHARS and seen.hiragana > 0)
        )
        announces = (
            announces
            and place.first - 1 <= i <= place.last + 2
            and seen.size <= _ANNOUNCING_CHARS
            and not seen.opens
        )
        breaks = (
            seen.opens
            or unit.words & (SOCIAL | LEGAL | POLITE) != 0
            or (seen.bullet and seen.size >= _LISTED_CHARS)
        )
        since = min(i - announcing, FAR)
        follows = since <= _ANNOUNCED_UNITS and min(i - breaking, FAR) > since and not breaks
        seen.announced = follows or (announces and not seen.prose)
        f[i].announced_after = seen.announced and i > place.last
        f[i].announced_inside = seen.announced and seen.inside
        if announces:
            announcing = i
        if breaks:
            breaking = i


@kernel
def _blocks(u: Records, s: Records, f: Records) -> None:
    """Runs of list items and their further lines."""
    n = len(u)
    begin = 0
    while begin < n:
        end = begin + 1
        if not u[begin].item:
            begin = end
            continue
        while end < n and u[end].item:
            end += 1
        ends = chars = dated = repeated = overlap = 0.0
        for i in range(begin, end):
            ends += s[i].ends
            chars += f[i].log_chars
            dated += u[i].dated
            repeated += s[i].repeated
            overlap += s[i].overlap
        number = end - begin
        for i in range(begin, end):
            row = f[i]
            row.list_length, row.list_ends_sentence, row.list_log_chars = _log1p(number), ends / number, chars / number
            row.list_dated, row.list_repeated, row.list_overlap = dated / number, repeated / number, overlap / number
            if begin > 0:
                above = f[begin - 1]
                row.list_under_prose, row.list_under_colon = above.quality, above.ends_colon
                row.list_under_heading = above.opens
        begin = end


@kernel
def _talk(u: Records, s: Records, f: Records, pairs: Pairs, place: Place) -> None:
    """What a unit shares with the article and with its title."""
    title = place.title
    table = np.zeros(PAIRS, np.uint8)
    if title >= 0:
        for at in range(u[title].at, u[title].at + u[title].core - 1):
            table[pairs[at]] = 1
    for i in range(len(u)):
        row, overlap, inside = f[i], s[i].overlap, s[i].inside
        row.overlap = overlap
        row.overlap_outside = np.float32(0) if inside else overlap
        row.overlap_inside = overlap if inside else np.float32(0)
        if title >= 0:
            row.title_overlap = shared(u[i], pairs, table, 0)
            row.title_overlap_outside = np.float32(0) if inside else row.title_overlap
            row.is_title, row.above_title, row.below_title = i == title, i < title, title < i < place.first


@kernel
def _markup(unit: Records, seen: Records, row: Records, values: Floats, markup: Floats) -> None:
    """What the markup says; sizes as logarithms, and what counts double inside the container with most prose."""
    for number in range(len(_TAG_COLUMNS)):
        value = markup[_TAG_COLUMNS[number]]
        values[_FIRST_TAG + number] = _log1p(value) if _TAG_IS_SIZE[number] else value
    to_main = markup[_TO_MAIN]
    row.tag_beside_main, row.tag_close_to_main, row.tag_far_from_main = to_main == 1, to_main == 2, to_main >= 4
    linked, main = row.tag_link_share, row.tag_in_main
    off, listed = np.float32(1) - main, unit.item > 0
    row.tag_half_linked, row.tag_all_linked = linked >= _HALF, linked >= _ALL
    row.tag_main_unlinked = main * (np.float32(1) - linked)
    row.tag_main_paragraph = main * row.tag_is_paragraph
    row.tag_main_linked, row.tag_main_list = main * (linked >= _MOSTLY), main * row.tag_near_list
    row.tag_main_heading, row.tag_main_figure = main * row.tag_is_heading, main * row.tag_near_figure
    row.tag_main_teaser = main * max(row.tag_near_word_teaser, row.tag_near_word_extra)
    row.tag_main_table, row.tag_main_inside = main * row.tag_near_table, main * seen.inside
    row.tag_off_main_inside, row.tag_off_main_prose = off * seen.inside, off * seen.prose
    row.tag_linked_inside = linked * seen.inside
    row.tag_linked_list = listed and linked >= _MOSTLY
    row.tag_unlinked_list_inside = listed and linked < _HALF and seen.inside
