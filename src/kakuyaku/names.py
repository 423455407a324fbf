"""What names of persons, desks and organisations look like, and what stands where a name would and is none.

All of it reads form alone. Where a list is needed (words of news sections, roles, endings of houses) it holds words of
the language, never names of one site.
"""

from __future__ import annotations

import re

KANJI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f々ヶ"
KATAKANA = "ァ-ヺー"

# Full names by their form: kanji, kanji and kana, katakana with a dot, capitalised Latin words, hangul.
FULL_NAME = (
    rf"[{KANJI}]{{3,6}}|[{KANJI}]{{2,3}}[ぁ-ねは-ん]{{1,2}}[子実美代江香枝恵乃]|[{KANJI}]{{1,4}}[ 　][{KANJI}ぁ-ん{KATAKANA}]{{1,5}}"
    rf"|[{KANJI}]{{1,3}}(?:[ぁ-ん]{{2,4}}|[{KATAKANA}]{{2,4}})"
    rf"|[{KATAKANA}]{{2,12}}(?:[・=＝ ][{KATAKANA}]{{1,12}}){{1,3}}"
    r"|[A-Z][\w.'’-]*(?: [\w.'’-]+){0,2} [A-Z][\w'’-]+|[가-힣]{2,4}"
)
_FULL_NAME = re.compile(FULL_NAME)
# Occupations of those who write; a field may stand before each: 軍事ジャーナリスト, 主任研究員.
ROLE = (
    rf"(?:同|[{KANJI}{KATAKANA}A-Za-z]{{0,12}}?(?:記者|特派員|通信員|委員長?|研究員|主幹|主筆|予報士|防災士|ライター|作家"
    r"|アナウンサー|キャスター|ジャーナリスト|アナリスト|エコノミスト|ストラテジスト|コラムニスト|評論家|ディレクター"
    r"|[リレ]ポーター|フェロー|コンサルタント|プランナー|支局長|総?局長|部長|次長|編集長|デスク|キャップ))"
)
# Words of sections, menus and headlines that are in no person's name.
_TOPIC = (
    r"政治|経済|国際|社会|文化|科学|技術|産業|環境|医療|教育|安全|保障|防衛|外交|軍事|災害|防災|地震|津波|天気|気象|事件|事故"
    r"|選挙|議会|内閣|政府|国会|地方|地域|全国|世界|海外|国内|生活|健康|芸能|芸術|音楽|映画|文学|書評|読書|運動|野球|競技|五輪"
    r"|連載|特集|社説|論説|解説|速報|詳報|独自|動画|写真|映像|音声|会見|全文|資料|一覧|記事|新着|最新|主要|関連|人気|注目|話題|意見"
    r"|投稿|読者|会員|登録|購読|無料|有料|限定|広告|企業|会社|金融|市場|株式|株価|為替|銘柄|決算|業績|投資|物価|雇用|労働|年金|税金"
    r"|司法|裁判|法律|行政|自治|歴史|料理|旅行|交通|鉄道|航空|宇宙|情報|住宅|農業|漁業|食品|介護|福祉|学校|大学|高校|受験|戦争|平和"
    r"|侵攻|停戦|会談|首脳|大統領|首相|大臣|議員|知事|代表|教授|監督|選手|容疑|被告|原発|電力|半導体|開発|研究|感染|病院|情勢|有事"
    r"|問題|対策|政策|計画|支援|制裁|交渉|暮らし|子育て|編集|取材|報道|記者|日本|米国|世論|調査|報告|現[地場]|一問|一答|訂正|追記|更新|掲載"
    r"|公開|配信|号外|[朝夕]刊|総合|詳細|概要|要旨|談話|声明|発表|論文|論考|論点|視点|焦点|時評|評論|寄稿|対談|座談|講演|随筆|小説|短歌"
    r"|俳句|川柳|検索|設定|印刷|保存|拡大|表示|文字|再生|目次|本文|結論|出典|引用|参考|文献|募集|保安|国営|民放|新型|新しい|中国|韓国|台湾|欧州|中東|北朝鮮"
)
# Sentences, counts, addresses, notes of the editors: no name, not even of a desk.
NO_NAME = re.compile(
    r"[。「」『』!！?？:：@#＃<>]|\d{2}|^\d|://|^/|募集中|[件枚略載号面頁版欄図談市県府州省庁]$|^東京都$|^北海道$"
    r"|(?:当時|担当|記事|特集|連載|速報|限定|社会|政治|経済|国際|文化|科学|地域|機関)$|^(?:続く|つづく|了|完|終|おわり|終わり|笑|以上|입력|수정|등록|승인)$"
)
# Topics, things, places, parts of sentences: no person's name.
_NO_PERSON = re.compile(
    rf"{_TOPIC}|[区村郡党隊軍圏化的性者案税戦賞祭杯会所店館院校園駅線室費料率額型製界術語編策権氏]$|諸島$|半島$|列島$"
    r"|ニュース|コラム|スポーツ|ライフ|ビジネス|エンタメ|トップ|ランキング|インタビュー|レポート|メニュー|グルメ|マネー|トレンド"
    r"|(?:ページ|モード|メール|サイト|リンク|ボタン|シェア|フォロー|クリップ|コメント|ブログ|ポスト|デモ|テロ|リスト|データ|アプリ|サービス"
    r"|セミナー|イベント|ストア|セット|ガイド|プラン|ルール|テーマ|システム|ポイント|クイズ|パズル|マンガ|アニメ|ゲーム|ドラマ|レシピ)$"
    r"|(?:から|まで|など|より|ほか|だけ|でも|では|には|とは|です|ます|した|する|して|ない|なし|たち|ため|こと|もの|のみ|さん|くん"
    r"|さま|まとめ|どころ|られ|れる|ごと|とき|あり)$"
    r"|(?:^|[・ ])(?:ロシア|ウクライナ|イスラエル|パレスチナ|ガザ|アメリカ|ヨーロッパ|アジア|アフリカ|イラ[ンク]|シリア|フランス|ドイツ|イギリス"
    r"|インド|トルコ|イタリア|スペイン|カナダ|ブラジル|ウイルス|ワクチン|ベンチャー|スタートアップ|ヘルス|フード|ファッション|ビューティー"
    r"|テクノロジー|サイエンス|カルチャー|エンターテインメント|キッチン|インテリア|ペット|ガジェット|スマホ|モバイル|パソコン"
    r"|セキュリティー?|ネットワーク|クラウド|ソフト(?:ウェア)?|ハード(?:ウェア)?|オピニオン|ビデオ|フォト|ギャラリー|アーカイブ|キャンペーン"
    r"|ログイン|ホーム|サッカー|テニス|ゴルフ|バスケ(?:ットボール)?|ラグビー|バレー(?:ボール)?)(?:$|[・ ])|コロナ|サイズ$|相撲|人工知能"
    rf"|^(?!ジャン|マリー?|ピエール|アンヌ?|ルイ|クロード)[{KATAKANA}]+[=＝].*・"
    rf"|^[{KANJI}][ぁ-ん]{{1,3}}[るいくすうむぶつぬたてで]$"
    r"|^(?:名古屋|北九州|神奈川|和歌山|鹿児島|相模原|八王子|佐世保)$"
    r"|(?i:\b(?:read|more|sign|log|share|photos?|video|gallery|home|about|contact|top|stories|the|of|and|for|images"
    r"|sponsored|content|press|release|web|today|japan|tokyo|updated?|latest|menu|search|login|tweet|facebook|twitter|print|mail|copy|link"
    r"|follow|subscribe|newsletter|premium|special|features?|opinion|world|business|politics|sports|culture|science|tech|technology|life|style"
    r"|health|markets?|review|report|interview|column|series|page|next|new|all|free|members?|only)\b)"
    r"|^[同元前新現故][ 　]|特派員|通信員|委員|研究員|予報士|防災士|ライター|アナウンサー|キャスター|ジャーナリスト|アナリスト|エコノミスト|ストラテジスト"
    r"|コラムニスト|評論家|ディレクター|ポーター$|フェロー|コンサルタント|プランナー|支局|総局|局長|部長|次長|デスク"
)
# Family names of three kanji: before a given name as long, they tell one person from two.
_LONG_FAMILY_NAMES = re.compile(
    r"佐々木|長谷川|五十嵐|佐久間|小野寺|大久保|久保田|東海林|宇佐[美見]|小早川|日下部|二階堂|御手洗|曽我部|小笠原|長谷部|宇都宮"
    r"|[波羽]多野|阿久津|伊集院|海老[原名]|小野田|小山[田内]|大河[内原]|大和田|宇田川|加賀美|喜[多田]川|久保寺|高見沢|竹之内|野々村"
    r"|八木沢|日比野|水戸部|安孫子|矢田部|山之内|和久井|土井垣|与那[嶺覇]|仲宗根|喜屋武|我那覇|渡嘉敷|具志堅|小此木|小田[切島]"
    r"|久保木|五味川|佐久本|志茂田|多々良|千代田|長曽我|二ノ宮|二宮|真行寺|武者小|六車|和田山|[一-九]ノ瀬|勅使河原|長曽我部"
)
_INNER_KANA = re.compile(rf"(?<=[{KANJI}])[ノツ](?=[{KANJI}])")  # 一ノ瀬
_LONG_KANJI = re.compile(rf"[{KANJI}]{{5,6}}")  # more often compounds than names
_GIVEN_END = re.compile(r"[郎朗介助輔吉美子香代江恵奈衣衛平太里紗希音一二]$")  # of given names of three kanji
_NAMED_LIKE_ONE = re.compile(r"[郎介助輔吉]$")

