"""Title, dates, author and site of pages. All pages here are the project's own."""

from __future__ import annotations

import doctest
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku import bylines, dates
from kakuyaku.bylines import read_byline
from kakuyaku.cleaning import metadata
from kakuyaku.cleaning.html import read
from kakuyaku.cleaning.metadata import Found, Metadata, without_site_name
from kakuyaku.dates import read_date

TITLE = "甲国、北港の警備に掃海艇三隻を派遣へ"


def metadata_of(html: str) -> Metadata:
    return read(html).metadata


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>'


ARTICLE = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2030-04-05T10:30:00+09:00",
    "dateModified": "2030-04-06T08:00:00+09:00",
    "author": [{"@type": "Person", "name": "山田青葉"}, {"@type": "Person", "name": "海野港"}],
    "publisher": {"@type": "Organization", "name": "青空新聞"},
}


@pytest.mark.parametrize(
    "value", [ARTICLE, [{"@type": "Person"}, ARTICLE], {"@graph": [{"@type": "WebPage"}, ARTICLE]}]
)
def test_json_ld(value: object) -> None:
    assert metadata_of(ld(value)) == Metadata(
        title=Found(TITLE, "json-ld"),
        published=Found("2030-04-05T10:30:00+09:00", "json-ld"),
        modified=Found("2030-04-06T08:00:00+09:00", "json-ld"),
        author=Found("山田青葉、海野港", "json-ld"),
        site_name=Found("青空新聞", "json-ld"),
    )


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "%s",}',
        '/* x */ {"@type": ["Article"], "headline": "%s"};',
        '<![CDATA[{"@type": "Article", "headline": "%s"}]]>',
        '{"@type": "BlogPosting", "headline": "%s", "description": "一\n二"}',
    ],
)
def test_broken_json_ld(script: str) -> None:
    html = f'<script type="application/ld+json">{script % TITLE}</script>'
    assert metadata_of(html).title == Found(TITLE, "json-ld")


@pytest.mark.parametrize(
    "script", ["", "{", '{"@type": "Article"', "[[[[", "null", "7", '{"@type": 3, "headline": {}}']
)
def test_useless_json_ld(script: str) -> None:
    html = f'<title>{TITLE}</title><script type="application/ld+json">{script}</script>'
    assert metadata_of(html).title == Found(TITLE, "title")


@pytest.mark.parametrize(
    ("html", "title", "source"),
    [
        (f"<title>{TITLE}｜青空新聞</title><h1>{TITLE}</h1>", TITLE, "h1 like title"),
        (f"<title>{TITLE} - 青空新聞</title>", TITLE, "title minus site name"),
        (f"<title>{TITLE}_国際_青空新聞</title><div>{TITLE}</div>", TITLE, "title minus site name"),
        (f'<meta property="og:title" content="{TITLE}：青空新聞"><meta property="og:site_name" content="青空新聞">', TITLE, "og:title minus site name"),
        (f'<meta property="og:title" content="{TITLE}【青空新聞】"><meta property="og:site_name" content="青空新聞">', TITLE, "og:title minus site name"),
        (f'<meta property="og:title" content="{TITLE}"><h1>青空新聞</h1>', TITLE, "og:title"),
        (f"<h1>{TITLE}</h1>", TITLE, "h1"),
        ("<title>甲国の<ruby>港</title><h1>甲国の<ruby>港<rt>みなと</rt></ruby></h1>", "甲国の港", "h1 like title"),
        ("<title>甲国-乙国の会談、北港で始まる</title>", "甲国-乙国の会談、北港で始まる", "title"),
        ('<title>青空新聞｜甲国の港</title><meta property="og:site_name" content="青空新聞">', "甲国の港", "title minus site name"),
    ],
)  # fmt: skip
def test_title(html: str, title: str, source: str) -> None:
    assert metadata_of(html).title == Found(title, source)


@pytest.mark.parametrize(
    ("html", "published", "source"),
    [
        ('<meta property="article:published_time" content="2030-04-05T01:30:00Z">', "2030-04-05T01:30:00+00:00", "article:published_time"),
        ('<meta name="pubdate" content="20300405">', "2030-04-05", "pubdate"),
        ('<meta name="DC.date.issued" content="2030-04-05">', "2030-04-05", "dc.date.issued"),
        ('<p>海</p><time datetime="2030-04-05T10:30:00+09:00">今日</time>', "2030-04-05T10:30:00+09:00", "time"),
        ("<time>2030年4月5日</time>", "2030-04-05", "time"),
        ('<span itemprop="datePublished" content="2030-04-05">4月5日</span>', "2030-04-05", "itemprop"),
        (f"<title>{TITLE}</title><h1>{TITLE}</h1><p>2030年4月5日(金) 10時30分</p>", "2030-04-05T10:30", "text"),
        (f"<title>{TITLE}</title><p>2030/4/5 10:30</p><div>{TITLE}</div>", "2030-04-05T10:30", "text"),
        ('<p class="article-date">令和12年4月5日</p><p>海</p>', "2030-04-05", "text"),
    ],
)  # fmt: skip
def test_published(html: str, published: str, source: str) -> None:
    assert metadata_of(html).published == Found(published, source)


