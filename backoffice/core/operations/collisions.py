"""Rows of one edit that would come to share what must be unique: found in the review, not by the database at the end.

A rule compares each row with those that are stored; what the rows of the plan do to each other only the whole plan shows.
Nobody can say which of them is meant, so all that would share a value are refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, FromClause, Table, and_, func, literal_column, select, text, tuple_, update

from backoffice.core.model import Record
from backoffice.core.operations import following, review
from backoffice.core.operations.constraints import Unique, uniques_of
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.review import PLAN_ROW
from backoffice.core.operations.tables import table_of
from backoffice.core.operations.writes import chunks

After = Mapping[str, Any]  # column -> the SQL expression of its new value


def refuse(
    connection: Connection, plan: StoredPlan, model: type[Record], after: After, derived: frozenset[str]
) -> None:
    """Refuses, in the plan's rows, those that would share what is unique with another one. `derived` are columns whose
    new values only `model.derive()` knows."""
    settled = following.settled(model, frozenset(after))
    for unique in uniques_of(table_of(model)):
        if unique.name in settled:
            continue
        if not derived.isdisjoint(unique.columns):
            for ids in chunks(list(_derived_twins(connection, plan, model, after, unique))):
                _mark(connection, plan, unique, ids)
        elif not after.keys().isdisjoint(unique.columns):
            _mark(connection, plan, unique, _twins(plan, table_of(model), after, unique))


def _mark(connection: Connection, plan: StoredPlan, unique: Unique, ids: Any) -> None:
    mine = (PLAN_ROW.c.plan_id == plan.id, PLAN_ROW.c.entity_type == plan.entity_type, PLAN_ROW.c.entity_id.in_(ids))
    connection.execute(update(PLAN_ROW).where(*mine).values(outcome="refused", rule=unique.name))


def _twins(plan: StoredPlan, table: Table, after: After, unique: Unique) -> Any:
    """Returns the SELECT of the rows that would have the same."""
    state = _state(plan, table, after)
    keys = [state.c[name] for name in unique.columns]
    meant = [key.is_not(None) for key in keys] + ([text(f"({unique.condition})")] if unique.condition else [])
    sharing = func.count().over(partition_by=keys).label("sharing")
    shared = select(literal_column("row_id").label("row_id"), sharing).select_from(state).where(and_(*meant)).subquery()
    return select(shared.c.row_id).where(shared.c.sharing > 1)


def _state(plan: StoredPlan, table: Table, after: After) -> FromClause:
    """Returns the rows that would change as they would be, with their number as `row_id`."""
    columns = [after.get(column.name, column).label(column.name) for column in table.columns if column.name != "id"]
    ids = review.rows_of(plan, "change")
    return select(table.c.id.label("row_id"), *columns).where(table.c.id.in_(ids)).subquery("state")


def _derived_twins(
    connection: Connection, plan: StoredPlan, model: type[Record], after: After, unique: Unique
) -> Iterator[int]:
    """Yields the rows that would have the same as another one, be it in the plan or stay as it is."""
    table = table_of(model)
    columns = [table.c[name] for name in unique.columns]
    state = _state(plan, table, after)
    needed = [state.c[name] for name in sorted(model.derived_from() | set(unique.columns))]
    found = connection.execute(select(state.c.row_id, *needed).order_by(state.c.row_id)).mappings().all()
    keys = {row["row_id"]: _key(unique, {**row, **model.derive(dict(row))}) for row in found}
    shared = Counter(keys.values())
    for some in chunks(key for key in shared if None not in key):
        stays = table.c.id.not_in(review.rows_of(plan, "change"))
        shared.update(map(tuple, connection.execute(select(*columns).where(tuple_(*columns).in_(some), stays))))
    yield from (row_id for row_id, key in keys.items() if None not in key and shared[key] > 1)


def _key(unique: Unique, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in unique.columns)
