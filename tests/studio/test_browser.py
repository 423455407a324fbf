"""The labelling page in Chromium: what a person draws, presses and ticks is what the server then holds."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from kakuyaku.annotation.label_config import OUTSIDE, TEXT, outside_style
from kakuyaku.contract import labels
from kakuyaku.studio.connection import Connection
from kakuyaku.studio.controls import read_controls
from kakuyaku.studio.conversion import from_results
from tests.studio.browser import SUBMIT, LabellingPage, open_task

ARTICLE = "試験のための作例\n\n  フランスは3日、停戦が成立すれば現地に工兵五百人を派遣する用意があると述べた。\nドイツは派兵を拒んだ。"
STATEMENT = "現地に工兵五百人を派遣する用意がある"
# What browsers count otherwise than Python: beyond the BMP, joined, combining, variants, ends of line, odd spaces.
HOSTILE = {
    "emoji": "👩‍👩‍👧‍👦が🇯🇵で待ち、甲国は部隊を送ると😀述べた。",
    "beyond the BMP": "𠮟られた𩸽の店で、甲国は部隊を送ると述べた。",
    "variants": "葛\U000e0100城市と辻\ufe00で、甲国は部隊を送ると述べた。",
    "combining": "か\u3099くへ\u309aらと e\u0301 で、甲国は部隊を送ると述べた。",
    "CRLF": "一行目\r\n\r\n二行目の甲国は部隊を送ると述べた。\r\n",
    "odd spaces": "  \u3000\u00a0\u200b甲国は\u00a0部隊を送ると\u2028述べた。",
    "leading lines": "\n\n \n  甲国は部隊を送ると述べた。\n",
}


Keys = dict[tuple[str, str], str]


def choose(page: LabellingPage, keys: Keys, *choices: tuple[str, str]) -> None:
    """Press the keys of choices, each named by control and id."""
    for control, id_ in choices:
        page.choose(keys[control, id_], labels(control)[id_].name["ja"])


class Work:
    """One text in a project of its own, its page, and what was submitted."""

    def __init__(self, connection: Connection, screen: Any, config: str, text: str, outside: str = "") -> None:
        self.connection, self.text, self.config = connection, text, config
        self.project = connection.create_project(title=f"browser {secrets.token_hex(4)}", label_config=config)
        connection.import_tasks(self.project, [{"data": {TEXT: text, OUTSIDE: outside}}])
        (self.task,) = connection.data(self.project)
        self.page: LabellingPage = open_task(screen, connection.url, self.project, self.task)

    def submitted(self) -> list[dict[str, Any]]:
        self.page.submit()
        (task,) = self.connection.tasks(self.project, [self.task])
        (annotation,) = task.annotations
        result: list[dict[str, Any]] = annotation["result"]
        for each in result:
            if "value" in each and "start" in each["value"]:
                value = each["value"]
                held = value["text"] if isinstance(value["text"], str) else self.text[value["start"] : value["end"]]
                assert self.text[value["start"] : value["end"]] == held
        return result

    def read(self) -> tuple[dict[str, dict[str, Any]], set[tuple[str, str, str]]]:
        """What was submitted: the attributes by quote, and the relations by their quotes."""
        spans, relations, findings = from_results(self.submitted(), self.text, read_controls(self.config), "page")
        assert findings == []
        quotes = {span.id: span.quote for span in spans}
        links = {(quotes[link.source], link.type, quotes[link.target]) for link in relations}
        return {span.quote: {"label": span.label, **span.attributes} for span in spans}, links


def test_what_is_drawn_pressed_and_ticked_is_what_arrives(
    connection: Connection, screen: Any, config: str, keys: Keys
) -> None:
    work = Work(connection, screen, config, ARTICLE)
    page = work.page
    for label, quote in (
        ("actor", "フランス"),
        ("statement", STATEMENT),
        ("cue", "用意がある"),
        ("condition", "停戦が成立すれば"),
        ("quantity", "五百人"),
        ("time", "3日"),
    ):
        page.draw(keys["span", label], quote)
    page.select("フランス")
    page.find("登録簿の行為者", "フランス", "フランス")
    page.press("Escape")
    page.select(STATEMENT)
    by_key = {"kind": "commitment", "commitment_status": "offered", "phase": "post_ceasefire", "confidence": "3"}
    choose(page, keys, *by_key.items())
    by_mouse = {"measure_relation": "single", "phase_basis": "explicit", "temporal": "current", "reporting": "asserted"}
    for control, id_ in by_mouse.items():
        page.tick(labels(control)[id_].name["ja"])
    page.find("措置の葉", "地上", "地上部隊")
    page.write("note", "工兵は地上の語")
    page.press("Escape")
    page.select("停戦が成立すれば")
    page.tick("前提条件")
    page.press("Escape")
    page.select("五百人")
    page.write("min", "500")
    page.write("max", "500")
    page.tick("人")
    page.tick("そのままの数")
    page.tick("合計")
    page.press("Escape")
    page.select("3日")
    page.tick("表明日")
    page.write("value", "XXXX-XX-03")
    page.relate(STATEMENT, "フランス", "holder", "source")
    page.relate(STATEMENT, "用意がある", "cue")
    spans, links = work.read()
    assert spans == {
        "フランス": {"label": "actor", "actor_id": "france"},
        STATEMENT: {
            "label": "statement",
            **by_key,
            **by_mouse,
            "commitment_type": ["force.ground"],
            "confidence": 3,
            "note": "工兵は地上の語",
        },
        "用意がある": {"label": "cue"},
        "停戦が成立すれば": {"label": "condition", "condition_kind": "precondition"},
        "五百人": {
            "label": "quantity",
            "min": 500,
            "max": 500,
            "unit": "person",
            "approx": False,
            "distribution": "collective",
        },
        "3日": {"label": "time", "time_role": "announced", "value": "XXXX-XX-03"},
    }
    assert links == {
        (STATEMENT, "holder", "フランス"),
        (STATEMENT, "source", "フランス"),
        (STATEMENT, "cue", "用意がある"),
    }


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_offsets_are_those_of_the_text(connection: Connection, screen: Any, config: str, keys: Keys, text: str) -> None:
    work = Work(connection, screen, config, text)
    for label, quote in (("condition", "甲国"), ("cue", "述べた")):
        work.page.draw(keys["span", label], quote)
    work.page.select("甲国")
    work.page.tick("前提条件")
    found = {each["id"]: each["value"] for each in work.submitted()}
    assert sorted(value["text"] for value in found.values()) == sorted(["甲国", "述べた"])


def test_no_key_reaches_a_control_that_is_not_shown(
    connection: Connection, screen: Any, config: str, keys: Keys
) -> None:
    work = Work(connection, screen, config, ARTICLE)
    page = work.page
    page.draw(keys["span", "cue"], "拒んだ")
    page.press(*(key for (control, _), key in keys.items() if control != "span"))  # nothing is selected
    page.select("拒んだ")
    page.press(*(key for (control, _), key in keys.items() if control != "span"))
    assert page.ticked() == []
    (region,) = work.submitted()
    assert (region["from_name"], region["value"]["labels"]) == ("span", ["cue"])


def test_every_key_of_a_statement_ticks_its_own_label_alone(
    connection: Connection, screen: Any, config: str, keys: Keys
) -> None:
    work = Work(connection, screen, config, ARTICLE)
    page = work.page
    page.draw(keys["span", "statement"], STATEMENT)
    page.select(STATEMENT)
    needed = {"stance": ("kind", "stance"), "commitment_status": ("kind", "commitment")}
    needed |= {"projection": ("commitment_status", "projected"), "phase_basis": ("phase", "on_violation")}

    def tick(control: str, id_: str) -> None:
        if control in needed:
            tick(*needed[control])
        name = labels(control)[id_].name["ja"]
        if name not in page.ticked():  # a second time would take it back
            page.choose(keys[control, id_], name)

    for control, id_ in keys:
        if control == "span":
            continue
        if control in needed:
            tick(*needed[control])
        before = {*page.ticked()}
        tick(control, id_)
        own = {label.name["ja"] for label in labels(control).values()}
        assert {*page.ticked()} & own == {labels(control)[id_].name["ja"]}
        if control not in {"kind", "commitment_status", "stance", "projection", "phase"}:  # these show and hide others
            assert {*page.ticked()} - own == before - own


def test_values_that_went_out_of_sight_are_not_taken(
    connection: Connection, screen: Any, config: str, keys: Keys
) -> None:
    work = Work(connection, screen, config, ARTICLE)
    page = work.page
    page.draw(keys["span", "statement"], "派兵を拒んだ")
    page.select("派兵を拒んだ")
    chosen = {"measure_relation": "single", "phase": "unspecified", "temporal": "current", "reporting": "asserted"}
    choose(page, keys, ("kind", "commitment"), ("commitment_status", "declined"), ("confidence", "3"), *chosen.items())
    page.find("措置の葉", "不明", "部隊(種別不明)")
    choose(page, keys, ("kind", "stance"), ("stance", "oppose"))
    assert labels("commitment_status")["declined"].name["ja"] not in page.ticked()
    spans, _ = work.read()
    assert spans["派兵を拒んだ"] == {
        "label": "statement",
        "kind": "stance",
        "commitment_type": ["force.unspecified"],
        "stance": "oppose",
        **chosen,
        "confidence": 3,
    }


def test_a_missing_attribute_is_asked_for_where_it_applies_alone(
    connection: Connection, screen: Any, config: str, keys: Keys
) -> None:
    work = Work(connection, screen, config, ARTICLE)
    work.page.draw(keys["span", "cue"], "拒んだ")
    work.page.draw(keys["span", "condition"], "停戦が成立すれば")
    screen.locator(SUBMIT).click()
    screen.get_by_text("「条件の種類」を選ぶか書いてください").first.wait_for()
    (task,) = connection.tasks(work.project, [work.task])
    assert list(task.annotations) == []


def test_the_page_fits_a_small_screen(connection: Connection, screen: Any, config: str, keys: Keys) -> None:
    """Text and attributes side by side, a statement's attributes without scrolling, the outside of the zone grey."""
    work = Work(connection, screen, config, ARTICLE, outside_style([1]))
    page = work.page
    page.draw(keys["span", "statement"], STATEMENT)
    page.select(STATEMENT)
    choose(page, keys, ("kind", "commitment"), ("phase", "post_ceasefire"))
    text = screen.locator(".kakuyaku-document").bounding_box()
    side = screen.locator(".kakuyaku-side").bounding_box()
    note = screen.locator('.kakuyaku-side input[name="note"]').bounding_box()
    assert text["width"] >= 560
    assert side["x"] >= text["x"] + text["width"]
    assert note["y"] + note["height"] <= 768 - 50  # above the bar with Submit
    lines = screen.locator(".kakuyaku-document .lsf-richtext__line")
    shown = [lines.nth(at).evaluate("line => getComputedStyle(line).opacity") for at in (0, 2, 3)]
    assert shown == ["0.45", "1", "1"]
