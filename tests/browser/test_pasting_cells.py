"""A block out of a spreadsheet, pasted onto the grid and onto its page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import numbers, open_grid

PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def cities(page: Page) -> list[str]:
    return page.locator('td[data-field="city"]').all_inner_texts()


def test_a_block_pasted_on_a_cell_is_reviewed_applied_and_undone(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", search="status:active", columns="student_number,city,age")
    before, names = cities(page), numbers(page)
    page.locator('td[data-field="city"]').nth(1).focus()

    page.evaluate(PASTE, "Pasted A\r\nPasted B\r\n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review the change")
    page.get_by_role("button", name="Apply to 2").click()

    expect(page.get_by_text("2 students changed")).to_be_visible()
    assert numbers(page) == names
    assert cities(page) == [before[0], "Pasted A", "Pasted B", *before[3:]]

    page.get_by_role("button", name="Undo").click()
    expect(page.locator('td[data-field="city"]').nth(1)).to_have_text(before[1])
    assert cities(page) == before


def test_a_single_cell_that_is_pasted_can_be_looked_at_before_it_is_saved(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", columns="student_number,city")
    cell = page.locator('td[data-field="city"]').first
    cell.focus()

    page.evaluate(PASTE, "Pasted C")

    expect(cell.locator("input")).to_have_value("Pasted C")
    page.keyboard.press("Escape")
    expect(cell).not_to_have_text("Pasted C")


def test_a_page_takes_the_cells_and_what_cannot_be_used_stays_there(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", search="status:active")
    page.locator("summary", has_text="Lists").click()
    page.get_by_role("link", name="Paste cells").click()
    page.get_by_label("Cells").fill("student_number\tcity\nnobody\tLeeds")

    page.get_by_role("button", name="Review").click()

    expect(page.get_by_role("alert")).to_contain_text("Row 2: “nobody” names none that you may see.")
    expect(page.get_by_label("Cells")).to_have_value("student_number\tcity\nnobody\tLeeds")
