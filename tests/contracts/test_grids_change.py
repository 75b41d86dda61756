"""Every grid whose rights include it: bulk edit and bulk deletion are reviewed, applied, and taken back byte for byte."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from backoffice.core.access import Role
from backoffice.core.grid import Grid
from backoffice.core.selection import Kind, fields_of
from tests.contracts.grids import RECORDS, hidden_inputs, make_row, make_rows, post, rows_of

BULK = [name for name, grid in RECORDS.items() if Role.ADMIN in grid.rights and "B" in grid.rights[Role.ADMIN].verbs]
DELETED = [name for name in BULK if "D" in RECORDS[name].rights[Role.ADMIN].verbs]
ONE = [name for name, grid in RECORDS.items() if Role.ADMIN in grid.rights and "E" in grid.rights[Role.ADMIN].verbs]


def attempts(grid: type[Grid]) -> list[tuple[str, str]]:
    """Returns (field, value) pairs of the form that a rule may or may not allow."""
    found = []
    for name in grid.form:
        field = fields_of(grid.model)[name]
        if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
            found.append((name, "Newtown"))
        elif field.kind is Kind.BOOLEAN:
            found += [(name, "true"), (name, "false")]
        elif field.kind is Kind.CHOICE:
            found += [(name, choice) for choice in field.choices]
        elif field.kind in (Kind.INTEGER, Kind.DECIMAL):
            found.append((name, "7"))
    return found


def reviewed(client: Any, name: str, rows: dict[str, Any], field: str, value: str) -> tuple[int, str]:
    """Returns how many rows a bulk edit would change, and the page that says so."""
    answer = post(client, f"/admin/{name}/action/", {**rows, "action": "review", f"set-{field}": value})
    page = answer.get_data(as_text=True)
    told = re.search(r"([\d,]+) will change", page)
    return (int(told[1].replace(",", "")), page) if told else (0, page)


@pytest.mark.parametrize("name", BULK)
def test_a_bulk_edit_is_reviewed_applied_and_taken_back(app: Flask, sign_in, name: str) -> None:
    grid = RECORDS[name]
    with app.app_context():
        ids = make_rows(grid, 3)
    client = sign_in("admin")
    rows = {"rowid": ids}
    before = rows_of(app)
    chosen = post(client, f"/admin/{name}/action/", {**rows, "action": "edit"})
    reviews = (reviewed(client, name, rows, *attempt) for attempt in attempts(grid))
    number, page = next(((number, page) for number, page in reviews if number), (0, ""))

    assert chosen.status_code == 200
    assert number, "no field of the form can be changed in bulk"
    assert rows_of(app) == before, "a review changed something"
    assert f"Apply to {number}" in page
    applied = post(client, f"/admin/{name}/action/", {**hidden_inputs(page), "action": "apply"})
    told = client.get(applied.headers["Location"]).get_data(as_text=True)
    assert f"{number} {grid.noun(number)} changed" in told
    assert rows_of(app) != before

    undo = re.search(r'action="(/admin/operations/undo/[^"]+)"', told)
    assert undo
    post(client, undo[1].replace("&amp;", "&"), {})
    assert rows_of(app) == before


@pytest.mark.parametrize("name", DELETED)
def test_a_deletion_names_what_goes_along_and_is_taken_back(app: Flask, sign_in, name: str) -> None:
    grid = RECORDS[name]
    with app.app_context():
        ids = make_rows(grid, 2)
    client = sign_in("admin")
    before = rows_of(app)

    page = post(client, f"/admin/{name}/action/", {"rowid": ids, "action": "delete"}).get_data(as_text=True)
    told = re.search(r"(\d+) will be deleted", page)
    refused = re.search(r"(\d+) refused", page)
    assert told
    assert refused
    assert int(told[1]) + int(refused[1]) == 2
    if told[1] == "0":
        assert "Reason" in page  # each refusal is explained
        return
    confirmed = re.search(r"Type (\d+) to confirm", page)
    sent = {**hidden_inputs(page), "action": "apply", "typed": confirmed[1] if confirmed else ""}
    applied = post(client, f"/admin/{name}/action/", sent)
    done = client.get(applied.headers["Location"]).get_data(as_text=True)
    assert f"{told[1]} {grid.noun(int(told[1]))} deleted" in done

    undo = re.search(r'action="(/admin/operations/undo/[^"]+)"', done)
    assert undo
    post(client, undo[1].replace("&amp;", "&"), {})
    assert rows_of(app) == before


@pytest.mark.parametrize("name", ONE)
def test_saving_an_unchanged_form_changes_nothing(app: Flask, sign_in, name: str) -> None:
    with app.app_context():
        row_id = make_row(RECORDS[name])
    client = sign_in("admin")
    page = client.get(f"/admin/{name}/edit/?id={row_id}").get_data(as_text=True)
    before = rows_of(app)

    answer = post(client, f"/admin/{name}/edit/?id={row_id}", typed_in(page))

    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert rows_of(app) == before


def typed_in(page: str) -> dict[str, str]:
    """Returns the fields of a page's record form, as a browser would send them."""
    form = page[page.index('class="record-form') :].partition("</form>")[0]
    sent = hidden_inputs(page)
    for tag in re.findall(r"<input [^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and "checked" in tag:
            sent[attributes["name"]] = attributes.get("value", "y")
        elif attributes.get("type") not in ("hidden", "checkbox", "submit"):
            sent[attributes["name"]] = attributes.get("value", "").replace("&#34;", '"').replace("&amp;", "&")
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        sent[name] = chosen[1] if chosen else ""
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL):
        sent[name] = text.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")
    return sent
