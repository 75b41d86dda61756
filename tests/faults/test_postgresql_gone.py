"""PostgreSQL stopped, or a connection cut, in the middle of a change: a page in words, nothing half done, and it goes on by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from tests.faults import cluster as clusters
from tests.faults.cluster import Cluster
from tests.faults.conftest import fill
from tests.faults.installation import Installation
from tests.faults.office import Office
from tests.faults.person import Sending

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    programs = clusters.binaries()
    if programs is None:
        pytest.skip("The programs of a PostgreSQL server (initdb, pg_ctl) are not installed.")
    with clusters.cluster(programs) as running:
        yield running


@pytest.fixture(scope="module")
def on_cluster(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation on a server that nobody else uses."""
    made = Installation(tmp_path_factory.mktemp("gone"), cluster.uri)
    fill(made)
    return made


@contextmanager
def a_row_held(uri: str) -> Iterator[Connection]:
    """Holds a student's row, so that whoever changes all students stands in the middle of it; lends another connection."""
    engine = create_engine(uri, poolclass=NullPool)
    with engine.connect() as holder, engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        holder.execute(text("SELECT id FROM student ORDER BY id DESC LIMIT 1 FOR UPDATE"))
        yield watcher
        holder.invalidate()
        watcher.invalidate()


def someone_waiting(watcher: Connection) -> int:
    """Returns who waits for the row, as soon as somebody does."""
    while not (found := watcher.execute(text(WAITING)).scalars().all()):
        time.sleep(0.02)
    return int(found[0])


def test_a_database_lost_in_the_middle_of_an_apply_is_told_and_nothing_is_half_done(
    on_cluster: Installation, cluster: Cluster
) -> None:
    with Office(on_cluster) as office:
        press, before = office.move(), on_cluster.tables()

        with a_row_held(on_cluster.uri) as watcher:
            cut = Sending(press)
            watcher.execute(text(f"SELECT pg_terminate_backend({someone_waiting(watcher)})"))
            cut.join()
            crashed = Sending(press)
            someone_waiting(watcher)
            cluster.crash()
            crashed.join()
        away = office.person.get("/admin/students/")
        cluster.start()

        left, page, again = on_cluster.tables(), office.person.get("/admin/students/"), press()
        office.take_back()()

    for lost in (cut.answer, crashed.answer, away):
        assert lost is not None
        assert (lost.status, lost.headers["Retry-After"]) == (503, "5")
        assert "The database does not answer just now. Nothing is half done." in lost.words
        assert ("Send it again" in lost.words) == (lost is not away)
    assert left == before
    assert (page.status, again.status) == (200, 200)
    assert "3,000 students changed" in again.words
    assert "All is as recorded" in on_cluster.manage("operations", "verify")


def test_a_database_that_crashes_in_the_middle_of_a_job_leaves_it_finished_once_or_rolled_back_and_said_so(
    on_cluster: Installation, cluster: Cluster
) -> None:
    with Office(replace(on_cluster, settings={"JOB_ROWS": "10"})) as office:
        press, operations = office.move(), office.operations()

        with a_row_held(on_cluster.uri) as watcher:
            begun = press()
            someone_waiting(watcher)
            cluster.crash()
        cluster.start()
        page = office.settled(begun)

        done = office.operations() - operations
        assert office.installation.rows() == (office.york if done else office.leeds)
        assert done == 1 or "Everything was rolled back; nothing was changed." in page.words
        assert office.settled(press()).status == 200
    assert "All is as recorded" in on_cluster.manage("operations", "verify")
