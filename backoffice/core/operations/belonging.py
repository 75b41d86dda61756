"""Which rows belong to a row: those that lead to it now, and those that led to it when they were deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, Select, literal, literal_column, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.tables import table_of
from backoffice.extensions import db

MOST = 500  # rows of a kind that are looked at, the newest

_DELETED = CHANGE.c.action == literal_column(
    "'delete'"
)  # no parameter: so it is recognised as the condition of the index


@dataclass(frozen=True)
class Belonging:
    """Rows of `model` belong to the row whose number is in their `column`."""

    model: type[Record]
    column: str

    @property
    def kind(self) -> str:
        return table_of(self.model).name


class Kept(FunctionElement[int]):
    """A number that a snapshot of a row keeps under a key, without parameters: so it is recognised as that of the index."""

    name = "kept"
    inherit_cache = True
    type = BigInteger()

    def __init__(self, snapshot: ColumnElement[Any], key: str) -> None:
        super().__init__(snapshot, literal_column(f"'{key}'"))


@compiles(Kept)
def _as_number(element: Kept, compiler: SQLCompiler, **options: Any) -> str:
    snapshot, key = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(({snapshot} ->> {key})::BIGINT)"


@compiles(Kept, "sqlite")
def _as_it_is(element: Kept, compiler: SQLCompiler, **options: Any) -> str:
    snapshot, key = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({snapshot}, '$.' || {key})"


def index_deleted(column: str) -> Index:
    """Gives deletions an index by what the deleted rows had in `column`, as `members` asks for them."""
    return Index(
        f"ix_change_deleted_{column}",
        CHANGE.c.entity_type,
        Kept(CHANGE.c.before, column),
        sqlite_where=_DELETED,
        postgresql_where=_DELETED,
    )


def members(person: Person, row_id: int, belongings: Iterable[Belonging]) -> dict[str, list[int]]:
    """Returns the rows that belong to a row, by kind, as far as `person` may see them, by one statement.

    Nobody can say in whose scope a row was that is gone: where a person sees some rows only, those are left out.
    """
    parts = [part for belonging in belongings for part in _selects(person, row_id, belonging)]
    found: dict[str, list[int]] = defaultdict(list)
    if parts:
        for kind, member in db.session.execute(union_all(*parts)):
            found[kind].append(member)
    return dict(found)


def _selects(person: Person, row_id: int, belonging: Belonging) -> list[Select[Any]]:
    model, table, kind = belonging.model, table_of(belonging.model), literal(belonging.kind)
    there: Select[Any] = select(kind.label("kind"), table.c.id).where(table.c[belonging.column] == row_id)
    scope = access.row_scope(person, model)
    if scope is not None:
        return [_first(there.where(scope).order_by(model.id.desc()))]
    gone: Select[Any] = select(CHANGE.c.entity_type, CHANGE.c.entity_id).where(
        CHANGE.c.entity_type == kind, Kept(CHANGE.c.before, belonging.column) == row_id, _DELETED
    )
    return [_first(there.order_by(model.id.desc())), _first(gone)]


def _first(rows: Select[Any]) -> Select[Any]:
    return select(rows.limit(MOST).subquery())
