"""Reassign instead of delete: what hangs on the rows is given another row first, in the same operation."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.billing.models import Invoice
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, PlanMoved, apply, plan_delete, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Section, Term
from backoffice.extensions import db
from backoffice.students.models import Contact, StudentContact
from tests import factories
from tests.core.operations.tables import stored_rows


def these(model, *rows) -> Selection:
    return Selection.parse(model, SYSTEM, ids=[row.id for row in rows])


def where(column) -> list[int]:
    return list(db.session.scalars(select(column).order_by(column.class_.id)))


def test_what_holds_a_row_moves_and_the_row_goes_as_one_operation_and_one_undo(session) -> None:
    old, new = factories.contact(full_name="Old Firm"), factories.contact(full_name="New Firm")
    for _ in range(2):
        factories.invoice(state="draft", bill_to=old)
    factories.student_contact(contact=old, relationship="employer")
    before = stored_rows()

    held = plan_delete(these(Contact, old), SYSTEM)
    plan = plan_delete(
        these(Contact, old), SYSTEM, reassign={"invoice.bill_to_id": new.id, "student_contact.contact_id": new.id}
    )
    done = apply(plan, SYSTEM)
    moved = where(Invoice.bill_to_id), where(StudentContact.contact_id), where(Contact.id)
    counts = done.counts
    apply(plan_undo(done, SYSTEM), SYSTEM)

    assert (held.will_change, held.blocked) == (0, 1)
    assert plan.words == (
        "Delete Old Firm; first move invoices to New Firm (bill to) and student contacts to New Firm (contact)"
    )
    assert [(along.count, along.label, along.action) for along in plan.dependents] == [
        (2, "invoices", "move"),
        (1, "student contact", "move"),
    ]
    assert moved == ([new.id, new.id], [new.id], [new.id])
    assert counts == {"invoice": {"update": 2}, "student_contact": {"update": 1}, "contact": {"delete": 1}}
    assert stored_rows() == before


def test_what_moves_does_so_by_its_own_rules(session) -> None:
    old, free, new = factories.contact(), factories.contact(), factories.contact()
    factories.invoice(bill_to=old)
    factories.invoice(state="draft", bill_to=free)

    plan = plan_delete(these(Contact, old, free), SYSTEM, reassign={"invoice.bill_to_id": new.id})
    apply(plan, SYSTEM)

    assert [(refusal.count, refusal.message) for refusal in plan.refusals] == [
        (1, "Some invoices cannot be moved. The invoice is issued: correct it by a credit, or void it.")
    ]
    assert where(Invoice.bill_to_id) == [old.id, new.id]
    assert where(Contact.id) == [old.id, new.id]


def test_a_contact_that_the_student_has_already_is_not_doubled(session) -> None:
    old, new, student = factories.contact(), factories.contact(), factories.student()
    for contact in (old, new):
        factories.student_contact(student=student, contact=contact)

    plan = plan_delete(these(Contact, old), SYSTEM, reassign={"student_contact.contact_id": new.id})

    assert (plan.will_change, [refusal.count for refusal in plan.refusals]) == (0, [1])
    assert plan.refusals[0].message.startswith("Some student contacts cannot be moved. ")


@pytest.mark.parametrize(
    ("model", "column", "made"), [(Term, "term_id", factories.term), (Course, "course_id", factories.course)]
)
def test_sections_move_to_another_term_or_course(session, model, column, made) -> None:
    old, new = made(), made()
    old_id = old.id
    section = factories.section(**{column.removesuffix("_id"): old})

    apply(plan_delete(these(model, old), SYSTEM, reassign={f"section.{column}": new.id}), SYSTEM)

    assert getattr(db.session.get(Section, section.id), column) == new.id
    assert db.session.get(model, old_id) is None


def test_a_row_that_came_meanwhile_stops_it(session) -> None:
    old, new = factories.contact(), factories.contact()
    invoice = factories.invoice(state="draft", bill_to=old)
    plan = plan_delete(these(Contact, old), SYSTEM, reassign={"invoice.bill_to_id": new.id})
    apply(plan_edit(these(Invoice, invoice), {"reminder_count": 2}, SYSTEM), SYSTEM)

    with pytest.raises(PlanMoved):
        apply(plan, SYSTEM)

    assert where(Invoice.bill_to_id) == [old.id]


def test_what_cannot_be_given_instead_is_said(session) -> None:
    old, also = factories.contact(), factories.contact()
    registrar = factories.staff("registrar")

    def refused(person, **reassign) -> str:
        with pytest.raises(Invalid) as error:
            plan_delete(
                these(Contact, old, also), person, reassign={k.replace("__", "."): v for k, v in reassign.items()}
            )
        return str(error.value)

    assert "is to be deleted as well" in refused(SYSTEM, invoice__bill_to_id=also.id)
    assert "there is no such contact" in refused(SYSTEM, invoice__bill_to_id=10**9)
    assert "cannot be moved, or not by you" in refused(registrar, invoice__bill_to_id=also.id)
    assert "cannot be moved, or not by you" in refused(SYSTEM, enrollment__student_id=also.id)
