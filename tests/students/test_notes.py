"""Staff's notes about students: written on the student's page in one step, changed by whoever wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backoffice.core.operations import apply, plan_delete, plan_undo
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.staff.models import StaffUser
from backoffice.students.models import Note, Student
from tests import factories as make
from tests.contracts.grids import post

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def student(app: Flask) -> int:
    """A student about whom nobody wrote yet."""
    with app.app_context():
        return int(make.student(student_number="S1", full_name="Ana Müller").id)


def page_of(client: FlaskClient, student: int) -> str:
    return client.get(f"/admin/students/details/?id={student}").get_data(as_text=True)


def add(client: FlaskClient, student: int, text: str) -> Any:
    """Sends the form that stands among the notes on the student's page."""
    form = re.search(r'<form class="new-row".*?</form>', page_of(client, student), re.DOTALL)
    assert form
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    action = unescape(re.findall(r'action="([^"]+)"', form[0])[0])
    return client.post(action, data={**hidden, "text": text})


def written(app: Flask) -> list[tuple[str, str, str]]:
    """Returns every note: about whom, by whom, what."""
    with app.app_context():
        rows = db.session.execute(select(Note).order_by(Note.id)).scalars()
        return [(row.student.student_number, row.author.username, row.text) for row in rows]


def test_a_note_is_added_on_the_students_page_in_one_step_and_told_with_who_and_when(
    app: Flask, sign_in: SignIn, student: int
) -> None:
    client = sign_in("support", username="sue", full_name="Sue Port")

    for text in ("Called.\nCalls again on Monday.", "Called again."):
        answer = add(client, student, text)
        assert answer.location == f"/admin/students/details/?id={student}"

    page = page_of(client, student)
    panel = page[page.index('aria-label="Notes"') : page.index('aria-label="Enrollments"')]
    told = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", panel, re.DOTALL)]
    assert written(app) == [
        ("S1", "sue", "Called.\nCalls again on Monday."),
        ("S1", "sue", "Called again."),
    ]
    assert [told[4], told[5], told[7], told[8]] == [
        "Sue Port",
        "Called again.",
        "Sue Port",
        "Called.\nCalls again on Monday.",
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d CES?T", told[3])
    assert "1 note created" in page


def test_a_note_that_says_nothing_is_refused_beside_its_field(app: Flask, sign_in: SignIn, student: int) -> None:
    answer = add(sign_in("registrar"), student, "  ")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Text is needed." in page
    assert re.search(r'name="student"[^>]* value="S1 · Ana Müller"', page)
    assert written(app) == []


def test_a_number_in_the_address_means_that_row_and_none_with_such_a_key(
    app: Flask, sign_in: SignIn, student: int
) -> None:
    with app.app_context():
        make.student(student_number=str(student), full_name="Somebody else")

    add(sign_in("registrar", username="reg"), student, "About Ana")

    assert written(app) == [("S1", "reg", "About Ana")]


@pytest.mark.parametrize("role", ["registrar", "finance", "support"])
def test_whoever_wrote_a_note_changes_and_deletes_it_and_nobody_else(
    app: Flask, sign_in: SignIn, student: int, role: str
) -> None:
    client = sign_in(role, username="own")
    with app.app_context():
        about = db.session.get_one(Student, student)
        author = db.session.scalars(select(StaffUser).filter_by(username="own")).one()
        own, other = make.note(student=about, author=author).id, make.note(student=about).id

    answers = {
        name: (
            post(client, f"/admin/notes/edit/?id={row_id}", {"text": f"Reworded by {role}"}).status_code,
            f"/admin/notes/delete/?id={row_id}"
            in client.get(f"/admin/notes/details/?id={row_id}").get_data(as_text=True),
        )
        for name, row_id in {"own": own, "other": other}.items()
    }

    with app.app_context():
        assert db.session.get_one(Note, own).text == f"Reworded by {role}"
        assert db.session.get_one(Note, other).text.startswith("Note ")
    assert answers["own"] == (302, True)
    assert answers["other"][0] != 302
    assert not answers["other"][1]


def test_a_course_editor_reads_and_writes_about_students_of_own_courses_alone(
    app: Flask, sign_in: SignIn, student: int
) -> None:
    client = sign_in("course_editor", username="teacher")
    with app.app_context():
        teacher = db.session.scalars(select(StaffUser).filter_by(username="teacher")).one()
        own = make.enrollment(section=make.section(instructor=teacher)).student
        make.note(student=own, text="Hard of hearing")
        make.note(student=db.session.get_one(Student, student), text="Not for teachers")
        own_id, own_number = own.id, own.student_number

    listed = client.get("/admin/notes/").get_data(as_text=True)
    add(client, own_id, "Came late")
    refused = post(client, f"/admin/notes/new/?student={student}", {"text": "Peeping"})

    assert ("Hard of hearing" in listed, "Not for teachers" in listed) == (True, False)
    assert refused.status_code == 422
    assert written(app)[2:] == [(own_number, "teacher", "Came late")]


def test_whoever_only_looks_on_reads_no_notes(app: Flask, sign_in: SignIn, student: int) -> None:
    client = sign_in("read_only")
    with app.app_context():
        make.note(student=db.session.get_one(Student, student), text="In confidence")

    assert 'aria-label="Notes"' not in page_of(client, student)
    assert client.get("/admin/notes/").status_code == 403
    assert client.get("/admin/students/?search=notes.text:confidence").status_code == 400


def test_a_deleted_student_takes_all_notes_along_and_brings_them_back(app: Flask, student: int) -> None:
    with app.app_context():
        author, registrar = make.staff("support", username="sue"), make.staff("registrar")
        make.note(student=db.session.get_one(Student, student), author=author, text="Keep this")
        selection = Selection.parse(Student, registrar, ids=[student])

        deletion = apply(plan_delete(selection, registrar), registrar)
        gone = written(app)
        apply(plan_undo(deletion, registrar), registrar)

    assert gone == []
    assert written(app) == [("S1", "sue", "Keep this")]
