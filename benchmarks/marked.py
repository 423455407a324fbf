"""Web pages with marked lines, and how they become a labelled set in the format of ``benchmarks/scoring.py``.

    python -m benchmarks.marked [FOLDER...] --out pages.jsonl

A marked page is an HTML file ``SITE/NAME.html`` whose text carries, at the beginning of each line of the article and of
what else is worth telling, its kind in white square brackets: ``<p>⟦body⟧首相は3日、…</p>``,
``<li>⟦ranking⟧港の歴史``. A line without mark is furniture of some kind, ``⟦?⟧`` one on which readers may differ.
``NAME.json`` beside it has ``title``, ``date`` (or null), ``authors`` (a list) and ``form`` (what kind of article it
is). The set has the page without its marks: HTML beside the set, text, a verdict for every line, and its kind.

Without a folder the pages of ``benchmarks/pages/held_out/`` are taken: pages that were invented for this project, and
that the cleaner has not learnt from (see the README there).
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from benchmarks.console import run_main
from benchmarks.scoring import LabelledPage, Line
from kakuyaku.cleaning.page import Page, read_page
from kakuyaku.contract import labels
from kakuyaku.files import read_bytes
from kakuyaku.findings import Failure, Finding

INVENTED = Path(__file__).parent / "pages"
FITTED, HELD_OUT = INVENTED / "fitted", INVENTED / "held_out"
MARK = re.compile(r"⟦(\?|[a-z_]+)⟧[ \t]*")
DOUBTFUL = "?"
_KNOWN = frozenset({"title", "date", "authors", "form"})
UNSCORED = frozenset({"title", "subtitle", "caption", "byline", "date", DOUBTFUL})  # tools differ in policy there


def labelled(path: Path) -> dict[str, Any]:
    """The record of one marked page; ``html`` is its markup without marks.

    Raises:
        Failure: a file cannot be read; a mark names no kind, or stands where no text is.
    """
    marked = _decoded(path)
    plain = MARK.sub("", marked)
    text = read_page(Page(path.stem, html=plain)).raw
    lines = text.split("\n")
    seen = read_page(Page(path.stem, html=marked)).raw.split("\n")
    if len(lines) != len(seen):
        _refuse(path, f"a mark stands alone; with marks there are {len(seen)} lines, without {len(lines)}")
    kinds = labels("segment_kind")
    rows = []
    for number, (line, with_marks) in enumerate(zip(lines, seen, strict=True)):
        if MARK.sub("", with_marks).strip() != line.strip():
            _refuse(path, f"with its mark the line is {with_marks!r}, without it {line!r}", number)
        if not line.strip():
            continue
        kind = _kind(with_marks)
        if kind not in kinds and kind not in ("", DOUBTFUL):
            _refuse(path, f"{kind} is no kind of docs/cleaning.md", number)
        keep = kind in kinds and bool(kinds[kind].extra["keep"])
        row = {"no": number, "text": line, "keep": keep, "kind": kind or None}
        rows.append({**row, "ignore": True} if kind in UNSCORED else row)
    known = _known(path.with_suffix(".json"))
    return {
        "id": f"{path.parent.name}-{path.stem}",
        "site": path.parent.name,
        "lang": "ja",
        "genre": "invented",
        **{name: known[name] for name in ("title", "date", "form")},
        "author": known["authors"],
        "text": text,
        "html": plain,
        "lines": rows,
    }


def _refuse(path: Path, problem: str, number: int | None = None) -> NoReturn:
    fix = "How pages are marked is described in benchmarks/marked.py."
    raise Failure(Finding("VAL001", str(path), problem, None if number is None else number + 1, fix=fix))


def _known(path: Path) -> dict[str, Any]:
    """What is known of a page: its title, date, authors and form."""
    try:
        known = json.loads(_decoded(path))
    except ValueError as error:
        _refuse(path, f"is no JSON: {error}")
    if not isinstance(known, dict) or (missing := sorted(_KNOWN - known.keys())):
        _refuse(path, f"has no {', '.join(missing)}" if isinstance(known, dict) else "is no JSON object")
    return known


def _decoded(path: Path) -> str:
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(path, f"is not UTF-8: {error.reason} at byte {error.start:,}")


def _kind(line: str) -> str:
    """The kind of most of a line's characters that are marked; empty for a line without marks."""
    sizes: Counter[str] = Counter()
    pieces = MARK.split(line)
    for kind, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        sizes[kind] += len(piece.strip())
    return sizes.most_common(1)[0][0] if sizes else ""


def invented(folder: Path) -> list[LabelledPage]:
    """The invented pages that the cleaner has learnt from, FITTED, or those that it has not, HELD_OUT."""
    return [
        LabelledPage(
            record["id"], record["site"], record["lang"], record["genre"], record["text"], record["html"],
            tuple(Line(row["no"], row["text"], row["keep"], "ignore" not in row) for row in record["lines"]),
        )
        for record in map(labelled, pages_in([folder]))
    ]  # fmt: skip


def pages_in(folders: Iterable[Path]) -> Iterator[Path]:
    """The marked pages of some folders, in order.

    Raises:
        Failure: a folder holds none.
    """
    for folder in folders:
        found = sorted(folder.rglob("*.html"))
        if not found:
            raise Failure(Finding("FS001", str(folder), "holds no marked page (*.html)", fix="Name another folder."))
        yield from found


def main() -> None:
    """Write the set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[HELD_OUT])
    parser.add_argument("--out", type=Path, required=True, help="the set, JSON Lines; the pages' HTML goes beside it")
    options = parser.parse_args()
    beside = options.out.parent / "html"
    beside.mkdir(parents=True, exist_ok=True)
    with options.out.open("w", encoding="utf-8") as sink:
        for path in pages_in(options.folders):
            record = labelled(path)
            name = f"{record['id']}.html"
            (beside / name).write_text(record["html"], encoding="utf-8")
            sink.write(json.dumps({**record, "html": f"html/{name}"}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    run_main(main)
