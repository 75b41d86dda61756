"""Filters as conditions by hand: by mouse, by keyboard, without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid, total


def open_conditions(page: Page) -> None:
    page.locator("summary", has_text="Filter").click()
    page.get_by_role("button", name="More conditions").click()
    page.get_by_role("heading", name="Filter students").wait_for()


def fill(page: Page, number: str, field: str, how: str, value: str) -> None:
    page.get_by_label(f"Field of condition {number}", exact=True).select_option(label=field)
    expect(page.get_by_label(f"Comparison of condition {number}", exact=True)).to_contain_text(how)
    page.get_by_label(f"Comparison of condition {number}", exact=True).select_option(label=how)
    page.get_by_label(f"Value of condition {number}", exact=True).fill(value)


def test_a_filter_of_two_levels_is_built_shown_edited_by_its_chip_and_removed(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students", search="status:active")
    active = total(page)
    open_conditions(page)
    page.get_by_role("button", name="Add group", exact=True).click()
    expect(page.get_by_label("Field of condition 2.1")).to_be_focused()
    fill(page, "2.1", "Age", "is at least", "30")
    page.get_by_role("button", name="Add condition to group 2").click()
    fill(page, "2.2", "E-mail", "contains", "a")
    page.get_by_label("Not, condition 2.2").check()
    expect(page.get_by_role("status").filter(has_text="(age>=30 OR -email~a)")).to_be_visible()
    page.get_by_role("button", name="Show these rows").click()
    page.wait_for_url("**/admin/students/?*")
    assert page.get_by_role("searchbox", name="Search").input_value() == "status:active (age>=30 OR -email~a)"
    some = total(page)

    page.get_by_role("link", name=re.compile("^Edit filter age")).click()
    expect(page.get_by_role("group", name="Condition 2.1")).to_be_visible()
    page.get_by_role("button", name="Remove condition 2.1").click()
    expect(page.get_by_role("group", name="Condition 2.2")).to_have_count(0)
    page.get_by_role("button", name="Show these rows").click()
    page.wait_for_url("**/admin/students/?*")
    assert page.get_by_role("searchbox", name="Search").input_value() == "status:active -email~a"
    page.get_by_role("link", name=re.compile("^Remove filter not e-mail")).click()

    expect(page.get_by_role("searchbox", name="Search")).to_have_value("status:active")
    assert total(page) == active >= some > 0


def test_a_filter_is_built_by_the_keyboard_alone(open_page: Watched) -> None:
    page = open_page("registrar")
    page.goto("/admin/students/filter/?search=anna&edit=0")
    expect(page.get_by_label("Field of condition 1")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("a")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add condition")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Field of condition 2")).to_be_focused()
    page.keyboard.type("City")
    page.keyboard.press("Tab")
    page.get_by_role("textbox", name="Value of condition 2").focus()
    page.keyboard.type("leeds")
    page.keyboard.press("Enter")

    page.wait_for_url("**/admin/students/?*")
    assert page.get_by_role("searchbox", name="Search").input_value() == "a city:leeds"


def test_a_filter_is_built_without_javascript(open_page: Watched) -> None:
    page = open_page("registrar", javascript=False)
    open_grid(page, "students", search="a")
    open_conditions(page)

    page.get_by_label("Match", exact=True).select_option(label="any of these")
    page.get_by_role("button", name="Add condition").click()
    page.get_by_label("Field of condition 2").select_option(label="Financial hold")
    page.get_by_role("button", name="Show these rows").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Value of condition 2").select_option(label="Yes")
    page.get_by_role("button", name="Show these rows").click()

    expect(page.get_by_role("searchbox", name="Search")).to_have_value("a OR financial_hold:yes")
