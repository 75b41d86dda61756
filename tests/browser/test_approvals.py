"""Two people at two browsers: one asks, the other is told, sees the same review and approves; accessible in every look."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid
from tests.browser.test_accessibility import THEMES, assert_fine


def let_nobody_change_terms_alone(admin: Page) -> None:
    open_grid(admin, "approval-policies", search="entity_type:term")
    if admin.get_by_text("No policies match").is_visible():
        admin.goto("/admin/approval-policies/new/")
        admin.get_by_label("Grid", exact=True).select_option(label="Term")
        admin.get_by_label("Verb", exact=True).select_option(label="Update")
        admin.get_by_label("Above rows").fill("1")
        admin.get_by_role("button", name="Save", exact=True).click()
        expect(admin.get_by_text("1 policy created")).to_be_visible()


def review_of_two_terms(page: Page, name: str) -> None:
    open_grid(page, "terms")
    for index in (0, 1):
        page.locator("tbody input[type=checkbox]").nth(index).check()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Review").click()


@pytest.mark.parametrize("look", THEMES)
def test_one_asks_and_another_one_approves(open_page: Watched, look: str) -> None:
    admin, registrar = open_page("admin", look), open_page("registrar", look)
    let_nobody_change_terms_alone(admin)
    review_of_two_terms(registrar, f"Term in {look}")
    expect(registrar.get_by_text("2 terms; above 1 a second person approves.")).to_be_visible()
    assert_fine(registrar, look)

    registrar.get_by_label("Why is it needed?").fill("A new calendar")
    registrar.get_by_role("button", name="Ask for approval of 2").click()
    expect(registrar.get_by_text("Nothing is changed until somebody else has approved it.")).to_be_visible()
    admin.goto("/admin/terms/")
    admin.get_by_text(re.compile(f"asks for approval: Set name to Term in {look}")).wait_for()
    admin.get_by_role("link", name="Details").last.click()
    expect(admin.get_by_text("A new calendar")).to_be_visible()
    assert_fine(admin, look)
    admin.get_by_label("Your reason").fill("As agreed")
    admin.get_by_role("button", name="Approve and apply to 2").click()

    expect(admin.get_by_text(f"Applied: Set name to Term in {look} for 2 terms")).to_be_visible()
    assert_fine(admin, look)
    registrar.goto("/admin/terms/")
    expect(registrar.get_by_text(re.compile(f"approved: Set name to Term in {look}"))).to_be_visible()
