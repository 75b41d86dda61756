"""What a person may not see cannot be asked for, sorted by, shown, searched, suggested or told from what does not exist."""

from __future__ import annotations

import pytest

from backoffice.billing.models import Invoice
from backoffice.core.access import Refused, Role, right
from backoffice.core.selection import QueryError, Ref, Selection, complete, visible_fields
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.staff.models import StaffUser
from backoffice.students.models import Student
from tests.core.selection.conftest import EDITOR, FINANCE, READER, REGISTRAR, SUPPORT, Asker, Write, found
from tests.rights import declare


@pytest.fixture
def seats(write: Write) -> None:
    """Student 2 is not active, so the course editor's scope does not hold them."""
    write(
        Student,
        {"full_name": "Anna", "city": "Leeds", "email": "anna@example.org"},
        {"full_name": "Bob", "city": "Oslo", "email": "bob@example.org", "status": "withdrawn"},
    )
    write(Course, {})
    write(Term, {})
    write(Section, {})
    write(Enrollment, {"student_id": 1}, {"student_id": 2})


def refusal(person: Asker, model: type, **query: object) -> tuple[str, str]:
    with pytest.raises(QueryError) as caught:
        Selection.parse(model, person, **query)
    return caught.value.part, caught.value.message


@pytest.mark.parametrize(
    ("person", "model", "field"),
    [
        (EDITOR, Student, "date_of_birth"),
        (EDITOR, Student, "age"),
        (EDITOR, Student, "invoices"),
        (FINANCE, Student, "city"),
        (EDITOR, Enrollment, "student.date_of_birth"),
        (READER, Enrollment, "student.email"),
        (READER, Enrollment, "section.code"),
    ],
)
def test_a_hidden_field_reads_like_one_that_does_not_exist(session: object, person: Asker, model: type, field: str):
    path, _dot, name = field.rpartition(".")
    invented = f"{path}.qqqqqqqq" if path else "qqqqqqqq"

    asked, missing = (refusal(person, model, search=f"{name_}:any") for name_ in (field, invented))
    sorted_by, missing_sort = (refusal(person, model, sort=(name_,)) for name_ in (field, invented))

    assert asked[1].replace(name, "?") == missing[1].replace("qqqqqqqq", "?")
    assert sorted_by[1].replace(name, "?") == missing_sort[1].replace("qqqqqqqq", "?")
    assert "unknown field" in asked[1]
    assert name not in visible_fields(person, Student if path in ("", "student") else Section)


def test_hidden_columns_cannot_be_shown(seats: None):
    selection = Selection.parse(Student, FINANCE)

    with pytest.raises(QueryError, match="unknown field “city”"):
        selection.page(("full_name", "city"), 20)


def test_a_model_without_a_right_is_refused(session: object):
    with pytest.raises(Refused):
        Selection.parse(Student, SUPPORT)


def test_row_scope_holds_for_every_way_of_asking(seats: None):
    selection = Selection.parse(Student, EDITOR, ids=(1, 2))

    assert found(Student, "", EDITOR) == [1]
    assert found(Student, "-anna", EDITOR) == []
    assert selection.count().number == 1
    assert [row["id"] for row in selection.page(("full_name",), 20).rows] == [1]
    assert [row["id"] for row in selection.stream(("full_name",))] == [1]


def test_rows_out_of_scope_cannot_be_probed_through_relations(seats: None):
    expected = {
        "student.city:Oslo": [],
        "student.city:Leeds": [1],
        "-student.city:Leeds": [2],
        "-student.city:Oslo": [1, 2],
        "student:S0002": [],
        "student:any": [1],
        "student:none": [2],
        "bob": [],
        "anna": [1],
    }

    assert {search: found(Enrollment, search, EDITOR) for search in expected} == expected


def test_a_related_row_out_of_scope_is_not_named(seats: None):
    rows = Selection.parse(Enrollment, EDITOR, sort=("student",)).page(("student", "student.city"), 20).rows

    assert [(row["id"], row["student"], row["student.city"]) for row in rows] == [
        (1, Ref(1, "S0001", "Anna"), "Leeds"),
        (2, None, None),
    ]


def test_a_word_does_not_search_hidden_columns(seats: None):
    assert found(Student, "example.org", REGISTRAR) == [1, 2]
    assert found(Student, "example.org", READER) == []
    assert found(Student, "ANNA", READER) == [1]


def test_a_word_does_not_search_rows_that_the_person_may_not_see(seats: None, write: Write):
    write(Invoice, {"student_id": 1, "number": "INV-77"})

    assert found(Invoice, "anna", FINANCE) == [1]
    assert found(Enrollment, "section", REGISTRAR) == [1, 2]
    assert found(Enrollment, "section", READER) == []


def test_completion_offers_only_what_the_person_may_see(seats: None):
    offered = [suggestion.text for suggestion in complete(Student, EDITOR, "d")]
    keys = [suggestion.text for suggestion in complete(Enrollment, EDITOR, "student:")]

    assert "date_of_birth:" not in offered
    assert keys == ["student:S0001"]
    assert complete(Student, EDITOR, "date_of_birth:") == []


def test_birth_dates_stay_secret_in_near_misses(session: object):
    assert "date_of_birth" not in refusal(EDITOR, Student, search="date_of_birt:any")[1]
    assert "date_of_birth" in refusal(REGISTRAR, Student, search="date_of_birt:any")[1]


def test_a_relation_to_rows_that_cannot_even_be_named_is_no_field(session: object):
    assert "instructor" not in visible_fields(REGISTRAR, Section)
    assert "unknown field" in refusal(REGISTRAR, Section, search="instructor:any")[1]


def test_rows_that_may_be_named_are_shown_picked_and_nothing_else(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    naming = right("N", scope=lambda person: StaffUser.is_active.is_(True))
    declare(monkeypatch, StaffUser, {Role.REGISTRAR: naming})
    write(StaffUser, {"username": "grace", "full_name": "Grace"}, {"username": "gone", "is_active": False})
    write(Course, {})
    write(Term, {})
    write(Section, {"instructor_id": 1}, {"instructor_id": 2})

    rows = Selection.parse(Section, REGISTRAR).page(("instructor",), 20).rows

    assert [row["instructor"] for row in rows] == [Ref(1, "grace", "Grace"), Ref(2, "gone", "User 2")]
    assert found(Section, "instructor:gone") == [2]
    assert [offer.text for offer in complete(Section, REGISTRAR, "instructor:g")] == ["instructor:grace"]
    assert (found(Section, "instructor:me"), found(Section, "-instructor:me,gone")) == ([1], [])
    assert "unknown field" in refusal(REGISTRAR, Section, search="instructor.email:any")[1]
    with pytest.raises(Refused):
        Selection.parse(StaffUser, REGISTRAR)
