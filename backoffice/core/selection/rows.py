"""The rows of a selection: one statement with every relation joined, and how its result becomes values by field name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import ColumnElement, CursorResult, Engine, Label, Select, and_, bindparam, select, text
from sqlalchemy.orm import aliased

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.money import to_decimal
from backoffice.core.once import once
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import (
    TO_ROWS,
    Field,
    Kind,
    Model,
    fields_of,
    key_field,
    label_field,
    target_of,
    visible_fields,
)
from backoffice.core.selection.keys import Key, ordered, sort_key
from backoffice.core.selection.resolve import lookup
from backoffice.core.selection.shapes import Order, Ref
from backoffice.core.unindexed import Unindexed
from backoffice.core.wording import gettext

Reader = Callable[[Sequence[Any]], Any]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Source:
    """What a column is made from: the plain field that it comes down to (a relation's key), and where that is read.

    `currency` is the expression beside a MONEY one.
    """

    field: Field
    expression: ColumnElement[Any]
    currency: ColumnElement[Any] | None = None


TextOf = Callable[[Sequence[Source]], ColumnElement[str]]


@dataclass(eq=False)
class RowPlan:
    """A statement under construction: what it selects, what it joins, in which order, and how a row is read."""

    model: Model
    person: Person
    selected: list[Label[Any]] = field(default_factory=list)
    readers: dict[str, Reader] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    order: tuple[str, ...] = ()
    where: ColumnElement[bool] | None = None
    ordering: int = 0  # how many of the joins are for the order
    sorts: bool = False  # few rows are to be sorted, instead of many to be walked in order
    asked: Mapping[str, Any] = field(default_factory=dict)  # values of the parameters in `where`
    statements: dict[Any, Select[Any]] = field(default_factory=dict)  # as they were made to read rows of it
    _joined: dict[tuple[str, ...], Any] = field(default_factory=dict)
    _joins: list[tuple[Any, ColumnElement[bool], bool]] = field(default_factory=list)
    _leading: dict[Any, ColumnElement[bool]] = field(default_factory=dict)

    def entity(self, fields: Sequence[Field], part: str) -> Any:
        """Returns what the columns at the end of these relations are read from, joined once."""
        here: Any = self.model
        for depth, relation in enumerate(fields, 1):
            if relation.kind is not Kind.RELATION:
                said = gettext(
                    "“%(name)s” is a list of rows; it can be asked for, not shown or sorted by", name=relation.name
                )
                raise QueryError(part, said)
            path = tuple(step.name for step in fields[:depth])
            if path not in self._joined:
                self._joined[path] = self._join(here, relation)
            here = self._joined[path]
        return here

    def add(self, name: str, expression: ColumnElement[Any]) -> int:
        """Selects `expression` as `name`; returns its place in the result's rows."""
        self.selected.append(expression.label(name))
        return len(self.selected) - 1

    def statement(self) -> Select[Any]:
        """Returns the ordered statement of all rows."""
        return self.unordered(self.selected).order_by(*ordered(self.keys, False, self.sorts))

    def unordered(self, selected: Sequence[Any]) -> Select[Any]:
        """Returns the statement of `selected`, with everything joined that rows are shown and ordered by."""
        return self._from(selected, self._joins)

    def ids(self) -> Select[Any]:
        """Returns the statement of the ids, with only that joined that rows are ordered by: no other join leaves out a row.

        A database that may choose would begin with a small related table, and sort all that belongs to it.
        """
        return self._from([self.model.id], self._joins[: self.ordering])

    def _from(self, selected: Sequence[Any], joins: Sequence[tuple[Any, ColumnElement[bool], bool]]) -> Select[Any]:
        statement = select(*selected).select_from(self.model)
        for target, condition, outer in joins:
            leads = target in self._leading and not self.sorts
            statement = statement.join(target, self._leading[target] if leads else condition, isouter=outer)
        return statement if self.where is None else statement.where(self.where)

    def narrowed(self, where: ColumnElement[bool] | None, sorts: bool = False) -> RowPlan:
        """Returns the plan for fewer rows; `where` is the whole condition, row scope included."""
        return replace(self, where=where, sorts=sorts, statements={})

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

    def lead_from(self, fields: Sequence[Field]) -> None:
        """Lets the rows be read from the related ones on: their index has the order that is asked for first."""
        here: Any = self.model
        for depth, relation in enumerate(fields, 1):
            there = self._joined[tuple(step.name for step in fields[:depth])]
            local, remote = relation.link or ("", "")
            if not self.keys:
                self._leading[there] = Unindexed(getattr(there, remote)) == getattr(here, local)
            here = there

    @property
    def leads(self) -> bool:
        """Says whether the rows are read from related ones on."""
        return bool(self._leading) and not self.sorts

    def is_outer(self, entity: Any) -> bool:
        """Says whether `entity` is missing in rows whose relation leads nowhere."""
        return any(outer for joined, _condition, outer in self._joins if joined is entity)


@once
def plan(person: Person, model: Model, columns: tuple[str, ...], sort: tuple[Order, ...]) -> RowPlan:
    """Returns how rows that `person` may see are read, not narrowed. Raises QueryError for unknown columns and sorts."""
    made = _ordered(model, person, sort, access.row_scope(person, model))
    for name in ("id", "version"):
        if hasattr(model, name):
            made.readers[name] = _at(made.add(name, getattr(model, name)))
    for column in columns:
        _add_column(made, column)
    return made


@once
def by_ids(person: Person, model: Model, columns: tuple[str, ...], sort: tuple[Order, ...]) -> RowPlan:
    """Returns how rows that `person` may see are read by their numbers, which are the parameter "ids"."""
    made = plan(person, model, columns, sort)
    named = model.id.in_(bindparam("ids", expanding=True))
    return made.narrowed(named if made.where is None else and_(made.where, named), sorts=True)


def texts(
    model: Model,
    person: Person,
    columns: Sequence[str],
    sort: Sequence[Order],
    where: ColumnElement[bool] | None,
    text_of: TextOf,
) -> Select[Any]:
    """Returns the statement of a selection whose one column is what `text_of` makes of `columns`."""
    made = _ordered(model, person, sort, where)
    made.add("text", text_of([_source(made, column) for column in columns]))
    return made.statement()


def _ordered(model: Model, person: Person, sort: Sequence[Order], where: ColumnElement[bool] | None) -> RowPlan:
    made = RowPlan(model, person, where=where)
    for order in sort:
        _add_order(made, order)
        if order.name == "id":
            break
    else:  # No two rows share the id; it goes in the direction of the key before it, as in an index read from one end.
        _add_order(made, Order("id", bool(made.keys) and made.keys[-1].descending))
    made.ordering = len(made._joins)
    return made


def _add_order(made: RowPlan, order: Order) -> None:
    fields = lookup(made.model, made.person, order.name.split("."), order.name)
    last = fields[-1]
    to_rows = last.kind in TO_ROWS
    entity = made.entity(fields if to_rows else fields[:-1], order.name)
    shown = label_field(target_of(last)) if to_rows else last
    optional = made.is_outer(entity)
    if entity is not made.model and not optional:
        made.lead_from(fields if to_rows else fields[:-1])
    made.keys.append(sort_key(entity, shown, order, optional))
    if entity is not made.model and not optional:  # what belongs to one row stays together: so an index has it in order
        made.keys.append(sort_key(entity, fields_of(shown.model)["id"], order, optional))
    made.order += (str(order),)


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


def _source(made: RowPlan, column: str) -> Source:
    fields = lookup(made.model, made.person, column.split("."), column)
    last = fields[-1]
    if last.kind in TO_ROWS:
        key = key_field(target_of(last))
        return Source(key, getattr(made.entity(fields, column), key.attribute))
    entity = made.entity(fields[:-1], column)
    currency = getattr(entity, last.currency) if last.currency else None
    return Source(last, getattr(entity, last.attribute), currency)


def stream(engine: Engine, made: RowPlan, chunk: int) -> Iterator[dict[str, Any]]:
    """Returns the rows one by one as values by field name."""

    def rows(result: CursorResult[Any]) -> Iterator[dict[str, Any]]:
        for part in result.partitions(chunk):
            yield from map(made.read, part)

    return _read(engine, made.statement(), chunk, rows)


def stream_texts(engine: Engine, statement: Select[Any], chunk: int) -> Iterator[list[str]]:
    """Returns the texts that a statement of one column gives, `chunk` in a list."""

    def lists(result: CursorResult[Any]) -> Iterator[list[str]]:
        # The driver's rows are tuples of one text; as SQLAlchemy's rows they would cost as much again. Only the first one
        # comes from SQLAlchemy, which has asked for it already where it streams.
        driver: Any = result.cursor
        rows: Sequence[Any] = result.fetchmany(1)
        while rows:
            yield [text for (text,) in rows]
            rows = driver.fetchmany(chunk)

    return _read(engine, statement, chunk, lists)


def _read(
    engine: Engine, statement: Select[Any], chunk: int, rows_of: Callable[[CursorResult[Any]], Iterator[Answer]]
) -> Iterator[Answer]:
    """Returns what `rows_of` makes of one statement, which sees one snapshot and holds `chunk` rows at a time."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    # SQLite's driver reads as it is asked; the buffer in which others' rows wait costs as much as reading one there.
    streaming = statement if engine.dialect.name == "sqlite" else statement.execution_options(yield_per=chunk)

    def read() -> Iterator[Answer]:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # every row is wanted, not the first ones soon
                connection.execute(text("SET LOCAL cursor_tuple_fraction = 1"))
            with app.app_context():  # for "today" in the statement; the reader may live longer than the request
                result = connection.execute(streaming)
            with result:
                yield from rows_of(result)

    return read()
