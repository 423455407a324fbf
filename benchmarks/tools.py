"""The tools that are compared: kakuyaku, extractors that read HTML, and filters and rules that read text alone.

A tool is set up once (imports, models) and then returns the text of an article page by page, or over all pages where
that is what it offers. Each runs as its documentation shows it; where another setting is known to be better for
Japanese, both are entered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from benchmarks.scoring import LabelledPage

Extract = Callable[[LabelledPage], str]
ExtractAll = Callable[[Sequence[LabelledPage]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Tool:
    """``package`` is the distribution to be installed, None where none is needed.

    ``start`` imports, and returns what reads one page; None where the text depends on the other pages.
    ``start_batch`` does so for many pages at once, and is what throughput is measured on where there is one.
    """

    name: str
    reads: str  # html or text
    package: str | None
    start: Callable[[], Extract] | None
    start_batch: Callable[[], ExtractAll] | None = None

    @property
    def ours(self) -> bool:
        return self.package == "kakuyaku"

    def version(self) -> str | None:
        """The version installed, empty where no package is needed; None when it is missing."""
        try:
            return version(self.package) if self.package else ""
        except PackageNotFoundError:
            return None


def _html(page: LabelledPage) -> str:
    if page.html is None:
        raise ValueError(f"page {page.id} has no HTML")
    return page.html


# kakuyaku


def _kakuyaku_text() -> Extract:
    from kakuyaku import clean

    return lambda page: clean(page.text).text


def _kakuyaku_html() -> Extract:
    from kakuyaku import clean

    return lambda page: clean(html=_html(page)).text


def _kakuyaku_text_batch(*, site_repetition: bool = False) -> ExtractAll:
    from kakuyaku.cleaning import Page, clean_many

    def extract(pages: Sequence[LabelledPage]) -> Iterable[str]:
        given = (Page(page.id, text=page.text, site=page.site) for page in pages)
        return (article.text for article in clean_many(given, site_repetition=site_repetition))

    return extract


def _kakuyaku_html_batch() -> ExtractAll:
    from kakuyaku.cleaning import Page, clean_many

    return lambda pages: (article.text for article in clean_many(Page(p.id, html=_html(p)) for p in pages))


# Extractors


def _trafilatura(*, favor_precision: bool = False) -> Extract:
    from trafilatura import extract

    return lambda page: extract(_html(page), favor_precision=favor_precision) or ""


def _readability() -> Extract:
    """It returns HTML; the text is taken without the readings of ruby, as in the labelled text."""
    from lxml.html import fromstring
    from readability import Document

    def read(page: LabelledPage) -> str:
        tree = fromstring(Document(_html(page)).summary())
        for reading in list(tree.iter("rt", "rp")):
            reading.drop_tree()
        return str(tree.text_content())

    return read


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(_html(page), main_content=True)


def _justext(**lengths: int) -> Extract:
    """Without a stop list, since there is none for Japanese, and as its manual says for that case."""
    from justext import justext

    def read(page: LabelledPage) -> str:
        settings = {"stopwords_low": 0, "stopwords_high": 0, **lengths}
        found = justext(_html(page).encode(), frozenset(), encoding="utf-8", **settings)
        return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)

    return read


def _newspaper() -> Extract:
    import newspaper

    def read(page: LabelledPage) -> str:
        # Without fetch_images=False it asks the network for every picture.
        article = newspaper.Article("https://example.invalid/", language=page.lang, fetch_images=False)
        article.download(input_html=_html(page))
        article.parse()
        return str(article.text)

    return read


# Line rules


def _by_line(keep: Callable[[str], bool]) -> Extract:
    def read(page: LabelledPage) -> str:
        return "\n".join(line for line in page.text.split("\n") if line.strip() and keep(line.strip()))

    return read


def _hojichar() -> Extract:
    """The filters that reject a document by its form, as shipped, each line being a document.

    Left out: length (its bounds are meant for whole documents) and the lists of words unfit for training.
    """
    from hojichar import Document, document_filters

    filters = [
        document_filters.AcceptJapanese(),
        document_filters.DiscardRareKuten(),
        document_filters.DiscardTooManyEndingEllipsis(),
        document_filters.DiscardAds(),
        document_filters.DiscardBBSComments(),
        document_filters.CharRepetitionRatioFilter(),
    ]
    return _by_line(lambda line: not any(one.apply(Document(line)).is_rejected for one in filters))


NAIVE_CHARS = 60


def _full_stop_or_long(line: str) -> bool:
    return ("。" in line or len(line) >= NAIVE_CHARS) and not line.startswith("•")


TOOLS = (
    Tool("kakuyaku, HTML", "html", "kakuyaku", _kakuyaku_html, _kakuyaku_html_batch),
    Tool("kakuyaku, text", "text", "kakuyaku", _kakuyaku_text, _kakuyaku_text_batch),
    Tool(
        "kakuyaku, text + site repetition",
        "text",
        "kakuyaku",
        None,
        lambda: _kakuyaku_text_batch(site_repetition=True),
    ),
    Tool("trafilatura", "html", "trafilatura", _trafilatura),
    Tool("trafilatura, precision", "html", "trafilatura", lambda: _trafilatura(favor_precision=True)),
    Tool("readability-lxml", "html", "readability-lxml", _readability),
    Tool("newspaper4k", "html", "newspaper4k", _newspaper),
    Tool("resiliparse", "html", "resiliparse", _resiliparse),
    Tool("jusText, lengths 25/60", "html", "justext", lambda: _justext(length_low=25, length_high=60)),
    Tool("jusText", "html", "justext", _justext),
    Tool("HojiChar filters, by line", "text", "hojichar", _hojichar),
    Tool("rule: full stop or long", "text", None, lambda: _by_line(_full_stop_or_long)),
    Tool("rule: full stop", "text", None, lambda: _by_line(lambda line: "。" in line)),
    Tool("keep all", "text", None, lambda: _by_line(lambda line: True)),
)
