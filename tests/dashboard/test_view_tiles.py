"""Saved views as tiles of the overview: put there by whoever sees them, counted for them, and arranged like the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice.core.access import SYSTEM
from backoffice.core.operations import apply, plan_edit
from backoffice.core.selection import Selection
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import post
from tests.languages import german, speaking

TILE = re.compile(r'id="title-view_(\d+)">([^<]+)</h3>.*?<a href="([^"]+)"[^>]*>.*?figure-value">([^<]+)<', re.DOTALL)


@pytest.fixture
def view(app: Flask) -> int:
    """A view of the students in Leeds, of whom there are two."""
    with app.app_context():
        for city in ("Leeds", "Leeds", "York"):
            factories.student(city=city)
        return int(factories.saved_view(name="In Leeds", search="city:Leeds").id)


def step(client: FlaskClient, **sent: Any) -> int:
    return int(post(client, "/admin/arrange/", sent | {"at": ""}).status_code)


def tiles(client: FlaskClient) -> list[tuple[str, str, str]]:
    """Returns (name, address, number) of the tiles of views."""
    page = client.get("/admin/").get_data(as_text=True)
    return [(name, url, number) for _, name, url, number in TILE.findall(page)]


def test_a_view_becomes_a_tile_with_its_number_and_leads_to_itself(
    app: Flask, sign_in: Callable[..., FlaskClient], view: int
) -> None:
    client = sign_in("registrar")

    step(client, view=view)
    first = tiles(client)
    with app.app_context():
        apply(plan_edit(Selection.parse(Student, SYSTEM, search="city:York"), {"city": "Leeds"}, SYSTEM), SYSTEM)

    assert first == [("In Leeds", f"/admin/students/?view={view}", "2")]
    assert tiles(client) == [("In Leeds", f"/admin/students/?view={view}", "3")]


def test_a_tile_is_moved_hidden_and_removed_like_the_others(
    app: Flask, sign_in: Callable[..., FlaskClient], view: int
) -> None:
    client = sign_in("registrar")
    with app.app_context():
        other = factories.saved_view(name="In York", search="city:York").id
    step(client, view=view)
    step(client, view=other)

    moved = (step(client, up=f"view_{other}"), [name for name, *_ in tiles(client)])
    hidden = (step(client, toggle=f"view_{other}"), [name for name, *_ in tiles(client)])
    removed = (step(client, remove=f"view_{view}"), [name for name, *_ in tiles(client)])

    assert moved == (200, ["In York", "In Leeds"])
    assert hidden == (200, ["In Leeds"])
    assert removed == (200, [])


def test_a_tile_counts_what_each_person_sees_and_is_gone_with_the_right_to_the_view(
    sign_in: Callable[..., FlaskClient], view: int
) -> None:
    registrar, teacher = sign_in("registrar"), sign_in("course_editor")
    for client in (registrar, teacher):
        step(client, view=view)
    seen = [[number for *_, number in tiles(client)] for client in (registrar, teacher)]

    post(sign_in("admin"), f"/admin/views/edit/?id={view}", {"visibility": "mine"})

    assert seen == [["2"], ["0"]]
    assert [tiles(client) for client in (registrar, teacher)] == [[], []]


def test_only_views_that_one_may_open_can_be_added(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    client = sign_in("course_editor")
    with app.app_context():
        invoices = factories.saved_view(name="Bills", entity_type="invoice", search="").id
        private = factories.saved_view(name="Mine", visibility="mine", owner=factories.staff()).id

    page = client.get("/admin/arrange/").get_data(as_text=True)

    assert [step(client, view=number) for number in (invoices, private, "x")] == [400, 400, 400]
    assert ("Bills" in page, "Mine" in page) == (False, False)


def test_views_to_add_stand_in_the_alphabet_of_the_readers_language(
    app: Flask, sign_in: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    client = sign_in("admin")
    with app.app_context():
        factories.saved_view(), factories.saved_view(entity_type="invoice", search="")

    with speaking(app, german(tmp_path, {"Students": "Ärzte", "Invoices": "Rechnungen"}), "de"):
        page = client.get("/admin/arrange/").get_data(as_text=True)

    assert re.findall('<optgroup label="([^"]+)">', page) == ["Ärzte", "Rechnungen"]
