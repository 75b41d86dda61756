"""Long work on the screen: begun by Apply, watched on its page, told on any page, stopped, begun again, taken back."""

from __future__ import annotations

import re

import pytest

from backoffice.core.jobs import Job, running
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import hidden_inputs, post


@pytest.fixture(autouse=True)
def _two_rows_are_many(app, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "JOB_ROWS", 1)


def applied(client, ids, city: str = "York"):
    """Reviews a change of students and applies it; returns the answer."""
    page = post(client, "/admin/students/action/", {"action": "review", "set-city": city, "rowid": ids})
    sent = {**hidden_inputs(page.get_data(as_text=True)), "action": "apply"}
    return post(client, "/admin/students/action/", sent)


@pytest.fixture
def begun(registrar, made) -> int:
    """The number of a job of the registrar's that waits: three students move to York."""
    answer = applied(registrar, [made(city="Leeds") for _ in range(3)])
    return int(re.fullmatch(r"/admin/jobs/details/\?id=(\d+)", answer.location)[1])


def run(app, job_id: int) -> None:
    with app.app_context():
        running.run(job_id)


def text(client, address: str) -> str:
    answer = client.get(address)
    page = answer.get_data(as_text=True)
    answer.close()  # as a browser that has read it all
    return page


def cities(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.text("SELECT city FROM student ORDER BY id")))


def test_small_work_stays_in_the_request(app, registrar, made) -> None:
    answer = applied(registrar, [made(city="Leeds")])

    assert answer.location == "/admin/students/"
    assert cities(app) == ["York"]


def test_large_work_leads_to_the_page_of_a_job_that_keeps_itself_up_to_date(app, registrar, begun) -> None:
    page = text(registrar, f"/admin/jobs/details/?id={begun}")

    assert cities(app) == ["Leeds"] * 3
    assert "Set city to York for 3 students" in page
    assert "Waiting for a worker" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert registrar.get(f"/admin/jobs/progress/?id={begun}").json == {
        "state": "queued",
        "open": True,
        "phase": "Waiting for a worker",
        "done": 0,
        "total": 3,
        "pace": "",
    }


def test_the_page_of_a_finished_job_says_what_was_done_and_takes_it_back(app, registrar, begun) -> None:
    run(app, begun)

    page = text(registrar, f"/admin/jobs/details/?id={begun}")
    undo = re.search(r'action="(/admin/operations/undo/[^"]+)"', page)[1].replace("&amp;", "&")
    second = post(registrar, undo, {})
    moved = cities(app)
    run(app, int(second.location.rpartition("=")[2]))

    assert "3 students changed" in page
    assert "rows per second" in page
    assert page.count("3 students changed") == 1
    assert page.count("/admin/operations/undo/") == 1
    assert "Why it failed" not in page
    assert "http-equiv" not in page
    assert re.search(r'href="/admin/operations/details/\?id=\d+"', page)
    assert moved == ["York"] * 3
    assert cities(app) == ["Leeds"] * 3
    assert "Undone: 3 students are as before" in text(registrar, second.location)


def test_apply_that_is_sent_twice_leads_to_one_job(app, registrar, made) -> None:
    ids = [made(city="Leeds") for _ in range(2)]
    page = post(registrar, "/admin/students/action/", {"action": "review", "set-city": "York", "rowid": ids})
    sent = {**hidden_inputs(page.get_data(as_text=True)), "action": "apply"}

    first, second = (post(registrar, "/admin/students/action/", sent) for _ in range(2))

    assert first.location == second.location


def test_whoever_began_it_is_told_once_on_whatever_page_they_are(app, registrar, sign_in, begun) -> None:
    waiting = text(registrar, "/admin/courses/")
    run(app, begun)

    told = text(registrar, "/admin/courses/")
    later = text(registrar, "/admin/courses/")

    assert "data-notices=" in waiting
    assert "3 students changed" not in waiting
    assert "3 students changed" in told
    assert re.search(r'action="/admin/operations/undo/', told)
    assert f"/admin/jobs/details/?id={begun}" in told
    assert "3 students changed" not in later
    assert "data-notices=" not in later
    with app.app_context():
        assert db.session.get(Job, begun).notice_seen
    assert "3 students changed" not in text(sign_in("admin"), "/admin/courses/")


def test_a_page_that_stays_open_asks_and_is_told(app, registrar, begun) -> None:
    before = registrar.get("/admin/jobs/notices/").json
    run(app, begun)
    after = registrar.get("/admin/jobs/notices/").json

    assert (before["open"], "data-message" in before["messages"]) == (1, False)
    assert (after["open"], "3 students changed" in after["messages"]) == (0, True)


def test_a_job_is_cancelled_and_begun_again(app, registrar, begun) -> None:
    post(registrar, f"/admin/jobs/cancel/?id={begun}", {})
    cancelled = text(registrar, f"/admin/jobs/details/?id={begun}")
    run(app, begun)
    untouched = cities(app)
    post(registrar, f"/admin/jobs/again/?id={begun}", {})
    run(app, begun)

    assert "Cancelled. Nothing was changed." in cancelled
    assert untouched == ["Leeds"] * 3
    assert cities(app) == ["York"] * 3


def test_a_job_of_somebody_else_is_not_there_but_for_administrators(app, registrar, sign_in, begun) -> None:
    other, admin = sign_in("registrar"), sign_in("admin")

    assert other.get(f"/admin/jobs/details/?id={begun}").status_code == 404
    assert other.get(f"/admin/jobs/progress/?id={begun}").status_code == 404
    assert post(other, f"/admin/jobs/cancel/?id={begun}", {}).status_code == 404
    assert "Set city to York" not in text(other, "/admin/jobs/")
    assert "Set city to York" in text(admin, "/admin/jobs/")
    assert "Set city to York" in text(registrar, "/admin/jobs/")
    post(admin, f"/admin/jobs/again/?id={begun}", {})
    assert "It cannot be begun again." in text(admin, "/admin/jobs/")


def test_rows_that_go_along_count_as_well(app, sign_in) -> None:
    with app.app_context():
        enrollment = factories.enrollment()
        factories.progress(enrollment=enrollment)
        number = enrollment.id
    client = sign_in("admin")
    page = post(client, "/admin/enrollments/action/", {"rowid": [number], "action": "delete"}).get_data(as_text=True)

    answer = post(client, "/admin/enrollments/action/", {**hidden_inputs(page), "action": "apply", "typed": "1"})

    assert answer.location.startswith("/admin/jobs/details/")


def test_the_machine_that_watches_learns_of_jobs_that_nobody_does(app, client) -> None:
    with app.app_context():
        job = factories.job()
        soon = client.get("/readyz").json["jobs"]
        db.session.execute(db.text("UPDATE job SET queued_at = '2026-01-01 00:00:00'"))
        db.session.commit()
        assert job.is_open

    assert (soon, client.get("/readyz").json["jobs"]) == ("ok", "failing")
