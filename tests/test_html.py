"""Reading HTML: the dump, the features of its lines, and hostile pages. All pages here are the project's own."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuyaku.cleaning.html import HtmlPage, dump, read
from kakuyaku.cleaning.line_features import LINE_FEATURES


def feature(page: HtmlPage, line: str, name: str) -> float:
    return float(page.line_features[page.text.split("\n").index(line), LINE_FEATURES.index(name)])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>港は<b>静か</b>だ。</p>", "港は静かだ。\n"),
        ("<p>一行目<br>二行目</p>", "一行目\n二行目\n"),
        ("<div>一</div><div>二</div>", "一\n二\n"),
        ("<p>一</p><p>二</p>", "一\n\n二\n"),
        ("<div>前</div><ul><li>北港<li>南港</ul><div>後</div>", "前\n\n  • 北港\n  • 南港\n\n後\n"),
        ("<ul><li>北港<div>軍港</div></li></ul>", "  • 北港\n    軍港\n"),
        ("<ul><li><img src=a></li><li>南港</li></ul>", "  • 南港\n"),
        ("<ul><li>北<ul><li>内</li></ul></li><li>南</li></ul>", "  • 北\n\n  • 内\n\n  • 南\n"),
        ("<a>一</a> <a>二</a>\n<a>三</a>", "一 二 三\n"),
        ("<p>　字下げ　と\u00a0空白  </p>", "字下げ と 空白\n"),
        ("<ruby>掃海艇<rp>(</rp><rt>そうかいてい</rt><rp>)</rp></ruby>", "掃海艇\n"),
        ("一<script>if (a < b) '<p>海</p>'</script><style>p{}</style><!-- <p>港</p> -->二", "一二\n"),
        ("一<noscript><p>港</p></noscript><template>港</template><select><option>港</select>二", "一二\n"),
        ('<p hidden>港</p><p style="color:red; DISPLAY : none">港</p><span style="display:none">港</span>海', "海\n"),
        ('<p style="display:block">港</p><p aria-hidden="true">海</p>', "港\n\n海\n"),
        ("&lt;p&gt;海&amp;lt;&#x6d77;&nbsp;", "<p>海&lt;海\n"),
        ("<table><tr><td>北<td>南<tr><td>東</table>", "北\n南\n東\n"),
        ("<p>閉じない<div>次</p></b></i><p>終", "閉じない\n\n次\n\n終\n"),
        ("<frameset><frame src=a></frameset>", ""),
        ("", ""),
        ("ただの文", "ただの文\n"),
    ],
)
def test_dump(html: str, text: str) -> None:
    assert dump(html) == text


words = st.text("海港船あaz", min_size=1, max_size=8)


@given(st.lists(st.tuples(st.sampled_from(["p", "div", "h2", "blockquote"]), words), max_size=12))
def test_blocks_are_lines(blocks: list[tuple[str, str]]) -> None:
    page = read("".join(f"<{tag}>{text}</{tag}>" for tag, text in blocks))
    assert [line for line in page.text.split("\n") if line] == [text for _, text in blocks]


@given(st.lists(words, min_size=1), st.sampled_from(["span", "b", "em", "a", "font", "i"]))
def test_inline_elements_break_no_line(texts: list[str], tag: str) -> None:
    assert dump("".join(f"<{tag}>{text}</{tag}>" for text in texts)) == "".join(texts) + "\n"


markup = st.lists(
    st.sampled_from(
        [
            *(
                "<div>",
                "</div>",
                "<p>",
                "</p>",
                "<ul>",
                "<li>",
                "</ul>",
                "<a href=x>",
                "</a>",
                "<br>",
                "<table>",
                "<td>",
            ),
            *(
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "<b",
                "'",
                '"',
                ">",
                "=",
                "&",
                "&amp;",
                "<![CDATA[",
                "]]>",
                "<svg>",
            ),
            *(
                "<template>",
                "<form>",
                "</form>",
                "<h1>",
                "</table>",
                "<select>",
                "<p hidden>",
                "海",
                " ",
                "\n",
                "<title>",
            ),
            '<script type="application/ld+json">',
            '{"@type":"NewsArticle"',
            '<meta name="date" content="',
            "2030-04-05",
        ]
    )
).map("".join)


@given(markup | st.text() | st.binary())
def test_any_markup_is_read(html: str | bytes) -> None:
    page = read(html)
    lines = page.text.split("\n")
    assert page.line_features.shape == (len(lines), len(LINE_FEATURES))
    assert np.isfinite(page.line_features).all()
    assert not page.line_features[[not line for line in lines]].any()
    assert read(html).text == page.text


@given(st.text())
def test_escaped_text_is_not_parsed_again(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = text.replace("\x00", "").replace("\r", "\n")
    assert dump(f"<body><p>a{escaped}a") == " ".join(f"a{plain}a".split()) + "\n"


def test_white_space_is_what_python_takes_for_it() -> None:
    codes = [code for code in range(1, sys.maxunicode + 1) if chr(code).isspace() or code in (0x200B, 0xFEFF, 0x3001)]
    text = "".join(f"港{chr(code)}" for code in codes)
    assert dump(f"<p>{text}\u3000</p>") == " ".join(text.split()) + "\n"


def test_no_nul_reaches_the_texts() -> None:
    places = (
        "<p>北\0",
        "<table>北\0",
        "<td>北\0",
        "<select>\0</select>",
        "<ul>\0<li>\0",
        "<svg>\0</svg>",
        "<pre>\n\0",
        "\0",
        "&#0;",
    )
    page = read("".join(f"{place}港<b>\0</b>海" for place in places))
    assert page.text.count("海") == len(places)
    assert "\0" not in page.text


def test_links() -> None:
    page = read("<p><a href=a>北港</a>と<a href=b>南港 </a></p><p>海</p><a href=c><div>海路</div><p>航路</p></a>")
    assert feature(page, "北港と南港", "link_share") == pytest.approx(4 / 5)
    assert feature(page, "北港と南港", "n_links") == 2
    assert feature(page, "海", "link_share") == 0
    assert feature(page, "海路", "link_share") == feature(page, "航路", "link_share") == 1


def test_hints_of_tags_and_names() -> None:
    page = read(
        '<nav><ul class="sideMenu"><li>案内</li></ul></nav><article><div class="kijibody"><h2>見出し</h2><div><div><div><p>文</p>'
        '</div></div></div></div><figure><figcaption>説明</figcaption></figure></article><div role="navigation">道</div>'
        '<section itemprop="articleBody">記事</section>'
    )
    nav = "  • 案内"
    assert feature(page, nav, "nav") == feature(page, nav, "list") == feature(page, nav, "is_item") == 1
    assert feature(page, nav, "word_navigation") == 1
    assert feature(page, nav, "article") == feature(page, nav, "word_body") == 0
    assert feature(page, "見出し", "heading_level") == 2
    assert feature(page, "見出し", "is_heading") == feature(page, "見出し", "near_word_body") == 1
    assert (
        feature(page, "文", "is_paragraph") == feature(page, "文", "word_body") == feature(page, "文", "article") == 1
    )
    assert feature(page, "文", "near_word_body") == 0, "too far out"
    assert feature(page, "説明", "is_figcaption") == feature(page, "説明", "figure") == 1
    assert feature(page, "道", "nav") == 1
    assert feature(page, "記事", "article_body") == 1


def test_containers() -> None:
    page = read(
        "<div><div><p>船が出た。</p><p>港は静かだ。</p></div><aside><a href=a>他の記事</a></aside></div><footer>会社</footer>"
    )
    for name, value in (("lines", 2), ("chars", 11), ("stops", 2), ("paragraphs", 2), ("link_share", 0)):
        assert feature(page, "船が出た。", f"container_{name}") == value, name
    assert feature(page, "船が出た。", "outer_lines") == 3
    assert feature(page, "船が出た。", "in_main") == feature(page, "港は静かだ。", "in_main") == 1
    assert feature(page, "他の記事", "in_main") == feature(page, "会社", "in_main") == 0
    assert feature(page, "船が出た。", "to_main") == 0
    assert feature(page, "他の記事", "to_main") == 1


def test_wrapped_paragraphs_share_their_main_container() -> None:
    page = read("<div>" + "<div><p>船が港を出た。</p></div>" * 4 + "</div><div>会社</div>")
    rows = page.line_features[:, LINE_FEATURES.index("in_main")]
    assert [bool(row) for row, line in zip(rows, page.text.split("\n"), strict=True) if line] == [True] * 4 + [False]


N = 30_000


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * N + "海", id="deep"),
        pytest.param("<div>" * N + "海" + "</div>" * N, id="deep and closed"),
        pytest.param("<div></x>" * N + "海", id="wrong ends"),
        pytest.param("<ul><li>" * N + "海", id="lists"),
        pytest.param("<b>" * N + "<p>海" * 100, id="formatting"),
        pytest.param("<p>" + "".join(f"<font color={i}>" for i in range(3000)) + "<p>海" * 3000, id="fonts"),
        pytest.param("<p " + " ".join(f"a{i}=b" for i in range(N)) + ">海", id="attributes"),
        pytest.param("<p " + " ".join(f"a{i}='>'" for i in range(N)) + ">海", id="attributes with brackets"),
        pytest.param(
            "<b></b>" * 2500 + "<p " + " ".join(f"a{i}" for i in range(N)) + ">海", id="attributes among tags"
        ),
        pytest.param(
            "<p " + " ".join(f"a{i}='>' b{i}='<'" for i in range(N // 8)) + ">海", id="few brackets in attributes"
        ),
        pytest.param("<" * N + "海", id="brackets"),
        pytest.param("<title>" + "a - " * N + "</title>海", id="title"),
        pytest.param("<p>" + " " * N * 10 + "海", id="spaces"),
        pytest.param("海<br>" * N, id="lines"),
        pytest.param('<script type="application/ld+json">' + "[" * N + "</script>海", id="json"),
        pytest.param("<svg>" * N + "</svg>" * N + "海", id="svg"),
    ],
)
def test_hostile_pages_take_no_time(html: str) -> None:
    begin = time.process_time()
    assert "海" in dump(html)
    assert time.process_time() - begin < 3


def test_a_stray_quote_swallows_no_line() -> None:
    page = '<p><a href="x" ">北港</a></p><p>南港</p>'
    assert dump(page * 2000) == "北港\n\n南港\n" + "\n北港\n\n南港\n" * 1999
