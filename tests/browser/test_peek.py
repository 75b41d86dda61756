"""A row beside the list: by keys, by the pointer, on a phone and without JavaScript."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import listening, open_grid, rows


def panel(page: Page) -> Locator:
    return page.get_by_role("complementary").filter(has=page.locator("#peek-name"))


def name_of(page: Page, index: int) -> str:
    return rows(page).nth(index).locator('td[data-field="full_name"]').inner_text()


def link(page: Page, index: int) -> Locator:
    return rows(page).nth(index).locator("th a")


def opened(page: Page) -> None:
    open_grid(page, "students", search="status:active", columns="student_number,full_name,city")
    listening(page)
    link(page, 1).focus()
    page.keyboard.press("p")
    expect(panel(page)).to_contain_text(name_of(page, 1))


def test_the_panel_follows_the_row_and_escape_leads_back_to_it(open_page: Watched) -> None:
    page = open_page("registrar")
    opened(page)
    expect(link(page, 1)).to_be_focused()

    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#peek-name")).to_have_text(name_of(page, 4))
    address = page.url
    page.keyboard.press("p")
    expect(page.locator("#peek-name")).to_be_focused()
    page.keyboard.press("Escape")

    expect(panel(page)).to_have_count(0)
    expect(link(page, 4)).to_be_focused()
    assert "peek=" not in page.url
    page.goto(address)
    expect(page.locator("#peek-name")).to_have_text(name_of(page, 4))


def test_a_click_shows_a_row_and_a_second_one_opens_its_page(open_page: Watched) -> None:
    page = open_page("registrar")
    opened(page)

    link(page, 2).click()
    expect(page.locator("#peek-name")).to_have_text(name_of(page, 2))
    rows(page).nth(3).locator("td").last.click()
    expect(page.locator("#peek-name")).to_have_text(name := name_of(page, 3))
    link(page, 3).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_an_answer_that_comes_late_is_dropped(open_page: Watched) -> None:
    page = open_page("registrar")
    opened(page)
    slow = rows(page).nth(2).get_attribute("data-id")
    page.route(f"**/*peek={slow}", lambda route: page.wait_for_timeout(400) or route.continue_())

    link(page, 2).focus()
    page.wait_for_timeout(200)
    link(page, 3).focus()

    expect(page.locator("#peek-name")).to_have_text(name := name_of(page, 3))
    page.wait_for_timeout(600)
    expect(page.locator("#peek-name")).to_have_text(name)


def test_on_a_phone_the_panel_is_a_sheet_that_has_the_focus(open_page: Watched) -> None:
    page = open_page("registrar", "phone")
    open_grid(page, "students")

    page.get_by_role("link", name="Peek", exact=True).click()

    expect(page.locator("#peek-name")).to_be_focused()
    box, size = page.locator("#peek").bounding_box(), page.viewport_size
    assert box and size and (box["width"], box["height"]) == (size["width"], size["height"])
    page.get_by_role("link", name="Peek at the next").click()
    expect(rows(page).nth(1)).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Close").click()
    expect(link(page, 1)).to_be_focused()


def test_without_javascript_the_panel_is_a_page_of_its_own_address(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students", search="status:active", columns="student_number,full_name,city")

    page.get_by_role("link", name="Peek", exact=True).click()
    expect(page.locator("#peek-name")).to_have_text(name_of(page, 0))
    link(page, 2).click()
    expect(page.locator("#peek-name")).to_have_text(name_of(page, 2))
    page.get_by_role("link", name="Close").click()

    expect(panel(page)).to_have_count(0)
