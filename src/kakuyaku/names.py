"""What names of persons, desks and organisations look like, and what stands where a name would and is none.

All of it reads form alone. The word lists hold words of the language (sections, menus, roles, endings of companies'
names), never the name of one site.
"""

from __future__ import annotations

import re

KANJI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f々ヶ"
KATAKANA = "ァ-ヺー"


def _any(words: str) -> str:
    """A pattern for any of some words, the longest first."""
    return "|".join(sorted(words.split(), key=len, reverse=True))


# Full names by their form: kanji, kanji and kana, katakana with a dot, capitalised Latin words, hangul.
FULL_NAME = (
    rf"[{KANJI}]{{3,6}}|[{KANJI}]{{2,3}}[ぁ-ねは-ん]{{1,2}}[子実美代江香枝恵乃]"
    rf"|[{KANJI}]{{1,4}}[ 　][{KANJI}ぁ-ん{KATAKANA}]{{1,5}}"
    rf"|[{KANJI}]{{1,3}}(?:[ぁ-ん]{{2,4}}|[{KATAKANA}]{{2,4}})"
    rf"|[{KATAKANA}]{{2,12}}(?:[・=＝ ][{KATAKANA}]{{1,12}}){{1,3}}"
    r"|[A-Z][\w.'’-]*(?: [\w.'’-]+){0,2} [A-Z][\w'’-]+|[가-힣]{2,4}"
)
_FULL_NAME = re.compile(FULL_NAME)
_INNER_KANA = re.compile(rf"(?<=[{KANJI}])[ノツ](?=[{KANJI}])")  # 一ノ瀬
_LONG_KANJI = re.compile(rf"[{KANJI}]{{5,6}}")  # more often compounds than names
_GIVEN_END = re.compile(r"[郎朗介助輔吉美子香代江恵奈衣衛平太里紗希音一二]$")  # of given names of three kanji
_MANLY_END = re.compile(r"[郎介助輔吉]$")
# Family names of three kanji and more: before a given name as long, they tell one person from two.
_LONG_FAMILY_NAMES = re.compile(
    _any("""
    佐々木 長谷川 五十嵐 佐久間 小野寺 大久保 久保田 東海林 宇佐美 宇佐見 小早川 日下部 二階堂 御手洗 曽我部 小笠原
    長谷部 宇都宮 波多野 羽多野 阿久津 伊集院 海老原 海老名 小野田 小山田 小山内 大河内 大河原 大和田 宇田川 加賀美
    喜多川 喜田川 久保寺 高見沢 竹之内 野々村 八木沢 日比野 水戸部 安孫子 矢田部 山之内 和久井 土井垣 与那嶺 与那覇
    仲宗根 喜屋武 我那覇 渡嘉敷 具志堅 小此木 小田切 小田島 久保木 五味川 佐久本 志茂田 多々良 千代田 真行寺 和田山
    勅使河原 長曽我部 武者小路
    """)
)
# Occupations of those who write; a field may stand before each: 軍事ジャーナリスト, 主任研究員.
_ROLES = _any("""
    記者 特派員 通信員 委員 委員長 研究員 主幹 主筆 予報士 防災士 ライター 作家 アナウンサー
    ジャーナリスト アナリスト エコノミスト ストラテジスト コラムニスト 評論家 ディレクター リポーター レポーター
    フェロー コンサルタント プランナー 支局長 総局長 局長 部長 次長 編集長 デスク キャップ
""")
ROLE = rf"(?:同|[{KANJI}{KATAKANA}A-Za-z]{{0,12}}?(?:{_ROLES}))"
# Words of sections, menus and headlines that are in no person's name.
_TOPIC = _any("""
    週刊 月刊 季刊 日刊
    政治 経済 国際 社会 文化 科学 技術 産業 環境 医療 教育 安全 保障 防衛 外交 軍事 災害 防災 地震 津波 天気 気象
    事件 事故 選挙 議会 内閣 政府 国会 地方 地域 全国 世界 海外 国内 生活 健康 芸能 芸術 音楽 映画 文学 書評 読書
    運動 野球 競技 五輪 連載 特集 社説 論説 解説 速報 詳報 独自 動画 写真 映像 音声 会見 全文 資料 一覧 記事 新着
    最新 主要 関連 人気 注目 話題 意見 投稿 読者 会員 登録 購読 無料 有料 限定 広告 企業 会社 金融 市場 株式 株価
    為替 銘柄 決算 業績 投資 物価 雇用 労働 年金 税金 司法 裁判 法律 行政 自治 歴史 料理 旅行 交通 鉄道 航空 宇宙
    情報 住宅 農業 漁業 食品 介護 福祉 学校 大学 高校 受験 戦争 平和 侵攻 停戦 会談 首脳 大統領 首相 大臣 議員 知事
    代表 教授 監督 選手 容疑 被告 原発 電力 半導体 開発 研究 感染 病院 情勢 有事 問題 対策 政策 計画 支援 制裁 交渉
    暮らし 子育て 編集 取材 報道 記者 日本 米国 世論 調査 報告 現地 現場 一問 一答 訂正 追記 更新 掲載 公開 配信
    号外 朝刊 夕刊 総合 詳細 概要 要旨 談話 声明 発表 論文 論考 論点 視点 焦点 時評 評論 寄稿 対談 座談 講演 随筆
    小説 短歌 俳句 川柳 検索 設定 印刷 保存 拡大 表示 文字 再生 目次 本文 結論 出典 引用 参考 文献 募集 保安 国営
    民放 新型 新しい 中国 韓国 台湾 欧州 中東 北朝鮮 相撲 人工知能
""")
_THING = _any("""
    ニュース コラム スポーツ ライフ ビジネス エンタメ トップ ランキング インタビュー レポート メニュー グルメ マネー
    トレンド コロナ アジア
""")
_THING_AT_END = _any("""
    ページ モード メール サイト リンク ボタン シェア フォロー クリップ コメント ブログ ポスト デモ テロ リスト
    データ アプリ サービス セミナー イベント ストア セット ガイド プラン ルール テーマ システム ポイント クイズ
    パズル マンガ アニメ ゲーム ドラマ レシピ サイズ
""")
_THING_ALONE = _any("""
    ロシア ウクライナ イスラエル パレスチナ ガザ アメリカ ヨーロッパ アジア アフリカ イラン イラク シリア フランス
    ドイツ イギリス インド トルコ イタリア スペイン カナダ ブラジル ウイルス ワクチン ベンチャー スタートアップ
    ヘルス フード ファッション ビューティー テクノロジー サイエンス カルチャー エンターテインメント キッチン
    インテリア ペット ガジェット スマホ モバイル パソコン セキュリティ セキュリティー ネットワーク クラウド ソフト
    ソフトウェア ハード ハードウェア オピニオン ビデオ フォト ギャラリー アーカイブ キャンペーン ログイン ホーム
    サッカー テニス ゴルフ バスケ バスケットボール ラグビー バレー バレーボール
""")
_ENDING = _any("""
    から まで など より ほか だけ でも では には とは です ます した する して ない なし たち ため こと もの のみ
    さん くん さま まとめ どころ られ れる ごと とき あり
""")
_LATIN = _any("""
    read more sign log share photo photos video gallery home about contact top stories the of and for images
    sponsored content press release web today japan tokyo update updated latest menu search login tweet facebook
    twitter print mail copy link follow subscribe newsletter premium special feature features opinion world business
    politics sports culture science tech technology life style health market markets review report interview column
    series page next new all free member members only
""")
# Sentences, counts, addresses, notes of the editors: no name, not even of a desk.
NO_NAME = re.compile(
    r"[。「」『』!！?？:：@#＃<>]|\d{2}|^\d|://|^/|[件枚略載号面頁版欄図談市県府州省庁]$|^東京都$|^北海道$|(?:当時|担当|機関|募集中)$"
    r"|(?:記事|特集|連載|速報|限定|社会|政治|経済|国際|文化|科学|地域)$"
    r"|^(?:続く|つづく|了|完|終|おわり|終わり|笑|以上|입력|수정|등록|승인)$"
)
# Topics, things, places, roles, parts of sentences: no person's name.
_NO_PERSON = re.compile(
    rf"{_TOPIC}|{_ROLES}|支局|総局|{_THING}|(?:{_THING_AT_END}|{_ENDING})$|(?:^|[・ ])(?:{_THING_ALONE})(?:$|[・ ])"
    r"|[区村郡党隊軍圏化的性者案税戦賞祭杯会所店館院校園駅線室費料率額型製界術語編策権氏]$|(?:諸島|半島|列島)$"
    r"|^(?:名古屋|北九州|神奈川|和歌山|鹿児島|相模原|八王子|佐世保)$|^[同元前新現故][ 　]"
    rf"|^(?!ジャン|マリー?|ピエール|アンヌ?|ルイ|クロード)[{KATAKANA}]+[=＝].*・"  # キーウ＝オレナ・マリチ
    rf"|^[{KANJI}][ぁ-ん]{{1,3}}[るいくすうむぶつぬたてで]$|(?i:\b(?:{_LATIN})\b)"
)

