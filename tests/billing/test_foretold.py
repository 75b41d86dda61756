"""A review says of how many invoices the total, or what is settled, will be another one."""

from __future__ import annotations

from typing import Any

from backoffice.billing.models import InvoiceLine, Payment
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Add, apply, plan_delete, plan_edit
from backoffice.core.selection import Selection
from tests import factories as make


def of(model: Any, rows: list[Any]) -> Selection:
    return Selection.parse(model, SYSTEM, ids=[row.id for row in rows])


def test_lines_that_cost_more_give_their_drafts_another_total(session: Any) -> None:
    drafts = [make.invoice(state="draft") for _ in range(2)]
    lines = [line for draft in drafts for line in draft.lines]

    dearer = plan_edit(of(InvoiceLine, lines), {"unit": Add("10")}, SYSTEM)
    renamed = plan_edit(of(InvoiceLine, lines), {"description": "Else"}, SYSTEM)

    assert [(one.label, one.count, one.action) for one in dearer.follows] == [("invoices", 2, "will get another total")]
    assert renamed.follows == []
    assert apply(dearer, SYSTEM).counts["invoice"] == {"update": 2}


def test_lines_that_go_take_their_amount_along(session: Any) -> None:
    draft = make.invoice(state="draft")

    plan = plan_delete(of(InvoiceLine, list(draft.lines)), SYSTEM)

    assert [(one.label, one.count) for one in plan.follows] == [("invoice", 1)]


def test_payments_that_succeed_settle_their_invoices(session: Any) -> None:
    invoice = make.invoice()
    payments = [make.payment(invoice=invoice, status="pending") for _ in range(2)]

    plan = plan_edit(of(Payment, payments), {"status": "succeeded"}, SYSTEM)

    assert [(one.label, one.count, one.action) for one in plan.follows] == [("invoice", 1, "will be settled otherwise")]
    assert apply(plan, SYSTEM).counts["invoice"] == {"update": 1}
