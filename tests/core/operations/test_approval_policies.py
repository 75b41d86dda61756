"""Policies: from how many rows, or how much money, a change needs two; what a policy may say, and that it is on the record."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core.access import SYSTEM
from backoffice.core.operations import (
    Invalid,
    NeedsApproval,
    Operation,
    apply,
    approvals,
    create,
    plan_delete,
    plan_edit,
    plan_undo,
)
from backoffice.core.operations.approvals import ApprovalPolicy
from backoffice.core.selection import Selection
from backoffice.extensions import db
from tests import factories
from tests.core.operations.test_approvals import policy


def money(**values):
    return policy(rows_above=None, amount_above_minor=10_000, currency="EUR", **values)


def test_money_counts_by_its_sum_and_no_two_currencies_are_added(session):
    money(entity_type="payment")
    person = factories.staff("finance")
    student = factories.student()
    few = [factories.payment(student=student, amount_minor=5_000, currency=code) for code in ("EUR", "EUR", "USD")]
    noted = plan_edit(Selection.parse(Payment, person), {"note": "Checked"}, person)
    below = approvals.required(noted)
    factories.payment(student=student, amount_minor=1, currency="EUR")

    again = plan_edit(Selection.parse(Payment, person), {"note": "Checked"}, person)

    assert len(few) == 3
    assert below == ""
    assert approvals.required(again) == "100.01 EUR in 4 payments; above 100.00 EUR a second person approves."


@pytest.mark.parametrize(("now", "then"), [(100, 200), (20_000, 1)])
def test_of_two_amounts_of_a_row_the_larger_counts_at_every_door(session, now, then):
    money(entity_type="invoice_line")
    person = factories.staff("finance")
    line = factories.invoice(now, state="draft").lines[0]
    one = Selection.parse(InvoiceLine, person, ids=[line.id])

    with pytest.raises(NeedsApproval, match=r"200\.00 EUR in 1 invoice line; above 100\.00 EUR"):
        apply(plan_edit(one, {"unit": then}, person, door="form"), person)


def test_the_amounts_of_deleted_rows_count_when_they_are_brought_back(session):
    invoice = factories.invoice(30_000, state="draft")
    gone = apply(plan_delete(Selection.parse(Invoice, SYSTEM, ids=[invoice.id]), SYSTEM), SYSTEM)
    money(entity_type="invoice", verb="undo")

    assert approvals.required(plan_undo(gone, SYSTEM)) == (
        "300.00 EUR in 1 invoice; above 100.00 EUR a second person approves."
    )


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({}, "rows_above", "Say above how many rows, or above which amount."),
        ({"rows_above": -1}, "rows_above", "This cannot be below 0."),
        ({"amount_above": 5, "currency": "EUR"}, "amount_above", "Rows of this grid hold no amount"),
        ({"rows_above": 5, "currency": "EUR"}, "amount_above", "An amount needs its currency"),
        ({"rows_above": 5, "entity_type": "nothing"}, "entity_type", "choose one of"),
    ],
)
def test_a_policy_that_says_nothing_sensible_is_refused_at_its_field(session, values, field, message):
    with pytest.raises(Invalid) as refused:
        create(ApprovalPolicy, {"entity_type": "student", "verb": "delete", "is_active": True} | values, SYSTEM, "form")

    assert message in refused.value.errors[field]


def test_there_is_one_active_policy_for_a_grid_and_verb(session):
    policy()

    with pytest.raises(Invalid, match="There is an active policy for this already"):
        create(ApprovalPolicy, {"entity_type": "student", "verb": "update", "rows_above": 9}, SYSTEM, "form")
    factories.approval_policy()


def test_a_policy_and_its_changes_are_operations(session):
    made = policy()
    apply(plan_edit(Selection.parse(ApprovalPolicy, SYSTEM), {"rows_above": 500}, SYSTEM), SYSTEM)

    last = db.session.get(Operation, db.session.scalar(text("SELECT max(id) FROM operation")))

    assert db.session.get(ApprovalPolicy, made.id).rows_above == 500
    assert last.title == "Set above rows to 500 for 1 approval policy"
