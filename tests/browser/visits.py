"""Every kind of page, and how somebody gets there: what sweeps over pages look at."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import time

from playwright.sync_api import Page

from tests.browser.pages import GRIDS, open_grid, open_palette, open_shortcuts, pick_all, rows, search

Visit = Callable[[Page], object]


def first_row(page: Page) -> None:
    rows(page).first.locator("th[scope=row] a").click()
    page.wait_for_load_state()


def details_of(grid: str) -> Visit:
    def visit(page: Page) -> None:
        open_grid(page, grid)
        first_row(page)

    return visit


def details_of_an_operation(page: Page) -> None:
    """One of few changes, which look like those of many: each element takes time to be looked at."""
    open_grid(page, "operations", search="row_count:1")
    first_row(page)


def versions_of(grid: str) -> Visit:
    def visit(page: Page) -> None:
        details_of(grid)(page)
        page.goto(page.url.replace("/details/", "/compare/"))

    return visit


def put_back(page: Page) -> None:
    """A record that was changed, beside what it was."""
    form_of("students")(page)
    page.get_by_label("City", exact=True).fill(f"City {time()}")
    page.get_by_role("button", name="Save", exact=True).click()
    first_row(page)
    page.get_by_role("link", name=re.compile("^Compare or restore")).first.click()
    page.get_by_role("button", name="Restore this version").wait_for()


def who_changed(page: Page) -> None:
    details_of("students")(page)
    page.get_by_role("button", name="Who last changed city").focus()


def form_of(grid: str) -> Visit:
    def visit(page: Page) -> None:
        details_of(grid)(page)
        page.get_by_role("link", name="Edit", exact=True).click()

    return visit


def form_with_errors(page: Page) -> None:
    page.goto("/admin/students/new/")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def line_with_an_error(page: Page) -> None:
    page.goto("/admin/invoices/new/")
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("Description").fill("Exam fee")
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


def all_matching(page: Page, grid: str, query: str, what: str) -> None:
    open_grid(page, grid, search=query, sort="id")
    page.get_by_label("Select this page").check()
    pick_all(page)
    page.get_by_role("button", name=what, exact=True).click()


def review_of_all(page: Page, query: str = "") -> None:
    all_matching(page, "students", query, "Edit")
    page.get_by_label("City", exact=True).fill(f"City {time()}")
    page.get_by_role("button", name="Review").click()


def finished_job(page: Page) -> None:
    review_of_all(page)
    page.get_by_role("button", name=re.compile("^Apply to")).click()
    page.get_by_role("button", name="Undo").first.wait_for(timeout=30_000)


def moved_rows(page: Page) -> None:
    review_of_all(page, "status:graduated")
    other = page.context.new_page()
    open_grid(other, "students", search="status:graduated")
    first_row(other)
    other.get_by_role("link", name="Edit", exact=True).click()
    other.get_by_label("City", exact=True).fill(f"Elsewhere {time()}")
    with other.expect_navigation():
        other.get_by_role("button", name="Save", exact=True).click()
    other.close()
    page.get_by_role("button", name=re.compile("^Apply to")).click()
    page.get_by_role("button", name="Review again").wait_for()


def refused_rows(page: Page) -> None:
    all_matching(page, "enrollments", "status:withdrawn,dropped", "Edit")
    how = page.get_by_label("How to change start date", exact=True)
    how.select_option(how.locator("option", has_text="Shift").inner_text())
    page.get_by_label("Days to shift start date by", exact=True).fill("400")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("table", name="Refused rows by reason").wait_for()


def large_deletion(page: Page) -> None:
    all_matching(page, "contacts", "", "Delete")
    page.get_by_role("heading", name="Review the deletion").wait_for()


def named_lists(page: Page) -> None:
    tick_two(page)
    page.get_by_role("button", name="Name this list…").click()
    page.get_by_label("Name", exact=True).fill(f"List {time()}")
    page.get_by_role("button", name="Name this list").click()
    page.get_by_role("table").wait_for()


def pasted_list(page: Page) -> None:
    open_grid(page, "students")
    number = page.locator("tbody th[scope=row]").first.inner_text()
    page.goto("/admin/students/paste/")
    page.get_by_label("Emails, numbers or ids").fill(f"{number} {'nobody' * 12} {number}")
    page.get_by_role("button", name="Look them up").click()
    page.get_by_role("button", name="Name it").wait_for()


def suggestions(page: Page) -> None:
    open_grid(page, "students")
    page.get_by_role("searchbox", name="Search").press_sequentially("stat")
    page.get_by_role("option").first.wait_for()


def type_in(page: Page, text: str) -> None:
    open_grid(page, "students")
    page.get_by_role("searchbox", name="Search").press_sequentially(text)


def found_while_typing(page: Page) -> None:
    type_in(page, "status:active ")
    page.get_by_role("group", name="Active filters").wait_for()


def unread_while_typing(page: Page) -> None:
    type_in(page, "colour:red")
    page.get_by_role("status").filter(has_text="colour").wait_for()


def unusable_cells(page: Page) -> None:
    page.goto("/admin/students/cells/")
    page.get_by_label("Cells").fill("id\tcity\nnobody\tLeeds")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("alert").wait_for()


def filter_sheet(page: Page) -> None:
    open_grid(page, "students")
    page.locator("summary", has_text="Filter").click()


def changed_view(page: Page) -> None:
    page.goto("/admin/views/new/?entity_type=student&search=status:active&columns=full_name,city,status")
    page.get_by_label("Name").fill(f"View {time()}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/students/?view=*")
    page.goto(
        f"{page.url}&search=status:active&sort=city,-created_at&columns=full_name,city,created_at&density=compact"
    )
    page.locator("summary", has_text="Views").click()
    page.locator("[data-view] small").first.wait_for()


def views_page(page: Page) -> None:
    changed_view(page)
    page.get_by_role("link", name="All views, with their numbers").click()
    page.get_by_role("table", name="Views").wait_for()


def conditions(page: Page) -> None:
    query = "search=-(status:active,suspended OR student.city:Leeds) section.course.code~A created_at:-1y..today x"
    page.goto(f"/admin/enrollments/filter/?{query}")
    page.get_by_role("button", name="Add condition", exact=True).click()
    page.get_by_role("group", name="Condition 5").wait_for()


def condition_with_error(page: Page) -> None:
    page.goto("/admin/students/filter/?search=age>=30 status:active")
    page.get_by_label("Value of condition 1").fill("old")
    page.get_by_role("button", name="Show these rows").click()
    page.get_by_role("alert").wait_for()


def menu_sheet(page: Page) -> None:
    open_grid(page, "students")
    opener = page.get_by_role("button", name="Menu", exact=True)
    if opener.is_visible():
        opener.click()


def nothing_found(page: Page) -> None:
    open_grid(page, "students")
    search(page, "zzzzqqqq")


def palette(page: Page) -> None:
    open_grid(page, "students")
    open_palette(page, "an")
    page.get_by_role("dialog", name="Find anything").get_by_role("group", name="Students").wait_for()


VISITS: dict[str, Visit] = {
    "dashboard": lambda page: page.goto("/admin/"),
    "arranging the dashboard": lambda page: page.goto("/admin/arrange/"),
    **{f"list of {grid}": (lambda page, grid=grid: open_grid(page, grid)) for grid in GRIDS},
    "list of jobs": lambda page: open_grid(page, "jobs"),
    **{f"details of {grid}": details_of(grid) for grid in GRIDS},
    "details of operations": details_of_an_operation,
    **{f"form of {grid}": form_of(grid) for grid in ("students", "courses", "enrollments", "staff")},
    **{f"versions of {grid}": versions_of(grid) for grid in ("enrollments", "invoices")},
    "version to put back": put_back,
    "who changed a field": who_changed,
    "form with errors": form_with_errors,
    "line with an error": line_with_an_error,
    "list for paper": lambda page: page.goto("/admin/students/print/?search=status:graduated"),
    "ticked rows": tick_two,
    "bulk edit, choice": act("Edit"),
    "bulk edit, review": review,
    "bulk delete, review": act("Delete"),
    "review of a large deletion": large_deletion,
    "review with refused rows": refused_rows,
    "rows that have moved": moved_rows,
    "finished job": finished_job,
    "named lists": named_lists,
    "list to paste": lambda page: page.goto("/admin/students/paste/"),
    "pasted list": pasted_list,
    "cells to paste": lambda page: page.goto("/admin/students/cells/"),
    "cells that cannot be used": unusable_cells,
    "row beside the list": lambda page: page.goto("/admin/students/?peek=1"),
    "no row beside the list": lambda page: page.goto("/admin/students/?peek=999999999"),
    "totals": lambda page: page.goto("/admin/invoices/?totals=1"),
    "groups": lambda page: page.goto("/admin/invoices/?group=state&measure=average"),
    "columns": lambda page: page.goto("/admin/enrollments/columns/"),
    "view that was changed": changed_view,
    "views": views_page,
    "suggestions": suggestions,
    "rows found while typing": found_while_typing,
    "search that cannot be read yet": unread_while_typing,
    "filter": filter_sheet,
    "conditions": conditions,
    "condition with an error": condition_with_error,
    "menu": menu_sheet,
    "nothing found": nothing_found,
    "search that cannot be read": lambda page: page.goto("/admin/students/?search=colour:red"),
    "finding": lambda page: page.goto("/admin/find/?q=an"),
    "finding over a page": palette,
    "keyboard shortcuts": open_shortcuts,
    "account": lambda page: page.goto("/admin/account/"),
    "rights": lambda page: page.goto("/admin/rights/"),
    "style guide": lambda page: page.goto("/admin/style/"),
    "not found": lambda page: page.goto("/admin/students/details/?id=999999999"),
}
