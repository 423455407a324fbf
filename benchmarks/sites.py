"""What site repetition brings, on whole sites that the project invented.

    python -m benchmarks.sites [--sites 40] [--seed 1]

**The pages are invented.** They hold what sites repeat, and what they change from page to page, as far as we know it:
menus, tickers, counters and weather lines with other figures on each page, rankings that drift, related articles, which
are titles of the site's own pages, advertisements drawn from a few, notes to subscribers, portraits of the staff, notes
below a column. And they hold content that repeats for a reason: the opening sentence of a daily column, the
introduction to a series, a refrain, the headings of a fixed form, bulletins that differ in their figures alone.

Their wordings were chosen so that no word by which the cleaner tells boilerplate (``cleaning/words.toml``) stands in
them, which a test holds: from its text alone such a line is harder to tell than a real one. So the figures compare the
cleaner with itself, with site repetition and without; they are not those of real sites.

Four templates: newspaper, television station, agency, blog. Each site draws its own manner of them. Printed are the
scores for 3, 5 and 20 pages a site, one site after the other and all mixed; and, by kind of line, how many are kept.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmarks.console import run_main
from benchmarks.corpus import BULLET, Writer
from benchmarks.scoring import LabelledPage, Line, kept_by_spans, score
from kakuyaku.cleaning import Page, clean_many

PAGES_A_SITE = (3, 5, 20)
POOL = 200  # pages that a site has: what its lists name
KEPT = frozenset(("body", "heading", "fixed heading", "opening", "introduction", "refrain", "bulletin", "list"))
UNSCORED = frozenset(("title", "date", "author", "caption"))
LISTED = frozenset(("menu", "ranking", "neighbour", "list date", "legend"))

TAGLINES = (
    "{site}は夜明けの港から町の声を届けて五十年になる。",
    "{site}は三つの県で一番早く朝の便りを運ぶ。",
    "{site}は海と山のあいだの暮らしを見つめ続ける。",
)
COUNTERS = ("全{n}字・およそ{m}分", "本日{n}人が目を通しました", "{n}人が心を寄せています", "{m}分ほどの長さ")
WEATHER = ("北港の空 晴れのち曇り 最高{m}度 風速{k}メートル", "きょうの潮 満潮{k}時{m}分 干潮{m}時{k}分")
WALLS = (
    "ここから先の{n}字は契約した方に向けた頁です。",
    "残る{n}字は手続きのあとで開きます。",
    "この先は友の会の方だけがめくれます（あと{n}字）。",
)
SPOTS = (
    "{noun}の{noun}なら{kana}堂、いまなら二本目が半額です。",
    "肌ざわりが続く{kana}、ためした人の九割が喜びました。",
    "ひざの痛みに悩んでいませんか、{kana}がすぐ効きます。",
    "家を売る前に三社の値を比べましょう、{kana}不動産。",
)
COLUMN_OPENINGS = (
    "毎朝、港のベンチに座って海をながめながら町の一日を考える。",
    "机の上の地球儀を回し、指が止まった国の話から始めるのが習わしだ。",
)
COLUMN_ENDS = (
    "この欄は平日の朝に載せています。",
    "次は{m}日の朝に載せる予定です。",
    "お便りは{site}の{noun}係へどうぞ。",
)
INTRODUCTIONS = (
    "海峡の町から若者が消えていく。残った人々は何を守り、何を手放すのか。現地を歩いた。",
    "戦火を逃れた家族が遠い島で店を開いた。その十年の歩みを五回に分けてたどる。",
)
REFRAINS = ("「波よ帰れ、友よ帰れ」と歌はくり返す。", "「ここにいる、まだここにいる」と老人はまたつぶやいた。")
FIXED_HEADINGS = ("これまでの歩み", "何が争点か", "この先の見通し", "現場の声")
BULLETINS = (
    "{place}の最高気温は{m}度だった。",
    "{place}では午前{k}時までの一日に{n}ミリの雨が降った。",
    "{place}の魚市場では{n}トンが水揚げされた。",
)
PORTRAITS = (
    "{name} 一九{m}年北港うまれ。漁村の暮らしを追い続け、夜は天体をながめる。",
    "{name} 海運と造船を受け持つ。趣味は山歩きと古い地図集め。",
)
BOX_TITLES = ("ほかの人はこれも開いた", "きのう一番めくられた頁", "編み手のいちおし", "近い出来事", "この町のほかの話")
LAST_WORDS = (
    "{site}に載った文と絵をことわりなく使うことはできません。",
    "{site}の文責はすべて{site}本社にあります。",
    "文字の大きさは画面の右上で変えられます。",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line and its kind."""

    kind: str
    text: str


