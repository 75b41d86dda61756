"""How much money a plan is about: the amounts of the rows that it changes, currency by currency, never added together.

Which column is a row's amount, its model says (`__amount__`). Where a row has one amount before and another one after, the
larger counts; amounts below zero count as what they are worth.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, case, func, select

from backoffice.core.access import SYSTEM
from backoffice.core.model import Record
from backoffice.core.operations import edit_review, elsewhere, snapshot
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.review import PLAN_ROW
from backoffice.core.operations.tables import model_named, table_of
from backoffice.extensions import db

TOUCHED = ("change", "cascade", "unlink")


def amounts(stored: StoredPlan, entity_type: str) -> dict[str, int]:
    """Returns the minor units of the rows of this kind that the plan changes, by currency; {} for rows without money."""
    model = model_named(entity_type)
    if not model.__amount__:
        return {}
    table = table_of(model)
    currency = table.columns[table.columns[model.__amount__].type.currency]  # type: ignore[attr-defined]
    if stored.verb == "undo":
        return _summed(*_taken_back(stored, table, table.columns[model.__amount__], currency))
    planned = select(PLAN_ROW.c.entity_id).where(_of(stored, table), PLAN_ROW.c.outcome.in_(TOUCHED))
    amount = _larger(table.columns[model.__amount__], _new_amount(stored, model))
    return _summed(currency, amount, table, table.c.id.in_(planned))


def written(entity_type: str, changed: ColumnElement[bool]) -> dict[str, int]:
    """Returns the same for rows that are written already: those of the changes that meet `changed`."""
    model = model_named(entity_type)
    if not model.__amount__:
        return {}
    table = table_of(model)
    amount = table.columns[model.__amount__]
    currency = table.columns[amount.type.currency]  # type: ignore[attr-defined]
    return _summed(*_before_and_now(table, amount, currency, CHANGE), changed)


def _before_and_now(table: Table, amount: Any, currency: Any, changes: FromClause) -> tuple[Any, Any, Any]:
    """Returns currency, the larger amount, and the changes with the rows that they are of: as they are, and as they were."""
    dialect = db.session.get_bind().dialect.name
    before = {column.name: snapshot.restore(dialect, CHANGE.c.before, column) for column in (amount, currency)}
    rows = changes.outerjoin(table, table.c.id == CHANGE.c.entity_id)
    return func.coalesce(currency, before[currency.name]), _larger(amount, before[amount.name]), rows


def _summed(currency: Any, amount: Any, source: Any, where: Any) -> dict[str, int]:
    grouped = select(currency, func.sum(amount)).select_from(source).where(where).group_by(currency)
    return {code: int(total or 0) for code, total in db.session.execute(grouped) if code is not None}


def _new_amount(stored: StoredPlan, model: type[Record]) -> ColumnElement[Any] | None:
    """Returns what the rows' amount becomes, where an edit says so."""
    if stored.verb != "update" or stored.entity_type != table_of(model).name or elsewhere.module_of(stored):
        return None
    column = table_of(model).columns[model.__amount__]
    after = edit_review.amount_after(db.session.connection(), stored, SYSTEM)
    return None if after is None else snapshot.stored(db.session.get_bind().dialect.name, after, column.type)


def _taken_back(stored: StoredPlan, table: Table, amount: Any, currency: Any) -> tuple[Any, Any, Any, Any]:
    """Returns currency, amount, source and condition of the rows that go back: as they are, and as they were before."""
    joined = PLAN_ROW.join(
        CHANGE,
        and_(
            CHANGE.c.operation_id == stored.undoes_id,
            CHANGE.c.entity_type == PLAN_ROW.c.entity_type,
            CHANGE.c.entity_id == PLAN_ROW.c.entity_id,
        ),
    )
    goes = and_(_of(stored, table), PLAN_ROW.c.outcome == "change")
    return *_before_and_now(table, amount, currency, joined), goes


def _of(stored: StoredPlan, table: Table) -> ColumnElement[bool]:
    return and_(PLAN_ROW.c.plan_id == stored.id, PLAN_ROW.c.entity_type == table.name)


def _larger(amount: ColumnElement[Any], other: ColumnElement[Any] | None) -> ColumnElement[Any]:
    mine = func.abs(func.coalesce(amount, 0))
    if other is None:
        return mine
    theirs = func.abs(func.coalesce(other, 0))
    return case((theirs > mine, theirs), else_=mine)
