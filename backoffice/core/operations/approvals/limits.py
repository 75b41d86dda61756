"""Whether a plan is so big that it needs a second person, and why: what the policies say of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sqlalchemy import func, select

from backoffice.core import reader
from backoffice.core.operations.approvals.amounts import TOUCHED, amounts, written
from backoffice.core.operations.approvals.models import ApprovalPolicy
from backoffice.core.operations.changes import CHANGE, of_operation
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.review import PLAN_ROW
from backoffice.core.operations.tables import noun
from backoffice.core.wording import gettext
from backoffice.extensions import db

_ALONG = {"cascade": "delete", "unlink": "update"}
_ACTIVE = select(ApprovalPolicy).where(ApprovalPolicy.is_active.is_(True)).order_by(ApprovalPolicy.id)


def above(stored: StoredPlan) -> str:
    """Returns why the plan needs a second person: "2,140 students; above 500 a second person approves". "" if it does not.

    Rows that go along count as rows of their own kind: who deletes students deletes their enrollments.
    """
    policies = _policies()
    touched = _touched(stored) if policies else {}
    rows = ((policy, touched.get((policy.entity_type, policy.verb), 0)) for policy in policies)
    found = (_excess(policy, count, partial(amounts, stored)) for policy, count in rows)
    return " ".join(filter(None, found))


def above_written(operation: Recording) -> str:
    """Returns the same for what an operation has written so far, of which no plan tells: a row with all its lines."""
    found = []
    for policy in _policies():
        mine = of_operation(operation.id, policy.entity_type, policy.verb)
        count = operation.connection.execute(select(func.count()).select_from(CHANGE).where(mine)).scalar_one()
        found.append(_excess(policy, count, partial(written, changed=mine)))
    return " ".join(filter(None, found))


def _policies() -> Sequence[ApprovalPolicy]:
    return db.session.scalars(_ACTIVE).all()


def _touched(stored: StoredPlan) -> dict[tuple[str, str], int]:
    """Returns how many rows the plan touches, by kind and by what happens to them."""
    rows = select(PLAN_ROW.c.entity_type, PLAN_ROW.c.outcome, func.count()).where(
        PLAN_ROW.c.plan_id == stored.id, PLAN_ROW.c.outcome.in_(TOUCHED)
    )
    found: dict[tuple[str, str], int] = {}
    for kind, outcome, count in db.session.execute(rows.group_by(PLAN_ROW.c.entity_type, PLAN_ROW.c.outcome)):
        moved = stored.verb == "delete" and outcome == "change" and kind != stored.entity_type
        key = (kind, "update" if moved else _ALONG.get(outcome, stored.verb))
        found[key] = found.get(key, 0) + count
    return found


def _excess(policy: ApprovalPolicy, rows: int, amounts_of: Callable[[str], Mapping[str, int]]) -> str:
    if not rows:
        return ""
    counted = {"number": reader.number(rows), "noun": noun(rows, policy.entity_type)}
    if policy.rows_above is not None and rows > policy.rows_above:
        most = reader.number(policy.rows_above)
        return gettext("%(number)s %(noun)s; above %(most)s a second person approves.", **counted, most=most)
    if policy.amount_above_minor is None or policy.currency is None:
        return ""
    amount = amounts_of(policy.entity_type).get(policy.currency, 0)
    if amount <= policy.amount_above_minor:
        return ""
    limit, much = (reader.minor_amount(minor, policy.currency) for minor in (policy.amount_above_minor, amount))
    return gettext(
        "%(amount)s in %(number)s %(noun)s; above %(most)s a second person approves.",
        **counted,
        amount=much,
        most=limit,
    )
