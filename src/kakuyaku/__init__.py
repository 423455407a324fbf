"""kakuyaku (確約): who takes which stance and commits to what, in Japanese news, with evidence.

>>> import kakuyaku
>>> page = "甲国、掃海艇を派遣へ\\n\\n首相は3日、掃海艇を派遣すると述べた。\\n\\n関連記事\\n  • 港の歴史\\n"
>>> article = kakuyaku.clean(page)
>>> article.title
'甲国、掃海艇を派遣へ'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kakuyaku.articles import Article, Segment
    from kakuyaku.checks import check
    from kakuyaku.cleaning import Page, clean, clean_batch, clean_many
    from kakuyaku.dataset.loading import load
    from kakuyaku.findings import Failure, Finding

__version__ = "0.1.0"
__all__ = ["Article", "Failure", "Finding", "Page", "Segment", "check", "clean", "clean_batch", "clean_many", "load"]

# Loaded when first used: `import kakuyaku` itself must not cost the import of Arrow and datasets.
_HOMES = {
    "Article": "articles",
    "Segment": "articles",
    "check": "checks",
    "Page": "cleaning",
    "clean": "cleaning",
    "clean_batch": "cleaning",
    "clean_many": "cleaning",
    "Failure": "findings",
    "Finding": "findings",
    "load": "dataset.loading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module kakuyaku has no attribute {name}; it has {', '.join(__all__)}")
    return getattr(import_module(f"kakuyaku.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
