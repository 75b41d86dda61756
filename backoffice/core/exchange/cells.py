"""How a value of the field catalog looks in a file. One converter per column, made before the first row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from backoffice.core.exchange.guard import guard
from backoffice.core.selection import Field, Kind

Row = Mapping[str, Any]  # field name -> value, as a Selection streams it
Columns = Mapping[str, Field]  # column name -> its field, in the order of the file
Converter = Callable[[Any], Any]


def instant(value: datetime) -> str:
    """Returns an aware datetime as ISO 8601 in UTC: "2026-03-01T09:30:00Z"."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def currency_column(name: str, columns: Columns) -> str:
    """Returns the column that holds the currency of the money column `name`: "invoice.total" -> "invoice.currency"."""
    path, dot, _ = name.rpartition(".")
    return f"{path}{dot}{columns[name].currency or 'currency'}"


def without_nul(text: str) -> str:
    """Returns `text` without NUL, which no reader of files takes."""
    return text.replace("\0", "") if "\0" in text else text


def _csv_text(value: Any) -> str:
    """Returns a text cell: nothing for None, guarded against being run as a formula."""
    return "" if value is None else guard(without_nul(str(value)))


def _plain(value: Any) -> str:
    """Returns a whole number or a choice as text: nothing for None."""
    return "" if value is None else str(value)


def _csv_date(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _csv_instant(value: datetime | None) -> str:
    return "" if value is None else instant(value)


def _csv_truth(value: bool | None) -> str:
    return "" if value is None else "true" if value else "false"


def _csv_decimal(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


_CSV: dict[Kind, Converter] = {
    Kind.TEXT: _csv_text,
    Kind.LONG_TEXT: _csv_text,
    Kind.RELATION: lambda ref: "" if ref is None else _csv_text(ref.key),
    Kind.DATE: _csv_date,
    Kind.DATETIME: _csv_instant,
    Kind.BOOLEAN: _csv_truth,
    Kind.DECIMAL: _csv_decimal,
    Kind.MONEY: _csv_decimal,
}


def csv_converter(field: Field) -> Converter:
    """Returns the function from a value of `field` to its CSV cell."""
    return _CSV.get(field.kind, _plain)


def with_currencies(columns: Columns, catalog: Columns) -> dict[str, Field]:
    """Returns `columns` with the currency right behind each money column that lacks it.

    `catalog` holds the fields that the person may see; a currency that is not among them is left out.
    """
    complete: dict[str, Field] = {}
    for name, field in columns.items():
        complete[name] = field
        if field.kind is Kind.MONEY:
            beside = currency_column(name, columns)
            if beside not in columns and beside in catalog:
                complete[beside] = catalog[beside]
    return complete


def json_value(value: Any) -> Any:
    """Returns a value as JSON has it: numbers, truths and texts as they are, the rest as text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return without_nul(str(value))


def json_line(values: Mapping[str, Any]) -> str:
    """Returns one line of JSON Lines."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Returns `rows` in lists of `size`; the first list is short, so that the first byte leaves early."""
    source = iter(rows)
    wanted = min(size, 50)
    while batch := list(islice(source, wanted)):
        yield batch
        wanted = size
