"""CSV out and in."""

from __future__ import annotations

import io

import pytest

from backoffice.core.exchange import Line, Unreadable, read_table, write_csv
from backoffice.core.exchange.csv_writer import MARK


def read(data: bytes) -> list[Line]:
    return list(read_table(io.BytesIO(data)).lines)


def test_a_file_for_excel_begins_with_the_mark_of_utf_8() -> None:
    assert b"".join(write_csv([], ["name"], bom=True)) == b"\xef\xbb\xbfname\r\n"


def test_the_header_leaves_before_the_first_row_is_asked_for() -> None:
    def lines():
        raise AssertionError("asked for a row")
        yield

    assert next(write_csv(lines(), ["name", "section.code"])) == b"name,section.code\r\n"


def test_every_line_has_an_end() -> None:
    assert b"".join(write_csv([[f"Ann{MARK}1", f"Bob{MARK}2"], [f"Zoë{MARK}3"]], ["name", "age"])) == (
        "name,age\r\nAnn,1\r\nBob,2\r\nZoë,3\r\n".encode()
    )


def test_only_what_needs_quotes_gets_them() -> None:
    rows = [f"Ann, A.{MARK}1", f"Bob{MARK}", f'a "b"{MARK}two\nlines']
    assert b"".join(write_csv([rows], ["name", "note"])) == (
        b'name,note\r\n"Ann, A.",1\r\nBob,\r\n"a ""b""","two\nlines"\r\n'
    )


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
