"""The labelling page in a real browser, handled as an annotator does: keys, mouse, and what stands on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SUBMIT = '[data-testid="bottombar-submit-button"]'
_SETTLE = 300  # ms after a drag, until the page shows the new region's label
_PATIENCE = 60_000  # ms for a submission on a busy machine
_CONTROLS = 2_000  # ms for the controls of a region to be shown
_RENDER = 100  # ms after a key, until the page shows what it did
_TAKEN = 3_000  # ms after which a key or click that shows no effect was lost
_TRIES = 5
_TICKED = """[...document.querySelectorAll('.kakuyaku-side input[type=checkbox]')]
  .filter(box => box.checked && box.offsetParent !== null).map(box => box.name)"""
# Where a piece of the text lies on the screen: the rectangles of its lines. A line break of the text is a <br>.
_RECTANGLES = """
(quote) => {
  const box = document.querySelector('.kakuyaku-document .lsf-htx-richtext');
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let text = '';
  const at = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeName === 'BR') { text += '\\n'; at.push([node, 0]); }
    if (node.nodeType === Node.TEXT_NODE)
      for (let i = 0; i < node.length; i++) { text += node.data[i]; at.push([node, i]); }
  }
  const start = text.indexOf(quote), end = start + quote.length - 1;
  if (start < 0 || text.indexOf(quote, start + 1) >= 0) return null;
  at[start][0].parentElement.scrollIntoView({block: 'center'});
  const range = document.createRange();
  range.setStart(at[start][0], at[start][1]);
  range.setEnd(at[end][0], at[end][1] + 1);
  return [...range.getClientRects()].filter(r => r.width > 0).map(r => [r.left, r.top, r.right, r.bottom]);
}
"""


@dataclass
class LabellingPage:
    """The page of one task; ``page`` is Playwright's."""

    page: Any

    def draw(self, key: str, quote: str) -> None:
        """Press the key of a span label and drag over a piece of the text that stands in it once.

        Label Studio may give a region drawn soon after another the label of that other. A person sees the colour and
        draws it again.
        """
        for _ in range(_TRIES):
            before = self._regions()
            self.page.keyboard.press("Escape")
            self.page.wait_for_function(f"{_SELECTED}.length === 0")
            self.page.keyboard.press(key)
            self.page.wait_for_selector(f'.lsf-label_selected .lsf-label__hotkey:text-is("{key}")')
            (wanted,) = self.page.evaluate(_SELECTED)
            self._drag(quote)
            self.page.wait_for_function(f"Object.keys({_REGIONS}).length > {len(before)}")
            self.page.wait_for_timeout(_SETTLE)
            (given,) = (label for region, label in self._regions().items() if region not in before)
            self.page.keyboard.press("Escape")
            if given == wanted:
                return
            self.select(quote)
            self.page.keyboard.press("Backspace")
            self.page.wait_for_function(f"Object.keys({_REGIONS}).length === {len(before)}")
        raise AssertionError(f"“{quote}” was drawn as {given} instead of {wanted}")

    def _drag(self, quote: str) -> None:
        boxes = self._rectangles(quote)
        (left, top, _, bottom), (_, last_top, right, last_bottom) = boxes[0], boxes[-1]
        self.page.mouse.move(left + 1, (top + bottom) / 2)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, (last_top + last_bottom) / 2)
        self.page.mouse.move(right - 1, (last_top + last_bottom) / 2)
        self.page.mouse.up()

    def select(self, quote: str) -> None:
        """Click on the start of a region, where it begins with this piece of the text."""
        left, top, right, bottom = self._rectangles(quote)[0]
        self.page.mouse.click(min(left + 6, right - 1), (top + bottom) / 2)
        self.page.wait_for_selector(".htx-highlight.__active")
        # Keys reach a control only once it is shown, which on a busy machine takes a while; some kinds have none.
        for _ in range(_CONTROLS // _RENDER):
            if self.page.locator(".kakuyaku-field:visible").count():
                break
            self.page.wait_for_timeout(_RENDER)
        self.page.wait_for_timeout(_RENDER)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, key: str, shown: str) -> None:
        """Press the key of a choice that is not ticked yet; ``shown`` is the choice's name.

        A control is shown a moment before it listens. A key that came too early is lost, and a person presses again.
        """
        for _ in range(_TRIES):
            self.press(key)
            if self._takes(shown):
                return
        raise AssertionError(f"the page did not take the key {key} for {shown}; ticked are {self.ticked()}")

    def tick(self, shown: str) -> None:
        """Click a choice by the name that is shown."""
        self.page.locator(f'.kakuyaku-side input[name="{shown}"]:visible').click()
        assert self._takes(shown), f"the page did not take the click on {shown}"

    def _takes(self, shown: str) -> bool:
        """Whether a choice is soon ticked."""
        return any(shown in self.ticked() for _ in range(_TAKEN // _RENDER))

    def ticked(self) -> list[str]:
        """The names of the choices that are ticked and can be seen."""
        self.page.wait_for_timeout(_RENDER)
        found: list[str] = self.page.evaluate(_TICKED)
        return found

    def find(self, field: str, search: str, shown: str) -> None:
        """Search a tree and tick the leaf with this name; ``field`` is the heading of the row."""
        row = self.page.locator(f'.kakuyaku-field:visible:has(> h4:text-is("{field}"))')
        row.locator(".ant-select-selector").click()
        tree = self.page.locator(".ant-select-dropdown:visible")
        tree.locator("input:not([type=checkbox])").first.fill(search)
        tree.locator(f'.ant-select-tree-treenode:has(:text-is("{shown}")) .ant-select-tree-checkbox').last.click()
        self.page.keyboard.press("Escape")
        self.page.locator("h4:visible").first.click()  # closes the list, wherever the cursor was

    def write(self, name: str, text: str) -> None:
        """Fill a field and add what it holds."""
        field = self.page.locator(f'.kakuyaku-side input[name="{name}"]:visible')
        field.fill(text)
        field.press("Enter")

    def relate(self, source: str, target: str, *labels: str) -> None:
        """Draw a relation between two regions, and say what it is."""
        self.page.keyboard.press("Escape")
        self.select(source)
        self.page.keyboard.press("Alt+r")
        left, top, right, bottom = self._rectangles(target)[0]
        self.page.mouse.click((left + right) / 2, (top + bottom) / 2)
        self.page.locator('[class*="tab"]:text-is("Relations")').first.click()
        row = self.page.locator(".lsf-relations__item").last
        row.hover()
        if not row.locator(".lsf-relation-meta").count():
            row.get_by_label("Show Relation Labels").click()
        row.locator(".lsf-relation-meta button").click()
        for label in labels:
            self.page.get_by_role("option", name=label, exact=True).click()
        self.page.keyboard.press("Escape")

    def _regions(self) -> dict[str, str]:
        """The regions on the page, each with the name of its label."""
        found: dict[str, str] = self.page.evaluate(_REGIONS)
        return found

    def submit(self) -> None:
        try:
            with self.page.expect_response(
                lambda answer: answer.request.method == "POST" and "/annotations" in answer.url, timeout=_PATIENCE
            ) as answer:
                self.page.locator(SUBMIT).click()
        except Exception as error:  # Playwright's own, which this module does not import
            said = self.page.locator(".ant-modal-body:visible, .ant-modal-confirm-content:visible").all_inner_texts()
            raise AssertionError(f"nothing was submitted within {_PATIENCE // 1000} s; the page says {said}") from error
        assert answer.value.ok, answer.value.text()

    def _rectangles(self, quote: str) -> list[list[float]]:
        found: list[list[float]] | None = self.page.evaluate(_RECTANGLES, quote)
        assert found, f"“{quote}” does not stand in the text exactly once"
        return found


# The names of the span labels that are on: that of the region which is selected, or of the next one.
_SELECTED = "[...document.querySelectorAll('.lsf-label_selected .lsf-label__text')].map(each => each.innerText)"
# A region lies in several elements where it crosses others or ends of lines; one of them says "number:label".
_REGIONS = """Object.fromEntries([...document.querySelectorAll('.kakuyaku-document .htx-highlight')]
  .sort((one, other) => Boolean(one.dataset.label) - Boolean(other.dataset.label))
  .map(each => [[...each.classList].find(name => /^htx-highlight-/.test(name)),
                (each.dataset.label || '').replace(/^\\d+:/, '')]))"""


def sign_in(page: Any, url: str, user: str, password: str) -> None:
    """Sign in as a person does."""
    page.goto(f"{url}/user/login")
    page.fill("input[name=email]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "login" not in address, wait_until="commit")


def open_task(page: Any, url: str, project: int, task: int, instructed: bool = False) -> LabellingPage:
    """The labelling page of a task, once its text is there; ``instructed``: the guideline comes up and is closed."""
    page.goto(f"{url}/projects/{project}/data?labeling=1&task={task}")
    page.wait_for_selector(".kakuyaku-document .lsf-richtext__line")
    page.locator(SUBMIT).wait_for()
    if instructed:
        guideline = page.locator(".lsf-modal-ls_visible")
        guideline.get_by_role("heading", name="注釈ガイドライン").wait_for()
        page.keyboard.press("Escape")
        guideline.wait_for(state="detached")
    return LabellingPage(page)
