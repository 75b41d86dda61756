"""Huey tells workers that there is work: a SQLite file of its own, or Redis. What the work is stands in the table `job`.

A message is only a job's number, in JSON. Lost or doubled messages do no harm: workers look into the table as well, and
take a job by a claim in the database.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any, cast

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from redis import ConnectionPool, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from backoffice.core.jobs import running

NAME = "backoffice-jobs"
ANSWER_WITHIN = 1.0  # seconds that Redis has for one answer
FILE = "jobs.sqlite3"

log = logging.getLogger("backoffice")


class JsonMessages(Serializer):
    """Messages that cannot hold code."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


def queue_of(app: Flask) -> Huey:
    """Returns the application's queue, opened when it is first needed."""
    return cast(Huey, _task_of(app).huey)


def _task_of(app: Flask) -> Any:
    """Returns Huey's task "run the job of this number": calling it sends the message."""
    if "jobs_task" not in app.extensions:
        app.extensions["jobs_task"] = _opened(app)
    return app.extensions["jobs_task"]


def _opened(app: Flask) -> Any:
    options: dict[str, Any] = {"results": False, "serializer": JsonMessages()}
    if url := app.config["REDIS_URL"]:
        waits = {
            "socket_timeout": ANSWER_WITHIN,
            "socket_connect_timeout": ANSWER_WITHIN,
            "retry": Retry(NoBackoff(), 0),
        }
        huey = RedisHuey(NAME, blocking=False, connection_pool=ConnectionPool.from_url(url, **waits), **options)
    else:
        huey = SqliteHuey(NAME, filename=str(Path(app.instance_path) / FILE), strict_fifo=True, **options)

    def run_job(job_id: int) -> None:
        with app.app_context():
            running.run(job_id)

    return huey.task(name="run_job")(run_job)


def wake(app: Flask, job_id: int) -> None:
    """Tells a worker of a job. Where the queue does not answer, a worker finds the job by itself a little later."""
    try:
        _task_of(app)(job_id)
    except (RedisError, sqlite3.Error):
        log.warning("The queue did not take job %s; a worker will look for it", job_id, exc_info=True)


def waiting(app: Flask) -> int:
    """Returns how many messages nobody has taken yet. Raises what the queue's storage raises."""
    return int(queue_of(app).pending_count())
