"""Dates of publication as pages print them, read into ISO 8601."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from email.utils import parsedate_to_datetime

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_PRINTED = re.compile(
    r"""
    (?<!\d)
    (?: (?P<era>令和|平成|昭和)\s?(?P<era_year>元|\d{1,2})\s?年\s?
      | (?P<year>(?:19|20)\d{2})\s?(?:[年년/.\-]\s?|(?=\d{4}(?!\d))) )
    (?P<month>0?[1-9]|1[0-2])\s?(?:[月월/.\-]\s?|(?<=\d{6})(?=\d{2}(?!\d)))
    (?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s?[日일]?
    (?: [T\s,.、]{0,3} (?:[(][^()\d]{1,5}[)])? [T\s,.、]{0,3}
        (?P<noon>午前|午後|AM|PM|오전|오후)?\s{0,2}
        (?P<hour>2[0-4]|1\d|0?\d)\s?[:時时시]\s?(?P<minute>[0-5]\d|\d(?=\s?[分분]))\s?[分분]?
        (?: :(?P<second>[0-5]\d)(?:\.\d{1,9})? )?
        \s{0,2}(?P<zone>Z|UTC|GMT|JST|KST|[+\-]\d{2}:?\d{2}(?!\d))?
    )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ZONES = {"z": "+00:00", "utc": "+00:00", "gmt": "+00:00", "jst": "+09:00", "kst": "+09:00"}
_MAX_CHARACTERS = 200


def read_date(text: str) -> str | None:
    """The first date in ``text`` as ISO 8601, with time and zone where they are printed; None without a year.

    >>> read_date("2030年4月5日(金) 10時30分"), read_date("令和12年4月5日"), read_date("2030-04-05T01:30:00Z")
    ('2030-04-05T10:30', '2030-04-05', '2030-04-05T01:30:00+00:00')
    """
    text = unicodedata.normalize("NFKC", text[:_MAX_CHARACTERS]).strip()
    for match in _PRINTED.finditer(text):
        if date := _iso(match):
            return date
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError):
        return None


def _iso(match: re.Match[str]) -> str | None:
    part = match.groupdict()
    if part["era"]:
        year = _ERAS[part["era"]] + (1 if part["era_year"] == "元" else int(part["era_year"]))
    else:
        year = int(part["year"])
    date = f"{year:04}-{int(part['month']):02}-{int(part['day']):02}"
    if part["hour"]:
        hour = int(part["hour"])
        noon = (part["noon"] or "").lower()
        if noon in ("午後", "pm", "오후") and hour < 12:
            hour += 12
        elif noon in ("午前", "am", "오전") and hour == 12:
            hour = 0
        if hour < 24:
            date += f"T{hour:02}:{int(part['minute']):02}"
            if part["second"]:
                date += f":{part['second']}"
            if zone := part["zone"]:
                named = _ZONES.get(zone.lower(), zone)
                date += named if ":" in named else f"{named[:3]}:{named[3:]}"
    try:
        datetime.fromisoformat(date)
    except ValueError:
        return None
    return date
