"""Finds the stored rows that rows of a file are about, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, literal, select, text, true

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.model import Money, Record, UtcDateTime
from backoffice.core.money import exponent, to_minor
from backoffice.core.operations.constraints import uniques_of
from backoffice.core.operations.tables import table_of
from backoffice.core.selection import Field, Kind
from backoffice.core.wording import inside
from backoffice.extensions import db
from backoffice.interchange.columns import FileColumns

Key = tuple[Any, ...]
Found = dict[Key, list[Row[Any]]]
Stored = dict[str, Any]  # a stored row by column of the table


class Unclear(ValueError):
    """It cannot be told which stored row is meant, or what an amount is worth. `column` is to blame."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


@dataclass(frozen=True)
class Parsed:
    """A row of the file: its `cells` by column of the file, and the `values` that they mean by column of the table."""

    number: int
    cells: dict[str, Any]
    values: dict[str, Any]


class Keys:
    """The ids behind the keys that a file names related rows by."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._known: dict[str, dict[str, int]] = {}

    def learn(self, field: Field, keys: Iterable[str | None]) -> None:
        """Looks up the keys that are not known yet, by one statement."""
        known = self._known.setdefault(field.name, {})
        new = {key for key in keys if key is not None} - known.keys()
        target: Any = field.target
        if not new:
            return
        column = getattr(target, target.__key__)
        wanted: set[Any] = {int(key) for key in new if key.isdecimal()} if target.__key__ == "id" else new
        statement = select(target.id, column).where(column.in_(wanted))
        scope = access.row_scope(self._person, target)
        found = db.session.execute(statement if scope is None else statement.where(scope))
        known |= {str(key): number for number, key in found}

    def id_of(self, field: Field, key: str | None) -> int | None:
        """Returns the id of the row that `key` names; None for no key. Raises ValueError where there is no such row."""
        if key is None:
            return None
        try:
            return self._known[field.name][key]
        except KeyError:
            raise ValueError(f"names no {inside(field.label)}") from None


class Matcher:
    """Tells which stored rows a row of the file may be: by its id or key, else by what is unique, else by all that it says."""

    def __init__(self, model: type[Record], columns: FileColumns, person: Person) -> None:
        self._model = model
        self._table = table_of(model)
        self._scope = access.row_scope(person, model)
        self._named = next((name for name in ("id", model.__key__) if name in columns), "")
        covered = (each for each in uniques_of(self._table) if set(each.columns) <= columns.written.keys())
        self._unique = None if self._named else next(covered, None)
        names = self._unique.columns if self._unique else tuple(columns.written)
        self._sought: dict[str, Any] = (
            {self._named: getattr(model, self._named)}
            if self._named
            else {each: self._table.columns[each] for each in names}
        )

    @property
    def words(self) -> str:
        """Returns the columns that tell rows apart."""
        return " and ".join(self._sought) if self._named or self._unique else ""

    def key_of(self, row: Parsed) -> Key:
        """Returns what `row` is looked up by."""
        source = row.cells if self._named else row.values
        return tuple(normal(source[name]) for name in self._sought)

    def find(self, rows: Iterable[Parsed]) -> Found:
        """Returns the stored rows that may be meant, by what they are looked up by."""
        keys = [self.key_of(row) for row in rows]
        conditions = []
        for place, expression in enumerate(self._sought.values()):
            wanted = {key[place] for key in keys}
            if None not in wanted and not isinstance(expression.type, UtcDateTime | Money):
                conditions.append(expression.in_(wanted))
        found: Found = {}
        for row in self._rows(conditions) if keys else ():
            found.setdefault(tuple(map(normal, row[: len(self._sought)])), []).append(row)
        return found

    def choose(self, row: Parsed, candidates: list[Stored]) -> Stored | None:
        """Returns the candidate that `row` changes, None if it is a new row. Raises Unclear where that cannot be told."""
        if self._named:
            return self._by_name(row, candidates)
        if self._unique is None:
            raise Unclear("", "is not there as it stands; add the column id: to change a row, or empty for a new one")
        if len(candidates) > 1 or (candidates and not candidates[0]["counts"]):
            raise Unclear(
                self.words, "fits a row that has ended; add the column id: to change it, or empty for a new one"
            )
        return candidates[0] if candidates else None

    def _by_name(self, row: Parsed, candidates: list[Stored]) -> Stored | None:
        if candidates:
            return candidates[0]
        if row.cells[self._named] is None and self._named != "id":
            raise Unclear(self._named, "is empty, so it cannot be told which row is meant")
        if row.cells[self._named] is not None and self._named == "id":
            raise Unclear("id", "names no row; leave it empty for a new one")
        return None

    def _rows(self, conditions: list[ColumnElement[bool]]) -> Iterable[Row[Any]]:
        marks = [expression.label(f"sought_{place}") for place, expression in enumerate(self._sought.values())]
        condition = self._unique.condition if self._unique else None
        counts = case((text(f"({condition})"), 1), else_=0) if condition else literal(1)
        statement = select(*marks, *self._table.columns, counts.label("counts")).select_from(self._model)
        scope = [] if self._scope is None else [self._scope]
        return db.session.execute(statement.where(and_(true(), *conditions, *scope)))


def normal(value: Any) -> Any:
    """Returns a value as every format can tell it: an empty text is nothing, an instant has milliseconds."""
    if value == "":
        return None
    if isinstance(value, datetime):
        rounded = value + timedelta(microseconds=500)
        return rounded.replace(microsecond=rounded.microsecond // 1000 * 1000)
    return value


def difference(wanted: Mapping[str, Any], stored: Stored) -> dict[str, Any]:
    """Returns those of the wanted values that the stored row does not have."""
    return {name: value for name, value in wanted.items() if normal(value) != normal(stored[name])}


def in_minor(columns: FileColumns, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yields (column of the table, amount in minor units) of the amounts in `values`.

    Raises Unclear for an amount that the currency beside it has no coins for.
    """
    for column, each in columns.written.items():
        amount = values[column]
        if each.field.kind is Kind.MONEY and amount is not None:
            currency = values.get(each.field.currency or "") or ""
            if amount != round(amount, exponent(currency)):
                raise Unclear(each.name, f"has more decimal places than {currency or 'its currency'}")
            yield column, to_minor(amount, currency)
