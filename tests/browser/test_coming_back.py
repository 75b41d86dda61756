"""Whoever leaves a list for one of its rows comes back to that row: by a link, by Back, after a save and after a bulk edit."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid, rows

PLACE = 40  # of the row, which is out of sight at first


def row(page: Page) -> Locator:
    return rows(page).nth(PLACE).locator("th a")


def expect_back(page: Page, name: str) -> None:
    expect(row(page)).to_be_focused()
    expect(row(page)).to_be_in_viewport()
    expect(row(page)).to_have_text(name)


def test_the_row_that_was_left_has_the_focus_again(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", page_size="50", sort="id")
    name = row(page).inner_text()

    row(page).click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("City", exact=True).fill("Haworth")
    page.get_by_role("button", name="Save", exact=True).click()
    expect_back(page, name)
    row(page).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    expect_back(page, name)
    rows(page).nth(PLACE).locator("input[type=checkbox]").check()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("City", exact=True).fill("Hebden Bridge")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Apply to 1").click()

    expect_back(page, name)


def test_the_row_is_found_again_without_javascript(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students", page_size="50", sort="id")
    name = row(page).inner_text()

    row(page).click()
    page.locator("#main").get_by_role("link", name="Students", exact=True).click()

    expect_back(page, name)
