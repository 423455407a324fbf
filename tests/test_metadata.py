"""Title, dates, author and site of pages. All pages here are the project's own."""

from __future__ import annotations

import doctest
import json
from datetime import datetime

import benchmarks.metadata
import pytest
from benchmarks.metadata import outcomes
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku import bylines, dates, names, placed_names
from kakuyaku.bylines import read_byline, read_signature
from kakuyaku.cleaning import clean, site_names, titles
from kakuyaku.cleaning.html import read
from kakuyaku.cleaning.metadata import Metadata
from kakuyaku.cleaning.site_names import without_site_name
from kakuyaku.cleaning.structured_data import Found
from kakuyaku.dates import read_date
from kakuyaku.names import full_names, is_full_name
from kakuyaku.placed_names import houses_beside, read_beside, read_credit, read_portrait

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
        (f"<title>株式会社青空 : お知らせ</title><h1>{TITLE}</h1><p>株式会社青空</p>", TITLE, "h1"),
        ("<title>株式会社青空、新型船を発売｜ニュース</title><h1>青空</h1>", "株式会社青空、新型船を発売", "title minus site name"),
        ("<title>社会福祉法人の不正受給、県が調査｜ニュース</title>", "社会福祉法人の不正受給、県が調査", "title minus site name"),
        ('<title>青空、新型船を発売｜ニュース</title><meta property="og:site_name" content="青空"><h1>青空</h1>', "青空、新型船を発売｜ニュース", "title"),
        (f'<title>青空｜ニュース</title><meta property="og:site_name" content="青空海運"><h1>{TITLE}</h1>', TITLE, "h1"),
        ("<title>新庁舎の開庁日は2030年5月7日</title><h1>新庁舎の開庁日は2030年5月7日</h1>", "新庁舎の開庁日は2030年5月7日", "h1 like title"),
        (f"<title>臨時休館のお知らせ｜株式会社青空</title><p>{TITLE}</p>", "臨時休館のお知らせ", "title minus site name"),
    ],
)  # fmt: skip
def test_title(html: str, title: str, source: str) -> None:
    assert metadata_of(html).title == Found(title, source)


@pytest.mark.parametrize("behind", [" - 青空新聞", "（1/2ページ） - 青空新聞", "（2/3）"])
def test_a_heading_loses_the_site_and_the_count_of_pages_where_a_line_shows_it_so(behind: str) -> None:
    site = '<meta property="og:site_name" content="青空新聞">'
    head = f"{site}<title>{TITLE}{behind}</title>{ld({**ARTICLE, 'datePublished': None})}<h1>{TITLE}{behind}</h1>"
    for more, expected in ((f"<h3>{TITLE}</h3>", TITLE), ("", TITLE + behind)):
        found = metadata_of(f"{head}{more}<p>2030年4月5日 10時30分</p>")
        assert found.title is not None and found.title.value == expected
        assert found.published is not None and found.published.value == "2030-04-05T10:30"


def test_a_heading_keeps_what_only_looks_like_the_site() -> None:
    for site, title in (("上毛新聞", "首相の一年を振り返る（上）"), ("日経", "円安と株高の行方：日経平均")):
        head = f'<meta property="og:site_name" content="{site}"><title>{title}</title><h1>{title}</h1>'
        found = metadata_of(f"{head}<p>2030年4月5日</p>").title
        assert found is not None and found.value == title


