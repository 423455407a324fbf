"""Names of authors as pages print and declare them.

Authors are those who wrote: persons, or where none is named the agency or desk that stands in their place.
Translators, photographers and editors in charge are none. Everything here reads form alone, so it is only asked about
lines that stand where a byline would: beside the title, and at the ends of the article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from kakuyaku.names import (
    AGENCY,
    FULL_NAME,
    HOUSE,
    KANJI,
    KATAKANA,
    NO_NAME,
    ROLE,
    full_names,
    house_stem,
    is_desk,
    is_full_name,
    is_organisation,
)

AROUND, _OPENING, _CLOSING = " 　\t•", "【[［（(〔《〈＜", "】]］）)〕》〉＞"
LONGEST = 60  # characters: longer lines are sentences
_LONGEST_NAME = 40
_LONGEST_VALUE, _ENDS = 500, 200  # characters of a declared value, and of a paragraph's ends, that are read
_LOOSE_NAME = 20  # characters of a name that only a label speaks for

_PLACEHOLDER = re.compile(
    r"admin|administrator|root|user|guest|author|your[ _-]?name|unknown|none|null|undefined|匿名|名無し|著者名",
    re.IGNORECASE,
)

_WORK = r"(?:文章?|写真|撮影|構成|イラスト|編集|動画|図版?|取材|執筆|記事)"  # what one name may stand for together
_WRITERS = (
    rf"(?:{_WORK}[・、と&＆])*(?:取材(?:文|執筆)?|文章?|執筆者?名?|著者?名?|筆者?名?|構成|聞き手|インタビュ(?:ー|アー)|記事?|レポート|リポート|報告"
    rf"|文責|書き手|投稿者)(?:[・、と&＆]{_WORK})*"
    r"|(?:担当|取材|執筆)?記者名?|取材班|ライター|論説委員長?|編集委員|特派員|寄稿者?|作者名?|撰文|글|(?:本[紙誌報报]|特[約约])?(?:記者|记者|评论员|評論員)"
    r"|(?i:authors?|writer|reporter|text|words|story|(?:text|words|story|written|report(?:ed)?|posted) ?by)"
)
_OTHERS = (
    r"写真|カメラ|撮影|摄影?|訳者?|翻訳者?|監訳|監修|編集者?|責任編集|责任编辑|編輯|编辑|图片?|イラスト|図版?|動画|映像|デザイン|校正|校閲|制作|作図"
    r"|企画|協力|取材協力|語り手?|話し手|ゲスト|出演|解説|回答|スタイリスト|モデル|提供|原文|原作"
    r"|(?i:photos?|translat\w+|edit\w+)(?: by)?"
)
_MARK = r"[\s　]*[:：/／＝=●◎｜|・】］\])）][\s　]*"
_LABELLED = re.compile(rf"^(?:{_WRITERS})(?:({_MARK})|[\s　]+|(?<=聞き手)は)(?=\S)")
_OF_OTHERS = re.compile(
    rf"^(?:{_OTHERS})(?:{_MARK}|[\s　]+|$)|(?:撮影|写真|摄|翻訳|訳|監修|提供|編集者)$"
    r"|写真部|映像部|写真家|カメラマン|フォトグラファー|翻訳[家者]|イラストレーター|校閲"
)
_NEXT_LABEL = re.compile(
    rf"[\s　／/|｜]+(?=(?:{_WRITERS}|{_OTHERS})[\s　]*[:：/／＝=●◎][\s　]*\S"
    r"|(?:写真|撮影|イラスト|編集|翻訳|監修)[\s　・]+\S)"
)
_IN_BRACKETS = re.compile(r"(?<=.)[（(［\[][^（）()［］\[\]]*[）)］\]]")
_ADDRESS = re.compile(r"(?<![^\s@])[^\s@]+@\S+")
_MORE = re.compile(  # what follows names: others, a button, when they joined
    r"[\s　]*(?:외[\s　]*\d+명|(?:ほか|他)\d+[人名]|\d{4}年入[局社].*|を?[＋+]?フォロー(?:する|中)?|の記事一覧)$"
)
_OTHER_IN_BRACKETS = re.compile(rf"[^\s　、，,・／/（(]+[\s　]?[（(](?:{_OTHERS}|絵)[）)]")
_LABEL_ALONE = re.compile(
    rf"^[\s　■◆●【\[]*(?:{_WRITERS}|この記事(?:を書いた人|の(?:著者|筆者|執筆者)))[\s　】\]]*[:：]?$"
)
_TITLES = (
    r"(?:の?[両各])?(?:上級|主任|専門|本紙|客員)?(?:記者|特派員|編集委員|論説委員長?|解説委員|通信員|支局長|編集長|デスク|ライター)"
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
_POSTED = re.compile(  # by blog software: 「Posted by 青葉 at 23:41 | Comments(2)」
    r"^(?:in [^。]{1,40}[,、][\s　]*)?posted by[\s　:：]+([^|｜│。,]{2,30}?)"
    r"(?=$|[\s　]*[|｜│]|[\s　]+(?:at|on)[\s　]+(?:\d|[A-Z][a-z]{2,8} \d))",
    re.IGNORECASE,
)
_DATE = r"(?:(?:19|20)\d{2}[年/.\-][\s　]*\d{1,2}[月/.\-][\s　]*\d|\d{1,2}月\d{1,2}日)"
_BEFORE_DATE = re.compile(rf"^({FULL_NAME})(?:[\s　]*(?:{_TITLES}))?[\s　|｜]*{_DATE}")
_DATED = re.compile(rf"[\s　]*{_DATE}.*$")
_BRACKETED = r"[【\[［（(〔《〈＜]([^【】\[\]［］（）()〔〕《》〈〉＜＞]{2,60})[】\]］）)〕》〉＞]"
_OPENS_WITH = re.compile(rf"^[\s　]*{_BRACKETED}(?=.)")
_CLOSES_WITH = re.compile(rf"(?:^|[。」！？!?”\"』.])[\s　]*{_BRACKETED}[\s　。]*$")
_FROM_PLACE = re.compile(rf"^[{KANJI}{KATAKANA}・]{{2,10}}[=＝]")
_PLACED = re.compile(r"^[^=＝、,]{1,15}[=＝]")
_PLACE_OR_DESK = re.compile(
    rf"^(?:(?:[{KANJI}]{{2}}|[{KATAKANA}]{{2,}}|北海道|神奈川|和歌山|鹿児島|名古屋|北九州)・"
    rf"|(?:\S*(?:支局|総局|本社|支社|部|局)|本[紙誌])[・\s　]*|[{KATAKANA}]{{2,}}(?=[{KANJI}]{{2,6}}$))"
)
_ITEMS = re.compile(r"[、，,;；&＆]|\s+(?:and|と)\s+|(?<=記者)[\s　・]+(?=\S+[\s　]?記者(?:$|[\s　・]))")
_PIECES = re.compile(rf"[／/|｜]|(?<=[{KANJI}]{{3}})・(?=[{KANJI}]{{3}})")
_SEPARATOR = r"(?:[\s　]*[・／/:：|｜][\s　]*|[\s　]+)"
_BEFORE = re.compile(rf"^(?:(?:{ROLE}|{HOUSE}){_SEPARATOR}(?=\S)|[{KATAKANA}]{{2,}}[\s　](?=[{KANJI}]))")
_BEHIND = re.compile(
    rf"(?<=\S)(?!(?<=[{KATAKANA}])・[{KATAKANA}]){_SEPARATOR}(?:{ROLE}|{HOUSE})$"
    rf"|[\s　]*[:：][^:：]{{0,20}}[\s　]{ROLE}$"
)
_PARTICLE = re.compile(rf"[{KANJI}][のがをはにへもで][{KANJI}]")  # 港の話
_RIGHTS = re.compile(r"[\s　]*(?:©|ⓒ|[（(][cC][)）]).*$")
_SIGNED_BY_AGENCY = re.compile(rf"(?:^|[\s{KATAKANA}{KANJI}])({AGENCY})$")
_INITIALS = re.compile(r"[A-Za-z][\w.-]{0,11}")
_SOLID = re.compile(
    rf"(?:{FULL_NAME}|[{KANJI}{KATAKANA}・ ]{{2,{_LOOSE_NAME}}}|[\w'’.-]+(?: [\w'’.-]+){{0,3}})$", re.ASCII
)


def names_in(text: str) -> tuple[str, ...]:
    """The names in a value that is declared, or labelled, as the author's: persons if there are any, else others.

    >>> names_in("By Aoba Yamada"), names_in("山田青葉、海野港（社会部）"), names_in("文・山田青葉、写真・海野港")
    (('Aoba Yamada',), ('山田青葉', '海野港'), ('山田青葉',))
    """
    text = text[:_LONGEST_VALUE]
    return _named_before_role(text) or _persons_first(name for name, _ in _parts(bare(text)) if name)


def read_byline(line: str) -> tuple[str, ...]:
    """The authors in a line that is nothing but a byline, or begins with one.

    >>> read_byline("文/山田青葉"), read_byline("山田青葉記者"), read_byline("山田記者が港で見た。")
    (('山田青葉',), ('山田青葉',), ())
    >>> read_byline("in 港, 海, Posted by aoba_y at 23:41")
    ('aoba_y',)
    """
    line = line.strip(AROUND)
    if not 2 <= len(line) <= LONGEST:
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
        if not found and _LABEL_ALONE.match(line.strip(AROUND)):
            found = tuple(_below_label(lines[number + 1 :]))
        if found and not all(map(is_organisation, found)):
            return found
        desk = desk or found
    return desk


def read_introduced(line: str) -> tuple[str, ...]:
    """Full names with roles, houses or places that tell that they are authors'; none where anything else is said."""
    if not 2 <= len(line) <= LONGEST or line.endswith(("さん", "氏", "さま", "様")):
        return ()
    parts = list(_parts(bare(inner_of(line))))
    persons = tuple(name for name, _ in parts if is_full_name(name))
    told = any(said for _, said in parts) and all(is_full_name(name) or is_organisation(name) for name, _ in parts)
    return persons if told else ()


