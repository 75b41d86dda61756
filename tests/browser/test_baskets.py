"""Ticks that last: from page to page and search to search, named, pasted, and found again by name."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import names, open_grid, search, total


def tick(page: Page, *places: int) -> list[str]:
    """Ticks rows of the page by their places and returns what they are called."""
    chosen = [names(page)[place] for place in places]
    for name in chosen:
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).first.check()
    return chosen


def test_ticks_stay_on_the_next_page_and_in_the_next_search(open_page: Watched) -> None:
    page = open_page("admin")
    open_grid(page, "students", page_size="20", sort="student_number")
    page.locator("tbody input[type=checkbox]").nth(0).check()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("1 selected", exact=True)).to_be_visible()
    page.locator("tbody input[type=checkbox]").nth(3).check()
    search(page, "status:withdrawn")
    expect(page.get_by_text("2 selected", exact=True)).to_be_visible()
    page.locator("tbody input[type=checkbox]").nth(1).check()
    expect(page.get_by_text("3 selected", exact=True)).to_be_visible()
    expect(page.get_by_text("from 2 searches", exact=True)).to_be_visible()
    page.get_by_role("link", name="Show basket").click()
    assert total(page) == 3
    assert page.locator("tbody input:checked").count() == 3
    page.locator("tbody input[type=checkbox]").nth(0).uncheck()
    expect(page.get_by_text("2 selected", exact=True)).to_be_visible()

    page.get_by_role("button", name="Name this list…").click()
    page.get_by_label("Name", exact=True).fill("To call")
    page.get_by_role("button", name="Name this list").click()
    page.get_by_role("link", name="To call").click()
    assert total(page) == 2
    page.get_by_role("button", name="Clear selection").click()
    expect(page.get_by_role("button", name="Clear selection")).to_be_hidden()
    search(page, 'in:"To call" -in:basket')

    assert total(page) == 2
    assert page.locator("tbody input:checked").count() == 0


@pytest.mark.parametrize("look", ["light", "phone"])
def test_no_button_moves_when_the_bar_learns_from_how_many_searches_the_rows_are(open_page: Watched, look: str) -> None:
    page = open_page("admin", look)
    open_grid(page, "students", search="status:withdrawn")
    with page.expect_response("**/basket/**"):
        tick(page, 0)
    open_grid(page, "students", search="status:active")
    page.route("**/basket/**", lambda route: page.wait_for_timeout(300) or route.continue_())

    page.get_by_label("Select this page").check()
    everything = page.get_by_role("button", name=re.compile("^Select all"))
    before = everything.bounding_box()
    expect(page.get_by_text("from 2 searches", exact=True)).to_be_visible()

    assert everything.bounding_box() == before


def test_a_pasted_list_becomes_a_basket_without_javascript(open_page: Watched) -> None:
    page = open_page("admin", javascript=False)
    open_grid(page, "students", sort="student_number")
    numbers = page.locator("tbody th[scope=row]").all_inner_texts()[:3]
    page.get_by_text("Lists", exact=True).click()
    page.get_by_role("link", name="Paste a list").click()

    page.get_by_label("Emails, numbers or ids").fill("\n".join([*numbers, numbers[0].lower(), "nobody@example.org"]))
    page.get_by_role("button", name="Look them up").click()
    for words in ("3 found", "1 doubled", "1 not found", "0 not permitted"):
        expect(page.get_by_text(words, exact=True).first).to_be_visible()
    page.get_by_role("button", name="Add 3 to basket").click()

    expect(page.get_by_text("3 selected", exact=True)).to_be_visible()
    assert total(page) == 3
    page.get_by_role("button", name="Clear selection").click()
    expect(page.get_by_text("0 selected", exact=True)).to_have_count(0)
