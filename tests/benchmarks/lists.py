"""Selections that last: 2,000 pasted emails, their named list, one tick, beside the bare SELECT of the same rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text

from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.benchmarks.measuring import Bench, Figure, milliseconds

KNOWN, UNKNOWN, DOUBLED = 1_958, 30, 12


def measure(bench: Bench) -> Iterator[Figure]:
    """Yields the duration of each step, the page that answers it included."""
    client = bench.client
    with bench.app.app_context():
        emails = list(db.session.scalars(select(Student.email).where(Student.email.is_not(None)).limit(KNOWN)))
        floor = milliseconds(lambda: db.session.execute(text("SELECT id, email_key FROM student LIMIT 2000")).all())
        db.session.rollback()
    pasted = "\n".join([*emails, *(f"who{number}@example.invalid" for number in range(UNKNOWN)), *emails[:DOUBLED]])
    names, began = iter(range(1_000)), time.time()  # lists of earlier runs keep their names
    count = f"{len(pasted.splitlines()):,}"

    def send(address: str, **fields: Any) -> None:
        answer = client.post(f"/admin/students/{address}", data={**fields, "csrf_token": token})
        assert answer.status_code in (200, 302), answer.status_code

    token = factories.csrf_token(client.get("/admin/students/").get_data(as_text=True))
    looked = milliseconds(lambda: send("paste/", text=pasted, do="look"))
    yield Figure(f"{count} pasted emails: found", looked, "ms", "2,000 ms", floor)
    named = milliseconds(lambda: send("paste/", text=pasted, do="name", name=f"list {began:.0f} {next(names)}"))
    yield Figure(f"{count} pasted emails: named list", named, "ms", "2,000 ms", floor)
    yield Figure("a tick", milliseconds(lambda: send("basket/", add="1")), "ms")
