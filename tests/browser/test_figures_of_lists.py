"""Totals and groups by hand: added up, ticked, grouped, followed to the rows."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid, total


def test_totals_follow_the_ticks_and_groups_lead_to_their_rows(open_page: Watched) -> None:
    page = open_page("finance")
    open_grid(page, "invoices", search="state:issued")
    number = total(page)
    page.get_by_role("link", name="Totals", exact=True).click()
    expect(page.locator("tfoot th[scope=rowgroup]")).to_have_text([f"All that match: {number:,}"])

    page.locator("[data-pick]").nth(0).check()
    page.locator("[data-pick]").nth(1).check()
    expect(page.locator("tfoot th[scope=rowgroup]")).to_have_text([f"All that match: {number:,}", "Selected: 2"])
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator("tfoot th[scope=rowgroup]")).to_have_text([f"All that match: {number:,}"])

    page.get_by_role("link", name="Group", exact=True).click()
    page.locator("summary", has_text="By state").click()
    page.get_by_role("link", name="Billing status").click()
    group = page.get_by_role("table", name="Invoices by Billing status").locator("tbody tr").first
    rows = group.locator("td").first.inner_text()
    group.get_by_role("link").click()

    expect(page.get_by_role("group", name="Active filters").locator(".chip")).to_have_count(2)
    assert f"{total(page):,}" == rows