def test_a_title_that_no_line_shows_whole_loses_the_site_in_front() -> None:
    title = f"<title>青葉の海日記 - {TITLE}</title>"
    assert clean(html=f"{title}<p>■ {TITLE}</p>{BODY}").title == TITLE
    assert clean(html=f"{title}<p>港</p>{BODY}").title == f"青葉の海日記 - {TITLE}"


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
        (f"<title>{TITLE}</title><h1>{TITLE} 2030-04-05</h1>", "2030-04-05", "text"),
        (f'<p>2030年4月 5日</p><h1>{TITLE}</h1>{"<p>海</p>" * 9}<p class="date">2030.05.31</p><p class="date">2030.05.30</p>', "2030-04-05", "text"),
        (f'<h1>{TITLE}</h1><p>2030年4月1日</p><p class="date">2030年4月5日</p><p>海</p>', "2030-04-05", "text"),
        (f"<p>2030年4月6日(土)</p><h1>{TITLE}</h1>{'<p>海</p>' * 12}<p class=date>公開 2030年4月5日</p>", "2030-04-05", "text"),
        (f"<p class=date>2030年4月5日</p>{'<p>海</p>' * 5}<h1>{TITLE}</h1><p>開会は2029年5月3日だった。</p>", "2030-04-05", "text"),
    ],
)  # fmt: skip
def test_published(html: str, published: str, source: str) -> None:
    assert metadata_of(html).published == Found(published, source)


def test_a_period_is_no_date_of_publication() -> None:
    body = "甲国の首相は三日、北港の警備に掃海艇を送ると述べた。任務は一年に限られるという。\n\n" * 4
    assert clean(f"{TITLE}\n\n2030年4月1日〜4月7日\n\n2030年4月8日\n\n{body}").published == "2030-04-08"


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
        (
            '<ul><li><a rel="author" href="/x">山田青葉</a> 記者</li><li><a rel="author" href="/y">海野港</a></li></ul>',
            "山田青葉、海野港",
            "rel=author",
        ),
        (
            '<p><a rel="author" href="/x">山田青葉</a></p><p>関連：別の話題 <a rel="author" href="/y">海野港</a></p>',
            "山田青葉",
            "rel=author",
        ),
        ('<div itemprop="author"><span itemprop="name">山田青葉</span> 記者</div>', "山田青葉", "rel=author"),
        (f"<title>{TITLE}</title><h1>{TITLE}</h1><p>文/山田青葉</p>", "山田青葉", "text"),
    ],
)
def test_author(html: str, author: str, source: str) -> None:
    assert metadata_of(html).author == Found(author, source)


@pytest.mark.parametrize(
    "name",
    [
        "https://example.org/yamada",
        "青空新聞",
        "@aozora",
        "",
        "Your name",
        "港の人々をむすび、海の安全を守ることを目的としています。",
    ],
)
def test_what_is_no_author(name: str) -> None:
    html = f'<meta name="author" content="{name}"><meta property="og:site_name" content="青空新聞">'
    assert metadata_of(html).author is None


@pytest.mark.parametrize("order", [1, -1])
def test_an_author_declared_beside_a_description(order: int) -> None:
    described = '<meta name="author" content="港の人々をむすび、海の安全を守ることを目的としています。">'
    named = '<meta itemprop="author" content="山田青葉">'
    assert metadata_of("".join((described, named)[::order])).author == Found("山田青葉", "author")


