"""A page to clean, and what is read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from kakuyaku.cleaning.html import read
from kakuyaku.decoding import check_string, without_controls


@dataclass(frozen=True, slots=True)
class Page:
    """A page to clean: its raw ``text`` (a naive dump) or its ``html``. ``site`` groups pages for site repetition."""

    id: str
    text: str | None = None
    html: str | bytes | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class PageText:
    """What is read of a page: its raw text; of HTML also what the markup says of each line, and what the page
    declares."""

    raw: str
    markup: npt.NDArray[np.float32] | None = None
    declared: Mapping[str, str] = field(default_factory=dict)


def read_page(page: Page) -> PageText:
    """The text of a page.

    Raises:
        ValueError: neither text nor HTML is given, or both.
        TypeError: ``text`` is no text.
        Failure: UNI001 the text cannot be stored as UTF-8; ENV001 the extra ``html`` is not installed.
    """
    if page.text is not None and not isinstance(page.text, str):
        raise TypeError(f"page {page.id}: text is {type(page.text).__name__}, not str; bytes are for html")
    if (page.text is None) == (page.html is None):
        raise ValueError(f"page {page.id}: give either text or html")
    if page.text is not None:
        check_string(page.text, page.id)
        return PageText(page.text)
    html = read(page.html or "")
    raw = without_controls(html.text)
    check_string(raw, page.id)
    found = {entry.name: getattr(html.metadata, entry.name) for entry in fields(html.metadata)}
    return PageText(raw, html.line_features, {k: without_controls(v.value) for k, v in found.items() if v})
