"""Names of authors as pages print them."""

from __future__ import annotations

import re

_WORD = r"[^\s　、。,，［］:：/／()（）【】\[\]「」『』|｜0-9０-９]{1,12}"
_NAME = rf"{_WORD}(?:[\s　・･]{_WORD}){{0,3}}"
_ROLES = "取材・文|文・写真|文|執筆|著者?|筆者|記者|ライター|訳|翻訳|取材|構成|聞き手|作者|责任编辑|記者名"
_BYLINES = (
    re.compile(rf"^[\s　【\[（(]*(?:{_ROLES})[\s　]*[:：/／＝=●◎][\s　]*({_NAME})"),
    re.compile(rf"^[\s　]*［({_NAME})，[^，］]{{1,20}}］[\s　]*$"),
    re.compile(rf"^[\s　]*(?i:by|文)[\s　]+({_NAME})[\s　]*$"),
    re.compile(rf"^[\s　]*[【\[（(]?({_NAME})[\s　]*(?:記者|特派員|編集委員|論説委員|기자)[】\]）)]?[\s　]*$"),
)
_LONGEST = 60  # characters: longer lines are sentences


def read_byline(line: str) -> str | None:
    """The name in a line that is nothing but a byline, or begins with one.

    >>> read_byline("文/山田青葉"), read_byline("山田青葉記者"), read_byline("山田記者が港で見た。")
    ('山田青葉', '山田青葉', None)
    """
    if len(line) > _LONGEST:
        return None
    for form in _BYLINES:
        if match := form.search(line):
            return match[1]
    return None
