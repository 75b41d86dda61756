"""What stands beside a choice of the filter panel is how many rows the list has once it is chosen."""

from __future__ import annotations

import itertools
import json
import re
import time
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.core.access import SYSTEM, Role
from backoffice.core.grid import choice_counts
from backoffice.core.operations import apply, plan_edit
from backoffice.core.selection import Selection
from backoffice.extensions import cache
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import RECORDS
from tests.dashboard import world
from tests.dashboard.conftest import Somebody

SELECT = re.compile(r'<select class="form-select" id="(flt[^"]+)" name="([^"]+)">(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"')
SEARCHES = {
    "students": ("", "student 1", "-status:active", "studying:yes"),
    "sections": ("", "alg", "capacity>2", "overbooked:no"),
    "enrollments": ("", "student.full_name:3", "section.course.code:BIO", "-status:rejected"),
    "invoices": ("", "i1", "balance>0", "student.status:active"),
    "payments": ("", "amount>5", "kind:payment,refund", "invoice.state:issued"),
}


@pytest.fixture(autouse=True)
def time_enough():
    """Lets every choice be counted, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice_counts, "SECONDS", 60)
        yield


@pytest.fixture
def small_world(app) -> None:
    with app.app_context():
        world.build()


def panel(client, grid: str) -> dict[str, tuple[str, list[str]]]:
    """Returns the panel's selects by id: the name and the choices of each."""
    page = client.get(f"/admin/{grid}/").get_data(as_text=True)
    return {id_: (name, list(map(unescape, OPTION.findall(body)))) for id_, name, body in SELECT.findall(page)}


def counts(client, grid: str, **args: str) -> dict[str, dict[str, str]]:
    answer = client.get(f"/admin/{grid}/choices/", query_string=args)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def after_choosing(grid: str, **args: str) -> str:
    """Returns how many rows the list of these parameters has."""
    return str(Selection.from_args(RECORDS[grid].model, Somebody(Role.ADMIN), args).count())


@pytest.mark.parametrize("grid", SEARCHES)
def test_every_number_is_that_of_the_list_after_the_choice(app, small_world, sign_in, grid):
    client = sign_in("admin")
    selects = panel(client, grid)
    for search, (_, (name, choices)) in itertools.product(SEARCHES[grid], selects.items()):
        args = {"search": search, name: choices[0]}
        shown = counts(client, grid, **args)
        with app.app_context():
            expected = {
                id_: {choice: after_choosing(grid, **{**args, other: choice}) for choice in own}
                for id_, (other, own) in selects.items()
            }
        assert (args, shown) == (args, expected)


@pytest.mark.parametrize("limit", [0, 3])
def test_where_too_many_match_to_be_read_the_choices_are_counted_one_by_one(
    app, small_world, sign_in, monkeypatch, limit
):
    monkeypatch.setattr(choice_counts, "COUNTED", limit)
    client = sign_in("admin")
    shown = counts(client, "enrollments", search="-status:rejected")
    (id_,) = [id_ for id_, (name, _) in panel(client, "enrollments").items() if name.endswith("_status_equals")]
    with app.app_context():
        expected = {
            status: str(
                Selection.parse(RECORDS["enrollments"].model, SYSTEM, search=f"-status:rejected status:{status}").count(
                    limit
                )
            )
            for status in ("active", "waitlisted", "completed", "rejected")
        }
    assert {status: shown[id_][status] for status in expected} == expected
    assert expected["active"] == f"{limit}+"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_searched_and_chosen_the_number_is_the_lists(app, sign_in, data, request):
    if not hasattr(request.node, "client"):
        with app.app_context():
            world.build()
        request.node.client = sign_in("admin")
        request.node.panels = {grid: panel(request.node.client, grid) for grid in SEARCHES}
    client = request.node.client
    grid = data.draw(st.sampled_from(sorted(SEARCHES)))
    selects = request.node.panels[grid]
    args = {"search": " ".join(data.draw(st.lists(st.sampled_from(SEARCHES[grid]), max_size=2)))}
    for name, choices in data.draw(st.lists(st.sampled_from(sorted(selects.values())), max_size=3, unique_by=str)):
        args[name] = data.draw(st.sampled_from(choices))
    id_, (name, choices) = data.draw(st.sampled_from(sorted(selects.items())))
    choice = data.draw(st.sampled_from(choices))
    with app.app_context():
        assert counts(client, grid, **args)[id_][choice] == after_choosing(grid, **{**args, name: choice})


