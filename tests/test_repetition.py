"""What repeats on the pages of one site, and what of it stays. All pages here are invented."""

from __future__ import annotations

import doctest
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from benchmarks import sites
from benchmarks.scoring import score
from benchmarks.sites import Site, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st

from kakuyaku.articles import Article
from kakuyaku.cleaning import Page, clean_many, line_keys, repetition
from kakuyaku.cleaning.line_keys import DATED, note_lines
from kakuyaku.cleaning.repetition import MAX_LINES, SAMPLE_PAGES, SiteLines
from kakuyaku.cleaning.units import Room, read_lines
from tests.conftest import REPOSITORY

REFRAIN = "「波よ帰れ、友よ帰れ」と歌はくり返す。"
MENU = "\n".join(("青空新報", "国内", "国際", "海運", "漁業"))
NOUNS = ("掃海艇", "灯台守", "造船所", "魚市場", "防波堤", "連絡船")
TITLES = [f"甲国の議会、{noun}の予算を大きく増やすと決定" for noun in NOUNS]


def body(number: int) -> list[str]:
    noun = NOUNS[number]
    return [
        f"甲国の議会は{number + 1}日、{noun}の予算を二倍に増やす法案を可決した。",
        f"{noun}をめぐっては北港の漁民が長く支援を求めてきたと、港の組合長は述べた。",
        f"野党は{noun}より教育に回すべきだと反対したが、採決では敗れた。",
        f"政府は来年から{noun}の整備に取りかかる方針で、業者を選ぶ。",
    ]


def cleaned(pages: list[list[str]], *, site_repetition: bool = True) -> list[Article]:
    texts = [Page(str(i), text="\n\n".join([MENU, *lines]) + "\n", site="aozora") for i, lines in enumerate(pages)]
    return list(clean_many(texts, site_repetition=site_repetition))


def notes(*lines: str) -> npt.NDArray[np.void]:
    room = Room()
    read = read_lines(["\n".join(lines)], room)
    found: npt.NDArray[np.void] = note_lines(read.points, read.table["first"], read.table["last"], room)
    return found


def learned(pages: Iterable[Sequence[str]], batch: int = 1) -> SiteLines:
    """What is learned of one site, so many pages at a time."""
    lines, room = SiteLines(), Room()
    texts = ["\n".join(page) for page in pages]
    for first in range(0, len(texts), batch):
        some = texts[first : first + batch]
        lines.learn(["s"] * len(some), some, room)
    return lines


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("残り1,204字を読む方はこちら", "残り87字を読む方はこちら", True),
        ("１２：３０現在の風速５メートル", "9:05現在の風速12メートル", True),
        ("3 議会が予算を可決", "10 議会が予算を可決", True),
        ("議会が予算を可決", "議会が予算を否決", False),
        ("3位", "4位", False),
        ("北港：12人", "北港：7人", False),
        ("2030年4月5日 10時30分 更新", "2030年4月6日 8時10分 更新", False),
        ("4月5日 10時30分に公開した頁", "4月6日 10時30分に公開した頁", False),
    ],
)
def test_lines_that_differ_in_figures(one: str, other: str, same: bool) -> None:
    first, second = notes(one, other)["key"].tolist()
    assert (first == second) == same


PIECES = (
    "2030年",
    "4月",
    "5",
    "１２",
    "日",
    "/",
    " ",
    "10:",
    "時",
    "の、海",
    "港の町で雨が",
    "・",
    "a",
    ",5",
    "。",
    "𠮷" * 190,
)
LINES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map(lambda pieces: "".join(pieces).strip())


@given(st.lists(LINES.filter(bool), min_size=1, max_size=12))
@settings(max_examples=300)
def test_a_key_says_what_stands_in_a_line_and_nothing_else(lines: list[str]) -> None:
    """Against the definition, as regular expressions have it: the same key for the same line without its figures."""
    found = notes(*lines)
    expected = [masked(line) for line in lines]
    for i, one in enumerate(expected):
        assert bool(found["traits"][i] & DATED) == (dated(lines[i]) and len(lines[i]) <= 40)
        for j, other in enumerate(expected):
            assert (found["key"][i] == found["key"][j]) == (one == other)
            assert (found["exact"][i] == found["exact"][j]) == (lines[i] == lines[j])


