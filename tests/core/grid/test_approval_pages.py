"""Two people on the screen: asked for in the review, told to whoever may decide, answered on the same review."""

from __future__ import annotations

import re

import pytest

from backoffice.core.access import SYSTEM
from backoffice.core.jobs import running
from backoffice.core.operations import recording
from backoffice.core.operations.approvals import ApprovalPolicy
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import hidden_inputs, post
from tests.core.grid.test_job_pages import cities, text

WHY = {"why": "They moved"}


@pytest.fixture(autouse=True)
def _two_at_most(app) -> None:
    with app.app_context():
        factories.approval_policy(is_active=True)


@pytest.fixture
def second(sign_in):
    """Another registrar who is signed in."""
    return sign_in("registrar", full_name="Sue Second")


@pytest.fixture
def ids(made) -> list[int]:
    return [made(city="Leeds") for _ in range(3)]


def reviewed(client, ids) -> str:
    answer = post(client, "/admin/students/action/", {"action": "review", "set-city": "York", "rowid": ids})
    return answer.get_data(as_text=True)


@pytest.fixture
def asked(registrar, ids) -> str:
    """The number of the registrar's request to move three students to York."""
    sent = {**hidden_inputs(reviewed(registrar, ids)), "action": "ask", **WHY}
    answer = post(registrar, "/admin/students/action/", sent)
    return re.fullmatch(r"/admin/approvals/details/\?id=(\d+)", answer.location)[1]


def buttons(page: str) -> list[str]:
    form = page[page.index('id="review"') :].partition("</form>")[0]
    return re.findall(r'name="action" value="([^"]+)"', form)


def decide(client, number: str, action: str, **fields):
    return post(client, f"/admin/approvals/decide/?id={number}", {"action": action, **fields})


def page_of(client, number: str) -> str:
    return text(client, f"/admin/approvals/details/?id={number}")


def test_the_review_says_why_two_are_needed_before_anything_is_pressed(registrar, ids) -> None:
    above, below = reviewed(registrar, ids), reviewed(registrar, ids[:2])

    assert "3 students; above 2 a second person approves." in above
    assert "Ask for approval of 3" in above
    assert buttons(above) == ["ask"]
    assert "a second person" not in below
    assert buttons(below) == ["apply", "later"]
    assert "Run at 02:00" in below


def test_apply_that_is_posted_nevertheless_changes_nothing_and_asks(app, registrar, ids) -> None:
    hidden = hidden_inputs(reviewed(registrar, ids))

    for action in ("apply", "later"):
        answer = post(registrar, "/admin/students/action/", {**hidden, "action": action})
        assert answer.status_code == 422
        assert "Ask for approval of 3" in answer.get_data(as_text=True)

    assert cities(app) == ["Leeds"] * 3


def test_asking_without_a_reason_is_a_422_at_its_box(registrar, ids) -> None:
    answer = post(registrar, "/admin/students/action/", {**hidden_inputs(reviewed(registrar, ids)), "action": "ask"})

    assert answer.status_code == 422
    assert "Say why: it stands in the operation for good." in answer.get_data(as_text=True)


def test_a_second_person_is_told_once_and_sees_the_same_review(second, asked) -> None:
    told, later = text(second, "/admin/courses/"), text(second, "/admin/courses/")

    page = page_of(second, asked)

    assert "asks for approval: Set city to York for 3 students" in told
    assert f"/admin/approvals/details/?id={asked}" in told
    assert "asks for approval" not in later
    assert buttons(page) == ["approve", "approve-later", "decline"]
    for words in ("Approve and apply to 3", "Approve and run at 02:00", "3 will change", "City: Leeds", "They moved"):
        assert words in page


def test_approved_is_applied_as_its_author_who_is_told(app, registrar, second, asked) -> None:
    answer = decide(second, asked, "approve", why="Checked the list")
    applied = text(second, answer.location)
    with app.app_context():
        number = db.session.scalar(db.text("SELECT max(id) FROM operation"))
    operation = text(second, f"/admin/operations/details/?id={number}")

    assert cities(app) == ["York"] * 3
    assert "Applied: Set city to York for 3 students" in applied
    assert "Sue Second approved: Set city to York for 3 students" in text(registrar, "/admin/courses/")
    assert "Sue Second approved" not in text(registrar, "/admin/courses/")
    for words in ("They moved", "Sue Second", "Checked the list"):
        assert words in operation
    assert ">Undo</button>" not in operation
    assert ">Undo</button>" in text(registrar, f"/admin/operations/details/?id={number}")


def test_an_approval_that_is_sent_twice_is_one_operation(app, second, asked) -> None:
    with app.app_context():
        before = db.session.scalar(db.text("SELECT count(*) FROM operation"))

    for _ in range(2):
        answer = decide(second, asked, "approve", why="Checked the list")

    assert "This was already done on" in text(second, answer.location)
    with app.app_context():
        assert db.session.scalar(db.text("SELECT count(*) FROM operation")) == before + 1


def test_the_author_sees_no_such_button_and_a_forged_form_is_refused(app, registrar, asked) -> None:
    page = page_of(registrar, asked)
    answers = [
        decide(registrar, asked, action, **WHY).status_code for action in ("approve", "approve-later", "decline")
    ]

    assert buttons(page) == ["withdraw"]
    assert answers == [403, 403, 403]
    assert cities(app) == ["Leeds"] * 3
    assert "asks for approval" not in text(registrar, "/admin/courses/")


