"""The same tasks in Django's admin, on the shortest way that it has for each hand.

What it has nothing for is a sentence that says so, unless a person gets there in another way.
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.benchmarks.tasks.desk import Desk, last_month, today


def open_list(desk: Desk, name: str) -> None:
    desk.hand.use(desk.link(name, within="#content-main"), leads=True)


def search(desk: Desk, text: str) -> None:
    desk.hand.write(desk.page.locator("#searchbar"), text)
    desk.hand.use(desk.page.locator("#changelist-search input[type=submit]"), key=_enter(desk), leads=True)


def filter_by(desk: Desk, title: str, choice: str) -> None:
    choices = desk.page.locator(f'details[data-filter-title="{title}"]')
    desk.hand.use(choices.get_by_role("link", name=choice, exact=True), leads=True)


def narrow(desk: Desk, code: str) -> None:
    """Shows the enrollments of a section: by the filter, which the keyboard would reach behind all rows, or by a search."""
    if desk.by_keys:
        search(desk, code)
    else:
        filter_by(desk, "section", code)


def tick_all(desk: Desk) -> None:
    desk.hand.use(desk.page.locator("#action-toggle"))


def act(desk: Desk, action: str, said: str) -> None:
    """Chooses the action for the ticked rows and runs it."""
    desk.hand.choose(desk.page.get_by_label("Action:"), action)
    desk.hand.use(desk.button("Go"), leads=True)
    expect(desk.page.get_by_text(said)).to_be_visible()


def save_list(desk: Desk) -> None:
    """Saves the cells of the list. Enter in one would run an action instead."""
    desk.hand.use(desk.page.locator("input[name=_save]"), leads=True)


def correct_an_email(desk: Desk) -> Iterator[None]:
    number, name, wrong = desk.rows("SELECT id, full_name, email FROM school_student ORDER BY id LIMIT 1")[0]
    email = f"correct.{wrong}"
    yield
    open_list(desk, "Students")
    search(desk, f"{name[1:]} {wrong.partition('@')[0][-1]}@")
    field = desk.page.locator("#id_form-0-email")
    desk.hand.write(field, email)
    save_list(desk)
    yield
    assert desk.column("SELECT email FROM school_student WHERE id = ?", number) == [email]


def undo(desk: Desk) -> Iterator[None]:
    emails = "SELECT id, email FROM school_student"
    before = desk.rows(emails)
    for _ in correct_an_email(desk):
        pass
    changed = desk.rows(emails)
    yield
    field = desk.page.locator("#id_form-0-email")
    desk.hand.write(field, before[0][1])  # remembered: its history says that the field was changed, not from what
    save_list(desk)
    yield
    assert (desk.rows(emails), changed != before) == (before, True)


def enroll_five(desk: Desk) -> Iterator[None]:
    section, code = desk.rows("SELECT id, code FROM school_section ORDER BY id LIMIT 1")[0]
    numbers = desk.column(
        "SELECT number FROM school_student WHERE id NOT IN"
        " (SELECT student_id FROM school_enrollment WHERE section_id = ?) ORDER BY id LIMIT 5",
        section,
    )
    (there,) = desk.column("SELECT COUNT(*) FROM school_enrollment WHERE section_id = ?", section)
    yield
    open_list(desk, "Sections")
    search(desk, code)
    desk.hand.use(desk.link(code), leads=True)
    if desk.by_keys:  # the empty lines before it are reached from there
        desk.hand.go_to(desk.page.locator(".add-row a"))
    for line, number in zip(reversed(range(there, there + 5)), numbers, strict=True):
        picker = desk.page.locator(f"#enrollment_set-{line} .select2-selection")
        desk.hand.use(picker)
        expect(desk.page.locator(".select2-search__field")).to_be_focused()
        desk.hand.type(number)
        found = desk.page.locator(".select2-results__option--highlighted").filter(has_text=number)
        expect(found).to_be_visible()
        desk.hand.use(found, key=_enter(desk))
    desk.hand.use(desk.page.locator("input[name=_save]"), leads=True)
    yield
    seats = "SELECT number FROM school_student AS s JOIN school_enrollment AS e ON e.student_id = s.id"
    assert set(numbers) <= set(desk.column(f"{seats} WHERE section_id = ? AND e.status = 'active'", section))


def withdraw_a_cohort(desk: Desk) -> Iterator[None]:
    section, code = desk.rows(
        "SELECT s.id, s.code FROM school_section AS s JOIN school_enrollment AS e ON e.section_id = s.id"
        " WHERE e.status = 'active' AND term = 'this' GROUP BY s.id ORDER BY s.id DESC LIMIT 1"
    )[0]
    yield
    open_list(desk, "Enrollments")
    narrow(desk, code)
    filter_by(desk, "status", "Active")
    tick_all(desk)
    desk.hand.write(desk.page.locator("#id_last_day, [name=last_day]").first, today().isoformat())
    desk.hand.choose(desk.page.locator("[name=reason]").first, "Personal")
    act(desk, "Withdraw selected enrollments", "enrollments withdrawn.")
    yield
    found = desk.rows(
        "SELECT DISTINCT status, end_reason, end_date FROM school_enrollment WHERE section_id = ?", section
    )
    assert found == [("withdrawn", "personal", today().isoformat())]


def mark_twenty_paid(desk: Desk) -> Iterator[None]:
    numbers = desk.column("SELECT number FROM school_invoice WHERE status = 'unpaid' ORDER BY number LIMIT 20")
    yield
    open_list(desk, "Invoices")
    filter_by(desk, "status", "Unpaid")
    tick_all(desk)
    act(desk, "Mark selected invoices as paid", "20 invoices marked as paid.")
    yield
    paid = desk.column("SELECT number FROM school_invoice WHERE status = 'paid'")
    assert set(numbers) <= set(paid)


def who_changed_it(desk: Desk) -> Iterator[None]:
    number = desk.column("SELECT number FROM school_student ORDER BY number LIMIT 1 OFFSET 7")[0]
    day = last_month()
    yield
    open_list(desk, "Students")
    search(desk, number)
    desk.hand.use(desk.link(number), leads=True)
    desk.hand.use(desk.link("History"), leads=True)
    entry = desk.page.locator("#change-history tbody tr").filter(has_text="City")
    expect(entry).to_contain_text("grace")
    expect(entry).to_contain_text(f"{day.day}, {day.year}")
    yield


def fix_ten_cells(desk: Desk) -> Iterator[None]:
    cities = [f"{city} {desk.hand.name}" for city in "Bath Cork Deal Ely Fife Hove Kent Lund Oslo Rome".split()]
    yield
    open_list(desk, "Students")
    for row, city in enumerate(cities):
        field = desk.page.locator(f"#id_form-{row}-city")
        desk.hand.write(field, city)
    save_list(desk)
    yield
    assert desk.column("SELECT city FROM school_student ORDER BY number LIMIT 10") == cities


def print_a_roster(desk: Desk) -> Iterator[None]:
    section, code = desk.rows("SELECT id, code FROM school_section ORDER BY id LIMIT 1")[0]
    seats = desk.column("SELECT COUNT(*) FROM school_enrollment WHERE section_id = ?", section)
    yield
    open_list(desk, "Enrollments")
    narrow(desk, code)
    if desk.by_keys:
        desk.hand.press("Control+p")
    else:
        desk.hand.steps += 2  # the browser's own menu: open it, choose "Print"; no script can reach it
    yield
    assert [desk.page.locator("#result_list tbody tr").count()] == seats


def find_an_invoice(desk: Desk) -> Iterator[None]:
    (number,) = desk.column("SELECT number FROM school_invoice ORDER BY number LIMIT 1 OFFSET 200")
    yield
    open_list(desk, "Invoices")
    search(desk, number)
    desk.hand.use(desk.link(number), leads=True)
    yield
    expect(desk.page.locator("#id_number")).to_have_value(number)


def answer_a_question(desk: Desk) -> Iterator[None]:
    counts = {
        term: desk.column(
            "SELECT COUNT(DISTINCT student_id) FROM school_enrollment AS e JOIN school_section AS s"
            " ON s.id = e.section_id WHERE s.term = ? AND e.status = 'active'",
            term,
        )
        for term in ("last", "this")
    }
    yield
    open_list(desk, "Students")
    for term, (number,) in counts.items():
        filter_by(desk, "active in term", term)
        expect(desk.page.locator(".paginator")).to_contain_text(f"{number} student")
    yield


def _enter(desk: Desk) -> str:
    """Returns the key that sends a form from within a field, which the mouse has to do by its button."""
    return "Enter" if desk.by_keys else ""
