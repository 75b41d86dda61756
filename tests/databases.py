"""Databases of the tests' own: a SQLite file, or a new database on the server that BACKOFFICE_TEST_DATABASE_URI names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

SERVER = os.environ.get("BACKOFFICE_TEST_DATABASE_URI")  # e.g. postgresql+psycopg://root@127.0.0.1:5432/postgres


@contextmanager
def new_database(folder: Path, name: str = "test") -> Iterator[str]:
    """Lends an empty database to this process and returns its address; a file is made in `folder`."""
    if not SERVER:
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    name = f"backoffice_{name}_{os.getpid()}"
    admin = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()