@pytest.mark.parametrize("role", ["finance", "course_editor", "support", "read_only"])
def test_who_may_not_do_the_same_finds_no_request(app, sign_in, asked, role: str) -> None:
    client = sign_in(role)

    assert "asks for approval" not in text(client, "/admin/")
    assert client.get(f"/admin/approvals/details/?id={asked}").status_code in (403, 404)
    assert decide(client, asked, "approve", **WHY).status_code in (403, 404)
    assert cities(app) == ["Leeds"] * 3


def test_declined_says_why_and_can_be_reviewed_again(app, registrar, second, asked) -> None:
    empty = decide(second, asked, "decline")
    decide(second, asked, "decline", why="Two of them did not move")
    told = text(registrar, "/admin/courses/")
    again = decide(registrar, asked, "again").get_data(as_text=True)

    assert empty.status_code == 422
    assert "Sue Second declined: Set city to York for 3 students" in told
    assert "Two of them did not move" in page_of(registrar, asked)
    assert "Ask for approval of 3" in again
    assert cities(app) == ["Leeds"] * 3


def test_rows_that_moved_meanwhile_are_named_and_the_change_is_its_authors_again(
    app, registrar, second, ids, asked
) -> None:
    post(second, f"/admin/students/edit/?id={ids[0]}", {"full_name": "Moved Away", "city": "Hull"})

    answer = decide(second, asked, "approve", why="Checked the list")
    page = answer.get_data(as_text=True)
    mine = page_of(registrar, asked)

    assert answer.status_code == 409
    assert "1 row changed since" in page
    assert "who may review it anew" in page
    assert cities(app) == ["Hull", "Leeds", "Leeds"]
    assert buttons(mine) == ["again"]
    assert "Nothing was applied: 1 row changed since" in mine
    assert "Not applied, the rows moved meanwhile" in mine
    assert "Ask for approval of 3" in decide(registrar, asked, "again").get_data(as_text=True)


def test_approved_for_the_night_becomes_a_job_of_the_author(app, registrar, second, asked) -> None:
    answer = decide(second, asked, "approve-later", why="Not in the day")
    said = text(second, answer.location)
    with app.app_context():
        job_id = db.session.scalar(db.text("SELECT id FROM job"))
        running.run(job_id)
        unchanged = cities(app)
        db.session.execute(db.text("UPDATE job SET run_at = '2026-01-01 00:00:00'"))
        db.session.commit()
        running.run(job_id)

    assert "It will run at 02:00." in said
    assert unchanged == ["Leeds"] * 3
    assert cities(app) == ["York"] * 3
    assert "3 students changed" in text(registrar, f"/admin/jobs/details/?id={job_id}")


def test_long_work_begins_a_job_when_it_is_approved(app, registrar, second, asked, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "JOB_ROWS", 1)

    answer = decide(second, asked, "approve", why="Checked the list")

    assert "A worker applies it now." in text(second, answer.location)
    with app.app_context():
        running.run(db.session.scalar(db.text("SELECT id FROM job")))
    assert cities(app) == ["York"] * 3


def test_run_in_the_night_without_a_policy_leads_to_a_job_that_waits(app, registrar, ids) -> None:
    sent = {**hidden_inputs(reviewed(registrar, ids[:2])), "action": "later"}

    answer = post(registrar, "/admin/students/action/", sent)
    page = text(registrar, answer.location)

    assert re.search(r"Waiting until 0\d:00 on ", page)
    assert "http-equiv" not in page
    assert "data-notices" not in page
    assert cities(app) == ["Leeds"] * 3


def test_one_row_above_its_policy_is_asked_for_from_its_form_and_not_saved_in_its_cell(app, registrar, ids) -> None:
    with app.app_context(), recording(SYSTEM, "system", "update") as operation:
        operation.update(ApprovalPolicy, ApprovalPolicy.rows_above == 2, {"rows_above": 0})

    form = post(registrar, f"/admin/students/edit/?id={ids[0]}", {"city": "York"}).get_data(as_text=True)
    cell = post(registrar, "/admin/students/ajax/update/", {"id": ids[0], "field": "city", "value": "York"})

    assert "1 student; above 0 a second person approves." in form
    assert "Ask for approval of 1" in form
    assert (cell.status_code, "Ask for it in the form of the row." in cell.json["message"]) == (422, True)
    assert cities(app) == ["Leeds"] * 3
    answer = post(registrar, "/admin/students/action/", {**hidden_inputs(form), "action": "ask", **WHY})
    assert answer.location.startswith("/admin/approvals/details/")


def test_an_undo_above_its_policy_is_asked_for(app, registrar, second, ids) -> None:
    with app.app_context():
        factories.approval_policy(is_active=True, verb="undo", rows_above=0)
    page = reviewed(registrar, ids[:1])
    answer = post(registrar, "/admin/students/action/", {**hidden_inputs(page), "action": "apply"})
    undo = re.search(r'action="(/admin/operations/undo/[^"]+)"', text(registrar, answer.location))[1]
    address = undo.replace("&amp;", "&")

    review = post(registrar, address, {}).get_data(as_text=True)
    answer = post(registrar, address, {**hidden_inputs(review), "action": "ask", "why": "Wrong one"})
    number = answer.location.rpartition("=")[2]
    decide(second, number, "approve", why="Yes, wrong")

    assert "1 student; above 0 a second person approves." in review
    assert cities(app) == ["Leeds"] * 3


def test_administrators_see_every_request_and_others_theirs_and_those_they_may_decide(
    sign_in, registrar, asked
) -> None:
    lists = {role: text(sign_in(role), "/admin/approvals/") for role in ("admin", "finance", "registrar")}
    lists["author"] = text(registrar, "/admin/approvals/")

    assert {who for who, page in lists.items() if f'<tr data-id="{asked}"' in page} == {"admin", "registrar", "author"}
