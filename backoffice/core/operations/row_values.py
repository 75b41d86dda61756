"""Values of their own for each of several rows, as an edit takes them; a row that cannot have what is wanted says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Text, cast, func, literal, select, type_coerce

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.operations import snapshot, values
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.expressions import Each
from backoffice.core.operations.models import Json
from backoffice.core.operations.tables import table_of
from backoffice.core.selection import Kind, fields_of
from backoffice.extensions import db

Wanted = Mapping[int, Mapping[str, Any]]


def each(
    model: type[Record], names: Sequence[str], wanted: Wanted, refused: Mapping[int, str], person: Person
) -> dict[str, Each]:
    """Returns what `plan_edit` takes to set the fields `names` of each row to the row's own values, as people give them.

    Rows in `refused` are left as they are, and so is a row that cannot have one of its values: the review says why. Raises
    Invalid for fields that cannot be written.
    """
    fields = values.writable(model, dict.fromkeys(names))
    table, why = table_of(model), dict(refused)
    known = _currencies(model, wanted) if any(field.kind is Kind.MONEY for field in fields.values()) else {}
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    for row_id, own in wanted.items():
        try:
            with reader.kept():
                columns = values.as_columns(model, values.cleaned(model, own, person), known.get(row_id, {}))
        except Invalid as error:
            why.setdefault(row_id, str(error))
            continue
        for name, field in fields.items():
            column = table.columns[field.column or name]
            found[name][str(row_id)] = snapshot.encode(column.type, columns[column.name])
    numbered: dict[str, list[int]] = {}
    for row_id, message in why.items():
        numbered.setdefault(message, []).append(row_id)
    made = {}
    for place, (name, field) in enumerate(fields.items()):
        code = field.currency or "currency"
        codes = {str(row_id): row.get(code) for row_id, row in known.items()} if field.kind is Kind.MONEY else {}
        made[name] = Each(found[name], [] if place else list(numbered.items()), codes)
    return made


def _currencies(model: type[Record], wanted: Wanted) -> dict[int, dict[str, Any]]:
    """Returns the currencies of the rows: the columns that amounts of theirs stand beside."""
    table = table_of(model)
    names = {field.currency for field in fields_of(model).values() if field.kind is Kind.MONEY and field.currency}
    columns = [table.c[name] for name in sorted(names & set(table.columns.keys()))]
    rows = db.session.execute(select(table.c.id, *columns).where(table.c.id.in_(list(wanted)))).mappings()
    return {row["id"]: dict(row) for row in rows}


def looked_up(dialect: str, column: Any, known: Mapping[str, Any]) -> Any:
    """Returns the expression of what `known` holds for the row of `column`, by the row's number; NULL where that is nothing."""
    number = cast(column.table.c.id, Text)
    document = literal({row_id: {column.name: value} for row_id, value in known.items()}, Json)
    if dialect == "sqlite":
        own: Any = func.json_extract(document, literal('$."', Text) + number + literal('"', Text), type_=Json)
    else:
        own = document.op("->", return_type=Json)(number)
    return type_coerce(snapshot.restore(dialect, own, column), column.type)