def test_a_long_row_of_authors_is_no_description() -> None:
    names = "山田青葉、海野港、北山一郎、南川二郎、東野三郎"
    assert metadata_of(f'<meta name="author" content="{names}。">').author == Found(names, "author")


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
    read_signature(text)
    read_beside([text, "2030年4月5日", text], 0, text)
    read_portrait(["この記事を書いた人", text, text])
    read_credit(text)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("文/山田青葉", "山田青葉"),
        ("文　山田青葉", "山田青葉"),
        ("文● 山田青葉", "山田青葉"),
        ("取材・文＝山田 青葉", "山田 青葉"),
        ("文・写真　山田青葉", "山田青葉"),
        ("取材・文/山田青葉、撮影/海野港", "山田青葉"),
        ("聞き手・山田青葉", "山田青葉"),
        ("ライター：あおば", "あおば"),
        ("著者　山田青葉", "山田青葉"),
        ("執筆者：山田青葉（青空大学教授）、海野港", "山田青葉、海野港"),
        ("執筆：青空新聞編集部", "青空新聞編集部"),
        ("文＝山田青葉／青空編集部", "山田青葉"),
        ("山田青葉記者", "山田青葉"),
        ("パク・ジウン記者 (お問い合わせ park@example.org)", "パク・ジウン"),
        ("公開日 2030.04.05", ""),
        ("社会部・山田青葉記者", "山田青葉"),
        ("北港支局 山田青葉記者", "山田青葉"),
        ("論説委員 山田青葉", "山田青葉"),
        ("（山田青葉 特派員）", "山田青葉"),
        ("山田青葉（やまだ・あおば）記者", "山田青葉"),
        ("東京＝山田青葉", "山田青葉"),
        ("ワシントン＝山田青葉、海野港子", "山田青葉、海野港子"),
        ("山田青葉2030年4月5日 10時30分", "山田青葉"),
        ("山田 青葉 記者 2030/4/5 10:30", "山田 青葉"),
        ("2030年4月5日10:30 by 青葉 | 分類 国際 | 話題 港", "青葉"),
        ("By Aoba Yamada", "Aoba Yamada"),
        ("Text by AOBA YAMADA", "AOBA YAMADA"),
        ("［山田青葉，青空通信］", "山田青葉"),
        ("本报记者 王青 李海", "王青、李海"),
        ("（记者 王青）", "王青"),
        ("作者：王青", "王青"),
        ("북항 김바다 기자 sea@example.org", "김바다"),
        ("김바다·이하늘 기자", "김바다、이하늘"),
        ("글 김바다 특파원", "김바다"),
        ("【山田青葉】", ""),
        ("山田記者が港で見た。", ""),
        ("記者会見:首相が港を語る、と述べた", ""),
        ("首相は記者", ""),
        ("官邸担当記者", ""),
        ("記者の目", ""),
        ("文化", ""),
        ("文部科学省", ""),
        ("写真：海野港", ""),
        ("翻訳：海野港", ""),
        ("Photograph by Minato Umino", ""),
        ("Sponsored by 青空商店", ""),
        ("责任编辑：王青", ""),
        ("新华社记者 王青 摄", ""),
        ("港を出る掃海艇＝北港", ""),
        ("港の特集2030年4月5日", ""),
        ("", ""),
    ],
)
def test_bylines(line: str, names: str) -> None:
    assert "、".join(read_byline(line)) == names


