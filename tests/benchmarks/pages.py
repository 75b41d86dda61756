"""Server time and statements of the pages of every grid, beside the bare SELECT of the same 50 rows."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from backoffice.app import GRIDS
from backoffice.extensions import db
from tests.benchmarks.measuring import Figure, counted, milliseconds

BAR = "50 ms"
SEARCHES = {
    "students": ("an", "zzzzzz", "status:active age>=30", "enrollments.status:active"),
    "enrollments": ("an", "status:withdrawn", "-section.course.code:AAA", "student.city:Leeds"),
    "invoices": ("billing_status:overdue", "balance>100.50"),
}


def measure(app: Flask, client: FlaskClient) -> Iterator[Figure]:
    """Yields one figure per page."""
    with app.app_context():
        engine = db.engine
    for grid in GRIDS:
        table = grid.model.__tablename__
        addresses = [f"/admin/{grid.name}/?page_size=50"]
        with app.app_context():
            rows = db.session.scalar(text(f"SELECT count(*) FROM {table}"))
            db.session.rollback()
        addresses += [f"/admin/{grid.name}/?page_size=50&page=3"] if rows > 3 * 50 else []
        addresses += [f"/admin/{grid.name}/?page_size=50&search={query}" for query in SEARCHES.get(grid.name, ())]
        with app.app_context():
            floor = milliseconds(lambda table=table: _bare(table))
            first = db.session.scalar(text(f"SELECT max(id) FROM {table}"))
            db.session.rollback()
        if first:
            addresses += [f"/admin/{grid.name}/details/?id={first}"]
        for address in addresses:
            with counted(engine) as statements:
                assert client.get(address).status_code == 200, address
            taken = milliseconds(lambda address=address: client.get(address))
            yield Figure(address.removeprefix("/admin"), taken, "ms", floor, BAR, len(statements))


def _bare(table: str) -> None:
    db.session.execute(text(f"SELECT * FROM {table} ORDER BY id LIMIT 50")).all()
    db.session.rollback()
