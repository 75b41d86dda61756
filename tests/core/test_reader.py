"""Whatever a box of a form shows in any zone is read back as the same instant, and what is kept is written for everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g

from backoffice.core import reader
from backoffice.core.clock import organisation_zone
from backoffice.core.notation import ORGANISATIONS, notation
from backoffice.core.reader import Reader
from backoffice.core.selection.values import in_zone

ZONES = ("Asia/Tokyo", "America/St_Johns", "Pacific/Kiritimati", "Asia/Kathmandu", "UTC", "Europe/London")
NOON = datetime(2026, 1, 1, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_what_a_box_shows_is_read_as_the_same_instant(zone: str) -> None:
    own = Reader(ORGANISATIONS, ZoneInfo(zone), True)
    instants = [NOON + timedelta(hours=31 * number) for number in range(300)]
    shown_twice = [at for at in instants if at.astimezone(own.zone).fold]

    read = [datetime.fromisoformat(in_zone(own.box(at), own.zone)) for at in instants]

    assert [(at, back) for at, back in zip(instants, read, strict=True) if at != back and at not in shown_twice] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-01T09:30", "2026-03-01T00:30:00+00:00"),
        (" 2026-03-01 09:30:15 ", "2026-03-01T00:30:15+00:00"),
        ("2026-03-01T09:30Z", "2026-03-01T09:30Z"),
        ("2026-03-01T09:30+01:00", "2026-03-01T09:30+01:00"),
        ("today", "today"),
        ("2026-03-01", "2026-03-01"),
        ("2026-02-30T09:30", "2026-02-30T09:30"),
        ("0001-01-01T00:00", "0001-01-01T00:00"),
        ("", ""),
    ],
)
def test_only_an_instant_without_a_zone_is_given_one(typed: str, meant: str) -> None:
    assert in_zone(typed, ZoneInfo("Asia/Tokyo")) == meant


def test_what_is_kept_is_written_as_the_organisation_does(app: Flask) -> None:
    def written() -> list[Any]:
        return [reader.number(1234), reader.day(NOON.date()), reader.moment(NOON)]

    with app.test_request_context():
        g.reader = Reader(notation("de_DE"), ZoneInfo("Asia/Tokyo"), True)
        with reader.kept():
            within = written()
        assert (within, written()) == (
            ["1,234", "2026-01-01", "2026-01-01 13:07 CET"],
            ["1.234", "01.01.2026", "01.01.2026, 21:07 JST"],
        )


def test_outside_of_a_request_everything_is_written_as_the_organisation_does(app: Flask) -> None:
    assert reader.number(1234) == "1,234"
    with app.app_context():
        assert reader.present() == Reader(ORGANISATIONS, organisation_zone())
        with reader.kept():
            assert reader.moment(NOON) == "2026-01-01 13:07 CET"
