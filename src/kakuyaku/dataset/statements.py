"""Rows of ``statements``: one for each region and holder, with everything that follows by rule from what was drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kakuyaku.annotation.actors import NARRATOR, UNNAMED, Registry
from kakuyaku.articles import Article
from kakuyaku.contract import labels
from kakuyaku.dataset.quoting import quote_mode
from kakuyaku.annotation.resolving import Place, place, segment_id, span_digest
from kakuyaku.annotation.standoff import Span, Standoff, statement_links

Row = dict[str, Any]
LINKS = ("holder", "agent", "source", "beneficiary", "condition", "quantity", "time", "cue")
GROUPS = frozenset({"state-group", "coalition"})
# What asking for a measure, or threatening in case of it, says about it (codebook 3.4).
STANCE_OF_KIND = {"demand": "support", "warning": "oppose"}
# Sources from the outside in: a medium reports an unnamed official, who tells what a ministry or its minister said.
_CHAIN = ("media", UNNAMED, "body", "person")
_OPEN_LIST = re.compile(r"[)）」』]*など")


@dataclass(frozen=True)
class Annotated:
    """The gold annotation of one article and what its rows need besides."""

    gold: Standoff
    article: Article
    registry: Registry
    n_annotators: int
    adjudicated: bool


def statement_rows(annotated: Annotated) -> list[Row]:
    """The rows of one article, in text order, ``position_ids`` still empty."""
    return [
        row for span, links in statement_links(annotated.gold, LINKS) for row in _region_rows(annotated, span, links)
    ]


def derived_stance(kind: str, status: str | None, stance: str | None) -> str | None:
    """The stance of a statement: annotated for kind stance, else it follows from the status or the kind."""
    if kind == "stance":
        return stance
    if kind == "commitment" and status is not None:
        derived: str | None = labels("commitment_status")[status].extra["stance"]
        return derived
    return STANCE_OF_KIND.get(kind)


def stance_score(stance: str | None) -> int | None:
    """The score of a stance; None for ``unclear`` and for none."""
    score: int | None = None if stance is None else labels("stance")[stance].extra["score"]
    return score


def status_rank(status: str | None) -> int | None:
    """The rung of a status; None off the ladder and for none."""
    rank: int | None = None if status is None else labels("commitment_status")[status].extra["rank"]
    return rank


def counts(reporting: str, temporal: str, status: str | None, segment_kind: str) -> bool:
    """Whether a statement may decide a position."""
    return reporting == "asserted" and temporal == "current" and status != "projected" and segment_kind != "heading"


def families(leaves: Iterable[str]) -> list[str]:
    """The families of some measures, in the order of the vocabulary."""
    of_leaf = {labels("commitment_type")[leaf].extra["family"] for leaf in leaves}
    return [family for family in labels("commitment_family") if family in of_leaf]


def holder_mode(subset: str | None, kind: str | None, n_holders: int, open_list: bool) -> str:
    """How a holder is named; ``kind`` is that of the actor as annotated, ``open_list`` whether など ends the list."""
    if subset is not None:
        return "subset"
    if kind in GROUPS:
        return "group"
    return "single" if n_holders < 2 else "open_list" if open_list else "listed"


BY_LEAF = "by leaf"  # the vocabulary's word for a status whose PLOVER event depends on the measure


def plover_events(kind: str, status: str | None, stance: str | None, leaves: Sequence[str]) -> list[str]:
    """The PLOVER event types of a row (codebook 7.6), each once in the order of its leaves."""
    set_name, label = {"commitment": ("commitment_status", status), "stance": ("stance", stance)}.get(kind, ("kind", kind))
    event = labels(set_name)[str(label)].extra["mappings"]["plover"]
    if event == BY_LEAF:
        events = [labels("commitment_type")[leaf].extra["mappings"]["plover_delivered"] for leaf in leaves]
    else:
        events = [event]
    return list(dict.fromkeys(filter(None, events)))


def kiel(status: str | None, leaves: Sequence[str]) -> dict[str, Any]:
    """Stage and categories of the Kiel Ukraine Support Tracker; no stage for measures that it does not count."""
    found = (labels("commitment_type")[leaf].extra["mappings"]["kiel"] for leaf in leaves)
    categories = list(dict.fromkeys(filter(None, found)))
    stage = labels("commitment_status")[status].extra["mappings"]["kiel"] if status and categories else None
    return {"kiel_stage": stage, "kiel_category": categories}


def source_chain(sources: Sequence[Span], registry: Registry) -> list[str]:
    """Ids by level, from the article to media, unnamed people, bodies, persons; in text order within a level.

    Args:
        sources: the linked sources in text order.
    """
    ids = [str(span.get("actor_id")) for span in sources]
    return [NARRATOR, *_unique(sorted(ids, key=lambda id_: _level(id_, registry)))]


def innermost(chain: Sequence[str], actor: str, registry: Registry) -> str:
    """The source of a row: the last of the chain, or of its level the one that speaks for the row's own actor.

    Three signers of one text are three sources: each row gets its own.
    """
    level = _level(chain[-1], registry)
    own = [id_ for id_ in chain if _level(id_, registry) == level and registry.resolve(id_) == actor]
    return own[-1] if own else chain[-1]


def _level(id_: str, registry: Registry) -> int:
    kind = registry.kind(id_)
    return _CHAIN.index(id_ if id_ in _CHAIN else kind if kind in _CHAIN else "body")


def subset_numbers(subset: str | None) -> tuple[int | None, int | None]:
    """Count and total of ``26/35``, ``26``, ``most``, ``some``."""
    numbers = [int(part) if part.isdecimal() else None for part in (subset or "").split("/")]
    return numbers[0], numbers[1] if len(numbers) > 1 else None


def _region_rows(annotated: Annotated, span: Span, links: Mapping[str, list[Span]]) -> Iterator[Row]:
    registry, gold, article = annotated.registry, annotated.gold, annotated.article
    where = _placed(article, span)
    segment = article.segments[where.segment]
    segment_text = article.raw[segment.start : segment.end]
    kind, status = span.get("kind"), span.get("commitment_status")
    stance = derived_stance(kind, status, span.get("stance"))
    chain = source_chain(links["source"], registry)
    unnamed = (source.get("affiliation") for source in links["source"] if source.get("actor_id") == UNNAMED)
    affiliation = next(filter(None, unnamed), None)
    leaves = [leaf for leaf in labels("commitment_type") if leaf in span.get("commitment_type")]
    holders: dict[str, Span] = {}
    for holder in links["holder"]:
        holders.setdefault(registry.resolve(str(holder.get("actor_id"))), holder)
    last = max((holder.end for holder in links["holder"]), default=0)
    region = {
        "article_id": gold.article_id,
        "region": span.id,
        "position_ids": [],
        "n_holders": len(holders),
        "kind": kind,
        "commitment_type": leaves,
        "commitment_family": families(leaves),
        "measure_relation": span.get("measure_relation"),
        "commitment_status": status,
        "projection": span.get("projection"),
        "status_rank": status_rank(status),
        "stance": stance,
        "stance_basis": "annotated" if kind == "stance" else "derived",
        "stance_score": stance_score(stance),
        "plover": plover_events(kind, status, stance, leaves),
        **kiel(status, leaves),
        "agent_side": "own" if kind == "commitment" else "others",
        "beneficiary": _resolved(links["beneficiary"], registry),
        "source_chain": chain,
        "quote_mode": quote_mode(segment_text, segment.start, span, links["cue"], bool(links["source"])),
        "reporting": span.get("reporting"),
        "temporal": span.get("temporal"),
        "counts": counts(span.get("reporting"), span.get("temporal"), status, segment.kind),
        "phase": span.get("phase"),
        "phase_basis": span.get("phase_basis"),
        "conditional": bool(links["condition"]),
        "conditions": [_evidence(article, each, ("condition_kind",)) for each in links["condition"]],
        "quantities": [_quantity(article, each) for each in links["quantity"]],
        "times": [_evidence(article, each, ("time_role", "value", "anchor")) for each in links["time"]],
        "cues": [{**_offsets(article, cue), "text": cue.quote} for cue in links["cue"]],
        "start": where.start,
        "end": where.end,
        "raw_start": span.start,
        "raw_end": span.end,
        "segment_id": segment_id(gold.article_id, where.segment),
        "quote": span.quote,
        "prefix": span.prefix,
        "suffix": span.suffix,
        "quote_digest": span_digest(segment_text, span.start - segment.start, span.end - segment.start),
        "raw_sha256": gold.raw_sha256,
        "confidence": span.get("confidence"),
        "note": span.get("note"),
        "n_annotators": annotated.n_annotators,
        "adjudicated": annotated.adjudicated,
    }
    open_list = bool(_OPEN_LIST.match(article.raw, last))
    for actor, holder in holders.items():
        count, total = subset_numbers(holder.get("subset"))
        holder_id = str(holder.get("actor_id"))
        known = registry.get(actor)
        source = innermost(chain, actor, registry)
        yield {
            **region,
            "statement_id": f"{gold.article_id}:{span.id}:{actor}",
            "actor": actor,
            "actor_kind": known.kind if known else None,
            "country": known.record["country"] if known else None,
            "holder_id": holder_id,
            "holder_mode": holder_mode(holder.get("subset"), registry.kind(holder_id), len(holders), open_list),
            "source": source,
            "source_affiliation": affiliation if source == UNNAMED else None,
            "holder_count": count,
            "holder_total": total,
            "agent": [actor] if kind == "commitment" else _resolved(links["agent"], registry),
        }


def _placed(article: Article, span: Span) -> Place:
    found = place(article, span.start, span.end)
    assert found is not None, f"{span.id} must have passed check_room"
    return found


def _offsets(article: Article, span: Span) -> Row:
    where = _placed(article, span)
    return {"start": where.start, "end": where.end}


def _evidence(article: Article, span: Span, attributes: Sequence[str]) -> Row:
    return {**{name: span.get(name) for name in attributes}, **_offsets(article, span), "quote": span.quote}


def _quantity(article: Article, span: Span) -> Row:
    row = _evidence(article, span, ("min", "max", "unit", "approx", "distribution"))
    for bound in ("min", "max"):
        row[bound] = None if row[bound] is None else float(row[bound])
    return row


def _resolved(spans: Iterable[Span], registry: Registry) -> list[str]:
    return _unique(registry.resolve(str(span.get("actor_id"))) for span in spans)


def _unique(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