def test_a_write_changes_the_number_at_the_next_opening(app, sign_in):
    with app.app_context():
        student = factories.student(status="active").id
    client = sign_in("registrar")
    before = counts(client, "students")["flt0_status_equals"]
    with app.app_context():
        apply(plan_edit(Selection.parse(Student, SYSTEM, ids=[student]), {"status": "on_leave"}, SYSTEM), SYSTEM)
    after = counts(client, "students")["flt0_status_equals"]
    assert [(numbers["active"], numbers["on_leave"]) for numbers in (before, after)] == [("1", "0"), ("0", "1")]


def test_a_second_opening_asks_the_database_for_the_session_alone(app, small_world, sign_in, monkeypatch):
    client = sign_in("admin")
    first = counts(client, "enrollments", search="status:active")
    monkeypatch.setattr(choice_counts, "_counted", None)
    assert counts(client, "enrollments", search="status:active") == first


def test_a_course_editor_is_told_of_own_rows_only(app, small_world, sign_in):
    everybody, editor = sign_in("admin"), sign_in("course_editor")
    assert counts(everybody, "enrollments")["flt0_status_equals"]["active"] == "5"
    assert counts(editor, "enrollments")["flt0_status_equals"]["active"] == "0"


def test_a_field_that_the_person_may_not_see_has_no_numbers(app, small_world, sign_in):
    def fields(role: str) -> set[str]:
        return {re.sub(r"^flt\d+_", "", id_) for id_ in counts(sign_in(role), "enrollments")}

    assert fields("admin") - fields("finance") == {"final_result_equals"}


def test_choices_for_which_there_is_no_time_go_without(app, small_world, sign_in, monkeypatch):
    monkeypatch.setattr(choice_counts, "COUNTED", 0)
    monkeypatch.setattr(choice_counts, "SECONDS", -1)
    began = time.monotonic()
    assert counts(sign_in("admin"), "students") == {id_: {} for id_ in counts(sign_in("admin"), "students")}
    assert time.monotonic() - began < 30


def test_who_asks_again_is_told_more_each_time_until_all_is_counted(app, small_world, sign_in, monkeypatch):
    client = sign_in("admin")
    monkeypatch.setattr(choice_counts, "COUNTED", 0)
    whole = counts(client, "enrollments")
    with app.app_context():
        cache.clear()
    clock = itertools.count(1, 30)  # two counts a time
    monkeypatch.setattr(choice_counts, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    answers = [counts(client, "enrollments") for _ in range(15)]
    numbers = [sum(map(len, answer.values())) for answer in answers]
    assert numbers == sorted(numbers)
    assert (0 < numbers[0] < numbers[1] < numbers[-1], answers[-1]) == (True, whole)


@pytest.mark.parametrize(
    "poison", [b"garbage", b"[1]", b'{"answer": 7, "whole": true}', b'{"answer": {"x": {"y": 7}}}']
)
def test_a_poisoned_cache_is_dropped_and_counted_anew(app, small_world, sign_in, poison):
    client = sign_in("admin")
    before = counts(client, "enrollments")
    for file in (Path(app.instance_path) / "cache").iterdir():
        if b"whole" in file.read_bytes():
            head, stamps = file.read_bytes()[:4], json.loads(file.read_bytes()[4:])["stamps"]
            file.write_bytes(head + poison.replace(b"{", b'{"stamps": %s, ' % json.dumps(stamps).encode(), 1))
    assert counts(client, "enrollments") == before


def test_what_cannot_be_read_is_a_400_and_who_may_not_look_is_refused(app, sign_in, client):
    admin = sign_in("admin")
    assert admin.get("/admin/students/choices/?search=nope:1").status_code == 400
    assert admin.get("/admin/students/choices/?flt0_nope_equals=1").status_code == 400
    assert sign_in("finance").get("/admin/staff/choices/").status_code == 403
    assert client.get("/admin/students/choices/").status_code == 302
