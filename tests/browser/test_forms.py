"""The form of a row while it is filled in: what is wrong is told at once, and the keyboard saves."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import listening, open_grid, rows

WRONG = "An e-mail address has an @ with something on both sides."


def edit_first(page: Page) -> None:
    open_grid(page, "students", sort="student_number", search="status:graduated")
    rows(page).first.locator("th a").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    listening(page)


def test_a_field_says_what_is_wrong_once_it_is_left_and_no_longer_once_it_is_right(open_page: Watched) -> None:
    page = open_page("registrar")
    edit_first(page)
    email = page.get_by_label("E-mail", exact=True)

    email.fill("ana")
    page.keyboard.press("Tab")
    expect(email).to_have_accessible_description(WRONG)
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("status").filter(has_text=WRONG)).to_have_count(1)
    email.fill("ana.form@example.org")
    page.keyboard.press("Tab")

    expect(email).to_have_accessible_description("")
    expect(email).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text(WRONG)).to_have_count(0)


def test_ctrl_enter_saves_from_inside_a_field_and_the_list_of_keys_says_so(open_page: Watched) -> None:
    page = open_page("registrar")
    edit_first(page)

    page.locator("h1").click()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    told = keys.get_by_role("term").filter(has_text="Ctrl Enter")
    expect(told).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_label("Bio", exact=True).fill("Plays chess.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("1 student changed")).to_be_visible()


def test_enter_in_a_line_saves_and_presses_none_of_its_buttons(open_page: Watched) -> None:
    page = open_page("admin")
    open_grid(page, "courses", sort="code")
    rows(page).first.locator("th a").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    titles = page.get_by_role("group", name="Lessons").get_by_label("Title")
    before = [title.input_value() for title in titles.all()]

    page.get_by_role("button", name="Move down: lesson 1").click()
    expect(page.get_by_role("button", name="Move down: lesson 2")).to_be_focused()
    swapped = [title.input_value() for title in titles.all()]
    titles.nth(1).fill("Hello")
    titles.nth(1).press("Enter")
    expect(page.get_by_text("1 course changed")).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("undone", exact=False).first.wait_for()
    open_grid(page, "courses", sort="code")
    rows(page).first.locator("th a").click()
    page.get_by_role("link", name="Edit", exact=True).click()

    assert swapped == [before[1], before[0], *before[2:]]
    assert [title.input_value() for title in titles.all()] == before
