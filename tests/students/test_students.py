"""What is true of students, at every door and on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, apply, create, plan_edit, shapes
from backoffice.core.selection import Selection
from backoffice.students.models import Student, StudentContact
from tests import factories as make


def edit(row: Student, **values: Any) -> Any:
    return plan_edit(Selection.parse(Student, SYSTEM, ids=[row.id]), values, SYSTEM, door="form")


def refusal(plan: Any) -> tuple[str, str]:
    assert plan.will_change == 0
    return plan.refusals[0].field, plan.refusals[0].message


def test_an_address_is_added_corrected_and_taken_away_with_its_key(session: Any) -> None:
    student = make.student()

    seen = []
    for address in ("Ana@Example.ORG", "ana.b@example.org", None):
        apply(edit(student, email=address), SYSTEM)
        session.refresh(student)
        seen.append((student.email, student.email_key))

    assert seen == [
        ("Ana@Example.ORG", "ana@example.org"),
        ("ana.b@example.org", "ana.b@example.org"),
        (None, None),
    ]


def test_taking_many_addresses_away_takes_their_keys_away(session: Any) -> None:
    made = [make.student(email=f"s{number}@example.org") for number in range(3)]

    apply(plan_edit(Selection.parse(Student, SYSTEM), {"email": None}, SYSTEM), SYSTEM)

    keys = session.scalars(select(Student.email_key).where(Student.id.in_([row.id for row in made]))).all()
    assert keys == [None, None, None]


def test_two_spellings_of_one_address_are_one_address(session: Any) -> None:
    make.student(email="ANA@example.org")
    other = make.student()

    assert refusal(edit(other, email="ana@EXAMPLE.org")) == (
        "email",
        "Another student has this e-mail address. Give an address that a family shares to a contact.",
    )


def test_students_are_found_without_accents_and_case_by_all_their_names(session: Any) -> None:
    made = make.student(full_name="Zoë Łukasiewicz", given_name="Zoë", family_name="Łukasiewicz", preferred_name="Zo")

    assert made.search_text == f"{made.student_number.lower()} zoe lukasiewicz zoe lukasiewicz zo"
    assert made.sort_name == "lukasiewicz, zoe"


@pytest.mark.parametrize(
    ("names", "sorted_by"),
    [
        ({"full_name": "Pelé"}, "pele"),
        ({"full_name": "Suharto", "family_name": "Suharto"}, "suharto"),
        ({"full_name": "Anna Müller"}, "anna muller"),
        ({"full_name": "Anna Müller", "given_name": "Anna", "family_name": "Müller"}, "muller, anna"),
        ({"full_name": "Anna Müller", "given_name": "Anna"}, "anna muller"),
    ],
)
def test_a_name_is_sorted_by_what_is_known_of_it(session: Any, names: dict[str, str], sorted_by: str) -> None:
    assert make.student(**names).sort_name == sorted_by


@pytest.mark.parametrize(("days", "age"), [(-1, 20), (0, 20), (1, 19)])
def test_age_counts_completed_years_on_both_sides_of_the_birthday(session: Any, days: int, age: int) -> None:
    today = clock.today()
    birthday = today.replace(year=today.year - 20) + timedelta(days=days)
    student = make.student(date_of_birth=birthday)

    found = session.execute(select(Student.age, Student.id).where(Student.age >= age, Student.age <= age)).all()

    assert found == [(age, student.id)]


def test_a_student_without_a_birth_date_has_no_age(session: Any) -> None:
    assert make.student().age is None


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"financial_hold": True}, "hold_reason", "A financial hold needs a reason."),
        ({"full_name": "   "}, "full_name", "Full name is needed."),
        ({"email": "nobody"}, "email", "An e-mail address has an @ with something on both sides."),
        ({"country_code": "D"}, "country_code", shapes.COUNTRY),
        ({"country_code": "de"}, "country_code", shapes.COUNTRY),
        ({"country_code": "D1"}, "country_code", shapes.COUNTRY),
        ({"locale": "English, please"}, "locale", shapes.LANGUAGE),
        ({"locale": "en\n"}, "locale", shapes.LANGUAGE),
        ({"timezone": "Mars/Olympus"}, "timezone", shapes.TIME_ZONE),
        ({"timezone": "europe/berlin"}, "timezone", shapes.TIME_ZONE),
        ({"phone": "call me"}, "phone", shapes.PHONE),
        ({"phone": "x12"}, "phone", shapes.PHONE),
    ],
)
def test_what_a_student_cannot_be_is_said_beside_the_field(
    session: Any, values: dict[str, Any], field: str, message: str
) -> None:
    student = make.student()

    try:
        found = refusal(edit(student, **values))
    except Invalid as error:
        found = next(iter(error.errors.items()))

    assert found == (field, message)


@pytest.mark.parametrize(
    "values",
    [
        {"country_code": "DE", "locale": "zh-Hant-TW", "timezone": "Europe/Berlin", "phone": "+49 (0)30/123-45.6 x17"},
        {"country_code": None, "locale": "de_CH", "timezone": "UTC", "phone": "110"},
        {"locale": None, "timezone": None, "phone": None},
    ],
)
def test_codes_and_numbers_as_people_write_them_are_taken(session: Any, values: dict[str, Any]) -> None:
    student = make.student(country_code="AT")

    assert edit(student, **values).refused == 0


def test_nobody_is_merged_into_themselves(session: Any) -> None:
    student = make.student()

    assert refusal(edit(student, merged_into=student.id)) == (
        "merged_into",
        "A student cannot be merged into themselves.",
    )


def test_a_new_student_without_a_number_is_refused(session: Any) -> None:
    with pytest.raises(Invalid) as refused:
        create(Student, {"full_name": "Ana"}, SYSTEM, "form")

    assert refused.value.errors == {"student_number": "Student number is needed."}


def test_a_student_has_one_primary_contact_and_each_contact_once(session: Any) -> None:
    first = make.student_contact(is_primary=True)
    other = make.contact()

    with pytest.raises(Invalid) as second_primary:
        values = {"student": first.student.id, "contact": other.id, "relationship": "father", "is_primary": True}
        create(StudentContact, values, SYSTEM, "form")
    with pytest.raises(Invalid) as twice:
        values = {"student": first.student.id, "contact": first.contact.id, "relationship": "guardian"}
        create(StudentContact, values, SYSTEM, "form")

    assert second_primary.value.errors == {"student": "The student has a primary contact already."}
    assert twice.value.errors == {"contact": "This contact is linked to the student already."}
