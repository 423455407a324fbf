"""What a tag says: whether it breaks the line, and which hints its name and attributes give about the text inside.

Tags come as Lexbor serialises them: ``div class="entry-body" id="main"``, ``/div``, ``br``.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple


class Action(IntEnum):
    """What the walk does at a tag."""

    NONE = 0
    OPEN = 1
    CLOSE = 2
    LINK = 3
    UNLINK = 4
    BREAK = 5


class Element(NamedTuple):
    action: Action
    flags: int = 0
    block: int = 0
    level: int = 0
    is_container: bool = False
    is_spaced: bool = False
    is_item: bool = False


# The class of the innermost block around a line.
BLOCK_CLASSES = (
    "division",
    "paragraph",
    "heading",
    "item",
    "cell",
    "definition",
    "figcaption",
    "quote",
    "pre",
    "control",
)
_BLOCK_CLASS = {
    "p": 1,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), 2),
    "li": 3,
    **dict.fromkeys(("td", "th", "caption"), 4),
    **dict.fromkeys(("dt", "dd"), 5),
    "figcaption": 6,
    "blockquote": 7,
    "pre": 8,
    **dict.fromkeys(("button", "legend", "summary", "fieldset"), 9),
}
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form frameset h1 h2 h3 h4 h5 h6 header hgroup html legend li listing main menu nav ol p pre search section summary "
    "table tbody td tfoot th thead tr ul".split()  # noqa: SIM905
)
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol table section".split())  # noqa: SIM905
_CONTAINERS = frozenset(
    "address article aside blockquote body center details dialog div dl fieldset figure footer form header main nav section "
    "table td".split()  # noqa: SIM905
)

_ANCESTORS = ("article", "main", "nav", "aside", "footer", "header", "figure", "form", "list", "table")
# Words of classes and ids, split at hyphens, underscores and humps. A word counts for each group that lists it.
WORDS = {
    "body": "article articlebody articletext articlecontent body content contents detail entry entrybody honbun kiji maincontent main "
    "newsbody newstext paragraph post postbody story storybody text textbody txt",
    "navigation": "anchor breadcrumb breadcrumbs bread crumb crumbs topicpath category categories drawer foot footer globalnav globalnavi gnav "
    "gnavi head header index local lnav logo menu nav navbar navi navigation pager pagination paging panel pankuzu path search side "
    "sidebar sitemap skip sub subcol tab tabs toc topbar toolbar utility aside",
    "teaser": "archive attention carousel feature featured headlines hot latest list listing more next osusume pickup popular post posts prev "
    "previous rank ranking rankings read recent recommend recommended recommendation recommendations related relation relative relevant "
    "slick slider swiper teaser thumb thumbnail topics trend trending similar kanren special series card cards tag tags keyword keywords",
    "extra": "ad ads adsense advert advertisement advertising affiliate alert app banner banners bnr bookmark btn button buttons campaign "
    "comment comments cookie copyright disqus dialog facebook follow form hatena info information inquiry like line login mail mailmagazine "
    "member membership message modal newsletter notice overlay paywall plan popup pr print privacy product promo promotion register rss "
    "service share sharing shop signup sns social sponsor sponsored subscribe subscription terms tool tools tweet twitter widget "
    "widgets x",
    "caption": "caption captions cap credit figcaption figure gallery image images img media photo photos pic picture thumb video",
    "byline": "author authors byline date datetime day dateline editor meta modified name profile pubdate published publish reporter source "
    "time timestamp update updated writer",
    "title": "headline heading hd headding midashi subject subhead subtitle title ttl tit h1 h2 h3 h4 lead",
}
FLAGS = (*_ANCESTORS, "article_body", "aria_hidden", *(f"word_{name}" for name in WORDS))

_BIT = {name: 1 << i for i, name in enumerate(FLAGS)}
_WORD_BITS: dict[str, int] = {}
for _name, _words in WORDS.items():
    for _word in _words.split():
        _WORD_BITS[_word] = _WORD_BITS.get(_word, 0) | _BIT[f"word_{_name}"]
_ANCESTOR_BITS = {
    **{name: _BIT[name] for name in _ANCESTORS},
    **{name: _BIT["list"] for name in ("ul", "ol", "dl", "menu", "dir")},
}
_ROLE_BITS = {
    "article": _BIT["article"],
    "main": _BIT["main"],
    "navigation": _BIT["nav"],
    "search": _BIT["form"],
    "menu": _BIT["nav"],
    "menubar": _BIT["nav"],
    "complementary": _BIT["aside"],
    "contentinfo": _BIT["footer"],
    "banner": _BIT["header"],
}
_ATTRIBUTE = re.compile(r' (class|id|role|itemprop|aria-hidden)="([^"]+)"')
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[hH][1-6]")


@lru_cache(maxsize=1 << 16)
def element(tag: str) -> Element:
    """What a serialised tag says; ``tag`` is what stands between ``<`` and ``>``."""
    name = tag.partition(" ")[0]
    if name == "a":
        return Element(Action.LINK)
    if name == "/a":
        return Element(Action.UNLINK)
    if name in ("br", "hr"):
        return Element(Action.BREAK)
    bare = name.removeprefix("/")
    if bare not in _BLOCKS:
        return Element(Action.NONE)
    spaced, item = bare in _SPACED, bare == "li"
    if bare != name:
        return Element(Action.CLOSE, is_spaced=spaced, is_item=item)
    flags = _ANCESTOR_BITS.get(name, 0)
    for attribute, value in _ATTRIBUTE.findall(tag):
        if attribute in ("class", "id"):
            for word in _WORD.findall(value):
                flags |= _WORD_BITS.get(word.lower(), 0)
        elif attribute == "role":
            flags |= _ROLE_BITS.get(value, 0)
        elif attribute == "itemprop":
            flags |= _BIT["article_body"] if value == "articleBody" else 0
        elif value == "true":
            flags |= _BIT["aria_hidden"]
    level = int(name[1]) if len(name) == 2 and name[0] == "h" and name[1].isdigit() else 0
    return Element(Action.OPEN, flags, _BLOCK_CLASS.get(name, 0), level, name in _CONTAINERS, spaced, item)
