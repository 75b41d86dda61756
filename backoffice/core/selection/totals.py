"""What columns of a selection add up to: exact, in whole smallest units, so that a file of the same rows adds up to the same.

Amounts are added per currency, never across. Where the rows fall into groups, the same is said of each group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, Label, Numeric, Select, Subquery, cast, func, literal_column, select

from backoffice.core.money import exponent
from backoffice.core.selection.fields import Field, Kind
from backoffice.extensions import db

if TYPE_CHECKING:
    from backoffice.core.selection.selection import Selection

NUMERIC = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
COUNTED = frozenset({Kind.CHOICE, Kind.RELATION, Kind.DATE, Kind.TEXT})  # of which different values are counted
FINER = 2  # places that an average has more than its values
UNSCALED = 6  # places of a number whose type names none
_HALF = literal_column(str(2**31), BigInteger())  # SQLite adds in 64 bits, so halves are added


@dataclass(frozen=True)
class Total:
    """What `number` values of a column add up to; amounts, in one `currency`."""

    number: int
    sum: Decimal
    least: Decimal
    most: Decimal
    currency: str = ""

    @property
    def average(self) -> Decimal:
        """The sum by the number, rounded half up; of amounts in the places of the currency."""
        finer = 0 if self.currency else FINER
        places = Decimal(1).scaleb(int(self.sum.as_tuple().exponent) - finer)
        return (self.sum / self.number).quantize(places, ROUND_HALF_UP)


@dataclass(frozen=True)
class Totals:
    """How many rows there are, and what their columns add up to: by path, a Total for each currency."""

    rows: int
    columns: Mapping[str, Sequence[Total]]


@dataclass(frozen=True)
class Adding:
    """How the numeric `fields` of the rows that `found` selects are added, by path."""

    found: Subquery
    fields: Mapping[str, Field]

    def statement(self, by: Sequence[ColumnElement[Any]] = ()) -> Select[Any]:
        """Returns the statement of a row per currencies, and per value of `by`."""
        figures = [
            figure
            for place, (path, field) in enumerate(self.fields.items())
            for figure in _figures(place, _units(self.found.c[path], field))
        ]
        parts = [*by, *self._currencies.values()]
        return select(*parts, func.count(), *figures).select_from(self.found).group_by(*parts)

    def read(self, rows: Sequence[Sequence[Any]], skipped: int = 0) -> Totals:
        """Returns what the rows of the statement say; `skipped` columns of `by` stand before it."""
        beside = len(self._currencies)
        found: dict[str, dict[str, list[tuple[int, int, int, int]]]] = {path: {} for path in self.fields}
        for row in rows:
            currencies = dict(zip(self._currencies, row[skipped : skipped + beside], strict=True))
            figures = row[skipped + beside + 1 :]
            for place, path in enumerate(self.fields):
                number, *values = figures[5 * place : 5 * place + 5]
                if number:
                    high, low, least, most = map(int, values)
                    whole = (number, high * 2**31 + low, least, most)
                    found[path].setdefault(currencies.get(path) or "", []).append(whole)
        totals = {
            path: [self._total(path, code, parts) for code, parts in sorted(by_code.items())]
            for path, by_code in found.items()
        }
        return Totals(sum(row[skipped + beside] for row in rows), totals)

    def _total(self, path: str, code: str, parts: Sequence[tuple[int, int, int, int]]) -> Total:
        numbers, sums, least, most = zip(*parts, strict=True)
        field = self.fields[path]
        places = exponent(code) if field.kind is Kind.MONEY else _scale(self.found.c[path])
        whole, smallest, largest = (Decimal(units).scaleb(-places) for units in (sum(sums), min(least), max(most)))
        return Total(sum(numbers), whole, smallest, largest, code)

    @cached_property
    def _currencies(self) -> dict[str, Any]:
        """The expression of the currency of each column of amounts that has one beside it."""
        paths = [path for path, field in self.fields.items() if field.kind is Kind.MONEY and field.currency]
        return {path: self.found.c[f"{path}__currency"] for path in paths}


def totals(selection: Selection, fields: Mapping[str, Field]) -> Totals:
    """Returns what those of `fields` add up to that are numbers, by one statement that looks at every row."""
    numbers = numeric(fields)
    adding = Adding(selection.gathered(tuple(numbers)), numbers)
    return adding.read(db.session.execute(adding.statement()).all())


def different(selection: Selection, fields: Mapping[str, Field]) -> dict[str, int]:
    """Returns how many different values those of `fields` have that are no numbers, by one statement that looks at every row."""
    wanted = {path: field for path, field in fields.items() if field.kind in COUNTED}
    if not wanted:
        return {}
    found = selection.gathered(tuple(wanted))
    columns = [found.c[f"{path}__id" if field.kind is Kind.RELATION else path] for path, field in wanted.items()]
    row = db.session.execute(select(*(func.count(column.distinct()) for column in columns))).one()
    return dict(zip(wanted, row, strict=True))


def numeric(fields: Mapping[str, Field]) -> dict[str, Field]:
    """Returns the fields that can be added up; no numbers of rows, which say nothing together."""
    return {path: field for path, field in fields.items() if field.kind in NUMERIC and field.name != "id"}


def _figures(place: int, units: ColumnElement[Any]) -> list[Label[Any]]:
    """Returns number, sum in two halves, least and most of a column; numbered, as paths may be long."""
    values = (
        func.count(units),
        func.sum(units // _HALF),
        func.sum(units % _HALF),
        func.min(units),
        func.max(units),
    )
    return [value.label(f"figure_{place}_{number}") for number, value in enumerate(values)]


def _units(column: ColumnElement[Any], field: Field) -> ColumnElement[Any]:
    """Returns a number as an integer: of minor units, or of the last decimal place that is stored."""
    scale = 0 if field.kind is Kind.MONEY else _scale(column)
    if not scale:
        return cast(column, BigInteger())
    return cast(func.round(column.op("*")(literal_column(str(10**scale), Numeric()))), BigInteger())


def _scale(column: ColumnElement[Any]) -> int:
    if not isinstance(column.type, Numeric):
        return 0
    return UNSCALED if column.type.scale is None else column.type.scale
