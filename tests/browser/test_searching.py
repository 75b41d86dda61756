"""Searching: what the address says."""

from __future__ import annotations

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid, search


def test_a_search_leaves_empty_filters_out_of_the_address(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")

    search(page, "status:active")

    assert page.url.endswith("/admin/students/?search=status%3Aactive")


def test_the_filter_panel_says_how_many_rows_each_choice_leaves(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")
    status = page.get_by_label("Status", exact=True)

    page.locator("summary", has_text="Filter").click()
    status.locator("option[value=active][label*='(']").wait_for(state="attached")
    label = status.locator("option[value=active]").get_attribute("label")
    status.select_option("active")
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_load_state()

    total = page.locator("#grid-words").inner_text().partition(" ")[0]
    assert label == f"Active ({total})"
