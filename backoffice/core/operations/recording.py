"""The operation in progress: one transaction, one number, every row that it writes recorded."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, cast

from blinker import Signal
from sqlalchemy import Connection, Select, func, select, union
from sqlalchemy.orm import Session

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.database import writing
from backoffice.core.model import Record
from backoffice.core.operations import dependents, failures, sealing, snapshot, watching, writes
from backoffice.core.operations.changes import CHANGE, changed_ids, of_operation
from backoffice.core.operations.models import Operation
from backoffice.core.operations.rules import rulebook
from backoffice.core.operations.tables import counted, table_of
from backoffice.core.text import fold
from backoffice.core.wording import gettext, later
from backoffice.extensions import db

committed = Signal("Sent after each commit of an operation: the operation's id, tables=the names of those it wrote.")

_TITLES: dict[str, Callable[[str], str]] = {
    "create": lambda rows: gettext("Create %(rows)s", rows=rows),
    "update": lambda rows: gettext("Update %(rows)s", rows=rows),
    "delete": lambda rows: gettext("Delete %(rows)s", rows=rows),
    "transition": lambda rows: gettext("Transition %(rows)s", rows=rows),
    "merge": lambda rows: gettext("Merge %(rows)s", rows=rows),
    "import": lambda rows: gettext("Import %(rows)s", rows=rows),
    "export": lambda rows: gettext("Export %(rows)s", rows=rows),
    "login": lambda rows: gettext("Login %(rows)s", rows=rows),
    "undo": lambda rows: gettext("Undo %(rows)s", rows=rows),
}

_current: ContextVar[Recording | None] = ContextVar("recording", default=None)


def current() -> Recording | None:
    """Returns the operation in progress."""
    return _current.get()


class Recording:
    """An operation in progress. Write by its methods, or through the session while it lasts."""

    def __init__(self, session: Session, connection: Connection, entry: Operation) -> None:
        self.session = session
        self.connection = connection
        self.dialect = connection.dialect.name
        self.entry = entry
        self.id: int = entry.id
        self.at: datetime = entry.at
        self.title: str = entry.title
        self.selection: str = entry.selection
        self.model: type[Record] | None = None  # if that was not known when it began
        self.row_count: int | None = None  # counted at the end unless the door knows better, as an export does
        self.through: int | None = None  # of a pruning: the last operation whose changes it removed
        self.keep = False  # leave an entry even if no row was changed
        self.flushed: Any = None  # what the flush in progress is about; see flushing
        self._touched: dict[type[Record], set[str]] = {}
        self._counts: dict[str, dict[str, int]] | None = {}  # None: rows were written twice, so count at the end
        self._loaded: dict[type[Record], tuple[list[str], int]] = {}  # columns and rows
        self._writing = 0

    def update(self, model: type[Record], where: Any, values: Mapping[str, Any]) -> int:
        """Sets columns of the rows that match and differ; values are Python values or SQL expressions over the row."""
        return writes.update(self, model, where, values)

    def update_rows(self, model: type[Record], rows: Sequence[Mapping[str, Any]]) -> int:
        """Sets columns of many rows to values of their own: each mapping has the row's "id" and what to set."""
        return writes.update_rows(self, model, rows)

    def insert(self, model: type[Record], rows: Iterable[Mapping[str, Any]]) -> list[int]:
        """Adds rows (column values) and returns their ids in the order given."""
        return writes.insert(self, model, rows)

    def delete(self, model: type[Record], where: Any) -> int:
        """Deletes the rows that match, with their dependents. Raises Blocked where other rows hold one in place."""
        return dependents.delete(self, model, where)

    def ids(self, model: type[Record]) -> Select[tuple[int]]:
        """Returns the SELECT of the ids of the rows of `model` written so far, deleted ones included."""
        return changed_ids(self.id, table_of(model).name)

    def involved(self, model: type[Record], column: str) -> Select[Any]:
        """Returns the SELECT of every value that `column` has or had in the rows written so far: the sections whose
        seats changed, the invoices whose lines did."""
        table, mine = table_of(model), of_operation(self.id, table_of(model).name)
        target = table.columns[column]
        present = select(target).where(table.c.id.in_(self.ids(model)))
        past = select(snapshot.restore(self.dialect, CHANGE.c.before, target)).where(mine)
        both = union(present, past).subquery()
        return select(both.c[0]).where(both.c[0].is_not(None))

    def flush(self) -> None:
        """Writes what the session holds, so that a statement sees it; inside a flush that is under way already."""
        if not self.session._flushing:
            self.session.flush()

    def forget(self) -> None:
        """Lets objects be read anew after a statement wrote their rows; not what a flush under way is about to write."""
        if not self.session._flushing:
            for row in self.session.identity_map.values():
                if isinstance(row, Record):
                    self.session.expire(row)

    def describe(self, title: str, selection: str, model: type[Record]) -> None:
        """Says what the operation is about, where that was not known when it began."""
        self.title, self.selection, self.model = title, selection, model

    def touch(self, model: type[Record], columns: Iterable[str]) -> None:
        """Remembers that columns of `model` were written."""
        self._touched.setdefault(model, set()).update(columns)

    def loaded(self, model: type[Record], columns: Iterable[str], rows: int) -> None:
        """Remembers that rows of `model` were loaded: they are in a run of births, and no effect follows from them."""
        self._loaded[model] = (list(columns), rows)

    def has_touched(self, model: type[Record]) -> bool:
        """Says whether the operation has written rows of `model` already."""
        return model in self._touched

    @property
    def has_loaded(self) -> bool:
        """Says whether rows were loaded, which runs of births stand for."""
        return bool(self._loaded)

    @property
    def tables(self) -> frozenset[str]:
        """Returns the names of the tables written so far."""
        return frozenset(table_of(model).name for model in (*self._touched, *self._loaded))

    @property
    def writes_now(self) -> bool:
        """Says whether a write of a business table is being recorded at this moment."""
        return self._writing > 0 or self.session._flushing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Lets the statements inside write business tables; whoever uses it records them."""
        self._writing += 1
        try:
            yield
        finally:
            self._writing -= 1

    def run_effects(self, only_guards: bool = False) -> None:
        """Runs each effect whose columns were written, once, in the rulebook's order."""
        for model, effect in rulebook.effects():
            if only_guards and not effect.guard:
                continue
            self.flush()
            columns = self._touched.get(model)
            if columns and (not effect.fields or not columns.isdisjoint(effect.fields)):
                effect.run(self, self.ids(model))

    def finish(self) -> bool:
        """Completes the operation's entry and says whether there is one: an operation without changes leaves none."""
        self.session.flush()
        counts = self._counted()
        for model, (_, rows) in self._loaded.items():
            counts.setdefault(table_of(model).name, {})["create"] = rows
        if not counts and not self.keep:
            self.session.delete(self.entry)
            return False
        self._describe(counts)
        self.session.flush()
        sealing.seal(self)
        return True

    def count(self, model: type[Record], action: str, rows: int) -> None:
        """Remembers how many changes were written; of a table that was written before, some may have merged."""
        if self.has_touched(model):
            self._counts = None
        elif self._counts is not None and rows:
            self._counts.setdefault(table_of(model).name, {})[action] = rows

    def count_anew(self) -> None:
        """Says that changes were written that may have merged with earlier ones."""
        self._counts = None

    def _counted(self) -> dict[str, dict[str, int]]:
        if self._counts is not None:
            return self._counts
        counts: dict[str, dict[str, int]] = {}
        grouped = select(CHANGE.c.entity_type, CHANGE.c.action, func.count()).group_by(
            CHANGE.c.entity_type, CHANGE.c.action
        )
        for kind, action, count in self.connection.execute(grouped.where(CHANGE.c.operation_id == self.id)):
            counts.setdefault(kind, {})[action] = count
        return counts

    def _describe(self, counts: dict[str, dict[str, int]]) -> None:
        entry = self.entry
        entry.selection = self.selection
        entry.entity_type = table_of(self.model).name if self.model else entry.entity_type or next(iter(counts), None)
        entry.counts = counts
        written = self._touched | {model: set(names) for model, (names, _) in self._loaded.items()}
        entry.columns = {table_of(model).name: sorted(names) for model, names in written.items()}
        own = sum(counts.get(entry.entity_type or "", {}).values())
        entry.row_count = own if self.row_count is None else self.row_count
        entry.title = self.title or _title(entry)
        entry.search_text = fold(f"{entry.title} {entry.actor_name} {entry.reason} {entry.approver_name or ''}")


