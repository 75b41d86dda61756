"""Whether an operation can be taken back, and what to do instead where a rule keeps it for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backoffice.billing.models import InvoiceLine, Payment
from backoffice.core.access import SYSTEM
from backoffice.core.clock import utcnow
from backoffice.core.operations import (
    Operation,
    apply,
    create,
    history,
    plan_delete,
    plan_edit,
    plan_undo,
    pruning,
    record_event,
)
from backoffice.core.operations.undoable import Answer, answer, answers
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import statements
from tests.core.operations.test_additions import pay
from tests.core.operations.test_births import load
from tests.core.operations.test_seals import alter

OFFERED, NOT = Answer(True), Answer(False)
KEPT = Answer(False, "The ledger is kept: refund or void the payment.")
ISSUED = Answer(False, "An issued invoice is not taken back: void it.")
FROZEN = Answer(False, "The invoice is issued: correct it by a credit, or void it.")


def edit(row: Any, person: Any = SYSTEM, **values: Any) -> Operation:
    return apply(plan_edit(Selection.parse(type(row), SYSTEM, ids=[row.id]), values, person, door="form"), person)


def last() -> Operation:
    return db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()


def payment(**values: Any) -> Operation:
    invoice = factories.invoice(10_000)
    whose = {"student": invoice.student_id, "invoice": invoice.id, "recorded_by": factories.staff("finance").id}
    money = {"kind": "payment", "method": "cash", "currency": "EUR", "amount": 5, "received_on": "2026-03-01"}
    create(Payment, {**whose, **money, **values}, SYSTEM, "form")
    return last()


def test_what_the_ledger_keeps_is_not_offered_and_says_what_to_do_instead(session) -> None:
    person = factories.staff("admin")
    paid = apply(pay(person, [factories.invoice(10_000), factories.invoice(5_000)]), person)
    entered, waiting = payment(status="succeeded"), payment(status="pending")

    assert [answer(person, done.id) for done in (paid, entered, waiting)] == [KEPT, KEPT, OFFERED]
    assert plan_undo(paid, person).will_change == 0


def test_an_issued_invoice_says_to_void_it_and_its_lines_to_correct_it(session) -> None:
    invoice = factories.invoice(10_000, state="draft")
    line = {"invoice": invoice.id, "currency": "EUR", "description": "x", "line_no": 2, "unit": 1, "kind": "fee"}
    first = invoice.lines[0].id
    added = create(InvoiceLine, line, SYSTEM, "form")
    adding = last()
    while_draft = answer(SYSTEM, adding.id)
    changing = edit(added, description="y")
    going = apply(plan_delete(Selection.parse(InvoiceLine, SYSTEM, ids=[first]), SYSTEM), SYSTEM)
    issuing = edit(invoice, state="issued")

    assert while_draft == OFFERED
    assert [answer(SYSTEM, done.id) for done in (adding, changing, going)] == [FROZEN, FROZEN, FROZEN]
    assert answer(SYSTEM, issuing.id) == ISSUED
    assert [plan_undo(done, SYSTEM).will_change for done in (adding, changing, going, issuing)] == [0, 0, 0, 0]


def test_an_operation_of_which_some_rows_go_back_is_offered(session) -> None:
    person = factories.staff("finance")
    one, two = factories.invoice(10_000, state="draft"), factories.invoice(5_000)
    both = Selection.parse(type(one), person, ids=[one.id, two.id])
    counted = apply(plan_edit(both, {"reminder_count": 1}, person, door="bulk"), person)

    edit(one, state="issued")

    assert answer(person, counted.id) == OFFERED


def test_an_undo_is_offered_once_to_whoever_did_it_and_to_administrators(session) -> None:
    mine, other, admin = (factories.staff(role) for role in ("registrar", "registrar", "admin"))
    done = edit(factories.student(city="Leeds"), mine, city="York")
    before = [answer(person, done.id) for person in (mine, other, admin)]
    undone = apply(plan_undo(done, mine), mine)

    assert before == [OFFERED, NOT, OFFERED]
    assert [answer(mine, one.id) for one in (done, undone)] == [NOT, OFFERED]


def test_what_left_no_changes_or_lost_them_is_not_offered(session) -> None:
    event = record_event(SYSTEM, "export", door="command", title="Exported 3 students", model=Student, row_count=3)
    loaded, edited = load(3), edit(factories.student(city="Leeds"), city="York")
    before = [answer(SYSTEM, done.id) for done in (event, loaded, edited)]
    alter("UPDATE operation SET at = :at WHERE id <= :id", at=utcnow() - timedelta(days=200), id=edited.id)
    pruning.prune(100, SYSTEM)

    assert before == [NOT, OFFERED, OFFERED]
    assert answer(SYSTEM, edited.id) == NOT


def test_many_are_answered_by_as_many_statements_as_one(app, session) -> None:
    person = factories.staff("finance")
    done = [apply(pay(person, [factories.invoice(10_000)]), person) for _ in range(12)]
    numbers = [operation.id for operation in done]

    answers(person, numbers)
    with statements(app) as few:
        answers(person, numbers[:1])
    with statements(app) as many:
        found = answers(person, numbers)

    assert found == dict.fromkeys(numbers, KEPT)
    assert len(many) == len(few)


def test_the_history_of_a_row_offers_no_undo_that_a_rule_refuses(session) -> None:
    invoice, student = factories.invoice(10_000, state="draft"), factories.student(city="Leeds")
    edit(invoice, reminder_count=1)
    edit(invoice, state="issued")
    edit(student, city="York")

    assert [entry.undo for entry in history(SYSTEM, type(invoice), invoice.id)][:2] == ["", "Undo"]
    assert history(SYSTEM, Student, student.id)[0].undo == "Undo"
