"""What follows from the money can be asked for: every filter finds the rows that show the value, however they are found."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.billing.models import Invoice
from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.money import to_decimal
from backoffice.core.selection import Selection, approach, fields_of
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories as make

COMPUTED = (
    (Student, "billing_status"),
    (Student, "studying"),
    (Invoice, "billing_status"),
    (Invoice, "disagrees"),
)
COMPARED = {":": eq, ">": gt, ">=": ge, "<": lt, "<=": le}
AMOUNTS = ("0", "0.01", "25", "99.99", "100.50", "10050")


@pytest.fixture
def bills(session: Any) -> None:
    """Twelve students with invoices of all kinds, some with money on account, some in a class."""
    lot, today = random.Random(5), clock.today()
    for number in range(12):
        student = make.student()
        for _ in range(number % 4):
            make.invoice(
                10_050,
                paid=0 if (state := lot.choice(["draft", "void", *["issued"] * 4])) != "issued" else lot.choice(PAID),
                state=state,
                student=student,
                currency=lot.choice(["EUR", "EUR", "JPY", "KWD"]),
                **{"due_date": today + timedelta(days=lot.randrange(-3, 4))} if state == "issued" else {},
            )
        if lot.random() < 0.3:
            make.payment(student=student, status=lot.choice(["succeeded", "pending"]))
        if lot.random() < 0.3:
            make.enrollment(student=student, status=lot.choice(["active", "completed"]))


PAID = (0, 2_500, 10_050, 12_000)


def found(model: Any, search: str, monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Returns the ids of the rows, once it is certain that each way of finding them gives the same."""
    whole = set(db.session.scalars(Selection.parse(model, SYSTEM, search=search).select_ids()))
    for few in (0, 20_000):
        monkeypatch.setattr(approach, "FEW", few)
        assert {row["id"] for row in Selection.parse(model, SYSTEM, search=search).page((), 200).rows} == whole, few
    return whole


@pytest.mark.parametrize(("model", "name"), COMPUTED)
def test_a_filter_finds_exactly_the_rows_that_show_its_choice(
    bills: None, model: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = dict(db.session.execute(select(model.id, getattr(model, name))).all())
    choices = {choice: choice for choice in fields_of(model)[name].choices} or {"yes": True, "no": False}

    filtered = {said: found(model, f"{name}:{said}", monkeypatch) for said in choices}

    assert filtered == {said: {n for n, value in shown.items() if value == meant} for said, meant in choices.items()}


@pytest.mark.parametrize("name", ["total", "settled", "balance"])
def test_amounts_are_compared_exactly_in_each_currency(bills: None, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = db.session.execute(select(Invoice.id, getattr(Invoice, f"{name}_minor"), Invoice.currency)).all()
    asked = [(op, amount) for op in COMPARED for amount in AMOUNTS]

    filtered = {(op, amount): found(Invoice, f"{name}{op}{amount}", monkeypatch) for op, amount in asked}

    assert filtered == {
        (op, amount): {n for n, minor, currency in rows if COMPARED[op](to_decimal(minor, currency), Decimal(amount))}
        for op, amount in asked
    }


def test_several_references_find_the_invoice_of_each(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    issued, draft, _ = make.invoice(5_000), make.invoice(5_000, state="draft"), make.invoice(5_000)

    assert found(Invoice, f'reference:{issued.number},"Draft {draft.id}"', monkeypatch) == {issued.id, draft.id}
