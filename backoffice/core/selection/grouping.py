"""The rows of a selection in groups: one for each value of a field, the largest first. Dates are grouped by month.

Each group says by which conditions its rows are found again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, String, Subquery, cast, func, literal_column, or_, select

from backoffice.core.selection.fields import Field, Kind
from backoffice.core.selection.shapes import Ref
from backoffice.core.selection.totals import Adding, Total, numeric
from backoffice.core.selection.tree import Empty, Filled, Literal, Op, Range, Term, equals
from backoffice.extensions import db

if TYPE_CHECKING:
    from backoffice.core.selection.selection import Selection

# Of a date as text; no parameters, or two of them would differ.
_YEAR_AND_MONTH: Sequence[ColumnElement[Any]] = (literal_column("1"), literal_column("7"))
GROUPED = frozenset({Kind.CHOICE, Kind.BOOLEAN, Kind.RELATION, Kind.DATE})


@dataclass(frozen=True)
class Grouped:
    """The rows that share a value: a choice, True or False, a Ref, the first day of a month, or None; `term` asks for them."""

    key: Any
    value: Any
    term: Term
    rows: int
    totals: Mapping[str, Sequence[Total]]


@dataclass(frozen=True)
class Groups:
    """One page of groups, and how many there are."""

    groups: Sequence[Grouped]
    number: int


def can_group(field: Field) -> bool:
    """Says whether rows can be grouped by a field: by one whose values each can be asked for."""
    return field.kind in GROUPED and field.during is None


def groups(selection: Selection, path: str, field: Field, size: int, number: int) -> Groups:
    """Returns one page of the groups that the rows fall into by the field at `path`, by one statement that looks at every row."""
    grouping = Grouping(selection.gathered((path,)), path, field)
    found = db.session.execute(grouping.counting(size, number)).all()
    return Groups([grouping.group(row) for row in found], found[0].groups if found else 0)


def with_totals(
    selection: Selection, found: Sequence[Grouped], path: str, field: Field, fields: Mapping[str, Field]
) -> list[Grouped]:
    """Returns the groups with what those of `fields` add up to in each that are numbers, by one statement."""
    numbers = numeric(fields)
    rows = selection.gathered((path, *numbers))
    grouping, adding = Grouping(rows, path, field), Adding(rows, numbers)
    statement = adding.statement([grouping.key]).where(grouping.among([each.key for each in found]))
    by_key: dict[Any, list[Any]] = {}
    for row in db.session.execute(statement):
        by_key.setdefault(row[0], []).append(row)
    return [replace(each, totals=adding.read(by_key.get(each.key, []), 1).columns) for each in found]


@dataclass(frozen=True)
class Grouping:
    """How the rows that `found` selects are grouped by the field at `path`."""

    found: Subquery
    path: str
    field: Field

    @property
    def key(self) -> ColumnElement[Any]:
        """The expression of what the rows of a group share: a related row's number, a month as text, or the value."""
        if self.field.kind is Kind.RELATION:
            return self.found.c[f"{self.path}__id"]
        column = self.found.c[self.path]
        return (
            func.substr(cast(column, String), *_YEAR_AND_MONTH, type_=String())
            if self.field.kind is Kind.DATE
            else column
        )

    def counting(self, size: int, number: int) -> Select[Any]:
        """Returns the statement of a page of groups: key, rows, how many groups there are, and what a related row is called."""
        key, rows = self.key.label("key"), func.count().label("rows")
        counted = select(key, rows, func.count().over().label("groups"), *self._names).group_by(key)
        return counted.order_by(rows.desc(), key).limit(size).offset(size * number)

    def among(self, keys: Sequence[Any]) -> ColumnElement[bool]:
        """Returns the condition that a row belongs to one of the groups with these keys."""
        named = self.key.in_([key for key in keys if key is not None])
        return or_(named, self.key.is_(None)) if None in keys else named

    def group(self, row: Sequence[Any]) -> Grouped:
        """Returns the group that a row of the counting statement says."""
        key, rows, _, *names = row
        return Grouped(key, self._value(key, names), self._term(key), rows, {})

    @property
    def _names(self) -> list[Any]:
        if self.field.kind is not Kind.RELATION:
            return []
        return [func.min(self.found.c[f"{self.path}__{name}"]) for name in ("key", "label")]

    def _value(self, key: Any, names: Sequence[Any]) -> Any:
        if key is None:
            return None
        if self.field.kind is Kind.RELATION:
            return Ref(key, *map(str, names))
        return date.fromisoformat(f"{key}-01") if self.field.kind is Kind.DATE else key

    def _term(self, key: Any) -> Term:
        if key is None:
            return self._nothing
        match self.field.kind:
            case Kind.RELATION:
                return equals(f"{self.path}.id", str(key))
            case Kind.BOOLEAN:
                return equals(self.path, "yes" if key else "no")
            case Kind.DATE:
                return Term(tuple(self.path.split(".")), Op.EQUALS, (_month(date.fromisoformat(f"{key}-01")),))
        return equals(self.path, str(key))

    @property
    def _nothing(self) -> Term:
        """The condition that there is no value: of a related row, because there is none, none to be seen, or one without."""
        path = tuple(self.path.split("."))
        if self.field.kind is Kind.RELATION or len(path) > 1:
            return Term(path, Op.EQUALS, (Filled(),), negated=True)
        return Term(path, Op.EQUALS, (Empty(),))


def _month(first: date) -> Range:
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Range(Literal(str(first)), Literal(str(last)))