def dated(line: str) -> bool:
    date = r"\d{4}\s?[年/.\-]\s?\d{1,2}\s?[月/.\-]\s?\d|\d{1,2}月\s?\d{1,2}日.{0,6}\d{1,2}[:：時]"
    return len(line) <= 200 and re.search(date, line) is not None


def masked(line: str) -> str:
    plain = re.sub(r"\d[\d,.，．:：]*", "0", line)
    enough = len(re.findall(r"[^\W\d_]", plain[:32])) >= 4
    return plain if enough and len(line) <= 200 and not dated(line) else line


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(lambda b: ["毎朝、港のベンチに座って海をながめる。", *b], id="opening of a column"),
        pytest.param(
            lambda b: ["海峡の町から若者が消えていく。", "残った人々を五回に分けてたずねた。", *b],
            id="introduction of two paragraphs",
        ),
        pytest.param(lambda b: [*b[:2], "これまでの歩み", *b[2:]], id="heading of a fixed form"),
        pytest.param(lambda b: [*b[:2], "「波よ帰れ、友よ帰れ」と歌はくり返す。", *b[2:]], id="refrain"),
        pytest.param(
            lambda b: [*b[:3], f"北港の最高気温は{len(b[0])}度で、風は弱かった。", *b[3:]],
            id="bulletin with other figures",
        ),
        pytest.param(
            lambda b: [*b, REFRAIN] if NOUNS[1] in b[0] else [*b[:2], REFRAIN, *b[2:]], id="refrain that may be last"
        ),
        pytest.param(
            lambda b: [*b[:2], f"北港の最高気温は{len(b[0])}度だった。", f"{b[1][:3]}の行方", *b[2:]],
            id="bulletin above a heading",
        ),
    ],
)
def test_content_that_repeats_for_a_reason_stays(reason: object) -> None:
    assert callable(reason)
    pages = [[TITLES[i], f"2030年4月{i + 1}日", *(reason(body(i)) if i % 2 else body(i))] for i in range(6)]
    for i, article in enumerate(cleaned(pages)):
        for line in reason(body(i)) if i % 2 else body(i):
            assert line in article.text


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(lambda i: ["この欄は平日の朝に載せています。"], id="below a column"),
        pytest.param(
            lambda i: [f"ここから先の{i * 411 + 87}字は契約した方に向けた頁です。", "窓口は北港本社"], id="figures"
        ),
        pytest.param(
            lambda i: ["きのう一番めくられた頁", *TITLES[i:], *TITLES[:i]],
            id="lists in another order",
        ),
    ],
)
def test_boilerplate_that_changes_a_little_goes(note: object) -> None:
    assert callable(note)
    pages = [[TITLES[i], f"2030年4月{i + 1}日", *body(i), *note(i), "北港海運会館"] for i in range(6)]
    for i, article in enumerate(cleaned(pages)):
        assert not [line for line in note(i) if line in article.text and line != TITLES[i]]
        assert all(line in article.text for line in body(i))


@pytest.mark.parametrize("without", [0, 2])
def test_notes_below_an_article_go_whatever_stands_below_them(without: int) -> None:
    notes_below = ["この欄は平日の朝に載せています。", "お便りは北港の支局へどうぞ。"]
    portraits = [f"{noun}を二十年追い続けている記者が書いた。" for noun in NOUNS]
    pages = [[TITLES[i], f"2030年4月{i + 1}日", *body(i), *notes_below, portraits[i]] for i in range(3)]
    pages += [[TITLES[i], f"2030年4月{i + 1}日", *body(i)] for i in range(3, 3 + without)]
    for i, article in enumerate(cleaned(pages)):
        assert not [line for line in notes_below if line in article.text]
        assert all(line in article.text for line in body(i))


