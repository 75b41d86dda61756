"""Hands on the keyboard: anything is found from anywhere, and a grid is worked through by single keys."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import listening, numbers, open_grid, open_palette, rows


def focused_row(page: Page) -> str:
    """Returns the key of the row that has the focus."""
    return str(page.evaluate("document.activeElement.closest('tr')?.querySelector('th')?.innerText ?? ''"))


def test_a_student_is_reached_from_anywhere_by_a_fragment_and_the_enter_key(open_page: Watched) -> None:
    page = open_page("support")
    open_grid(page, "students")
    number = numbers(page)[7]
    page.goto("/admin/")

    open_palette(page)
    page.keyboard.type(number)
    expect(page.get_by_role("dialog").get_by_role("option").first).to_contain_text(number)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "/admin/students/details/" in page.url
    expect(page.get_by_text(number).first).to_be_visible()


def test_escape_closes_what_finds_anything_and_the_focus_is_where_it_was(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")
    page.get_by_role("link", name="New student").focus()

    options = open_palette(page)
    page.keyboard.press("ArrowDown")
    chosen = [option.get_attribute("aria-selected") for option in options.all()]
    page.keyboard.press("Escape")

    assert chosen == ["true" if place == 1 else "false" for place in range(len(chosen))]
    expect(page.get_by_role("dialog", name="Find anything")).to_be_hidden()
    expect(page.get_by_role("link", name="New student")).to_be_focused()


def test_what_is_typed_before_the_box_is_there_is_not_lost(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")

    listening(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("jenn")

    expect(page.get_by_role("combobox", name="Find anything")).to_have_value("jenn")


def test_nobody_is_offered_what_their_role_may_not_open(open_page: Watched) -> None:
    page = open_page("read_only")
    page.goto("/admin/students/")

    open_palette(page)
    page.keyboard.type("staff")
    expect(page.get_by_text("Nothing is called this.")).to_be_visible()


def test_rows_are_gone_through_ticked_and_opened_by_single_keys(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")
    keys = numbers(page)
    listening(page)

    page.keyboard.press("j")
    expect(rows(page).nth(0).locator("th a")).to_be_focused()
    page.keyboard.press("j")
    expect(rows(page).nth(1).locator("th a")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowDown")
    expect(rows(page).nth(2).locator("th a")).to_be_focused()
    expect(page.get_by_text("2 selected", exact=True)).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text(f"{len(keys)} selected", exact=True)).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert keys[2] in page.locator("main").inner_text()


def test_the_row_under_the_cursor_is_edited_and_the_change_taken_back_by_one_key_each(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="-id")
    listening(page)
    page.keyboard.press("j")
    expect(rows(page).nth(0).locator("th a")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("e")
    page.get_by_label("City", exact=True).fill("Clitheroe")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("1 student changed")).to_be_visible()

    listening(page)
    page.locator("main").focus()
    with page.expect_navigation():
        page.keyboard.press("z")

    open_grid(page, "students", search="city:Clitheroe")
    assert "No students match" in page.locator("main").inner_text()


def test_g_and_a_letter_lead_to_a_grid_and_brackets_turn_its_pages(open_page: Watched) -> None:
    page = open_page("registrar")
    page.goto("/admin/")
    letter = page.locator(".side-nav a", has_text="Students").get_attribute("data-keys")
    assert letter is not None
    listening(page)

    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press(letter.removeprefix("g "))
    first = numbers(page)
    listening(page)
    with page.expect_navigation():
        page.keyboard.press("]")
    second = numbers(page)
    listening(page)
    with page.expect_navigation():
        page.keyboard.press("[")

    assert page.url.startswith(f"{page.url.partition('/admin/')[0]}/admin/students/")
    assert (numbers(page), set(first) & set(second)) == (first, set())


def test_no_single_key_does_anything_while_one_types_or_where_they_are_turned_off(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")
    address = page.url
    box = page.get_by_role("searchbox", name="Search")

    box.click()
    page.keyboard.type("jenxz[?")
    typed = box.input_value()
    box.fill("")
    page.locator("main").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    with page.expect_response("**/account/keys/"):
        dialog.get_by_label("Use the shortcuts of a single key").uncheck()
    page.keyboard.press("Escape")
    for key in ("j", "n", "?"):
        page.keyboard.press(key)

    reached = page.url.partition("?")[0], focused_row(page)
    page.reload()
    page.keyboard.press("?")
    still_off = dialog.is_hidden()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    with page.expect_response("**/account/keys/"):
        dialog.get_by_label("Use the shortcuts of a single key").check()  # for the tests that come after

    assert typed == "jenxz[?"
    assert reached == (address.partition("?")[0], "")
    assert still_off


def test_the_list_of_keys_says_what_works_on_this_page(open_page: Watched) -> None:
    page = open_page("read_only")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    open_grid(page, "students")
    listening(page)
    page.keyboard.press("?")
    in_a_grid = dialog.inner_text()
    page.goto("/admin/account/")
    listening(page)
    page.keyboard.press("?")
    elsewhere = dialog.inner_text()

    assert "Tick the row" in in_a_grid
    assert "New student" not in in_a_grid
    assert "Tick the row" not in elsewhere
    assert "Go to Students" in elsewhere


def test_without_javascript_the_same_is_found_on_a_page_of_its_own(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students")
    number = numbers(page)[3]

    page.get_by_role("link", name=re.compile("^Find")).last.click()
    page.get_by_role("searchbox", name="Find anything").fill(number)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("region", name="Students").get_by_role("link").first.click()

    assert number in page.locator("main").inner_text()
