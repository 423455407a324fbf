"""Invented Japanese news pages for measuring: shaped like real ones, each as a text dump, as HTML, and with labels.

Shape, after the medians of real pages: 220 lines, 6 % of them article; 10 characters in a line of navigation, 60 to 180
in a paragraph; 70 kB of HTML, 800 elements and as many texts, a quarter of the elements links.

Words are drawn from the 2,965 kanji of JIS level 1 and from kana, so that no two titles or sentences are alike: text
that repeats flatters every cache, and a small alphabet hides where regex engines fall back. Menus and footers repeat on
the pages of a site, as they do in life.

The same seed gives the same pages.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate

from benchmarks.scoring import LabelledPage, Line

PAGES_PER_SITE = 20
BULLET = "  • "


def _words(table: str) -> list[str]:
    return table.split()


_KANJI = [bytes((0xA0 + row, 0xA0 + cell)).decode("euc_jp", "ignore") for row in range(16, 48) for cell in range(1, 95)]
_KANJI = [kanji for kanji in _KANJI if kanji]  # the last row is not full
_KATAKANA = list(
    "アイウエオカキクケコサシスセソタチツテトナニネノハヒフヘホマミムメモヤユヨラリルレロワガギグ"
    "ゲゴザジズダデドバビブベボパピプポー"
)
_PARTICLES = ["を", "に", "で", "と", "から", "へ", "まで", "について", "をめぐり", "に対し", "によって", "のため"]
_ENDS = _words(
    """
    した する している すると述べた したと語った する方針だ するという される されている される見通しだ しました
    しています しなければならない することを決めた するかが焦点となる したことが分かった するよう求めた
    """
)
_JOINTS = _words("し、 しており、 するため、 したが、 すれば、 しながら、 したうえで、 するのに対し、")
_OPENINGS = _words("一方、 また、 さらに、 しかし、 同日、 これに先立ち、 関係者によると、")
_MENU = _words(
    """
    ホーム 国内 国際 政治 経済 社会 地域 文化 科学 天気 生活 医療 教育 意見 写真 動画 特集 連載 音楽 映画 囲碁 将棋 料理
    旅行 検索 ログイン 会員登録 お知らせ ヘルプ 設定 購読案内 新着 速報
    """
)
_FOOTER = _words(
    """
    会社案内 採用情報 広告掲載 利用規約 個人情報の取り扱い お問い合わせ 著作権について サイトマップ よくある質問
    関連会社 記事の使用について 電子版のご案内 編集方針 訂正とおわび
    """
)
_ZONES = _words(
    """
    関連記事 関連ニュース あわせて読みたい アクセスランキング おすすめ 最新記事 注目の特集 編集部のおすすめ 新着動画
    """
)
_BLURBS = _words(
    """
    を無料でお届けします。会員登録はこちらから。
    のご購読はお近くの販売店へお申し込みください。
    の記事は会員限定です。ログインしてご覧ください。
    """
)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines of one kind.

    ``kind``: title, byline, caption, heading, body, list (of the article), menu, zone (a heading over links), note.
    """

    kind: str
    lines: tuple[str, ...]

    @property
    def keep(self) -> bool:
        return self.kind in ("heading", "body", "list")

    @property
    def scored(self) -> bool:
        return self.kind not in ("title", "byline", "caption")


class Writer:
    """Writes Japanese of the right shape and no meaning."""

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)

    def kanji(self, count: int) -> str:
        return "".join(self.rng.choices(_KANJI, cum_weights=_kanji_weights(), k=count))

    def katakana(self, count: int) -> str:
        return "".join(self.rng.choices(_KATAKANA, k=count))

    def noun(self) -> str:
        dice = self.rng.random()
        if dice < 0.6:
            return self.kanji(2)
        if dice < 0.75:
            return self.kanji(self.rng.randint(3, 5))
        if dice < 0.9:
            return self.katakana(self.rng.randint(3, 7))
        return f"{self.kanji(2)}の{self.kanji(2)}"

    def clause(self) -> str:
        pick = self.rng.choice
        inner = "".join(self.noun() + pick(_PARTICLES) for _ in range(self.rng.randint(1, 3)))
        return f"{self.noun()}{pick('はがも')}{inner}{self.kanji(2)}"

    def sentence(self) -> str:
        rng = self.rng
        dice = rng.random()
        opening = rng.choice(_OPENINGS) if dice < 0.2 else f"{rng.randint(1, 31)}日、" if dice < 0.3 else ""
        joint = self.clause() + rng.choice(_JOINTS) if rng.random() < 0.6 else ""
        whole = f"{opening}{joint}{self.clause()}{rng.choice(_ENDS)}"
        return f"「{whole}」と{self.kanji(2)}氏は話す。" if dice > 0.88 else f"{whole}。"

    def paragraph(self) -> str:
        return "".join(self.sentence() for _ in range(self.rng.randint(1, 4)))

    def title(self) -> str:
        first, second = self.noun() + self.noun(), self.noun() + self.rng.choice(_PARTICLES) + self.noun()
        return f"{first}、{second} {self.kanji(2)}が{self.kanji(3)}"

    def teaser(self) -> str:
        """A line of a list of links: a title, sometimes cut short, dated or marked."""
        dice = self.rng.random()
        if dice < 0.2:
            return self.clause()[: self.rng.randint(8, 18)] + "…"
        if dice < 0.3:
            return f"{self.title()} ({self.rng.randint(1, 12)}/{self.rng.randint(1, 28)} {self.clock()})"
        return f"【{self.noun()}】{self.title()}" if dice < 0.4 else self.title() if dice < 0.8 else self.noun()

    def clock(self) -> str:
        return f"{self.rng.randint(0, 23)}:{self.rng.randint(0, 59):02}"

    def date(self) -> str:
        return f"2030年{self.rng.randint(1, 12)}月{self.rng.randint(1, 28)}日 {self.clock()}"


