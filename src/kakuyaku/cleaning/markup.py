"""What an element says: whether it breaks the line, and which hints its name and attributes give about its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# What an element does to the lines. (Plain numbers: they are compared for every node of a page.)
PASS: Final = 0  # nothing: span, b, img
TEXT: Final = 1
LINK: Final = 2
BREAK: Final = 3  # ends the line: br
BLOCK: Final = 4  # lines of its own
SPACED: Final = 5  # lines of its own between blank lines
ITEM: Final = 6  # lines of its own behind a bullet
SKIP: Final = 7  # not shown, nor what it holds
END: Final = 8  # is added where the element ends

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
# Above its flags, the description of a block holds its class, the level of a heading, and whether it is a container.
FLAG_MASK = (1 << len(FLAGS)) - 1
BLOCK_SHIFT = len(FLAGS)
LEVEL_SHIFT = BLOCK_SHIFT + 4
CONTAINER_SHIFT = LEVEL_SHIFT + 3
BYLINE = _BIT["word_byline"]

_TAG_BITS = {
    tag: _ANCESTOR_BITS.get(tag, 0)
    | BLOCK_CLASSES.index(_BLOCK_CLASS.get(tag, "division")) << BLOCK_SHIFT
    | (int(tag[1]) if _BLOCK_CLASS.get(tag) == "heading" else 0) << LEVEL_SHIFT
    | (tag in _CONTAINERS) << CONTAINER_SHIFT
    for tag in ACTIONS
}
_WORD_BITS: dict[str, int] = {}
for _name, _words in WORDS.items():
    for _word in _words.split():
        _WORD_BITS[_word] = _WORD_BITS.get(_word, 0) | _BIT[f"word_{_name}"]
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_STEM_LETTERS = 4
_NO_STEMS = frozenset(("data", "form", "like", "line", "mail", "plan", "side"))  # online, platform, inside …
_STEMS = (word for word in _WORD_BITS if len(word) >= _STEM_LETTERS and word not in _NO_STEMS)
_STEM = re.compile("|".join(sorted(_STEMS, key=len, reverse=True)))
_HIDING = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MAX_LENGTH = 1000  # characters of a value that are read
_MAX_KNOWN = 1 << 15  # values of an attribute: pages of many sites would fill the memory


def _read_name(name: str) -> int:
    bits = 0
    for word in map(str.lower, _WORD.findall(name)):
        if word in _WORD_BITS:
            bits |= _WORD_BITS[word]
        else:
            for stem in _STEM.findall(word):
                bits |= _WORD_BITS[stem]
    return bits


class _Known(dict[str | None, int]):
    """Value of an attribute to its part of a description. Pages of one site share their values: most are read once."""

    def __init__(self, read: Callable[[str], int]) -> None:
        self._read = read

    def __missing__(self, value: str | None) -> int:
        bits = self._read((value or "")[:_MAX_LENGTH])
        if len(self) < _MAX_KNOWN and len(value or "") < _MAX_LENGTH:
            self[value] = bits
        return bits


_names = _Known(_read_name)
_ATTRIBUTES = {
    "class": _names,
    "id": _names,
    "role": _Known(lambda role: _ROLE_BITS.get(role, 0)),
    "itemprop": _Known(lambda itemprop: _BIT["article_body"] if itemprop == "articleBody" else 0),
    "aria-hidden": _Known(lambda value: _BIT["aria_hidden"] if value == "true" else 0),
}


@cache
def numbers() -> dict[str, int]:
    """The tags of ACTIONS and Lexbor's numbers of them, which it tells faster than their names."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser("")
    return {tag: tree.create_node(tag).tag_id for tag in ACTIONS}


@cache
def _number_bits() -> dict[int, int]:
    return {number: _TAG_BITS[tag] for tag, number in numbers().items()}


def describe(elements: Iterable[LexborNode]) -> list[int]:
    """The descriptions of elements of ACTIONS: of many at once, as a page has hundreds and each call takes its time."""
    descriptions = []
    bits_of = _number_bits()
    for element in elements:
        description = bits_of[element.tag_id]
        attributes = element.attributes
        for name in attributes:
            if name in _ATTRIBUTES:
                description |= _ATTRIBUTES[name][attributes[name]]
        descriptions.append(description)
    return descriptions


def hides(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element with these attributes is not shown. Style sheets are not read."""
    return "hidden" in attributes or bool(_HIDING.search((attributes.get("style") or "")[:_MAX_LENGTH]))
