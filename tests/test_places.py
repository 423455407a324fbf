"""What a line is by its place on the page, on pages that the project wrote itself."""

from __future__ import annotations

import pytest

from kakuyaku import clean
from kakuyaku.articles import Article

HEAD = """青葉新報
  • 政治
  • 国際

甲国、北港の警備に掃海艇三隻を派遣へ

2030年4月5日 10時30分

"""
FIRST = "甲国のヤマダ首相は5日、北港の警備に掃海艇三隻を派遣すると発表した。任務は一年に限られるという。"
SECOND = "派遣は議会の承認を得て、来月初めに始まる。首相は記者団に「港の安全は国の安全だ」と述べた。"
THIRD = "野党は派遣の費用が示されていないとして、首相に説明を求めた。掃海艇の派遣は三年ぶりとなる。"
TAIL = """
シェアする

関連記事

  • 掃海艇とは何か、港の歴史をたどる
  • 北港の再開発、来年着工へ

会社概要
お問い合わせ
広告の掲載
採用
"""


def kinds(article: Article) -> dict[str, str]:
    """The kind of each line that is not blank, by its text."""
    return {article.piece(segment): segment.kind for segment in article.segments if segment.kind != "blank"}


def page(*paragraphs: str, tail: str = TAIL) -> Article:
    return clean(HEAD + "\n\n".join(paragraphs) + "\n" + tail)


def test_a_box_between_paragraphs_costs_the_box_alone() -> None:
    box = "よく読まれている記事\n\n  • 港の灯台、百年の歩み\n  • 乙国の首相が来月訪問へ"
    found = kinds(page(FIRST, SECOND, box, THIRD))
    assert found[FIRST] == found[SECOND] == found[THIRD] == "body"
    assert found["港の灯台、百年の歩み"] == "ranking"
    assert "港の灯台" not in page(FIRST, SECOND, box, THIRD).text


def test_an_article_that_goes_on_below_an_advertisement_of_few_lines() -> None:
    article = page(FIRST, "広告\n\n新しい船の旅\n\n夏の海へ", THIRD)
    found = kinds(article)
    assert found[FIRST] == found[THIRD] == "body"
    assert found["広告"] == "ad"


def test_teasers_below_the_article_are_not_its_paragraphs() -> None:
    teasers = "\n\n".join(
        f"港をめぐる{n}つ目の話\n\n国際\n\n北港の掃海艇と首相の派遣をめぐる{n}番目の物語がここにある。"
        for n in range(1, 6)
    )
    text = page(FIRST, SECOND, THIRD, tail="\nシェアする\n\n関連記事\n\n" + teasers + TAIL).text
    assert THIRD in text
    assert "番目の物語" not in text


def test_what_readers_write_about_the_article_is_no_part_of_it() -> None:
    comments = """
みんなのコメント12件

波の音

2時間前

北港の警備に掃海艇を派遣するのは当然だと思う。首相の発表を待っていた。

返信3
"""
    article = page(FIRST, SECOND, THIRD, tail=comments + TAIL)
    assert "当然だと思う" not in article.text
    assert kinds(article)["北港の警備に掃海艇を派遣するのは当然だと思う。首相の発表を待っていた。"] == "comment"


def test_offers_corrections_and_notes_on_adverts_go_although_they_are_sentences() -> None:
    notes = {
        "有料会員になると、続きをお読みいただけます。": "subscription",
        "（広告の後にも続きます）": "ad",
        "【訂正】初出時、掃海艇の数を「二隻」としていましたが、正しくは「三隻」でした。": "notice",
        "本稿は筆者個人の見解であり、所属する組織のものではありません。": "notice",
    }
    found = kinds(page(FIRST, SECOND, *notes, THIRD))
    assert {note: found[note] for note in notes} == notes


def test_a_paragraph_on_members_of_an_organisation_stays() -> None:
    paragraph = "加盟国の会員資格は議会が定める。登録した企業は港の利用料を払うことになると首相は説明した。"
    assert kinds(page(FIRST, paragraph, THIRD))[paragraph] == "body"