def _title(entry: Operation) -> str:
    """Returns what is said of an operation that nobody gave a title: "Update 3 students"."""
    with reader.kept():
        counted_rows = counted(entry.row_count, entry.entity_type or "row")
        return _TITLES[entry.verb](counted_rows)


@contextmanager
def recording(
    person: Person,
    door: str,
    verb: str,
    *,
    title: str = "",
    selection: str = "",
    reason: str = "",
    model: type[Record] | None = None,
    undoes: Operation | None = None,
    effects: bool = True,
) -> Iterator[Recording]:
    """One operation: what happens inside is written, recorded and committed as a whole, or not at all.

    A recording inside another one joins it. Raises Invalid where a constraint refuses, Busy where somebody else holds the
    rows; nothing is changed then.
    """
    outer = current()
    if outer is not None:
        yield outer
        return
    entry = Operation(
        at=utcnow(),
        actor_id=person.id,
        actor_name=person.full_name,
        door=door,
        verb=verb,
        entity_type=table_of(model).name if model else None,
        title=title,
        selection=selection,
        reason=reason,
        undoes_id=undoes.id if undoes else None,
    )
    with failures.in_words():
        session = cast(Session, db.session())
        tables = yield from _recorded(session, entry, effects)
    if tables is not None:
        committed.send(entry.id, tables=tables)


def _recorded(session: Session, entry: Operation, effects: bool) -> Generator[Recording, None, frozenset[str] | None]:
    with writing(session) as connection:
        session.add(entry)
        session.flush()
        operation = Recording(session, connection, entry)
        token = _current.set(operation)
        try:
            yield operation
            watching.step(later("Working out what follows"))
            operation.run_effects(only_guards=not effects)
            kept = operation.finish()
            watching.step(later("Saving"))
        finally:
            _current.reset(token)
    return operation.tables if kept else None
