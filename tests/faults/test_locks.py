"""Somebody else holds what a change needs, and does not let go: told in time, nothing changed, and it works afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import NullPool, create_engine, text

from tests.databases import SERVER
from tests.faults.installation import Installation
from tests.faults.office import Office

LONGEST = 15.0  # seconds: the wait for a lock, and what a busy machine needs besides
ALL = "BEGIN EXCLUSIVE"
ONE_ROW = "SELECT id FROM student ORDER BY id DESC LIMIT 1 FOR UPDATE"


@contextmanager
def held(uri: str) -> Iterator[None]:
    """Holds one row, or on SQLite the only lock there is, as another program may."""
    connection = create_engine(uri, poolclass=NullPool, isolation_level=None if SERVER else "AUTOCOMMIT").connect()
    connection.execute(text(ONE_ROW if SERVER else ALL))
    yield
    connection.invalidate()  # closes it, which lets go


def test_a_lock_that_does_not_come_is_told_within_seconds_and_nothing_is_changed(installation: Installation) -> None:
    with Office(installation) as office:
        press, before = office.move(), installation.tables()

        with held(installation.uri):
            begun = time.monotonic()
            refused = press()
            waited = time.monotonic() - begun
            left, page = installation.tables(), office.person.get("/admin/students/")
        again = press()
        office.take_back()()

    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    assert "Somebody else is changing these rows right now. Nothing was changed; please try again." in refused.words
    assert "Send it again" in refused.words
    assert waited < LONGEST
    assert (left, page.status) == (before, 200)
    assert "3,000 students changed" in again.words