@pytest.mark.parametrize(
    ("paragraph", "names"),
    [
        ("【ワシントン＝山田青葉】甲国の首相は5日、こう述べた。", "山田青葉"),
        ("【北京・山田青葉】甲国の首相は5日、こう述べた。", "山田青葉"),
        ("【カイロ共同】甲国の首相は5日、こう述べた。", "共同"),
        ("[北港　５日　ロイター] - 甲国の首相は5日、こう述べた。", "ロイター"),
        ("港は静かだ。【エルサレム山田青葉、カイロ海野港】", "山田青葉、海野港"),
        ("港は静かだ。（山田青葉）", "山田青葉"),
        ("港は静かだ。（社会部　山田青葉、海野港子）", "山田青葉、海野港子"),
        ("港は静かだ。（名古屋・山田青葉）", "山田青葉"),
        ("港は静かだ。（山田青葉・海野港子）", "山田青葉、海野港子"),
        ("「静かだ」（文・山田青葉、写真・海野港）", "山田青葉"),
        ("港は静かだ。（聞き手　山田青葉）", "山田青葉"),
        ("港は静かだ。（共同）", "共同"),
        ("港は静かだ。【社会部取材班】", "社会部取材班"),
        ("海港很安静。（评论员 王青 李海）", "王青、李海"),
        ("《AY》", "AY"),
        ("（山田青葉）", "山田青葉"),
        ("港は静かだ。（ワシントン 山田青葉）", "山田青葉"),
        ("港は静かだ。〈山田青葉〉", "山田青葉"),
        ("港は静かだ。（聞き手は編集委員・山田青葉）", "山田青葉"),
        ("港は静かだ。（取材班＝山田青葉、海野港）", "山田青葉、海野港"),
        ("港は静かだ。（青空通信）", "青空通信"),
        ("【ソウル青空ニュース】港は静かだ。", "青空ニュース"),
        ("【ロシア国営テレビ】港は静かだ。", ""),
        ("港は静かだ。（自民党）", ""),
        ("港は静かだ。（甲国・北港）", ""),
        ("港は静かだ。（訳・海野港）", ""),
        ("港は静かだ。（写真・海野港）", ""),
        ("港は静かだ。（笑）", ""),
        ("港は静かだ。（敬称略）", ""),
        ("港は静かだ。（肩書は当時）", ""),
        ("港は静かだ。（2面に関連記事）", ""),
        ("港は静かだ。（北港市）", ""),
        ("港は静かだ。（続く）", ""),
        ("首相は「静かだ」（山田氏）と述べた。", ""),
        ("【高校野球】北港高校は5日、勝った。", ""),
        ("【山田青葉】港は静かだ。", ""),
        ("【写真】", ""),
        ("【関連記事】", ""),
    ],
)
def test_signatures(paragraph: str, names: str) -> None:
    assert "、".join(read_signature(paragraph)) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("気象予報士・防災士 室川まひる", "室川まひる"),
        ("主任研究員　山田青葉", "山田青葉"),
        ("山田青葉（主任研究員）", "山田青葉"),
        ("山田 青葉 : 青空経済 記者", "山田 青葉"),
        ("（山田 青葉：軍事ジャーナリスト）", "山田 青葉"),
        ("羽野あずさ 野菜ライター", "羽野あずさ"),
        ("青空新聞編集委員・山田青葉", "山田青葉"),
        ("ワシントン支局長・山田青葉", "山田青葉"),
        ("ワシントン 山田青葉", "山田青葉"),
        ("キーウ＝オレナ・マリチ", "オレナ・マリチ"),
        ("ソウル＝パク・ジウン特派員", "パク・ジウン"),
        ("山田青葉 海野港", "山田青葉、海野港"),
        ("山田 青葉 海野 港", "山田 青葉、海野 港"),
        ("佐々木 健一郎", "佐々木 健一郎"),
        ("山田青葉 記者 海野港 記者", "山田青葉、海野港"),
        ("山田青葉・海野港子", "山田青葉、海野港子"),
        ("山田青葉／青空通信", "山田青葉"),
        ("文：山田青葉 写真：海野港", "山田青葉"),
        ("取材・文／山田青葉　撮影／海野港", "山田青葉"),
        ("文 山田青葉 写真 海野港", "山田青葉"),
        ("山田青葉（文） 海野港（写真）", "山田青葉"),
        ("聞き手は山田青葉", "山田青葉"),
        ("聞き手 編集委員・山田青葉", "山田青葉"),
        ("文責・山田青葉", "山田青葉"),
        ("山田青葉 yamada@aozora.example", "山田青葉"),
        ("山田青葉（やまだ・あおば）", "山田青葉"),
        ("2030年4月5日 10:30 山田青葉", "山田青葉"),
        ("投稿日：2030年4月5日 投稿者：山田青葉", "山田青葉"),
        ("山田青葉 | 2030年4月5日 | 国際", "山田青葉"),
        ("山田青葉フォローする", "山田青葉"),
        ("＜山田青葉＞", "山田青葉"),
        ("一ノ瀬青葉", "一ノ瀬青葉"),
        ("𠮷田青葉", "𠮷田青葉"),
        ("山田よし子", "山田よし子"),
        ("ジョン・ヤマダ", "ジョン・ヤマダ"),
        ("安全保障・防衛", ""),
        ("ロシア・ウクライナ", ""),
        ("中東情勢", ""),
        ("北東アジア", ""),
        ("週刊アオバ", ""),
        ("キャスター：海野港", ""),
        ("自衛隊", ""),
        ("経済産業省", ""),
        ("名古屋", ""),
        ("大相撲", ""),
        ("新着記事", ""),
        ("印刷用ページ", ""),
        ("もっと見る", ""),
        ("海から", ""),
        ("始める", ""),
        ("Press Release", ""),
        ("写真部・海野港", ""),
        ("海野港撮影", ""),
        ("訳＝海野港", ""),
        ("出演：海野港", ""),
        ("取材協力：海野港", ""),
        ("山田青葉さん", ""),
        ("山田青葉氏", ""),
        ("記事：3件", ""),
        ("連絡・報告・相談", ""),
    ],
)
def test_names_by_the_date(line: str, names: str) -> None:
    for lines in (["港が開いた", "2030年4月5日", line, "印刷"], ["港が開いた", line, "4月5日(金) 10:30"]):
        assert "、".join(read_beside(lines, 0, "")) == names


