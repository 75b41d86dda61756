"""With a Redis the queue is there; while it does not answer nothing is lost."""

from __future__ import annotations

import os
import signal
import time

import pytest

from backoffice.core.jobs import worker
from backoffice.core.jobs.queue import queue_of, waiting
from tests import factories
from tests.core.jobs.test_jobs import state
from tests.core.summaries.test_redis import pytestmark, redis

__all__ = ["pytestmark", "redis"]


@pytest.fixture
def queued(app, session, redis, monkeypatch):
    """The application whose queue is the Redis."""
    monkeypatch.setitem(app.config, "REDIS_URL", redis.url)
    known = app.extensions.pop("jobs_task", None)
    yield app
    app.extensions["jobs_task"] = known
    if known is None:
        del app.extensions["jobs_task"]


def test_jobs_are_told_and_taken_through_redis(queued, redis):
    job_id = factories.job().id
    told = waiting(queued)
    queue = queue_of(queued)

    queue.execute(queue.dequeue())

    assert told == 1
    assert state(job_id) == ("done", "")
    assert waiting(queued) == 0


def test_a_job_that_redis_did_not_take_is_done_when_it_is_back(queued, redis):
    os.kill(redis.process.pid, signal.SIGSTOP)
    began = time.monotonic()
    job_id = factories.job().id
    took = time.monotonic() - began
    os.kill(redis.process.pid, signal.SIGCONT)
    queue = queue_of(queued)
    queue.flush()

    worker.look(queued)
    queue.execute(queue.dequeue())

    assert took < 3
    assert state(job_id) == ("done", "")
