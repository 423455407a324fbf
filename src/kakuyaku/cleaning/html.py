"""HTML to the naive dump that the cleaner reads, with what the markup says about each of its lines.

Lexbor parses; the tree is walked once, by hand, because hostile pages nest deeper than Python recurses. Nothing is judged here.
Needs the extra ``html``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kakuyaku.cleaning.line_features import Blocks, Floats, Lines, line_features
from kakuyaku.cleaning.markup import ACTIONS, BLOCK, BREAK, ITEM, LINK, PASS, SKIP, SPACED, TEXT, describe, hides
from kakuyaku.findings import Failure, Finding

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_WITHOUT_EVENTS = 1  # of Lexbor: the tree as the page has it
_BULLET = "  • "
_UNDER_BULLET = "    "


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
    writer = _Writer()
    writer.write(_events(body))
    return HtmlPage("\n".join(writer.shown), line_features(writer.shown, writer.lines, writer.blocks))


def _events(root: LexborNode | None) -> list[tuple[int, Any]]:
    """What is met on the way through a tree: texts; elements that do something, with their description if they are blocks;
    and the ends of these, as the negative of what they do.
    """
    events: list[tuple[int, Any]] = []
    around: list[tuple[LexborNode, int]] = []
    node = root
    while node is not None:
        tag = node.tag or ""
        action = ACTIONS.get(tag, PASS)
        if action == TEXT:
            events.append((TEXT, node.text_content))
        elif action != SKIP:
            attributes = node.attributes
            if not attributes or not ("hidden" in attributes or ("style" in attributes and hides(attributes["style"]))):
                if action:
                    events.append((action, describe(tag, attributes) if action >= BLOCK else 0))
                child = node.first_child
                if child is not None:
                    around.append((node, action))
                    node = child
                    continue
                if action:
                    events.append((-action, 0))
        following = node.next
        while following is None and around:
            node, action = around.pop()
            if action:
                events.append((-action, 0))
            following = node.next
        node = following if around else None
    return events


class _Writer:
    """Writes the lines, and notes the blocks that they stand in."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.lines = Lines()
        self.blocks = Blocks()
        self._block = 0
        self._blank = False  # a blank line is due
        self._bullet = ""
        self._bullets: list[str] = []  # of the list items around

    def write(self, events: list[tuple[int, Any]]) -> None:
        pieces: list[str] = []  # of the line that is being read
        gap = False  # white space after the last of them
        chars = linked = 0  # of the line, without white space
        n_links = in_link = 0
        for action, payload in events:
            if action == TEXT:
                words = payload.split()
                if not words:
                    gap = True
                    continue
                text = " ".join(words)
                if pieces and (gap or payload[0] != text[0]):
                    pieces.append(" ")
                pieces.append(text)
                gap = payload[-1] != text[-1]
                size = len(text) - len(words) + 1
                chars += size
                if in_link:
                    linked += size
            elif action == LINK:
                in_link += 1
                n_links += 1
            elif action == -LINK:
                in_link -= 1
            else:
                if pieces:
                    self._line("".join(pieces), linked / chars, n_links)
                    pieces.clear()
                    chars = linked = 0
                    n_links = in_link
                if action > BREAK:
                    self._open(action, payload)
                elif action < -BREAK:
                    self._close(action)
        self.blocks.last[0] = len(self.lines.number)
        self.shown.append("")

    def _line(self, text: str, share: float, n_links: int) -> None:
        shown, lines = self.shown, self.lines
        if self._blank and shown:
            shown.append("")
        self._blank = False
        lines.number.append(len(shown))
        lines.block.append(self._block)
        lines.share.append(share)
        lines.n_links.append(n_links)
        if self._bullet:
            text = self._bullet + text
            self._bullet = _UNDER_BULLET
        shown.append(text)

    def _open(self, action: int, description: int) -> None:
        blocks = self.blocks
        blocks.parent.append(self._block)
        self._block = len(blocks.first)
        blocks.description.append(description)
        blocks.first.append(len(self.lines.number))
        blocks.last.append(0)
        if action == SPACED:
            self._blank = True
        elif action == ITEM:
            self._bullets.append(self._bullet)
            self._bullet = _BULLET

    def _close(self, action: int) -> None:
        blocks = self.blocks
        blocks.last[self._block] = len(self.lines.number)
        self._block = blocks.parent[self._block]
        if action == -SPACED:
            self._blank = True
        elif action == -ITEM:
            outer = self._bullets.pop()
            self._bullet = _UNDER_BULLET if outer and self._bullet == _UNDER_BULLET else outer


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
