"""How each database takes rows by the million: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Connection, bindparam, text

from backoffice.core import text_index

CACHE_KIB = 131_072  # while SQLite adds rows
SORT_KIB = 4096  # that SQLite sorts at a time: while it reads on, a thread beside it sorts what it has read
SORTERS = 2  # such threads
SORT_MEMORY = "128MB"
SAMPLE = 1000  # rows per index that SQLite's ANALYZE looks at
TOGETHER = 100  # rows of one INSERT on SQLite
STAMPS = ("version", "created_at", "updated_at")


class Loader(ABC):
    """Takes indexes away, adds rows, and makes the indexes anew with the planner's statistics."""

    def __init__(self, connection: Connection, tables: Sequence[str], version: int, at: datetime) -> None:
        self.connection = connection
        self.tables = list(tables)
        instant = at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
        self.stamps = (version, instant, instant)

    @abstractmethod
    def next_id(self, table: str) -> int:
        """Returns the first number that no row has or ever had."""

    @abstractmethod
    def begin(self) -> None:
        """Takes away what would have to be kept true row by row."""

    @abstractmethod
    def add(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Adds rows of `columns`; the stamps are the operation's."""

    @abstractmethod
    def finish(self) -> None:
        """Makes anew what `begin` took away."""

    def run(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self.connection.exec_driver_sql(statement)


class SqliteLoader(Loader):
    """Inserts by one prepared statement a table; foreign keys and the tables' own keys are asked of each row."""

    _kept: list[tuple[str, str]]  # indexes and triggers: how to take away, how to make anew
    _searched: dict[str, int]  # tables with a text index, and their first new number
    _usual: list[str]

    def next_id(self, table: str) -> int:
        last = self.connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table})
        return (last.scalar() or 0) + 1

    def begin(self) -> None:
        triggers = {text_index.sqlite_trigger(table): table for table in self.tables}
        listed = text(
            "SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN :tables AND sql > ''"
            " AND (type = 'index' OR name IN :triggers)"
        ).bindparams(bindparam("tables", expanding=True), bindparam("triggers", expanding=True))
        found = self.connection.execute(listed, {"tables": self.tables, "triggers": list(triggers)}).all()
        self._kept = [(f'DROP {kind} "{name}"', statement) for kind, name, statement in found]
        self._searched = {triggers[row[1]]: self.next_id(triggers[row[1]]) for row in found if row[1] in triggers}
        self._usual = [self._set("cache_size", -CACHE_KIB), self._set("threads", SORTERS)]
        self.run([away for away, _ in self._kept])

    def _set(self, name: str, value: int) -> str:
        """Sets a pragma, and returns what sets it back."""
        before = self.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        self.run([f"PRAGMA {name}={value}"])
        return f"PRAGMA {name}={before}"

    def add(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        many = len(rows) // TOGETHER * TOGETHER
        groups = [tuple(chain.from_iterable(rows[at : at + TOGETHER])) for at in range(0, many, TOGETHER)]
        for count, parameters in ((TOGETHER, groups), (1, list(rows[many:]))):
            if parameters:
                self.connection.exec_driver_sql(self._insertion(table, columns, count), parameters)

    def _insertion(self, table: str, columns: Sequence[str], count: int) -> str:
        """Returns the statement for `count` rows at once: SQLite sorts the list of an IN in a CHECK once a statement."""
        names = ", ".join(f'"{name}"' for name in (*columns, *STAMPS))
        version, created, updated = self.stamps
        row = f"({', '.join('?' * len(columns))}, {version}, '{created}', '{updated}')"
        return f'INSERT INTO "{table}" ({names}) VALUES {", ".join([row] * count)}'  # noqa: S608

    def finish(self) -> None:
        for table, first_id in self._searched.items():
            self.run(text_index.sqlite_filling(table, first_id))
        self.run([f"PRAGMA cache_size=-{SORT_KIB}", *(anew for _, anew in self._kept)])
        self.run([f"PRAGMA analysis_limit={SAMPLE}", "ANALYZE", *self._usual])


class PostgresqlLoader(Loader):
    """Copies rows as text; keys other than the primary ones are checked at the end, all at once."""

    _kept: list[tuple[str, str]]  # how to take away, how to make anew: foreign keys last

    def next_id(self, table: str) -> int:
        sequence = self.connection.execute(
            text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table}
        ).scalar_one()
        return int(self.connection.execute(text("SELECT nextval(:name)"), {"name": sequence}).scalar_one())

    def begin(self) -> None:
        tables = {"tables": self.tables}
        constraints = text(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),"
            " format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
            " FROM pg_constraint WHERE contype IN ('u', 'f') AND conrelid = ANY (CAST(:tables AS regclass[]))"
            " ORDER BY contype DESC, conname"
        )
        indexes = text(
            "SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY (CAST(:tables AS regclass[])) AND NOT indisprimary AND NOT EXISTS"
            " (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u') ORDER BY 1"
        )
        found = [*self.connection.execute(indexes, tables), *self.connection.execute(constraints, tables)]
        self._kept = [(row[0], row[1]) for row in found]
        self.run([away for away, _ in reversed(self._kept)])

    def add(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        names = ", ".join(f'"{name}"' for name in (*columns, *STAMPS))
        driver: Any = self.connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row + self.stamps)

    def finish(self) -> None:
        self.run([f"SET LOCAL maintenance_work_mem = '{SORT_MEMORY}'", *(anew for _, anew in self._kept)])
        for table in self.tables:
            last = f'(SELECT max(id) FROM "{table}")'  # noqa: S608
            self.run([f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last}) WHERE {last} IS NOT NULL"])
        self.run([f'ANALYZE "{table}"' for table in self.tables])
