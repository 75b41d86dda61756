"""The next time that clocks show an hour: in nights of 23, 24 and 25 hours."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from backoffice.core.clock import next_time

TWO = time(2)


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-01-10 23:30", "2026-01-11 01:00"),  # in Berlin it is half past midnight already
        ("2026-01-11 00:59", "2026-01-11 01:00"),
        ("2026-01-11 01:00", "2026-01-12 01:00"),
        ("2026-07-10 12:00", "2026-07-11 00:00"),
        ("2026-03-28 12:00", "2026-03-29 01:00"),  # there is no 02:00: the moment at which the clocks skip it
        ("2026-03-29 01:00", "2026-03-30 00:00"),
        ("2026-10-24 12:00", "2026-10-25 00:00"),  # there are two: the first
        ("2026-10-25 00:30", "2026-10-26 01:00"),  # not the second one
    ],
)
def test_two_at_night_in_berlin(session, now: str, night: str) -> None:
    assert next_time(TWO, _utc(now)) == _utc(night)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
