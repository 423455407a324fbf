"""Reading what the parser writes of a tree: the same as walking the tree, and nothing worse where it is broken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from kakuyaku.cleaning.html import dump, read
from kakuyaku.cleaning.html_lines import Lines
from kakuyaku.cleaning.line_features import LINE_FEATURES
from kakuyaku.cleaning.markup import ACTIONS, BREAK, ITEM, LINK, PASS, SKIP, SPACED, STEMS, WORDS

TAGS = (
    *("p", "div", "ul", "li", "table", "tr", "td", "span", "b", "a", "br", "hr", "img", "h2", "section", "ruby", "rt"),
    *[
        "svg",
        "math",
        "style",
        "script",
        "template",
        "noscript",
        "iframe",
        "textarea",
        "title",
        "object",
        "select",
        "xmp",
    ],
    *("head", "body", "frameset", "input", "param", "meta", "my-box", "foreignObject", "desc", "mi", "pre", "button"),
)
ATTRIBUTES = (
    "",
    " hidden",
    ' style="color:red; DISPLAY : none"',
    ' style="display:block"',
    ' title="<p>&quot;\'>"',
    " =a b'c",
)
TEXTS = (
    *("海", "港 ", "\n", "　", "&amp;lt;", "&nbsp;", "a < b", "</", "<!", "<!-- <p>港 -->", "<!-->", "<!x-->y>", "<?x?>"),
    *("<![CDATA[<b>海]]>", "\0", '"', "'", "<script><!-- '<script></script>' --></script>", "<script>'</p>'</script>"),
    *("<style>a{}</style>", "<svg><style>&lt;p></style><path /></svg>", "<template><script>'</template>'</script></template>"),
)  # fmt: skip
soup = st.lists(
    st.one_of(
        st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
        st.sampled_from(TAGS).map("</{}>".format),
        st.sampled_from(TEXTS),
    ),
    max_size=40,
).map("".join)


class Walk:
    """The text of a page by walking through its tree, block by block: slow and plain."""

    def __init__(self, body: LexborNode | None) -> None:
        self.shown: list[str] = []
        self._said = ""
        self._spaced = False
        self._items: list[bool] = []  # around the place: has it shown a line
        if body is not None:
            self._pass(body)
        self._end_line(PASS)

    def _pass(self, node: LexborNode) -> None:
        if node.tag == "-text":
            self._said += node.text_content or ""
            return
        action, attributes = ACTIONS.get(str(node.tag), PASS), node.attributes
        style = attributes.get("style") or ""
        if action == SKIP or "hidden" in attributes or re.search(r"display\s*:\s*none", style, re.IGNORECASE):
            return
        if action not in (PASS, LINK):
            self._end_line(action)
        self._items += [False] * (action == ITEM)
        child = node.first_child
        while child is not None:
            self._pass(child)
            child = child.next
        if action not in (PASS, LINK, BREAK):
            self._end_line(action)
        if action == ITEM:
            self._items.pop()

    def _end_line(self, action: int) -> None:
        if words := self._said.split():
            self.shown += [""] * (self._spaced and bool(self.shown))
            indent = ("    " if self._items[-1] else "  • ") if self._items else ""
            self.shown.append(indent + " ".join(words))
            self._items = [True] * len(self._items)
            self._spaced = False
        self._said = ""
        self._spaced |= action == SPACED


@given(soup)
def test_what_is_written_reads_like_the_tree(html: str) -> None:
    tree = LexborHTMLParser(html.encode(), scripting=True)
    assert dump(html) == "".join(f"{line}\n" for line in Walk(tree.body).shown)


@given(soup)
def test_broken_writing_breaks_nothing(html: str) -> None:
    lines = Lines(html)
    assert lines.table["number"].tolist() == [number for number, line in enumerate(lines.shown) if line]
    assert ((lines.table["begin"] < lines.table["end"]) & (lines.table["end"] <= len(lines.points))).all()
    assert ((lines.blocks["first"] <= lines.blocks["last"]) & (lines.blocks["last"] <= len(lines.table))).all()


@pytest.mark.parametrize(
    "html",
    [
        "<svg><svg></svg>港</svg>海",
        "<div hidden><div></div><script>'</div>'</script><!-- </div> -->港</div>海",
        "<my-box hidden><my-bag></my-bag>港</my-box>海",
        "<param hidden>海",
        "<br hidden>海",
        '<p style="display: block; display : NONE">港</p>海',
        "<p title=\"hidden=''>港\" data-hidden>海</p>",
        "<p style=display-none>海</p>",
        "<script><!-- <script>港</script>港--></script>海",
        "<script>'<!-->'</script>海<script><!--> <script> </script>",
        "<template><template></template><p>港</p></template>海",
        "<template><noscript>港</noscript></template>海",
        "<svg><title><b>港</b></title><link>港</svg>海",
        "<noscript><svg></noscript>海",
        "<svg><script>&lt;!--&lt;script></script></svg>海",
        "<svg><script><![CDATA[<!--<script>]]></script></svg>海",
        "<div hidden><math><script>&lt;!--&lt;script></script></math></div>海",
        "<div a\x01b hidden>港</div>海",
        "<script\x01 hidden>港</script\x01>海",
        "<SVG VIEWBOX=0><foreignObject><p>港</p></foreignObject></SVG>海",
    ],
)
def test_what_is_not_shown(html: str) -> None:
    assert dump(html) == "海\n"


_PARTS = (
    *" ".join(WORDS.values()).split(),
    *("-", "_", "x", "X", "1", "海", "A", "NAV", "Head", "sb", "online", "inside", "platform", " ", '"', "&"),
)


@given(st.lists(st.sampled_from(_PARTS), max_size=6).map("".join), st.sampled_from(("class", "id")))
def test_words_of_names(name: str, attribute: str) -> None:
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]
    stem = re.compile("|".join(sorted(STEMS, key=len, reverse=True)))
    known = {word for group in WORDS.values() for word in group.split()}
    said = {part for word in words for part in ([word] if word in known else stem.findall(word))}
    escaped = name.replace("&", "&amp;").replace('"', "&quot;")
    row = read(f'<p {attribute}="{escaped}">海</p>').line_features[0]
    for group, of_group in WORDS.items():
        assert row[LINE_FEATURES.index(f"word_{group}")] == (not said.isdisjoint(of_group.split())), group


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta property="og:title" content="北の海">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "北の海"}</script>',
        '<div hidden><script TYPE="Application/LD+JSON; charset=utf-8">{"@type": "NewsArticle", "headline": "北の海"}</script></div>',
        "<svg><title>北の海</title></svg>",
        '<script type=" application/ld+json">{"@type": "NewsArticle", "headline": "北の海"}</script>',
    ],
)
def test_declarations_in_the_body(declaration: str) -> None:
    title = read(f"<p>港</p>{declaration}<p>船</p>").metadata.title
    assert title is not None
    assert title.value == "北の海"