def test_a_remark_in_brackets_is_no_paragraph() -> None:
    remark = "（お知らせの後にも続きます）"
    pages = [
        [TITLES[i], f"2030年4月{i + 1}日", *body(i)[:2], remark, f"{NOUNS[i]}の行方", *body(i)[2:]] for i in range(4)
    ]
    for i, article in enumerate(cleaned(pages)):
        assert remark not in article.text
        assert all(line in article.text for line in (*body(i), f"{NOUNS[i]}の行方"))


def test_what_is_metadata_stays_what_it_is() -> None:
    """Titles stand in the lists of other pages, dates and names of authors on several pages."""
    lists = ["ほかの人はこれも開いた", *TITLES[:4]]
    pages = [
        [TITLES[i], "2030年4月5日 10時30分", "文／山田青葉" if i % 2 else "海野港子", *body(i), *lists]
        for i in range(6)
    ]
    alone, together = cleaned(pages, site_repetition=False), cleaned(pages)
    for i, (one, other) in enumerate(zip(alone, together, strict=True)):
        assert other.title == one.title == TITLES[i]
        assert other.published == one.published == "2030-04-05T10:30"
        assert other.author == one.author == ("山田青葉" if i % 2 else "海野港子")


@given(
    st.permutations(range(6)),
    st.lists(st.sampled_from(["海", "港は静かだ、と彼は述べた。", "残り5字です", "案内"]), max_size=4),
)
@settings(max_examples=40)
def test_the_order_of_pages_does_not_matter(order: list[int], common: list[str]) -> None:
    pages = [[TITLES[i], f"2030年4月{i + 1}日", *body(i), *common, f"残り{i}字です"] for i in range(6)]
    found = []
    for numbers, batch in ((range(6), 1), (order, 1), (order, 4)):
        found.append(learned([pages[number] for number in numbers], batch).boilerplate("s").tolist())
    assert found[0] == found[1] == found[2]


FURNITURE = (
    "青空新報は夜明けの港から町の声を届けて五十年になる。",
    "ここから先の三百字は契約した方に向けた頁です。",
    "青空新報に載った文と絵をことわりなく使うことはできません。",
    "青空新報の文責はすべて北港本社にあります。",
    "文字の大きさは画面の右上で変えられます。",
)


def article(number: int) -> list[str]:
    return [TITLES[number], f"2030年4月{number + 1}日", *body(number)]


def furnished(lines: list[str]) -> list[str]:
    return [FURNITURE[0], *lines, *FURNITURE[1:]]


OTHERS = [article(number) for number in range(1, 4)]
UPDATES: Mapping[str, Callable[[list[str]], list[str]]] = {
    "captured twice": lambda lines: lines,
    "two paragraphs more": lambda lines: [*lines, "採決の後、港では船が汽笛を鳴らした。", "祝いの席は夜まで続いた。"],
    "a paragraph inside": lambda lines: [*lines[:3], "傍聴席は朝から埋まった。", *lines[3:]],
    "figures": lambda lines: [line.replace("二倍", "三倍") for line in lines],
    "another title and opening": lambda lines: [
        "甲国の議会が掃海艇の予算を可決、漁民は歓迎", lines[1], "甲国の議会は法案を賛成多数で可決した。", *lines[3:],
    ],
    "another advertisement": lambda lines: [*lines, "夏の帽子", "潮風堂の帽子ならいまだけ二割引きです。"],
}  # fmt: skip


@pytest.mark.parametrize("others", [0, 1, 3])
@pytest.mark.parametrize("update", UPDATES)
def test_an_article_that_stands_on_two_pages_stays(update: str, others: int) -> None:
    first, second = furnished(article(0)), furnished(UPDATES[update](article(0)))
    for one, other in ((first, second), (second, first)):
        found = cleaned([one, *map(furnished, OTHERS[:others]), other])
        for page in (found[0], found[-1]):
            kept = [line for line in body(0)[1:] if line in page.text]
            assert kept == body(0)[1:]
        if others > 1:  # two pages say what belongs to the site
            assert not [line for line in FURNITURE for page in found if line in page.text]


