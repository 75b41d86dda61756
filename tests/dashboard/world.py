"""A small organisation whose every figure can be counted by hand. Some rows break rules on purpose, so they go in bare."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core import clock
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.staff.models import StaffUser
from backoffice.students.models import Student

ADMIN, EDITOR, OTHER_EDITOR = 1, 2, 3


def day(offset: int) -> date:
    """Returns the day that many days from today."""
    return clock.today() + timedelta(days=offset)


class World:
    """Writes rows past the operations."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, model: type[Any], **values: Any) -> int:
        """Inserts a row with the derived columns and returns its id."""
        row = {"version": 1, "created_at": clock.utcnow(), "updated_at": clock.utcnow()} | values
        names = {column.name for column in model.__table__.columns if column.computed is None}
        defaults = {column.name: None for column in model.__table__.columns if column.nullable}
        row |= model.derive(defaults | row)
        statement = insert(model.__table__).values({name: row[name] for name in row if name in names})
        return int(self.connection.execute(statement).inserted_primary_key[0])

    def seat(self, student: int, section: int, status: str, **values: Any) -> int:
        if status in ("withdrawn", "dropped"):
            values = {"end_reason": "personal"} | values
        return self.add(Enrollment, student_id=student, section_id=section, status=status, **values)

    def invoice(self, number: str | None, student: int, issued: int, due: int, total: int, **values: Any) -> int:
        """Inserts an issued invoice with one line of its total; `lines` holds other amounts."""
        lines = values.pop("lines", (("tuition", total),))
        row = {"state": "issued", "currency": "EUR", "number": number, "issue_date": day(issued), "due_date": day(due)}
        row |= values
        invoice = self.add(Invoice, student_id=student, total_minor=total, **row)
        for position, (kind, amount) in enumerate(lines, 1):
            self.add(
                InvoiceLine,
                invoice_id=invoice,
                currency=row["currency"],
                line_no=position,
                kind=kind,
                description=kind,
                unit_minor=amount,
            )
        return invoice

    def pay(self, student: int, invoice: int | None, amount: int, on: int, **values: Any) -> int:
        row = {"kind": "payment", "status": "succeeded", "currency": "EUR", "recorded_by_id": ADMIN} | values
        return self.add(
            Payment, student_id=student, invoice_id=invoice, amount_minor=amount, received_on=day(on), **row
        )


def build() -> None:
    """Fills the empty database."""
    with db.engine.connect().execution_options(unrecorded=True) as connection, connection.begin():
        world = World(connection)
        for number, role in ((ADMIN, "admin"), (EDITOR, "course_editor"), (OTHER_EDITOR, "course_editor")):
            name = f"world_{role}{number}"
            world.add(StaffUser, id=number, username=name, email=f"{name}@example.org", full_name=name, role=role)
        if connection.dialect.name == "postgresql":  # whoever comes next gets a number of their own
            sequence = "pg_get_serial_sequence('staff_user', 'id')"
            connection.exec_driver_sql(f"SELECT setval({sequence}, greatest(nextval({sequence}), {OTHER_EDITOR}))")
        students = [
            world.add(
                Student,
                student_number=f"S{number}",
                full_name=f"Student {number}",
                status="applicant" if number >= 7 else "active",
                financial_hold=number == 2,
                hold_reason="Owes a book" if number == 2 else None,
            )
            for number in range(1, 9)
        ]
        _teach(world, students)
        _bill(world, students)


def _teach(world: World, students: list[int]) -> None:
    s1, s2, s3, s4, s5, s6, s7, s8 = students
    past = world.add(Term, code="T1", name="Past", start_date=day(-400), end_date=day(-200), status="closed")
    present = world.add(Term, code="T2", name="Present", start_date=day(-60), end_date=day(60), status="open")
    algebra = world.add(Course, code="ALG", title="Algebra", status="published", owner_id=EDITOR)
    biology = world.add(Course, code="BIO", title="Biology", status="published", owner_id=OTHER_EDITOR)

    def section(code: str, course: int, term: int, first: int, last: int, capacity: int, status: str) -> int:
        calendar = {"start_date": day(first), "end_date": day(last)}
        return world.add(
            Section, code=code, name=code, course_id=course, term_id=term, capacity=capacity, status=status, **calendar
        )

    alg1 = section("ALG-1", algebra, past, -400, -200, 30, "completed")
    alg2 = section("ALG-2", algebra, present, -60, 60, 2, "in_progress")
    bio2 = section("BIO-2", biology, present, -60, 60, 3, "open")
    bio3 = section("BIO-3", biology, present, 10, 60, 1, "planned")

    began = {"start_date": day(-400)}
    world.seat(s1, alg1, "completed", final_result="pass", end_date=day(-200), **began)
    world.seat(s2, alg1, "completed", final_result="fail", end_date=day(-200), **began)
    world.seat(s3, alg1, "withdrawn", end_date=day(-300), **began)
    world.seat(s4, alg1, "dropped", end_date=day(-390), **began)
    world.seat(s5, alg1, "active", **began)
    for student, status in ((s1, "active"), (s2, "active"), (s3, "suspended")):
        world.seat(student, alg2, status, start_date=day(-60))
    world.seat(s6, alg2, "waitlisted", waitlist_position=1, applied_on=day(-10))
    world.seat(s1, bio2, "active", start_date=day(-60))
    world.seat(s6, bio2, "active", applied_on=day(-20), start_date=day(-15))
    world.seat(s7, bio2, "applied", applied_on=day(-5))
    world.seat(s8, bio2, "applied", applied_on=day(-1))
    world.seat(s4, bio2, "waitlisted", waitlist_position=1, applied_on=day(-8))
    world.seat(s5, bio3, "rejected", applied_on=day(-2))


def _bill(world: World, students: list[int]) -> None:
    s1, s2, s3, s4, s5, s6, *_ = students
    first = world.invoice("I1", s1, -100, -70, 10000, settled_minor=4000)
    world.pay(s1, first, 4000, -80)
    world.invoice("I2", s1, -20, 0, 5000, lines=(("tuition", 6000), ("discount", -1000)))
    third = world.invoice("I3", s2, -40, -10, 3000, settled_minor=3000)
    world.pay(s2, third, 2000, -30)
    world.pay(s2, third, 1000, -30, kind="write_off", note="Goodwill")
    fourth = world.invoice("I4", s3, -130, -100, 7000)
    world.pay(s3, fourth, 9900, -1, status="pending")
    world.invoice("I5", s2, -5, 5, 2000, currency="USD")
    world.invoice(None, s4, -5, 5, 99900, state="draft", issue_date=None, due_date=None)
    world.invoice("I7", s4, -5, 5, 500, state="void", void_reason="Wrong student")
    eighth = world.invoice("I8", s5, -30, -1, 1000, settled_minor=2500)
    paid = world.pay(s5, eighth, 3000, -3)
    world.pay(s5, eighth, 500, -2, kind="refund", refund_of_id=paid)
    world.invoice("I9", s6, -1, 30, 1000, currency="JPY", lines=(("tuition", 900),))
    ahead = world.pay(s6, None, 1200, -4)
    world.pay(s6, None, 200, -3, kind="refund", refund_of_id=ahead)
