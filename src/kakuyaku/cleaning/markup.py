"""What an element says: whether it breaks the line, and which hints its name and attributes give about the text inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final


# What an element does to the lines. (Plain numbers: they are compared for every node of a page.)
PASS: Final = 0  # nothing: span, b, img
TEXT: Final = 1
LINK: Final = 2
BREAK: Final = 3  # ends the line: br
BLOCK: Final = 4  # lines of its own
SPACED: Final = 5  # lines of its own between blank lines
ITEM: Final = 6  # lines of its own behind a bullet
SKIP: Final = 7  # not shown, nor what it holds

_SPACED = frozenset(
    "article aside blockquote dl figure footer form h1 h2 h3 h4 h5 h6 header main nav ol p pre section table ul".split()
)
_PLAIN = frozenset(
    "address body caption center dd details dialog dir div dt fieldset figcaption frameset hgroup legend listing menu "
    "search summary tbody td tfoot th thead tr".split()
)
_SKIPPED = frozenset(
    "-comment audio canvas datalist head iframe math noembed noframes noscript object plaintext rp rt script select style "
    "svg template textarea title video xmp".split()
)
ACTIONS = {
    "-text": TEXT,
    **dict.fromkeys(_SKIPPED, SKIP),
    **dict.fromkeys(_SPACED, SPACED),
    **dict.fromkeys(_PLAIN, BLOCK),
    **dict.fromkeys(("br", "hr"), BREAK),
    "li": ITEM,
    "a": LINK,
}
_CONTAINERS = frozenset(
    "address article aside blockquote body center details dialog div dl fieldset figure footer form header main nav section "
    "table td".split()
)

BLOCK_CLASSES = (
    *(
        "division",
        "paragraph",
        "heading",
        "item",
        "cell",
        "definition",
        "figcaption",
        "quote",
        "preformatted",
        "control",
    ),
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

# The words that authors of pages use in classes and ids, by what they announce. Split at hyphens, underscores and humps;
# of compounds without any (sidemenu, kijibody) the parts of five letters and more are found.
WORDS = {
    "body": "article body content contents detail entry honbun kiji main paragraph post story text txt",
    "navigation": "breadcrumb breadcrumbs bread crumb crumbs topicpath category categories drawer foot footer gnav gnavi head "
    "header index local lnav logo menu nav navbar navi navigation pager pagination paging pankuzu search side sidebar sitemap "
    "skip sub tab tabs toc toolbar utility aside",
    "teaser": "archive attention carousel feature featured headlines hot latest list more next osusume pickup popular posts "
    "prev previous rank ranking recent recommend recommended recommendation related relation relative slick slider swiper "
    "teaser thumb thumbnail topics trend trending similar kanren special series card cards tag tags keyword keywords",
    "extra": "ad ads adsense advert affiliate alert app banner banners bnr bookmark btn button buttons campaign comment "
    "comments cookie copyright disqus dialog facebook follow form hatena info information inquiry like line login mail "
    "magazine member membership message modal newsletter notice overlay paywall plan popup pr print privacy product promo "
    "promotion register rss service share sharing shop signup sns social sponsor sponsored subscribe subscription terms tool "
    "tools tweet twitter widget widgets",
    "caption": "caption captions cap figcaption figure gallery image images img media photo photos pic picture video",
    "byline": "author authors byline credit date datetime day dateline editor meta modified name profile pubdate published "
    "publish reporter source time timestamp update updated writer",
    "title": "headline heading hd midashi subject subhead subtitle title ttl tit lead",
}
_ANCESTORS = ("article", "main", "nav", "aside", "footer", "header", "figure", "form", "list", "table")
FLAGS = (*_ANCESTORS, "article_body", "aria_hidden", *(f"word_{name}" for name in WORDS))

_BIT = {name: 1 << i for i, name in enumerate(FLAGS)}
_ANCESTOR_BITS = {
    **{name: _BIT[name] for name in _ANCESTORS if name != "list"},
    **dict.fromkeys(("ul", "ol", "dl", "menu", "dir"), _BIT["list"]),
}
_ROLE_BITS = {
    "article": _BIT["article"],
    "main": _BIT["main"],
    "navigation": _BIT["nav"],
    "menu": _BIT["nav"],
    "menubar": _BIT["nav"],
    "search": _BIT["form"],
    "complementary": _BIT["aside"],
    "contentinfo": _BIT["footer"],
    "banner": _BIT["header"],
}
# Above the flags, a description holds the class of the block, the level of a heading and whether it is a container.
FLAG_MASK = (1 << len(FLAGS)) - 1
BLOCK_SHIFT = len(FLAGS)
LEVEL_SHIFT = BLOCK_SHIFT + 4
CONTAINER_SHIFT = LEVEL_SHIFT + 3
_BLOCK_BITS = {
    tag: _ANCESTOR_BITS.get(tag, 0)
    | BLOCK_CLASSES.index(_BLOCK_CLASS.get(tag, "division")) << BLOCK_SHIFT
    | (int(tag[1]) if _BLOCK_CLASS.get(tag) == "heading" else 0) << LEVEL_SHIFT
    | (tag in _CONTAINERS) << CONTAINER_SHIFT
    for tag in ACTIONS
}

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HIDING = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MAX_NAME = 1000  # characters of a class or id that are read
_MAX_KNOWN = 1 << 16  # names: pages of many sites would fill the memory


class _NameBits(dict[str, int]):
    """Class or id to its flags. Pages of one site share their names, so that most are taken apart once."""

    _STEM_LETTERS = 5

    def __init__(self) -> None:
        self._words: dict[str, int] = {}
        for name, words in WORDS.items():
            for word in words.split():
                self._words[word] = self._words.get(word, 0) | _BIT[f"word_{name}"]
        stems = (word for word in self._words if len(word) >= self._STEM_LETTERS)
        self._stems = re.compile("|".join(sorted(stems, key=len, reverse=True)))

    def __missing__(self, name: str) -> int:
        bits = 0
        for word in _WORD.findall(name[:_MAX_NAME]):
            small = word.lower()
            if small in self._words:
                bits |= self._words[small]
            else:
                for stem in self._stems.findall(small):
                    bits |= self._words[stem]
        if len(self) < _MAX_KNOWN:
            self[name] = bits
        return bits


_name_bits = _NameBits()


def hides(style: str | None) -> bool:
    """Whether a style attribute says that the element is not shown; style sheets are not read."""
    return style is not None and "none" in style and _HIDING.search(style) is not None


def describe(tag: str, attributes: Mapping[str, str | None]) -> int:
    """The description of a block."""
    bits = _BLOCK_BITS.get(tag, 0)
    if attributes:
        get = attributes.get
        bits |= _name_bits[get("class") or ""] | _name_bits[get("id") or ""]
        if role := get("role"):
            bits |= _ROLE_BITS.get(role, 0)
        if get("itemprop") == "articleBody":
            bits |= _BIT["article_body"]
        if get("aria-hidden") == "true":
            bits |= _BIT["aria_hidden"]
    return bits
