"""The story of a row: what happened to it and to what belongs to it, as the person who asks may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_, union_all

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.model import Record
from backoffice.core.operations import births, display, rights
from backoffice.core.operations.belonging import Belonging, members
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.history import (
    About,
    Entry,
    as_it_was,
    entry_of,
    history,
    offered,
    operations_with,
    told,
)
from backoffice.core.operations.tables import model_named, table_of
from backoffice.extensions import db

Ids = Mapping[str, Sequence[int]]  # by kind


def story(
    person: Person,
    model: type[Record],
    row_id: int,
    belongings: Sequence[Belonging],
    limit: int,
    before: int | None = None,
) -> tuple[list[Entry], bool]:
    """Returns at most `limit` things that happened to the row and to what belongs to it, newest first, and whether there
    are earlier ones; `before` is the `change_id` after which to go on. Rows that were loaded together stand at the end,
    each kind as one entry.
    """
    access.require(person, Verb.VIEW, model)
    theirs = members(person, row_id, [one for one in belongings if access.may(person, Verb.VIEW, one.model)])
    ids = {**theirs, table_of(model).name: [row_id]}
    found: list[Any] = list(db.session.execute(_changes(person, ids, limit + 1, before)))
    earlier = len(found) > limit
    entries = _entries(person, model, found[:limit])
    if not earlier:
        entries += _loaded(person, theirs)
        entries += history(person, model, row_id, 1, 0)  # before the first change there is only its birth
    return offered(person, entries), earlier


def _changes(person: Person, ids: Ids, limit: int, before: int | None) -> Select[Any]:
    """Returns the SELECT of the newest changes of these rows, in the form that makes the database begin with them."""
    parts = [
        select(CHANGE.c.operation_id, CHANGE.c.id).where(CHANGE.c.entity_type == kind, CHANGE.c.entity_id.in_(rows))
        for kind, rows in ids.items()
    ]
    every = union_all(*parts).subquery()
    newest = select(every.c.id).order_by(every.c.operation_id.desc(), every.c.id.desc()).limit(limit)
    if before is not None:
        place = tuple_(select(CHANGE.c.operation_id).where(CHANGE.c.id == before).scalar_subquery(), literal(before))
        newest = newest.where(tuple_(every.c.operation_id, every.c.id) < place)
    rows = told(person).add_columns(CHANGE.c.entity_type, CHANGE.c.entity_id)
    # By operation: the creation of a row that was loaded is written down when the row is written again.
    return rows.where(CHANGE.c.id.in_(newest)).order_by(CHANGE.c.operation_id.desc(), CHANGE.c.id.desc())


def _entries(person: Person, model: type[Record], found: Sequence[Any]) -> list[Entry]:
    """Returns the entries of these changes, by a number of statements that depends on their kinds alone."""
    kinds = dict.fromkeys(row.entity_type for row in found)
    entries = [
        entry
        for kind in kinds
        for entry in _of_kind(person, model_named(kind), model, [row for row in found if row.entity_type == kind])
    ]
    return sorted(entries, key=lambda entry: (-entry.operation_id, -entry.change_id))


def _of_kind(person: Person, kind: type[Record], own: type[Record], rows: Sequence[Any]) -> list[Entry]:
    fields = rights.visible(person, kind)
    if kind is own:
        known = display.related(fields, [(row.before, row.after) for row in rows])
        return [entry_of(fields, known, *row[:6]) for row in rows]
    there = display.refs(kind, {row.entity_id for row in rows})
    # A new row's page says what it holds; here its name is enough.
    known = display.related(fields, [(row.before, row.after) for row in rows if row.action != "create"])
    label = kind.__label__ if access.visible(person, kind, kind.__label__) else ""
    return [
        replace(
            entry_of([] if row.action == "create" else fields, known, *row[:6]),
            about=About(kind, there.get(row.entity_id) or as_it_was(row, label), there=row.entity_id in there),
        )
        for row in rows
    ]


def _loaded(person: Person, ids: Ids) -> list[Entry]:
    """Returns the loading of those rows that nobody wrote since: an entry for each kind and operation."""
    connection = db.session.connection()
    found = []
    for run in births.runs(connection, births.BIRTH.c.entity_type.in_(ids)) if ids else ():
        creations = births.unsettled(connection.dialect.name, run, ids[run.entity_type]).subquery()
        number = connection.scalar(select(func.count()).select_from(creations)) or 0
        found += [(run.operation_id, model_named(run.entity_type), number)] if number else []
    if not found:
        return []
    entries = {row[0].id: row for row in db.session.execute(operations_with(person, {one for one, *_ in found}))}
    return [
        replace(_loading(entries[operation_id]), about=About(kind, None, number))
        for operation_id, kind, number in sorted(found, key=lambda one: -one[0])
    ]


def _loading(row: Any) -> Entry:
    operation, is_open = row
    return entry_of([], {}, operation, is_open, 0, "create", None, None)
