"""Many rows at once: ticked, all that match, all less some; reviewed, applied once, refused when the rows moved."""

from __future__ import annotations

import re

import pytest

from backoffice.core.operations import Operation
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import hidden_inputs, post, rows_of

YORK = {"action": "review", "set-city": "York"}


def cities(app) -> list[str | None]:
    """Returns the city of every student, in the order in which they were made."""
    with app.app_context():
        return [city for (city,) in factories.db.session.query(Student.city).order_by(Student.id)]


def text(answer) -> str:
    return answer.get_data(as_text=True)


def fields_of(client, review: str) -> str:
    """Returns the form that the review was made from, as "Other values" leads back to it."""
    address = re.search(r'href="([^"]+)">Other values', review)[1]
    return text(client.get(address.replace("&amp;", "&")))


def test_ticked_rows_and_no_others_are_changed(app, registrar, made, send) -> None:
    ids = [made(city="Leeds") for _ in range(4)]

    page = text(send("action/", rowid=[ids[1], ids[2]], **YORK))
    send("action/", **hidden_inputs(page), action="apply")

    assert "2 will change" in page
    assert "Apply to 2" in page
    assert cities(app) == ["Leeds", "York", "York", "Leeds"]


def test_all_that_match_less_some_are_changed(app, registrar, made, send) -> None:
    ids = [made(city="Leeds") for _ in range(25)]
    made(city="Hull")

    page = text(send("action/?search=city:Leeds&sort=student_number", all="1", without=f"{ids[0]},{ids[24]}", **YORK))
    send("action/", **hidden_inputs(page), action="apply")

    assert "23 will change" in page
    assert cities(app) == ["Leeds", *["York"] * 23, "Leeds", "Hull"]


def test_without_script_a_tick_taken_away_from_all_leaves_that_row_out(app, made, send) -> None:
    ids = [made(city="Leeds") for _ in range(3)]

    page = text(send("action/?search=city:Leeds", all="1", shown=",".join(map(str, ids)), rowid=ids[1:], **YORK))

    assert "2 will change" in page


def test_the_page_s_own_tick_means_every_row_shown(made, send) -> None:
    ids = [made(city="Leeds") for _ in range(3)]

    page = text(send("action/", shown_all="1", shown=",".join(map(str, ids)), **YORK))

    assert "3 will change" in page


def test_the_review_counts_what_is_already_so_and_explains_what_is_refused(made, send) -> None:
    ids = [made(city="York"), made(city="Leeds"), made(status="graduated")]

    so = text(send("action/", rowid=ids, **YORK))
    refused = text(send("action/", rowid=ids, **{"action": "review", "set-financial_hold": "true"}))

    assert ("2 will change" in so, "1 already so" in so, "0 refused" in so) == (True, True, True)
    assert "3 refused" in refused
    assert "Apply to" not in refused
    assert "Reason" in refused


def test_the_same_rows_in_grid_count_file_and_review(app, registrar, made) -> None:
    for number in range(30):
        made(full_name=f"Person {number}", city="Leeds" if number % 3 else "York")
    query = "?search=city:Leeds person"

    listed = text(registrar.get(f"/admin/students/{query}&page_size=50"))
    exported = text(registrar.get(f"/admin/students/export/csv/{query}&columns=student_number"))
    review = text(post(registrar, f"/admin/students/action/{query}", {"all": "1", **YORK}))

    ids = re.findall(r'<tr data-id="(\d+)"', listed)
    assert (len(ids), len(exported.split("\r\n")) - 2) == (20, 20)
    assert "20 will change" in review
    assert "20 students: city Leeds" in listed


def test_rows_that_moved_stop_the_apply_and_can_be_reviewed_again(app, registrar, made, send) -> None:
    ids = [made(city="Leeds") for _ in range(3)]
    page = text(send("action/?search=city:Leeds", all="1", **YORK))
    send(f"edit/?id={ids[0]}", city="Hull")

    moved = send("action/", **hidden_inputs(page), action="apply")
    again = text(send("action/", **hidden_inputs(text(moved)), action="again"))

    assert moved.status_code == 409
    assert "Review again" in text(moved)
    assert "1 no longer matches" in text(moved)
    assert cities(app) == ["Hull", "Leeds", "Leeds"]
    assert "2 will change" in again


def test_what_moved_is_named_and_the_rest_can_be_done_at_once(app, registrar, made, send) -> None:
    ids = [made(full_name=f"Person {number}", city="Leeds") for number in range(6)]
    page = text(send("action/?search=city:Leeds", all="1", **YORK))
    for row_id in ids[:3]:
        send(f"edit/?id={row_id}", city="LEEDS")
    send(f"edit/?id={ids[3]}", city="Hull")
    made(full_name="Newcomer", city="Leeds")

    moved = text(send("action/", **hidden_inputs(page), action="apply"))
    before = cities(app)
    send("action/", **hidden_inputs(moved), action="rest")

    assert "3 rows changed since, 1 newly matches, 1 no longer matches." in moved
    assert f'<a href="/admin/students/details/?id={ids[0]}">Person 0</a>: changed since' in moved
    assert "Apply to the rest: 2" in moved
    assert before == ["LEEDS", "LEEDS", "LEEDS", "Hull", "Leeds", "Leeds", "Leeds"]
    assert cities(app) == ["LEEDS", "LEEDS", "LEEDS", "Hull", "York", "York", "Leeds"]
    assert "2 students changed" in text(registrar.get("/admin/students/"))


