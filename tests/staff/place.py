"""Two who read the same pages in different places: what tests of that share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.contracts.grids import post

AT = datetime(2026, 3, 1, 20, 5, tzinfo=UTC)
IN_TOKYO, IN_BERLIN = "02.03.2026, 05:05 JST", "2026-03-01 21:05 CET"  # Berlin is the organisation's
ACCOUNT = "/admin/account/"


def text_of(answer: Any) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def choose(client: FlaskClient, locale: str = "de_DE", timezone: str = "Asia/Tokyo", **more: str) -> Any:
    return post(client, f"{ACCOUNT}place/", {"locale": locale, "timezone": timezone, **more})


@pytest.fixture
def invoice(app: Flask) -> int:
    """An invoice over 1,234.50 EUR that is due on 1 March, of which somebody was reminded on that day."""
    with app.app_context():
        student = factories.student(full_name="Ada Lovelace")
        due = {"issue_date": date(2026, 2, 1), "due_date": date(2026, 3, 1)}
        return int(factories.invoice(123_450, student=student, last_reminder_at=AT, **due).id)


@pytest.fixture
def in_tokyo(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """A German in Tokyo, who does the accounts."""
    client = sign_in("finance", full_name="Ute in Tokyo")
    choose(client)
    client.get(ACCOUNT)  # has said so
    return client


@pytest.fixture
def beside(sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """A colleague who chose nothing."""
    return sign_in("finance", full_name="Al at home")


def places(invoice: int) -> dict[str, str]:
    columns = "reference,due_date,total,last_reminder_at"
    return {
        "list": f"/admin/invoices/?columns={columns}&search=due_date:2026-03-01&totals=1",
        "details": f"/admin/invoices/details/?id={invoice}",
        "print": f"/admin/invoices/print/?columns={columns}",
        "peek": f"/admin/invoices/?columns={columns}&peek={invoice}",
    }