def test_a_bare_name_says_little() -> None:
    assert read_beside(["港が開いた", "2030年4月5日", "印刷", "山田青葉"], 0, "") == ()
    assert read_beside(["港が開いた", "2030年4月5日", "山田青葉"], 0, "山田青葉さんは港を歩いた。") == ()
    assert read_beside(["山田青葉", "港が開いた", "港は静かだ", "2030年4月5日"], 1, "") == ()
    assert read_beside(["港が開いた", "2030年4月5日", "青空研究所 主任研究員", "山田青葉"], 0, "") == ("山田青葉",)
    assert read_beside(["港が開いた", "2030年4月5日", "会員限定記事", "山田青葉"], 0, "") == ("山田青葉",)
    assert read_beside(["港が開いた", "港は静か", "山田青葉", "国際部記者", "2030年4月5日"], 0, "") == ("山田青葉",)
    assert read_beside(["港が開いた", "2030年4月5日", "山田青葉", "主任研究員（港湾）", "海野 港"], 0, "") == (
        "山田青葉",
        "海野 港",
    )


@given(
    st.lists(st.sampled_from(["山田青葉", "海野港子", "山田 青葉", "羽野あずさ", "佐々木健"]), min_size=2, unique=True)
)
def test_names_in_a_row_are_all_read(persons: list[str]) -> None:
    assert full_names("、".join(persons)) == tuple(persons)
    close = [person.replace(" ", "") for person in persons]
    assert full_names(" ".join(close)) == tuple(close)
    assert all(map(is_full_name, full_names("／".join(persons))))


@pytest.mark.parametrize(
    ("line", "house"),
    [
        ("青空通信", "青空通信"),
        ("© 青空通信", "青空通信"),
        ("配信：北港テレビ", "北港テレビ"),
        ("青空放送 国際局 news@example.org", "青空放送 国際局"),
        ("港調査班", "港調査班"),
        ("青空防災センター", "青空防災センター"),
        ("青空ニュース編集部", "青空ニュース編集部"),
        ("関連ニュース", ""),
        ("新しいニュース", ""),
        ("国際ニュース一覧", ""),
        ("© 2030 Aozora Inc. All rights reserved.", ""),
        ("港の話題", ""),
        ("青空通信社によると、港は静かだ。", ""),
        ("山田青葉（青空放送報道部記者）", ""),
    ],
)
def test_credits(line: str, house: str) -> None:
    assert read_credit(line) == house
    assert list(houses_beside(["港が開いた", "4月5日(金) 10:30配信", "コメント12件", line, "印刷"])) == [house] * bool(
        house
    )


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["この記事を書いた人", "山田青葉", "港を歩く。"], "山田青葉"),
        (["この記事を書いた人", "山田青葉（青空放送報道部記者）"], "山田青葉"),
        (
            ["この研究の担当者", "山田 青葉（やまだ・あおば）", "港を歩く。", "海野 港（うんの・みなと）"],
            "山田 青葉、海野 港",
        ),
        (["著者プロフィール", "羽野あずさ 野菜ライター"], "羽野あずさ"),
        (["この記事を書いた人", "港調査班", "港の会見を書き起こす。"], "港調査班"),
        (["答えてくれた人", "山田青葉"], ""),
        (["ライター", "山田青葉"], ""),
        (["この記事を書いた人", "港を歩く。", "山田青葉"], ""),
        (["港"] * 40 + ["著者", "山田青葉"], ""),
        (["港"] * 40 + ["この記事の著者", "山田青葉"], "山田青葉"),
    ],
)
def test_portraits(lines: list[str], names: str) -> None:
    assert "、".join(read_portrait(lines)) == names


