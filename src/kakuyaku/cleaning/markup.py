"""What an element says: whether it breaks the line, and which hints its name and attributes give about its text."""

from __future__ import annotations

import re
from typing import Final

# What an element does to the lines. (Plain numbers: they are compared for every tag of a page.)
PASS: Final = 0  # nothing: span, b
LINK: Final = 1
BREAK: Final = 2  # ends the line: br
BLOCK: Final = 3  # lines of its own
SPACED: Final = 4  # lines of its own between blank lines
ITEM: Final = 5  # lines of its own behind a bullet
SKIP: Final = 6  # not shown, nor what it holds

_NAME = re.compile(r"[\w-]+")
_SPACED = frozenset(
    _NAME.findall(
        "article aside blockquote dl figure footer form h1 h2 h3 h4 h5 h6 header main nav ol p pre section table ul"
    )
)
_PLAIN = frozenset(
    _NAME.findall(
        "address body caption center dd details dialog dir div dt fieldset figcaption frameset hgroup legend listing "
        "menu search summary tbody td tfoot th thead tr"
    )
)
SKIPPED = frozenset(
    _NAME.findall(
        "area audio canvas col datalist embed head iframe img input link math meta noembed noframes noscript "
        "object plaintext rp rt script select source style svg template textarea title track video wbr xmp"
    )
)
ACTIONS = {
    **dict.fromkeys(SKIPPED, SKIP),
    **dict.fromkeys(_SPACED, SPACED),
    **dict.fromkeys(_PLAIN, BLOCK),
    **dict.fromkeys(("br", "hr"), BREAK),
    "li": ITEM,
    "a": LINK,
}
# In what the parser writes: elements without end tag, and those whose text stands as it is.
VOID = frozenset(
    _NAME.findall("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")
)
RAW = frozenset(_NAME.findall("iframe noembed noframes noscript plaintext script style xmp"))
_CONTAINERS = frozenset(
    _NAME.findall(
        "address article aside blockquote body center details dialog div dl fieldset figure footer form header main "
        "nav section table td"
    )
)
BLOCK_CLASSES = tuple(
    _NAME.findall("division paragraph heading item cell definition figcaption quote preformatted control")
)
_BLOCK_CLASS = {
    "p": "paragraph",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "item",
    **dict.fromkeys(("td", "th", "caption"), "cell"),
    **dict.fromkeys(("dt", "dd"), "definition"),
    "figcaption": "figcaption",
    "blockquote": "quote",
    **dict.fromkeys(("pre", "listing"), "preformatted"),
    **dict.fromkeys(("legend", "summary", "fieldset"), "control"),
}

# The words that authors of pages use in classes and ids, by what they announce. Names are split at hyphens, underscores
# and humps; of compounds without any (sidemenu, kijibody) the parts of four letters and more are found.
WORDS = {
    "body": "article body content contents detail entry honbun kiji main paragraph post story text txt",
    "navigation": (
        "breadcrumb breadcrumbs bread crumb crumbs topicpath category categories drawer foot footer gnav "
        "gnavi head header index local lnav logo menu nav navbar navi navigation pager pagination paging "
        "pankuzu search side sidebar sitemap skip sub tab tabs toc toolbar utility aside"
    ),
    "teaser": (
        "archive attention carousel feature featured headlines hot latest list more next osusume pickup "
        "popular posts prev previous rank ranking recent recommend recommended recommendation related "
        "relation relative slick slider swiper teaser thumb thumbnail topics trend trending similar kanren "
        "special series card cards tag tags keyword keywords"
    ),
    "extra": (
        "ad ads adsense advert affiliate alert app banner banners bnr bookmark btn button buttons campaign "
        "comment comments cookie copyright disqus dialog facebook follow form hatena info information inquiry "
        "like line login mail magazine member membership message modal newsletter notice overlay paywall plan "
        "popup pr print privacy product promo promotion register rss service share sharing shop signup sns "
        "social sponsor sponsored subscribe subscription terms tool tools tweet twitter widget widgets"
    ),
    "caption": "caption captions cap figcaption figure gallery image images img media photo photos pic picture video",
    "byline": (
        "author authors byline credit date datetime day dateline editor meta modified name profile pubdate "
        "published publish reporter source time timestamp update updated writer"
    ),
    "title": "headline heading hd midashi subject subhead subtitle title ttl tit lead",
}
_ANCESTORS = ("article", "main", "nav", "aside", "footer", "header", "figure", "form", "list", "table")
FLAGS = (*_ANCESTORS, "article_body", "aria_hidden", *(f"word_{name}" for name in WORDS))

_BIT = {name: 1 << i for i, name in enumerate(FLAGS)}
_ANCESTOR_BITS = {
    **{name: _BIT[name] for name in _ANCESTORS if name != "list"},
    **dict.fromkeys(("ul", "ol", "dl", "menu", "dir"), _BIT["list"]),
}
# Attributes and their values.
VALUE_BITS = {
    ("role", "article"): _BIT["article"],
    ("role", "main"): _BIT["main"],
    ("role", "navigation"): _BIT["nav"],
    ("role", "menu"): _BIT["nav"],
    ("role", "menubar"): _BIT["nav"],
    ("role", "search"): _BIT["form"],
    ("role", "complementary"): _BIT["aside"],
    ("role", "contentinfo"): _BIT["footer"],
    ("role", "banner"): _BIT["header"],
    ("itemprop", "articleBody"): _BIT["article_body"],
    ("aria-hidden", "true"): _BIT["aria_hidden"],
}
# Above its flags, the description of a block holds its class, the level of a heading, and whether it is a container.
FLAG_MASK = (1 << len(FLAGS)) - 1
BLOCK_SHIFT = len(FLAGS)
LEVEL_SHIFT = BLOCK_SHIFT + 4
CONTAINER_SHIFT = LEVEL_SHIFT + 3
BYLINE = _BIT["word_byline"]

TAG_BITS = {
    tag: _ANCESTOR_BITS.get(tag, 0)
    | BLOCK_CLASSES.index(_BLOCK_CLASS.get(tag, "division")) << BLOCK_SHIFT
    | (int(tag[1]) if _BLOCK_CLASS.get(tag) == "heading" else 0) << LEVEL_SHIFT
    | (tag in _CONTAINERS) << CONTAINER_SHIFT
    for tag in ACTIONS
}
WORD_BITS: dict[str, int] = {}
for _name, _words in WORDS.items():
    for _word in _words.split():
        WORD_BITS[_word] = WORD_BITS.get(_word, 0) | _BIT[f"word_{_name}"]
_STEM_LETTERS = 4
_NO_STEMS = frozenset(("data", "form", "like", "line", "mail", "plan", "side"))  # online, platform, inside …
STEMS = frozenset(word for word in WORD_BITS if len(word) >= _STEM_LETTERS and word not in _NO_STEMS)
