"""The main job by the keyboard alone, on the rows that staff change most: nothing is clicked, every press is counted."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.keys import Keys
from tests.browser.pages import open_grid, total

QUERY = "status:withdrawn,dropped"
MOST = 200  # presses in all, of which 41 are what is typed


def dates(page: Page) -> list[str]:
    """The start dates on the first page of what QUERY finds."""
    open_grid(page, "enrollments", search=QUERY, sort="id")
    heads = [head.inner_text().strip() for head in page.locator("thead th").all()]
    return page.locator(f"tbody tr > :nth-child({heads.index('Start date') + 1})").all_inner_texts()


def find(keys: Keys) -> int:
    """Searches, and returns how many are found."""
    keys.press("/")
    keys.type(QUERY)
    with keys.page.expect_navigation():
        keys.press("Enter")
    return total(keys.page)


def pick_all_less_two(keys: Keys, matching: int) -> None:
    keys.skip_to("Skip to the rows")
    keys.use("Select this page", "checkbox")
    keys.use(f"Select all {matching:,} matching", back=True)
    ticks = keys.page.get_by_role("checkbox", name=re.compile("^Select (?!this page)"))
    for row in (0, 1):
        keys.go_to(ticks.nth(row))
        keys.press("Space")
    expect(keys.page.get_by_text(f"{matching - 2:,} selected", exact=True)).to_be_visible()
    keys.follow("Edit", back=True)


def shift_by_a_week(keys: Keys) -> None:
    keys.skip_to()
    keys.go_to(keys.page.get_by_label("How to change start date", exact=True))
    keys.type("Shift")
    keys.go_to(keys.page.get_by_label("Days to shift start date by", exact=True))
    keys.type("7")
    keys.follow("Review")


def leave_the_refused_out(keys: Keys) -> None:
    refused = keys.page.get_by_role("button", name="Leave these out")
    assert refused.count() > 0
    while refused.count():
        keys.skip_to()
        keys.follow(re.compile("^Leave these out"))
    expect(keys.page.get_by_text("0 refused", exact=True)).to_be_visible()


def test_by_the_keyboard_alone_all_that_match_less_two_are_shifted_and_taken_back(open_page: Watched) -> None:
    page = open_page("registrar")
    before = dates(page)
    open_grid(page, "enrollments", sort="id")
    keys = Keys(page)

    pick_all_less_two(keys, find(keys))
    shift_by_a_week(keys)
    leave_the_refused_out(keys)
    will_change = page.get_by_role("button", name=re.compile("^Apply to")).inner_text().removeprefix("Apply to ")
    keys.skip_to()
    keys.follow(f"Apply to {will_change}")
    expect(page.get_by_text(f"{will_change} enrollments changed")).to_be_visible()
    presses = keys.presses
    shifted = dates(page)
    open_grid(page, "operations")
    undoing = Keys(page)
    undoing.skip_to()
    undoing.follow(re.compile("^Undo"))

    assert shifted != before
    assert dates(page) == before
    assert presses + undoing.presses <= MOST, f"{presses} presses to the change, {undoing.presses} to take it back"
