"""Loading: millions of whole rows into empty tables, inside one operation, at the speed of the database.

Keys that could slow a load are taken away before and made anew after it, in the same transaction: every row then has met
every constraint. Rules beyond constraints are the business of whoever makes the rows up; they come from no person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from backoffice.core.model import Record
from backoffice.core.operations import snapshot, watching
from backoffice.core.operations.births import BIRTH
from backoffice.core.operations.loaders import Loader, PostgresqlLoader, SqliteLoader
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.tables import table_of
from backoffice.core.wording import later


class Load:
    """Rows on their way into the tables of some models."""

    def __init__(self, operation: Recording, models: Sequence[type[Record]], loader: Loader) -> None:
        self._operation = operation
        self._loader = loader
        self._first = {model: loader.next_id(table_of(model).name) for model in models}
        self._next = dict(self._first)
        self._added = dict.fromkeys(models, 0)

    def ids(self, model: type[Record], count: int) -> range:
        """Returns the next `count` numbers of new rows of `model`; each is to be used."""
        first = self._next[model]
        self._next[model] = first + count
        return range(first, first + count)

    def add(self, model: type[Record], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Adds rows: tuples of `columns` (the first is "id") in the form that both databases read.

        Text and numbers as they are, 1 and 0 for yes and no, ISO 8601 for dates and for instants in UTC. Columns that follow
        from others must be given; those left out are NULL.
        """
        if rows:
            self._loader.add(table_of(model).name, columns, rows)
            self._added[model] += len(rows)
            watching.step(later("Writing the rows"), len(rows))

    def record(self) -> None:
        """Records what was loaded: one run of numbers per table."""
        for model, first in self._first.items():
            table, last = table_of(model), self._next[model] - 1
            if last < first:
                continue
            run = {"entity_type": table.name, "first_id": first, "last_id": last, "operation_id": self._operation.id}
            self._operation.connection.execute(BIRTH.insert().values(run))
            self._operation.loaded(model, snapshot.columns_of(table), self._added[model])


@contextmanager
def loading(operation: Recording, models: Sequence[type[Record]]) -> Iterator[Load]:
    """Loads rows of `models`, which should have none; parents come before their children."""
    operation.flush()
    loader = (SqliteLoader if operation.dialect == "sqlite" else PostgresqlLoader)(
        operation.connection, [table_of(model).name for model in models], operation.id, operation.at
    )
    load = Load(operation, models, loader)
    with operation.writing():
        loader.begin()
        yield load
        watching.step(later("Making the indexes"))
        loader.finish()
    load.record()
