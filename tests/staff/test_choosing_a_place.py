"""Choosing one's own place: what is offered, what is refused, what an account begins with, and the way back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from backoffice.core.access import SYSTEM
from backoffice.core.clock import ZONES
from backoffice.core.notation import LOCALES
from backoffice.core.operations import apply, plan_edit
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.staff.models import StaffPreference, StaffUser
from tests.staff.place import ACCOUNT, choose, places, text_of


def kept(app: Flask) -> list[tuple[str | None, str | None]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(StaffPreference.locale, StaffPreference.timezone))]


def test_scripts_are_told_of_a_choice_and_of_nothing_else(in_tokyo: FlaskClient, beside: FlaskClient) -> None:
    roots = [re.findall("<html[^>]*>", client.get(ACCOUNT).get_data(as_text=True)) for client in (in_tokyo, beside)]

    assert roots == [
        ['<html lang="en" dir="ltr" data-locale="de-DE" data-zone="Asia/Tokyo">'],
        ['<html lang="en" dir="ltr">'],
    ]


def test_what_is_unknown_is_refused_with_what_was_typed(app: Flask, beside: FlaskClient) -> None:
    answer = choose(beside, "tlh_QO", "Asia/Tokio")
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "<title>Error: Your account" in page
    assert re.findall(r'class="field-error"[^>]*>.*?<span>(.*?)</span>', page) == [
        "Choose one of the list.",
        "No time zone is called “Asia/Tokio”. Choose one of the list, or leave it empty.",
    ]
    assert 'value="Asia/Tokio"' in page
    assert kept(app) == []


@pytest.mark.parametrize(
    ("typed", "zone"), [("asia/tokyo", "Asia/Tokyo"), (" America/New York ", "America/New_York"), ("utc", "UTC"), ("", None)]
)  # fmt: skip
def test_a_zone_may_be_typed_in_any_case(app: Flask, beside: FlaskClient, typed: str, zone: str | None) -> None:
    assert choose(beside, "", typed).status_code == 302
    assert kept(app) == [(None, zone)]


def test_the_page_offers_every_locale_by_its_own_name_and_every_zone_and_what_was_chosen(in_tokyo: FlaskClient) -> None:
    page = unescape(in_tokyo.get(ACCOUNT).get_data(as_text=True))
    offered = re.findall(r'<option( selected)? value="([^"]*)">([^<]+)</option>', page)

    assert {name for _, name, _ in offered} == {"", *LOCALES}
    assert (offered[0][2], [label for chosen, _, label in offered if chosen]) == (
        "The organisation's (2026-03-01, 1,234.50)",
        ["Deutsch (Deutschland) – 01.03.2026, 1.234,50"],
    )
    assert set(re.findall(r'<option value="([^"]+)">(?!\w)', page.partition('<datalist id="zones">')[2])) == ZONES
    assert 'value="Asia/Tokyo"' in page


def test_a_choice_that_is_known_no_longer_is_the_organisations(
    app: Flask, beside: FlaskClient, in_tokyo: FlaskClient, invoice: int
) -> None:
    with app.app_context():
        chosen = update(StaffPreference).values(locale="de_XX", timezone="Asia/Atlantis")
        db.session.execute(chosen)
        db.session.commit()
    address = places(invoice)["list"]

    assert _without_names(in_tokyo.get(address)) == _without_names(beside.get(address))


def test_going_back_to_the_organisations_way_leaves_no_trace(
    in_tokyo: FlaskClient, beside: FlaskClient, invoice: int
) -> None:
    choose(in_tokyo, "", "")
    in_tokyo.get(ACCOUNT)

    pages = [
        [_without_names(client.get(address)) for address in places(invoice).values()] for client in (in_tokyo, beside)
    ]

    assert pages[0] == pages[1]


def _without_names(answer: Any) -> str:
    page = re.sub(r'(csrf_token" value=")[^"]*', r"\1", answer.get_data(as_text=True))
    page = re.sub(r"\d\d:\d\d [A-Z]+</span>", "</span>", page)  # when it was printed
    return re.sub("Ute in Tokyo|Al at home|>[UA]</span>", "", page)


def zone_of_account(app: Flask, name: str, zone: str) -> None:
    """Has an administrator set the time zone of an account."""
    with app.app_context():
        one = Selection.parse(StaffUser, SYSTEM, search=f'full_name:"{name}"')
        apply(plan_edit(one, {"timezone": zone}, SYSTEM), SYSTEM)


def hours(client: FlaskClient, invoice: int) -> list[str]:
    return re.findall(r"(?:2026-03-01|02.03.2026,) (\d\d:\d\d [A-Z]+)", text_of(client.get(places(invoice)["list"])))


def test_who_chose_no_time_zone_reads_in_that_of_their_account(
    app: Flask, in_tokyo: FlaskClient, beside: FlaskClient, invoice: int
) -> None:
    before = [hours(client, invoice) for client in (beside, in_tokyo)]

    zone_of_account(app, "Al at home", "America/New_York")
    zone_of_account(app, "Ute in Tokyo", "America/New_York")
    after = [hours(client, invoice) for client in (beside, in_tokyo)]
    choose(in_tokyo, "", "")

    assert before == [["21:05 CET"], ["05:05 JST"]]
    assert after == [["15:05 EST"], ["05:05 JST"]]
    assert hours(in_tokyo, invoice) == ["15:05 EST"]
    assert "Empty: the one that your account has, America/New_York." in text_of(in_tokyo.get(ACCOUNT))


def test_a_new_account_has_the_organisations_time_zone(app: Flask, beside: FlaskClient) -> None:
    with app.app_context():
        assert list(db.session.scalars(select(StaffUser.timezone))) == [app.config["TIMEZONE"]]
