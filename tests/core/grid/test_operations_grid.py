"""Operations: what each did, who may look, and taking back all of it or what is still as it was left."""

from __future__ import annotations

import re

from tests import factories
from tests.contracts.grids import hidden_inputs, post, rows_of


def changed(client, app, ids, city: str = "York") -> int:
    """Changes the city of students in bulk; returns the number of the operation."""
    page = post(client, "/admin/students/action/", {"action": "review", "set-city": city, "rowid": ids})
    post(client, "/admin/students/action/", {**hidden_inputs(page.get_data(as_text=True)), "action": "apply"})
    with app.app_context():
        return int(factories.db.session.scalar(factories.db.text("SELECT max(id) FROM operation")))


def undo(client, operation_id: int, **fields):
    return post(client, f"/admin/operations/undo/?id={operation_id}", fields)


def test_the_page_of_an_operation_says_what_it_did_to_each_row(app, registrar, made) -> None:
    ids = [made(full_name=f"Person {number}", city="Leeds") for number in range(3)]
    operation_id = changed(registrar, app, ids)

    page = registrar.get(f"/admin/operations/details/?id={operation_id}").get_data(as_text=True)

    assert "3 students changed" in page
    assert ">Undo</button>" in page
    assert page.count("<del>Leeds</del>") == page.count("<ins>York</ins>") == 3
    assert re.search(r'details/\?id=\d+">Person 2</a>', page)


def test_the_page_leads_to_the_rows_that_are_as_it_left_them(app, registrar, made) -> None:
    first, second = made(city="Leeds"), made(city="Leeds")
    operation_id = changed(registrar, app, [first, second])
    changed(registrar, app, [second], city="Hull")

    page = registrar.get(f"/admin/operations/details/?id={operation_id}").get_data(as_text=True)
    address = re.search(r'href="([^"]+)">1 student as this left it', page)[1]

    assert re.findall(r'<tr data-id="(\d+)"', registrar.get(address).get_data(as_text=True)) == [str(first)]


def test_the_list_names_kinds_as_their_grids_do(app, sign_in) -> None:
    with app.app_context():
        factories.staff("support")

    page = sign_in("admin").get("/admin/operations/").get_data(as_text=True)

    assert "staff_user" not in page.replace("Made for a test: staff_user", "")
    assert ">Accounts<" in page


def test_many_changes_come_in_pages_by_a_constant_number_of_statements(app, registrar, made) -> None:
    operation_id = changed(registrar, app, [made(city="Leeds") for _ in range(60)])

    first = registrar.get(f"/admin/operations/details/?id={operation_id}").get_data(as_text=True)
    second = registrar.get(f"/admin/operations/details/?id={operation_id}&page=1").get_data(as_text=True)

    assert (first.count("<ins>York</ins>"), second.count("<ins>York</ins>")) == (50, 10)


def test_an_undo_brings_rows_back_and_is_itself_undone(app, registrar, made) -> None:
    ids = [made(city="Leeds") for _ in range(3)]
    before = rows_of(app)
    operation_id = changed(registrar, app, ids)
    after = rows_of(app)

    undo(registrar, operation_id)
    undone = rows_of(app)
    message = registrar.get("/admin/students/").get_data(as_text=True)
    page = registrar.get(f"/admin/operations/details/?id={operation_id}").get_data(as_text=True)
    again = re.search(r'/admin/operations/details/\?id=(\d+)">Undone', page)
    undo(registrar, int(again[1]))

    assert undone == before
    assert "Undone: 3 students are as before" in message
    assert ">Undo</button>" not in page
    assert {row[0] for row in rows_of(app)["student"]} == {row[0] for row in after["student"]}
    assert [row for row in rows_of(app)["student"] if "York" in row] == [
        row for row in after["student"] if "York" in row
    ]


