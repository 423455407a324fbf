"""HTML to the naive dump that the cleaner reads: one block a line, list items behind a bullet.

This is only a reader of pages; it judges nothing. Needs the extra ``html``.
"""

from __future__ import annotations

import re
from typing import Any

from kakuyaku.findings import Failure, Finding

_SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "head", "rt", "rp", "select", "-comment"}
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption dd details div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary "
        "table tbody td tfoot th thead tr ul ",
    )
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "section", "article"})
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,20})""", re.IGNORECASE)
_DECLARED_WITHIN = 4096  # bytes; browsers look at the first 1,024, some sites put the declaration later
_UNDECLARED = ("utf-8", "cp932", "euc_jp")
_ALIASES = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932"}
_SPACE = re.compile(r"[ \t\r\n\f]+")


def dump(html: str | bytes) -> str:
    """The visible text of a page. Bytes are decoded as their declaration says.

    Raises:
        Failure: ENV001 when the extra ``html`` is not installed.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError:
        raise Failure(
            Finding("ENV001", "html", "reading HTML needs selectolax", fix="pip install 'kakuyaku[html]'.")
        ) from None
    root = LexborHTMLParser(_decoded(html) if isinstance(html, bytes) else html).root
    if root is None:
        return ""
    lines: list[str] = [""]
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:  # by hand: hostile pages nest deeper than Python recurses
        node, leaving = stack.pop()
        tag = node.tag
        if tag in _SKIPPED:
            continue
        if tag in ("-text", "_text"):
            text = _SPACE.sub(" ", node.text_content or "")
            lines[-1] += text.lstrip(" ") if not lines[-1] or lines[-1].endswith(" ") else text
            continue
        if tag in _BLOCKS:
            if lines[-1].strip(" •"):
                lines.append("")
            if tag in _SPACED and len(lines) > 1 and lines[-2].strip():
                lines.append("")
            if tag == "li" and not leaving:
                lines[-1] = "  • "
        if leaving:
            continue
        stack.append((node, True))
        children = list(node.iter(include_text=True))
        stack.extend((child, False) for child in reversed(children))
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


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
