"""Workers killed, stopped and started again: every time all or nothing, and the job says which."""

from __future__ import annotations

import os
import signal
import time

import pytest
from sqlalchemy import select

from backoffice.core import jobs
from backoffice.core.jobs import Job, holding, ledger, running, worker
from backoffice.core.jobs.queue import queue_of
from backoffice.core.operations import Operation, verifying
from tests import factories
from tests.core.children import child, killed_at
from tests.core.jobs.test_jobs import state
from tests.core.operations.tables import stored_rows


def free(job_id):
    """Waits until the server has noticed that the holder is gone."""
    for _ in range(100):
        with holding.hold(job_id) as mine:
            if mine:
                return
        time.sleep(0.05)
    raise AssertionError("a dead process still holds the job")


def test_a_worker_killed_at_any_moment_leaves_all_or_nothing_and_a_job_that_says_so(app, session):
    job = factories.job()
    job_id = job.id
    before, nth, interrupted = stored_rows(), 1, 0

    while killed_at(nth, lambda: running.run(job_id)) and stored_rows() == before:
        free(job_id)
        worker.look(app)
        assert state(job_id)[0] in ("queued", "failed")
        if state(job_id)[0] == "failed":
            interrupted += 1
            assert state(job_id) == ("failed", ledger.CUT_OFF)
            jobs.begin_again(session.get(Job, job_id))
        nth += 3

    free(job_id)
    worker.look(app)
    assert interrupted > 1
    assert state(job_id) == ("done", "")
    assert stored_rows() != before
    applied = select(Operation).where(Operation.title == session.get(Job, job_id).title)
    assert len(session.scalars(applied).all()) == 1
    assert list(verifying.problems(session())) == []


def test_a_job_that_somebody_holds_is_not_taken_back(app, session):
    job = factories.job()
    ledger.claim(job.id, "somebody")

    with holding.hold(job.id):
        worker.look(app)
        held = state(job.id)[0]
    worker.look(app)

    assert (held, state(job.id)[0]) == ("running", "queued")


@pytest.fixture
def a_worker(app, session):
    """A worker in a process of its own."""
    app.extensions.pop("jobs_task", None)
    number = child(lambda: worker.work(app))
    yield number
    try:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
    except (ProcessLookupError, ChildProcessError):
        pass  # it has ended, as it was told


def test_a_worker_takes_jobs_from_the_queue_until_it_is_told_to_stop(app, session, a_worker):
    queue_of(app).flush()
    job_id = factories.job().id

    for _ in range(200):
        if state(job_id)[0] == "done":
            break
        time.sleep(0.1)
    os.kill(a_worker, signal.SIGTERM)
    _, status = os.waitpid(a_worker, 0)

    assert state(job_id) == ("done", "")
    assert os.WIFEXITED(status)
