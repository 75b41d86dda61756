"""On paper: every row of a list, whose list it is, and nothing that only a screen can use."""

from __future__ import annotations

import re
import zlib

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import names, open_grid, rows

SCREEN_ONLY = ".sidebar, .topbar, .btn, .btn-icon, .query, .selection-bar, .panel-more, input"


def text_of(pdf: bytes) -> str:
    """Returns what a PDF by Chromium says, in the order in which it is drawn: each font has a table from its codes to letters."""
    objects = {int(n): body for n, body in re.findall(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)}
    fonts = {
        number: _letters(_inflated(objects[int(table[1])]))
        for number, body in objects.items()
        if (table := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    pages = (_inflated(body) for body in objects.values() if b"FlateDecode" in body and b"/Length1" not in body)
    return "".join(_said(page, fonts) for page in pages if "\nBT\n" in page)


def _inflated(body: bytes) -> str:
    data = body.partition(b"stream\n")[2]
    try:
        return zlib.decompress(data).decode("latin-1")
    except zlib.error:  # not every stream is a text
        return ""


def _letters(table: str) -> dict[str, str]:
    found = {code: chr(int(letter, 16)) for code, letter in re.findall(r"^<(\w+)> <(\w{4})>$", table, re.MULTILINE)}
    for first, last, letter in re.findall(r"<(\w+)> <(\w+)> <(\w{4})>", table):
        codes = range(int(first, 16), int(last, 16) + 1)
        found |= {f"{code:0{len(first)}X}": chr(int(letter, 16) + step) for step, code in enumerate(codes)}
    return found


def _said(page: str, fonts: dict[int, dict[str, str]]) -> str:
    said, letters = [], {}
    for font, codes in re.findall(r"/F(\d+) [\d.]+ Tf|<(\w+)> Tj", page):
        letters = fonts.get(int(font), {}) if font else letters
        width = len(next(iter(letters), "00"))
        said += [letters.get(codes[at : at + width], "") for at in range(0, len(codes), width)]
    return "".join(said)


def printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True, print_background=True)


def on_paper(page: Page, selector: str) -> list[str]:
    """Returns what of this would be seen on paper."""
    page.emulate_media(media="print")
    seen = [
        one.evaluate("one => one.outerHTML.slice(0, 80)") for one in page.locator(selector).all() if one.is_visible()
    ]
    page.emulate_media(media="screen")
    return seen


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_list_is_printed_whole_with_whose_it_is_black_on_white(open_page: Watched, look: str) -> None:
    page = open_page("registrar", look)
    page.add_init_script("window.print = () => null")  # two cannot print at once
    open_grid(page, "students", search="status:active", sort="student_number", page_size="20")
    first, words = names(page)[0], page.locator("#grid-words").inner_text()
    page.get_by_text("Download", exact=True).click()
    page.get_by_role("link", name="Print", exact=True).click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    whole = rows(page).count()

    pdf = printed(page)
    text = text_of(pdf).replace(" ", "")

    assert whole > 20
    assert [
        part for part in (first, words, "Demo organisation", "Printed by") if part.replace(" ", "") not in text
    ] == []
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == text.count("Studentnumber") > 1
    assert on_paper(page, SCREEN_ONLY) == []
    page.emulate_media(media="print", color_scheme="dark" if look == "dark" else "light")
    cell = rows(page).first.locator("td").first
    assert cell.evaluate("cell => getComputedStyle(cell).color") == "rgb(0, 0, 0)"


def test_the_roster_of_a_section_is_one_step_from_its_page(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "sections", search="seats_taken>=3", sort="code")
    rows(page).first.locator("th a").click()
    seen = on_paper(page, SCREEN_ONLY)

    page.get_by_role("link", name="Print enrollments").click()
    heads = page.get_by_role("columnheader").all_inner_texts()

    assert seen == []
    assert "Student" in heads
    assert rows(page).count() >= 3
    assert on_paper(page, SCREEN_ONLY) == []


def test_the_dialog_opens_by_itself_once_and_not_for_who_comes_back(open_page: Watched) -> None:
    page = open_page("registrar")
    page.add_init_script("window.print = () => (document.title += ' printed')")
    open_grid(page, "sections", search="seats_taken>=3", sort="code")

    page.get_by_role("link", name=re.compile("^Print enrollments: ")).first.click()
    expect(page).to_have_title(re.compile("^Enrollments: .* printed$"))
    page.reload()
    page.wait_for_load_state()

    expect(page).to_have_title(re.compile("^Enrollments: "))
    assert "printed" not in page.title()
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(re.compile("/admin/sections/"))


def test_without_javascript_the_page_says_how_it_is_printed(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    page.goto("/admin/students/print/")

    expect(page.locator("noscript p")).to_have_text("Your browser prints this page: Ctrl+P, or its menu.")
    expect(page.locator("noscript p")).to_be_visible()
    assert on_paper(page, SCREEN_ONLY) == []
