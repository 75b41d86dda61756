"""The page of one row, in every grid: its timeline, two versions side by side, and the way back to the earlier one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice.core.access import Role, Verb
from backoffice.core.grid import Grid
from backoffice.core.selection import fields_of
from backoffice.extensions import db
from tests.contracts.grids import RECORDS, hidden_inputs, make_row, post, roles_with, rows_of
from tests.contracts.test_grids_change import attempts

EDITED = [name for name, grid in RECORDS.items() if Role.ADMIN in grid.rights and "E" in grid.rights[Role.ADMIN].verbs]
SECRETS = [
    (name, role.value, right.hidden)
    for name, grid in RECORDS.items()
    for role, right in grid.rights.items()
    if "V" in right.verbs and right.hidden
]


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)


def address_in(page: str, pattern: str) -> str:
    """Returns the first address on the page that begins so, as a browser would follow it."""
    return re.search(rf'"({pattern}[^"]*)"', page)[1].replace("&amp;", "&")


def edited(client: FlaskClient, grid: type[Grid], row_id: int) -> str:
    """Changes one field of the row in its list, and returns which."""
    for field, value in attempts(grid):
        answer = post(client, f"/admin/{grid.name}/ajax/update/", {"id": row_id, "field": field, "value": value})
        if answer.status_code == 200 and answer.json.get("undo_url"):
            return field
    raise AssertionError("no field of the form can be changed")


@pytest.mark.parametrize("name", RECORDS)
def test_the_timeline_begins_with_the_row_and_is_shown_to_all_who_see_it(app: Flask, sign_in, name: str) -> None:
    with app.app_context():
        row_id = make_row(RECORDS[name])

    for role in roles_with(RECORDS[name], Verb.VIEW):
        answer = sign_in(role).get(f"/admin/{name}/details/?id={row_id}")
        if answer.status_code != 404:  # not a row of theirs
            page = answer.get_data(as_text=True)
            assert page.count('<ol class="history">') == 1, role
            assert re.search(r"operation \d+</p>", page), role


@pytest.mark.parametrize("name", EDITED)
def test_a_restored_version_is_as_before_and_its_undo_as_after(app: Flask, sign_in, name: str) -> None:
    grid = RECORDS[name]
    table = grid.model.__tablename__
    with app.app_context():
        row_id = make_row(grid)
    client = sign_in("admin")
    born = rows_of(app)
    edited(client, grid, row_id)
    after = rows_of(app)

    details = page_of(client, f"/admin/{name}/details/?id={row_id}")
    compared = page_of(client, address_in(details, f"/admin/{name}/compare/"))
    assert 'name="field" value=""' in compared
    restore = address_in(compared, f"/admin/{name}/restore/")
    review = post(client, restore, {"field": ""}).get_data(as_text=True)
    assert rows_of(app) == after, "a review changed something"
    assert "Apply to 1" in review
    answer = post(client, address_in(review, f"/admin/{name}/action/"), {**hidden_inputs(review), "action": "apply"})
    told = page_of(client, answer.headers["Location"])
    assert without_stamps(app, rows_of(app), table) == without_stamps(app, born, table)

    undo = re.search(r'action="(/admin/operations/undo/[^"]+)"', told)
    post(client, undo[1].replace("&amp;", "&"), {})
    assert rows_of(app) == after


def without_stamps(app: Flask, rows: dict[str, list[tuple[Any, ...]]], table: str) -> Any:
    """Returns stored rows, those of `table` without version and time of their last change."""
    with app.app_context():
        names = [column.name for column in db.metadata.tables[table].columns]
    left = [place for place, name in enumerate(names) if name not in ("version", "updated_at")]
    return {**rows, table: [tuple(row[place] for place in left) for row in rows[table]]}


@pytest.mark.parametrize(("name", "role", "secrets"), SECRETS)
def test_a_hidden_field_is_in_no_version_and_is_put_back_by_nobody_who_does_not_see_it(
    app: Flask, sign_in, name: str, role: str, secrets: set[str]
) -> None:
    with app.app_context():
        row_id = make_row(RECORDS[name])
    client = sign_in(role)
    answer = client.get(f"/admin/{name}/compare/?id={row_id}")
    if answer.status_code == 404:  # not a row of theirs
        return
    page = answer.get_data(as_text=True)
    version = re.search(r'<option value="(\d+)"', page)

    for secret in secrets:
        assert f">{fields_of(RECORDS[name].model)[secret].label}<" not in page
        assert f'value="{secret}"' not in page
        sent = post(client, f"/admin/{name}/restore/?id={row_id}&one={version[1]}", {"field": secret})
        assert sent.status_code in (403, 422), secret


@pytest.mark.parametrize("name", RECORDS)
def test_a_version_that_is_none_is_not_found(app: Flask, sign_in, name: str) -> None:
    with app.app_context():
        row_id = make_row(RECORDS[name])
    client = sign_in("admin")

    asked = ("one=999999999", "one=abc", "one=-1", "one=1&other=99999999999999999999")
    answers = {query: client.get(f"/admin/{name}/compare/?id={row_id}&{query}").status_code for query in asked}

    assert answers == dict.fromkeys(asked, 404)
