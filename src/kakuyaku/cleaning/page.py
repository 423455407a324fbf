"""A page to clean, and what is read of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kakuyaku.decoding import check_string, without_controls

if TYPE_CHECKING:
    from kakuyaku.cleaning.metadata import Declarations


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


class Declared(Mapping[str, str]):
    """What an HTML page declares, by the names of ``Metadata``. All but the title is looked for when asked for."""

    def __init__(self, declarations: Declarations) -> None:
        self._declarations = declarations

    @cached_property
    def _values(self) -> dict[str, str]:
        metadata = self._declarations.metadata()
        found = {entry.name: getattr(metadata, entry.name) for entry in fields(metadata)}
        return {name: without_controls(value.value) for name, value in found.items() if value}

    def __getitem__(self, name: str) -> str:
        title = self._declarations.title
        return without_controls(title.value) if name == "title" and title else self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


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
    from kakuyaku.cleaning.html import read  # what is compiled is loaded when something is cleaned

    html = read(page.html or "")
    return PageText(without_controls(html.text), html.line_features, Declared(html.declarations))
