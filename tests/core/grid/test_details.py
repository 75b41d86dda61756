"""The page of one row: its fields in sections, what belongs to it, what happened to it."""

from __future__ import annotations

import re

import pytest

from tests import factories
from tests.contracts.grids import post, statements


@pytest.fixture
def seat(app) -> tuple[int, int]:
    """A student with an enrollment: (student, section)."""
    with app.app_context():
        made = factories.enrollment(student=factories.student(full_name="Ana Müller"))
        return int(made.student_id), int(made.section_id)


def test_what_belongs_to_a_row_is_shown_and_leads_to_the_whole_of_it(registrar, seat) -> None:
    student_id, section_id = seat

    page = registrar.get(f"/admin/students/details/?id={student_id}").get_data(as_text=True)

    assert (
        f"/admin/sections/details/?id={section_id}" in page
        or f"/admin/enrollments/?flt0_student.id_equals={student_id}" in page
    )
    more = re.search(r'href="(/admin/enrollments/\?[^"]+)">All enrollments', page)[1].replace("&amp;", "&")
    listed = registrar.get(more).get_data(as_text=True)
    assert "1 enrollment" in listed
    assert len(re.findall(r"<tr data-id", listed)) == 1


def test_new_beside_a_panel_opens_a_form_that_knows_the_row(registrar, seat) -> None:
    page = registrar.get(f"/admin/students/details/?id={seat[0]}").get_data(as_text=True)
    address = re.search(r'href="(/admin/enrollments/new/[^"]+)"', page)[1].replace("&amp;", "&")

    form = registrar.get(address).get_data(as_text=True)

    assert re.search(r'name="student"[^>]* value="S\d+ · Ana Müller"', form)


def test_history_tells_field_by_field_who_changed_what(registrar, made, send) -> None:
    row_id = made(city="Leeds")
    send(f"edit/?id={row_id}", city="York")

    page = registrar.get(f"/admin/students/details/?id={row_id}").get_data(as_text=True)

    assert "<del>Leeds</del>" in page
    assert "<ins>York</ins>" in page
    assert re.search(r"Registrar \d+, \d{4}-\d\d-\d\d \d\d:\d\d CES?T", page)


def test_a_long_history_of_relations_costs_as_many_statements_as_a_short_one(app, registrar, made) -> None:
    with app.app_context():
        section_id = factories.section().id
        teachers = [factories.staff("course_editor").username for _ in range(6)]
    counts = []

    for number, teacher in enumerate(teachers):
        cell = {"id": section_id, "field": "instructor", "value": teacher}
        assert post(registrar, "/admin/sections/ajax/update/", cell).status_code == 200
        if number in (1, 5):
            with statements(app) as sent:
                page = registrar.get(f"/admin/sections/details/?id={section_id}").get_data(as_text=True)
            counts.append(len(sent))

    assert page.count("<ins>Course Editor") == 6
    assert counts[0] == counts[1]


def test_a_panel_of_a_grid_that_the_person_may_not_open_is_left_out(app, sign_in) -> None:
    with app.app_context():
        section = factories.section(instructor=factories.staff("course_editor", username="teacher"))
        student_id = factories.enrollment(section=section).student_id
    client = app.test_client()
    page = client.get("/login").get_data(as_text=True)
    signing_in = {"username": "teacher", "password": factories.PASSWORD, "csrf_token": factories.csrf_token(page)}
    client.post("/login", data=signing_in)

    shown = client.get(f"/admin/students/details/?id={student_id}").get_data(as_text=True)

    assert "All enrollments" in shown
    assert "All invoices" not in shown
    assert "All payments" not in shown


def test_edit_and_delete_are_offered_to_those_who_may(sign_in, made) -> None:
    row_id = made()
    offered = {}

    for role in ("registrar", "support", "read_only"):
        page = sign_in(role).get(f"/admin/students/details/?id={row_id}").get_data(as_text=True)
        offered[role] = ("/students/edit/" in page, "/students/delete/" in page)

    assert offered == {"registrar": (True, True), "support": (True, False), "read_only": (False, False)}