_DESK_ENDS = r"(?:[部局班室]|チーム|デスク)"
_DESK = re.compile(
    r"编辑部|편집부|취재팀|編集[部局室]|取材班|報道[部局]|[^一\s]班$|チーム$|\b(?:staff|team|desk|editors|newsroom)\b"
    r"|(?:編集|報道|取材|国際|外信|外報|社会|政治|経済|文化|科学|地域|地方|運動|デジタル|データ|調査|解説|論説)"
    rf"\S{{0,6}}{_DESK_ENDS}$",
    re.IGNORECASE,
)
_DESK_ALONE = re.compile(
    rf"[^。、「」!！?？:：/／＝=●・（）()@\d]{{1,24}}{_DESK_ENDS}|[\w ]{{2,24}} (?i:staff|team|desk|editors|newsroom)"
)
AGENCY = (
    r"共同通信社?|共同|時事通信社?|時事|ロイター(?:通信)?|AFP[=＝]?時事|AFP|AP通信|AP|UPI|ブルームバーグ|タス通信|CNN|BBC"
    r"|聯合ニュース|新華社|新华社|연합뉴스|Bloomberg|Reuters"
)
_HOUSE_ENDS = (
    r"(?:新聞社?|新報|日報|時報|民報|タイム[ズス]|通信社?|放送局?|テレビ|ラジオ|ニュース"
    r"|協会|研究所|総研|機構|財団|センター|事務局)"
)
# What ends the name of a house before a person's: 青空新聞社会部 山田青葉.
HOUSE = rf"\S{{0,16}}?(?:{_HOUSE_ENDS}|編集[部局]|取材班|本社|支社|大学|[局部班])"
_ORGANISATION = re.compile(
    rf"(?:{_HOUSE_ENDS}|デジタル|オンライン|会社|大学|[社局部班網网報报誌署])$"
    rf"|(?:신문|일보|방송|뉴스|통신)$|^(?:{AGENCY}|NHK)$"
    r"|\b(?:news|inc|ltd|corp|co|press|media|times|online|magazine|editorial|company|agency)\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(rf"^([^。「」!！?？:：@#＃<>→▶]{{2,24}}?)(?:{_HOUSE_ENDS}|編集部)$")
_NOTHING_OF_ITS_OWN = re.compile(
    rf"(?:{_TOPIC}|お?知らせ|よく読まれた|アクセス|[\s・･＆&のな])+|.*(?:[ぁ-ん]|\d{{2,}}.*)"
)


def is_full_name(name: str) -> bool:
    """Whether a name looks like a person's, with nothing said about it.

    >>> is_full_name("山田青葉"), is_full_name("ジョン・ヤマダ"), is_full_name("コラム"), is_full_name("安全保障")
    (True, True, False, False)
    """
    long = _LONG_KANJI.fullmatch(name) and not (_LONG_FAMILY_NAMES.match(name) or _GIVEN_END.search(name))
    return (
        bool(_FULL_NAME.fullmatch(_INNER_KANA.sub("之", name)))
        and not long
        and not _LONG_FAMILY_NAMES.fullmatch(name)
        and not is_organisation(name)
        and not NO_NAME.search(name)
        and not _NO_PERSON.search(name)
        and not any(len(word) > 2 and is_organisation(word) for word in _LONG_FAMILY_NAMES.sub("", name).split())
    )


def full_names(text: str) -> tuple[str, ...]:
    """The full names that a text consists of, parted by commas, dots, strokes or blanks; none if it says anything else.

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
    two = len(words) == 2
    if two and (_LONG_FAMILY_NAMES.fullmatch(words[0]) or (max(map(len, words)) <= 3 and _MANLY_END.search(words[1]))):
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

    >>> is_desk("青空新聞編集部"), is_desk("港調査班"), is_desk("青空新聞")
    (True, True, False)
    """
    return bool(_DESK.search(name))


def house_stem(name: str) -> str:
    """What the name of a publisher, agency or desk has of its own; empty for what is no such name.

    >>> house_stem("青空通信"), house_stem("青空放送"), house_stem("国際ニュース"), house_stem("取材班")
    ('青空', '青空', '', '取材班')
    """
    if house := _HOUSE.match(name):
        return "" if _NOTHING_OF_ITS_OWN.fullmatch(house[1]) else house[1]
    return name if _DESK_ALONE.fullmatch(name) and is_desk(name) else ""