@pytest.mark.parametrize(
    "sentence",
    [
        "同社は脆弱性はすでに修正済みだと説明している。",
        "訂正と撤回を求める声が与党内からも上がった。",
        "訂正して謝罪するよう議会は求めた。",
        "おわびの言葉を述べたうえで、社長は辞任する考えを示した。",
        "甲国は北港の防衛費を拡大する方針だ。",
        "ヤマダ首相は港への支援を拡大すると述べた。",
        "容疑者は刃物をアマゾンで購入したと供述している。",
        "犯人は画像をクリックした利用者の情報を盗んだ。",
        "同社は検索広告を利用して顧客を集めた。",
        "市は「避難所では事前に登録してください」と呼びかけた。",
        "会員は割引料金でご利用いただけるという。",
        "知事は「意見をお寄せください」と記者団に述べた。",
        "本文は筆者の調査に基づく見解である。",
        "この記事は有料道路の特集です。",
        "本連載は購読者から寄せられた声です。",
        "このコラムは生協の会員向けに書かれたものです。",
    ],
)
def test_sentences_of_news_that_use_the_words_of_notes_stay(sentence: str) -> None:
    assert kinds(page(FIRST, SECOND, sentence, THIRD))[sentence] == "body"


def test_footers_are_menus_and_dates_of_other_articles_belong_to_their_list() -> None:
    tail = TAIL.replace("来年着工へ\n", "来年着工へ\n    2030年4月1日\n")
    found = kinds(page(FIRST, SECOND, THIRD, tail=tail))
    assert found["お問い合わせ"] == found["採用"] == found["広告の掲載"] == "nav"
    assert found["2030年4月5日 10時30分"] == "date"
    assert found["2030年4月1日"] == "related"


def test_paragraphs_of_a_live_report_within_list_items() -> None:
    reports = "\n".join(
        f"  • 1{hour}時5分\n    掃海艇が{hour}隻目の船を北港の沖で見つけたと、首相が記者団に明らかにした。港は開いたままだという。"
        for hour in range(1, 5)
    )
    text = page(FIRST, reports).text
    assert "4隻目の船" in text
    assert FIRST in text


def test_a_paragraph_that_ends_in_a_note_in_brackets() -> None:
    paragraph = "甲国は5日、来月の定期異動を発表した。異動は三十人で、主な異動は次の通り。（敬称略、かっこ内は前の職）"
    article = clean(HEAD + paragraph + "\n\n▽港湾局長（総務課長）山田青葉\n▽総務課長（財政課長）佐藤一郎\n" + TAIL)
    assert paragraph in article.text
    assert "佐藤一郎" in article.text


def test_cells_of_a_table_within_the_article_are_items() -> None:
    cells = "北港\n三隻\n南港\n一隻\n西港\n二隻"
    found = kinds(page(FIRST, "配置は次の通り。\n" + cells, THIRD))
    assert {found[cell] for cell in cells.split("\n")} == {"list_item"}


def test_a_counter_of_comments_between_paragraphs_ends_nothing() -> None:
    text = page(FIRST, SECOND, "コメント 12件", THIRD, FIRST.replace("5日", "6日")).text
    assert FIRST in text and THIRD in text


def test_sentences_behind_bullets_are_an_article() -> None:
    """A digest by country: nothing but headings and lists of sentences."""
    items = {
        "◎甲国": "甲国の議会は、北港の警備に掃海艇三隻を派遣する案を賛成多数で可決した。",
        "◎乙国": "乙国の首相は、派遣の費用の半分を来年度の予算に組み入れる考えを示した。",
        "◎丙国": "丙国は派遣に加わらず、港の倉庫と宿舎を三年の間、無償で貸すと述べている。",
    }
    text = page(*(f"{heading}\n\n  • {sentence}" for heading, sentence in items.items())).text
    assert all(sentence in text for sentence in items.values())


def test_a_declared_title_far_above_the_article_is_found() -> None:
    shops = "".join(f"<div>港の店{number}号</div>" for number in range(70))
    paragraphs = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
    title = "北港に立つ七十の店"
    found = clean(html=f"<title>{title}</title><h1>{title}</h1>{shops}{paragraphs}")
    assert kinds(found)[title] == "title"
    listed = f"<ul><li><a href=a>{title}</a></li></ul>"
    found = clean(html=f"<title>{title}</title>{listed}{shops}<h2>北港の警備に掃海艇三隻</h2>{paragraphs}")
    assert kinds(found)[title] != "title"


