"""Rows as the database writes them for CSV, and the lines that become of them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Date, Integer, Numeric, String, literal, select

from backoffice.core.exchange import read_table, unguard, write_csv
from backoffice.core.exchange.csv_lines import csv_line
from backoffice.core.model import UtcDateTime
from backoffice.core.selection import Field, Kind, Source
from backoffice.extensions import db

# What a database holds: every character but NUL and the halves of characters.
TEXTS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1)
HARD = st.text("'=+-@\t\r\n＝＋－＠,\"a1 \x1d\x1e\x1f", min_size=1)
TYPES = {
    Kind.TEXT: String(),
    Kind.LONG_TEXT: String(),
    Kind.CHOICE: String(),
    Kind.INTEGER: Integer(),
    Kind.DECIMAL: Numeric(6, 2),
    Kind.MONEY: BigInteger(),
    Kind.DATE: Date(),
    Kind.DATETIME: UtcDateTime(),
    Kind.BOOLEAN: Boolean(),
}


def cell(kind: Kind, value: Any, currency: str | None = None) -> Source:
    """Returns a column of one row that holds `value`."""
    beside = literal(currency, String(3)) if kind is Kind.MONEY else None
    return Source(Field("name", "Name", kind, object, "name"), literal(value, TYPES[kind]), beside)


def row(*cells: Source) -> str:
    """Returns the text that the database makes of `cells`."""
    return str(db.session.scalar(select(csv_line(cells))))


def line(*cells: Source) -> str:
    """Returns the line that becomes of it in a file."""
    header, written = write_csv([[row(*cells)]], [])
    assert header == b"\r\n"
    return written.decode().removesuffix("\r\n")


def test_every_kind_of_value_is_written_as_the_contract_says(session: Any) -> None:
    summer = timezone(timedelta(hours=2))
    assert line(
        cell(Kind.TEXT, 'Ann "A", Smith'),
        cell(Kind.LONG_TEXT, "=1+1"),
        cell(Kind.CHOICE, "on_leave"),
        cell(Kind.INTEGER, -3),
        cell(Kind.DECIMAL, Decimal("12.5")),
        cell(Kind.MONEY, -1050, "EUR"),
        cell(Kind.DATE, date(2001, 2, 3)),
        cell(Kind.DATETIME, datetime(2026, 7, 1, 2, 0, 5, tzinfo=summer)),
        cell(Kind.BOOLEAN, True),
        cell(Kind.BOOLEAN, False),
    ) == ('"Ann ""A"", Smith",\'=1+1,on_leave,-3,12.50,-10.50,2001-02-03,2026-07-01T00:00:05Z,true,false')


def test_what_is_missing_is_an_empty_cell(session: Any) -> None:
    assert line(*(cell(kind, None) for kind in TYPES)) == "," * (len(TYPES) - 1)


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (1050, "JPY", "1050"),
        (1050, "BHD", "1.050"),
        (1050, "CLF", "0.1050"),
        (1050, "EUR", "10.50"),
        (0, "EUR", "0.00"),
        (-1, "EUR", "-0.01"),
        (-7, "JPY", "-7"),
        (9_223_372_036_854_775_807, "EUR", "92233720368547758.07"),
    ],
)
def test_an_amount_keeps_the_places_of_its_currency(session: Any, minor: int, currency: str, amount: str) -> None:
    assert line(cell(Kind.MONEY, minor, currency)) == amount


def test_an_instant_keeps_its_microseconds(session: Any) -> None:
    assert line(cell(Kind.DATETIME, datetime(2026, 1, 1, 12, 0, 0, 50, tzinfo=UTC))) == "2026-01-01T12:00:00.000050Z"


def test_a_row_may_have_more_cells_than_a_function_has_arguments(session: Any) -> None:
    numbers = [*range(150)]
    assert line(*(cell(Kind.INTEGER, number) for number in numbers)) == ",".join(map(str, numbers))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS | HARD, min_size=2, max_size=4))
def test_any_text_survives_a_file(session: Any, texts: list[str]) -> None:
    written = row(*(cell(Kind.TEXT, text) for text in texts))
    (read,) = read_table(io.BytesIO(b"".join(write_csv([[written]], [f"c{at}" for at in range(len(texts))])))).lines
    assert [unguard(value) for value in read.values.values()] == texts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HARD)
def test_no_cell_starts_a_formula(session: Any, text: str) -> None:
    written = row(cell(Kind.TEXT, text), cell(Kind.TEXT, text))
    (read,) = read_table(io.BytesIO(b"".join(write_csv([[written]], ["a", "b"])))).lines
    assert [value[0] in "=+-@\t\r\n＝＋－＠" for value in read.values.values()] == [False, False]
