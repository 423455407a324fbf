"""HTML to the naive dump that the cleaner reads, with what the markup says about each of its lines.

Lexbor parses; the tree is walked once, by hand, because hostile pages nest deeper than Python recurses. Nothing is
judged here. Needs the extra ``html``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kakuyaku.cleaning.encoding import decode_page
from kakuyaku.cleaning.line_features import Floats, Lines, line_features
from kakuyaku.cleaning.markup import ACTIONS, BLOCK, BREAK, HIDDEN, LINK, PASS, SKIP, SKIPPED, TEXT, describe
from kakuyaku.cleaning.metadata import Metadata, read_metadata
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
    text = decode_page(html) if isinstance(html, bytes) else html
    tree = LexborHTMLParser(_tamed(text), scripting=True, options=_WITHOUT_EVENTS)
    lines = Lines()
    if tree.body is not None:
        _walk(tree.body, lines)
    metadata = read_metadata(tree, lines)
    return HtmlPage("".join(f"{line}\n" for line in lines.shown), line_features(lines), metadata)


_FEW_TAGS = 10_000
_FEW_PER_UNENDED = 10  # a tag without its end counts as so many: formatting left open is repeated in each block
_LENGTH_PER_TAG = 100  # characters
_MAX_DEPTH = 256
_MAX_TAG = 20_000  # characters
# Void elements, and those that never nest without another one between them; their end tags are often left out.
_NEVER_DEEP = SKIPPED | set(re.findall(r"\w+", "br hr p li dt dd tr td th thead tbody tfoot option html body"))
_ANY_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)>?""")


def _tamed(html: str) -> str:
    """The page without start tags nested too deep, and without the attributes of overlong tags.

    Lexbor looks through the open elements for each tag, and through the attributes for each attribute: a
    hundred thousand would take minutes. Pages with few tags and little else cannot be slow, and are not looked through.
    """
    tags = html.count("<")
    without_end = tags - 2 * html.count("</")
    if max(tags, without_end * _FEW_PER_UNENDED) < _FEW_TAGS and len(html) < _LENGTH_PER_TAG * (tags + _FEW_TAGS // 8):
        return html
    is_open: Counter[str] = Counter()
    kept: list[str] = []
    depth = at = 0
    for tag in _ANY_TAG.finditer(html):
        name = tag[2].lower()
        too_deep = False
        if not tag[1]:
            if name not in _NEVER_DEEP:
                too_deep = depth >= _MAX_DEPTH
                depth += 1
                is_open[name] += 1
        elif is_open[name]:
            is_open[name] -= 1
            depth -= 1
        if too_deep or len(tag[3]) > _MAX_TAG:
            kept += (html[at : tag.start()], "" if too_deep else f"<{tag[1]}{name}>")
            at = tag.end()
    return "".join((*kept, html[at:]))


def _walk(root: LexborNode, lines: Lines) -> None:  # noqa: PLR0912, PLR0915 (see below)
    """Adds the lines of a tree; one ends where a block begins or ends, and at a break.

    Every node of a page passes here: functions for the parts would take longer than what they do.
    """
    pieces: list[str] = []  # of the line that is being read
    gap = False  # white space after the last of them
    chars = linked = 0  # of the line, white space apart; of these, in links
    n_links = in_link = 0  # of the line; around the place

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
