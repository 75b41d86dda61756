"""The worker as people run it: beside the server, restarted when it dies, gone when the server is."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from backoffice.app import create_app
from backoffice.commands.keeping import Keeper
from backoffice.config import Settings
from backoffice.core.jobs import Job
from backoffice.extensions import db
from tests import factories


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        MODE="test",
        SECRET_KEY="only-for-tests-0123456789-abcdefghij",
        INSTANCE_PATH=str(tmp_path),
        DATABASE_URI=f"sqlite:///{tmp_path / 'own.sqlite3'}",
    )


@pytest.fixture
def installed(settings: Settings) -> Iterator[Flask]:
    """The application on a migrated database of its own."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_worker_beside_the_server_does_jobs_survives_a_kill_and_stops_with_it(
    installed: Flask, settings: Settings
) -> None:
    keeper = Keeper(settings, ["worker"])
    keeper.start()
    try:
        first = keeper.child.pid
        os.kill(first, signal.SIGKILL)
        job_id = factories.job().id
        state = ended_as(job_id)
        second = keeper.child
    finally:
        keeper.stop()

    assert state == "done"
    assert second.pid != first
    assert second.poll() is not None


def test_a_worker_ends_with_a_server_that_could_not_say_goodbye(installed: Flask, settings: Settings) -> None:
    keeper = Keeper(settings, ["worker"])
    assert keeper.child.stdin is not None

    keeper.child.stdin.close()  # as the system does when the server is killed

    keeper.child.wait(30)


def ended_as(job_id: int) -> str:
    """Waits for the end of a job and returns it."""
    for _ in range(300):
        db.session.rollback()
        job = db.session.get(Job, job_id)
        assert job is not None
        if not job.is_open:
            break
        time.sleep(0.1)
    return job.state