_DESK = re.compile(
    r"编辑部|편집부|취재팀|(?:編集|報道|取材|国際|外信|外報|社会|政治|経済|文化|科学|地域|地方|運動|デジタル|データ|調査|解説|論説|会見録)"
    r"\S{0,6}(?:[部局班室]|チーム|デスク)$|編集部|編集局|編集室|取材班|報道部|報道局|[^一\s]班$|チーム$"
    r"|\b(?:staff|team|desk|editors|newsroom)\b",
    re.IGNORECASE,
)
AGENCY = (
    r"共同通信社?|共同|時事通信社?|時事|ロイター(?:通信)?|AFP[=＝]?時事|AFP|AP通信|AP|UPI|ブルームバーグ|タス通信|CNN|BBC"
    r"|聯合ニュース|新華社|新华社|연합뉴스|Bloomberg|Reuters"
)
_HOUSE_ENDS = (
    r"新聞社?|新報|日報|時報|民報|タイム[ズス]|通信社?|放送局?|テレビ|ラジオ|ニュース|協会|研究所|総研|機構|財団|センター|事務局"
)
# What ends the name of a house before a person's: 青空新聞社会部 山田青葉.
HOUSE = rf"\S{{0,16}}?(?:{_HOUSE_ENDS}|編集部|編集局|取材班|本社|支社|大学|[局部班])"
_ORGANISATION = re.compile(
    rf"(?:{_HOUSE_ENDS}|デジタル|オンライン|会社|大学|[社局部班網网報报誌署])$"
    rf"|(?:신문|일보|방송|뉴스|통신)$|^(?:{AGENCY}|NHK)$"
    r"|\b(?:news|inc|ltd|corp|co|press|media|times|online|magazine|editorial|company|agency)\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(rf"^(.{{2,24}}?)(?:{_HOUSE_ENDS}|編集部)$")
_DESK_ALONE = re.compile(
    r"[^。、「」!！?？:：/／＝=●・（）()@\d]{1,24}(?:[部局班室]|チーム|デスク)|[\w ]{2,24} (?i:staff|team|desk|editors|newsroom)"
)
_TOPICS = re.compile(rf"(?:{_TOPIC}|お?知らせ|よく読まれた|アクセス|\s|[・･＆&のな])+")


def is_full_name(name: str) -> bool:
    """Whether a name looks like a person's, with nothing said about it.

    >>> is_full_name("山田青葉"), is_full_name("ジョン・ヤマダ"), is_full_name("コラム"), is_full_name("安全保障")
    (True, True, False, False)
    """
    name = _INNER_KANA.sub("之", name)
    return (
        bool(_FULL_NAME.fullmatch(name))
        and not (_LONG_KANJI.fullmatch(name) and not (_LONG_FAMILY_NAMES.match(name) or _GIVEN_END.search(name)))
        and not _LONG_FAMILY_NAMES.fullmatch(name)
        and not is_organisation(name)
        and not NO_NAME.search(name)
        and not _NO_PERSON.search(name)
        and not any(len(word) > 2 and is_organisation(word) for word in name.split() if not _LONG_FAMILY_NAMES.match(word))
    )


def full_names(text: str) -> tuple[str, ...]:
    """The full names that a text is made of, parted by commas, dots, strokes or blanks; none where anything else is in it.

    >>> full_names("山田青葉 海野港子"), full_names("佐々木 健一郎"), full_names("山田青葉・国際")
    (('山田青葉', '海野港子'), ('佐々木 健一郎',), ())
    """
    text = text.strip(" 　")
    for part in ("[、，,／/|｜&＆]", "[ 　]+", "・"):
        names = [name.strip(" 　") for name in re.split(part, text)]
        if part == "[ 　]+":
            names = _by_blanks(names)
        if len(names) > 1 and all(map(is_full_name, names)):
            return tuple(name for several in names for name in (full_names(several) or (several,)))
    return (text,) if is_full_name(text) else ()


def _by_blanks(words: list[str]) -> list[str]:
    """The persons among words: each a whole name, or family and given names by turns."""
    if len(words) == 2 and (
        _LONG_FAMILY_NAMES.fullmatch(words[0]) or (len(words[0]) <= 3 >= len(words[1]) and _NAMED_LIKE_ONE.search(words[1]))
    ):
        return [" ".join(words)]
    if len(words) > 2 and len(words) % 2 == 0 and all(len(word) <= 3 for word in words):
        return [" ".join(words[i : i + 2]) for i in range(0, len(words), 2)]
    return words


def is_organisation(name: str) -> bool:
    """Whether a name is that of a desk, an agency or a company.

    >>> is_organisation("青空新聞編集部"), is_organisation("共同"), is_organisation("山田青葉")
    (True, True, False)
    """
    return is_desk(name) or bool(_ORGANISATION.search(name))


def is_desk(name: str) -> bool:
    """Whether a name is that of a desk: a part of a publisher that signs for it.

    >>> is_desk("青空新聞編集部"), is_desk("会見録班"), is_desk("青空新聞")
    (True, True, False)
    """
    return bool(_DESK.search(name))


def house_stem(name: str) -> str:
    """What the name of a publisher, agency or desk has of its own; empty for what is no such name.

    >>> house_stem("青空通信"), house_stem("青空放送"), house_stem("国際ニュース"), house_stem("取材班")
    ('青空', '青空', '', '取材班')
    """
    house = _HOUSE.match(name)
    if house and not re.search(r"[。「」!！?？:：@#＃<>→▶]|\d{2}", name):
        return "" if _TOPICS.fullmatch(house[1]) or re.search("[ぁ-ん]$", house[1]) else house[1]
    return name if _DESK_ALONE.fullmatch(name) and is_desk(name) else ""