@dataclass(frozen=True)
class Site:
    """What the pages of one site share. ``manner`` draws the template and all of its choices."""

    name: str
    seed: int

    def writer(self, part: object) -> Writer:
        return Writer(f"{self.seed}/{self.name}/{part}")

    @cached_property
    def template(self) -> str:
        return self.writer("template").rng.choice(("newspaper", "television", "agency", "blog"))

    @cached_property
    def title(self) -> str:
        ends = {"newspaper": "新報", "television": "放映", "agency": "通信", "blog": "の浜辺"}
        return self.writer("title").katakana(4) + ends[self.template]

    @cached_property
    def dated_lists(self) -> bool:
        return self.writer("dates").rng.random() < 0.4

    @cached_property
    def titles(self) -> list[str]:
        """Of all pages of the site."""
        writer = self.writer("titles")
        return [writer.title() for _ in range(POOL)]

    @cached_property
    def shared(self) -> Mapping[str, list[str]]:
        """Lines by what they are for; where a page shows one of several, it draws one of these."""
        writer = self.writer("shared")
        rng = writer.rng

        def some(wordings: Sequence[str], count: int) -> list[str]:
            return [self.fill(wording, writer) for wording in rng.sample(wordings, min(count, len(wordings)))]

        staff = [writer.kanji(2) + writer.kanji(2) for _ in range(6)]
        return {
            "tagline": some(TAGLINES, 1),
            "menu": [writer.noun() for _ in range(rng.randint(15, 45))],
            "section": [writer.noun() for _ in range(5)],
            "staff": staff,
            "portrait": [self.fill(rng.choice(PORTRAITS), writer, name=name) for name in staff],
            "spot": [self.fill(rng.choice(SPOTS), writer) for _ in range(6)],
            "opening": some(COLUMN_OPENINGS, 1),
            "introduction": some(INTRODUCTIONS, 1),
            "refrain": some(REFRAINS, 1),
            "fixed heading": some(FIXED_HEADINGS, 2),
            "box": some(BOX_TITLES, 3),
            "last": [self.fill(wording, writer) for wording in LAST_WORDS],
            "legend": [writer.noun() for _ in range(rng.randint(8, 25))],
            "place": [writer.kanji(2) for _ in range(4)],
            "counter": rng.sample(COUNTERS, 2),
            "weather": rng.sample(WEATHER, 1),
            "wall": rng.sample(WALLS, 1),
            "column end": [end.replace("{noun}", writer.noun()) for end in rng.sample(COLUMN_ENDS, 2)],
            "bulletin": rng.sample(BULLETINS, 3),
        }

    def fill(self, wording: str, writer: Writer, **given: str) -> str:
        """A wording with names, and with figures that are another each time."""
        rng = writer.rng
        values = {
            "site": self.title, "noun": writer.noun(), "kana": writer.katakana(4), "name": "", "place": "",
            "n": f"{rng.randint(100, 9999):,}", "m": str(rng.randint(11, 59)), "k": str(rng.randint(1, 10)),
        }  # fmt: skip
        return wording.format(**{**values, **given})

    def pages(self, count: int) -> Iterator[LabelledPage]:
        """The site's first pages, with their labels."""
        for number in range(count):
            rows = list(_rows(self, number))
            text, lines = _dump(rows, bullets=self.writer("bullets").rng.random() < 0.6)
            yield LabelledPage(f"{self.name}-{number}", self.name, "ja", self.template, text, None, lines)

    def kinds(self, number: int) -> list[str]:
        """The kind of each line of a page."""
        return [row.kind for row in _rows(self, number)]


