"""The tools that are compared: kakuyaku, extractors that read HTML, and filters and rules that read text alone.

A tool is set up once (imports, models) and then decides page by page, or over all pages where that is what it offers.
Each runs as its documentation shows it; where another setting is known to be better for Japanese, both are entered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from benchmarks.scoring import LabelledPage, kept_by_spans, kept_by_text

Spans = list[tuple[int, int]]
Kept = str | Spans  # the returned text (of tools that read HTML), or the kept spans of the page's text
Decide = Callable[[LabelledPage], Kept]
DecideAll = Callable[[Sequence[LabelledPage]], Iterable[Kept]]


@dataclass(frozen=True, slots=True)
class Tool:
    """``package`` is the distribution to be installed, None where none is needed.

    ``start`` imports, and returns what decides on one page; None where the verdict depends on the other pages.
    ``start_batch`` does so for many pages at once, and is what throughput is measured on where there is one.
    """

    name: str
    reads: str  # html or text
    package: str | None
    start: Callable[[], Decide] | None
    start_batch: Callable[[], DecideAll] | None = None

    @property
    def ours(self) -> bool:
        return self.package == "kakuyaku"

    def version(self) -> str | None:
        """The version installed, empty where no package is needed; None when it is missing."""
        try:
            return version(self.package) if self.package else ""
        except PackageNotFoundError:
            return None


def verdicts(page: LabelledPage, kept: Kept) -> list[bool]:
    """The verdict on each of the page's lines."""
    return kept_by_text(page, kept) if isinstance(kept, str) else kept_by_spans(page, kept)


def _html(page: LabelledPage) -> str:
    if page.html is None:
        raise ValueError(f"page {page.id} has no HTML")
    return page.html


# kakuyaku


def _kakuyaku_text() -> Decide:
    from kakuyaku import clean

    return lambda page: [(s.start, s.end) for s in clean(page.text).segments if s.keep]


def _kakuyaku_html() -> Decide:
    from kakuyaku import clean

    return lambda page: clean(html=_html(page)).text


def _kakuyaku_text_batch(*, site_repetition: bool = False) -> DecideAll:
    from kakuyaku.cleaning import Page, clean_many

    def decide(pages: Sequence[LabelledPage]) -> Iterator[Kept]:
        given = (Page(page.id, text=page.text, site=page.site) for page in pages)
        for article in clean_many(given, site_repetition=site_repetition):
            yield [(s.start, s.end) for s in article.segments if s.keep]

    return decide


def _kakuyaku_html_batch() -> DecideAll:
    from kakuyaku.cleaning import Page, clean_many

    return lambda pages: (article.text for article in clean_many(Page(p.id, html=_html(p)) for p in pages))


# Extractors


def _trafilatura(*, favor_precision: bool = False) -> Decide:
    from trafilatura import extract

    return lambda page: extract(_html(page), favor_precision=favor_precision) or ""


def _readability() -> Decide:
    """It returns HTML; the text is taken without the readings of ruby, as in the labelled text."""
    from lxml.html import fromstring
    from readability import Document

    def decide(page: LabelledPage) -> Kept:
        tree = fromstring(Document(_html(page)).summary())
        for reading in list(tree.iter("rt", "rp")):
            reading.drop_tree()
        return str(tree.text_content())

    return decide


def _resiliparse() -> Decide:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(_html(page), main_content=True)


def _justext(**lengths: int) -> Decide:
    """Without a stop list, since there is none for Japanese, and as its manual says for that case."""
    from justext import justext

    def decide(page: LabelledPage) -> Kept:
        settings = {"stopwords_low": 0, "stopwords_high": 0, **lengths}
        found = justext(_html(page).encode(), frozenset(), encoding="utf-8", **settings)
        return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)

    return decide


def _newspaper() -> Decide:
    import newspaper

    def decide(page: LabelledPage) -> Kept:
        # Without fetch_images=False it asks the network for every picture.
        article = newspaper.Article("https://example.invalid/", language=page.lang, fetch_images=False)
        article.download(input_html=_html(page))
        article.parse()
        return str(article.text)

    return decide


# Line rules


def _by_line(keep: Callable[[str], bool]) -> Decide:
    def decide(page: LabelledPage) -> Kept:
        spans, start = [], 0
        for line in page.text.split("\n"):
            if line.strip() and keep(line.strip()):
                spans.append((start, start + len(line)))
            start += len(line) + 1
        return spans

    return decide


def _hojichar() -> Decide:
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
