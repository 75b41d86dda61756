"""The floor of a page: one Flask view, one statement, one template, the same 50 rows.

`python -m tests.benchmarks.minimal URI PORT` serves it as `manage.py serve` serves the product.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from flask import Flask, render_template_string
from sqlalchemy import create_engine, text

from backoffice.commands.server import Server, listen
from tests.benchmarks.measuring import milliseconds

STATEMENTS = {
    "students": "SELECT id, student_number, full_name, email, status, city, date_of_birth, phone FROM student"
    " ORDER BY sort_name, id LIMIT 50",
    "enrollments": "SELECT e.id, s.full_name, c.code, e.status, e.start_date, e.end_date, e.final_result, e.progress_pct"
    " FROM (SELECT * FROM enrollment ORDER BY id DESC LIMIT 50) AS e JOIN student AS s ON s.id = e.student_id"
    " JOIN section AS c ON c.id = e.section_id ORDER BY e.id DESC",
    "invoices": "SELECT i.id, i.number, s.full_name, i.state, i.issue_date, i.due_date, i.total_minor, i.balance_minor"
    " FROM (SELECT * FROM invoice ORDER BY id DESC LIMIT 50) AS i JOIN student AS s ON s.id = i.student_id"
    " ORDER BY i.id DESC",
}
PAGE = """<!doctype html><title>{{ grid }}</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>
{%- endfor %}</tr>{% endfor %}</table>"""


def view(uri: str) -> Flask:
    """Returns an application with one page per grid and nothing else."""
    app, engine = Flask(__name__), create_engine(uri)

    def page(grid: str) -> str:
        with engine.connect() as connection:
            rows = connection.execute(text(STATEMENTS[grid])).all()
        return render_template_string(PAGE, rows=rows, grid=grid)

    app.add_url_rule("/<grid>/", view_func=page)
    app.config["MAX_CONTENT_LENGTH"] = 2**20
    return app


def floor(uri: str) -> Callable[[str], Callable[[], object]]:
    """Returns what returns, for a grid, what asks for its first 50 rows by the minimal view."""
    client = view(uri).test_client()
    return lambda grid: _get(client, f"/{grid}/")


def bare(uri: str) -> dict[str, float]:
    """Returns by grid what its first 50 rows take by bare SQL."""
    engine = create_engine(uri)
    with engine.connect() as connection:
        taken = {
            grid: milliseconds(lambda s=statement: connection.execute(text(s)).all())
            for grid, statement in STATEMENTS.items()
        }
    engine.dispose()
    return taken


def _get(client: Any, address: str) -> Callable[[], object]:
    return lambda: client.get(address)


if __name__ == "__main__":
    Server(view(sys.argv[1]), listen("127.0.0.1", int(sys.argv[2]))).run()
