"""HTML to the naive dump that the cleaner reads, with what the markup says about each of its lines.

Lexbor parses; the tree is walked once, by hand, because hostile pages nest deeper than Python recurses. Nothing is judged here.
Needs the extra ``html``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kakuyaku.cleaning.encoding import decode_page
from kakuyaku.cleaning.line_features import Floats, Lines, line_features
from kakuyaku.cleaning.markup import ACTIONS, BLOCK, BREAK, HIDDEN, LINK, PASS, SKIP, TEXT, describe
from kakuyaku.cleaning.metadata import Metadata, Shown, read_metadata
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
    metadata: Metadata


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
    tree = LexborHTMLParser(
        shallow(decode_page(html) if isinstance(html, bytes) else html), scripting=True, options=_WITHOUT_EVENTS
    )
    lines = Lines()
    if tree.body is not None:
        _walk(tree.body, lines)
    metadata = read_metadata(tree, Shown(lines.shown, lines.headings(), lines.bylines()))
    return HtmlPage("\n".join(lines.shown) + "\n", line_features(lines), metadata)


_SHALLOW_TAGS = 3_000
_MAX_DEPTH = 256
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>?")


def shallow(html: str) -> str:
    """The page without the start tags of elements nested too deep.

    For each tag, a parser of HTML looks through the elements that are open: thousands of them would take minutes. Pages with
    few tags cannot be slow, and are not looked through.
    """
    if html.count("<") < _SHALLOW_TAGS:
        return html
    is_open: Counter[str] = Counter()
    kept: list[str] = []
    depth = at = 0
    for tag in _ANY_TAG.finditer(html):
        name = tag[2].lower()
        if tag[1]:
            if is_open[name]:
                is_open[name] -= 1
                depth -= 1
        elif ACTIONS.get(name) != SKIP:
            depth += 1
            is_open[name] += 1
            if depth > _MAX_DEPTH:
                kept.append(html[at : tag.start()])
                at = tag.end()
    return "".join(kept) + html[at:] if kept else html


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
