"""The hand that does a task and counts its steps: a keyboard without a mouse, or a mouse with a keyboard for texts alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page

from tests.benchmarks.tasks.tabbing import Way, way_to

LOST = 300  # presses of Tab: what was not reached by them is not there


class Hand(ABC):
    """What a person does with a page. `leads` says that an act leads to another page, for which the hand then waits.

    `key` names the product's own keys for an act, with spaces between what is pressed one after the other.
    """

    name = ""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0

    @abstractmethod
    def use(self, target: Locator, *, key: str = "", leads: bool = False, times: int = 1) -> None:
        """Presses a button, follows a link, ticks a box."""

    @abstractmethod
    def go_to(self, target: Locator, *, key: str = "") -> None:
        """Brings the focus to something."""

    @abstractmethod
    def mark(self, field: Locator, *, key: str = "") -> None:
        """Brings the focus to a field, so that what is typed takes the place of what it holds."""

    @abstractmethod
    def choose(self, select: Locator, option: str) -> None:
        """Chooses an option of a select."""

    def write(self, field: Locator, text: str, *, key: str = "") -> None:
        """Types a text into a field, in the place of what it holds."""
        if not (_is_focused(field) and not field.input_value()):
            self.mark(field, key=key)
        self.type(text)

    def type(self, text: str) -> None:
        """Types a text where the focus is."""
        self.page.keyboard.type(text)
        self.steps += 1

    def paste(self, text: str) -> None:
        """Pastes what was copied elsewhere where the focus is."""
        self.page.evaluate(_PASTE, text)
        self.steps += 1

    def press(self, keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys.split():
            self.page.keyboard.press(key)
            self.steps += 1

    @contextmanager
    def _leading(self, leads: bool) -> Iterator[None]:
        if not leads:
            yield
            return
        with self.page.expect_navigation(wait_until="load"):
            yield


class Mouse(Hand):
    name = "mouse"

    def use(self, target: Locator, *, key: str = "", leads: bool = False, times: int = 1) -> None:
        with self._leading(leads):
            self._click(target, times)

    def go_to(self, target: Locator, *, key: str = "") -> None:
        if not _is_focused(target):
            self._click(target)

    def mark(self, field: Locator, *, key: str = "") -> None:
        self._click(field, 3 if field.input_value() else 1)

    def choose(self, select: Locator, option: str) -> None:
        select.select_option(label=option)
        self.steps += 2

    def _click(self, target: Locator, times: int = 1) -> None:
        target.click(click_count=times)
        self.steps += times


class Keyboard(Hand):
    name = "keyboard"

    def use(self, target: Locator, *, key: str = "", leads: bool = False, times: int = 1) -> None:
        if not key:
            self.go_to(target)
        with self._leading(leads):
            self.press(key or _key_of(target))

    def go_to(self, target: Locator, *, key: str = "") -> None:
        if key:
            self.press(key)
        elif not _is_focused(target):
            target.wait_for()
            self._tab_to(target, way_to(target))

    def mark(self, field: Locator, *, key: str = "") -> None:
        self.go_to(field, key=key)  # a text that Tab leads to is marked already
        if field.input_value() and not field.evaluate(_IS_MARKED):
            self.press("Control+a")

    def choose(self, select: Locator, option: str) -> None:
        self.go_to(select)
        self.type(option)

    def _tab_to(self, target: Locator, way: Way) -> None:
        if way.found:  # a headless browser has no box to search the page with, so its end is brought about
            target.focus()
            self.steps += 2 + way.found
            return
        if way.skip >= 0:
            self.press("Tab " * way.skip + "Enter")
        for _ in range(LOST):
            if _is_focused(target):
                return
            self.press("Shift+Tab" if way.back else "Tab")
        raise AssertionError(f"{target} is not reached by {LOST} presses of Tab")


HANDS: dict[str, type[Hand]] = {hand.name: hand for hand in (Keyboard, Mouse)}

_PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  if (document.activeElement.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""
_IS_MARKED = "field => getSelection().toString() === field.value"
_IS_TICKED_BY_SPACE = "one => one.matches('input[type=checkbox], input[type=radio]')"


def _is_focused(target: Locator) -> bool:
    return bool(target.evaluate("one => one === document.activeElement"))


def _key_of(target: Locator) -> str:
    return "Space" if target.evaluate(_IS_TICKED_BY_SPACE) else "Enter"
