"""Rules C, Q and T: conditions, quantities and times."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from functools import cache

import pycountry

from kakuyaku.annotation.rules.case import Case
from kakuyaku.annotation.standoff import Span
from kakuyaku.contract import labels
from kakuyaku.findings import Finding

_NUMBER = re.compile(r"[0-9０-９〇零一二三四五六七八九十百千万億兆半両数]")
_DATE = re.compile(r"([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?")
_N = r"(?:\d+|X+)"  # PXD: some days
_DURATION = re.compile(f"P(?=.)(?:{_N}Y)?(?:{_N}M)?(?:{_N}W)?(?:{_N}D)?(?:T(?=.)(?:{_N}H)?(?:{_N}M)?(?:{_N}S)?)?")
UNKNOWN = "X"


def check_values(case: Case) -> Iterator[Finding]:
    """Findings of conditions, quantities and times (C01, Q04 and T01 are in the schema)."""
    for quantity in case.annotation.labelled("quantity"):
        yield from _check_quantity(case, quantity)
    for time in case.annotation.labelled("time"):
        yield from _check_time(case, time)
    for statement in case.statements:
        yield from _check_conditions(case, statement)
        yield from _check_deadline(case, statement)


def _check_conditions(case: Case, statement: Span) -> Iterator[Finding]:
    for condition in case.linked(statement, "condition"):
        for cue in case.linked(statement, "cue"):
            if condition.start <= cue.start and cue.end <= condition.end:
                yield case.fault("C02", condition, f"holds {cue.id}, the cue of {statement.id}")
        first, second = sorted([(condition.start, condition.end), (statement.start, statement.end)])
        between = case.raw[first[1] : second[0]].split("\n")[1:-1]
        if sum(bool(line.strip()) for line in between) > 0:
            yield case.fault("C03", condition, f"more than one paragraph away from {statement.id}")


def _check_quantity(case: Case, span: Span) -> Iterator[Finding]:
    low, high = span.get("min"), span.get("max")
    if low is None and high is None:
        yield case.fault("Q01", span, "has neither min nor max", "min")
    for name, value in (("min", low), ("max", high)):
        if value is not None and value < 0:
            yield case.fault("Q01", span, f"{name} is {value}", name)
    if low is not None and high is not None and low > high:
        yield case.fault("Q02", span, f"min {low}, max {high}", "min")
    unit = span.get("unit")
    if unit not in labels("unit") and unit not in _currencies():
        yield case.fault("Q03", span, f"{unit} is no unit", "unit")
    if not _NUMBER.search(span.quote):
        yield case.fault("Q05", span, "has no number", "quote")


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def _check_time(case: Case, span: Span) -> Iterator[Finding]:
    value: str = span.get("value")
    ends = value.split("/")
    duration = len(ends) == 1 and is_duration(value)
    if not duration and (len(ends) > 2 or not all(is_date(end) for end in ends)):
        yield case.fault("T02", span, f"{value} is no date, duration or interval", "value")
    elif len(ends) == 2 and _before(ends[1], ends[0]):
        yield case.fault("T03", span, f"{value} ends before it starts", "value")
    if duration != (span.get("anchor") is not None):
        yield case.fault("T04", span, f"value {value}, anchor {span.get('anchor')}", "anchor")


def _check_deadline(case: Case, statement: Span) -> Iterator[Finding]:
    times = case.linked(statement, "time")
    announced = [span.get("value").split("/")[0] for span in times if span.get("time_role") == "announced"]
    for span in times:
        end = span.get("value").split("/")[-1]
        if span.get("time_role") == "deadline" and is_date(end):
            for day in announced:
                if is_date(day) and _before(end, day):
                    yield case.fault("T05", span, f"{end} lies before {day}, when it was announced", "value")


def is_duration(value: str) -> bool:
    """Whether ``value`` is an ISO 8601 duration in whole units, such as PT72H or P1W."""
    return _DURATION.fullmatch(value) is not None


def is_date(value: str) -> bool:
    """Whether ``value`` is a date, month or year in which X stands for unknown digits; a known day must exist."""
    match = _DATE.fullmatch(value)
    if match is None:
        return False
    year, month, day = match.groups(default=UNKNOWN)
    if UNKNOWN in month:
        return UNKNOWN in day or 1 <= int(day) <= 31
    if not 1 <= int(month) <= 12:
        return False
    leap = 2000  # a year not known could be a leap year
    last = calendar.monthrange(leap if UNKNOWN in year else max(int(year), 1), int(month))[1]
    return UNKNOWN in day or 1 <= int(day) <= last


def _before(one: str, other: str) -> bool:
    """Whether ``one`` is earlier than ``other`` as far as both are known (up to the first X)."""
    for left, right in zip(one, other, strict=False):
        if UNKNOWN in (left, right):
            return False
        if left != right:
            return left < right
    return False
