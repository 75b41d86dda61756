"""The figures of the product beside bare SQL: `python -m tests.benchmarks [--students N] [--oulad DIR] [--database URI]`.

Prints one table; asserts nothing about time. `python -m tests.benchmarks.bulk` measures bulk work at 100,000 rows.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from backoffice.app import create_app
from backoffice.config import Settings
from backoffice.core.access import SYSTEM
from backoffice.extensions import db
from backoffice.interchange import oulad
from backoffice.interchange.seed import seed_organisation
from tests import factories
from tests.benchmarks import changes, figures, files, lists, pages
from tests.benchmarks.measuring import HEADER, resident_megabytes


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        uri = arguments.database or f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}"
        app = create_app(Settings(MODE="test", SECRET_KEY="x" * 40, INSTANCE_PATH=folder, DATABASE_URI=uri))
        with app.app_context():
            upgrade()
            _fill(arguments)
        print(HEADER, flush=True)
        client = _signed_in(app)
        for room in (pages, figures, files, lists, changes):
            for figure in room.measure(app, client):
                print(figure.line(), flush=True)
        print(f"memory of this process at the end: {resident_megabytes():.0f} MB")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--students", type=int, default=10_000, help="size of the made-up organisation")
    parser.add_argument("--oulad", type=Path, help="measure on these files instead")
    parser.add_argument("--database", help="an empty database; a SQLite file of its own unless given")
    return parser.parse_args()


def _fill(arguments: argparse.Namespace) -> None:
    start = time.perf_counter()
    if arguments.oulad:
        oulad.load(arguments.oulad, SYSTEM, lambda name, rows, total: rows)
    else:
        seed_organisation(arguments.students, 1)
    seconds = time.perf_counter() - start
    print(f"{db.engine.dialect.name}, filled in {seconds:.1f} s, {resident_megabytes():.0f} MB")


def _signed_in(app: Flask) -> FlaskClient:
    with app.app_context():
        username = factories.staff(role="admin").username
    client = app.test_client()
    token = factories.csrf_token(client.get("/login").get_data(as_text=True))
    client.post("/login", data={"username": username, "password": factories.PASSWORD, "csrf_token": token})
    return client


if __name__ == "__main__":
    main()
