"""Invoice numbers: one series without a gap, whoever issues at the same moment, and whatever fails in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from backoffice.billing.models import Invoice
from backoffice.core.access import SYSTEM
from backoffice.core.operations import OperationError, apply, find_plan, plan_edit
from backoffice.core.selection import Selection
from backoffice.extensions import db
from tests import factories as make

PEOPLE = 3


def test_numbers_have_no_gap_when_several_issue_at_once(app: Flask) -> None:
    with app.app_context():
        drafts = [[make.invoice(state="draft").id for _ in range(2)] for _ in range(PEOPLE)]
        chosen = [Selection.parse(Invoice, SYSTEM, ids=ids) for ids in drafts]
        tokens = [plan_edit(selection, {"state": "issued"}, SYSTEM).token for selection in chosen]
    together = Barrier(PEOPLE)

    def issue(token: str) -> None:
        with app.app_context():
            plan = find_plan(token, SYSTEM)
            together.wait(timeout=20)
            apply(plan, SYSTEM)

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(issue, tokens))

    with app.app_context():
        numbers = db.session.scalars(select(Invoice.number).order_by(Invoice.number)).all()
    assert numbers == [f"INV-{place:07}" for place in range(1, 2 * PEOPLE + 1)]


def test_what_fails_takes_no_number(app: Flask) -> None:
    with app.app_context():
        first, second = make.invoice(state="draft"), make.invoice(state="draft")
        plan = plan_edit(Selection.parse(Invoice, SYSTEM, ids=[first.id]), {"state": "issued"}, SYSTEM)
        apply(
            plan_edit(Selection.parse(Invoice, SYSTEM, ids=[first.id]), {"due_date": date(2030, 1, 1)}, SYSTEM), SYSTEM
        )

        try:
            apply(plan, SYSTEM)
            failed = False
        except OperationError:
            failed = True
        apply(plan_edit(Selection.parse(Invoice, SYSTEM, ids=[second.id]), {"state": "issued"}, SYSTEM), SYSTEM)

        assert failed
        assert db.session.get_one(Invoice, second.id, populate_existing=True).number == "INV-0000001"
