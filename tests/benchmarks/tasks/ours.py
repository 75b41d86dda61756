"""The twelve tasks in our product, on the shortest way that it has for each hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from tests.benchmarks.tasks.desk import Desk, last_month, today
from tests.benchmarks.tasks.ways import (
    cell,
    go_to_cell,
    open_list,
    open_row,
    search,
    tick_page,
    to_the_first_row,
)
from tests.browser.site import sign_in

SECTION = """SELECT s.id, s.code FROM section AS s JOIN enrollment AS e ON e.section_id = s.id AND e.status = 'active'
 JOIN term AS t ON t.id = s.term_id AND t.status = 'open' AND s.status = 'in_progress'
 GROUP BY s.id ORDER BY COUNT(*) DESC, s.id LIMIT 1"""


def correct_an_email(desk: Desk) -> Iterator[None]:
    name, number, wrong = desk.rows(
        "SELECT full_name, id, email FROM student WHERE email IS NOT NULL AND full_name GLOB '*[a-z] [A-Z]*'"
        " GROUP BY full_name HAVING COUNT(*) = 1 ORDER BY id LIMIT 1"
    )[0]
    email = f"correct.{wrong}"
    yield
    open_list(desk, "Students")
    search(desk, name[1:])
    if desk.by_keys:
        to_the_first_row(desk)
        go_to_cell(desk, "email")
        desk.hand.press("Enter")
        desk.hand.type(email)
        desk.hand.press("Enter")
    else:
        desk.hand.use(cell(desk, "email"), times=2)
        desk.hand.type(email)
        desk.hand.use(desk.page.get_by_role("heading", level=1))
    expect(cell(desk, "email")).to_have_text(email)
    yield
    assert desk.column("SELECT email FROM student WHERE id = ?", number) == [email]


def undo(desk: Desk) -> Iterator[None]:
    emails = "SELECT id, email FROM student"
    before = desk.rows(emails)
    for _ in correct_an_email(desk):
        pass
    changed = desk.rows(emails)
    yield
    desk.hand.use(desk.button("Undo"), key="z", leads=True)
    yield
    assert (desk.rows(emails), changed != before) == (before, True)


def enroll_five(desk: Desk) -> Iterator[None]:
    section, code = desk.rows(
        "SELECT id, code FROM section WHERE status IN ('open', 'in_progress') AND (capacity IS NULL OR capacity - 6 >"
        " (SELECT COUNT(*) FROM enrollment WHERE section_id = section.id AND status IN ('active', 'suspended')))"
        " ORDER BY id DESC LIMIT 1"
    )[0]
    numbers = desk.column(
        "SELECT student_number FROM student WHERE status = 'active' AND NOT financial_hold AND NOT EXISTS"
        " (SELECT 1 FROM enrollment WHERE student_id = student.id AND section_id = ?) ORDER BY id LIMIT 5",
        section,
    )
    yield
    open_list(desk, "Students")
    search(desk, f"student_number:{','.join(numbers)}")
    tick_page(desk)
    desk.hand.use(desk.button("Add enrollments"), key="m", leads=True)
    desk.hand.write(desk.field("Section"), code)
    desk.hand.use(desk.button("Review"), key="Control+Enter", leads=True)
    desk.hand.use(desk.button("Apply to 5"), key="Control+Enter", leads=True)
    yield
    seats = "SELECT student_number FROM student JOIN enrollment AS e ON e.student_id = student.id"
    assert set(numbers) <= set(desk.column(f"{seats} WHERE e.section_id = ? AND e.status = 'active'", section))


def withdraw_a_cohort(desk: Desk) -> Iterator[None]:
    section, code = desk.rows(SECTION)[0]
    ids = desk.column("SELECT id FROM enrollment WHERE section_id = ? AND status = 'active'", section)
    yield
    open_list(desk, "Enrollments")
    search(desk, f"section:{code} status:active")
    tick_page(desk)
    desk.hand.use(desk.button("Withdraw"), key="w", leads=True)
    desk.hand.choose(desk.field("End reason"), "Personal")
    desk.hand.use(desk.button("Review"), key="Control+Enter", leads=True)
    desk.hand.use(desk.button(f"Apply to {len(ids)}"), key="Control+Enter", leads=True)
    yield
    marks = ",".join("?" * len(ids))
    found = desk.rows(f"SELECT DISTINCT status, end_reason, end_date FROM enrollment WHERE id IN ({marks})", *ids)
    assert found == [("withdrawn", "personal", today().isoformat())]


def mark_twenty_paid(desk: Desk) -> Iterator[None]:
    yield
    if desk.by_keys:
        open_list(desk, "Invoices")
        search(desk, "state:issued balance>0")
    else:
        desk.hand.use(desk.page.get_by_role("link", name=re.compile("^Overdue invoices to chase")), leads=True)
    numbers = desk.page.locator("tbody th a").all_inner_texts()
    assert len(numbers) == 20
    tick_page(desk)
    desk.hand.use(desk.button("Add payments"), key="m", leads=True)
    desk.hand.use(desk.button("Review"), key="Control+Enter", leads=True)
    desk.hand.use(desk.button("Apply to 20"), key="Control+Enter", leads=True)
    yield
    marks = ",".join("?" * len(numbers))
    still_open = f"SELECT COUNT(*) FROM invoice WHERE number IN ({marks}) AND balance_minor > 0"
    assert desk.column(still_open, *numbers) == [0]


def export_chosen_columns(desk: Desk) -> Iterator[None]:
    expected = desk.column(
        "SELECT student_number FROM student WHERE status = 'active' AND city = 'Leeds' ORDER BY sort_name, id"
    )
    yield
    open_list(desk, "Students")
    search(desk, "status:active city:Leeds")
    desk.hand.use(desk.link("Columns"), leads=True)
    for label in ("Age", "Status", "Financial hold", "Billing status", "Created at"):
        desk.hand.use(desk.page.get_by_role("checkbox", name=label, exact=True).first)
    desk.hand.use(desk.button("Show these columns"), leads=True)
    desk.hand.use(desk.page.locator("summary", has_text="Download"))
    with desk.page.expect_download() as download:
        desk.hand.use(desk.link("CSV"))
    head, *lines = Path(download.value.path()).read_text().splitlines()
    yield
    assert (head, [line.split(",")[0] for line in lines]) == ("student_number,full_name,email,city", expected)


def save_a_view_for_the_team(desk: Desk) -> Iterator[None]:
    query, name = "status:active (city:Leeds OR city:Dublin age>=30)", f"By {desk.hand.name}, number {len(views(desk))}"
    yield
    open_list(desk, "Students")
    search(desk, query)
    desk.hand.use(desk.page.locator("summary", has_text="Views"))
    desk.hand.use(desk.link("Save as new view…"), leads=True)
    desk.hand.write(desk.field("Name"), name)
    desk.hand.choose(desk.field("Who may use it"), "Team")
    desk.hand.use(desk.button("Save"), key="Control+Enter", leads=True)
    yield
    assert views(desk)[-1] == (name, query, "team", "admin")


def views(desk: Desk) -> list[tuple[str, ...]]:
    return desk.rows("SELECT name, search, visibility, team FROM saved_view ORDER BY id")


def who_changed_it(desk: Desk) -> Iterator[None]:
    day = last_month()
    number = changed_by_a_colleague(desk, day)
    yield
    open_row(desk, number)
    told = desk.page.locator("#timeline li").filter(has_text="City").first
    expect(told).to_contain_text(day.isoformat())
    expect(told).to_contain_text("Grace Okafor")
    yield


def paste_ten_cells(desk: Desk) -> Iterator[None]:
    cities = [f"{city}-{desk.hand.name}" for city in "Bath Cork Deal Ely Fife Hove Kent Lund Oslo Rome".split()]
    yield
    open_list(desk, "Students")
    if desk.by_keys:
        desk.hand.press("j")
    go_to_cell(desk, "city")
    with desk.page.expect_navigation():
        desk.hand.paste("\n".join(cities))
    desk.hand.use(desk.button("Apply to 10"), key="Control+Enter", leads=True)
    yield
    assert desk.column("SELECT city FROM student ORDER BY sort_name, id LIMIT 10") == cities


def print_a_roster(desk: Desk) -> Iterator[None]:
    section, code = desk.rows(SECTION)[0]
    seats = desk.column("SELECT COUNT(*) FROM enrollment WHERE section_id = ?", section)
    desk.page.add_init_script("window.print = () => { window.printed = true; }")
    yield
    if desk.by_keys:
        open_row(desk, code)
        desk.hand.use(desk.link("Print enrollments"), leads=True)
    else:
        open_list(desk, "Sections")
        desk.hand.use(desk.link(f"Print enrollments: {code}"), leads=True)
    desk.page.wait_for_function("window.printed")  # the dialog is open
    yield
    assert [desk.page.locator("tbody tr").count()] == seats


def answer_a_question(desk: Desk) -> Iterator[None]:
    yield
    tile = desk.page.get_by_role("article", name="Active students in the period")
    expect(tile.locator(".figure-past")).to_have_text(re.compile(r"\d (fewer|more) than \d+|the same as \d+"))
    yield


def find_an_invoice(desk: Desk) -> Iterator[None]:
    (number,) = desk.column("SELECT number FROM invoice WHERE number IS NOT NULL ORDER BY id LIMIT 1 OFFSET 300")
    yield
    open_row(desk, number)
    yield
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(number)


def changed_by_a_colleague(desk: Desk, day: date) -> str:
    """Lets the registrar change a student's city on a day of last month; returns the student's number."""
    browser = desk.page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=desk.page.url.partition("/admin/")[0])
    page = context.new_page()
    sign_in(page, "registrar")
    ((row_id, number),) = desk.rows("SELECT id, student_number FROM student ORDER BY id LIMIT 1 OFFSET 100")
    page.goto(f"/admin/students/edit/?id={row_id}")
    page.get_by_label("City", exact=True).fill(f"Wells {desk.hand.name}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("1 student changed").wait_for()
    context.close()
    desk.run("UPDATE operation SET at = ? WHERE id = (SELECT MAX(id) FROM operation)", f"{day} 12:00:00.000000")
    return str(number)
