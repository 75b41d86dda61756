"""Saved views: opened, changed, saved, shared; they grant nothing, and what cannot be read says why."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from backoffice.core import views
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, apply, create, plan_delete, plan_edit, plan_undo
from backoffice.core.operations.models import Operation
from backoffice.core.operations.recording import recording
from backoffice.core.selection import Selection
from backoffice.core.views import SavedView
from backoffice.extensions import db
from backoffice.interchange.commands_export import export_command
from backoffice.staff.models import StaffUser
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import post, statements

LIST = "/admin/students/"


@pytest.fixture
def kept(app):
    """Returns a function: values -> the number of a new view; `became` is what its search means by now."""

    def make(became=None, **values):
        with app.app_context():
            number = int(factories.saved_view(**values).id)
            if became is not None:
                with recording(SYSTEM, "system", "update", model=SavedView, effects=False) as operation:
                    operation.update(SavedView, SavedView.id == number, {"search": became})
            return number

    return make


def text(client, address, **query):
    answer = client.get(address, query_string=query or None)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def rows(page):
    return len(re.findall(r'<tr data-id="', page))


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


def test_each_meets_their_own_views_their_team_s_and_everybody_s(session):
    ada, bob, eve = factories.staff("registrar"), factories.staff("registrar"), factories.staff("finance")
    for visibility in ("mine", "team", "everyone"):
        team = "registrar" if visibility == "team" else None
        factories.saved_view(owner=ada, name=visibility, visibility=visibility, team=team)

    found = [[view.name for view in views.views_of(person, Student)] for person in (ada, bob, eve)]

    assert found == [["everyone", "mine", "team"], ["everyone", "team"], ["everyone"]]


def test_a_view_of_a_grid_that_one_may_not_open_is_not_there(session):
    ada, editor = factories.staff("registrar"), factories.staff("course_editor")
    factories.saved_view(owner=ada, entity_type="invoice", search="")

    assert Selection.parse(SavedView, editor).count().number == 0
    assert Selection.parse(SavedView, factories.staff("finance")).count().number == 1


def test_only_the_owner_and_administrators_change_a_view(session):
    ada, bob, root = factories.staff("registrar"), factories.staff("registrar"), factories.staff("admin")
    number = factories.saved_view(owner=ada).id

    refused = plan_edit(Selection.parse(SavedView, bob, ids=[number]), {"name": "Bob's"}, bob, door="form")
    kept_here = plan_delete(Selection.parse(SavedView, bob, ids=[number]), bob, door="form")
    for person in (ada, root):
        name = f"{person.full_name}'s"
        apply(plan_edit(Selection.parse(SavedView, person, ids=[number]), {"name": name}, person, door="form"), person)

    assert [refusal.message for refusal in refused.refusals] == ["Only its owner or an administrator can change this."]
    assert [refusal.count for refusal in kept_here.refusals] == [1]
    assert db.session.get_one(SavedView, number).name == f"{root.full_name}'s"


def test_the_page_of_another_one_s_view_offers_no_change(registrar, kept):
    page = text(registrar, f"/admin/views/details/?id={kept()}")

    assert ">Edit</a>" not in page
    assert "/admin/views/delete/" not in page
    assert f'href="{LIST}?view=' in page


def test_a_change_of_a_view_can_be_taken_back(session):
    ada = factories.staff("registrar")
    made = create(SavedView, {"name": "A", "entity_type": "student", "visibility": "team"}, ada, "form")
    team, owner = made.team, made.owner_name
    changed = apply(plan_edit(Selection.parse(SavedView, ada), {"search": "city:Leeds"}, ada, door="form"), ada)

    apply(plan_undo(db.session.get_one(Operation, changed.id), ada), ada)

    assert (team, owner) == ("registrar", ada.full_name)
    assert db.session.scalar(select(SavedView.search)) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"search": "nope:1"}, "search"),
        ({"sort": "nope"}, "sort"),
        ({"columns": "full_name,nope"}, "columns"),
        ({"default_for": "finance"}, "default_for"),
    ],
)
def test_what_could_not_be_opened_is_not_saved(session, values, field):
    root = factories.staff("admin")

    with pytest.raises(Invalid) as refused:
        create(SavedView, {"name": "A", "entity_type": "student", **values}, root, "form")

    assert list(refused.value.errors) == [field]


def test_a_view_that_can_no_longer_be_read_is_listed_says_why_and_is_a_400(registrar, kept):
    number = kept(name="Old", became="gone_field:1")

    listed = text(registrar, f"{LIST}views/")
    opened = registrar.get(f"{LIST}?view={number}")

    assert "Cannot be opened: “gone_field" in listed
    assert opened.status_code == 400
    assert "gone_field" in opened.get_data(as_text=True)


def test_a_view_never_shows_more_than_the_person_who_opens_it_may_see(sign_in, made, kept):
    made()
    number = kept(search="date_of_birth:2000-01-01")
    columns = kept(search="", columns="full_name,date_of_birth")
    client = sign_in("support")

    assert client.get(f"{LIST}?view={number}").status_code == 400
    assert client.get(f"{LIST}?view={columns}").status_code == 400
    assert client.get(f"{LIST}?view=no such view").status_code == 400


def test_the_default_of_a_role_opens_and_all_rows_stay_within_reach(sign_in, made, kept):
    made(status="active")
    made(status="withdrawn")
    number = kept(default_for="registrar", search="status:active")
    client, other = sign_in("registrar"), sign_in("finance")

    led = client.get(LIST)
    page = text(client, led.location)
    everything = text(client, re.search(r'href="([^"]+view=all)"', page)[1])

    assert led.location == f"{LIST}?view={number}"
    assert (rows(page), rows(everything), rows(text(other, LIST))) == (1, 2, 2)
    assert 'name="view" value="all"' in everything


def test_a_person_s_own_first_view_comes_before_that_of_their_role(app, sign_in, kept):
    client = sign_in("registrar", username="ada")
    kept(default_for="registrar")
    with app.app_context():
        owner = db.session.scalar(select(StaffUser).where(StaffUser.username == "ada"))
        mine = int(factories.saved_view(owner=owner, opens_first=True, visibility="mine").id)

    assert client.get(LIST).location == f"{LIST}?view={mine}"


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


def test_a_bare_name_of_two_views_asks_for_a_number(session):
    for role in ("registrar", "finance"):
        factories.saved_view(owner=factories.staff(role), name="Same")

    with pytest.raises(LookupError, match="2 views have this name"):
        views.find(SYSTEM, Student, "same")
