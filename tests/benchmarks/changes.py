"""A bulk edit of every withdrawn enrollment's reason: review, apply and undo beside the bare UPDATE."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from backoffice.core.access import SYSTEM
from backoffice.core.operations import apply, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from tests.benchmarks.measuring import Figure


def measure(app: Flask, client: FlaskClient) -> Iterator[Figure]:
    """Yields the duration of each step; the rows are as before afterwards."""
    with app.app_context():
        floor, _ = _timed(_bare)
        selection = Selection.parse(Enrollment, SYSTEM, search="status:withdrawn")
        review, plan = _timed(lambda: plan_edit(selection, {"end_reason": "health"}, SYSTEM))
        rows = f"{plan.will_change:,} enrollments"
        yield Figure(f"review of a bulk edit, {rows}", review, "ms", floor)
        edit, operation = _timed(lambda: apply(plan, SYSTEM))
        yield Figure(f"apply, {rows}", edit, "ms", floor, "4x at 100,000")
        review, back = _timed(lambda: plan_undo(operation, SYSTEM))
        yield Figure(f"review of the undo, {rows}", review, "ms", floor)
        undo, _ = _timed(lambda: apply(back, SYSTEM))
        yield Figure(f"undo, {rows}", undo, "ms", floor, "6x at 100,000")


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


def _bare() -> None:
    """The floor, rolled back: the same rows and field, without version or history."""
    with db.engine.connect().execution_options(unrecorded=True, writing=True) as connection:
        connection.execute(text("UPDATE enrollment SET end_reason = 'transfer' WHERE status = 'withdrawn'"))
        connection.rollback()
