"""How one gets about in our product, by the keys that it has or by the mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.benchmarks.tasks.desk import Desk

CELL = 'td[data-field="{}"]'
MOST_CELLS = 12  # of a row


def open_list(desk: Desk, name: str) -> None:
    link = desk.link(name, within=".side-nav")
    desk.hand.use(link, key=str(link.get_attribute("data-keys")), leads=True)


def open_row(desk: Desk, text: str) -> None:
    """Goes to a row from anywhere by a text that only it has."""
    desk.hand.use(desk.page.locator(".side-find"), key="Control+k")
    desk.hand.write(desk.page.get_by_role("combobox", name="Find anything"), text)
    option = desk.page.get_by_role("option").first
    expect(option).to_contain_text(re.compile(re.escape(text), re.IGNORECASE))
    desk.hand.use(option, key="Enter", leads=True)


def search(desk: Desk, text: str) -> None:
    """Searches the list; its rows follow what is typed."""
    desk.hand.write(desk.page.get_by_role("searchbox", name="Search"), text, key="/")
    desk.page.wait_for_function("text => new URL(location).searchParams.get('search') === text", arg=text)


def to_the_first_row(desk: Desk) -> None:
    """Leaves the search box by the keyboard for the first row."""
    desk.hand.press("Tab j")
    expect(desk.page.locator("tbody tr").first.locator("th a")).to_be_focused()


def cell(desk: Desk, field: str) -> Locator:
    return desk.page.locator(CELL.format(field)).first


def go_to_cell(desk: Desk, field: str) -> None:
    """Goes from a row to one of its cells: the first one holds the link, the others are reached by arrows."""
    if not desk.by_keys:
        return desk.hand.go_to(cell(desk, field))
    desk.hand.press("Shift+Tab")
    for _ in range(MOST_CELLS):
        if desk.page.evaluate("document.activeElement.dataset.field") == field:
            return None
        desk.hand.press("ArrowRight")
    raise AssertionError(f"The cell {field} is not reached.")


def tick_page(desk: Desk) -> None:
    """Ticks all rows of the page."""
    if desk.by_keys:
        desk.hand.press("Tab")  # out of the search box
    desk.hand.use(desk.page.get_by_label("Select this page"), key="a")