def _rows(site: Site, number: int) -> Iterator[Row]:
    writer = site.writer(number)
    yield from _head(site, writer)
    yield Row("title", site.titles[number])
    yield from _article(site, writer)
    yield from _boxes(site, number, writer)
    yield from (Row("legend", line) for line in site.shared["legend"])
    yield from (Row("last", line) for line in site.shared["last"])
    yield Row("last", f"2030 {site.title}")


def _head(site: Site, writer: Writer) -> Iterator[Row]:
    shared, rng = site.shared, writer.rng
    yield Row("name", site.title)
    yield from (Row("tagline", line) for line in shared["tagline"])
    yield from (Row("menu", line) for line in shared["menu"])
    if site.template in ("newspaper", "television"):
        yield Row("weather", site.fill(shared["weather"][0], writer))
        yield Row("ticker", f"{writer.clock()} {rng.choice(site.titles[:20])}")
    yield Row("path", f"{site.title} ＞ {rng.choice(shared['section'])}")


def _article(site: Site, writer: Writer) -> Iterator[Row]:
    shared, rng = site.shared, writer.rng
    form = rng.choices(("report", "column", "series", "bulletin", "dossier"), weights=_FORMS[site.template])[0]
    staff = rng.randrange(len(shared["staff"]))
    yield Row("date", writer.date())
    if site.template != "agency":
        yield Row("author", shared["staff"][staff])
    yield from (Row("counter", site.fill(line, writer)) for line in shared["counter"])
    if form in ("column", "series"):
        kind = "opening" if form == "column" else "introduction"
        yield from (Row(kind, line) for line in shared[kind])
    headings = iter(shared["fixed heading"] if form == "dossier" else [])
    for section in range(3 if form == "dossier" else rng.randint(1, 3)):
        if section:
            fixed = next(headings, None)
            yield Row("fixed heading", fixed) if fixed else Row("heading", f"{writer.noun()}の{writer.noun()}")
        yield from _section(site, writer, form, first=section == 0)
    if site.template == "newspaper" and rng.random() < 0.6:
        yield Row("wall", site.fill(shared["wall"][0], writer))
    if form == "column":
        yield from (Row("column end", site.fill(line, writer)) for line in shared["column end"])
    if site.template in ("newspaper", "blog"):
        yield Row("portrait", shared["portrait"][staff])


def _section(site: Site, writer: Writer, form: str, *, first: bool) -> Iterator[Row]:
    shared, rng = site.shared, writer.rng
    for paragraph in range(rng.randint(2, 4)):
        yield Row("body", writer.paragraph())
        if paragraph == 0 and first and rng.random() < 0.6:
            yield Row("caption", f"{writer.clause()}={rng.randint(1, 31)}日、{writer.kanji(2)}")
        if form == "bulletin":
            wording = shared["bulletin"][paragraph % 3]
            yield Row("bulletin", site.fill(wording, writer, place=rng.choice(shared["place"])))
        if form == "series" and paragraph == 1 and rng.random() < 0.5:
            yield from (Row("refrain", line) for line in shared["refrain"])
    if first and site.template in ("newspaper", "blog") and rng.random() < 0.5:
        yield Row("spot", rng.choice(shared["spot"]))
        yield Row("body", writer.paragraph())


_FORMS = {  # report, column, series, bulletin, dossier
    "newspaper": (6, 2, 2, 0, 2),
    "television": (7, 0, 1, 2, 2),
    "agency": (5, 0, 0, 5, 1),
    "blog": (3, 6, 2, 0, 0),
}


