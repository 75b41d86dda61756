"""A bulk edit of every withdrawn enrollment's reason: review, apply and undo beside the bare UPDATE."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from backoffice.core.access import SYSTEM
from backoffice.core.operations import apply, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from tests.benchmarks.measuring import Bench, Figure, timed

MOST = 100_000


def measure(bench: Bench) -> Iterator[Figure]:
    """Yields the duration of each step, for 100,000 enrollments at most; the rows are as before afterwards."""
    with bench.app.app_context():
        floor, rows = timed(_bare)
        selection = Selection.parse(Enrollment, SYSTEM, search=f"status:withdrawn id<={_last()}")
        review, plan = timed(lambda: plan_edit(selection, {"end_reason": "health"}, SYSTEM))
        yield Figure("bulk edit: rows", rows, "")
        yield Figure("bulk edit: review", review, "ms", "", floor)
        edit, operation = timed(lambda: apply(plan, SYSTEM))
        yield Figure("bulk edit: apply", edit, "ms", "4x bare SQL", floor)
        review, back = timed(lambda: plan_undo(operation, SYSTEM))
        yield Figure("bulk edit: review of the undo", review, "ms", "", floor)
        undo, _ = timed(lambda: apply(back, SYSTEM))
        yield Figure("bulk edit: undo", undo, "ms", "6x bare SQL", floor)


def _last() -> int:
    """Returns the number of the last enrollment that is meant."""
    chosen = text("SELECT id FROM enrollment WHERE status = 'withdrawn' ORDER BY id LIMIT :most")
    return max(db.session.scalars(chosen, {"most": MOST}))


def _bare() -> int:
    """The floor, rolled back: the same rows and field, without version or history."""
    last = _last()
    db.session.rollback()
    with db.engine.connect().execution_options(unrecorded=True, writing=True) as connection:
        edit = text("UPDATE enrollment SET end_reason = 'transfer' WHERE status = 'withdrawn' AND id <= :last")
        found = connection.execute(edit, {"last": last}).rowcount
        connection.rollback()
    return found