PERSONS = st.builds(
    lambda family, space, given: family + space + given,
    st.sampled_from(["山田", "海野", "佐々木", "五十嵐", "東海林"]),
    st.sampled_from(["", " "]),
    st.sampled_from(["青葉", "港子", "太郎", "みなと", "健一郎"]),
)


@given(
    PERSONS,
    st.sampled_from(
        [
            "文／{}",
            "文・写真＝{}",
            "取材・文　{}",
            "ライター：{}",
            "【執筆】{}",
            "{}記者",
            "（{}）",
            "港だ。（社会部・{}）",
            "港だ。【カイロ＝{}】",
        ]
    ),
)
def test_a_name_is_read_back_from_every_form(name: str, form: str) -> None:
    line = form.format(name)
    assert (read_byline(line) or read_signature(line)) == (name,)


# Pages as they are built in Japan, and who wrote them.
BODY = "".join(
    f"<p>甲国の首相は{day}日、北港の警備に掃海艇を送ると述べた。任務は一年に限られ、議会の承認を受けるという。</p>"
    for day in range(3, 7)
)
PUBLISHER = {"publisher": {"@type": "Organization", "name": "青空新聞社"}}
SITE = '<meta property="og:site_name" content="青空新聞">'


def news(head: str = "", *, below_title: str = "", body: str = BODY, below: str = "") -> str:
    return (
        f"<html lang=ja><head><title>{TITLE}｜青空新聞</title>{SITE}{head}</head><body><nav><ul><li>国内<li>国際</ul></nav>"
        f"<article><h1>{TITLE}</h1>{below_title}{body}</article>{below}"
        "<h2>関連記事</h2><ul><li><a href=/1>港の歴史をたどる</a><li><a href=/2>海の安全を考える</a></ul></body></html>"
    )