def test_refused_rows_lead_to_themselves_and_are_left_out_by_one_click(app, registrar, made, send) -> None:
    ids = [made(city="Leeds"), made(financial_hold=True, hold_reason="owes"), made(hold_reason="once")]
    clearing = {"action": "review", "clear": "hold_reason", "reason": "tidy"}

    page = text(send("action/", rowid=ids, **clearing))
    sent = hidden_inputs(page)
    (rule,) = re.findall(r'value="(leave:[^"]+)"', page)
    smaller = text(send("action/", **sent, action=rule))

    assert ("1 refused" in page, f'<a href="/admin/students/?ids={ids[1]}">1</a>' in page) == (True, True)
    assert registrar.get(f"/admin/students/?ids={ids[1]}").status_code == 200
    assert ("1 will change" in smaller, "1 already so" in smaller, "0 refused" in smaller) == (True, True, True)
    assert "2 students" in fields_of(registrar, smaller)
    assert 'value="tidy"' in fields_of(registrar, smaller)


def test_a_plan_that_is_sent_twice_happens_once(app, registrar, made, send) -> None:
    ids = [made(city="Leeds") for _ in range(2)]
    sent = hidden_inputs(text(send("action/", rowid=ids, **YORK)))

    first = send("action/", **sent, action="apply")
    told = text(registrar.get("/admin/students/"))
    second = send("action/", **sent, action="apply")
    told_again = text(registrar.get("/admin/students/"))

    assert (first.status_code, second.status_code) == (302, 302)
    assert "2 students changed" in told
    assert re.search(r"This was already done on [^<]+: Set city to York for 2 students", told_again)
    with app.app_context():
        assert factories.db.session.query(Operation).filter_by(door="bulk").count() == 1


def test_another_person_s_plan_is_not_found(sign_in, made, send) -> None:
    sent = hidden_inputs(text(send("action/", rowid=[made()], **YORK)))

    assert post(sign_in("admin"), "/admin/students/action/", {**sent, "action": "apply"}).status_code == 404


def test_nothing_ticked_leads_back_and_says_so(registrar, send) -> None:
    answer = send("action/?url=/admin/students/", action="edit")

    assert answer.status_code == 302
    assert "Nothing was selected" in text(registrar.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"action": "explode"}, 400),
        ({}, 400),
        ({"action": "edit", "rowid": "abc"}, 400),
        ({"action": "edit", "rowid": "-1"}, 400),
        ({"action": "edit", "rowid": "99999999999999999999"}, 400),
        ({"action": "review", "rowid": "1"}, 422),
        ({"action": "review", "rowid": "1", "set-date_of_birth": "soon"}, 422),
        ({"action": "review", "rowid": "1", "set-status": "asleep"}, 422),
        ({"action": "review", "rowid": "1", "set-city": "x" * 500}, 422),
        ({"action": "review", "rowid": "1", "set-city": "\x00"}, 422),
        ({"action": "apply", "plan": "nope"}, 404),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_changes(app, made, send, fields, status: int) -> None:
    made(city="Leeds")
    before = rows_of(app)

    assert send("action/", **fields).status_code == status
    assert rows_of(app) == before


def test_a_field_is_cleared_where_the_box_says_so(app, made, send) -> None:
    ids = [made(city="Leeds"), made(city=None)]

    page = text(send("action/", action="review", rowid=ids, clear="city"))
    send("action/", **hidden_inputs(page), action="apply")

    assert ("1 will change" in page, "1 already so" in page) == (True, True)
    assert cities(app) == [None, None]


def test_a_deletion_with_dependents_needs_the_typed_count(app, registrar, made, send) -> None:
    with app.app_context():
        family = factories.student_contact()
        ids = [family.student_id, factories.student().id]

    page = text(send("action/", action="delete", rowid=ids))
    sent = hidden_inputs(page)
    refused = send("action/", **sent, action="apply", typed="1")
    kept = len(cities(app))
    send("action/", **sent, action="apply", typed="2")

    assert "2 will be deleted" in page
    assert "student contact" in page
    assert "Type 2 to confirm" in page
    assert (refused.status_code, kept, len(cities(app))) == (422, 2, 0)


def test_what_holds_a_row_in_place_is_named(app, made, send) -> None:
    with app.app_context():
        seat = factories.enrollment()
        student_id = seat.student_id

    page = text(send(f"delete/?id={student_id}"))

    assert "1 refused" in page
    assert "1 enrollment would be left behind." in page
    assert 'value="apply"' not in page
    assert "Whoever has a history is kept: archive them" in page
    assert f'href="/admin/students/edit/?id={student_id}' in page


def test_many_rows_that_are_held_in_place_can_be_edited_instead(app, made, send) -> None:
    with app.app_context():
        ids = [factories.enrollment().student_id for _ in range(2)]

    page = text(send("action/", action="delete", rowid=ids))
    form = text(send("action/", **hidden_inputs(page, 'value="edit"'), action="edit"))

    assert "2 enrollments would be left behind." in page
    assert "Edit 2 students" in page
    assert "<h1" in form
    assert "Edit 2 students" in form
    assert "Archived at" in form


def test_a_review_by_which_nothing_would_change_cannot_be_applied_and_says_so(app, made, send) -> None:
    made(city="York")

    page = text(send("action/", all="1", **YORK))
    answer = send("action/", **hidden_inputs(page), action="apply")

    assert "1 already so" in page
    assert answer.status_code == 409
    assert "No row would change." in text(answer)


def test_from_the_review_one_goes_back_to_the_fields_as_they_were_filled_in(registrar, made, send) -> None:
    made(city="Leeds")
    made(city="Hull")

    review = text(send("action/?search=city:Leeds", all="1", reason="Moved", **YORK | {"clear": "phone"}))
    fields = fields_of(registrar, review)

    assert "Edit 1 student" in fields
    assert re.search(r'<input [^>]*name="set-city"[^>]*value="York"', fields)
    assert re.search(r'name="clear" value="phone" checked', fields)
    assert 'value="Moved"' in fields
