"""Names that their place tells: persons and houses beside the date and title, below a portrait's heading, in a credit.

Forms that are too common to be read anywhere else: a bare name, a name with a role, the name of an agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kakuyaku.bylines import AROUND, LONGEST, bare, inner_of, read_alone, read_byline, read_bylines, read_introduced
from kakuyaku.names import HOUSE, ROLE, house_stem, is_organisation

_PORTRAITS = 30  # lines below an article where 「著者」 alone heads a portrait
_HEADING = 24  # characters of such a heading
_PORTRAIT = 12  # lines below the heading of a portrait that may name its person

_PORTRAYED = re.compile(
    r"(?P<sure>(?:この|本)(?:記事|コラム|研究|連載|レポート|論考|原稿|ページ)"
    r"(?:を(?:書|執筆し)[いた]+(?:人|記者|ライター)?|の(?:著者|筆者|執筆者|担当者|担当記者|ライター)))"
    r"|(?:著者|筆者|執筆者)(?:の?(?:プロフィール|紹介|略歴))?|(?:ライター|記者)の?(?:プロフィール|紹介)|書いた人"
    r"|(?i:(?:about the )?(?:author|writer)s?)"
)
_READING = re.compile(r"[（(][ぁ-んー]+[\s　・][ぁ-んー]+[）)]")
_WHEN = re.compile(
    r"(?:(?:19|20)\d{2}[\s　]*[年/.\-][\s　]*)?(?<!\d)\d{1,2}[\s　]*[月/.\-][\s　]*\d{1,2}(?!\d)日?"
    r"[\s　]*(?:[（(][月火水木金土日][^（()）]{0,3}[)）])?"
    r"(?:[\s　]*(?:午前|午後)?[\s　]*\d{1,2}[:：時][\s　]*(?:\d{1,2}分?)?)?"
    r"(?:[\s　]*(?:公開|更新|配信|掲載|投稿|発行|作成)(?!者))?"
)
_ABOUT_TIMES = re.compile(
    r"(?:最終)?(?:更新|公開|配信|掲載|投稿|入力|修正|登録)(?:日時?[\s　]*[:：]?|[\s　]*[:：]|(?=[\s　|｜/／]|$))"
)
_COUNTER = re.compile(r"\D{0,8}[\d,]+件?$")
_MARK = re.compile(r"(?:有料|会員|無料|限定|プレミアム|オリジナル|独自|速報|記事)+|[A-Z]{2,4}")
_CREDIT = re.compile(
    r"^(?:©|ⓒ|[（(][cC][)）]|(?:提供元?|配信元?|出所|ソース|情報提供)(?:[\s　]*[:：／/＝=]|[\s　]+)|(?=.*\S@\S))[\s　]*"
)


def read_beside(lines: Sequence[str], title: int, text: str) -> tuple[str, ...]:
    """The authors in the lines beside a title: bylines, persons with their roles, and bare names by the date.

    Args:
        lines: in order, without empty ones.
        title: which of them is the title; -1 if none is.
        text: what the article says. Whom it speaks of is no author for a bare name.

    >>> read_beside(["港が開く", "2030年4月5日", "山田 青葉", "主任研究員", "海野 港"], 0, "")
    ('山田 青葉', '海野 港')
    """
    found = read_bylines(lines)
    if found and not all(map(is_organisation, found)):
        return found
    dated = [_is_dated(line) for line in lines]
    roles = [_is_role(line) for line in lines]
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):  # what may stand between date and name
        for number in order:
            between = roles[number] or _MARK.fullmatch(lines[number]) or _COUNTER.fullmatch(lines[number])
            dated[number] |= bool(between) and dated[number - order.step]
    spoken = "".join(text.split())
    names: list[str] = []
    role_above = False  # whether names, or the role of one, stand in the line above
    for number, line in enumerate(lines):
        by_date = any(dated[max(0, number - 1) : number + 2]) or role_above or number == title + 1 > 0
        here = (dated[number] and read_byline(_undated(line))) or read_introduced(line)
        if not here and by_date and number != title:
            here = _alone(line)
        here = tuple(name for name in here if "".join(name.split()) not in spoken)
        role_above = bool(here) or (role_above and roles[number])
        if names and not role_above:
            break
        names += here
    return tuple(dict.fromkeys(names)) or found


def read_portrait(lines: Sequence[str]) -> tuple[str, ...]:
    """Whom a portrait of the author below an article names: the first below its heading, and who has a reading.

    >>> read_portrait(["関連", "この記事を書いた人", "山田青葉（青空新聞記者）", "港を歩く。"])
    ('山田青葉',)
    """
    for number, line in enumerate(lines):
        heading = _PORTRAYED.fullmatch(inner_of(line).strip(":：")) if len(line) <= _HEADING else None
        if heading is None or (number > _PORTRAITS and not heading["sure"]):
            continue
        below = [one for one in lines[number + 1 : number + 1 + _PORTRAIT] if one.strip()]
        first = next(iter(below), "")
        names = [*(read_introduced(first) or read_alone(first) or filter(None, [read_credit(first)]))]
        for one in below[1:] if names else ():
            if _READING.search(one):
                names += read_alone(one)
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def houses_beside(lines: Sequence[str]) -> Iterator[str]:
    """Agencies, publishers and desks that stand alone by a date: those who give the article."""
    lines = [line for line in lines if not _COUNTER.fullmatch(line) or _is_dated(line)]
    dated = [_is_dated(line) for line in lines]
    for number, line in enumerate(lines):
        name = read_credit(_undated(line))
        if name and any(dated[max(0, number - 1) : number + 2]):
            yield name


def read_credit(line: str) -> str:
    """The agency, publisher or desk that a line consists of, be it behind © or before an address; else empty.

    >>> read_credit("© 青空通信"), read_credit("青空放送 国際局 news@example.org"), read_credit("港の話題")
    ('青空通信', '青空放送 国際局', '')
    """
    if len(line) > LONGEST:
        return ""
    name = inner_of(re.sub(r"[\s　]*[^\s@]+@\S+$", "", _CREDIT.sub("", line.strip(AROUND), count=1)))
    return name if house_stem(name) else ""


def _is_role(line: str) -> bool:
    """Whether a line holds the role of an author, or the house they belong to, and nothing else."""
    words = re.split(r"[\s　・／/]+", bare(line)) if len(line) <= LONGEST else []
    return bool(words) and all(re.fullmatch(rf"{ROLE}|{HOUSE}", word) for word in words)


def _is_dated(line: str) -> bool:
    return len(line) <= LONGEST and bool(_WHEN.search(line))


def _undated(line: str) -> str:
    """A short line without its dates."""
    if not _is_dated(line):
        return inner_of(line) if "【" not in line else line.strip(AROUND)
    return inner_of(_ABOUT_TIMES.sub("", _WHEN.sub("", line)).strip(AROUND + "|｜/／:：・,、-–—"))


def _alone(line: str) -> tuple[str, ...]:
    """The full names that a line consists of, but for dates, readings and addresses."""
    parts = re.split("[|｜]", _undated(line)) if _is_dated(line) else [_undated(line)]
    names = next(filter(None, map(read_alone, parts)), ())
    return names if len(names) > 1 or "【" not in line else ()
