"""Set-based writes: the changes first, read from the rows as they are, then one statement for all recorded rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Table,
    and_,
    bindparam,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy import update as update_table

from backoffice.core.model import Record
from backoffice.core.operations import changes, following, snapshot, watching
from backoffice.core.operations.errors import Busy
from backoffice.core.operations.models import Json
from backoffice.core.operations.tables import table_of
from backoffice.core.wording import later

if TYPE_CHECKING:
    from backoffice.core.operations.recording import Recording

CHUNK = 1000  # rows; bounds the memory of what passes through Python

T = TypeVar("T")
Values = Mapping[str, Any]


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yields lists of at most `size` items."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def update(operation: Recording, model: type[Record], where: Any, values: Values) -> int:
    """Sets columns of the rows that match `where` and differ, records each row, and returns how many."""
    operation.flush()
    table = table_of(model)
    new = {name: snapshot.stored(operation.dialect, value, table.columns[name].type) for name, value in values.items()}
    differs = or_(*(table.columns[name].is_distinct_from(value) for name, value in new.items()))
    if following.follows(model, frozenset(values)):
        changed = following.changed_rows(operation, model, and_(where, differs), new)
        return sum(_update_chunk(operation, model, chunk) for chunk in changed)
    return _update(operation, model, and_(where, differs), new, table)


def update_rows(operation: Recording, model: type[Record], rows: Sequence[Values]) -> int:
    """Sets columns of many rows to values of their own ("id" names the row), and returns how many differed."""
    operation.flush()
    return sum(_update_chunk(operation, model, following.completed(operation, model, chunk)) for chunk in chunks(rows))


def _update_chunk(operation: Recording, model: type[Record], rows: Sequence[Values]) -> int:
    if not rows:
        return 0
    table = table_of(model)
    names = sorted({name for row in rows for name in row} - {"id"})
    source = documents(operation.dialect, table, rows)
    new = {name: snapshot.restore_or_keep(operation.dialect, source.c.document, table.columns[name]) for name in names}
    differs = or_(*(table.columns[name].is_distinct_from(value) for name, value in new.items()))
    return _update(operation, model, and_(table.c.id == source.c.id, differs), new, table, source)


def documents(dialect: str, table: Table, rows: Sequence[Values]) -> FromClause:
    """Returns rows of values as a table of the statement: `place` (0-based), `id` (if given) and the JSON `document`."""
    encoded = [
        {
            name: value if name == "id" else snapshot.encode(table.columns[name].type, value)
            for name, value in row.items()
        }
        for row in rows
    ]
    if dialect == "sqlite":
        each = func.json_each(bindparam(None, json.dumps(encoded))).table_valued("key", "value")
        number = func.json_extract(each.c.value, "$.id")
        return select(each.c.key.label("place"), number.label("id"), each.c.value.label("document")).subquery("given")
    each = func.jsonb_array_elements(bindparam(None, encoded, Json)).table_valued("value", with_ordinality="key")
    each = each.render_derived()
    document = each.c.value.cast(Json)
    row_id = document.op("->>")("id").cast(BigInteger)
    return select((each.c.key - 1).label("place"), row_id.label("id"), document.label("document")).subquery("given")


def insert(operation: Recording, model: type[Record], rows: Iterable[Values]) -> list[int]:
    """Adds rows (column values; defaults and derived columns are filled in) and returns their ids in the order given."""
    operation.flush()
    table = table_of(model)
    last: int = operation.connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    for chunk in chunks(rows):
        with operation.writing():
            whole = following.filled(operation, model, chunk, frozenset(name for row in chunk for name in row))
            _add(operation, table, [_complete(operation, model, row) for row in whole])
    columns = snapshot.columns_of(table)
    mine = (table.c.id > last) & (table.c.version == operation.id)
    full = snapshot.take_columns(operation.dialect, columns.values())
    born = select(table.c.id, null(), literal(operation.id), null(), full).where(mine)
    changes.write(operation, model, "create", born, columns)
    operation.touch(model, columns)
    ids = operation.connection.execute(select(table.c.id).where(mine).order_by(table.c.id)).scalars()
    return list(ids)


def _add(operation: Recording, table: Table, rows: list[dict[str, Any]]) -> None:
    """Adds whole rows: one by one inside the process on SQLite, in one statement where each would be a message."""
    if operation.dialect == "sqlite":
        operation.connection.execute(table.insert(), rows)
        return
    given = documents(operation.dialect, table, rows)
    names = list(rows[0])
    columns = [snapshot.restore(operation.dialect, given.c.document, table.columns[name]) for name in names]
    ordered = select(*columns).select_from(given).order_by(given.c.place)
    operation.connection.execute(table.insert().from_select(names, ordered, include_defaults=False))


def with_defaults(model: type[Record], values: Values) -> dict[str, Any]:
    """Returns a whole new row: the values given, the columns' defaults, and None for the rest."""
    row: dict[str, Any] = {}
    for column in table_of(model).columns:
        if column.computed is None and column.name not in ("id", "version", "created_at", "updated_at"):
            row[column.name] = values[column.name] if column.name in values else _default(column)
    return row


def _complete(operation: Recording, model: type[Record], values: Values) -> dict[str, Any]:
    row = with_defaults(model, values)
    row |= model.derive(row)
    return row | {"version": operation.id, "created_at": operation.at, "updated_at": operation.at}


def _default(column: Column[Any]) -> Any:
    if column.default is None:
        return None
    if column.default.is_scalar:
        return column.default.arg  # type: ignore[attr-defined]
    if column.default.is_callable:
        return column.default.arg(None)  # type: ignore[attr-defined]
    raise TypeError(f"{column}: a new row's default must be known in Python")


def _update(
    operation: Recording,
    model: type[Record],
    where: ColumnElement[bool],
    new: dict[str, ColumnElement[Any]],
    table: Table,
    source: FromClause | None = None,
) -> int:
    """Records and writes; `source` is another table that `where` and `new` speak of."""
    again = operation.has_touched(model)
    written = {name: (value, table.columns[name].type) for name, value in new.items()}
    before = snapshot.take_columns(operation.dialect, [table.columns[name] for name in written])
    rows = select(
        table.c.id, table.c.version, literal(operation.id), before, snapshot.take(operation.dialect, written)
    ).where(where)
    if source is not None:
        rows = rows.select_from(table, source)
    count = changes.write(operation, model, "update", rows.with_for_update(of=table), list(written))
    if count == 0:
        return 0
    exact = where  # beside `source` alone: SQLite would read it once for each recorded id
    if source is None:
        recorded = table.c.id.in_(operation.ids(model))
        exact = and_(where, recorded) if again else recorded
    statement = update_table(table).where(exact).values(**new, version=operation.id, updated_at=operation.at)
    _execute(operation, statement, count)
    operation.touch(model, written)
    operation.forget()
    return count


def _execute(operation: Recording, statement: Any, count: int) -> None:
    with operation.writing():
        written = operation.connection.execute(statement).rowcount
    if written != count:
        raise Busy
    watching.step(later("Writing the rows"), count)
