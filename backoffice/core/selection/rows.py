"""The rows of a selection: one statement with every relation joined, and how its result becomes values by field name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Engine, Select, and_, select
from sqlalchemy.orm import aliased

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.money import to_decimal
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import (
    TO_ROWS,
    Field,
    Kind,
    Model,
    key_field,
    label_field,
    target_of,
    visible_fields,
)
from backoffice.core.selection.keys import Key, ordered, sort_key
from backoffice.core.selection.resolve import lookup
from backoffice.core.selection.shapes import Order, Ref

Reader = Callable[[Sequence[Any]], Any]


@dataclass
class RowPlan:
    """A statement under construction: what it selects, what it joins, in which order, and how a row is read."""

    model: Model
    person: Person
    selected: list[ColumnElement[Any]] = field(default_factory=list)
    readers: dict[str, Reader] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    order: tuple[str, ...] = ()
    where: ColumnElement[bool] | None = None
    _joined: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _joins: list[tuple[Any, ColumnElement[bool], bool]] = field(default_factory=list)

    def entity(self, fields: Sequence[Field], part: str) -> Any:
        """Returns what the columns at the end of these relations are read from, joined once."""
        here: Any = self.model
        for depth, relation in enumerate(fields, 1):
            if relation.kind is not Kind.RELATION:
                raise QueryError(
                    part, f"“{relation.name}” is a list of rows; it can be asked for, not shown or sorted by"
                )
            path = tuple(step.name for step in fields[:depth])
            if path not in self._joined:
                self._joined[path] = self._join(here, relation)
            here = self._joined[path]
        return here

    def add(self, name: str, expression: ColumnElement[Any]) -> int:
        """Selects `expression` as `name`; returns its place in the result's rows."""
        self.selected.append(expression.label(name))
        return len(self.selected) - 1

    def statement(self, backward: bool = False) -> Select[Any]:
        """Returns the ordered statement; `backward` from its other end."""
        statement = select(*self.selected).select_from(self.model)
        for target, condition, outer in self._joins:
            statement = statement.join(target, condition, isouter=outer)
        if self.where is not None:
            statement = statement.where(self.where)
        return statement.order_by(*ordered(self.keys, backward))

    def read(self, row: Sequence[Any]) -> dict[str, Any]:
        """Returns a result row as values by field name."""
        return {name: reader(row) for name, reader in self.readers.items()}

    def _join(self, here: Any, relation: Field) -> Any:
        target = target_of(relation)
        there = aliased(target)
        local, remote = relation.link or ("", "")
        condition = getattr(there, remote) == getattr(here, local)
        scope = access.row_scope(self.person, target)
        if scope is not None:
            condition = and_(condition, there.id.in_(select(target.id).where(scope).correlate(None)))
        self._joins.append((there, condition, relation.nullable or scope is not None or self.is_outer(here)))
        return there

    def is_outer(self, entity: Any) -> bool:
        """Says whether `entity` is missing in rows whose relation leads nowhere."""
        return any(outer for joined, _condition, outer in self._joins if joined is entity)


def plan(
    model: Model, person: Person, columns: Sequence[str], sort: Sequence[Order], where: ColumnElement[bool] | None
) -> RowPlan:
    """Returns the statement of a selection and how to read it. Raises QueryError for unknown columns and sorts."""
    made = RowPlan(model, person, where=where)
    for name in ("id", "version"):
        if hasattr(model, name):
            made.readers[name] = _at(made.add(name, getattr(model, name)))
    for column in columns:
        _add_column(made, column)
    for order in _with_tie_break(sort):
        _add_order(made, order)
    return made


def _add_order(made: RowPlan, order: Order) -> None:
    fields = lookup(made.model, made.person, order.name.split("."), order.name)
    last = fields[-1]
    to_rows = last.kind in TO_ROWS
    entity = made.entity(fields if to_rows else fields[:-1], order.name)
    shown = label_field(target_of(last)) if to_rows else last
    made.keys.append(sort_key(entity, shown, order, optional=made.is_outer(entity)))
    made.order += (str(order),)


def _with_tie_break(sort: Sequence[Order]) -> list[Order]:
    """Returns the sort that no two rows share: it ends with the id, in the direction of the key before it."""
    kept: list[Order] = []
    for order in sort:
        kept.append(order)
        if order.name == "id":
            return kept
    return [*kept, Order("id", bool(kept) and kept[-1].descending)]


def _add_column(made: RowPlan, column: str) -> None:
    fields = lookup(made.model, made.person, column.split("."), column)
    last = fields[-1]
    if last.kind in TO_ROWS:
        made.readers[column] = _ref(made, column, made.entity(fields, column), target_of(last))
        return
    entity = made.entity(fields[:-1], column)
    place = made.add(column, getattr(entity, last.attribute))
    made.readers[column] = _at(place)
    if last.kind is Kind.MONEY and last.currency:
        currency = ".".join((*column.split(".")[:-1], last.currency))
        beside = made.add(f"{column}__currency", getattr(entity, last.currency))
        made.readers[column] = _amount(place, beside)
        if last.currency in visible_fields(made.person, last.model):
            made.readers.setdefault(currency, _at(beside))


def _at(place: int) -> Reader:
    return lambda row: row[place]


def _amount(place: int, currency: int) -> Reader:
    return lambda row: None if row[place] is None else to_decimal(row[place], row[currency] or "")


def _ref(made: RowPlan, name: str, entity: Any, target: Model) -> Reader:
    id_ = made.add(f"{name}__id", entity.id)
    key = made.add(f"{name}__key", getattr(entity, key_field(target).attribute))
    label = made.add(f"{name}__label", getattr(entity, label_field(target).attribute))
    return lambda row: None if row[id_] is None else Ref(row[id_], str(row[key]), str(row[label]))


def stream(engine: Engine, made: RowPlan, chunk: int) -> Iterator[dict[str, Any]]:
    """Returns the rows one by one from one statement, which sees one snapshot and holds `chunk` rows at a time."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    statement = made.statement().execution_options(yield_per=chunk)

    def rows() -> Iterator[dict[str, Any]]:
        with engine.connect() as connection:
            with app.app_context():  # for "today" in the statement; the reader may live longer than the request
                result = connection.execute(statement)
            with result:
                yield from map(made.read, result)

    return rows()
