"""What browser tests do on pages, by the accessible names that people and screen readers go by."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page

GRIDS = (
    "students",
    "courses",
    "lessons",
    "terms",
    "sections",
    "enrollments",
    "invoices",
    "payments",
    "staff",
    "operations",
)


def open_grid(page: Page, grid: str, **params: str) -> None:
    """Opens a grid's list."""
    page.goto(f"/admin/{grid}/?{urlencode(params)}")


def rows(page: Page) -> Locator:
    """The rows of the grid."""
    return page.locator("table").first.locator("tbody tr")


def listening(page: Page) -> None:
    """Waits until the page takes keys: all its scripts ran (before it counts as loaded), and the button that lists them is there."""
    page.wait_for_load_state("load")
    page.locator('button[data-keys="?"]:not([hidden])').wait_for(state="attached")


def wait_for_fonts(page: Page) -> None:
    """Waits until the fonts are there, which are asked for late, once the styles are known."""
    page.evaluate("document.fonts.ready.then(() => null)")


def open_palette(page: Page, text: str = "") -> Locator:
    """Presses Ctrl-K, types, and returns what is found as soon as there is something."""
    listening(page)
    page.keyboard.press("Control+k")
    page.keyboard.type(text)
    options = page.get_by_role("dialog", name="Find anything").get_by_role("option")
    options.first.wait_for()
    return options


def open_shortcuts(page: Page) -> None:
    """Opens a grid and the list of keys over it."""
    open_grid(page, "students")
    listening(page)
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").get_by_text("Tick the row", exact=True).wait_for()


def total(page: Page) -> int:
    """Returns how many rows match, as the pager says."""
    text = page.get_by_role("navigation", name="Pages").inner_text()
    found = re.search(r"of ([\d,]+)", text)
    assert found, text
    return int(found[1].replace(",", ""))


def pick_all(page: Page) -> None:
    """Picks all that match, once this page is ticked, and waits until the bar says so: a script or the server may do it."""
    button = page.get_by_role("button", name=re.compile("^Select all"))
    number = re.search(r"[\d,]+", button.inner_text())
    assert number, button.inner_text()
    button.click()
    page.get_by_text(f"{number[0]} selected", exact=True).wait_for()


def search(page: Page, text: str) -> None:
    """Searches by the keyboard."""
    box = page.get_by_role("searchbox", name="Search")
    box.fill(text)
    with page.expect_navigation():
        box.press("Enter")


def names(page: Page) -> list[str]:
    """Returns what the rows of the grid are called, in their order."""
    ticks = page.get_by_role("checkbox", name=re.compile("^Select (?!this page)"))
    return [str(tick.get_attribute("aria-label")).removeprefix("Select ") for tick in ticks.all()]


def numbers(page: Page) -> list[str]:
    """Returns what stands in the first column: what no two rows share."""
    return rows(page).locator("th[scope=row]").all_inner_texts()


def tab_to(page: Page, target: Locator, *, back: bool = False, most: int = 130) -> None:
    """Presses Tab (or Shift+Tab) until `target` has the focus."""
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached by {most} presses of Tab")