@pytest.mark.parametrize(
    "sentence",
    [
        "专家表示，版权保护是文化产业发展的基础。",
        "法院认定版权归原作者所有，被告须赔偿十万元。",
        "特别声明草案已提交议会审议。",
    ],
)
def test_news_about_rights_is_no_notice_of_rights(sentence: str) -> None:
    before = "北港市政府五日宣布，将派遣三艘扫雷舰前往北港海域执行警戒任务，为期一年。"
    after = "市长对记者表示，港口的安全就是国家的安全，派遣须经议会批准后方可实施。"
    assert sentence in clean(html=f"<h1>北港派遣扫雷舰</h1><p>{before}</p><p>{sentence}</p><p>{after}</p>").text


def test_the_descriptions_of_sister_sites_are_not_the_article() -> None:
    """Below a short article a footer says more than it, in a list."""
    sisters = "\n".join(
        f"  • {name}\n    {name}は青葉新報が運営する、{what}のサイトです。各地の催しや読み物も数多く紹介しています。"
        for name, what in (
            *(
                ("港の台所", "料理と食材"),
                ("みなと医院", "医療と介護"),
                ("灯台の絵本", "絵本と子育て"),
                ("波の手帖", "旅"),
            ),
            *(("海の学校", "教育"), ("北港の住まい", "家探し"), ("潮の美術館", "美術展"), ("船の市場", "中古の船")),
        )
    )
    menus = "\n".join(f"  • 港の案内{number}" for number in range(30))
    footer = (
        f"\n関連記事\n\n  • 掃海艇とは何か、港の歴史をたどる\n\n{menus}\n\n青葉新報社の運営するサイト\n\n{sisters}\n"
    )
    article = page(FIRST, SECOND, tail=footer)
    assert FIRST in article.text and SECOND in article.text
    assert "運営する" not in article.text


def test_an_article_in_a_list_outweighs_a_footer() -> None:
    items = "\n".join(f"  • {sentence}" for sentence in (FIRST, SECOND, THIRD))
    footer = "青葉新報は北港の町に生まれ、五十年にわたり朝の便りを運び続けてきた新聞です。"
    text = page(items, tail=TAIL + f"\n{footer}\n\n{footer.replace('五十', '百')}\n").text
    assert FIRST in text and THIRD in text and footer not in text


def test_a_teaser_that_is_cut_off_is_no_article() -> None:
    teaser = "丙国の議会は灯台の修理を求めた。費用は国が持つ。町は喜んだ。" * 4 + "工事は来年の春に…"
    text = page(FIRST, tail=f"\nシェアする\n\n丙国の灯台、修理へ\n\n{teaser}\n" + TAIL).text
    assert FIRST in text and teaser not in text


@pytest.mark.parametrize("joined", [" ".join((FIRST, SECOND, THIRD)), f"＊ ＊ ＊ {FIRST} {SECOND} {THIRD}"])
@pytest.mark.parametrize("end", ["", " 【写真】北港に並ぶ掃海艇はこちら"])
def test_paragraphs_that_a_dump_has_joined_are_an_article(joined: str, end: str) -> None:
    assert FIRST in page(joined + end).text


def test_a_page_may_show_no_more_than_the_beginning_of_its_article() -> None:
    beginning = FIRST.replace("任務は一年に限られるという。", "任務は一年に限られ、費用は来月…").replace("。", "、")
    assert beginning in page(beginning, "続きを読む").text
    cards = "\n\n".join(f"{number}面の話\n\n{beginning.replace('甲', name)}" for number, name in enumerate("乙丙丁戊"))
    assert beginning not in clean(HEAD + beginning + "\n\n" + cards + "\n").text  # a page of teasers


@pytest.mark.parametrize(
    "note", ["この記事は有料記事です。", "この記事は会員限定です。", "本連載は有料会員の方限定となります。"]
)
def test_notes_to_subscribers_go_among_paragraphs(note: str) -> None:
    found = kinds(page(FIRST, note, SECOND))
    assert found[note] == "subscription"
    assert found[FIRST] == found[SECOND] == "body"
