"""An installation as operators have it: a database of its own, `manage.py serve` in processes of its own, looked at from outside."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, inspect, text

from tests.servers import children, wait_for

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60.0  # seconds
STOPS_WITHIN = 60.0
BOOKKEEPING = frozenset(
    {"plan", "plan_row", "job", "row_list", "row_list_item", "staff_session", "alembic_version"}
)  # what is no part of a change
STAMPS = frozenset({"version", "updated_at"})  # that a row came back is a change of its own

Tables = dict[str, str]


@dataclass
class Server:
    """A running `manage.py serve`, with the worker that it keeps."""

    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Ends the server, and no process that it started, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def kill_worker(self) -> None:
        """Ends the worker beside the server in the same way."""
        (worker,) = children(self.process.pid)
        os.kill(worker, signal.SIGKILL)


@dataclass
class Installation:
    """Where an installation keeps its files and rows, and its settings."""

    folder: Path
    uri: str
    settings: dict[str, str] = field(default_factory=dict)

    def manage(self, *arguments: str, typed: str = "") -> str:
        """Runs a command and returns what it printed; fails where the command does."""
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *arguments],
            env=self._environment(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def served(self, port: int) -> Iterator[Server]:
        """Serves until the block ends, or somebody kills the server in it."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, ROOT / "manage.py", "serve", "--port", str(port)],
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
        try:
            wait_for(port, process, self.folder / "log", STARTS_WITHIN)
            yield Server(port, process)
        finally:
            process.terminate()
            process.wait(STOPS_WITHIN)

    def _environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BACKOFFICE_")}
        own = {
            "INSTANCE_PATH": str(self.folder),
            "DATABASE_URI": self.uri,
            "SECRET_KEY": "only-for-faults-0123456789-ABCDEFGHIJ",
        }
        more = {"HTTPS": "0", "SIGN_IN_PER_ADDRESS": "1000 per minute", "SIGN_IN_PER_ACCOUNT": "1000 per minute"}
        return clean | {f"BACKOFFICE_{name}": value for name, value in (own | more | self.settings).items()}

    def tables(self, without: Collection[str] = frozenset()) -> Tables:
        """Returns a checksum of every table that a change writes, history included; `without` names columns to leave out."""
        engine = create_engine(self.uri, poolclass=NullPool)
        found: Tables = {}
        with engine.connect() as connection:
            for table in sorted(set(inspect(connection).get_table_names()) - BOOKKEEPING - _indexes(connection)):
                rows = connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
                lines = sorted(repr([value for name, value in row.items() if name not in without]) for row in rows)
                found[table] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return found

    def rows(self) -> Tables:
        """Returns a checksum of what people see: the business tables less the marks of when and by what they were written."""
        history = {"operation", "change", "seal", "baseline"}
        return {table: mark for table, mark in self.tables(STAMPS).items() if table not in history}

    def wait_for_database(self) -> None:
        """Waits until the database has noticed that the clients which were killed are gone; SQLite has nobody to notice."""
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while self.uri.startswith("postgresql") and self.scalar(others):
            time.sleep(0.05)

    def scalar(self, statement: str) -> int:
        """Returns the one number that a statement finds."""
        with create_engine(self.uri, poolclass=NullPool).connect() as connection:
            return int(connection.execute(text(statement)).scalar_one())


def _indexes(connection: Connection) -> set[str]:
    """Returns what SQLite calls tables and are indexes: of the texts that are searched."""
    if connection.dialect.name != "sqlite":
        return set()
    return set(connection.execute(text("SELECT name FROM pragma_table_list WHERE type <> 'table'")).scalars())
