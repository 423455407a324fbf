"""HTML to the naive dump that the cleaner reads, with what the markup says about each of its lines.

Lexbor parses; the tree is walked once, by hand, because hostile pages nest deeper than Python recurses. Nothing is judged here.
Needs the extra ``html``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kakuyaku.cleaning.line_features import Floats, Lines, line_features
from kakuyaku.cleaning.markup import ACTIONS, BLOCK, BREAK, HIDDEN, LINK, PASS, SKIP, TEXT, describe
from kakuyaku.findings import Failure, Finding

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_WITHOUT_EVENTS = 1  # of Lexbor: the tree as the page has it


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page read from HTML.

    ``text`` is the naive dump: one block a line, list items behind a bullet, a blank line around paragraphs, headings,
    lists, tables and sections. ``line_features`` has a row for each line of ``text.split("\\n")`` and the columns
    LINE_FEATURES.
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
    body = LexborHTMLParser(text, scripting=True, options=_WITHOUT_EVENTS).body
    lines = Lines()
    if body is not None:
        _walk(body, lines)
    return HtmlPage("\n".join(lines.shown) + "\n", line_features(lines))


def _walk(root: LexborNode, lines: Lines) -> None:
    """Adds the lines of a tree; one ends where a block begins or ends, and at a break.

    Every node of a page passes here: what is done for each is not in functions of its own, whose calls would take as long.
    """
    pieces: list[str] = []  # of the line that is being read
    gap = False  # white space after the last of them
    chars = linked = n_links = in_link = 0  # of the line, without white space; of these, in links; links; links around

    def end_line() -> None:
        nonlocal chars, linked, n_links
        lines.add("".join(pieces), linked / chars, n_links)
        pieces.clear()
        chars = linked = 0
        n_links = in_link

    around: list[tuple[LexborNode, int]] = []
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        action = ACTIONS.get(tag, PASS)
        if action == TEXT:
            text = node.text_content or " "
            if text.isspace():
                gap = True
            else:
                words = text.split()
                joined = " ".join(words)
                if pieces and (gap or text[0] != joined[0]):
                    pieces.append(" ")
                pieces.append(joined)
                gap = text[-1] != joined[-1]
                size = len(joined) - len(words) + 1
                chars += size
                linked += size if in_link else 0
        elif action < SKIP and not (description := describe(tag, node.attributes)) & HIDDEN:
            if action == LINK:
                in_link += 1
                n_links += 1
            elif action != PASS:
                if pieces:
                    end_line()
                if action != BREAK:
                    lines.open(action, description)
            child = node.first_child
            if child is not None:
                around.append((node, action))
                node = child
                continue
            if action >= BLOCK:
                lines.close(action)
            elif action == LINK:
                in_link -= 1
        following = node.next
        while following is None and around:
            node, action = around.pop()
            if action == LINK:
                in_link -= 1
            elif action >= BLOCK:
                if pieces:
                    end_line()
                lines.close(action)
            following = node.next
        node = following if around else None


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
