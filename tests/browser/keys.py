"""A keyboard that counts: what a person without a mouse presses, and how often."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

MOST = 150  # presses of Tab to one control; a page asks for fewer


class Keys:
    """The keyboard of a page. No other input is used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, key: str) -> None:
        """Presses one key."""
        self.page.keyboard.press(key)
        self.presses += 1

    def type(self, text: str) -> None:
        """Types, a press for each character."""
        self.page.keyboard.type(text)
        self.presses += len(text)

    def skip_to(self, link: str = "Skip to content") -> None:
        """Goes past what a page begins with, by one of its first links. Waits until the browser is there: it tells of that as
        of a navigation, which would be taken for the one that comes next."""
        there = str(self.page.get_by_role("link", name=link, exact=True).get_attribute("href"))
        self.use(link, "link")
        self.page.wait_for_url(lambda url: url.endswith(there))

    def go_to(self, target: Locator, *, back: bool = False) -> None:
        """Presses Tab (or Shift+Tab) until `target` has the focus."""
        for _ in range(MOST):
            self.press("Shift+Tab" if back else "Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{target} is not reached by {MOST} presses of Tab")

    def use(self, name: str | re.Pattern[str], role: str = "button", *, back: bool = False) -> None:
        """Goes to a control and presses it."""
        self.go_to(self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first, back=back)
        self.press("Space" if role == "checkbox" else "Enter")

    def follow(self, name: str | re.Pattern[str], *, back: bool = False) -> None:
        """Goes to a button that leads to another page, and presses it."""
        with self.page.expect_navigation():
            self.use(name, back=back)
