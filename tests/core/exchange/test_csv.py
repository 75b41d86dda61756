"""CSV out and in."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core.exchange import Line, Unreadable, read_table, reader_of, write_csv
from backoffice.core.selection import Kind, Ref
from tests.core.exchange.columns import columns

# What a database holds: every character but NUL and the halves of characters.
TEXTS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1)


def read(data: bytes) -> list[Line]:
    return list(read_table(io.BytesIO(data)).lines)


def test_every_kind_of_value_is_written_as_the_contract_says() -> None:
    kinds = columns(
        name=Kind.TEXT,
        number=Kind.INTEGER,
        credits=Kind.DECIMAL,
        balance=Kind.MONEY,
        currency=Kind.TEXT,
        born=Kind.DATE,
        made=Kind.DATETIME,
        held=Kind.BOOLEAN,
        student=Kind.RELATION,
    )
    summer = timezone(timedelta(hours=2))
    full = {
        "name": 'Ann "A", Smith',
        "number": -3,
        "credits": Decimal("12.50"),
        "balance": Decimal("-10.50"),
        "currency": "EUR",
        "born": date(2001, 2, 3),
        "made": datetime(2026, 7, 1, 2, 0, 5, tzinfo=summer),
        "held": True,
        "student": Ref(7, "0042", "Ann Smith"),
    }
    empty = dict.fromkeys(kinds)
    assert b"".join(write_csv([full, empty], kinds)).decode() == (
        "name,number,credits,balance,currency,born,made,held,student\r\n"
        '"Ann ""A"", Smith",-3,12.50,-10.50,EUR,2001-02-03,2026-07-01T00:00:05Z,true,0042\r\n'
        ",,,,,,,,\r\n"
    )


@pytest.mark.parametrize("amount", ["1050", "1.050", "10.50", "0.00", "-0.01"])
def test_an_amount_keeps_the_places_of_its_currency(amount: str) -> None:
    written = b"".join(write_csv([{"total": Decimal(amount)}], columns(total=Kind.MONEY))).decode()
    assert written == f"total\r\n{amount}\r\n"


def test_a_file_for_excel_begins_with_the_mark_of_utf_8() -> None:
    assert b"".join(write_csv([], columns(name=Kind.TEXT), bom=True)) == b"\xef\xbb\xbfname\r\n"


def test_the_header_leaves_before_the_first_row_is_asked_for() -> None:
    def rows():
        raise AssertionError("asked for a row")
        yield

    assert next(write_csv(rows(), columns(name=Kind.TEXT))) == b"name\r\n"


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_any_text_survives_a_file(texts: list[tuple[str, str]]) -> None:
    kinds = columns(first=Kind.TEXT, second=Kind.LONG_TEXT)
    rows = [{"first": first, "second": second} for first, second in texts]
    lines = read(b"".join(write_csv(rows, kinds)))
    readers = {name: reader_of(field, guarded=True) for name, field in kinds.items()}
    assert [{name: readers[name](cell) for name, cell in line.values.items()} for line in lines] == rows


def test_nul_and_halves_of_characters_do_not_leave() -> None:
    written = b"".join(write_csv([{"name": "a\0b\ud800c"}], columns(name=Kind.TEXT)))
    assert written == b"name\r\nab?c\r\n"


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\r\n1,x y\r\n2,\r\n",
        b"\xef\xbb\xbfa,b\n1,x y\n2,",
        b"a;b\r1;x y\r2;\r",
        b"a\tb\n1\tx y\n\n2\t\n",
        b"sep=;\r\na;b\r\n1;x y\r\n2;\r\n",
        b'"a","b"\n"1","x y"\n"2",""\n',
    ],
)
def test_a_file_is_read_whatever_program_wrote_it(data: bytes) -> None:
    assert [line.values for line in read(data)] == [{"a": "1", "b": "x y"}, {"a": "2", "b": ""}]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    lines = read(b'a,b\n"1\n1",x\n2,y\n')
    assert [line.number for line in lines] == [2, 3]


def test_a_row_with_a_cell_too_many_is_told_and_the_rest_is_read() -> None:
    assert read(b"a,b\n1,2,3\n4\n5,6\n") == [
        Line(2, {}, "has 3 cells, but the header has 2"),
        Line(3, {}, "has 1 cell, but the header has 2"),
        Line(4, {"a": "5", "b": "6"}),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'a,b\n1,2\n3,"4\n5,6\n', "Row 3 opens a quote that is never closed"),
        (b'a,b\n1,"2"x\n', "Row 2 has text behind a closing quote"),
        (b"a,b\n1,2\n3,caf\xe9\n", "Row 3 holds the byte 0xe9, which is not UTF-8"),
        (b"a,b\n1,2\n3,4\x00\n", "Row 3 holds a NUL"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "Row 1 holds the byte 0x89"),
        (b"", "The file is empty"),
        (b"a,,b\n", "Row 1, column 2 is empty"),
        (b"a,b,a\n", "names the column “a” twice"),
        (b",".join(b"c%d" % n for n in range(10_000)) + b"\n", "Row 1 has more than 1,000 columns"),
        (b"a,b\n1," + b"x" * 1_100_000 + b"\n", "Row 2 has more than 1,000,000 characters"),
        (b'a,b\n1,"' + b"x\n" * 600_000 + b'"\n', "Row 2 has a cell of more than 1,000,000 characters"),
    ],
)
def test_what_is_no_csv_is_refused_with_its_row(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(data)


def test_instants_are_written_in_utc() -> None:
    made = datetime(2026, 1, 1, 12, tzinfo=UTC)
    written = b"".join(write_csv([{"made": made}], columns(made=Kind.DATETIME)))
    assert written == b"made\r\n2026-01-01T12:00:00Z\r\n"
