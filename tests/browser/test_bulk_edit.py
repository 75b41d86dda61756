"""The main job: find, tick all that match, see what will happen, do it, take it back."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import names, open_grid, pick_all, rows, search, tab_to, total

QUERY = "status:active"


def cities(page: Page) -> list[str]:
    """The city of each row on the first page."""
    heads = [head.inner_text().strip() for head in page.locator("thead th").all()]
    return page.locator(f"tbody tr > :nth-child({heads.index('City') + 1})").all_inner_texts()


def press(page: Page, name: str | re.Pattern[str], role: str = "button", *, back: bool = False) -> None:
    """Goes to a control by Tab and presses it by the keyboard."""
    target = page.get_by_role(role, name=name, exact=isinstance(name, str))
    tab_to(page, target, back=back)
    page.keyboard.press("Space" if role == "checkbox" else "Enter")


def test_by_the_keyboard_alone_all_that_match_are_changed_and_taken_back(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    page.keyboard.press("/")
    page.keyboard.type(QUERY)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "search=" in url)
    matching, before = total(page), cities(page)

    press(page, "Select this page", "checkbox")
    press(page, f"Select all {matching:,} matching", back=True)
    expect(page.get_by_text(f"{matching:,} selected")).to_be_visible()
    press(page, "Edit")
    tab_to(page, page.get_by_label("City", exact=True))
    page.keyboard.type("Newtown")
    press(page, "Review")
    expect(page.get_by_text(f"{matching:,} will change")).to_be_visible()
    press(page, f"Apply to {matching:,}")
    expect(page.get_by_text(f"{matching:,} students changed")).to_be_visible()
    changed = cities(page)
    with page.expect_navigation():
        press(page, "Undo")

    assert set(changed) == {"Newtown"}
    open_grid(page, "students", sort="student_number", search=QUERY)
    assert cities(page) == before


def test_ticks_are_counted_and_cleared(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", page_size="20")
    ticks = page.locator("tbody input[type=checkbox]")
    bar = page.get_by_role("button", name="Clear selection")

    assert not bar.is_visible()
    ticks.nth(1).check()
    ticks.nth(4).click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected", exact=True)).to_be_visible()
    page.get_by_label("Select this page").check()
    expect(page.get_by_text("20 selected", exact=True)).to_be_visible()
    bar.click()

    assert page.locator("tbody input:checked").count() == 0
    assert not bar.is_visible()


def test_all_that_match_less_one_leaves_that_one_out(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", search=QUERY, page_size="20")
    matching, left_out = total(page), names(page)[2]

    page.get_by_label("Select this page").check()
    pick_all(page)
    page.get_by_role("checkbox", name=f"Select {left_out}", exact=True).first.uncheck()
    expect(page.get_by_text(f"{matching - 1:,} selected", exact=True)).to_be_visible()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("City", exact=True).fill("Newtown")
    page.get_by_role("button", name="Review").click()

    expect(page.get_by_role("button", name=f"Apply to {matching - 1:,}")).to_be_visible()


def test_a_deletion_names_what_goes_along_and_can_be_undone(open_page: Watched) -> None:
    page = open_page("admin")
    page.goto("/admin/students/new/")
    page.get_by_label("Full name").fill("Wanda Quillfeather")
    page.get_by_label("Student number").fill("Z-7001")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()
    open_grid(page, "students", search="quillfeather")
    page.get_by_label("Select Wanda Quillfeather").check()
    page.get_by_role("button", name="Delete", exact=True).click()

    page.get_by_role("button", name="Delete 1", exact=True).click()
    expect(page.get_by_text("1 student deleted")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_load_state()
    open_grid(page, "students", search="quillfeather")

    assert names(page) == ["Wanda Quillfeather"]


def test_a_search_completes_fields_and_values(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")
    box = page.get_by_role("searchbox", name="Search")

    box.press_sequentially("stat")
    page.get_by_role("option", name=re.compile("^status:")).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("option", name=re.compile("active")).first.wait_for()
    page.keyboard.type("act")
    page.get_by_role("option", name=re.compile("active")).first.click()
    box.press("Enter")
    page.wait_for_url(lambda url: "search=" in url)

    assert box.input_value() == "status:active"
    assert rows(page).count() > 0


def test_what_was_chosen_among_suggestions_stays_chosen_when_the_last_answer_comes(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")
    box = page.get_by_role("searchbox", name="Search")
    box.press_sequentially("sta")
    status = page.get_by_role("option", name=re.compile("^status:"))
    status.evaluate("option => option.dataset.old = true")

    with page.expect_response(lambda answer: "search=stat&" in answer.url):
        page.keyboard.press("t")
        page.keyboard.press("ArrowDown")
    page.locator("[data-old]").wait_for(state="detached")
    expect(status).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(box).to_have_value("status:")


def test_what_was_searched_stays_after_an_edit(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", sort="student_number")
    search(page, QUERY)
    listed = page.url
    rows(page).first.locator("th a").click()
    page.get_by_role("link", name="Edit", exact=True).click()

    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()

    assert "search=status" in page.url or page.url == listed


def test_leaving_a_changed_form_asks_first(open_page: Watched) -> None:
    page = open_page("registrar")
    page.goto("/admin/students/new/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.get_by_label("Full name").fill("Half typed")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Courses").click()
    page.wait_for_url("**/courses/")

    assert asked == ["beforeunload"]


def test_by_the_keyboard_alone_a_date_is_shifted_by_a_week(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "enrollments", search="status:withdrawn")
    press(page, "Select this page", "checkbox")
    press(page, "Edit", back=True)
    tab_to(page, page.get_by_label("How to change start date", exact=True))
    page.keyboard.type("Shift")
    days = page.get_by_label("Days to shift start date by", exact=True)
    expect(days).to_be_visible()
    tab_to(page, days)
    page.keyboard.type("-7")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".words")).to_have_text(re.compile("^Shift start date back by 7 days for"))
    apply = page.get_by_role("button", name=re.compile("^Apply to"))
    count = apply.inner_text().removeprefix("Apply to ")
    shown = page.get_by_role("table", name="For example").locator("tbody tr").first.locator("td").all_inner_texts()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(f"^{count} enrollments? changed"))).to_be_visible()
    with page.expect_navigation():
        press(page, "Undo")

    assert [side.split(":")[0] for side in shown[-2:]] == ["Start date", "Start date"]
    assert shown[-1] != shown[-2]


def test_the_second_box_is_there_for_the_way_that_needs_it(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")
    page.get_by_label("Select this page").check()
    page.get_by_role("button", name="Edit", exact=True).click()
    how = page.get_by_label("How to change city", exact=True)
    by = page.get_by_label("Replacement in city", exact=True)

    expect(by).to_be_hidden()
    how.select_option("Find and replace")
    expect(by).to_be_visible()
    by.fill("Old Town")
    how.select_option("Set to")
    expect(by).to_be_visible()
