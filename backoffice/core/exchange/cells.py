"""What the writers of files share: values by column, currencies beside amounts, instants and batches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from backoffice.core.selection import Field, Kind

Row = Mapping[str, Any]  # field name -> value, as a Selection streams it
BATCH = 500
FIRST_BATCH = 50

Columns = Mapping[str, Field]  # column name -> its field, in the order of the file


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


def in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Returns `rows` in lists of BATCH; the first list is short, so that the first byte leaves early."""
    source = iter(rows)
    wanted = FIRST_BATCH
    while batch := list(islice(source, wanted)):
        yield batch
        wanted = BATCH
