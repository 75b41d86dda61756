"""A worker: takes jobs from the queue, and looks by itself for jobs that nobody will tell it of."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable

from flask import Flask
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core.jobs import holding, ledger
from backoffice.core.jobs.queue import queue_of, waiting, wake
from backoffice.core.operations import OperationError
from backoffice.extensions import db

LOOK_EVERY = 5.0  # seconds
GRACE = 8.0  # seconds that a job has to finish when its worker is told to stop; then it is rolled back

CHORES: dict[str, Callable[[], None]] = {}  # what else a worker looks after, by name; each does a little at a time

log = logging.getLogger("backoffice")


def work(app: Flask, threads: int = 1) -> None:
    """Runs jobs until the process is told to stop: SIGTERM lets a job finish if it soon does, SIGINT stops at once."""
    over = threading.Event()
    threading.Thread(target=_keep_looking, args=(app, over), name="look-for-jobs", daemon=True).start()
    consumer = queue_of(app).create_consumer(
        workers=threads, periodic=False, max_delay=1.0, shutdown_timeout=GRACE, graceful_signal="TERM"
    )
    try:
        consumer.run()
    finally:
        over.set()


def _keep_looking(app: Flask, over: threading.Event) -> None:
    while not over.is_set():
        with app.app_context():
            try:
                look(app)
                for chore in CHORES.values():
                    chore()
            except (SQLAlchemyError, OperationError, RedisError, sqlite3.Error, OSError):
                log.warning("Could not look for jobs", exc_info=True)
                db.session.rollback()
        over.wait(LOOK_EVERY)


def look(app: Flask) -> None:
    """Says of jobs whose runner is dead what became of them, and wakes a worker for due jobs of which none was told."""
    jobs = ledger.open_jobs()
    for job in jobs:
        if job.state == "running":
            with holding.hold(job.id) as nobody:
                if nobody:
                    ledger.take_back(job)
    if jobs and waiting(app) == 0:
        for job_id in ledger.due_jobs():
            wake(app, job_id)
