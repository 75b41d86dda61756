"""A review is a promise: what moved meanwhile stops it, and what has happened does not happen twice, whatever is clicked."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import names, open_grid, pick_all, rows, total

QUERY = "status:graduated"


def review(page: Page, city: str) -> int:
    """Reviews that all graduates move; returns how many would."""
    open_grid(page, "students", search=QUERY, sort="student_number")
    page.get_by_label("Select this page").check()
    if page.get_by_role("button", name=re.compile("^Select all")).is_visible():
        pick_all(page)
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("City", exact=True).fill(city)
    page.get_by_role("button", name="Review").click()
    return int(apply_button(page).inner_text().removeprefix("Apply to ").replace(",", ""))


def apply_button(page: Page):
    return page.get_by_role("button", name=re.compile("^Apply to"))


def changes(page: Page) -> int:
    """Returns how many changes to many rows the operations list."""
    open_grid(page, "operations", search="door:bulk")
    return total(page) if rows(page).count() else 0


def edit(page: Page, row: int, city: str) -> None:
    """Changes one graduate by the form."""
    open_grid(page, "students", search=QUERY, sort="student_number")
    rows(page).nth(row).locator("th a").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("City", exact=True).fill(city)
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def test_a_review_left_open_while_a_colleague_edits_three_rows_applies_nothing_and_names_them(
    open_page: Watched,
) -> None:
    page, colleague = open_page("registrar"), open_page("admin")
    review(page, "Newport")
    before = changes(colleague)
    for row in range(3):
        edit(colleague, row, f"Elsewhere {row}")
    open_grid(colleague, "students", search=QUERY, sort="student_number")
    edited = names(colleague)[:3]

    apply_button(page).click()

    expect(page.get_by_role("heading", name="The rows have moved")).to_be_visible()
    expect(page.get_by_text("3 rows changed since.", exact=True)).to_be_visible()
    named = page.locator(".notice li, [data-message] li").all_inner_texts()
    assert sorted(named) == sorted(f"{name}: changed since" for name in edited)
    assert changes(colleague) == before


def test_apply_clicked_twice_is_one_operation(open_page: Watched) -> None:
    page, other = open_page("registrar"), open_page("registrar")
    count = review(page, "Bridgwater")
    before = changes(other)

    apply_button(page).dblclick()
    expect(page.get_by_text(f"{count} students changed")).to_be_visible()

    assert changes(other) == before + 1


def test_apply_sent_again_from_the_same_review_is_refused_with_what_has_happened(open_page: Watched) -> None:
    page, other = open_page("registrar"), open_page("registrar")
    count = review(page, "Tewkesbury")
    with page.context.expect_page() as opened:
        apply_button(page).click(modifiers=["ControlOrMeta"])  # the answer in another tab, the review stays
    expect(opened.value.get_by_text(f"{count} students changed")).to_be_visible()
    before = changes(other)

    apply_button(page).click()

    expect(page.get_by_text(re.compile("^This was already done on .*: Set city to Tewkesbury for"))).to_be_visible()
    assert changes(other) == before


def test_the_browser_s_back_button_leads_to_what_has_already_happened(open_page: Watched) -> None:
    page, other = open_page("registrar"), open_page("registrar")
    count = review(page, "Evesham")
    with page.expect_navigation():
        apply_button(page).click()
    before = changes(other)

    page.go_back()
    if apply_button(page).is_visible():  # a browser that kept the page as it was
        apply_button(page).click()

    already = re.compile(f"^This was already done on .*: Set city to Evesham for {count} students")
    expect(page.get_by_text(already)).to_be_visible()
    expect(apply_button(page)).to_have_count(0)
    assert changes(other) == before


def test_from_what_has_already_happened_it_is_taken_back(open_page: Watched) -> None:
    page = open_page("registrar")
    count = review(page, "Pershore")
    with page.expect_navigation():
        apply_button(page).click()
    page.go_back()

    page.locator("main").get_by_role("button", name="Undo").first.click()

    expect(page.get_by_text(f"Undone: {count} students are as before")).to_be_visible()


def test_a_review_that_is_loaded_again_can_still_be_applied(open_page: Watched) -> None:
    page = open_page("registrar")
    count = review(page, "Ledbury")

    page.reload()
    apply_button(page).click()

    expect(page.get_by_text(f"{count} students changed")).to_be_visible()


def test_back_from_the_review_the_form_holds_what_was_typed(open_page: Watched) -> None:
    page = open_page("registrar")
    review(page, "Malvern")

    page.go_back()

    expect(page.get_by_label("City", exact=True)).to_have_value("Malvern")
    page.get_by_label("City", exact=True).fill("Great Malvern")
    page.get_by_role("button", name="Review").click()
    expect(page.locator(".words")).to_have_text(re.compile("^Set city to Great Malvern for"))
