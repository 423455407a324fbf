"""How the words of a statement are conveyed: directly quoted, partly, told, or in the article's own voice."""

from __future__ import annotations

from collections.abc import Iterable

from kakuyaku.annotation.standoff import Span

PAIRS = {"」": "「", "”": "“"}


def quoted(text: str) -> list[tuple[int, int]]:
    """The stretches between matching 「」 or “”, marks included, nested ones too; a mark without partner is ignored.

    >>> quoted("甲国は「守る」と述べ、乙国は「待つ")
    [(3, 7)]
    """
    open_at: list[tuple[str, int]] = []
    found = []
    for offset, mark in enumerate(text):
        if mark in PAIRS.values():
            open_at.append((mark, offset))
        elif mark in PAIRS and any(PAIRS[mark] == opening for opening, _ in open_at):
            while True:  # openings in between never close
                opening, start = open_at.pop()
                if opening == PAIRS[mark]:
                    break
            found.append((start, offset + 1))
    return sorted(found)


def quote_mode(segment_text: str, offset: int, statement: Span, cues: Iterable[Span], has_source: bool) -> str:
    """A label of ``quote_mode``.

    Args:
        segment_text: raw text of the statement's segment, which starts at the raw offset ``offset``.
        has_source: whether a source is linked.
    """
    pairs = [(start + offset, end + offset) for start, end in quoted(segment_text)]
    if any(start <= statement.start and statement.end <= end for start, end in pairs):
        return "direct_quote"
    if any(start < cue.end and cue.start < end for start, end in pairs for cue in cues):
        return "mixed_quote"
    return "paraphrase" if has_source else "narrator"