@cache
def _kanji_weights() -> list[float]:
    """Cumulated; falling with the rank in a shuffled order, as frequencies of kanji do."""
    ranks = random.Random(0).sample(range(len(_KANJI)), len(_KANJI))
    return list(accumulate(1 / (rank + 50) for rank in ranks))


@dataclass(frozen=True)
class Site:
    """What the pages of one site share: name, menus, footer and the way of writing HTML."""

    name: str
    seed: int = 1

    @cached_property
    def title(self) -> str:
        return Writer(f"{self.seed}/{self.name}").katakana(4) + "新報"

    @cached_property
    def head(self) -> tuple[Block, ...]:
        writer = Writer(f"{self.seed}/{self.name}/head")
        sample = writer.rng.sample
        return (
            Block("note", (self.title, "本文へスキップ")),
            Block("menu", tuple(sample(_MENU, 14))),
            Block("menu", tuple(writer.noun() for _ in range(writer.rng.randint(20, 40)))),
        )

    @cached_property
    def foot(self) -> tuple[Block, ...]:
        writer = Writer(f"{self.seed}/{self.name}/foot")
        return (
            Block("note", (self.title + writer.rng.choice(_BLURBS),)),
            Block("menu", tuple(writer.noun() for _ in range(writer.rng.randint(10, 30)))),
            Block("menu", tuple(writer.rng.sample(_FOOTER, 10))),
            Block("note", (f"{self.title}に掲載の記事・写真の無断転載を禁じます。", f"© 2030 {self.title}")),
        )


@dataclass(frozen=True)
class Page:
    """One page of a site."""

    site: Site
    number: int

    @property
    def id(self) -> str:
        return f"{self.site.name}-{self.number}"

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        writer = Writer(f"{self.site.seed}/{self.site.name}/{self.number}")
        return (*self.site.head, *_article(writer, self.site), *_lead_out(writer), *self.site.foot)

    @cached_property
    def _dump(self) -> tuple[str, tuple[Line, ...]]:
        rows: list[str] = []
        labels: list[Line] = []
        for block in self.blocks:
            for i, line in enumerate(block.lines):
                item = block.kind in ("menu", "list") or (block.kind == "zone" and i > 0)
                shown = BULLET + line if item else line
                labels.append(Line(len(rows), shown, block.keep, block.scored))
                rows += [shown] if item else [shown, ""]
            rows += [""] if rows[-1] else []
        return "\n".join(rows), tuple(labels)

    @property
    def text(self) -> str:
        """The page as a naive dump."""
        return self._dump[0]

    @property
    def html(self) -> str:
        """The page as HTML in the site's manner."""
        return _markup(self)

    def labelled(self) -> LabelledPage:
        """The page with its labels, for the scorer."""
        text, lines = self._dump
        return LabelledPage(self.id, self.site.name, "ja", "news", text, self.html, lines)


def pages(count: int, *, seed: int = 1, per_site: int = PAGES_PER_SITE) -> Iterator[Page]:
    """``count`` pages, written as they are asked for."""
    for first in range(0, count, per_site):
        site = Site(f"site{first // per_site}", seed)
        for number in range(min(per_site, count - first)):
            yield Page(site, number)


def _article(writer: Writer, site: Site) -> Iterator[Block]:
    rng = writer.rng
    yield Block("title", (writer.title(),))
    yield Block("byline", (writer.date(), f"{writer.kanji(2)}{writer.kanji(2)}"))
    yield Block("note", ("この記事をシェアする", "URLをコピーしました"))
    if rng.random() < 0.7:
        yield Block("caption", (f"{writer.clause()}={rng.randint(1, 31)}日、{writer.kanji(3)}撮影",))
    for section in range(rng.randint(1, 4)):
        if section:
            yield Block("heading", (f"{writer.noun()}の{writer.noun()}",))
        yield Block("body", tuple(writer.paragraph() for _ in range(rng.randint(2, 6))))
        if rng.random() < 0.15:
            yield Block("list", tuple(writer.clause() for _ in range(rng.randint(3, 6))))
        if rng.random() < 0.1:
            yield Block("zone", (rng.choice(_ZONES), *(writer.title() for _ in range(5))))
    if rng.random() < 0.3:
        yield Block("note", (site.title + rng.choice(_BLURBS), f"残り{rng.randint(200, 2000)}文字"))


