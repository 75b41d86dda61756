"""Saved views and columns by hand: choose, order, sort by several, save, change, save again."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid


def heads(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("thead th a").all_inner_texts()]


def open_views(page: Page) -> None:
    page.locator("summary", has_text="Views").click()


def test_columns_are_chosen_moved_by_a_button_and_sorted_by_with_shift(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", search="status:active")
    page.get_by_role("link", name="Columns").click()
    for name in ("Student number", "E-mail", "Age", "Financial hold", "Billing status", "Created at"):
        page.get_by_role("checkbox", name=name, exact=True).first.uncheck()
    for _ in range(2):  # past what is no longer ticked, and past the city
        page.get_by_role("button", name="Move Status left").click()
    expect(page.get_by_role("button", name="Move Status left")).to_be_focused()
    page.get_by_role("button", name="Show these columns").click()
    assert [head for head in heads(page) if head] == ["Full name", "Status", "City"]

    page.get_by_role("link", name="Status", exact=True).click()
    page.get_by_role("link", name="City", exact=True).click(modifiers=["Shift"])

    page.wait_for_url(re.compile("sort=status(,|%2C)city"))
    assert page.locator("thead [aria-sort]").count() == 1
    expect(page.get_by_role("link", name="City , key 2 of the order, ascending")).to_be_visible()


def test_a_view_is_saved_opened_changed_and_saved_again(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", search="status:active", columns="full_name,city")
    open_views(page)
    page.get_by_role("link", name="Save as new view…").click()
    page.get_by_label("Name").fill("Here now")
    page.get_by_role("button", name="Save", exact=True).click()
    view = page.get_by_role("group", name="View", exact=True)
    expect(view).to_contain_text("Here now")
    expect(view).not_to_contain_text("changed")

    page.get_by_role("searchbox", name="Search").fill("status:active city:any")
    page.get_by_role("button", name="Find").click()
    expect(view).to_contain_text("changed")
    view.get_by_role("button", name="Save", exact=True).click()
    expect(view).not_to_contain_text("changed")
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("status:active city:any")

    open_views(page)
    expect(page.get_by_role("link", name="Here now")).to_contain_text(re.compile(r"\d+ as of \d\d:\d\d"))
