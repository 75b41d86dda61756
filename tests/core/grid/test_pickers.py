"""Relations: a row is named by its key or its name, looked up among what the person may see, with and without script."""

from __future__ import annotations

import pytest

from backoffice.courses.models import Section
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.staff.models import StaffUser
from tests import factories
from tests.contracts.grids import hidden_inputs, post


@pytest.fixture
def section(app) -> str:
    with app.app_context():
        return str(factories.section(code="AAA-1", name="Algebra").id)


def enroll(client, student: str, section: str):
    return post(client, "/admin/enrollments/new/", {"student": student, "section": section, "status": "active"})


@pytest.mark.parametrize("typed", ["S-1", "s-1", "ana muller", "S-1 · Ana Müller", "müller", "ana@example.org"])
def test_a_row_is_found_by_whatever_names_it(app, registrar, made, section: str, typed: str) -> None:
    wanted = made(student_number="S-1", full_name="Ana Müller", email="ana@example.org")
    made(student_number="S-12", full_name="Bob Other")

    answer = enroll(registrar, typed, section)

    assert answer.status_code == 302, answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.query(Enrollment.student_id).scalar() == wanted


def test_a_text_that_names_several_rows_lists_them_and_stays(registrar, made, section: str) -> None:
    made(student_number="S-1", full_name="Ana Müller")
    made(student_number="S-2", full_name="Ana Smith")

    answer = enroll(registrar, "ana", section)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Several students match “ana”" in page
    assert "S-1 · Ana Müller" in page
    assert "S-2 · Ana Smith" in page
    assert 'value="ana"' in page


def test_a_text_that_names_nothing_is_said_at_the_field(registrar, section: str) -> None:
    answer = enroll(registrar, "nobody", section)

    assert answer.status_code == 422
    assert "None of the students matches “nobody”." in answer.get_data(as_text=True)


def test_suggestions_are_those_rows_that_hold_every_word(registrar, made) -> None:
    made(student_number="S-1", full_name="Ana Müller")
    made(student_number="S-2", full_name="Ana Smith")

    answer = registrar.get("/admin/enrollments/ajax/lookup/?name=student&query=ana+mull")

    assert [text for _id, text in answer.get_json()] == ["S-1 · Ana Müller"]


@pytest.mark.parametrize(
    "query", ["", "?name=nope", "?name=status", "?name=student&limit=-5", "?name=student&query=%00"]
)
def test_a_lookup_of_nothing_known_is_refused_in_words(registrar, query: str) -> None:
    answer = registrar.get(f"/admin/enrollments/ajax/lookup/{query}")

    assert answer.status_code in (200, 400, 404)


def test_a_lookup_shows_no_rows_outside_of_the_persons_scope(app, sign_in, made) -> None:
    made(full_name="Somebody Else")

    answer = sign_in("course_editor").get("/admin/enrollments/ajax/lookup/?name=student&query=somebody")

    assert answer.get_json() == []


@pytest.fixture
def teachers(app) -> None:
    """One who works here and one who left."""
    with app.app_context():
        factories.staff("course_editor", username="grace", full_name="Grace Okafor", email="g@secret.example")
        factories.staff("course_editor", username="gracie", full_name="Gracie Lund", is_active=False)


def test_who_may_not_open_accounts_picks_those_in_use_by_name(app, registrar, teachers, section: str) -> None:
    answer = registrar.get("/admin/sections/ajax/lookup/?name=instructor&query=grac")
    assert [text for _id, text in answer.get_json()] == ["grace · Grace Okafor"]

    cell = {"id": section, "field": "instructor", "value": "grace okafor"}
    assert post(registrar, "/admin/sections/ajax/update/", cell).status_code == 200
    with app.app_context():
        assert db.session.query(Section).one().instructor.username == "grace"


@pytest.mark.parametrize("typed", ["gracie", "gracie · Gracie Lund", "g@secret.example", "00"])
def test_who_may_only_name_accounts_picks_no_other_and_searches_nothing_else(
    app, registrar, teachers, section: str, typed: str
) -> None:
    cell = {"id": section, "field": "instructor", "value": typed}

    assert post(registrar, "/admin/sections/ajax/update/", cell).status_code == 422
    assert registrar.get("/admin/sections/ajax/lookup/?name=instructor&query=secret").get_json() == []


def test_an_instructor_who_left_stays_named_and_the_form_saves_what_else_changed(app, registrar, teachers) -> None:
    with app.app_context():
        left = db.session.query(StaffUser).filter_by(username="gracie").one()
        section_id = factories.section(instructor=left).id
    form = registrar.get(f"/admin/sections/edit/?id={section_id}").get_data(as_text=True)
    assert 'value="gracie · Gracie Lund"' in form

    sent = {**hidden_inputs(form), "instructor": "gracie · Gracie Lund", "name": "Another name"}
    answer = post(registrar, f"/admin/sections/edit/?id={section_id}", sent)

    assert answer.status_code == 302, answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.get(Section, section_id).name == "Another name"


@pytest.mark.parametrize("search", ["instructor.email:any", "instructor.is_active:yes", "instructor.role:admin"])
def test_naming_accounts_opens_none_of_their_fields(registrar, search: str) -> None:
    assert registrar.get("/admin/sections/", query_string={"search": search}).status_code == 400
    assert registrar.get("/admin/sections/", query_string={"search": "instructor:grace"}).status_code == 200
    assert registrar.get("/admin/staff/").status_code == 403