def _lead_out(writer: Writer) -> Iterator[Block]:
    rng = writer.rng
    yield Block("menu", tuple(f"#{writer.noun()}" for _ in range(rng.randint(2, 8))))
    for heading in rng.sample(_ZONES, rng.randint(4, 8)):
        yield Block("zone", (heading, *(writer.teaser() for _ in range(rng.randint(8, 30)))))


def _markup(page: Page) -> str:
    """HTML with what real pages are heavy with: attributes, wrappers, pictures, scripts."""
    writer = Writer(f"{page.site.seed}/{page.id}/html")
    manner = random.Random(f"{page.site.seed}/{page.site.name}/manner")
    prefix = manner.choice(["c", "news", "site", "l", "m"])
    shell = manner.choice(["article", "section", "div"])
    paragraph = manner.choice([_paragraphs, _paragraphs, _divisions, _breaks])
    items = manner.choice([_list, _list, _cards, _definitions])
    render: dict[str, Callable[[Block], str]] = {
        "title": lambda b: f'<h1 class="{prefix}-title">{b.lines[0]}</h1>',
        "byline": lambda b: (
            f'<div class="{prefix}-meta"><time datetime="2030-01-01">{b.lines[0]}</time>'
            f'<span class="{prefix}-author">{b.lines[1]}</span></div>'
        ),
        "caption": lambda b: (
            f'<figure><img src="/i/{writer.rng.random()}.jpg" alt="{b.lines[0][:20]}">'
            f"<figcaption>{b.lines[0]}</figcaption></figure>"
        ),
        "heading": lambda b: f"<h2>{b.lines[0]}</h2>",
        "body": lambda b: paragraph(b.lines),
        "list": lambda b: "<ul>" + "".join(f"<li>{line}</li>" for line in b.lines) + "</ul>",
        "menu": lambda b: f'<nav class="{prefix}-nav">{_list(b.lines, writer.rng)}</nav>',
        "zone": lambda b: (
            f'<div class="{prefix}-box"><div class="inner"><h2 class="{prefix}-box-title">{b.lines[0]}'
            f"</h2>{items(b.lines[1:], writer.rng)}</div></div>"
        ),
        "note": lambda b: f'<div class="{prefix}-note">' + "".join(f"<p>{line}</p>" for line in b.lines) + "</div>",
    }
    first, last = len(page.site.head), len(page.blocks) - len(page.site.foot)
    parts = [render[block.kind](block) for block in page.blocks]
    body = next(i for i, block in enumerate(page.blocks) if i > first and block.kind == "menu")
    title = page.blocks[first].lines[0]
    script = "".join(f'"{writer.rng.getrandbits(64):x}":{writer.rng.random()},' for _ in range(400))
    meta = "".join(f'<meta property="og:item{i}" content="{writer.rng.getrandbits(48):x}">' for i in range(25))
    return (
        f'<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>{title} | {page.site.title}</title>{meta}'
        f"<script>var state={{{script}}};</script><style>.{prefix}-box{{margin:0}}</style></head>\n"
        f'<body class="{prefix}-page"><header id="header">{"".join(parts[:first])}</header>\n'
        f'<div id="wrap"><div class="{prefix}-main"><{shell} class="{prefix}-article">'
        + "\n".join(parts[first:body])
        + f'</{shell}>\n</div><aside class="{prefix}-side">'
        + "\n".join(parts[body:last])
        + f'</aside></div>\n<footer id="footer">{"".join(parts[last:])}</footer>'
        f"<script>{script}</script></body></html>\n"
    )


def _paragraphs(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{line}</p>\n" for line in lines)


def _divisions(lines: tuple[str, ...]) -> str:
    return "".join(f'<div class="text"><p class="p">{line}</p></div>\n' for line in lines)


def _breaks(lines: tuple[str, ...]) -> str:
    return "<p>" + "<br><br>\n".join(lines) + "</p>"


def _link(rng: random.Random) -> str:
    return f'href="/articles/{rng.getrandbits(40):010x}.html?from=page" data-track="{rng.getrandbits(32):x}"'


def _list(lines: tuple[str, ...], rng: random.Random) -> str:
    rows = (f'<li class="item"><a {_link(rng)}><span>{line}</span></a></li>\n' for line in lines)
    return f'<ul class="items">{"".join(rows)}</ul>'


def _cards(lines: tuple[str, ...], rng: random.Random) -> str:
    return "".join(
        f'<div class="card"><a {_link(rng)}><div class="thumb"><img src="/t/{rng.getrandbits(40):x}.jpg" width="120" '
        f'height="80" loading="lazy" alt=""></div><div class="caption">{line}</div></a></div>\n'
        for line in lines
    )


def _definitions(lines: tuple[str, ...], rng: random.Random) -> str:
    rows = (
        f'<dt><img src="/t/{rng.getrandbits(40):x}.png" alt=""></dt><dd><a {_link(rng)}>{line}</a></dd>\n'
        for line in lines
    )
    return f"<dl>{''.join(rows)}</dl>"
