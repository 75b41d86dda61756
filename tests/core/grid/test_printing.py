"""A list for paper: the rows, columns and rights of a file of it, and recorded as one."""

from __future__ import annotations

import re
from html import unescape

import html5lib
from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.grid.printing import MOST_ROWS
from backoffice.core.operations import Operation, recording
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import post

LINK = re.compile(r'href="(/admin/enrollments/print/[^"]+)" rel="nofollow" aria-label="([^"]+)"')


def table(answer) -> list[list[str]]:
    """Returns the cells of the printed page."""
    document = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    rows = document.find(".//table").iter("tr")
    return [["".join(cell.itertext()).strip() for cell in row if cell.tag in ("th", "td")] for row in rows]


def test_all_rows_and_columns_of_the_list_are_on_the_page_in_whole(registrar, made) -> None:
    long = "Plays the cello and " * 10
    for number in range(25):
        made(student_number=f"S-{number:02}", city="Leeds", bio=long)
    made(student_number="S-99", city="York")

    head, *rows = table(
        registrar.get("/admin/students/print/?search=city:Leeds&columns=student_number,bio&sort=-student_number")
    )

    assert head == ["Student number", "Bio"]
    assert rows == [[f"S-{number:02}", long.strip()] for number in reversed(range(25))]


def test_ticked_rows_are_on_the_page_in_the_columns_of_their_list_and_no_others(app, registrar, made, send) -> None:
    ids = [made(student_number=f"S-{number}", city="Leeds") for number in range(4)]

    head, *rows = table(send("action/?columns=student_number,city", action="print", rowid=[ids[1], ids[3]]))

    assert head == ["Student number", "City"]
    assert sorted(rows) == [["S-1", "Leeds"], ["S-3", "Leeds"]]
    with app.app_context():
        last = db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()
        assert (last.title, last.verb, last.row_count) == ("Printed 2 students: 2 ticked students", "export", 2)


def test_who_printed_what_is_recorded_as_a_file_is(app, registrar, made) -> None:
    made(city="Leeds")
    made(city="York")

    registrar.get("/admin/students/print/?search=city:Leeds&columns=student_number,city")

    with app.app_context():
        last = db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()
        assert (last.title, last.verb, last.row_count) == ("Printed 1 student: city Leeds", "export", 1)
        assert (last.selection, last.reason) == ("city Leeds, by sort name", "Columns: student_number, city")


def test_whoever_may_not_have_the_file_may_not_print(sign_in, made) -> None:
    made()

    answers = [
        sign_in("support").get(f"/admin/students/{address}").status_code for address in ("print/", "export/csv/", "")
    ]
    hidden = sign_in("registrar").get("/admin/students/print/?columns=nothing").status_code
    ticked = post(sign_in("support"), "/admin/students/action/", {"action": "print", "rowid": ["1"]}).status_code

    assert (answers, ticked) == ([403, 403, 200], 403)
    assert hidden == 400


def test_a_roster_is_headed_by_what_it_is_the_roster_of(app, registrar) -> None:
    with app.app_context():
        section = factories.section()
        factories.enrollment(section=section, student=factories.student(full_name="Ana Lima"))
        factories.enrollment()
        row_id, name = section.id, str(section)

    page = registrar.get(f"/admin/sections/details/?id={row_id}").get_data(as_text=True)
    address = page.split('aria-label="Print enrollments"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    answer = registrar.get(address)
    text = answer.get_data(as_text=True)

    assert f'<h1 id="heading">Enrollments: {name}</h1>' in text
    assert '<p class="words">1 enrollment</p>' in text
    assert [row[0] for row in table(answer)[1:]] == ["Ana Lima"]


def test_a_page_has_an_end_and_says_what_it_leaves_out(app, registrar) -> None:
    with app.app_context(), recording(SYSTEM, "system", "create", title="Many", model=Student) as operation:
        many = range(MOST_ROWS + 2)
        operation.insert(
            Student, [{"student_number": f"N{n:05}", "full_name": f"Name {n}", "status": "active"} for n in many]
        )

    answer = registrar.get("/admin/students/print/?columns=student_number")

    assert len(table(answer)) == MOST_ROWS + 1
    assert f"Only the first {MOST_ROWS:,} of {MOST_ROWS + 2:,} students are on this page" in answer.get_data(
        as_text=True
    )


def test_the_roster_of_each_section_is_printed_from_the_list_by_whoever_may_take_it_out(app, sign_in) -> None:
    with app.app_context():
        section = factories.section(code="BIO-1")
        names = [factories.enrollment(section=section).student.full_name for _ in range(2)]
        factories.enrollment()
    pages = {role: sign_in(role).get("/admin/sections/?search=BIO") for role in ("registrar", "read_only")}
    found = {role: LINK.findall(unescape(page.get_data(as_text=True))) for role, page in pages.items()}

    ((address, words),) = found["registrar"]
    roster = sign_in("registrar").get(address)

    assert words.startswith("Print enrollments: ")
    assert found["read_only"] == []
    assert sorted(row[0] for row in table(roster)[1:]) == sorted(names)
    assert 'href="/admin/sections/?search=BIO">Back to the list' in roster.get_data(as_text=True)
