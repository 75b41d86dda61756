"""Saved views: opened, changed, saved, shared; they grant nothing, and what cannot be read says why."""

from __future__ import annotations

import re

from sqlalchemy import select

from backoffice.core.operations import apply, create, plan_edit, plan_undo
from backoffice.core.operations.models import Operation
from backoffice.core.selection import Selection
from backoffice.core.views import SavedView
from backoffice.extensions import db
from backoffice.interchange.commands_export import export_command
from backoffice.staff.models import StaffUser
from tests import factories
from tests.contracts.grids import post, statements
from tests.core.grid.view_lists import LIST, rows, text


def test_a_view_opens_with_its_search_order_columns_and_height(registrar, made, kept):
    made(status="active", city="Leeds")
    made(status="withdrawn")
    number = kept(
        name="Leeds", search="status:active", sort="-city", columns="city,full_name", fit="pinned:2", density="compact"
    )

    page = text(registrar, LIST, view=str(number))
    by_name = text(registrar, LIST, view="leeds")

    assert rows(page) == rows(by_name) == 1
    assert 'value="status:active"' in page
    assert 'class="grid-table grid-compact"' in page
    assert re.search(r'aria-sort="descending"><a [^>]*>City', page)
    assert '<strong class="view-name">Leeds</strong>' in page
    assert '<span class="view-changed">changed</span>' not in page


def test_what_was_changed_is_said_and_can_be_saved_over_the_view_or_taken_back(app, sign_in, made):
    client = sign_in("registrar", username="ada")
    made(status="active")
    made(status="withdrawn")
    with app.app_context():
        owner = db.session.scalar(select(StaffUser).where(StaffUser.username == "ada"))
        number = int(factories.saved_view(owner=owner, name="Mine", visibility="mine").id)

    page = text(
        client, LIST, view=str(number), search="status:active", flt0_city_contains="Leeds", sort="city", desc="1"
    )
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page[page.index("view-bar") :]))
    saved = post(client, f"/admin/views/edit/?id={number}&url={LIST}?view={number}", fields)

    assert '<span class="view-changed">changed</span>' in page
    assert f'href="{LIST}?view={number}">Reset' in page
    assert saved.location == f"{LIST}?view={number}"
    told = text(client, saved.location)
    assert "1 view changed" in told
    assert 'name="search" value="status:active city~Leeds"' in told
    assert '<span class="view-changed">changed</span>' not in told


def test_the_last_part_of_a_view_can_be_taken_off_without_opening_it_anew(registrar, made, kept):
    made(status="active")
    made(status="withdrawn")
    number = kept(search="status:active")
    page = text(registrar, LIST, view=str(number))

    chip = re.search(r'class="chip-remove" href="([^"]+)"', page)[1]
    without = text(registrar, chip)

    assert chip == f"{LIST}?view={number}&search="
    assert rows(without) == 2
    assert '<span class="view-changed">changed</span>' in without


def test_what_a_list_shows_becomes_a_new_view_that_is_opened(registrar, made):
    made(status="active")
    made(status="withdrawn")
    page = text(registrar, LIST, search="status:active", columns="full_name,city")
    form = re.search(r'href="(/admin/views/new/[^"]+)">Save as new view', page)[1]
    shown = text(registrar, form)

    sent = {"name": "Active", "entity_type": "student", "search": "status:active", "columns": "full_name,city"}
    answer = post(registrar, form, {**sent, "visibility": "team", "icon": "flag", "density": "comfortable"})

    assert [re.search(rf'name="{name}"[^>]* value="([^"]*)"', shown)[1] for name in ("search", "columns")] == [
        "status:active",
        "full_name,city",
    ]
    assert re.fullmatch(rf"{LIST}\?view=\d+", answer.location)
    opened = text(registrar, answer.location)
    assert "1 view created" in opened
    assert rows(opened) == 1


def test_a_change_of_a_view_can_be_taken_back(session):
    ada = factories.staff("registrar")
    made = create(SavedView, {"name": "A", "entity_type": "student", "visibility": "team"}, ada, "form")
    team, owner = made.team, made.owner_name
    changed = apply(plan_edit(Selection.parse(SavedView, ada), {"search": "city:Leeds"}, ada, door="form"), ada)

    apply(plan_undo(db.session.get_one(Operation, changed.id), ada), ada)

    assert (team, owner) == ("registrar", ada.full_name)
    assert db.session.scalar(select(SavedView.search)) is None


def test_a_view_that_can_no_longer_be_read_is_listed_says_why_and_is_a_400(registrar, kept):
    number = kept(name="Old", became="gone_field:1")

    listed = text(registrar, f"{LIST}views/")
    opened = registrar.get(f"{LIST}?view={number}")

    assert "Cannot be opened: “gone_field" in listed
    assert opened.status_code == 400
    assert "gone_field" in opened.get_data(as_text=True)


def test_files_and_bulk_edits_take_the_rows_and_columns_of_a_view(registrar, send, made, kept):
    made(status="active", full_name="Anna", city="Leeds")
    made(status="withdrawn")
    number = kept(search="status:active", columns="full_name,city")

    exported = registrar.get(f"{LIST}export/csv/?view={number}").get_data(as_text=True)
    picked = send(f"action/?view={number}", action="export", all="1").get_data(as_text=True)

    assert exported.splitlines() == ["full_name,city", "Anna,Leeds"]
    assert picked == exported


def test_the_command_line_exports_a_view_by_its_name(app, made, kept):
    made(status="active", full_name="Anna", city="Leeds")
    made(status="withdrawn")
    kept(name="Who is here", search="status:active", columns="full_name,city")

    done = app.test_cli_runner().invoke(export_command, ["students", "--view", "who is here"])
    missing = app.test_cli_runner().invoke(export_command, ["students", "--view", "nothing"])

    assert done.stdout.splitlines()[:2] == ["full_name,city", "Anna,Leeds"]
    assert missing.exit_code == 2
    assert "there is no such view" in missing.stderr


def test_numbers_and_their_age_stand_beside_the_views(registrar, made, kept):
    made(status="active"), made(status="active")
    made(status="withdrawn")
    number, broken = kept(search="status:active"), kept(became="nope:1")

    told = registrar.get(f"{LIST}views/", headers={"Accept": "application/json"}).json

    assert told[str(number)]["count"] == "2"
    assert re.fullmatch(r"\d\d:\d\d", told[str(number)]["at"])
    assert "nope" in told[str(broken)]["problem"]


def test_views_cost_a_list_no_statement(app, registrar, made, kept):
    made()
    registrar.get(LIST)
    with statements(app) as none:
        registrar.get(LIST)
    for _ in range(20):
        kept()

    with statements(app) as many:
        registrar.get(LIST)

    assert len(many) == len(none)