def test_a_modified_date_is_not_the_published_one() -> None:
    found = metadata_of('<time itemprop="dateModified" datetime="2030-04-06">六日</time>')
    assert (found.published, found.modified) == (None, Found("2030-04-06", "itemprop"))


def test_a_date_in_the_body_is_not_the_published_one() -> None:
    assert (
        metadata_of(
            f"<h1>{TITLE}</h1><p>2020年3月1日に始まった任務は、議会の承認を受けて{'長く' * 40}続いた。"
        ).published
        is None
    )


@pytest.mark.parametrize(
    ("html", "author", "source"),
    [
        ('<meta name="author" content="山田青葉">', "山田青葉", "author"),
        ('<meta name="author" content="By Aoba Yamada">', "Aoba Yamada", "author"),
        ('<a rel="author" href="/x">山田青葉</a>', "山田青葉", "rel=author"),
        ('<div itemprop="author"><span itemprop="name">山田青葉</span> 記者</div>', "山田青葉", "rel=author"),
        (f"<title>{TITLE}</title><h1>{TITLE}</h1><p>文/山田青葉</p>", "山田青葉", "text"),
    ],
)
def test_author(html: str, author: str, source: str) -> None:
    assert metadata_of(html).author == Found(author, source)


@pytest.mark.parametrize("name", ["https://example.org/yamada", "青空新聞", "@aozora", ""])
def test_what_is_no_author(name: str) -> None:
    html = f'<meta name="author" content="{name}"><meta property="og:site_name" content="青空新聞">'
    assert metadata_of(html).author is None


def test_language() -> None:
    assert metadata_of('<html lang="ja">').language == Found("ja", "html lang")
    assert metadata_of('<meta property="og:locale" content="ja_JP">').language == Found("ja-JP", "og:locale")
    assert metadata_of("<p>海").language is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2030年4月5日(金) 10時30分", "2030-04-05T10:30"),
        ("２０３０年１２月３１日２３：５９", "2030-12-31T23:59"),
        ("2030/4/5", "2030-04-05"),
        ("2030.4.5 午後3時5分", "2030-04-05T15:05"),
        ("令和12年4月5日", "2030-04-05"),
        ("令和元年5月1日", "2019-05-01"),
        ("2030-04-05 10:30:00+0900", "2030-04-05T10:30:00+09:00"),
        ("Fri, 05 Apr 2030 01:30:00 GMT", "2030-04-05T01:30:00+00:00"),
        ("입력 2030.04.05 10:30", "2030-04-05T10:30"),
        ("公開:2030年4月5日 24時00分", "2030-04-05"),
        ("4月5日", None),
        ("2030年2月31日", None),
        ("12030/4/5", None),
        ("", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert read_date(text) == date


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%dT%H:%M", "%Y年%m月%d日 %H時%M分", "%Y/%m/%d %H:%M", "%Y.%m.%d(金)%H:%M"]),
)
def test_written_dates_are_read_back(moment: datetime, form: str) -> None:
    assert read_date(f"{moment:{form}}") == f"{moment:%Y-%m-%dT%H:%M}"


@given(st.text())
def test_dates_and_bylines_never_fail(text: str) -> None:
    read_date(text)
    read_byline(text)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("文/山田青葉", "山田青葉"),
        ("取材・文＝山田 青葉", "山田 青葉"),
        ("【山田青葉】", None),
        ("山田青葉記者", "山田青葉"),
        ("（山田青葉 特派員）", "山田青葉"),
        ("By Aoba Yamada", "Aoba Yamada"),
        ("文● 山田青葉", "山田青葉"),
        ("［山田青葉，青空通信］", "山田青葉"),
        ("山田記者が港で見た。", None),
        ("記者会見:首相が港を語る、と述べた", None),
    ],
)
def test_bylines(line: str, name: str | None) -> None:
    assert read_byline(line) == name


@given(st.text("甲乙港海｜|-:：【】 ", max_size=30), st.text("甲乙港海", max_size=5))
def test_a_title_keeps_its_beginning_or_loses_its_site(title: str, site: str) -> None:
    bare = without_site_name(title, site)
    assert bare in title
    assert without_site_name(bare, site) == bare or site in title


@pytest.mark.parametrize("module", [dates, bylines, metadata])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