def read_alone(line: str) -> tuple[str, ...]:
    """The full names that a line consists of, but for readings and addresses."""
    return full_names(bare(line)) if len(line) <= LONGEST and not _OF_OTHERS.search(line) else ()


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


def bare(text: str) -> str:
    """A declared value on one line, without readings, addresses, dates and what stands around its names."""
    text = _OTHER_IN_BRACKETS.sub("", _RIGHTS.sub("", text) or text)
    text = _ADDRESS.sub("", _IN_BRACKETS.sub(" ", text))
    text = _MORE.sub("", " ".join(text.split()))
    return _DATED.sub("", text).strip("【】《》〔〕[]（）()［］ 　|｜●◎。")


def inner_of(line: str) -> str:
    """A short line without marks and brackets about it, but with those about a part of it."""
    if len(line) > LONGEST:
        return line
    inner = line.lstrip(AROUND + _OPENING + "■◆").rstrip(AROUND + "■◆")
    while inner and inner[-1] in _CLOSING and _count(inner, _CLOSING) > _count(inner, _OPENING):
        inner = inner[:-1].rstrip()
    return inner


def _count(text: str, characters: str) -> int:
    return sum(character in characters for character in text)


def _signed(inside: str, *, topic: bool) -> tuple[str, ...]:
    """The names between the brackets of a signature, where each part must show that it is one.

    ``topic``: a bare word would be the topic: where brackets open a paragraph, and where 【】 stand alone.
    """
    inside = inside.strip()
    if found := _named_before_role(inside) or _named_behind_role(inside):
        return found
    if agency := _SIGNED_BY_AGENCY.search(unicodedata.normalize("NFKC", inside)):
        return (agency[1],)
    place = re.match(rf"[{KATAKANA}]{{2,}}[=＝・\s　]?(?=[{KANJI}A-Z])", inside)
    if house_stem(house := inside[place.end() if place else 0 :]) and (place or not topic) and not is_desk(house):
        return (house,)
    if re.fullmatch(rf"[{KANJI}]{{2,3}}・[{KANJI}]{{1,2}}", inside):  # two places
        return ()
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
        name = next((name for name, _ in _parts(bare(line.strip(AROUND)))), "")
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
    if match := _POSTED.search(line) or _BY.search(line):
        return names_in(match[1])
    match = _BEFORE_DATE.match(line)
    return full_names(match[1]) if match else ()


