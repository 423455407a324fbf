"""What the model sees of each unit: the unit itself, its neighbours, and where it stands to the article.

All functions look at one page. ``u`` are its units (UNIT), ``s`` what was found out about them (SCENE), ``f`` their
features (FEATURE); a feature that is not set is 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import CLOSES, COLON, CUT, FULL, LOUD, OPENS
from kakuyaku.cleaning.compiled import Records, kernel
from kakuyaku.cleaning.layout import Place
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.prose import HEADING_CHARS, POLITE, WORD
from kakuyaku.cleaning.rules import RANKED, word_groups
from kakuyaku.cleaning.surroundings import SURROUNDINGS
from kakuyaku.cleaning.survey import NEAR_COUNTS, SIGN_BITS, log, log1p
from kakuyaku.cleaning.text_lines import Ints

Floats = npt.NDArray[np.float32]

REACHES = (1, 2, 3, 5, 8, 15, 30)  # units from the article
_ROWS_WITHIN = 4  # units
_BLOCK_UNITS = 7  # lines one below the other: a table
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
    *(f"near_{name}" for name in NEAR_COUNTS),
    *("inside", "before", "after"),
    *(f"before_{reach}" for reach in REACHES),
    *(f"after_{reach}" for reach in REACHES),
    *("prose_near", "prose_far", "between", "gap", "inside_prose", "inside_quality", "inside_short", "inside_bullet"),
    *("inside_further", "inside_new_block", "inside_opens", "inside_advert", "inside_foreign", "outside_reference"),
    *("place", "other_prose", "mass_2", "mass_5", "mass_8_share", "zone", "zone_inside", "zone_after"),
    *("announced_after", "announced_inside"),
    # below the article: does nothing that ends articles stand between
    *("unended", "unended_short", "unended_list", "ended_prose", "unended_close", "unended_block", "inside_block"),
    # rows of figures: results, prices, tables
    *("share_digits", "row", "rows_near", "rows_inside", "rows_unended", "rows_ended", "row_unended"),
    *("list_length", "list_ends_sentence", "list_log_chars", "list_dated", "list_repeated", "list_overlap"),
    *("list_under_prose", "list_under_colon", "list_under_heading"),
    *("overlap", "overlap_outside", "overlap_inside", "title_overlap", "title_overlap_outside"),
    *("is_title", "above_title", "below_title"),
)
_SIZES = frozenset(
    {"n_links"}
    | {f"{box}_{what}" for box in ("container", "outer") for what in ("lines", "chars", "stops", "paragraphs")}
)
_TAGS = tuple(name for name in LINE_FEATURES if name not in ("depth", "to_main", "container", "outer"))
_MARKUP_FEATURES = (
    *(f"tag_{name}" for name in _TAGS),
    *("tag_beside_main", "tag_close_to_main", "tag_far_from_main", "tag_half_linked", "tag_all_linked"),
    *("tag_main_unlinked", "tag_main_paragraph", "tag_main_linked", "tag_main_list", "tag_main_heading"),
    *("tag_main_figure", "tag_main_teaser", "tag_main_table", "tag_main_inside", "tag_off_main_inside"),
    *("tag_off_main_prose", "tag_linked_inside", "tag_linked_list", "tag_unlinked_list_inside"),
    *("tag_main_unended", "tag_main_unended_table", "tag_main_address"),
    *SURROUNDINGS,
)
FEATURES = (*_TEXT_FEATURES, *_MARKUP_FEATURES)
N_TEXT_FEATURES = len(_TEXT_FEATURES)
FEATURE = np.dtype([(name, "f4") for name in FEATURES])

_FIRST_WORD = FEATURES.index("word_" + next(iter(word_groups())))
_N_WORDS = len(word_groups())
_FIRST_NEAR = FEATURES.index(f"near_{NEAR_COUNTS[0]}")
_N_NEAR = len(NEAR_COUNTS)
_FIRST_BEFORE, _FIRST_AFTER = FEATURES.index(f"before_{REACHES[0]}"), FEATURES.index(f"after_{REACHES[0]}")
_FIRST_TAG = FEATURES.index(f"tag_{_TAGS[0]}")
_TAG_COLUMNS = np.array([LINE_FEATURES.index(name) for name in _TAGS])
_TAG_IS_SIZE = np.array([name in _SIZES for name in _TAGS])
_TO_MAIN = LINE_FEATURES.index("to_main")
_ANY_WORD = np.uint64((1 << _N_WORDS) - 1)
_RELATED, _ADVERT, _ADDRESS = (WORD[name] for name in ("related", "advert", "address"))
_KANA = np.float32(0.1)
_HALF, _ALL, _MOSTLY = np.float32(0.5), np.float32(0.95), np.float32(0.8)  # linked


@kernel
def describe(
    u: Records, s: Records, i: int, place: Place, mass: float, traits: Ints, row: Records, values: Floats
) -> None:
    """The features of one unit of a page without what the markup says.

    Args:
        u, s, i: the units, their scene as :func:`~kakuyaku.cleaning.survey.survey` leaves it, and which of them.
        place: where the article is.
        mass: of the article.
        traits: of the rules.
        row, values: filled; the same memory as a record and as numbers. All 0 before.
    """
    _describe_itself(u, s[i], i, traits, row, values)
    _describe_neighbours(u, s, i, row, values)
    _describe_place(u, s, i, place, mass, row, values)


@kernel
def _describe_itself(u: Records, seen: Records, i: int, traits: Ints, row: Records, values: Floats) -> None:
    unit, size = u[i], seen.size
    row.log_chars = seen.log_chars
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
    row.log_stops, row.log_commas = log(seen.stops), log(unit.commas)
    row.separators, row.spaces, row.quotes = min(unit.separators, 4), min(unit.spaces, 4), unit.quotes > 0
    if unit.words & _ANY_WORD:
        for word in range(_N_WORDS):
            values[_FIRST_WORD + word] = np.int32(unit.words >> np.uint64(word) & np.uint64(1))
    row.share_digits, row.row = np.float32(unit.digits) / min(max(size, np.float32(1)), np.float32(255)), seen.row
    row.prose, row.quality, row.opens = seen.prose, seen.quality, seen.opens
    row.opens_ranking = seen.opens and traits[unit.look] & RANKED != 0
    row.shared_ending = seen.shared_ending


@kernel
def _describe_neighbours(u: Records, s: Records, i: int, row: Records, values: Floats) -> None:
    """What stands right above and below, and words within three units."""
    if i > 0:
        unit, seen = u[i - 1], s[i - 1]
        row.bullet_above, row.ends_sentence_above, row.repeated_above = seen.bullet, seen.ends, seen.repeated
        row.word_polite_above, row.word_related_above = unit.words & POLITE != 0, unit.words & _RELATED != 0
        row.log_chars_above, row.quality_above = seen.log_chars, seen.quality
    if i > 1:
        row.quality_2_above = s[i - 2].quality
    if i + 1 < len(u):
        unit, seen = u[i + 1], s[i + 1]
        row.bullet_below, row.ends_sentence_below, row.repeated_below = seen.bullet, seen.ends, seen.repeated
        row.word_polite_below, row.word_related_below = unit.words & POLITE != 0, unit.words & _RELATED != 0
        row.log_chars_below, row.quality_below = seen.log_chars, seen.quality
    if i + 2 < len(u):
        row.quality_2_below = s[i + 2].quality
    if s[i].near:
        for group in range(_N_NEAR):
            count = s[i].near >> np.uint64(SIGN_BITS * group) & np.uint64((1 << SIGN_BITS) - 1)
            values[_FIRST_NEAR + group] = np.int32(count)
    if s[i].list >= 0:
        first = s[s[i].list]
        row.list_length, row.list_ends_sentence, row.list_log_chars = (
            log(first.list_length), first.list_ends, first.list_chars,
        )  # fmt: skip
        row.list_dated, row.list_repeated, row.list_overlap = (
            first.list_dated, first.list_repeated, first.list_overlap,
        )  # fmt: skip
        if s[i].list > 0:
            above = s[i].list - 1
            row.list_under_prose, row.list_under_heading = s[above].quality, s[above].opens
            row.list_under_colon = u[above].last_flags & COLON != 0


@kernel
def _describe_place(u: Records, s: Records, i: int, place: Place, mass: float, row: Records, values: Floats) -> None:
    """Where the unit stands to the article, and what it shares with it."""
    unit, seen = u[i], s[i]
    inside, before, after = seen.inside, i < place.first, i > place.last
    distance = place.first - i if before else i - place.last if after else 0
    row.inside, row.before, row.after = inside, before, after
    for number in range(len(REACHES)):
        if not inside and distance <= REACHES[number]:
            values[_FIRST_BEFORE + number], values[_FIRST_AFTER + number] = before, after
    row.prose_near, row.prose_far = seen.prose and distance <= 5, seen.prose and distance > 8
    zone = seen.since_opens < seen.since_sound
    near = row.rows_near = np.float32(_rows_within(s, len(u), i, _ROWS_WITHIN) - seen.row) / (2 * _ROWS_WITHIN)
    if inside:
        row.rows_inside = near
        short = seen.size < HEADING_CHARS
        row.inside_prose, row.inside_quality = seen.prose, seen.quality
        row.inside_short, row.inside_bullet, row.inside_further = short and not seen.bullet, seen.bullet, unit.item == 3
        row.inside_new_block, row.inside_opens = unit.new_block, seen.opens
        row.inside_advert, row.inside_foreign = short and unit.words & _ADVERT != 0, seen.foreign
        row.inside_block = seen.block >= _BLOCK_UNITS and unit.item == 0 and short
        row.between = seen.since_sound <= 3 and seen.until_sound <= 3
        row.gap = min(seen.since_sound + seen.until_sound - 1, 12) / 4
        row.overlap_inside, row.zone_inside, row.announced_inside = seen.overlap, zone, seen.announced
    else:
        row.outside_reference = seen.reference
        if after:
            row.rows_ended, row.rows_unended = near * seen.ended, near * (not seen.ended)
            row.row_unended = seen.row and not seen.ended
            row.unended, row.ended_prose = not seen.ended, seen.ended and seen.prose
            row.unended_short = not seen.ended and seen.size < HEADING_CHARS
            row.unended_list = not seen.ended and unit.item > 0
            row.unended_block = not seen.ended and seen.block >= _BLOCK_UNITS and unit.item == 0
            row.unended_close = not seen.ended and not unit.new_block and distance <= 1
        row.other_prose = seen.quality * min(seen.mass / mass, 1.0)
        row.overlap_outside = seen.overlap
    row.place = i / len(u)
    row.mass_2 = log1p(max(_mass_within(s, len(u), i, 2) - seen.mass, 0.0))
    row.mass_5 = log1p(max(_mass_within(s, len(u), i, 5) - seen.mass, 0.0))
    row.mass_8_share = min(_mass_within(s, len(u), i, 8) / mass, 1.0)
    row.zone, row.zone_after, row.announced_after = zone, zone and after, seen.announced and after
    row.overlap = seen.overlap
    if place.title >= 0:
        row.is_title, row.above_title = i == place.title, i < place.title
        row.below_title = place.title < i < place.first


@kernel
def _mass_within(s: Records, n: int, i: int, reach: int) -> float:
    """The mass of the units at most ``reach`` away."""
    last = s[min(i + reach, n - 1)]
    return last.mass_above + last.mass - s[max(i - reach, 0)].mass_above  # type: ignore[no-any-return]


@kernel
def _rows_within(s: Records, n: int, i: int, reach: int) -> int:
    """How many units at most ``reach`` away hold figures."""
    last = s[min(i + reach, n - 1)]
    return last.rows_above + last.row - s[max(i - reach, 0)].rows_above  # type: ignore[no-any-return]


@kernel
def describe_markup(unit: Records, seen: Records, markup: Floats, row: Records, values: Floats) -> None:
    """What the markup says; sizes as logarithms, and what counts double inside the container with most prose."""
    for number in range(len(_TAG_COLUMNS)):
        value = markup[_TAG_COLUMNS[number]]
        values[_FIRST_TAG + number] = log1p(value) if _TAG_IS_SIZE[number] else value
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
    row.tag_main_unended = main * row.unended * (np.float32(1) - linked)
    row.tag_main_address = main * (unit.words & _ADDRESS != 0)
    row.tag_main_unended_table = row.tag_main_unended * row.tag_near_table
    row.tag_unlinked_list_inside = listed and linked < _HALF and seen.inside
