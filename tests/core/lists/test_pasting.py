"""What was pasted is found, doubled, not found or not permitted: every text is one of these, none is left out."""

from __future__ import annotations

import pytest

from backoffice.core import lists
from backoffice.core.access import Role, right
from backoffice.core.lists import ListError, Pasted
from backoffice.core.lists.pasting import MOST, tokens
from backoffice.staff.models import StaffUser
from backoffice.students.models import Contact, Student
from tests import factories
from tests.contracts.grids import statements
from tests.core.lists.conftest import students


def test_emails_numbers_and_ids_are_found_in_any_mixture(registrar) -> None:
    anna = factories.student(student_number="S-1", email="Anna@Example.org").id
    ben = factories.student(student_number="S 2").id
    carl = factories.student().id

    pasted = lists.paste(registrar, Student, f'ANNA@example.org; "s 2"\n{carl}\t999999999')

    assert pasted == Pasted([anna, ben, carl], ["ANNA@example.org", "s 2", str(carl)], [], ["999999999"], [])


def test_what_names_a_row_again_is_doubled_and_unknown_ones_count_once(registrar) -> None:
    row = factories.student(student_number="S-1", email="a@example.org")

    pasted = lists.paste(registrar, Student, f"a@example.org A@EXAMPLE.ORG s-1 {row.id} who who WHO")

    assert pasted == Pasted(
        [row.id], ["a@example.org"], ["A@EXAMPLE.ORG", "s-1", str(row.id), "who", "WHO"], ["who"], []
    )


def test_a_key_is_taken_before_an_id_and_the_exact_key_before_another_case(registrar) -> None:
    other = students(1)[0]
    keyed = factories.student(student_number=str(other)).id
    lower, upper = factories.student(student_number="ab").id, factories.student(student_number="AB").id

    assert lists.paste(registrar, Student, f"{other} ab AB").ids == [keyed, lower, upper]


def test_rows_outside_the_scope_are_not_permitted_and_nothing_else_is_said(editor, theirs) -> None:
    hidden = factories.student(student_number="HIDDEN-1", email="hidden@example.org").id

    pasted = lists.paste(editor, Student, f"mine@example.org hidden-1 hidden@example.org {hidden} nobody@example.org")

    assert pasted == Pasted(
        [theirs.id],
        ["mine@example.org"],
        [],
        ["nobody@example.org"],
        ["hidden-1", "hidden@example.org", str(hidden)],
    )


def test_by_a_column_that_the_person_may_not_see_nothing_is_found(registrar, monkeypatch) -> None:
    factories.student(student_number="S-1", email="a@example.org")
    hiding = right("V", hidden=("email", "student_number"))
    monkeypatch.setattr("backoffice.core.access._rights", {Student: {Role.REGISTRAR: hiding}})

    assert lists.paste(registrar, Student, "a@example.org S-1").not_found == ["a@example.org", "S-1"]


def test_an_address_that_several_rows_share_names_them_all(registrar) -> None:
    both = [factories.contact(email=email).id for email in ("Home@Example.org", "home@example.org")]

    assert lists.paste(registrar, Contact, "home@example.org").ids == both


def test_members_of_staff_are_found_by_name_and_address(registrar) -> None:
    admin = factories.staff("admin", username="ada", email="Ada@Staff.example")

    assert lists.paste(admin, StaffUser, f"ADA@staff.example {registrar.username}").ids == [admin.id, registrar.id]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ,;\n\t ", []),
        ("a@b.c,d@e.f;g", ["a@b.c", "d@e.f", "g"]),
        ("Anna Lee <anna@example.org>, ben@example.org", ["anna@example.org", "ben@example.org"]),
        ('"CS 101" 7', ["CS 101", "7"]),
        ('one"two', ["one", "two"]),
        ("S1\r\nS2\r\n", ["S1", "S2"]),
    ],
)
def test_a_text_falls_into_parts(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "text", ["\0", "\ud800", "x" * 100_000, "'; DROP TABLE student; --", "9" * 30, "٣", "%", "<" * 50_000, '"' * 50_001]
)
def test_hostile_texts_are_found_nowhere_and_break_nothing(registrar, text: str) -> None:
    students(2)

    pasted = lists.paste(registrar, Student, text)

    assert (pasted.ids, pasted.found, pasted.not_permitted) == ([], [], [])


def test_too_many_are_refused_in_words(registrar) -> None:
    with pytest.raises(ListError, match="10,000"):
        lists.paste(registrar, Student, "x " * (MOST + 1))


def test_two_thousand_need_few_statements(app, registrar) -> None:
    text = "\n".join(f"p{number}@example.org" for number in range(2_000))

    with statements(app) as sent:
        lists.paste(registrar, Student, text)

    assert len(sent) <= 6