def test_an_article_captured_many_times_stays() -> None:
    for found in cleaned([furnished(article(0))] * 5):
        assert all(line in found.text for line in body(0))
    *copies, other = cleaned([*[furnished(article(0))] * 5, furnished(article(1)), furnished(article(2))])
    for found in copies[:5]:
        assert all(line in found.text for line in body(0))
        assert not [line for line in FURNITURE if line in found.text]
    assert not [line for line in FURNITURE if line in other.text]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(
            lambda n: [f"{NOUNS[n]}が語る北港の四十年", f"{NOUNS[n]}から見る海は昔と変わらない。"], id="a teaser"
        ),
        pytest.param(
            lambda n: [
                f"{NOUNS[n]}の列が港まで続いた。",
                f"{NOUNS[n]}の親方は朝から声を張り上げ、港に着いた客をひとりずつ迎え、日暮れまで網を繕いながら昔の話を聞かせて回った。",
            ],
            id="paragraphs",
        ),
    ],
)
def test_an_article_captured_thrice_with_something_else_below_stays(more: Callable[[int], list[str]]) -> None:
    for found in cleaned([furnished([*article(0), *more(number)]) for number in range(3)]):
        assert all(line in found.text for line in body(0))


def test_what_two_short_articles_share_goes_when_others_tell_their_furniture() -> None:
    advertisement = "潮風堂の帽子ならいまだけ二割引きです。"
    short = [[*article(number)[:4], advertisement] for number in range(2)]
    found = cleaned([*map(furnished, short), furnished(article(2)), furnished(article(3))])
    assert not [page for page in found if advertisement in page.text]


@pytest.mark.parametrize("sizes", [(2, 2, 2), (2, 4, 4), (2, 2, 2, 4), (1, 1, 4), (2, 4)])
def test_a_short_article_under_much_furniture_is_no_copy(sizes: tuple[int, ...]) -> None:
    pages = [article(number)[: 2 + size] for number, size in enumerate(sizes)]
    for number, (found, size) in enumerate(zip(cleaned([*map(furnished, pages)]), sizes, strict=True)):
        assert all(line in found.text for line in body(number)[:size])
        assert not [line for line in FURNITURE if line in found.text]


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            lambda n: [f"{NOUNS[n + i]}の話をもっと聞きたいと思った、港の者より。" for i in range(3)], id="comments"
        ),
        pytest.param(lambda n: [line for i in range(3) for line in (TITLES[n + i], body(n + i)[1])], id="teasers"),
        pytest.param(
            lambda n: [f"{NOUNS[n]}について議長は{i}度目の質問に答え、港を守ると述べた。" for i in range(3)], id="more"
        ),
    ],
)
def test_an_article_captured_twice_with_other_paragraphs_apart_from_it_stays(
    other: Callable[[int], list[str]], above: bool
) -> None:
    box = ["新着の記事", "海の頁", "港の頁", "町の頁", "空の頁"]
    title, date, *paragraphs = article(5)
    for more in (0, 2):
        pages = [
            [title, date, *([*other(n), *box, *paragraphs] if above else [*paragraphs, *box, *other(n)])]
            for n in (more, more + 1)
        ]
        known = set(learned(map(furnished, pages)).boilerplate("s").tolist())
        assert not known & set(notes(*paragraphs)["key"].tolist())


def test_short_articles_far_below_their_titles_under_a_heavy_footer_are_no_copies() -> None:
    """Buttons part the title from the article, and the footer says more than it."""
    buttons = [
        f"この頁を{word}" for word in ("しまう", "贈る", "広める", "刷る", "訳す", "聞く", "たたむ", "ひらく", "写す")
    ]
    below = ["ここまで", "海の頁", "港の頁", "町の頁"]
    footer = [f"{noun}の案内は青空新報が運営する、{noun}にくわしい人のための頁です。" * 2 for noun in NOUNS]
    pages = [[*article(number)[:2], *buttons, *body(number), *below, *footer] for number in range(3)]
    known = set(learned(pages).boilerplate("s").tolist())
    assert known == set(notes(*buttons, *below, *footer)["key"].tolist())


