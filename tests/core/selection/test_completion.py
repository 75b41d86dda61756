"""What the search box offers while one types."""

from __future__ import annotations

import pytest

from backoffice.core.selection import QueryError, Suggestion, complete
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, Write


def offers(model: type, text: str, caret: int | None = None) -> list[str]:
    return [suggestion.text for suggestion in complete(model, REGISTRAR, text, caret)]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("", []),
        ("smith stat", ["smith status:", "smith billing_status:"]),
        ("-sta", ["-status:", "-billing_status:"]),
        ("E-ma", []),
        ("smith OR -(city:leeds (-sta", [f"smith OR -(city:leeds (-{name}:" for name in ("status", "billing_status")]),
        ("status:", ["status:applicant", "status:active", "status:on_leave", "status:withdrawn", "status:graduated"]),
        ("status:active,g", ["status:active,graduated"]),
        ("-status:WITH", ["-status:withdrawn"]),
        ("financial_hold:", ["financial_hold:yes", "financial_hold:no"]),
        ("city:", ["city:none", "city:any"]),
        (
            "date_of_birth:",
            [
                "date_of_birth:today",
                "date_of_birth:-7d..today",
                "date_of_birth:-1m..today",
                "date_of_birth:none",
                "date_of_birth:any",
            ],
        ),
        ("colour:", []),
        ("colour.x", []),
        ("city.x", []),
        ('"new york', []),
        ('city:"New York" -sta', ['city:"New York" -status:', 'city:"New York" -billing_status:']),
        ('"' * 1500 + " stat", ['"' * 1500 + " status:", '"' * 1500 + " billing_status:"]),
    ],
)
def test_offers_fields_then_values(session: object, text: str, offered: list[str]):
    assert offers(Student, text) == offered


def test_offers_the_fields_of_related_rows(session: object):
    assert offers(Enrollment, "sect") == ["section:", "section."]
    assert offers(Enrollment, "section.course.co") == ["section.course.code:"]


def test_offers_keys_of_related_rows_by_key_or_label(write: Write):
    write(Student, {"full_name": "Anna Müller"}, {"full_name": "Bob"}, {"full_name": "Ann"})
    write(Course, {"code": "AAA 1"})
    write(Term, {})
    write(Section, {})

    assert complete(Enrollment, REGISTRAR, "student:muller") == [Suggestion("student:S0001", "Anna Müller", 13)]
    assert offers(Enrollment, "student:s0002") == ["student:S0002"]
    assert offers(Enrollment, "student:S0001,ann") == ["student:S0001,S0003", "student:S0001,S0001"]
    assert offers(Enrollment, "section.course:a") == ['section.course:"AAA 1"']


def test_completes_at_the_caret_and_keeps_what_stands_behind(session: object):
    assert complete(Student, REGISTRAR, "anna sta leeds", 8)[0] == Suggestion("anna status: leeds", "Status", 12)


def test_refuses_text_that_is_none(session: object):
    with pytest.raises(QueryError):
        complete(Student, REGISTRAR, "a\0")
