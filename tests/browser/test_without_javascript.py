"""The same work with JavaScript turned off."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.pages import numbers, open_grid, rows, search, total


def test_searching_filtering_sorting_and_paging_work(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students", page_size="20")
    everyone = total(page)

    page.get_by_role("columnheader", name="Full name").get_by_role("link").click()
    first = numbers(page)
    page.get_by_role("link", name="Next page").click()
    second = numbers(page)
    page.get_by_role("link", name="Previous page").click()
    again = numbers(page)
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Status", exact=True).select_option(label="Active")
    page.get_by_role("button", name="Apply filters").click()
    filtered = total(page)
    search(page, "a")

    assert first == again
    assert not set(first) & set(second)
    assert 0 < total(page) <= filtered < everyone


def test_a_record_is_corrected(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students")
    rows(page).nth(3).locator("th a").click()
    page.get_by_role("link", name="Edit", exact=True).click()

    page.get_by_label("City", exact=True).fill("Port Sunlight")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    search_page = open_page("registrar", javascript=False)
    open_grid(search_page, "students", search='city:"Port Sunlight"')
    assert rows(search_page).count() == 1
    page.get_by_role("button", name="Undo").click()


def test_ticked_rows_are_changed_after_a_review(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students", search="status:active")
    for index in (0, 2):
        page.locator("tbody input[type=checkbox]").nth(index).check()

    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("City", exact=True).fill("Saltaire")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Apply to 2").click()

    expect(page.get_by_text("2 students changed")).to_be_visible()
    page.get_by_role("button", name="Undo").click()


def test_a_date_is_shifted_after_a_review(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students", search="date_of_birth:any")
    page.locator("tbody input[type=checkbox]").first.check()

    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("How to change date of birth").select_option("Shift by days")
    page.get_by_label("Days to shift date of birth by").fill("-7")
    page.get_by_role("button", name="Review").click()

    expect(page.locator(".words")).to_have_text(re.compile("^Shift date of birth back by 7 days for "))
    expect(page.get_by_role("button", name="Apply to 1")).to_be_visible()


def test_all_that_match_are_changed_after_a_review(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students", search="status:active", page_size="20")
    matching = total(page)

    page.get_by_role("button", name=re.compile("^Select all")).click()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("City", exact=True).fill("Saltaire")
    page.get_by_role("button", name="Review").click()

    expect(page.get_by_role("button", name=f"Apply to {matching:,}")).to_be_visible()


def test_a_row_is_deleted_after_a_review(open_page: Watched) -> None:
    page = open_page("admin", javascript=False)
    page.goto("/admin/students/new/")
    page.get_by_label("Full name").fill("Ottoline Brackenbury")
    page.get_by_label("Student number").fill("Z-7002")
    page.get_by_role("button", name="Save", exact=True).click()
    open_grid(page, "students", search="brackenbury")
    rows(page).first.locator("th a").click()

    page.get_by_role("link", name="Delete", exact=True).or_(
        page.get_by_role("button", name="Delete", exact=True)
    ).click()
    page.get_by_role("button", name="Delete 1", exact=True).click()

    expect(page.get_by_text("1 student deleted")).to_be_visible()
