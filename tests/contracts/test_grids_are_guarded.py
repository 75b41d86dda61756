"""Every door of every grid, for every role: what is not granted is refused, and what is hidden is nowhere."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.core.access import Role, Verb
from tests.contracts.grids import ALL, RECORDS, make_row, post, roles_with, roles_without

DENIED = [(name, role) for name, grid in ALL.items() for role in roles_without(grid, Verb.VIEW)]
SECRETS = [
    (name, role.value, right.hidden)
    for name, grid in RECORDS.items()
    for role, right in grid.rights.items()
    if "V" in right.verbs and right.hidden
]
NO_ROW = ("0", "-1", "abc", "1e3", "99999999999999999999", "", "999999999")


@pytest.mark.parametrize(("name", "role"), DENIED)
def test_a_role_without_the_grid_is_refused_at_every_address(app: Flask, sign_in, name: str, role: str) -> None:
    with app.app_context():
        row_id = make_row(ALL[name])
    client = sign_in(role)

    reads = ("", "new/", f"edit/?id={row_id}", f"details/?id={row_id}", "export/csv/", "complete/", "ajax/lookup/")
    reads += ("paste/", "lists/", "print/")
    answers = {address: client.get(f"/admin/{name}/{address}").status_code for address in reads}
    writes = ("new/", f"edit/?id={row_id}", f"delete/?id={row_id}", "action/", "ajax/update/")
    writes += ("basket/", "paste/", "lists/", "check/", f"check/?id={row_id}")
    answers |= {f"POST {a}": post(client, f"/admin/{name}/{a}", {"id": row_id}).status_code for a in writes}

    assert {address: status for address, status in answers.items() if status not in (403, 404)} == {}
    assert f'href="/admin/{name}/"' not in client.get("/admin/").get_data(as_text=True)


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("verb", [Verb.CREATE, Verb.EDIT, Verb.DELETE, Verb.EXPORT])
def test_who_may_look_but_not_act_is_refused_where_acts_begin(app: Flask, sign_in, name: str, verb: Verb) -> None:
    with app.app_context():
        row_id = make_row(RECORDS[name])
    address = {
        Verb.CREATE: "new/",
        Verb.EDIT: f"edit/?id={row_id}",
        Verb.DELETE: f"delete/?id={row_id}",
        Verb.EXPORT: "export/csv/",
    }[verb]
    viewers = [role for role in roles_with(RECORDS[name], Verb.VIEW) if role in roles_without(RECORDS[name], verb)]

    answers = {role: sign_in(role).get(f"/admin/{name}/{address}").status_code for role in viewers}

    assert set(answers.values()) <= {403}


@pytest.mark.parametrize("name", RECORDS)
def test_bulk_actions_and_cells_are_refused_without_their_rights(app: Flask, sign_in, name: str) -> None:
    grid = RECORDS[name]
    with app.app_context():
        row_id = make_row(grid)
    viewers = [role for role in roles_with(grid, Verb.VIEW) if "B" not in grid.rights[Role(role)].verbs]

    for role in viewers:
        client = sign_in(role)
        for action in ("edit", "review", "delete"):
            sent = {"action": action, "rowid": row_id, "set-status": "x"}
            assert post(client, f"/admin/{name}/action/", sent).status_code == 403, (role, action)
        if "E" not in grid.rights[Role(role)].verbs:
            cell = {"id": row_id, "field": "status", "value": "x", "version": 1}
            assert post(client, f"/admin/{name}/ajax/update/", cell).status_code == 403, role


@pytest.mark.parametrize(("name", "role", "secrets"), SECRETS)
def test_a_hidden_field_is_in_no_page_no_query_no_file(
    app: Flask, sign_in, name: str, role: str, secrets: set[str]
) -> None:
    grid = RECORDS[name]
    with app.app_context():
        row_id = make_row(grid)
    client = sign_in(role)
    shown = "".join(
        client.get(f"/admin/{name}/{address}").get_data(as_text=True)
        for address in ("", f"details/?id={row_id}", f"edit/?id={row_id}")
    )

    for secret in secrets:
        asked = {
            "search": client.get(f"/admin/{name}/", query_string={"search": f"{secret}:any"}),
            "sort": client.get(f"/admin/{name}/?sort={secret}"),
            "filter": client.get(f"/admin/{name}/", query_string={f"flt0_{secret}_empty": "1"}),
        }
        if "X" in grid.rights[Role(role)].verbs:
            asked["columns"] = client.get(f"/admin/{name}/export/csv/?columns={secret}")
        completed = client.get(f"/admin/{name}/complete/?search={secret[:4]}").get_data(as_text=True)
        assert {door: answer.status_code for door, answer in asked.items()} == dict.fromkeys(asked, 400), secret
        assert f'"{secret}"' not in shown, secret
        assert f'value="{secret}"' not in client.get(f"/admin/{name}/filter/").get_data(as_text=True), secret
        assert f"_{secret}_" not in shown, secret
        assert f'"{secret}:' not in completed, secret


@pytest.mark.parametrize("name", ALL)
def test_a_number_of_no_row_is_not_found(sign_in, name: str) -> None:
    client = sign_in("admin") if "admin" in roles_with(ALL[name], Verb.VIEW) else sign_in("registrar")
    edits = Role.ADMIN in ALL[name].rights and "E" in ALL[name].rights[Role.ADMIN].verbs
    doors = ["details/", "edit/"] if edits else ["details/"]

    for number in NO_ROW:
        assert {client.get(f"/admin/{name}/{door}?id={number}").status_code for door in doors} == {404}, number


@pytest.mark.parametrize("name", RECORDS)
def test_a_forged_form_changes_nothing(app: Flask, sign_in, name: str) -> None:
    with app.app_context():
        row_id = make_row(RECORDS[name])
    client = sign_in("admin")

    answers = {
        door: client.post(f"/admin/{name}/{door}", data={"id": row_id, "action": "delete", "rowid": row_id}).status_code
        for door in ("new/", f"edit/?id={row_id}", f"delete/?id={row_id}", "action/", "ajax/update/")
    }

    assert set(answers.values()) <= {400, 403}
