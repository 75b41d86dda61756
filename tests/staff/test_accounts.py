"""Accounts: who may be made into what, and how the command line makes them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask_login import login_user
from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.operations import Busy, Change, Invalid, PlanMoved, apply, plan_edit, plan_undo, shapes
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.staff import sessions
from backoffice.staff.commands import staff
from backoffice.staff.models import StaffUser
from backoffice.staff.services import find_account, set_password
from tests.staff.browser import PASSWORD, enter


def run(app: Flask, *arguments: str, **options: str):
    return app.test_cli_runner().invoke(staff, arguments, **options)


def create(
    app: Flask, username: str = "ana", email: str = "Ana@example.org", role: str = "registrar", typed: str = PASSWORD
):
    arguments = ("create", "--username", username, "--email", email, "--role", role, "--password-stdin")
    return run(app, *arguments, input=typed + "\n")


def test_the_command_line_makes_an_account_that_can_sign_in(app: Flask, client) -> None:
    made = create(app)
    assert (made.exit_code, made.output) == (0, "ana can sign in now.\n")
    assert enter(client, "ana@EXAMPLE.org").status_code == 302


def test_without_a_given_password_a_random_one_is_printed_once(app: Flask, client) -> None:
    made = run(app, "create", "--username", "ana", "--email", "ana@example.org", "--role", "support")
    password = made.output.split()[-1]
    assert made.exit_code == 0
    assert enter(client, "ana", password).status_code == 302


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"username": "registrar"}, "There is already an account registrar."),
        ({"email": "REGISTRAR@example.org"}, "There is already an account with the address"),
        ({"username": "Ana"}, "A username is in lower case"),
        ({"username": "ana@home"}, "A username is in lower case"),
        ({"email": "nowhere"}, "is not an e-mail address"),
        ({"typed": "password1"}, "The password is refused."),
        ({"typed": "short"}, "Use at least 8 characters."),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(app: Flask, account, changed: dict[str, str], words: str) -> None:
    account("registrar")
    made = create(app, **changed)
    assert made.exit_code == 1
    assert words in made.output
    assert made.output.count("\n") == 1


def test_an_unknown_role_is_wrong_usage(app: Flask) -> None:
    assert create(app, role="emperor").exit_code == 2


def test_a_forgotten_password_is_replaced_from_the_command_line(app: Flask, client, account) -> None:
    account("registrar")
    new = "seven quiet harbour stones"
    made = run(app, "set-password", "registrar", "--password-stdin", input=new)
    assert made.exit_code == 0
    assert enter(client, "registrar").status_code == 401
    assert enter(client, "registrar", new).status_code == 302


def test_no_history_holds_a_password_or_its_hash(app: Flask, account) -> None:
    account("registrar")
    with app.app_context():
        set_password(find_account("registrar"), "seven quiet harbour stones")
        kept = [str((change.before, change.after)) for change in db.session.scalars(select(Change))]
    assert len(kept) == 1
    assert "argon2" not in kept[0]


def edit(person, account: StaffUser, **values: object):
    return plan_edit(Selection.parse(StaffUser, person, ids=(account.id,)), values, person, door="form")


def test_the_last_administrator_stays_one(app: Flask, account) -> None:
    account("admin")
    with app.app_context():
        only = find_account("admin")
        for values in ({"role": "registrar"}, {"is_active": False}):
            plan = edit(SYSTEM, only, **values)
            assert (plan.will_change, plan.refused) == (0, 1)


def test_a_time_zone_is_one_that_there_is(app: Flask, account) -> None:
    account("registrar")
    with app.app_context():
        one = find_account("registrar")
        plan = edit(SYSTEM, one, timezone="Mars/Olympus")
        assert [(r.field, r.message) for r in plan.refusals] == [("timezone", shapes.TIME_ZONE)]
        assert edit(SYSTEM, one, timezone="America/Argentina/Ushuaia").will_change == 1


def test_one_of_two_administrators_may_go(app: Flask, account) -> None:
    account("admin")
    account("second", role="admin")
    with app.app_context():
        operation = apply(edit(SYSTEM, find_account("second"), role="support"), SYSTEM)
        assert operation.row_count == 1
        assert find_account("second").role == "support"


def test_taking_back_the_making_of_the_second_administrator_needs_the_first_one(app: Flask, account) -> None:
    account("admin")
    account("second", role="admin")
    with app.app_context():
        promoted = apply(edit(SYSTEM, find_account("second"), role="support"), SYSTEM)
        taken_back = apply(plan_undo(promoted, SYSTEM), SYSTEM)
        assert (taken_back.row_count, find_account("second").role) == (1, "admin")


def test_nobody_changes_their_own_role_or_leaves_themselves_out(app: Flask, account) -> None:
    account("admin")
    account("second", role="admin")
    with app.test_request_context():
        me, other = find_account("admin"), find_account("second")
        person = sessions.begin(me, "127.0.0.1", "a browser")
        login_user(person)
        for values in ({"role": "registrar"}, {"is_active": False}):
            own = edit(person, me, **values)
            assert (own.will_change, own.refused) == (0, 1)
        assert edit(person, other, role="registrar").will_change == 1


def test_two_administrators_who_lower_each_other_at_once_do_not_both_succeed(app: Flask, account) -> None:
    for name in ("first", "second"):
        account(name, role="admin")
    start = threading.Barrier(2)

    def lower(name: str) -> bool:
        with app.app_context():
            plan = edit(SYSTEM, find_account(name), role="support")
            start.wait(timeout=10)
            try:
                apply(plan, SYSTEM)
            except (Busy, Invalid, PlanMoved):
                return False
            return True

    with ThreadPoolExecutor(2) as both:
        lowered = sorted(both.map(lower, ("first", "second")))
    with app.app_context():
        roles = sorted(db.session.scalars(select(StaffUser.role)))
    assert (lowered, roles) == ([False, True], ["admin", "support"])
