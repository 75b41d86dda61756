"""`kill -9` at random moments: of the server in an apply and in an undo, of server and worker in a job. All or nothing, every time.

FAULT_ROUNDS in the environment says how often, for those who want to wait longer than CI does.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import replace

import pytest

from tests.faults.installation import Installation
from tests.faults.office import Office, Press
from tests.faults.person import Sending

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "2"))
pytestmark = pytest.mark.timeout(150 * ROUNDS)
HAPPENED = ("This was already done on", "There is nothing to take back")
ROLLED_BACK = "Everything was rolled back; nothing was changed."


def test_a_server_killed_in_an_apply_or_an_undo_leaves_all_or_nothing(installation: Installation) -> None:
    with Office(installation) as office:
        for _ in range(ROUNDS):
            survives(office, office.move(), office.york)
            survives(office, office.take_back(), office.leeds)
    assert "All is as recorded" in installation.manage("operations", "verify")


def survives(office: Office, press: Press, target: dict[str, str]) -> None:
    """Presses, kills the server a moment later, and starts it again: it happened or it did not, and pressing again tells."""
    before, operations = office.installation.tables(), office.operations()
    sending = Sending(press)
    time.sleep(random.uniform(0, office.takes))
    office.server.kill()
    sending.join()
    office.installation.wait_for_database()

    happened = office.operations() - operations
    left = office.installation.rows() if happened else office.installation.tables()
    office.start()
    page = office.person.get("/admin/students/")
    again = press()

    assert left == (target if happened else before)
    assert (page.status, again.status) == (200, 200)
    assert any(words in again.words for words in HAPPENED) == bool(happened)
    assert (office.operations(), office.installation.rows()) == (operations + 1, target)


def test_a_job_whose_worker_or_server_is_killed_is_finished_once_or_rolled_back_and_said_so(
    installation: Installation,
) -> None:
    by_jobs = replace(installation, settings={"JOB_ROWS": "10"})
    with Office(by_jobs) as office:
        for number in range(ROUNDS):
            for prepare, origin, target in (
                (office.move, office.leeds, office.york),
                (office.take_back, office.york, office.leeds),
            ):
                while not ends_well(office, prepare(), origin, target, kill_server=number % 2 == 1):
                    pass  # rolled back, so that it can be begun anew
    assert "All is as recorded" in installation.manage("operations", "verify")


def ends_well(
    office: Office, press: Press, origin: dict[str, str], target: dict[str, str], *, kill_server: bool
) -> bool:
    """Begins a job, kills the worker or the server while it runs, and says whether the job was finished in the end."""
    operations = office.operations()
    begun = press()
    office.wait_for_worker(begun)
    time.sleep(random.uniform(0, office.takes))
    if kill_server:
        office.server.kill()
        office.start()
    else:
        office.server.kill_worker()

    page = office.settled(begun)

    done = office.operations() - operations
    assert done in (0, 1)
    assert done or ROLLED_BACK in page.words
    assert office.installation.rows() == (target if done else origin)
    assert office.person.get("/admin/jobs/").status == 200
    return bool(done)
