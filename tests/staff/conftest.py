"""Accounts and applications with other settings, for the tests of the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from backoffice.app import create_app
from backoffice.config import Settings
from backoffice.extensions import db, limiter
from backoffice.staff.models import StaffPassword, StaffUser
from backoffice.staff.services import set_up_account
from tests.staff.browser import PASSWORD, enter
from tests.staff.place import beside, in_tokyo, invoice

__all__ = ["beside", "in_tokyo", "invoice"]  # fixtures

Account = Callable[..., int]


@pytest.fixture
def account(app: Flask) -> Account:
    """Returns a function that makes an account and returns its id; the username is also the role unless given."""

    def made(username: str, role: str = "") -> int:
        facts = {
            "username": username,
            "email": f"{username}@example.org",
            "role": role or username,
            "password": PASSWORD,
        }
        with app.app_context():
            return set_up_account(**facts).id

    return made


@pytest.fixture
def signed_in(app: Flask, account: Account) -> Callable[..., FlaskClient]:
    """Returns a function: a role's name -> a browser signed in as the account of that role."""

    def entered(role: str) -> FlaskClient:
        account(role)
        client = app.test_client()
        assert enter(client, role).status_code == 302
        return client

    return entered


@pytest.fixture
def other_app(settings: Settings, app: Flask) -> Iterator[Callable[..., Flask]]:
    """Returns a function that makes the application anew with some settings changed, on the same database."""
    made: list[Flask] = []

    def create(**changed: object) -> Flask:
        made.append(create_app(replace(settings, **changed)))
        return made[-1]

    yield create
    for one in made:
        with one.app_context():
            db.session.remove()
            db.engine.dispose()
    limiter.init_app(app)


def alter(app: Flask, account_id: int, **values: object) -> None:
    """Changes an account as another process would: in the tables themselves. `hash` is its password's."""
    with app.app_context():
        engine = create_engine(db.engine.url)
    with engine.begin() as connection:
        if "hash" in values:
            of_account = StaffPassword.__table__.c.staff_id == account_id
            connection.execute(StaffPassword.__table__.update().where(of_account).values(hash=values.pop("hash")))
        if values:
            connection.execute(StaffUser.__table__.update().where(StaffUser.id == account_id).values(values))
    engine.dispose()
