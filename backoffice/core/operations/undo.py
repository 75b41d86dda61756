"""Taking back, set-based: rows come back from the changes byte for byte, their versions included."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, null, select
from sqlalchemy import update as update_table

from backoffice.core.access import Person, Refused
from backoffice.core.model import Record
from backoffice.core.operations import changes, numbering, review, rights, snapshot, watching
from backoffice.core.operations.changes import CHANGE, of_operation
from backoffice.core.operations.errors import Busy
from backoffice.core.operations.models import Operation, StoredPlan
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.tables import table_of
from backoffice.core.operations.undo_review import kinds, operation_of
from backoffice.core.wording import gettext, later


def run(operation: Recording, plan: StoredPlan, person: Person) -> int:
    """Takes back what the plan says can go back, and returns how many rows of its own kind did."""
    undone = operation_of(plan)
    _make_way(operation, plan, undone)
    done: dict[str, int] = {}
    for model in kinds(undone, "delete"):
        done[table_of(model).name] = _bring_back(operation, plan, model)
        if table_of(model).name == plan.entity_type:
            _require_theirs(operation, model, person)
    for model in kinds(undone, "update"):
        name = table_of(model).name
        done[name] = done.get(name, 0) + _restore(operation, plan, model, undone.columns[name])
    for model in reversed(kinds(undone, "create")):
        table = table_of(model)
        planned = _planned(plan, model, "create").with_only_columns(CHANGE.c.entity_id)
        done[table.name] = done.get(table.name, 0) + operation.delete(model, table.c.id.in_(planned))
    operation.forget()
    return done.get(plan.entity_type, 0)


def _make_way(operation: Recording, plan: StoredPlan, undone: Operation) -> None:
    """Has rows that are numbered step aside, where others come back to the numbers that they have by now."""
    for model in dict.fromkeys([*kinds(undone, "update"), *kinds(undone, "create")]):
        counts = undone.counts[table_of(model).name]
        if model.__order__ in undone.columns[table_of(model).name] and counts.keys() & {"update", "delete"}:
            table, change = table_of(model), _planned(plan, model, "create").with_only_columns(CHANGE.c.entity_id)
            operation.update(model, table.c.id.in_(change), {model.__order__: numbering.aside(model)})
            numbering.step_aside(operation, model, _planned(plan, model, "update"))


def _planned(plan: StoredPlan, model: type[Record], action: str) -> Select[Any]:
    """Returns the SELECT of the changes that go back."""
    name = table_of(model).name
    ids = review.rows_of(plan, "change", entity_type=name)
    return select(CHANGE).where(of_operation(plan.undoes_id or 0, name, action), CHANGE.c.entity_id.in_(ids))


def _bring_back(operation: Recording, plan: StoredPlan, model: type[Record]) -> int:
    table = table_of(model)
    columns = snapshot.columns_of(table)
    planned = _planned(plan, model, "delete")
    born = planned.with_only_columns(
        CHANGE.c.entity_id, null(), CHANGE.c.version_before, null(), CHANGE.c.before, maintain_column_froms=True
    )
    count = changes.write(operation, model, "create", born, columns)
    restored = [snapshot.restore(operation.dialect, CHANGE.c.after, column) for column in columns.values()]
    rows = select(CHANGE.c.entity_id, CHANGE.c.version_after, _time_of_version(), *restored).where(
        of_operation(operation.id, table.name, "create")
    )
    names = ["id", "version", "updated_at", *columns]
    _execute(operation, table.insert().from_select(names, rows, include_defaults=False), count)
    operation.touch(model, columns)
    return count


def _require_theirs(operation: Recording, model: type[Record], person: Person) -> None:
    """Raises Refused where a row came back that the person may no longer see: only now that it is there can be asked."""
    foreign = select(table_of(model).c.id).where(
        table_of(model).c.id.in_(operation.ids(model)), rights.out_of_scope(person, model)
    )
    if operation.connection.execute(foreign.limit(1)).first() is not None:
        raise Refused(gettext("%(person)s may not bring back rows that are no longer theirs", person=person.full_name))


def _restore(operation: Recording, plan: StoredPlan, model: type[Record], names: list[str]) -> int:
    table = table_of(model)
    back = _planned(plan, model, "update").where(table.c.id == CHANGE.c.entity_id)
    back = back.where(table.c.version == CHANGE.c.version_after).with_for_update(of=table)
    reversed_ = back.with_only_columns(
        CHANGE.c.entity_id, CHANGE.c.version_after, CHANGE.c.version_before, CHANGE.c.after, CHANGE.c.before
    )
    count = changes.write(operation, model, "update", reversed_, names)
    values = {name: snapshot.restore_or_keep(operation.dialect, CHANGE.c.after, table.columns[name]) for name in names}
    statement = update_table(table).where(
        of_operation(operation.id, table.name, "update"),
        table.c.id == CHANGE.c.entity_id,
        table.c.version == CHANGE.c.version_before,
    )
    statement = statement.values(**values, version=CHANGE.c.version_after, updated_at=_time_of_version())
    _execute(operation, statement, count)
    operation.touch(model, names)
    return count


def _time_of_version() -> Any:
    """Returns when the version that a row goes back to was written: its `updated_at` then."""
    return select(Operation.at).where(Operation.id == CHANGE.c.version_after).scalar_subquery()


def _execute(operation: Recording, statement: Any, count: int) -> None:
    with operation.writing():
        written = operation.connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount
    if written != count:
        raise Busy
    watching.step(later("Writing the rows"), count)
