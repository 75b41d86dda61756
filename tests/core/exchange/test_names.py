"""Names of exported files, and the columns that come along."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backoffice.billing.models import Invoice
from backoffice.core.exchange import file_name, with_currencies
from backoffice.core.selection import Kind, fields_of
from tests.core.exchange.columns import columns

MOMENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("search", "slug"),
    [
        ("", "all"),
        ("status:active city:Köln", "status-active-city-koln"),
        ("../../etc/passwd\r\nX: y", "etc-passwd-x-y"),
        ("王", "all"),
        ("x" * 500, "x" * 60),
    ],
)
def test_a_file_is_named_after_its_grid_its_search_and_the_minute(search: str, slug: str) -> None:
    assert file_name("students", search, MOMENT, "csv") == f"students_{slug}_2026-03-01T0930Z.csv"


def test_a_currency_comes_along_right_behind_its_money() -> None:
    catalog = fields_of(Invoice)
    chosen = {name: catalog[name] for name in ("total", "number")}
    assert list(with_currencies(chosen, catalog)) == ["total", "currency", "number"]


def test_a_currency_that_may_not_be_seen_stays_away() -> None:
    chosen = columns(total=Kind.MONEY)
    assert list(with_currencies(chosen, {})) == ["total"]