def test_the_list_takes_back_and_does_again_by_a_button_in_each_row(app, sign_in, made, stored) -> None:
    row_id = made(city="Leeds")
    admin = sign_in("admin")
    operation_id = changed(admin, app, [row_id])

    page = admin.get("/admin/operations/").get_data(as_text=True)
    undo(admin, operation_id)
    undone = stored(row_id)["city"]
    message = admin.get("/admin/operations/").get_data(as_text=True)
    undo(admin, operation_id + 1)

    assert f'action="/admin/operations/undo/?id={operation_id}&amp;url=' in page
    assert 'aria-label="Undo: Set city to York for ' in page
    assert undone == "Leeds"
    assert "Undone: 1 student is as before" in message
    assert 'aria-label="Redo: Set city to York for' in message
    assert stored(row_id)["city"] == "York"
    assert "Redone: 1 student" in admin.get("/admin/operations/").get_data(as_text=True)


def test_rows_that_were_changed_later_are_shown_and_kept(app, registrar, made, stored) -> None:
    ids = [made(city="Leeds") for _ in range(3)]
    operation_id = changed(registrar, app, ids)
    post(registrar, f"/admin/students/edit/?id={ids[0]}", {"city": "Hull"})

    review = undo(registrar, operation_id).get_data(as_text=True)
    sent = hidden_inputs(review)
    undo(registrar, operation_id, **sent, action="apply")
    page = registrar.get(f"/admin/operations/details/?id={operation_id}").get_data(as_text=True)

    assert ("2 will change" in review, "1 refused" in review, "Undo for 2" in review) == (True, True, True)
    assert [stored(row_id)["city"] for row_id in ids] == ["Hull", "Leeds", "Leeds"]
    both = rf'id={ids[0]}">[^<]+</a></th><td>City: Leeds</td><td>City: Hull</td><td>\w[^<]+, 20\d\d-'
    assert [len(re.findall(both, text)) for text in (review, page)] == [1, 1]


def test_an_operation_of_somebody_else_is_not_found_and_not_undone(app, registrar, sign_in, made) -> None:
    operation_id = changed(sign_in("admin"), app, [made(city="Leeds")])

    assert registrar.get(f"/admin/operations/details/?id={operation_id}").status_code == 404
    assert undo(registrar, operation_id).status_code == 404


def test_support_sees_and_takes_back_its_own_but_has_no_list(app, sign_in, made, stored) -> None:
    row_id = made(city="Leeds")
    support = sign_in("support")
    post(support, f"/admin/students/edit/?id={row_id}", {"city": "York"})
    with app.app_context():
        operation_id = factories.db.session.scalar(factories.db.text("SELECT max(id) FROM operation"))

    assert support.get("/admin/operations/").status_code == 403
    assert support.get(f"/admin/operations/details/?id={operation_id}").status_code == 200
    undo(support, operation_id)
    assert stored(row_id)["city"] == "Leeds"


def test_the_list_of_a_registrar_holds_own_operations_only(app, registrar, sign_in, made) -> None:
    changed(sign_in("admin"), app, [made(city="Leeds")], "Hull")
    changed(registrar, app, [made(city="Leeds")], "York")

    page = registrar.get("/admin/operations/").get_data(as_text=True)

    assert "Set city to York" in page
    assert "Set city to Hull" not in page


def test_undo_answers_to_no_link(registrar) -> None:
    assert registrar.get("/admin/operations/undo/?id=1").status_code == 405


def test_what_changed_no_rows_cannot_be_taken_back(app, sign_in) -> None:
    admin = sign_in("admin")
    admin.get("/admin/students/export/csv/")
    with app.app_context():
        operation_id = factories.db.session.scalar(factories.db.text("SELECT max(id) FROM operation"))

    page = admin.get(f"/admin/operations/details/?id={operation_id}").get_data(as_text=True)

    assert "Exported" in page
    assert ">Undo</button>" not in page
    assert undo(admin, operation_id).status_code == 422
