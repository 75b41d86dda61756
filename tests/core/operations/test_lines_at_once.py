"""Several people add lines to one row at the very same moment: everybody's are there, numbered without a gap, or one is told why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.billing.models import Invoice, InvoiceLine
from backoffice.core.access import SYSTEM
from backoffice.core.operations import (
    InvalidLines,
    Line,
    Lines,
    OperationError,
    apply,
    create,
    edit_with_lines,
    find_plan,
    plan_delete,
    plan_edit,
    verifying,
)
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Lesson
from backoffice.extensions import db
from backoffice.students.models import Student, StudentContact
from tests import factories as make

PEOPLE = 4
ROUNDS = 3


def at_once(app: Flask, works: Sequence[Callable[[], Any]]) -> list[str]:
    """Has each work done by somebody of their own, all beginning together. Returns "done", or what each was told."""
    together = Barrier(len(works))

    def do(work: Callable[[], Any]) -> str:
        with app.app_context():
            db.session.connection()
            db.session.rollback()
            together.wait(timeout=20)
            try:
                work()
            except InvalidLines as error:
                return " ".join([*error.errors.values(), *(text for _, of in error.lines for text in of.values())])
            except OperationError as error:
                return str(error)
            return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def adds(model: Any, row_id: int, kind: Any, by: str, line: dict[str, Any]) -> Callable[[], Any]:
    """Returns the saving of a form in which somebody added a line."""
    lines = [Lines(kind, by, [Line(line)], (), {"currency": "EUR"} if kind is InvoiceLine else {})]
    return lambda: edit_with_lines(Selection.parse(model, SYSTEM, ids=[row_id]), {}, lines, SYSTEM, door="form")


def applied(token: str) -> Any:
    return apply(find_plan(token, SYSTEM), SYSTEM)


def invoice_lines(row_id: int) -> list[tuple[int, str]]:
    rows = select(InvoiceLine.line_no, InvoiceLine.description).where(InvoiceLine.invoice_id == row_id)
    return [tuple(row) for row in db.session.execute(rows.order_by(InvoiceLine.line_no))]


def problems() -> list[str]:
    return list(verifying.problems(db.session()))


def test_lines_that_several_add_at_once_are_all_there_and_numbered_without_a_gap(app: Flask) -> None:
    with app.app_context():
        row_id = make.invoice(100, state="draft").id

    for number in range(ROUNDS):
        told = at_once(
            app,
            [
                adds(Invoice, row_id, InvoiceLine, "invoice", {"description": f"{number}/{who}", "unit": "1"})
                for who in range(PEOPLE)
            ],
        )
        assert told == ["done"] * PEOPLE

    with app.app_context():
        lines = invoice_lines(row_id)
        assert [place for place, _ in lines] == list(range(1, 2 + ROUNDS * PEOPLE))
        assert {text for _, text in lines[1:]} == {
            f"{number}/{who}" for number in range(ROUNDS) for who in range(PEOPLE)
        }
        assert db.session.get_one(Invoice, row_id).total_minor == 100 + 100 * ROUNDS * PEOPLE
        assert problems() == []


def test_lessons_that_several_add_at_once_stand_one_behind_the_other(app: Flask) -> None:
    with app.app_context():
        row_id = make.course().id

    told = at_once(
        app, [adds(Course, row_id, Lesson, "course", {"title": f"{who}", "kind": "video"}) for who in range(PEOPLE)]
    )

    assert told == ["done"] * PEOPLE
    with app.app_context():
        places = db.session.scalars(select(Lesson.position).where(Lesson.course_id == row_id).order_by(Lesson.position))
        assert list(places) == list(range(1, 1 + PEOPLE))


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        ({"contact": True}, "This contact is linked to the student already."),
        ({"is_primary": True}, "The student has a primary contact already."),
    ],
)
def test_of_several_contacts_of_which_there_may_be_one_the_first_is_kept_and_others_are_told(
    app: Flask, shared: dict[str, bool], told: str
) -> None:
    with app.app_context():
        student = make.student().id
        contacts = [make.contact().id for _ in range(PEOPLE)]
    lines = [
        {
            "contact": contacts[0] if "contact" in shared else contact,
            "relationship": "other",
            "is_primary": "is_primary" in shared,
        }
        for contact in contacts
    ]

    answers = at_once(app, [adds(Student, student, StudentContact, "student", line) for line in lines])

    assert sorted(answers) == sorted(["done", *[told] * (PEOPLE - 1)])
    with app.app_context():
        assert len(list(db.session.scalars(select(StudentContact.id)))) == 1
        assert problems() == []


def test_contacts_that_several_add_at_once_are_all_there(app: Flask) -> None:
    with app.app_context():
        student = make.student().id
        contacts = [make.contact().id for _ in range(PEOPLE)]

    works = [
        adds(Student, student, StudentContact, "student", {"contact": contact, "relationship": "other"})
        for contact in contacts
    ]
    told = at_once(app, works)

    assert told == ["done"] * PEOPLE
    with app.app_context():
        assert set(db.session.scalars(select(StudentContact.contact_id))) == set(contacts)


def test_who_adds_a_line_in_its_own_list_meanwhile_hears_what_is_wrong_and_not_to_try_again(app: Flask) -> None:
    told = []
    for number in range(3 * ROUNDS):
        with app.app_context():
            row_id = make.invoice(100, state="draft").id
        line = {"description": f"{number}", "unit": "1", "kind": "fee"}
        full = {**line, "invoice": row_id, "currency": "EUR", "line_no": 2}
        in_form = adds(Invoice, row_id, InvoiceLine, "invoice", line)
        told.append(at_once(app, [in_form, partial(create, InvoiceLine, full, SYSTEM, "form")]))

    assert [in_form for in_form, _ in told] == ["done"] * len(told)
    assert {alone for _, alone in told} <= {"done", "The invoice has a line with this number."}


def test_a_line_that_is_added_while_its_invoice_goes_goes_with_it_or_is_told_so(app: Flask) -> None:
    with app.app_context():
        rows = [make.invoice(100, state="draft").id for _ in range(2 * ROUNDS)]
        tokens = [plan_delete(Selection.parse(Invoice, SYSTEM, ids=[row]), SYSTEM).token for row in rows]
    told = []

    for row, token in zip(rows, tokens, strict=True):
        add = adds(Invoice, row, InvoiceLine, "invoice", {"description": "more", "unit": "1"})
        told.append(at_once(app, [partial(applied, token), add]))

    assert {answer for _, answer in told} <= {"done", "This invoice was deleted meanwhile."}
    with app.app_context():
        there = list(db.session.scalars(select(Invoice.id)))
        assert len(there) == [deleted == "done" for deleted, _ in told].count(False)
        assert set(db.session.scalars(select(InvoiceLine.invoice_id))) == set(there)
        assert problems() == []


def test_a_line_that_is_added_while_the_invoice_is_issued_is_on_it_or_refused(app: Flask) -> None:
    with app.app_context():
        rows = [make.invoice(100, state="draft").id for _ in range(2 * ROUNDS)]
        tokens = [
            plan_edit(Selection.parse(Invoice, SYSTEM, ids=[row]), {"state": "issued"}, SYSTEM, door="form").token
            for row in rows
        ]

    for number, (row, token) in enumerate(zip(rows, tokens, strict=True)):
        new = {"description": "more", "unit": "1"}
        full = {**new, "invoice": row, "currency": "EUR", "line_no": 2}
        add = adds(Invoice, row, InvoiceLine, "invoice", new)
        if number % 2:
            add = partial(create, InvoiceLine, full, SYSTEM, "form")
        at_once(app, [partial(applied, token), add])

    with app.app_context():
        for row in rows:
            invoice = db.session.get_one(Invoice, row)
            assert invoice.total_minor == 100 * len(invoice.lines)
        assert problems() == []