def article_ld(**properties: object) -> str:
    return ld({"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **PUBLISHER, **properties})


@pytest.mark.parametrize(
    ("page", "author"),
    [
        pytest.param(news(article_ld(author="山田青葉")), "山田青葉", id="json-ld string"),
        pytest.param(news(article_ld(author=["山田青葉", "海野港"])), "山田青葉、海野港", id="json-ld list"),
        pytest.param(
            news(article_ld(author={"@type": "Person", "name": "山田青葉記者"})), "山田青葉", id="json-ld with title"
        ),
        pytest.param(
            news(ld({"@graph": [{"@type": "BlogPosting", "author": {"@id": "#a"}}, {"@type": "Person", "@id": "#a", "name": "青葉"}]})),
            "青葉",
            id="json-ld reference",
        ),
        pytest.param(
            news(article_ld(author={"@type": "Organization", "name": "青空新聞社"}, creator=["山田青葉"])),
            "山田青葉",
            id="json-ld creator",
        ),
        pytest.param(news(article_ld(author={"@type": "Organization", "name": "青空新聞社"})), None, id="publisher"),
        pytest.param(news(article_ld(author={"@type": "Person", "name": "青空新聞"})), None, id="site as a person"),
        pytest.param(
            news('<meta property="article:author" content="https://social.example.org/aozora">'), None, id="address"
        ),
        pytest.param(news('<meta name="twitter:creator" content="@aozora">'), None, id="account"),
        pytest.param(news('<meta name="author" content="admin">'), None, id="name of nobody"),
        pytest.param(
            news('<meta name="author" content="aozora"><meta property="og:url" content="https://www.aozora.example/1">'
                 '', below_title="<p>文／山田青葉</p>"), "山田青葉", id="host as author"
        ),
        pytest.param(
            news('<meta property="article:author" content="山田青葉"><meta property="article:author" content="海野港">'),
            "山田青葉、海野港",
            id="a meta element each",
        ),
        pytest.param(news('<meta name="cXenseParse:author" content="山田青葉">'), "山田青葉", id="meta of a measuring service"),
        pytest.param(news(below_title='<span class="article-writer">山田青葉</span>'), "山田青葉", id="class"),
        pytest.param(
            news(below_title='<p class="author">青空新聞 Staff 2030年4月5日 10時30分</p>'), "青空新聞 Staff", id="desk in a class"
        ),
        pytest.param(
            news(below='<aside><div class="author">海野港</div></aside>'), None, id="author of something beside"
        ),
        pytest.param(
            news(below_title="<p>著者：</p><ul><li>山田青葉</li></ul><p>翻訳者</p><ul><li>海野港</li></ul>"),
            "山田青葉",
            id="label above the name",
        ),
        pytest.param(news(below="<div>この記事を書いた人</div><dl><dt>山田青葉<dd>北港支局</dl>"), "山田青葉", id="portrait"),
        pytest.param(
            news(article_ld(author="山田青葉"), body=BODY + "<p>港は静かだ。【北港・山田青葉、カイロ海野港】</p>"),
            "山田青葉、海野港",
            id="signature has more names",
        ),
        pytest.param(
            news(article_ld(author="山田青葉"), body=BODY + "<p>港は静かだ。（海野港）</p>"), "山田青葉", id="another signature"
        ),
        pytest.param(news(body="<p>【北港＝山田青葉】港は静かだと首相は述べた。</p>" + BODY), "山田青葉", id="dateline"),
        pytest.param(news(body=BODY + "<p>港は静かだ。（共同）</p>"), "共同", id="agency"),
        pytest.param(
            news(below_title="<p>共同通信</p><p>記者：山田青葉</p>", body=BODY + "<p>港は静かだ。（共同）</p>"),
            "山田青葉",
            id="person before agency",
        ),
        pytest.param(
            news(below_title="<div class=q>2030年4月5日</div><div class=w>気象予報士 山田青葉<br>同 海野港子</div>"),
            "山田青葉、海野港子",
            id="roles on two lines",
        ),
        pytest.param(
            news(below_title="<p>2030年4月5日</p><p>北港放送</p>"), "北港放送", id="station by the date"
        ),
        pytest.param(
            news(article_ld(author={"@type": "Organization", "name": "青空通信"}),
                 body="<p>【北港＝青空】港は静かだと首相は述べた。</p>" + BODY),
            "青空通信",
            id="dateline with the short name of the agency",
        ),
        pytest.param(
            news(body="<p>【北港＝青空】港は静かだと首相は述べた。</p>" + BODY + "<p>© 青空通信</p>").replace("青空新聞", "青空通信"),
            "青空通信",
            id="agency that publishes",
        ),
        pytest.param(
            news(article_ld(author={"@type": "Organization", "name": "青空新聞社"})) + "<footer>© 青空新聞社</footer>",
            "青空新聞社",
            id="publisher that is declared and signs",
        ),
        pytest.param(
            news(article_ld(author={"@type": "Organization", "name": "青空新聞"}), below_title="<p>青空新聞</p>"),
            "青空新聞",
            id="publisher that is declared and printed below the title",
        ),
        pytest.param(news() + "<footer>© 青空新聞社</footer>", None, id="publisher in the footer alone"),
        pytest.param(
            news(article_ld(author={"@type": "Person", "name": "青空データ班"}),
                 below="<div><h3>港の歴史</h3><div class=author>海野港子</div></div>"),
            "青空データ班",
            id="desk beside the author of another article",
        ),
        pytest.param(
            news(body=BODY + "<p>北港＝パク・ジウン記者 park@example.org</p>"), "パク・ジウン", id="signature with an address"
        ),
        pytest.param(
            news(below="<div>識者の視点</div><div>山田青葉（国際政治学者）</div><div>2030年4月6日 投稿</div><p>港は静かだ。</p>"),
            None,
            id="commentator",
        ),
        pytest.param(
            news(below_title="<p>2030年4月5日</p><p>山田青葉</p>", body="<p>港を山田青葉さんが歩いた。</p>" + BODY),
            None,
            id="whom the article is about",
        ),
        pytest.param(news(), None, id="nobody"),
        pytest.param(
            f'<html lang=zh><title>{TITLE}_海报网</title><meta name="author" content="王青"><h1>{TITLE}</h1>'
            f"{BODY}<p>（责任编辑：王青）</p>", None, id="editor in charge"
        ),
        pytest.param(
            f'<html lang=zh><title>{TITLE}_海报网</title><meta name="author" content="海报网"><h1>{TITLE}</h1>{BODY}',
            None,
            id="publisher by the title",
        ),
    ],
)  # fmt: skip
def test_authors_of_pages(page: str, author: str | None) -> None:
    assert clean(html=page).author == author


@pytest.mark.parametrize(
    ("above", "below", "author"),
    [
        ("山田青葉\n2030年4月5日 10時30分", "", "山田青葉"),
        ("山田 青葉\n2030/4/5 10:30", "", "山田 青葉"),
        ("2030年4月5日 10時30分\n文／山田青葉", "", "山田青葉"),
        ("2030年4月5日 10時30分", "（山田青葉）", "山田青葉"),
        ("2030年4月5日 10時30分", "文・写真＝山田青葉\n関連記事\n  • 文／海野港 港の歴史", "山田青葉"),
        ("山田青葉 海野港\n2030年4月5日 10時30分", "", "山田青葉、海野港"),
        ("2030年4月5日 10時30分 山田青葉", "", "山田青葉"),
        ("2030年4月5日 10時30分\n主任研究員 山田青葉", "", "山田青葉"),
        ("4月5日(金) 10:30配信\nコメント12件\n北港新報", "", "北港新報"),
        ("2030年4月5日 10時30分", "この記事を書いた人\n山田青葉\n港を歩く。", "山田青葉"),
        ("2030年4月5日 10時30分", "出所：青空ニュース編集部", "青空ニュース編集部"),
        ("安全保障\n2030年4月5日 10時30分", "", None),
        ("特集記事\n2030年4月5日 10時30分", "", None),
        ("2030年4月5日 10時30分", "関連記事\n  • 港の歴史\n海野港 2030年4月4日", None),
    ],
)
def test_authors_of_text(above: str, below: str, author: str | None) -> None:
    body = "\n\n".join(
        f"甲国の首相は{day}日、北港の警備に掃海艇を送ると述べた。任務は一年に限られるという。" for day in range(3, 7)
    )
    assert clean(f"ホーム\n国内\n国際\n\n{TITLE}\n\n{above}\n\n{body}\n\n{below}\n").author == author


@given(st.text("甲乙港海｜|-:：【】 ", max_size=30), st.text("甲乙港海", max_size=5))
def test_a_title_keeps_its_beginning_or_loses_its_site(title: str, site: str) -> None:
    bare = without_site_name(title, site)
    assert bare in title
    assert without_site_name(bare, site) == bare or site in title


def test_outcomes_of_a_labelled_page() -> None:
    page = news(article_ld(author="山田青葉", datePublished="2030-04-04T20:00:00Z"))
    labels = {"title": TITLE.replace("、", " "), "date": "2030-04-05", "author": ["山田 青葉"]}
    found = clean(html=page)
    assert {field: outcome for field, outcome, _ in outcomes(labels, found)} == dict.fromkeys(labels, "right")
    others: dict[str, object] = {"title": "海", "date": None, "author": []}
    assert [tuple(one)[:2] for one in outcomes(others, found)] == [("title", "wrong"), ("author", "false")]
    nothing = clean(html=news())
    assert [one[1] for one in outcomes({"date": "2030-04-05", "author": "海野港"}, nothing)] == ["missing", "missing"]
    assert [one[1] for one in outcomes({"author": []}, nothing)] == ["rightly none"]


@pytest.mark.parametrize("module", [dates, names, bylines, placed_names, site_names, titles, benchmarks.metadata])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
