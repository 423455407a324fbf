"""Which units of a page are prose, and what else they are by themselves.

Units that end a sentence are prose, with a quality: less where a unit uses the words of shops and sites. All functions
look at one page. ``u`` are its units (UNIT), ``s`` what is found out about them (SCENE). Words are asked for by their
bit in the lexicon.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import CLOSES, CUT, REFERS
from kakuyaku.cleaning.compiled import Records, kernel
from kakuyaku.cleaning.rules import HEADING, PAID, word_groups
from kakuyaku.cleaning.text_lines import Ints

Bools = npt.NDArray[np.bool_]

# What a unit is in its page: shares of characters, prose, whether it repeats on its site, and so on. survey.py adds
# sums over neighbours. And there is room for counting: how many units have the number ``same``, or ``ending``, that is
# this place, or stand ``beside`` it; the run of prose with this number; a sign.
SCENE = np.dtype(
    [
        *((name, "f8") for name in ("mass_above", "run_mass", "run_weight", "total")),
        *((name, "u8") for name in ("signs", "near")),
        *((name, "f4") for name in ("size", "hiragana", "katakana", "kanji", "hangul", "latin", "script")),
        *((name, "f4") for name in ("quality", "mass", "overlap", "log_chars")),
        *((name, "f4") for name in ("list_ends", "list_chars", "list_dated", "list_repeated", "list_overlap")),
        *((name, "i4") for name in ("list", "list_length", "block", "since_sound", "until_sound", "since_opens")),
        *((name, "f4") for name in ("sure", "around", "around_container", "around_outer", "around_block")),
        *((name, "i4") for name in ("n_same", "n_ending", "run_first", "run_last", "beside", "members", "rows_above")),
        ("stops", "u1"),
        *((name, "?") for name in ("bullet", "prose", "row", "ends", "foreign", "reference", "shared_ending", "quiet")),
        *((name, "?") for name in ("repeated", "opens", "parts", "of_site", "inside", "announced", "ended")),
        *((name, "?") for name in ("menu", "cell", "sign")),
    ],
    align=True,
)
WORD = {name: np.uint64(1 << number) for number, name in enumerate(word_groups())}
POLITE, SITE, ACCOUNT, LEGAL = (WORD[name] for name in ("polite", "site", "account", "legal"))
INTERFACE, SOCIAL, REPORT = (WORD[name] for name in ("interface", "social", "report"))

PROSE_MIN_CHARS = 8
LOUD_MIN_CHARS = 40  # a unit that ends in ! or ? without any 。 is prose only from here: titles do that too
SEVERAL_MIN_CHARS = 60  # several sentences are prose from here if a bracket ends them, from twice as much in any case
LISTED_MIN_CHARS = 30  # a sentence behind a bullet is prose from here: titles in lists have no full stop
HEADING_CHARS = 30
CUT_MIN_CHARS = 50  # of a sentence that is cut off; titles that end so are shorter
CUT_MOST = 2  # so many on a page: more are teasers
SHARED_ENDINGS = 3  # so many units with the same end are titles with the name of the site behind them
FOREIGN_LATIN = np.float32(0.6)
HANGUL = np.float32(0.3)
KANA = np.float32(0.1)


@kernel
def find_prose(u: Records, s: Records, of_site: Bools, traits: Ints) -> None:
    """What each unit of a page is by itself, and which are prose. The parameters are those of ``arrange``."""
    letters = latin = 0.0
    for i in range(len(s)):
        s[i].n_same = s[i].n_ending = 0
    for i in range(len(u)):
        unit, seen = u[i], s[i]
        size = seen.size = np.float32(unit.core)
        counted = min(max(size, np.float32(1)), np.float32(255))
        seen.hiragana, seen.katakana = np.float32(unit.hiragana) / counted, np.float32(unit.katakana) / counted
        seen.kanji, seen.hangul = np.float32(unit.kanji) / counted, np.float32(unit.hangul) / counted
        seen.latin = np.float32(unit.latin) / counted
        seen.script = seen.hiragana + seen.katakana + seen.kanji + seen.hangul
        letters += (seen.script + seen.latin) * size
        latin += seen.latin * size
        s[unit.same].n_same += 1
        if unit.ending >= 0:
            s[unit.ending].n_ending += 1
    latin /= max(letters, 1.0)
    whole, cut_off = False, 0
    for i in range(len(u)):
        unit, seen, size = u[i], s[i], s[i].size
        seen.bullet = 0 < unit.item < 3
        seen.foreign = seen.latin > FOREIGN_LATIN and latin < 0.5
        # Where sentences end with a Western full stop: in Korean, and on pages in Latin letters.
        dotted = seen.hangul > HANGUL or (latin >= 0.5 and size >= LOUD_MIN_CHARS)
        noted = (
            unit.last_point == ord("）") and unit.full_stops > 0 and size >= LOUD_MIN_CHARS
        )  # 「…次の通り。（敬称略）」
        seen.ends = unit.ends_sentence or noted or (dotted and unit.last_point == ord("."))
        quotation = unit.last_point == ord("」") and unit.first_point == ord("「")
        several = (seen.hiragana > KANA and unit.last_flags & CUT == 0) and (
            (unit.full_stops >= 2 and size >= SEVERAL_MIN_CHARS and unit.last_flags & CLOSES != 0)
            or (unit.full_stops >= 3 and size >= 2 * SEVERAL_MIN_CHARS)
        )
        full = unit.full_stops > 0 or quotation or (dotted and unit.dots > 0)
        seen.stops = unit.dots if dotted else unit.stops
        seen.reference = unit.first_flags & REFERS != 0
        seen.shared_ending = (
            unit.ending >= 0 and s[unit.ending].n_ending >= SHARED_ENDINGS and not (dotted and seen.ends)
        )
        seen.of_site = len(of_site) > 0 and of_site[unit.index]
        seen.prose = (
            (seen.ends or several)
            and size >= PROSE_MIN_CHARS
            and (
                unit.item == 0
                or (unit.item == 3 and size >= LOUD_MIN_CHARS)
                or (unit.item == 1 and size >= LISTED_MIN_CHARS and unit.full_stops > 0)
            )
            and (full or size >= LOUD_MIN_CHARS)
            and not ((seen.reference and not several) or seen.foreign or seen.shared_ending or seen.of_site)
        )
        whole |= seen.prose
        cut_off += _is_cut_off(unit, seen)
        seen.repeated = s[unit.same].n_same > 1
    for i in range(len(u)):
        unit, seen, size = u[i], s[i], s[i].size
        if not whole and cut_off <= CUT_MOST:
            seen.prose = _is_cut_off(unit, seen)
        words = unit.words
        noise = _one(words & POLITE) + _one(words & LEGAL) + _one(words & SITE)
        noise += 0.7 * _one(words & ACCOUNT) + 0.5 * _one(words & INTERFACE) + 0.5 * _one(words & SOCIAL)
        seen.quiet = noise == 0
        quality = 1.0 if noise == 0 else 0.6 if noise < 1 else 0.3 if noise < 2 else 0.1
        quality *= 0.3 if seen.repeated else 1.0
        quality *= 1.3 if words & REPORT else 1.0
        seen.quality = np.float32(quality) if seen.prose else np.float32(0)
        seen.mass = seen.quality * size
        seen.opens = (
            traits[unit.look] & HEADING != 0 and size <= HEADING_CHARS and unit.full_stops == 0 and not seen.bullet
        )
        seen.parts = seen.opens and traits[unit.look] & PAID == 0  # advertisements stand among paragraphs


@kernel
def _is_cut_off(unit: Records, seen: Records) -> bool:
    """Whether a unit may be the beginning of an article, of which a page with no whole sentence shows no more."""
    cut = unit.last_flags & CUT != 0 and seen.size >= CUT_MIN_CHARS and seen.hiragana > KANA and unit.item == 0
    return cut and not (seen.foreign or seen.shared_ending or seen.of_site)


@kernel
def _one(found: np.uint64) -> float:
    return 1.0 if found else 0.0
