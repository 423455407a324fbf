"""What a tag says: whether it breaks the line, and which hints its name and attributes give about the text inside.

Tags come as Lexbor serialises them, without the brackets: ``div class="entry-body" id="main"``, ``/div``, ``br``.
"""

from __future__ import annotations

import re
from typing import Final

OPEN: Final = 0
OPEN_SPACED: Final = 1  # a blank line goes before and after
OPEN_ITEM: Final = 2
CLOSE: Final = 3
CLOSE_SPACED: Final = 4
CLOSE_ITEM: Final = 5
BREAK: Final = 6

_SPACED = frozenset(
    "article aside blockquote dl figure footer form h1 h2 h3 h4 h5 h6 header main nav ol p pre section table ul".split()
)
BLOCKS = _SPACED | frozenset(
    "address body caption center dd details dialog dir div dt fieldset figcaption frameset hgroup html legend li listing "
    "menu search summary tbody td tfoot th thead tr".split()
)
BREAKS = frozenset(("br", "hr"))
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

_ATTRIBUTE = re.compile(r' (class|id|role|itemprop|aria-hidden)="([^"]+)"')
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MAX_KNOWN = 1 << 16  # of tags, and of words: pages of many sites would fill the memory


class _WordBits(dict[str, int]):
    """Word of a class or id to its flags; unknown words are taken apart once."""

    _STEM_LETTERS = 5

    def __init__(self) -> None:
        super().__init__()
        for name, words in WORDS.items():
            for word in words.split():
                self[word] = self.get(word, 0) | _BIT[f"word_{name}"]
        self._own = dict(self)
        self._stems = re.compile(
            "|".join(sorted((w for w in self if len(w) >= self._STEM_LETTERS), key=len, reverse=True))
        )

    def __missing__(self, word: str) -> int:
        small = word.lower()
        bits = self._own.get(small, 0)
        if not bits:
            for stem in self._stems.findall(small):
                bits |= self._own[stem]
        if len(self) < _MAX_KNOWN:
            self[word] = bits
        return bits


_word_bits = _WordBits()


def describe(tag: str) -> tuple[int, int]:
    """What the walk does at a tag of BLOCKS or BREAKS, and the description of the block that it opens."""
    name = tag.partition(" ")[0]
    if name in BREAKS:
        return BREAK, 0
    bare = name.removeprefix("/")
    shift = CLOSE if bare != name else OPEN
    action = shift + (1 if bare in _SPACED else 2 if bare == "li" else 0)
    if shift:
        return action, 0
    bits = _ANCESTOR_BITS.get(name, 0)
    for attribute, value in _ATTRIBUTE.findall(tag):
        if attribute in ("class", "id"):
            for word in _WORD.findall(value):
                bits |= _word_bits[word]
        elif attribute == "role":
            bits |= _ROLE_BITS.get(value, 0)
        elif attribute == "itemprop":
            bits |= _BIT["article_body"] if value == "articleBody" else 0
        elif value == "true":
            bits |= _BIT["aria_hidden"]
    block = BLOCK_CLASSES.index(_BLOCK_CLASS.get(name, "division"))
    level = int(name[1]) if block == BLOCK_CLASSES.index("heading") else 0
    return action, bits | block << BLOCK_SHIFT | level << LEVEL_SHIFT | (name in _CONTAINERS) << CONTAINER_SHIFT


class Tags(dict[str, tuple[int, int]]):
    """Tag to its description. Pages of one site share their tags, so that most are looked at once."""

    def __missing__(self, tag: str) -> tuple[int, int]:
        found = describe(tag)
        if len(self) < _MAX_KNOWN:
            self[tag] = found
        return found