def test_reports_that_differ_in_their_figures_stay() -> None:
    def report(day: int) -> list[str]:
        return [
            f"北港の魚市場、{day + 3}日の水揚げ", f"2030年4月{day + 3}日", f"北港の魚市場では{40 + day}トンが水揚げされた。",
            f"鯵は一箱{900 + 7 * day}円、鯖は一箱{700 + 5 * day}円で取引された。", f"入港した船は{12 + day}隻だった。",
        ]  # fmt: skip

    reports = [report(day) for day in range(3)]
    for found, lines in zip(cleaned([*reports, article(1), article(2)]), reports, strict=False):
        assert all(line in found.text for line in lines[2:])


@given(st.lists(st.integers(0, 5), max_size=6), st.permutations(range(6)))
@settings(max_examples=40)
def test_another_capture_of_a_page_says_nothing_about_its_site(again: list[int], order: list[int]) -> None:
    pages = [furnished(article(number)) for number in order]
    known = learned(pages).boilerplate("s").tolist()
    assert learned([*pages, *(pages[number] for number in again)]).boilerplate("s").tolist() == known
    assert sorted(known) == sorted(notes(*FURNITURE)["key"].tolist())


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repetition, "MAX_HELD", 2_000)
    lines, room = SiteLines(), Room()
    for page in range(SAMPLE_PAGES + 4):
        for site in range(40):
            text = ["案内", *(f"{site} {page} {i}行目の文字" for i in range(9)), "会館"]
            lines.learn([str(site)], ["\n".join(text)], room)
            assert lines._held <= 2_000
    assert lines._held == sum(map(len, lines._samples.values()))
    menu = notes("案内")["key"][0]
    known = [menu in lines.boilerplate(str(site)) for site in range(40)]
    assert sum(known) > 30, "closing a sample early must not forget what it has seen"


def test_a_page_of_very_many_lines_is_read_in_part() -> None:
    page = [f"{'海' * (i % 97)}{chr(0x4E00 + i % 20_000)}" for i in range(3 * MAX_LINES)]
    assert learned([page, page], 2)._held == 2 * MAX_LINES


# The invented sites of benchmarks/sites.py


def test_wordings_of_invented_sites_are_not_the_cleaners_own() -> None:
    words = tomllib.loads((REPOSITORY / "src/kakuyaku/cleaning/words.toml").read_text(encoding="utf-8"))
    neutral = ("report", "day", "announcing", "table_heading", "biography")  # of articles
    telling = [word.lower() for group, found in words.items() if group not in neutral for word in found]
    values = [value for name, value in vars(sites).items() if name.isupper() and isinstance(value, tuple)]
    wordings = [line for value in values for line in value if isinstance(line, str)]
    assert len(wordings) > 30
    found = {line: [word for word in telling if word in line.lower()] for line in wordings}
    assert not {line: hits for line, hits in found.items() if hits}


def test_invented_sites_are_the_same_each_time() -> None:
    site = Site("site0", 1)
    pages = list(site.pages(3))
    assert pages == list(Site("site0", 1).pages(3)) != list(Site("site0", 2).pages(3))
    for number, page in enumerate(pages):
        rows = page.text.split("\n")
        assert [rows[line.number] for line in page.lines] == [line.text for line in page.lines]
        assert len(site.kinds(number)) == len(page.lines)


def test_site_repetition_on_invented_sites() -> None:
    pages = [page for number in range(8) for page in Site(f"site{number}", 5).pages(5)]
    alone, together = (score(pages, verdicts(pages, repetition=used)) for used in (False, True))
    assert together.char_macro > 0.97 > alone.char_macro
    assert together.line_f1 > alone.line_f1 + 0.05


def test_examples() -> None:
    assert doctest.testmod(line_keys).failed == 0
