"""HTML to the naive dump that the cleaner reads, with what the markup says about each of its lines.

Lexbor parses; what is walked here is its own serialisation of the tree, whose form the HTML standard fixes: every start tag has
its end tag, void elements have none, and neither ``<`` nor ``>`` stands in a text or in an attribute. That reads a page in a
fraction of the time that visiting each node from Python takes. Needs the extra ``html``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.markup import (
    BLOCK_CLASSES,
    FLAGS,
    Action,
    Element,
    element,
)
from kakuyaku.findings import Failure, Finding

_STRIPPED = [
    *("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video"),
    *("rt", "rp", "select", "datalist", "textarea", "title", "noembed", "noframes", "xmp", "plaintext"),
]
_HIDDEN = '[hidden], [style*="display:none" i], [style*="display: none" i]'
_TAG = re.compile(r"<(a(?=[ >])|img(?= )|span(?=[ >])|/?[^>]*)[^>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

CONTAINER_FEATURES = ("lines", "chars", "link_share", "stops", "paragraphs")
LINE_FEATURES = (
    "link_share",
    "n_links",
    *(f"is_{name}" for name in BLOCK_CLASSES),
    "heading_level",
    *FLAGS,
    *(f"near_{name}" for name in FLAGS),
    "depth",
    *(f"container_{name}" for name in CONTAINER_FEATURES),
    *(f"outer_{name}" for name in CONTAINER_FEATURES),
    "in_main",
    "to_main",
)
NEAR_LEVELS = 3  # block elements above a line whose own flags count as near

Floats = npt.NDArray[np.float32]


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
    tree = LexborHTMLParser(_decoded(html) if isinstance(html, bytes) else html, scripting=True, options=1)
    return _Walk(_serialised(tree)).page()


def _serialised(tree: Any) -> str:
    tree.strip_tags(_STRIPPED, recursive=True)
    for node in tree.css(_HIDDEN):
        node.decompose()
    body = tree.body
    html = (body.html if body is not None else tree.html) or ""
    return _COMMENT.sub("", html) if "<!--" in html else html


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0").replace("&amp;", "&")


class _Walk:
    """One pass over the serialised tree; each line keeps its numbers, and arrays are made of them at the end."""

    def __init__(self, html: str) -> None:
        self.lines: list[str] = []
        self.numbers: list[int] = []  # of the lines that are not blank
        self.rows: list[tuple[float, int, int, int, int, int, int, int]] = []
        self.container_parents: list[int] = [0]
        self._run(html)

    def _run(self, html: str) -> None:
        lines, numbers, rows, parents = self.lines, self.numbers, self.rows, self.container_parents
        pieces: list[str] = []
        links: list[str] = []
        n_links = 0
        link_from = -1  # the piece at which an open link began
        blank = False
        bullet = ""
        indents: list[str] = []
        flags, block, near, container = 0, 0, (0,) * NEAR_LEVELS, 0
        level = 0
        stack: list[tuple[int, int, int, tuple[int, ...], int]] = []

        def flush() -> None:
            nonlocal blank, bullet, n_links, link_from
            text = "".join(pieces)
            if link_from >= 0:
                links.extend(pieces[link_from:])
                link_from = 0
            if "&" in text:
                text = _unescaped(text)
            words = text.split()
            if words:
                if blank:
                    if lines:
                        lines.append("")
                    blank = False
                if links:
                    linked = "".join(links)
                    if "&" in linked:
                        linked = _unescaped(linked)
                    share = sum(map(len, linked.split())) / sum(map(len, words))
                else:
                    share = 0.0
                numbers.append(len(lines))
                if indents:
                    lines.append(bullet + " ".join(words))
                    bullet = "    "
                else:
                    lines.append(" ".join(words))
                rows.append((share, n_links, block, level, flags, near[0] | near[1] | near[2], len(stack), container))
            pieces.clear()
            links.clear()
            n_links = 1 if link_from >= 0 else 0

        tokens = _TAG.split(html)
        for text, tag in zip(tokens[::2], [*tokens[1::2], "/body"], strict=True):
            if text:
                pieces.append(text)
            found: Element = element(tag)
            action = found.action
            if action == Action.NONE:
                continue
            if action == Action.OPEN:
                if pieces:
                    flush()
                stack.append((flags, block, level, near, container))
                flags |= found.flags
                near = (found.flags, near[0], near[1])
                block, level = found.block, found.level
                if found.is_container:
                    parents.append(container)
                    container = len(parents) - 1
                if found.is_spaced:
                    blank = True
                elif found.is_item:
                    indents.append(bullet)
                    bullet = "  • "
            elif action == Action.CLOSE:
                if pieces:
                    flush()
                if stack:
                    flags, block, level, near, container = stack.pop()
                if found.is_spaced:
                    blank = True
                elif found.is_item and indents:
                    before = indents.pop()
                    bullet = "    " if before and bullet == "    " else before
            elif action == Action.LINK:
                link_from = len(pieces)
                n_links += 1
            elif action == Action.UNLINK:
                if link_from >= 0:
                    links.extend(pieces[link_from:])
                link_from = -1
            elif action == Action.BREAK:
                flush()
        flush()

    def page(self) -> HtmlPage:
        return HtmlPage("\n".join(self.lines) + "\n", self._features())

    def _features(self) -> Floats:
        out = np.zeros((len(self.lines) + 1, len(LINE_FEATURES)), dtype=np.float32)
        if not self.rows:
            return out
        share, n_links, block, level, flags, near, depth, container = (
            np.array(c) for c in zip(*self.rows, strict=True)
        )
        texts = [self.lines[i] for i in self.numbers]
        chars = np.array([len(text) for text in texts], dtype=np.float64)
        stops = np.array([text.count("。") for text in texts], dtype=np.float64)
        prose = np.where(share < 0.5, stops, 0)  # noqa: PLR2004
        parents = np.array(self.container_parents)
        n = len(parents)
        own = np.stack(
            [
                np.bincount(container, weights, n)
                for weights in (
                    np.ones(len(chars)),
                    chars,
                    chars * share,
                    stops,
                    (block == BLOCK_CLASSES.index("paragraph")) * 1.0,
                )
            ],
            axis=1,
        )
        main = int(np.bincount(container, prose * chars, n).argmax())
        totals = own.copy()
        for i in range(n - 1, 0, -1):
            totals[parents[i]] += totals[i]
        totals[:, 2] /= np.maximum(totals[:, 1], 1)
        # levels from each container up to the first one that also holds the main container
        holds = np.zeros(n, dtype=bool)
        at = main
        while not holds[at]:
            holds[at] = True
            at = parents[at]
        up = np.zeros(n, dtype=np.int64)
        for i in range(1, n):
            up[i] = 0 if holds[i] else up[parents[i]] + 1
        inside = np.zeros(n, dtype=bool)
        inside[main] = True
        for i in range(main + 1, n):
            inside[i] = inside[parents[i]]
        bits = 1 << np.arange(len(FLAGS))
        columns = [
            share[:, None],
            n_links[:, None],
            block[:, None] == np.arange(len(BLOCK_CLASSES)),
            level[:, None],
            (flags[:, None] & bits) != 0,
            (near[:, None] & bits) != 0,
            depth[:, None],
            totals[container],
            totals[parents[container]],
            inside[container][:, None],
            up[container][:, None],
        ]
        out[self.numbers] = np.concatenate(columns, axis=1)
        return out


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
