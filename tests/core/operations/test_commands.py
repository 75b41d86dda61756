"""operations list | show | undo | verify."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from backoffice.core.access import SYSTEM
from backoffice.core.operations import apply, approvals, plan_edit
from backoffice.core.operations.commands import operations
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories


@pytest.fixture
def edited(app):
    """The number of an operation that moved two students to York."""
    with app.app_context():
        factories.student(full_name="Ana", city="Leeds")
        factories.student(full_name="Ben", city=None)
        selection = Selection.parse(Student, SYSTEM)
        return apply(plan_edit(selection, {"city": "York"}, SYSTEM, reason="moved"), SYSTEM).id


def run(app, *arguments):
    return app.test_cli_runner().invoke(operations, [str(argument) for argument in arguments])


def test_list_shows_the_newest_first(app, edited):
    lines = run(app, "list").output.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"{edited}  ")
    assert lines[0].endswith("Command line (bulk)  Set city to York for 2 students")


def test_show_tells_field_by_field(app, edited):
    shown = run(app, "show", edited)
    assert shown.exit_code == 0
    assert [re.sub(r"id \d+", "id N", line) for line in shown.output.splitlines()[1:]] == [
        "  Reason: moved",
        "  update student Ana (id N)",
        "    City: Leeds -> York",
        "  update student Ben (id N)",
        "    City: (empty) -> York",
    ]


def test_undo_takes_it_back_and_says_so(app, edited):
    undone = run(app, "undo", edited, "--reason", "by mistake")
    assert (undone.exit_code, "Undo: Set city to York for 2 students" in undone.output) == (0, True)
    again = run(app, "undo", edited)
    assert (again.exit_code, again.output) == (1, "Error: No row would change.\n")


def test_undo_above_a_policy_is_refused_with_the_way_on(app, edited):
    with app.app_context():
        factories.approval_policy(is_active=True, verb="undo", rows_above=1)

    refused = run(app, "undo", edited)

    assert (refused.exit_code, refused.output) == (
        1,
        "Error: 2 students; above 1 a second person approves. Ask for it on the page of the operation.\n",
    )


def test_show_names_who_approved(app):
    with app.app_context():
        factories.student(city="Leeds")
        factories.approval_policy(is_active=True, rows_above=0)
        author, second = factories.staff(), factories.staff(full_name="Sue Second")
        plan = plan_edit(Selection.parse(Student, author), {"city": "York"}, author)
        approvals.approve(approvals.ask(plan, author, "moved"), second, "Checked the list")
        number = apply(plan, author).id

    shown = run(app, "show", number).output.splitlines()

    assert shown[1:3] == ["  Reason: moved", "  Approved by: Sue Second: Checked the list"]


def test_an_unknown_number_is_one_line_and_status_1(app):
    shown = run(app, "show", 999)
    assert (shown.exit_code, shown.output) == (1, "Error: There is no operation 999. See `operations list`.\n")
    assert run(app, "show", "x").exit_code == 2


def test_verify_is_content_with_what_was_recorded(app, edited):
    run(app, "undo", edited)
    said = run(app, "verify").output.splitlines()
    assert said[0] == "All is as recorded: 4 operations; 2 students."
    assert said[1].startswith("The chain has 4 seals, the last link is ")
    assert run(app, "verify", "--noted", said[1].split()[-1]).exit_code == 0
    assert run(app, "verify", "--noted", "0" * 64).exit_code == 1


def test_prune_says_so_when_nothing_is_old(app, edited):
    pruned = run(app, "prune")
    assert (pruned.exit_code, pruned.output) == (1, "Error: No change is older than 90 days.\n")
    assert run(app, "prune", "--days", "30").exit_code == 2


def test_verify_finds_a_value_that_was_altered_behind_its_back(app, edited):
    with app.app_context(), db.engine.connect().execution_options(unrecorded=True) as connection:
        connection.execute(text("UPDATE student SET city = 'Bath' WHERE full_name = 'Ana'"))
        connection.commit()
    verified = run(app, "verify")
    assert verified.exit_code == 1
    assert "city is 'Bath', its history says 'York'." in verified.output


def test_verify_finds_rows_without_history_and_history_without_rows(app, edited):
    with app.app_context(), db.engine.connect().execution_options(unrecorded=True) as connection:
        connection.execute(text("UPDATE student SET id = 999 WHERE full_name = 'Ana'"))
        connection.commit()
    output = run(app, "verify").output
    assert "student 999: there is a row, but no history says so." in output
    assert "the history has a row that is not there." in output
