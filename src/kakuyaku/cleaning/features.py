"""What the model sees of each unit: the unit itself, its neighbours, and where it stands to the article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.characters import set_of
from kakuyaku.cleaning.layout import HEADING_CHARS, Layout, Scene
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.measures import BIGRAMS
from kakuyaku.cleaning.rules import of_kind
from kakuyaku.cleaning.units import Bools, Units

Floats = npt.NDArray[np.float32]

REACHES = (1, 2, 3, 5, 8, 15, 30)  # units from the article
_ANNOUNCING_CHARS = 200
_COLON_MIN_CHARS = 12  # a shorter line with a colon is a label: 「ジャンル：」
_ANNOUNCED_UNITS = 60
_COLONS, _CUT, _LOUD = set_of("：:"), set_of("…‥"), set_of("！？!?")
_CLOSING, _FULL = set_of('」』）)】”"’'), set_of(".!?")
_MARKED = set_of("【[［（(〈<＜「『《■□◆◇●○★☆▼▽▲△▶►▷※＊*→⇒#＃◎〔")
_SIZES = frozenset(
    {"n_links"}
    | {f"{box}_{what}" for box in ("container", "outer") for what in ("lines", "chars", "stops", "paragraphs")}
)


@dataclass(frozen=True)
class Features:
    """A row for each feature, a column for each unit; and the layout they were measured against."""

    names: tuple[str, ...]
    values: Floats
    layout: Layout


def measure(u: Units, repeated: Bools | None = None) -> Features:
    """The features of every unit of a batch.

    Args:
        u: the batch.
        repeated: units that also stand on other pages of their site.
    """
    return _Columns(u, repeated).features()


class _Columns(Scene):
    """The features of one batch in the making, by name."""

    def features(self) -> Features:
        """All columns."""
        layout = self.layout()
        self.columns: dict[str, npt.NDArray[Any]] = {}
        if self.n:
            self._own()
            self._around()
            self._place(layout)
            self._blocks()
            self._talk(layout)
            if self.u.marked.any():
                self._markup()
        names = tuple(self.columns)
        values = np.empty((len(names), self.n), dtype=np.float32)
        for row, name in enumerate(names):
            values[row] = self.columns[name]
        return Features(names, values, layout)

    def _own(self) -> None:
        u, c, size = self.u, self.columns, self.size
        c["log_chars"] = np.log1p(size)
        c["chars_60"], c["chars_15"], c["chars_30"] = size >= 60, size < 15, (size >= 15) & (size < 30)
        c["bullet"], c["further"] = self.bullet, self.further
        for name, share in self.share.items():
            c[f"share_{name}"] = share
        c["no_hiragana"] = self.share["hiragana"] < 0.1
        c["ends_sentence"] = self.ends
        c["ends_loud"] = _LOUD[u.last_point]
        c["ends_closing"] = _CLOSING[u.last_point]
        c["ends_colon"] = _COLONS[u.last_point]
        c["ends_cut"] = _CUT[u.last_point]
        c["begins_marked"] = _MARKED[u.first_point]
        c["begins_digit"] = (u.first_point >= 0x30) & (u.first_point <= 0x39)
        c["dated"], c["reference"], c["foreign"] = self.dated, self.reference, self.foreign
        c["foreign_sentence"] = self.foreign & _FULL[u.last_point]
        c["new_block"], c["ends_block"] = u.new_block, np.append(u.new_block[1:], True)
        c["repeated"] = self.repeated
        c["log_stops"], c["log_commas"] = np.log1p(self.stops), np.log1p(u.count("commas"))
        c["separators"], c["spaces"] = np.minimum(u.count("separators"), 4), np.minimum(u.count("spaces"), 4)
        c["quotes"] = u.count("quotes") > 0
        for name, there in self.word.items():
            c[f"word_{name}"] = there
        c["prose"], c["quality"], c["opens"] = self.prose, self.quality, self.opens
        c["opens_ranking"] = self.opens & of_kind("ranking")[u.look]
        c["shared_ending"] = self.shared_ending

    def _around(self) -> None:
        c = self.columns
        names = ("bullet", "ends_sentence", "repeated", "word_polite", "word_related", "log_chars", "quality")
        beside = np.array([c[name] for name in names], dtype=np.float32)
        for where, by in (("above", 1), ("below", -1)):
            c.update(zip((f"{name}_{where}" for name in names), self.shift(beside, by), strict=True))
        c["quality_2_above"], c["quality_2_below"] = self.shift(self.quality, 2), self.shift(self.quality, -2)
        groups = ("polite", "account", "legal", "social", "related", "interface", "site")
        near = np.array([*(self.word[name] for name in groups), c["dated"], c["repeated"]], dtype=np.float32)
        sums = self.window(near, 3) - near
        c.update(zip((f"near_{name}" for name in (*groups, "dated", "repeated")), sums, strict=True))

    def _place(self, layout: Layout) -> None:
        u, c, here, size = self.u, self.columns, self.here, self.size
        first, last = layout.first[u.page], layout.last[u.page]
        inside, before, after = (here >= first) & (here <= last), here < first, here > last
        self.inside = inside
        distance = np.where(before, first - here, np.where(after, here - last, 0))
        c["inside"], c["before"], c["after"] = inside, before, after
        near = distance <= np.array(REACHES)[:, None]
        c.update(zip((f"before_{reach}" for reach in REACHES), before & near, strict=True))
        c.update(zip((f"after_{reach}" for reach in REACHES), after & near, strict=True))
        c["prose_near"], c["prose_far"] = self.prose & (distance <= 5), self.prose & (distance > 8)
        sound = self.quality > 0.5
        above, below = self.since(sound), self.until(sound)
        c["between"] = (above <= 3) & (below <= 3) & inside
        c["gap"] = np.where(inside, np.minimum(above + below - 1, 12), 0) / 4
        short = size < HEADING_CHARS
        c["inside_prose"], c["inside_quality"] = inside & self.prose, inside * self.quality
        c["inside_short"] = inside & short & (self.bullet == 0)
        c["inside_bullet"], c["inside_further"] = inside * self.bullet, inside * self.further
        c["inside_new_block"], c["inside_opens"] = inside & u.new_block, inside & self.opens
        c["inside_advert"], c["inside_foreign"] = inside & short & (self.word["advert"] > 0), inside & self.foreign
        c["outside_reference"] = ~inside & self.reference
        core = self.of_page(self.mass * inside)[u.page]
        c["place"] = (here - self.first_here) / (self.stop_here - self.first_here)
        c["other_prose"] = ~inside * self.quality * np.minimum(self.mass / np.maximum(core, 1), 1)
        c["mass_2"] = np.log1p(np.maximum(self.window(self.mass, 2) - self.mass, 0))
        c["mass_5"] = np.log1p(np.maximum(self.window(self.mass, 5) - self.mass, 0))
        c["mass_8_share"] = np.minimum(self.window(self.mass, 8) / np.maximum(core, 1), 1)
        since_heading = self.since(self.opens)
        zone = since_heading < above
        c["zone"], c["zone_inside"], c["zone_after"] = zone, zone & inside, zone & after
        announces = (
            (self.word["announcing"] > 0)
            | ((self.word["table_heading"] > 0) & (size <= HEADING_CHARS) & ~self.ends)
            | (_COLONS[u.last_point] & (size >= _COLON_MIN_CHARS) & (self.share["hiragana"] > 0))
        )
        announces &= (here >= first - 1) & (here <= last + 2) & (size <= _ANNOUNCING_CHARS) & ~self.opens
        breaks = (
            self.opens | (self.word["social"] > 0) | (self.word["legal"] > 0) | (self.word["polite"] > 0)
            | ((self.bullet > 0) & (size >= 25))
        )  # fmt: skip
        announced = self.since(announces)
        follows = (announced <= _ANNOUNCED_UNITS) & (self.since(breaks) > announced) & ~breaks
        layout.announced[:] = follows | (announces & ~self.prose)
        c["announced_after"], c["announced_inside"] = layout.announced & after, layout.announced & inside

    def _blocks(self) -> None:
        """Runs of list items and their further lines, or of other units."""
        u, c = self.u, self.columns
        listed = u.item > 0
        new = np.concatenate(([True], (listed[1:] != listed[:-1]) | (u.page[1:] != u.page[:-1])))
        block = np.cumsum(new) - 1
        number = np.bincount(block)
        begin = np.flatnonzero(new)[block]
        c["list_length"] = np.log1p(number[block]) * listed
        for name in ("ends_sentence", "log_chars", "dated", "repeated"):
            c[f"list_{name}"] = (np.bincount(block, weights=c[name]) / number)[block] * listed
        c["list_overlap"] = (np.bincount(block, weights=self.overlap) / number)[block] * listed
        above = np.maximum(begin - 1, self.first_here)
        headed = listed & (begin > self.first_here)
        c["list_under_prose"] = self.quality[above] * headed
        c["list_under_colon"] = c["ends_colon"][above] & headed
        c["list_under_heading"] = self.opens[above] & headed

    def _talk(self, layout: Layout) -> None:
        """What a unit shares with the article and with its title."""
        u, c, here = self.u, self.columns, self.here
        outside = ~self.inside
        c["overlap"] = self.overlap
        c["overlap_outside"], c["overlap_inside"] = self.overlap * outside, self.overlap * self.inside
        title = layout.title[u.page]
        known = title >= 0
        is_title = known & (title == here)
        table = np.zeros(len(self.page_first) * BIGRAMS, dtype=bool)
        table[self.pair[np.repeat(is_title, self.pair_length)]] = True
        shared = self.per_unit(table[self.pair]) * known
        c["title_overlap"], c["title_overlap_outside"] = shared, shared * outside
        c["is_title"], c["above_title"] = is_title, known & (here < title)
        c["below_title"] = known & (here > title) & (here < layout.first[u.page])

    def _markup(self) -> None:
        """What the markup says; sizes as logarithms, and what counts double inside the container with most prose."""
        c, row = self.columns, dict(zip(LINE_FEATURES, self.u.markup, strict=True))
        for name, values in row.items():
            if name in _SIZES:
                c[f"tag_{name}"] = np.log1p(values)
            elif name == "to_main":
                c["tag_beside_main"], c["tag_close_to_main"], c["tag_far_from_main"] = (
                    values == 1,
                    values == 2,
                    values >= 4,
                )
            elif name != "depth":
                c[f"tag_{name}"] = values
        linked, main = row["link_share"], row["in_main"]
        c["tag_half_linked"], c["tag_all_linked"] = linked >= 0.5, linked >= 0.95
        c["tag_main_unlinked"], c["tag_main_paragraph"] = main * (1 - linked), main * row["is_paragraph"]
        c["tag_main_linked"], c["tag_main_list"] = main * (linked >= 0.8), main * row["near_list"]
        c["tag_main_heading"], c["tag_main_figure"] = main * row["is_heading"], main * row["near_figure"]
        c["tag_main_teaser"] = main * np.maximum(row["near_word_teaser"], row["near_word_extra"])
        c["tag_main_table"], c["tag_main_inside"] = main * row["near_table"], main * self.inside
        c["tag_off_main_inside"], c["tag_off_main_prose"] = (1 - main) * self.inside, (1 - main) * self.prose
        c["tag_linked_inside"] = linked * self.inside
        c["tag_linked_list"] = (self.u.item > 0) * (linked >= 0.8)
        c["tag_unlinked_list_inside"] = (self.u.item > 0) * (linked < 0.5) * self.inside
