"""``kakuyaku clean``: the article of every page."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from kakuyaku.articles import Article
from kakuyaku.cleaning import Page, clean_many
from kakuyaku.commands.console import exit_code, report, steps
from kakuyaku.decoding import decode
from kakuyaku.files import writing
from kakuyaku.findings import Failure, Finding
from kakuyaku.pages import page_files, read_pages


class Format(StrEnum):
    """What ``kakuyaku clean`` writes."""

    TEXT = "text"
    JSONL = "jsonl"
    SEGMENTS = "segments"


def clean(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help=".txt, .html, .jsonl, .parquet, or folders; none or - reads a text.", readable=False),
    ] = None,
    format: Annotated[
        Format, typer.Option(help="text, one JSON line a page, or the segments of each page.")
    ] = Format.TEXT,
    site_repetition: Annotated[
        bool, typer.Option("--site-repetition", help="Cut lines that stand on several pages of one site.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write to a file, whole or not at all.", readable=False)] = None,
) -> None:
    """Strip boilerplate from pages.

    A page that cannot be read is reported, the others are cleaned all the same. JSON Lines in:
    {"id", "text" or "html", "site"?}.

    Exit codes: 0 fine, 1 some page could not be read or nothing was left of it, 3 files.
    """
    if out is not None and out.exists():
        for path in paths or ():
            if path.exists() and path.samefile(out):
                raise Failure(Finding("USE001", str(out), "is what is read", fix="Name another file with --out."))
    if not paths or paths == [Path("-")]:
        name = "standard input"
        source: Iterator[Page | Finding] = iter([Page("stdin", text=decode(sys.stdin.buffer.read(), name).text)])
        many = False
    else:
        files = page_files(paths)
        source = read_pages(files)
        many = len(files) > 1 or files[0].suffix.lower() in (".jsonl", ".parquet")
    findings: list[Finding] = []
    with steps("cleaning") as progress, writing(out) if out else nullcontext(sys.stdout.buffer) as sink:
        for number, result in enumerate(_results(source, site_repetition), 1):
            if isinstance(result, Finding):
                findings.append(result)
                _write_error(sink, format, result)
            else:
                if not result.text.strip():
                    findings.append(Finding("CLN001", result.id, "every line looks like boilerplate"))
                sink.write(_rendered(result, format, many))
            progress.update(progress.task_ids[0], description=f"cleaning, {number:,} pages")
        sink.flush()
    report(findings)
    if findings:
        raise typer.Exit(exit_code(findings))


def _results(source: Iterator[Page | Finding], site_repetition: bool) -> Iterator[Article | Finding]:
    """Articles and findings in the order of the pages."""
    if site_repetition:
        everything = list(source)
        articles = clean_many([page for page in everything if isinstance(page, Page)], site_repetition=True)
        yield from (item if isinstance(item, Finding) else next(articles) for item in everything)
        return
    for sound, group in groupby(source, key=lambda item: isinstance(item, Page)):
        if sound:
            yield from clean_many(page for page in group if isinstance(page, Page))
        else:
            yield from (item for item in group if isinstance(item, Finding))


def _rendered(article: Article, format: Format, many: bool) -> bytes:
    match format:
        case Format.TEXT:
            text = article.text if article.text.endswith("\n") or not article.text else article.text + "\n"
            return (f"==> {article.id} <==\n{text}\n" if many else text).encode()
        case Format.JSONL:
            record: dict[str, object] = {
                "id": article.id,
                "title": article.title,
                "published": article.published,
                "author": article.author,
                "text": article.text,
                **article.metadata(),
            }
        case Format.SEGMENTS:
            segments = [
                {
                    "start": s.start,
                    "end": s.end,
                    "kind": s.kind,
                    "keep": s.keep,
                    "rule": s.rule,
                    "evidence": s.evidence,
                }
                for s in article.segments
            ]
            record = {"id": article.id, "text": article.raw, "segments": segments}
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def _write_error(sink: BinaryIO, format: Format, finding: Finding) -> None:
    """Rows out equal rows in: a page that could not be read has a line that says why."""
    if format is not Format.TEXT:
        record = {
            "error": {"code": finding.code, "path": finding.path, "line": finding.line, "message": finding.message}
        }
        sink.write((json.dumps(record, ensure_ascii=False) + "\n").encode())
