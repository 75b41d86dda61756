"""Every page, light, dark and on a phone: no finding of axe-core, nothing to scroll sideways, a silent console."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Watched
from tests.browser.pages import GRIDS, open_grid, rows, search
from tests.browser.site import LOOKS

Visit = Callable[[Page], object]


def first_row(page: Page) -> None:
    rows(page).first.locator("th[scope=row] a").click()
    page.wait_for_load_state()


def details_of(grid: str) -> Visit:
    def visit(page: Page) -> None:
        open_grid(page, grid)
        first_row(page)

    return visit


def form_of(grid: str) -> Visit:
    def visit(page: Page) -> None:
        details_of(grid)(page)
        page.get_by_role("link", name="Edit", exact=True).click()

    return visit


def form_with_errors(page: Page) -> None:
    page.goto("/admin/students/new/")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def tick_two(page: Page) -> None:
    open_grid(page, "students", search="status:active")
    for index in (0, 1):
        page.locator("tbody input[type=checkbox]").nth(index).check()


def act(name: str) -> Visit:
    def visit(page: Page) -> None:
        tick_two(page)
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state()

    return visit


def review(page: Page) -> None:
    act("Edit")(page)
    page.get_by_label("City", exact=True).fill("Leeds")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name=re.compile("^Apply to")).wait_for()


def suggestions(page: Page) -> None:
    open_grid(page, "students")
    page.get_by_role("searchbox", name="Search").press_sequentially("stat")
    page.get_by_role("option").first.wait_for()


def filter_sheet(page: Page) -> None:
    open_grid(page, "students")
    page.locator("summary", has_text="Filter").click()


def menu_sheet(page: Page) -> None:
    open_grid(page, "students")
    opener = page.get_by_role("button", name="Menu", exact=True)
    if opener.is_visible():
        opener.click()


def nothing_found(page: Page) -> None:
    open_grid(page, "students")
    search(page, "zzzzqqqq")


VISITS: dict[str, Visit] = {
    "dashboard": lambda page: page.goto("/admin/"),
    **{f"list of {grid}": (lambda page, grid=grid: open_grid(page, grid)) for grid in GRIDS},
    "list of jobs": lambda page: open_grid(page, "jobs"),
    **{f"details of {grid}": details_of(grid) for grid in GRIDS},
    **{f"form of {grid}": form_of(grid) for grid in ("students", "courses", "enrollments", "staff")},
    "form with errors": form_with_errors,
    "ticked rows": tick_two,
    "bulk edit, choice": act("Edit"),
    "bulk edit, review": review,
    "bulk delete, review": act("Delete"),
    "suggestions": suggestions,
    "filter": filter_sheet,
    "menu": menu_sheet,
    "nothing found": nothing_found,
    "search that cannot be read": lambda page: page.goto("/admin/students/?search=colour:red"),
    "account": lambda page: page.goto("/admin/account/"),
    "rights": lambda page: page.goto("/admin/rights/"),
    "not found": lambda page: page.goto("/admin/students/details/?id=999999999"),
}


def assert_fine(page: Page) -> None:
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def findings(page: Page) -> list[str]:
    """Returns what axe-core finds (WCAG 2.2 AA and best practices): rule and the first elements."""
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{item['id']} ({item['impact']}): {[node['html'][:160] for node in item['nodes'][:3]]}" for item in found]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_a_page_is_accessible(open_page: Watched, visit: Visit, look: str) -> None:
    page = open_page("admin", look)

    visit(page)

    assert_fine(page)


@pytest.mark.parametrize("look", LOOKS)
def test_sign_in_is_accessible(open_page: Watched, look: str) -> None:
    page = open_page(None, look)

    page.goto("/login")

    assert_fine(page)


def test_a_refusal_is_accessible(open_page: Watched) -> None:
    page = open_page("read_only")

    page.goto("/admin/staff/")

    assert page.get_by_role("heading", level=1).inner_text() == "You may not do this"
    assert_fine(page)
