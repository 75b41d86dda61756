"""Who is at work on a job: a lock that ends with its holder, however that ends.

There is no lease and no clock: on PostgreSQL it is an advisory lock of a connection of its own, on SQLite, which means one
machine, a locked file. The kernel or the server lets go when a worker is killed, so the next one knows at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from backoffice.core.locked import locked
from backoffice.extensions import db

PATIENCE = 2.0  # seconds: somebody may only be looking whether the job is held
SPACE = 0x6A6F6273  # "jobs": the half of the advisory lock's number that is ours
_LARGEST = 2**31


@contextmanager
def hold(job_id: int, patience: float = 0) -> Iterator[bool]:
    """Lends the job to one holder; the value says whether it is this one."""
    lend = _hold_on_server if db.engine.dialect.name == "postgresql" else _hold_on_machine
    with lend(job_id, patience) as mine:
        yield mine


@contextmanager
def _hold_on_server(job_id: int, patience: float) -> Iterator[bool]:
    names = {"space": SPACE, "job": job_id % _LARGEST}
    connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:space, :job)"), names).scalar()
        yield bool(taken)
    finally:
        connection.invalidate()  # closes it, which lets go, even where the server is gone
        connection.close()


@contextmanager
def _hold_on_machine(job_id: int, patience: float) -> Iterator[bool]:
    folder = Path(current_app.instance_path) / "jobs"
    folder.mkdir(mode=0o700, exist_ok=True)
    with locked(folder / f"{job_id}.lock", patience, keep=False) as mine:
        yield mine
