"""The page of one record: who changed what, its neighbours in the list, and the way back to an earlier version."""

from __future__ import annotations

import re
from time import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import listening, open_grid, rows

LIST = {"search": "status:active", "sort": "student_number"}


def open_row(page: Page, number: int) -> str:
    """Opens a row of the list and returns its heading."""
    open_grid(page, "students", **LIST)
    rows(page).nth(number).locator("th a").click()
    return heading(page)


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def correct(page: Page, number: int) -> str:
    """Changes the city of a row and opens the row again; returns the city it had."""
    open_row(page, number)
    page.get_by_role("link", name="Edit", exact=True).click()
    box = page.get_by_label("City", exact=True)
    before = box.input_value()
    box.fill(f"City {time()}")
    page.get_by_role("button", name="Save", exact=True).click()
    open_row(page, number)
    return before


def city(page: Page):
    return page.locator(".told-fields div", has=page.locator("#told-city")).locator("dd")


def test_who_last_changed_a_field_is_told_on_hover_on_focus_and_goes_away_by_escape(open_page: Watched) -> None:
    page = open_page("registrar")
    correct(page, 2)
    told = page.locator("#told-city")
    mark = page.get_by_role("button", name="Who last changed city")

    expect(told).to_be_hidden()
    city(page).hover()
    mark.hover()
    expect(told).to_have_text(re.compile(r"^By .+, on \d{4}-\d\d-\d\d .+, in operation \d+$"))
    expect(told).to_be_visible()
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    page.mouse.move(1, 1)
    mark.focus()
    expect(told).to_be_visible()
    page.keyboard.press("Tab")
    expect(told.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/operations/details/"))


def test_who_last_changed_a_field_is_told_by_a_touch(open_page: Watched) -> None:
    page = open_page("registrar", "phone")
    open_row(page, 2)

    page.get_by_role("button", name="Who last changed city").tap()

    expect(page.locator("#told-city")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_next_and_previous_walk_through_the_list_one_came_from(open_page: Watched, javascript: bool) -> None:
    page = open_page("registrar", javascript=javascript)
    there = [open_row(page, number) for number in (0, 1)]
    open_row(page, 0)

    assert not page.get_by_role("link", name=re.compile("^Previous: ")).count()
    page.get_by_role("link", name=f"Next: {there[1]}").click()
    assert heading(page) == there[1]
    page.get_by_role("link", name=f"Previous: {there[0]}").click()
    assert heading(page) == there[0]
    page.get_by_role("link", name="Students", exact=True).last.click()
    expect(page).to_have_url(re.compile("search=status"))


def test_the_keys_of_next_and_previous_walk_through_the_list_and_stop_at_its_ends(open_page: Watched) -> None:
    page = open_page("registrar")
    there = [open_row(page, number) for number in (2, 1, 0)][::-1]

    def after(key: str) -> str:
        listening(page)
        with page.expect_navigation():
            page.keyboard.press(key)
        return heading(page)

    walked = [after(key) for key in ("]", "]", "[", "[")]
    page.keyboard.press("[")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")

    assert walked == [there[1], there[2], there[1], there[0]]
    assert heading(page) == there[0]
    expect(keys.get_by_text(f"Next: {there[1]}")).to_be_visible()
    expect(keys.get_by_text(re.compile("^Previous"))).to_have_count(0)


@pytest.mark.parametrize("look", ["light", "phone"])
@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("button", ["Restore city", "Restore this version"])
def test_an_earlier_version_is_put_back_after_a_review_and_that_is_undone(
    open_page: Watched, look: str, javascript: bool, button: str
) -> None:
    page = open_page("registrar", look, javascript=javascript)
    before = correct(page, 4)
    after = city(page).inner_text()

    page.get_by_role("link", name=re.compile("^Compare or restore")).first.click()
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("button", name="Apply to 1").click()
    expect(city(page)).to_have_text(before)
    page.get_by_role("button", name="Undo", exact=True).first.click()
    open_row(page, 4)
    expect(city(page)).to_have_text(after)