def _labelled(line: str) -> tuple[str, ...]:
    """The names behind a word for writers; behind a space alone they must be full names."""
    inner = inner_of(line)
    label = _LABELLED.match(inner)
    found = names_in(inner) if label else ()
    loose = label and (label[1] or "").strip() not in ("", "・") and not any(map(_PARTICLE.search, found))
    return found if loose or all(map(is_full_name, found)) else ()


def _titled(line: str) -> tuple[str, ...]:
    """A name before the title of a writer."""
    inner = bare(inner_of(line))
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
    *names, house = re.split(r"[，,]", inner_of(line))
    found = names_in("、".join(names))
    return found if all(map(is_full_name, found)) and not is_full_name(house.strip()) else ()


_FORMS = (_named_before_role, _named_behind_role, _written_by, _labelled, _titled, _placed, _affiliated)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Each name in a text, without role, title, desk and place, and whether one of them said that it is a name.

    Empty for what is no name, nothing for somebody who did not write.
    """
    for item in map(str.strip, _ITEMS.split(_NEXT_LABEL.sub("、", text))):
        if _OF_OTHERS.search(item) and not _LABELLED.match(item):
            continue
        rest = re.sub(r"^by\s+", "", _LABELLED.sub("", item), flags=re.IGNORECASE)
        persons, said = _unaffiliated(rest)
        if persons:
            yield from ((name, said or rest != item) for name in persons)
            continue
        if not is_organisation(rest):
            rest = _PLACED.sub("", rest)
        for form in (_PLACE_OR_DESK, _HONORIFIC):
            shorter = form.sub("", rest)
            rest = shorter if len(shorter) > 1 and not is_desk(rest) else rest
        for piece in _PIECES.split(rest):
            yield _name(piece), rest != item


def _unaffiliated(text: str, depth: int = 4) -> tuple[tuple[str, ...], bool]:
    """The full names in a text without roles, houses and a place about them, and whether there were any."""
    if persons := full_names(text):
        return persons, False
    for form in (_PLACED, _BEFORE, _BEHIND, _TITLED) if depth and len(text) <= LONGEST else ():
        shorter = form.sub("", text)
        persons = _unaffiliated(shorter, depth - 1)[0] if shorter not in ("", text) else ()
        if persons:
            return persons, True
    return (), False


def _name(piece: str) -> str:
    name = _HONORIFIC.sub("", piece).strip(" 　・:：●◎")
    wrong = len(name) > _LONGEST_NAME or NO_NAME.search(name) or _PLACEHOLDER.fullmatch(name)
    return "" if wrong else name


def _persons_first(names: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(names))
    return tuple(name for name in found if not is_organisation(name)) or found