def _boxes(site: Site, number: int, writer: Writer) -> Iterator[Row]:
    shared, rng = site.shared, writer.rng
    for box, heading in enumerate(shared["box"]):
        yield Row("box", heading)
        if box == 0:  # a ranking: of ten, one or two are others on the next page, and some change places
            first = number // 2
            order = sorted(range(10), key=lambda place: place + rng.uniform(0, 2))
            for place, index in enumerate(order, 1):
                yield Row("ranking", f"{place} {site.titles[(first + index) % POOL]}")
        elif box == 1:
            for title in rng.sample(site.titles[:40], 5):
                yield Row("neighbour", title)
                if site.dated_lists:
                    yield Row("list date", f"2030年{rng.randint(1, 12)}月{rng.randint(1, 28)}日")
        else:
            yield from (Row("neighbour", f"{writer.title()}（{rng.randint(1, 28)}日）") for _ in range(5))
        yield Row("spot", rng.choice(shared["spot"]))


def _dump(rows: Iterable[Row], *, bullets: bool) -> tuple[str, tuple[Line, ...]]:
    """The naive dump of a page; lists stand behind bullets or, where a site builds them otherwise, do not."""
    shown: list[str] = []
    labels: list[Line] = []
    for row in rows:
        text = BULLET + row.text if bullets and row.kind in LISTED else row.text
        labels.append(Line(len(shown), text, row.kind in KEPT, row.kind not in UNSCORED))
        shown += [text] if row.kind in LISTED else [text, ""]
    return "\n".join(shown), tuple(labels)


def verdicts(pages: Sequence[LabelledPage], *, repetition: bool) -> dict[str, list[bool]]:
    """The cleaner's verdict on every line of every page."""
    given = [Page(page.id, text=page.text, site=page.site) for page in pages]
    articles = clean_many(given, site_repetition=repetition)
    return {
        page.id: kept_by_spans(page, [(s.start, s.end) for s in article.segments if s.keep])
        for page, article in zip(pages, articles, strict=True)
    }


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=40, help="how many sites (40)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other sites (1)")
    options = parser.parse_args()
    sites = [Site(f"site{number}", options.seed) for number in range(options.sites)]
    print("Invented pages.\n\n| pages a site | site repetition | line F1 | micro | macro | lowest page |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    kept: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for count in PAGES_A_SITE:
        pages = [page for site in sites for page in site.pages(count)]
        mixed = random.Random(options.seed).sample(pages, len(pages))
        runs = {
            (str(count), "without"): verdicts(pages, repetition=False),
            (str(count), "with"): verdicts(pages, repetition=True),
            (f"{count}, mixed", "with"): verdicts(mixed, repetition=True),
        }
        for (name, used), found in runs.items():
            s = score(pages, found)
            lowest = min(s.by_page.values())
            print(f"| {name} | {used} | {s.line_f1:.3f} | {s.char_micro:.3f} | {s.char_macro:.3f} | {lowest:.3f} |")
            for site in sites:
                for number in range(count):
                    for kind, verdict in zip(site.kinds(number), found[f"{site.name}-{number}"], strict=True):
                        kept[kind][f"{name} {used}"].append(verdict)
    columns = list(dict.fromkeys(column for by_run in kept.values() for column in by_run))
    columns = [column for column in columns if "mixed" not in column]
    print("\nKept of the lines of each kind, %:\n\n| kind | belongs to the article | " + " | ".join(columns) + " |")
    print("| --- | --- |" + " ---: |" * len(columns))
    for kind, by_run in sorted(kept.items(), key=lambda item: (item[0] not in KEPT, item[0])):
        belongs = "yes" if kind in KEPT else "not scored" if kind in UNSCORED else "no"
        shares = (100 * sum(by_run[column]) / max(1, len(by_run[column])) for column in columns)
        print(f"| {kind} | {belongs} | {' | '.join(f'{share:.0f}' for share in shares)} |")


if __name__ == "__main__":
    run_main(main)
