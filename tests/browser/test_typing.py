"""Rows while one types: soon, in the address as well, never an older answer, and nothing lost on the way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.keys import Keys
from tests.browser.pages import names, open_grid, rows


def students(open_page: Watched) -> Page:
    """Opens the list of students with the caret in its search box; the page notices if it is loaded anew."""
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    page.evaluate("window.kept = true")
    page.get_by_role("searchbox", name="Search").focus()
    page.evaluate("import(document.querySelector('#query').dataset.typingScript)")  # comes when the box is turned to
    return page


def words(page: Page, text: str) -> None:
    """Waits for what stands above the rows."""
    expect(page.locator("#grid-words")).to_have_text(re.compile(text))


def is_kept(page: Page) -> bool:
    return bool(page.evaluate("window.kept === true"))


def in_the_box(page: Page) -> bool:
    return bool(page.evaluate("document.activeElement.matches('[data-search]')"))


def test_rows_follow_what_is_typed_and_a_reload_shows_the_same(open_page: Watched) -> None:
    page = students(open_page)

    page.keyboard.type("status:active")
    words(page, r"^\d+ students: active$")
    typed = names(page)

    assert page.url.endswith("/admin/students/?sort=student_number&search=status%3Aactive")
    assert (is_kept(page), in_the_box(page)) == (True, True)
    expect(page.get_by_role("status").filter(has_text="students: active")).to_be_visible()
    expect(page.get_by_role("link", name="Remove filter active")).to_be_visible()
    expect(page.get_by_role("link", name="Columns")).to_have_attribute("href", re.compile("search=status:active"))
    page.reload()
    assert names(page) == typed
    assert page.get_by_role("searchbox", name="Search").input_value() == "status:active"


def test_back_from_a_row_leads_to_the_rows_that_were_found(open_page: Watched) -> None:
    page = students(open_page)
    page.keyboard.type("status:active")
    words(page, "active$")
    typed = names(page)

    rows(page).nth(1).locator("th a").click()
    page.get_by_role("heading", level=1, name=typed[1]).wait_for()
    page.go_back()

    words(page, "active$")
    assert names(page) == typed


def test_a_search_is_sent_by_enter_as_ever(open_page: Watched) -> None:
    page = students(open_page)

    page.keyboard.type("status:active")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    words(page, "active$")
    assert page.evaluate("window.kept") is None


def test_the_rows_are_asked_for_once_after_a_pause(open_page: Watched) -> None:
    page = students(open_page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.headers.get("x-parts") else None)

    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))  # a busy machine makes pauses of its own
    for letter in "anna":
        page.keyboard.type(letter)
        page.clock.run_for(30)
    page.clock.resume()
    words(page, "anna")

    assert [url.rpartition("=")[2] for url in asked] == ["anna"]


def test_a_new_letter_ends_the_question_under_way_and_its_answer_is_never_shown(open_page: Watched) -> None:
    page = students(open_page)
    held: list[Route] = []
    ended: list[str] = []
    page.on("requestfailed", lambda request: ended.append(request.url) if request.headers.get("x-parts") else None)
    page.route(re.compile(r"search=zzz$"), lambda route: held.append(route))

    page.keyboard.type("zzz")
    expect(page.locator("[data-part=results]")).to_have_attribute("aria-busy", "true")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("status:active")
    words(page, "active$")
    for route in held:
        route.abort()

    assert "zzz" in [url.rpartition("=")[2] for url in ended]  # after "z" and "zz", where the keys came slowly
    words(page, "active$")
    assert "zzz" not in page.url


def test_a_search_that_cannot_be_read_yet_says_so_and_keeps_rows_focus_and_caret(open_page: Watched) -> None:
    page = students(open_page)
    page.keyboard.type("status:active")
    words(page, "active$")
    before, address = names(page), page.url

    page.keyboard.press("Home")
    page.keyboard.type("colour:red ")
    page.keyboard.press("ArrowLeft")
    message = page.get_by_role("status").filter(has_text="colour")
    expect(message).to_be_visible()

    assert (names(page), page.url, in_the_box(page)) == (before, address, True)
    assert page.evaluate("document.activeElement.selectionStart") == len("colour:red")
    assert page.get_by_role("alert").count() == 0
    for _ in "colour:red":
        page.keyboard.press("Backspace")
    expect(message).to_have_count(0)
    assert names(page) == before


def test_a_page_that_could_not_be_read_becomes_rows_once_it_can_be(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", search="colour:red")

    page.get_by_role("searchbox", name="Search").fill("status:active")

    words(page, "active$")
    expect(page.get_by_text("Nothing was searched")).to_have_count(0)
    expect(page.get_by_role("link", name="Download")).to_have_count(0)
    assert page.get_by_role("searchbox", name="Search").get_attribute("aria-invalid") is None


def test_a_server_out_of_reach_is_told_and_the_rows_stay(open_page: Watched) -> None:
    page = students(open_page)
    before = names(page)
    page.route(re.compile(r"search=anna$"), lambda route: route.fulfill(status=404))

    page.keyboard.type("anna")

    expect(page.get_by_role("status").filter(has_text="Press Enter to search")).to_be_visible()
    assert names(page) == before


def test_nothing_is_asked_while_a_character_is_composed(open_page: Watched) -> None:
    page = students(open_page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.headers.get("x-parts") else None)
    keyboard = page.context.new_cdp_session(page)

    keyboard.send("Input.imeSetComposition", {"text": "an", "selectionStart": 2, "selectionEnd": 2})
    page.wait_for_timeout(400)
    composing = list(asked)
    keyboard.send("Input.insertText", {"text": "ann"})
    words(page, "ann")

    assert composing == []
    assert len(asked) == 1


def test_a_suggestion_that_is_taken_finds_its_rows(open_page: Watched) -> None:
    page = students(open_page)

    page.keyboard.type("status:with")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    words(page, r"^\d+ students: withdrawn$")
    assert (is_kept(page), in_the_box(page)) == (True, True)


def test_ticks_and_cells_work_on_the_rows_that_were_found(open_page: Watched) -> None:
    page = students(open_page)
    rows(page).nth(0).get_by_role("checkbox").check()
    page.get_by_role("searchbox", name="Search").focus()
    page.keyboard.type("status:active")
    words(page, "active$")
    ticked = rows(page).locator("input:checked").count()

    page.get_by_label("Select this page").check()
    expect(page.get_by_text(f"{rows(page).count() + 1 - ticked} selected", exact=True)).to_be_visible()
    cell = rows(page).nth(0).locator("[data-field=city]")
    before = cell.inner_text()
    cell.focus()
    for city in ("Godmanchester", before):
        page.keyboard.press("Enter")
        page.keyboard.type(city)
        page.keyboard.press("Enter")
        expect(cell).to_have_text(city)

    page.reload()
    assert rows(page).locator("input:checked").count() == rows(page).count()


def test_a_cell_that_is_edited_is_not_taken_away(open_page: Watched) -> None:
    page = students(open_page)
    cell = rows(page).nth(0).locator("[data-field=city]")

    page.keyboard.type("status:active")
    cell.dblclick()
    page.wait_for_timeout(600)
    page.keyboard.type("Nowhere")
    typed = cell.locator("input").input_value()
    page.keyboard.press("Escape")

    assert typed == "Nowhere"
    words(page, "active$")


def test_by_the_keyboard_alone_a_row_is_found_and_opened(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    name = names(page)[7]
    keys = Keys(page)

    keys.press("/")
    keys.type(f'"{name}"')
    words(page, re.escape(name))
    keys.go_to(rows(page).first.locator("th a"))
    keys.press("Enter")

    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
