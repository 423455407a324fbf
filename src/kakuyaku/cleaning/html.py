"""HTML to the naive dump that the cleaner reads, with what the markup says about each of its lines.

Lexbor parses; what is walked here is its own serialisation of the tree, whose form the HTML standard fixes: every start tag has
its end tag, void elements have none, and neither ``<`` nor ``>`` stands in a text or in an attribute. That reads a page in a
fraction of the time that visiting each node from Python takes. Needs the extra ``html``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from kakuyaku.cleaning.line_features import LINE_FEATURES as LINE_FEATURES
from kakuyaku.cleaning.line_features import Blocks, Floats, Lines, line_features
from kakuyaku.cleaning.markup import (
    BLOCKS,
    BREAKS,
    CLOSE,
    CLOSE_ITEM,
    OPEN,
    OPEN_ITEM,
    OPEN_SPACED,
    CLOSE_SPACED,
    BREAK,
    Tags,
)
from kakuyaku.findings import Failure, Finding

_STRIPPED = [
    *("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video"),
    *("rt", "rp", "select", "datalist", "textarea", "title", "noembed", "noframes", "xmp", "plaintext"),
]
_HIDDEN = '[hidden], [style*="display:none" i], [style*="display: none" i]'
_WITHOUT_EVENTS = 1
_BLOCK = re.compile(rf"<(/?(?:{'|'.join(sorted(BLOCKS | BREAKS, reverse=True))})(?=[ >])[^>]*)>")
_INLINE = re.compile(r"<(/?a(?=[ >]))?[^>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BULLET = "  • "
_UNDER_BULLET = "    "
_tags = Tags()


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page read from HTML.

    ``text`` is the naive dump: one block a line, list items behind a bullet, a blank line around paragraphs, headings, lists,
    tables and sections. ``line_features`` has a row for each line of ``text.split("\\n")`` and the columns LINE_FEATURES.
    """

    text: str
    line_features: Floats


def dump(html: str | bytes) -> str:
    """The visible text of a page. Bytes are decoded as their declaration says.

    Raises:
        Failure: ENV001 when the extra ``html`` is not installed.
    """
    return read(html).text


def read(html: str | bytes) -> HtmlPage:
    """The dump of a page with the features of its lines.

    Raises:
        Failure: ENV001 when the extra ``html`` is not installed.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError:
        raise Failure(
            Finding("ENV001", "html", "reading HTML needs selectolax", fix="pip install 'kakuyaku[html]'.")
        ) from None
    text = _decoded(html) if isinstance(html, bytes) else html
    tree = LexborHTMLParser(text, scripting=True, options=_WITHOUT_EVENTS)
    shown, lines, blocks = _walk(_serialised(tree))
    return HtmlPage("\n".join(shown), line_features(shown, lines, blocks))


def _serialised(tree: Any) -> str:
    """The visible part of a tree, as Lexbor writes it; strips the tree."""
    tree.strip_tags(_STRIPPED, recursive=True)
    for node in tree.css(_HIDDEN):
        node.decompose()
    html = (tree.html if tree.body is None else tree.body.html) or ""
    return _COMMENT.sub("", html) if "<!--" in html else html


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0").replace("&amp;", "&")


def _walk(html: str) -> tuple[list[str], Lines, Blocks]:
    """The lines of a serialised tree. Between two tags that break the line stands a line, with its links and other inline tags."""
    shown: list[str] = []
    lines, blocks = Lines(), Blocks()
    parent, first, last = blocks.parent, blocks.first, blocks.last
    block = n_lines = 0
    in_link = blank = False
    bullet = ""
    bullets: list[str] = []  # of the list items around
    tags = _tags
    pieces = _BLOCK.split(html)
    pieces.append("/body")
    for text, tag in zip(pieces[::2], pieces[1::2], strict=True):
        if text and not text.isspace():
            share, n_links = (1.0, 1) if in_link else (0.0, 0)
            if "<" in text:
                text, share, n_links, in_link = _without_tags(text, in_link)
            if "&" in text:
                text = _unescaped(text)
            text = " ".join(text.split())
            if text:
                if blank and shown:
                    shown.append("")
                blank = False
                lines.number.append(len(shown))
                lines.block.append(block)
                lines.share.append(share)
                lines.n_links.append(n_links)
                n_lines += 1
                shown.append(bullet + text)
                if bullet:
                    bullet = _UNDER_BULLET
        action, description = tags[tag]
        if action < CLOSE:
            parent.append(block)
            block = len(first)
            blocks.description.append(description)
            first.append(n_lines)
            last.append(n_lines)
            if action == OPEN_SPACED:
                blank = True
            elif action == OPEN_ITEM:
                bullets.append(bullet)
                bullet = _BULLET
        elif action < BREAK:
            last[block] = n_lines
            block = parent[block]
            if action == CLOSE_SPACED:
                blank = True
            elif action == CLOSE_ITEM and bullets:
                outer = bullets.pop()
                bullet = _UNDER_BULLET if outer and bullet == _UNDER_BULLET else outer
    last[0] = n_lines
    shown.append("")
    return shown, lines, blocks


def _without_tags(text: str, in_link: bool) -> tuple[str, float, int, bool]:
    """A line without its inline tags, the share of its characters in links, their number, and whether one is still open."""
    pieces = _INLINE.split(text)
    linked = total = 0
    n_links = int(in_link)
    for i in range(0, len(pieces), 2):
        size = len(pieces[i].strip())
        total += size
        if in_link:
            linked += size
        tag = pieces[i + 1] if i + 1 < len(pieces) else None
        if tag == "a":
            in_link = True
            n_links += 1
        elif tag == "/a":
            in_link = False
    return "".join(pieces[::2]), linked / total if total else 0.0, n_links, in_link


_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,20})""", re.IGNORECASE)
_DECLARED_WITHIN = 4096  # bytes; browsers look at the first 1,024, some sites put the declaration later
_UNDECLARED = ("utf-8", "cp932", "euc_jp")
_ALIASES = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932"}


def _decoded(html: bytes) -> str:
    """The page as text: by its byte order mark, its declaration, or the first encoding that fits; never a failure."""
    if html.startswith(b"\xef\xbb\xbf"):
        return html[3:].decode("utf-8", "replace")
    declared = _DECLARED.search(html[:_DECLARED_WITHIN])
    name = declared.group(1).decode("ascii").lower() if declared else ""
    for encoding in filter(None, (_ALIASES.get(name, name), *_UNDECLARED)):
        try:
            return html.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return html.decode("utf-8", "replace")
