"""Whose views there are: who meets which, who may change one, and which one a list opens with."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from backoffice.core import views
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, apply, create, plan_delete, plan_edit
from backoffice.core.selection import Selection
from backoffice.core.views import SavedView
from backoffice.extensions import db
from backoffice.staff.models import StaffUser
from backoffice.students.models import Student
from tests import factories
from tests.core.grid.view_lists import LIST, rows, text


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


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"search": "nope:1"}, "search"),
        ({"sort": "nope"}, "sort"),
        ({"columns": "full_name,nope"}, "columns"),
        ({"fit": "wide:nope"}, "fit"),
        ({"default_for": "finance"}, "default_for"),
    ],
)
def test_what_could_not_be_opened_is_not_saved(session, values, field):
    root = factories.staff("admin")

    with pytest.raises(Invalid) as refused:
        create(SavedView, {"name": "A", "entity_type": "student", **values}, root, "form")

    assert list(refused.value.errors) == [field]


def test_a_view_never_shows_more_than_the_person_who_opens_it_may_see(sign_in, made, kept):
    made()
    number = kept(search="date_of_birth:2000-01-01")
    columns = kept(search="", columns="full_name,date_of_birth")
    width = kept(search="", fit="wide:date_of_birth,narrow:city")
    client = sign_in("support")

    assert client.get(f"{LIST}?view={number}").status_code == 400
    assert client.get(f"{LIST}?view={columns}").status_code == 400
    assert client.get(f"{LIST}?view=no such view").status_code == 400
    opened = text(client, f"{LIST}?view={width}")
    assert ('class="narrow"' in opened, "view-changed" in opened) == (True, False)


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


def test_a_bare_name_of_two_views_asks_for_a_number(session):
    for role in ("registrar", "finance"):
        factories.saved_view(owner=factories.staff(role), name="Same")

    with pytest.raises(LookupError, match="2 views have this name"):
        views.find(SYSTEM, Student, "same")
