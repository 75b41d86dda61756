"""Each person arranges their overview: by forms, for themselves alone, and back to what their role has."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from backoffice.core.access import Role
from backoffice.dashboard.arranging import arranged
from backoffice.dashboard.keeping import Kept
from tests.dashboard.test_page import FIGURE, SEEN, page_of
from tests.factories import csrf_token

HEADING = re.compile(r'class="figure-group-title" id="group-\d+">([^<]+)<')


@pytest.fixture
def step(sign_in) -> Callable[..., str]:
    """Returns a function that takes one step on the page of arrangement and returns the overview after it."""
    client = sign_in("registrar")

    def take(**sent: str) -> str:
        page = client.get("/admin/arrange/").get_data(as_text=True)
        if sent:
            answer = client.post("/admin/arrange/", data=sent | {"csrf_token": csrf_token(page)})
            assert answer.status_code == 303, answer.get_data(as_text=True)
        return page_of(client)

    return take


def shown(page: str) -> list[str]:
    return FIGURE.findall(page)


def test_a_figure_moves_among_those_of_its_heading(small_world, step):
    before = shown(step())
    after = shown(step(down=before[0]))
    assert after == [before[1], before[0], *before[2:]]
    assert shown(step(up=before[0])) == before
    assert shown(step(up=before[0])) == before  # there is nothing above it


def test_a_heading_moves_with_its_figures(small_world, step):
    before = HEADING.findall(step())
    page = step(**{"heading-down": before[0]})
    assert HEADING.findall(page) == [before[1], before[0], *before[2:]]
    assert sorted(shown(page)) == sorted(SEEN[Role.REGISTRAR])


def test_what_is_hidden_is_not_shown_and_can_be_shown_again(small_world, step):
    assert "census" not in shown(step(toggle="census"))
    assert set(shown(step())) == SEEN[Role.REGISTRAR] - {"census"}
    assert "census" in shown(step(toggle="census"))


def test_reset_brings_back_what_the_role_has(small_world, step):
    before = shown(step())
    step(toggle="census")
    step(**{"heading-down": "To do"})
    assert shown(step(reset="1")) == before


def test_an_order_is_kept_heading_by_heading_whatever_is_sent(small_world, step):
    before = shown(step())
    names = [before[2], before[0], "nothing", before[2]]
    after = shown(step(order=",".join(names)))
    assert after[:3] == [before[2], before[0], before[1]]
    assert sorted(after) == sorted(before)


def test_one_persons_arrangement_is_nobody_elses(small_world, step, sign_in):
    step(toggle="census")
    assert set(shown(page_of(sign_in("registrar")))) == SEEN[Role.REGISTRAR]


def test_a_figure_that_is_hidden_is_not_counted(app, small_world, step, monkeypatch):
    step(toggle="census")
    asked = []
    figures = app.extensions["summaries"].all
    census = next(figure for figure in figures if figure.name == "census")
    monkeypatch.setitem(census.__dict__, "compute", lambda *given: asked.append(given) or ())
    step()
    assert asked == []


def test_a_step_that_names_nothing_is_refused(step, sign_in):
    client = sign_in("admin")
    token = csrf_token(client.get("/admin/arrange/").get_data(as_text=True))
    answers = [
        client.post("/admin/arrange/", data=sent | {"csrf_token": token}).status_code
        for sent in ({}, {"up": "nothing"}, {"heading-up": "nothing"}, {"toggle": "<b>"})
    ]
    assert answers == [400] * 4


def test_a_figure_that_came_later_stands_where_the_role_has_it(app):
    figures = app.extensions["summaries"].all
    before = arranged(figures, Kept(), Role.ADMIN).names
    first, second, third, *others = before
    kept = Kept(figures=[third, first, *others])
    assert arranged(figures, kept, Role.ADMIN).names == [third, first, second, *others]
