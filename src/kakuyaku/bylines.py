"""Names of authors as pages print and declare them.

Authors are those who wrote: persons, or where none is named the agency or desk that stands in their place.
Translators, photographers and editors in charge are none. Everything here reads form alone, so it is only asked about
lines that stand where a byline would: beside the title, and at the ends of the article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_KANJI = "\u3400-\u4dbf\u4e00-\u9fff々ヶ"
_KATAKANA = "ァ-ヺー"
_AROUND, _BRACKETS = " 　\t•", "【[［（(〔】]］）)〕《》 　■◆"
_LONGEST = 60  # characters: longer lines are sentences
_LONGEST_NAME = 40
_LONGEST_VALUE, _ENDS = 500, 200  # characters of a declared value, and of a paragraph's ends, that are read
_LOOSE_NAME = 20  # characters of a name that only a label speaks for

# Full names by their form: kanji, kanji and kana, katakana with a dot, capitalised Latin words, hangul.
_FULL_NAME = re.compile(
    rf"[{_KANJI}]{{3,6}}|[{_KANJI}]{{1,4}}[ 　][{_KANJI}ぁ-ん{_KATAKANA}]{{1,5}}"
    rf"|[{_KANJI}]{{1,3}}(?:[ぁ-ん]{{2,4}}|[{_KATAKANA}]{{2,4}})"
    rf"|[{_KATAKANA}]{{2,12}}(?:[・=＝ ][{_KATAKANA}]{{1,12}}){{1,3}}"
    r"|[A-Z][\w.'’-]*(?: [\w.'’-]+){0,2} [A-Z][\w'’-]+|[가-힣]{2,4}"
)
# What stands where a name would and is none: sentences, counts, addresses, notes of the editors, places, offices.
_NO_NAME = re.compile(
    r"[。「」『』!！?？:：@#＃<>]|\d{2}|://|^/|[略載号面頁版欄図談市県府州省庁]$|^東京都$|^北海道$|(?:当時|担当|記事|特集|連載|速報|限定|社会|政治|経済|国際|文化|科学|地域|機関)$"
    r"|^(?:続く|つづく|了|完|終|おわり|終わり|笑)$"
)
_PLACEHOLDER = re.compile(r"admin|administrator|root|user|guest|unknown|none|null|undefined|匿名|名無し", re.IGNORECASE)
_DESK = re.compile(
    r"編集部|編集局|編集室|取材班|取材チーム|報道部|報道局|编辑部|편집부|취재팀|\b(?:staff|team|desk|editors|newsroom)\b",
    re.IGNORECASE,
)
_AGENCY = (
    r"共同通信社?|共同|時事通信社?|時事|ロイター(?:通信)?|AFP[=＝]?時事|AFP|AP通信|AP|UPI|ブルームバーグ|タス通信"
    r"|聯合ニュース|新華社|新华社|연합뉴스|Bloomberg|Reuters"
)
_ORGANISATION = re.compile(
    r"(?:新聞社?|新報|日報|通信社?|放送|テレビ|ニュース|デジタル|オンライン|会社|協会|研究所|大学|事務局|[社局部班網网報报誌署])$"
    rf"|(?:신문|일보|방송|뉴스|통신)$|^(?:{_AGENCY}|CNN|BBC|NHK)$"
    r"|\b(?:news|inc|ltd|corp|co|press|media|times|online|magazine|editorial|company|agency)\b",
    re.IGNORECASE,
)

_WITH = r"[・、と](?:写真|撮影|構成|イラスト|編集)"
_WRITERS = (
    rf"取材(?:[・、]?(?:文|執筆))?(?:{_WITH})*|(?:撮影|写真|構成)[・、と]文|文(?:{_WITH})*|執筆者?名?|著者名?|筆者名?"
    r"|(?:担当)?記者名?|ライター|論説委員長?|編集委員|特派員|寄稿|聞き手|構成|インタビュー|作者名?|撰文|글|(?:本[紙誌報报]|特[約约])?(?:記者|记者|评论员|評論員)"
    r"|(?i:author|writer|(?:text|words|story|written|report(?:ed)?|posted) ?by)"
)
_OTHERS = (
    r"写真|撮影|摄影?|訳者?|翻訳者?|監訳|監修|編集者?|責任編集|责任编辑|編輯|编辑|图片?|イラスト"
    r"|(?i:photos?|translat\w+|edit\w+)(?: by)?"
)
_MARK = r"[\s　]*[:：/／＝=●◎｜|・】］\])）][\s　]*"
_LABELLED = re.compile(rf"^(?:{_WRITERS})(?:({_MARK})|[\s　]+)(?=\S)")
_OF_OTHERS = re.compile(rf"^(?:{_OTHERS})(?:{_MARK}|[\s　]+|$)|(?:撮影|写真|摄|翻訳|訳|監修|提供)$")
_LABEL_ALONE = re.compile(
    rf"^[\s　■◆●【\[]*(?:{_WRITERS}|この記事(?:を書いた人|の(?:著者|筆者|執筆者)))[\s　】\]]*[:：]?$"
)
_TITLES = (
    r"(?:上級|主任|専門|本紙|客員)?(?:記者|特派員|編集委員|論説委員長?|解説委員|通信員|支局長|編集長|デスク|ライター)"
    r"|记者|評論員|评论员|(?:선임|전문|인턴|객원)?기자|특파원|논설위원"
)
_TITLED = re.compile(rf"(?<![\s　・])[\s　・]*(?:{_TITLES})$")
_HONORIFIC = re.compile(rf"(?<![\s　・])[\s　・]*(?:{_TITLES}|氏|さん)$")
_KOREAN = re.compile(
    r"((?:[가-힣]{2,4}·)*[가-힣]{2,4})[ ·]?(?:선임|전문|인턴|객원)?(?:기자|특파원|논설위원)(?![가-힣])"
)
_CHINESE = re.compile(
    r"^[（(【〔\[]?\S{0,8}?(?:记者|記者|评论员|評論員|作者|撰文)[\s　:：/／|]*"
    r"((?:[\u4e00-\u9fff]{2,4}[\s　、/／]*){1,4})[）)】〕\]]?$"
)
_SIMPLIFIED = re.compile("[记评员华报责编]")  # where they stand, spaces part persons
_BY = re.compile(
    r"(?:^|\d[\s　]+|^(?:text|words|story|written|reported|posted)\s)by[\s　:：]+([^|｜\d]{2,40}?)[\s　]*(?:[|｜].*)?$",
    re.IGNORECASE,
)
_DATE = r"(?:(?:19|20)\d{2}[年/.\-][\s　]*\d{1,2}[月/.\-][\s　]*\d|\d{1,2}月\d{1,2}日)"
_BEFORE_DATE = re.compile(rf"^({_FULL_NAME.pattern})(?:[\s　]*(?:{_TITLES}))?[\s　|｜]*{_DATE}")
_DATED = re.compile(rf"[\s　]*{_DATE}.*$")
_BRACKETED = r"[【\[［（(〔《]([^【】\[\]［］（）()〔〕《》]{2,60})[】\]］）)〕》]"
_OPENS_WITH = re.compile(rf"^[\s　]*{_BRACKETED}(?=.)")
_CLOSES_WITH = re.compile(rf"(?:^|[。」！？!?”\"』.])[\s　]*{_BRACKETED}[\s　。]*$")
_FROM_PLACE = re.compile(rf"^[{_KANJI}{_KATAKANA}・]{{2,10}}[=＝]")
_PLACED = re.compile(r"^[^=＝、,]{1,15}[=＝]")
_PLACE_OR_DESK = re.compile(
    rf"^(?:(?:[{_KANJI}]{{2}}|[{_KATAKANA}]{{2,}}|北海道|神奈川|和歌山|鹿児島|名古屋|北九州)・"
    rf"|(?:\S*(?:支局|総局|本社|支社|部|局)|本[紙誌])[・\s　]*|[{_KATAKANA}]{{2,}}(?=[{_KANJI}]{{2,6}}$))"
)
_ITEMS = re.compile(r"[、，,;；&＆]|\s+(?:and|と)\s+")
_PIECES = re.compile(rf"[／/|｜]|(?<=[{_KANJI}]{{3}})・(?=[{_KANJI}]{{3}})")
_SIGNED_BY_AGENCY = re.compile(rf"(?:^|[\s{_KATAKANA}{_KANJI}])({_AGENCY})$")
_INITIALS = re.compile(r"[A-Za-z][\w.-]{0,11}")
_SOLID = re.compile(
    rf"(?:{_FULL_NAME.pattern}|[{_KANJI}{_KATAKANA}・ ]{{2,{_LOOSE_NAME}}}|[\w'’.-]+(?: [\w'’.-]+){{0,3}})$", re.ASCII
)


def names_in(text: str) -> tuple[str, ...]:
    """The names in a value that is declared, or labelled, as the author's: persons if there are any, else others.

    >>> names_in("By Aoba Yamada"), names_in("山田青葉、海野港（社会部）"), names_in("文・山田青葉、写真・海野港")
    (('Aoba Yamada',), ('山田青葉', '海野港'), ('山田青葉',))
    """
    text = text[:_LONGEST_VALUE]
    return _named_before_role(text) or _persons_first(name for name, _ in _parts(_bare(text)) if name)


def is_organisation(name: str) -> bool:
    """Whether a name is that of a desk, an agency or a company.

    >>> is_organisation("青空新聞編集部"), is_organisation("共同"), is_organisation("山田青葉")
    (True, True, False)
    """
    return is_desk(name) or bool(_ORGANISATION.search(name))


def is_desk(name: str) -> bool:
    """Whether a name is that of a desk: a part of a publisher that signs for it.

    >>> is_desk("青空新聞編集部"), is_desk("青空新聞")
    (True, False)
    """
    return bool(_DESK.search(name))


def is_full_name(name: str) -> bool:
    """Whether a name looks like a person's, with nothing said about it.

    >>> is_full_name("山田青葉"), is_full_name("ジョン・ヤマダ"), is_full_name("コラム"), is_full_name("港の話題")
    (True, True, False, False)
    """
    return bool(_FULL_NAME.fullmatch(name)) and not is_organisation(name) and not _NO_NAME.search(name)


def read_byline(line: str) -> tuple[str, ...]:
    """The authors in a line that is nothing but a byline, or begins with one.

    >>> read_byline("文/山田青葉"), read_byline("山田青葉記者"), read_byline("山田記者が港で見た。")
    (('山田青葉',), ('山田青葉',), ())
    """
    line = line.strip(_AROUND)
    if not 2 <= len(line) <= _LONGEST:
        return ()
    return next(filter(None, (form(line) for form in _FORMS)), ())


def read_bylines(lines: Sequence[str]) -> tuple[str, ...]:
    """The authors in the first of some lines that names any; a label may stand alone, with the names below.

    >>> read_bylines(["2030年4月5日", "著者：", "  • 山田青葉", "翻訳者", "  • 海野港"])
    ('山田青葉',)
    """
    desk: tuple[str, ...] = ()
    for number, line in enumerate(lines):
        found = read_byline(line)
        if not found and _LABEL_ALONE.match(line.strip(_AROUND)):
            found = tuple(_below_label(lines[number + 1 :]))
        if found and not all(map(is_organisation, found)):
            return found
        desk = desk or found
    return desk


def read_signature(paragraph: str) -> tuple[str, ...]:
    """The authors in brackets at the beginning of an article's first paragraph, or at the end of its last one.

    >>> read_signature("【カイロ＝山田青葉】甲国の首相は述べた。"), read_signature("港は静かだ。（社会部・海野港）")
    (('山田青葉',), ('海野港',))
    >>> read_signature("[北港 5日 ロイター] - 甲国の首相は述べた。"), read_signature("港は静かだ。（敬称略）")
    (('ロイター',), ())
    """
    opening, closing = _OPENS_WITH.search(paragraph[:_ENDS]), _CLOSES_WITH.search(paragraph[-_ENDS:])
    if opening and (found := _signed(opening[1], topic=True)):
        return found
    if not closing:
        return ()
    alone = closing[0].strip() == paragraph.strip()
    if alone and _INITIALS.fullmatch(closing[1]):
        return (closing[1],)
    return _signed(closing[1], topic=alone and "【" in closing[0])


def _signed(inside: str, *, topic: bool) -> tuple[str, ...]:
    """The names between the brackets of a signature, where each part must show that it is one.

    ``topic``: a bare word would be the topic: where brackets open a paragraph, and where 【】 stand alone.
    """
    inside = inside.strip()
    if found := _named_before_role(inside) or _named_behind_role(inside):
        return found
    if agency := _SIGNED_BY_AGENCY.search(unicodedata.normalize("NFKC", inside)):
        return (agency[1],)
    names = []
    for name, said in _parts(inside):
        if not (is_desk(name) or (is_full_name(name) and (said or not topic)) or (said and _SOLID.match(name))):
            return ()
        names.append(name)
        topic = topic and not said  # what follows a name is one too
    return _persons_first(names)


def _below_label(lines: Sequence[str]) -> Iterator[str]:
    """The full names that stand below a label, each on a line."""
    for line in lines[:4]:
        name = next((name for name, _ in _parts(_bare(line.strip(_AROUND)))), "")
        if line.strip() and not is_full_name(name):
            return
        if name:
            yield name


def _named_before_role(line: str) -> tuple[str, ...]:
    """The persons of a Korean byline."""
    return tuple(dict.fromkeys(name for names in _KOREAN.findall(line) for name in names.split("·")))


def _named_behind_role(line: str) -> tuple[str, ...]:
    """The persons of a Chinese byline, parted by spaces."""
    match = _CHINESE.match(line) if _SIMPLIFIED.search(line) else None
    return tuple(dict.fromkeys(re.findall(r"[\u4e00-\u9fff]+", match[1]))) if match else ()


def _written_by(line: str) -> tuple[str, ...]:
    """The names behind "by", or in front of a date."""
    match = _BY.search(line) or _BEFORE_DATE.match(line)
    return names_in(match[1]) if match else ()


def _labelled(line: str) -> tuple[str, ...]:
    """The names behind a word for writers; behind a space alone they must be full names."""
    inner = line.strip(_BRACKETS)
    label = _LABELLED.match(inner)
    found = names_in(inner) if label else ()
    return found if label and (label[1] or all(map(is_full_name, found))) else ()


def _titled(line: str) -> tuple[str, ...]:
    """A name before the title of a writer."""
    inner = line.strip(_BRACKETS)
    if len(inner) > _LOOSE_NAME or not _TITLED.search(inner):
        return ()
    return tuple(name for name in names_in(inner) if len(name) > 1 and _SOLID.match(name))


def _placed(line: str) -> tuple[str, ...]:
    """Full names behind the place that they write from."""
    found = names_in(line) if _FROM_PLACE.match(line) else ()
    return found if all(map(is_full_name, found)) else ()


def _affiliated(line: str) -> tuple[str, ...]:
    """The names before the one that they write for, in square brackets."""
    if line[0] not in "［[" or line[-1] not in "］]":
        return ()
    *names, house = re.split(r"[，,]", line.strip(_BRACKETS))
    found = names_in("、".join(names))
    return found if all(map(is_full_name, found)) and not is_full_name(house.strip()) else ()


_FORMS = (_named_before_role, _named_behind_role, _written_by, _labelled, _titled, _placed, _affiliated)


def _bare(text: str) -> str:
    """A declared value on one line, without readings, addresses, dates and what stands around its names."""
    text = re.sub(r"(?<=.)[（(［\[][^（）()［］\[\]]*[）)］\]]", " ", text)
    text = re.sub(r"(?<![^\s@])[^\s@]+@\S+", " ", text)
    text = re.sub(r"[\s　]*외[\s　]*\d+명$", "", " ".join(text.split()))
    return _DATED.sub("", text).strip("【】《》〔〕[]（）()［］ 　|｜●◎")


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Each name in a text, without role, title, desk and place, and whether one of them said that it is a name.

    Empty for what is no name, nothing for somebody who did not write.
    """
    for item in map(str.strip, _ITEMS.split(text)):
        if _OF_OTHERS.search(item) and not _LABELLED.match(item):
            continue
        rest = re.sub(r"^by\s+", "", _LABELLED.sub("", item), flags=re.IGNORECASE)
        if not is_full_name(rest) and not is_organisation(rest):
            rest = _PLACED.sub("", rest)
        for form in (_PLACE_OR_DESK, _HONORIFIC):
            shorter = form.sub("", rest)
            rest = shorter if len(shorter) > 1 and not is_desk(rest) else rest
        for piece in _PIECES.split(rest):
            yield _name(piece), rest != item


def _name(piece: str) -> str:
    name = _HONORIFIC.sub("", piece).strip(" 　・:：●◎")
    wrong = len(name) > _LONGEST_NAME or _NO_NAME.search(name) or _PLACEHOLDER.fullmatch(name)
    return "" if wrong else name


def _persons_first(names: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(names))
    return tuple(name for name in found if not is_organisation(name)) or found
