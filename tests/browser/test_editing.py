"""One record: a cell in place, and two people at once."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid, rows


def city_of(page: Page, row: int) -> Locator:
    return rows(page).nth(row).locator("[data-field=city]")


def edit_first(page: Page) -> None:
    open_grid(page, "students", sort="student_number", search="status:on_leave")
    rows(page).first.locator("th a").click()
    page.get_by_role("link", name="Edit", exact=True).click()


def test_a_cell_is_changed_in_place_by_the_keyboard(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    cell = city_of(page, 0)
    before = cell.inner_text()

    cell.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Godmanchester")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("Godmanchester")
    page.reload()
    kept = city_of(page, 0).inner_text()
    city_of(page, 0).dblclick()
    page.keyboard.type(before)
    page.keyboard.press("Enter")

    expect(city_of(page, 0)).to_have_text(before)
    assert kept == "Godmanchester"


def test_escape_leaves_a_cell_as_it_was(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    cell = city_of(page, 1)
    before = cell.inner_text()

    cell.dblclick()
    page.keyboard.type("Nowhere")
    page.keyboard.press("Escape")
    focused = cell.evaluate("cell => cell === document.activeElement")

    assert focused
    expect(cell).to_have_text(before)
    page.reload()
    expect(city_of(page, 1)).to_have_text(before)


def test_a_cell_that_is_left_for_another_place_is_saved_and_takes_no_focus_back(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    cell = city_of(page, 2)
    search = page.get_by_role("searchbox").first

    cell.dblclick()
    page.keyboard.type("Hexham")
    search.click()

    expect(cell).to_have_text("Hexham")
    expect(search).to_be_focused()


def test_a_cell_says_what_is_wrong_and_keeps_what_was_typed(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    cell = rows(page).nth(0).locator("[data-field=email]")

    cell.dblclick()
    page.keyboard.type("not an address")
    page.keyboard.press("Enter")

    expect(cell.locator(".field-error")).to_be_visible()
    assert cell.locator("input").input_value() == "not an address"


def test_the_second_of_two_people_sees_both_versions_and_decides(open_page: Watched) -> None:
    first, second = open_page("registrar"), open_page("support")
    edit_first(first)
    edit_first(second)
    for page, city in ((first, "York"), (second, "Ripon")):
        page.get_by_label("City", exact=True).fill(city)
        page.get_by_role("button", name="Save", exact=True).click()

    expect(second.get_by_text("Changed by Grace Okafor meanwhile")).to_be_visible()
    row = second.get_by_role("row").filter(has=second.get_by_role("rowheader", name="City"))
    assert row.get_by_role("cell").all_inner_texts()[1:3] == ["York", "Ripon"]
    second.get_by_role("button", name="Save mine for these fields").click()
    expect(second.get_by_text("1 student changed")).to_be_visible()
    edit_first(first)
    assert first.get_by_label("City", exact=True).input_value() == "Ripon"


def test_a_related_row_is_found_by_a_part_of_its_name(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    name = rows(page).first.locator("td").nth(1).inner_text()
    page.goto("/admin/enrollments/new/")

    page.get_by_label("Student", exact=True).press_sequentially(name[:6])
    page.get_by_role("option").filter(has_text=name).first.click()

    assert name in page.get_by_label("Student", exact=True).input_value()
