"""HTML to the naive dump that the cleaner reads, with what the markup says about each of its lines.

Lexbor parses and writes out the tree that it has made of the page; that is read in compiled code (``tags.py``,
``html_lines.py``). Nothing is judged here. Needs the extra ``html``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.compiled import Records, compiled
from kakuyaku.cleaning.encoding import as_utf8
from kakuyaku.cleaning.html_lines import Lines
from kakuyaku.cleaning.line_features import Floats, line_features
from kakuyaku.cleaning.markup import SKIPPED
from kakuyaku.cleaning.metadata import Declarations, Metadata
from kakuyaku.findings import Failure, Finding

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
    declarations: Declarations

    @property
    def metadata(self) -> Metadata:
        """What the page says of itself."""
        return self.declarations.metadata()


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
    data = as_utf8(html) if isinstance(html, bytes) else html.encode("utf-8", "ignore")
    tree = LexborHTMLParser(_tamed(data), scripting=True, options=_WITHOUT_EVENTS)
    lines = Lines((tree.body.html or "") if tree.body is not None else "")
    return HtmlPage(lines.text, line_features(lines), Declarations(tree, lines))


_FEW_TAGS = 10_000
_FEW_PER_UNENDED = 10  # a tag without its end counts as so many: formatting left open is repeated in each block
_FEW_ATTRIBUTES = 5_000
_MAX_DEPTH = 256
_MAX_TAG = 20_000  # bytes
# Void elements, and those that never nest without another one between them; their end tags are often left out.
_NEVER_DEEP = SKIPPED | set(re.findall(r"\w+", "br hr p li dt dd tr td th thead tbody tfoot option html body"))
_ANY_TAG = re.compile(rb"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)>?""")


def _tamed(html: bytes) -> bytes:
    """The page without start tags nested too deep, and without the attributes of overlong tags.

    Lexbor looks through the open elements for each tag, and through the attributes for each attribute: a
    hundred thousand would take minutes. Pages with few tags and few attributes in each are not looked through.
    """
    tags, ends, attributes = _survey(np.frombuffer(html, np.uint8))
    if max(tags, (tags - 2 * ends) * _FEW_PER_UNENDED) < _FEW_TAGS and attributes < _FEW_ATTRIBUTES:
        return html
    is_open: Counter[bytes] = Counter()
    kept: list[bytes] = []
    depth = at = 0
    for tag in _ANY_TAG.finditer(html):
        name = tag[2].lower()
        too_deep = False
        if not tag[1]:
            if name.decode("utf-8", "replace") not in _NEVER_DEEP:
                too_deep = depth >= _MAX_DEPTH
                depth += 1
                is_open[name] += 1
        elif is_open[name]:
            is_open[name] -= 1
            depth -= 1
        if too_deep or len(tag[3]) > _MAX_TAG:
            kept += (html[at : tag.start()], b"" if too_deep else b"<%b%b>" % (tag[1], name))
            at = tag.end()
    return b"".join((*kept, html[at:]))


@compiled
def _survey(_sources: Records, html: npt.NDArray[np.uint8]) -> tuple[int, int, int]:
    """How many tags there may be, how many of them end an element, and how many attributes a tag has at most.

    Attributes are counted by what stands between them: white space, quotes, slashes. A tag ends at the first ``>`` that
    is in no quoted value. A value is opened by a quote behind ``=`` and ends at the next such quote: it can be open as
    long as an opening quote is the last of its kind.
    """
    tags = ends = most = 0
    one = np.uint64(1)  # unsigned, as are all places here: those that may be negative take half as long again
    at, end = one, np.uint64(len(html))
    while at < end:
        if html[at - one] != _LESS or not _BEGINS_TAG[html[at]]:
            at += one
            continue
        tags += 1
        ends += html[at] == _SLASH
        in_double = in_single = False
        between = 0
        while at < end:
            code = html[at]
            if not _MATTERS_IN_TAG[code]:
                pass
            elif code == _GREATER:
                if not (in_double or in_single):
                    break
            elif code == _DOUBLE:
                between += 1
                in_double = html[at - one] == _EQUALS or html[at - one] <= _SPACE
            elif code == _SINGLE:
                between += 1
                in_single = html[at - one] == _EQUALS or html[at - one] <= _SPACE
            elif code != _LESS:
                between += 1
            elif at + one < end:
                tags += 1
                ends += html[at + one] == _SLASH
            at += one
        most = max(most, between)
        at += one
    return tags, ends, most


_LESS, _GREATER, _DOUBLE, _SINGLE, _SLASH, _EQUALS, _SPACE = b"<>\"'/= "
_BEGINS_TAG = np.isin(np.arange(256), list(b"/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_MATTERS_IN_TAG = np.isin(np.arange(256), [*range(_SPACE + 1), *b"<>\"'/"])
