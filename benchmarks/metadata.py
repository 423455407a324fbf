"""How often title, date and author of labelled pages are found.

    python -m benchmarks.metadata PAGES.jsonl...

Pages as in ``benchmarks/scoring.py``, with any of the further fields ``title``, ``date`` (ISO 8601) and ``author`` (a
list of names, or one name; an empty list says that the page names nobody). A field that is missing or null is not
measured. Pages are read as HTML where they have it, and once more from their text alone, where much of what the markup
says is not to be found.

A title is right when it has the same letters and digits (NFKC, case apart); a date when it is the same day in Japan;
authors when they are the same set of names, white space and case apart. Authors are those who wrote the article:
persons, or where none is named the agency or desk that stands in their place. Translators, photographers, editors in
charge and the publisher itself are none. For pages that name nobody, a found author is counted as false.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from benchmarks.console import run_main
from kakuyaku.articles import Article
from kakuyaku.bylines import names_in
from kakuyaku.cleaning import clean
from kakuyaku.files import read_bytes
from kakuyaku.findings import Finding, refuse_on_errors
from kakuyaku.records import Record, parse_jsonl

JAPAN = timezone(timedelta(hours=9))

# What is compared: the label and what was found, each made comparable; empty where there is nothing.
Comparable = Callable[[Any], object]


def letters(title: str | None) -> str:
    """A title's letters and digits.

    >>> letters("甲国、３隻を派遣！"), letters(None)
    ('甲国3隻を派遣', '')
    """
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", title or "")).casefold()


def day(date: str | None) -> str:
    """The day in Japan of a date with a zone; of one without, the day that it names.

    >>> day("2030-04-04T20:00:00Z"), day("2030-04-05T10:30"), day(None)
    ('2030-04-05', '2030-04-05', '')
    """
    if not date:
        return ""
    moment = datetime.fromisoformat(date)
    return f"{moment.astimezone(JAPAN) if moment.tzinfo else moment:%Y-%m-%d}"


def authors(given: str | list[str] | None) -> frozenset[str]:
    """Names without white space.

    >>> authors("山田 青葉、海野港") == authors(["海野港", "山田青葉"]), authors([])
    (True, frozenset())
    """
    names = names_in(given) if isinstance(given, str) else given or ()
    return frozenset("".join(unicodedata.normalize("NFKC", name).split()).casefold() for name in names)


FIELDS: dict[str, tuple[Comparable, Callable[[Article], str | None]]] = {
    "title": (letters, lambda article: article.title),
    "date": (day, lambda article: article.published),
    "author": (authors, lambda article: article.author),
}


def read_labelled(path: Path) -> list[Record]:
    """The records of a set of pages.

    Raises:
        Failure: the file cannot be read, or a line is no record.
    """
    records, findings = [], []
    for number, record in parse_jsonl(read_bytes(path), str(path)):
        if isinstance(record, Finding):
            findings.append(record)
        elif not isinstance(record.get("text"), str) or "id" not in record:
            fix = "The format is described in benchmarks/scoring.py."
            findings.append(Finding("VAL001", str(path), "is no labelled page: it has no id or text", number, fix=fix))
        else:
            records.append({**record, "html": path.parent / record["html"] if record.get("html") else None})
    refuse_on_errors(findings)
    return records


def outcomes(record: Record, article: Article) -> Iterator[tuple[str, str, object]]:
    """For each labelled field of a page its name, the outcome and what was found."""
    for field, (comparable, found_in) in FIELDS.items():
        if record.get(field) is None:
            continue
        label, found = comparable(record[field]), comparable(found_in(article))
        if label:
            yield field, "right" if found == label else "wrong" if found else "missing", found_in(article)
        else:
            yield field, "false" if found else "rightly none", found_in(article)


def main() -> None:
    """Measure, and print a table and what is not right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path, help="labelled pages")
    records = [record for path in parser.parse_args().pages for record in read_labelled(path)]
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in records:
        sources = {"text": clean(record["text"])}
        if record["html"]:
            sources["HTML"] = clean(html=read_bytes(record["html"]))
        for source, article in sources.items():
            for field, outcome, found in outcomes(record, article):
                counts[source, field][outcome] += 1
                if outcome not in ("right", "rightly none"):
                    print(f"{source} {field} {outcome}: {record['id']}: {found} for {record[field]}")
    print("\n| read from | field | labelled | right | wrong | missing | none to find | falsely found |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (source, field), found in sorted(counts.items()):
        labelled = sum(found[name] for name in ("right", "wrong", "missing"))
        row = (
            labelled,
            *(found[name] for name in ("right", "wrong", "missing")),
            found["rightly none"] + found["false"],
        )
        print(f"| {source} | {field} | {' | '.join(map(str, row))} | {found['false']} |")


if __name__ == "__main__":
    run_main(main)
