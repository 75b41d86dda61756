"""The made-up organisation: the same for the same numbers, valid by every rule, with something in every figure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core import clock
from backoffice.core.model import Record
from backoffice.core.operations import Operation, verifying
from backoffice.core.operations.tables import table_of
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.extensions import db
from backoffice.interchange.seed import NotEmpty, ahead, seed_organisation
from backoffice.interchange.seed.command import seed_command
from backoffice.staff.models import StaffPassword
from backoffice.students.models import Contact, Note, Student, StudentContact
from tests import factories as make
from tests.conftest import _empty

MODELS = (
    Student,
    Contact,
    StudentContact,
    Note,
    Term,
    Course,
    Lesson,
    Section,
    Enrollment,
    LessonProgress,
    Invoice,
    Payment,
)
GIVEN = ("id", "version", "created_at", "updated_at")
DAY = date(2026, 3, 14)


def contents() -> list[list[tuple[Any, ...]]]:
    """Returns every seeded row without numbers that the database gives."""
    found = []
    for model in MODELS:
        columns = [c for c in inspect(model).local_table.columns if c.name not in GIVEN and not c.name.endswith("_id")]
        found.append([tuple(row) for row in db.session.execute(select(*columns).order_by(model.id))])
    return found


def number(model: type[Record], *conditions: Any) -> int:
    return db.session.scalar(select(func.count(model.id)).where(*conditions)) or 0


@pytest.fixture
def seeded(session: Any) -> dict[str, int]:
    return seed_organisation(120, 7)


def test_the_same_numbers_and_day_make_the_same_organisation(session: Any) -> None:
    seed_organisation(40, 3, on=DAY)
    first = contents()
    session.rollback()
    _empty(db.engine)

    seed_organisation(40, 3, on=DAY)

    assert contents() == first


def test_a_second_process_thinks_up_the_same_organisation(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seed_organisation(40, 3, on=DAY)
    first = contents()
    session.rollback()
    _empty(db.engine)
    monkeypatch.setattr(ahead, "ALONE", 0)

    seed_organisation(40, 3, on=DAY)

    assert contents() == first


def test_another_number_makes_another_organisation(session: Any) -> None:
    seed_organisation(10, 1, on=DAY)
    first = session.scalars(select(Student.full_name).order_by(Student.id)).all()
    session.rollback()
    _empty(db.engine)

    seed_organisation(10, 2, on=DAY)

    names = session.scalars(select(Student.full_name).order_by(Student.id)).all()

    assert len(names) == 10
    assert names != first


def test_it_is_one_operation_that_records_every_row(seeded: dict[str, int]) -> None:
    operations = db.session.scalars(select(Operation)).all()

    assert [operation.title for operation in operations] == ["Make up an organisation with 120 students"]
    assert {kind: actions["create"] for kind, actions in operations[0].counts.items()} == seeded
    assert list(verifying.problems(db.session())) == []


def test_what_follows_from_other_columns_is_in_every_row_as_the_model_has_it(seeded: dict[str, int]) -> None:
    for model in (*MODELS, InvoiceLine):
        for row in db.session.execute(select(table_of(model))).mappings():
            derived = model.derive(row)
            assert {name: row[name] for name in derived} == derived


def test_there_are_three_enrollments_and_three_invoices_to_a_student(session: Any) -> None:
    counts = seed_organisation(1500, 1, on=DAY)

    assert 2.8 <= counts["enrollment"] / counts["student"] <= 3.2
    assert 2.8 <= counts["invoice"] / counts["student"] <= 3.2


def test_invoices_agree_with_their_lines_and_the_ledger_and_no_section_is_overbooked(seeded: dict[str, int]) -> None:
    assert (number(Invoice, Invoice.disagrees), number(Section, Section.overbooked)) == (0, 0)


def test_invoice_numbers_have_no_gap_and_follow_the_date(seeded: dict[str, int]) -> None:
    issued = select(Invoice.number, Invoice.issue_date).where(Invoice.number.is_not(None)).order_by(Invoice.number)
    found = db.session.execute(issued).all()

    assert [row[0] for row in found] == [f"INV-{place:07}" for place in range(1, len(found) + 1)]
    assert [row[1] for row in found] == sorted(row[1] for row in found)


def test_every_figure_has_something_to_show_today(seeded: dict[str, int]) -> None:
    today = clock.today()
    shown = {
        "studying": number(Student, Student.studying),
        "applied": number(Enrollment, Enrollment.status == "applied"),
        "completed": number(Enrollment, Enrollment.status == "completed"),
        "left": number(Enrollment, Enrollment.status.in_(("withdrawn", "dropped"))),
        "running": number(Section, Section.start_date <= today, Section.end_date >= today),
        "to come": number(Section, Section.start_date > today),
        "overdue": number(Invoice, Invoice.billing_status == "overdue"),
        "paid": number(Invoice, Invoice.billing_status == "paid"),
        "drafts": number(Invoice, Invoice.state == "draft"),
        "refunds": number(Payment, Payment.kind == "refund"),
        "single names": number(Student, Student.given_name.is_(None)),
        "contacts": number(StudentContact, StudentContact.is_payer),
        "progress": number(LessonProgress),
    }

    assert {name: count for name, count in shown.items() if count == 0 and name != "single names"} == {}


def test_nobody_is_paid_or_enrolled_in_the_days_to_come(seeded: dict[str, int]) -> None:
    today = clock.today()

    assert number(Payment, Payment.received_on > today) == 0
    assert number(Enrollment, Enrollment.applied_on > today) == 0
    assert number(Invoice, Invoice.issue_date > today) == 0


def test_lines_for_full_sections_have_no_gap(session: Any) -> None:
    seed_organisation(400, 2)
    rows = session.execute(
        select(Enrollment.section_id, Enrollment.waitlist_position, Section.seats_free)
        .join(Section, Section.id == Enrollment.section_id)
        .where(Enrollment.status == "waitlisted")
        .order_by(Enrollment.section_id, Enrollment.waitlist_position)
    ).all()

    lines: dict[int, list[int]] = {}
    for section, position, free in rows:
        assert free == 0
        lines.setdefault(section, []).append(position)
    assert lines
    assert all(line == list(range(1, len(line) + 1)) for line in lines.values())


def test_what_is_made_up_is_never_mixed_with_what_is_there(session: Any) -> None:
    make.student()

    with pytest.raises(NotEmpty) as refused:
        seed_organisation(10, 1)

    assert str(refused.value) == "There are rows in student already; seed fills an empty database."
    assert number(Student) == 1


def test_accounts_that_are_there_teach_and_the_new_ones_cannot_sign_in(session: Any) -> None:
    editor = make.staff("course_editor")

    seed_organisation(20, 1)

    assert number(Course, Course.owner_id == editor.id) > 0
    assert session.scalars(select(StaffPassword.staff_id)).all() == [editor.id]


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 8, 31), date(2024, 2, 29), date(2026, 12, 31)])
def test_there_is_a_running_term_on_every_day_of_the_year(session: Any, day: date) -> None:
    seed_organisation(15, 5, on=day)

    assert number(Term, Term.kind == "term", Term.start_date <= day, Term.end_date >= day, Term.status == "open") == 1


def test_the_command_says_what_it_made_and_refuses_the_second_time(app: Any) -> None:
    runner = app.test_cli_runner()

    first = runner.invoke(seed_command, ["--students", "12", "--random-seed", "4"])
    second = runner.invoke(seed_command, ["--students", "12"])

    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "12 student" in first.output
    assert second.output.strip().endswith("There are rows in student already; seed fills an empty database.")
