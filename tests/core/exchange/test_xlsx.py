"""XLSX out and in."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core.exchange import Unreadable, read_table, reader_of, write_xlsx, xlsx_writer
from backoffice.core.selection import Kind, Ref
from tests.core.exchange.columns import columns

TEXTS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1)


def written(rows: list[dict[str, object]], **kinds: Kind) -> bytes:
    return b"".join(write_xlsx([rows], columns(**kinds)))


def cells(data: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def test_numbers_and_dates_are_real_and_texts_are_texts() -> None:
    row = {
        "name": "0042",
        "number": -3,
        "credits": Decimal("12.50"),
        "balance": Decimal("-10.50"),
        "currency": "EUR",
        "born": date(2001, 2, 3),
        "made": datetime(2026, 7, 1, 12, 30, 5, tzinfo=UTC),
        "held": True,
        "student": Ref(7, "S7", "Ann"),
        "note": None,
    }
    kinds = {
        "name": Kind.TEXT,
        "number": Kind.INTEGER,
        "credits": Kind.DECIMAL,
        "balance": Kind.MONEY,
        "currency": Kind.TEXT,
        "born": Kind.DATE,
        "made": Kind.DATETIME,
        "held": Kind.BOOLEAN,
        "student": Kind.RELATION,
        "note": Kind.LONG_TEXT,
    }
    born, made = datetime(2001, 2, 3), datetime(2026, 7, 1, 12, 30, 5)  # noqa: DTZ001 - a spreadsheet knows no zone
    assert cells(written([row], **kinds)) == [
        tuple(kinds),
        ("0042", -3, 12.5, -10.5, "EUR", born, made, True, "S7", None),
    ]


def test_no_text_becomes_a_formula() -> None:
    data = written([{"name": "=HYPERLINK(1)"}], name=Kind.TEXT)
    sheet = ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert ("<f" in sheet, cells(data)) == (False, [("name",), ("=HYPERLINK(1)",)])


def test_the_header_is_frozen_and_bold() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written([], name=Kind.TEXT))).active
    assert (sheet.freeze_panes, sheet["A1"].font.bold) == ("A2", True)


def test_what_a_spreadsheet_would_round_or_misdate_is_written_as_text() -> None:
    row = {"number": 12345678901234567, "born": date(1899, 5, 1)}
    assert cells(written([row], number=Kind.INTEGER, born=Kind.DATE))[1] == ("12345678901234567", "1899-05-01")


def test_a_text_longer_than_excel_takes_ends_in_an_ellipsis() -> None:
    (_, (text,)) = cells(written([{"bio": "x" * 40_000}], bio=Kind.LONG_TEXT))
    assert (len(text), text[-2:]) == (32_767, "x…")


def test_rows_beyond_the_limit_of_a_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_writer, "ROWS_A_SHEET", 4)
    data = written([{"n": n} for n in range(7)], n=Kind.INTEGER)
    lines = list(read_table(io.BytesIO(data)).lines)
    assert ([line.values["n"] for line in lines], openpyxl.load_workbook(io.BytesIO(data)).sheetnames) == (
        [0, 1, 2, 3, 4, 5, 6],
        ["rows", "rows 2", "rows 3"],
    )


def test_the_first_bytes_leave_before_the_first_row_is_asked_for() -> None:
    def rows():
        raise AssertionError("asked for a row")
        yield

    assert next(write_xlsx(rows(), columns(name=Kind.TEXT))).startswith(b"PK")


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_any_text_survives_a_workbook(texts: list[tuple[str, str]]) -> None:
    kinds = columns(first=Kind.TEXT, second=Kind.LONG_TEXT)
    rows = [{"first": first, "second": second} for first, second in texts]
    lines = read_table(io.BytesIO(b"".join(write_xlsx([rows], kinds)))).lines
    readers = {name: reader_of(field, guarded=False) for name, field in kinds.items()}
    assert [{name: readers[name](cell) for name, cell in line.values.items()} for line in lines] == rows


def rezipped(change: dict[str, bytes]) -> bytes:
    source = ZipFile(io.BytesIO(written([{"name": "Ann"}], name=Kind.TEXT)))
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in {*source.namelist(), *change}:
            archive.writestr(name, change.get(name) or source.read(name))
    return out.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
HUGE = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    b'<row r="2"><c r="A2" t="inlineStr"><is><t>Ann</t></is></c><c r="XFD2"><v>1</v></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 and then nothing", "not an XLSX workbook"),
        (rezipped({"xl/media/bomb.bin": b"\0" * 20_000_000}), "unpacks to more"),
        (rezipped({f"xl/{n}.xml": b"x" for n in range(1_100)}), "unpacks to more"),
        (rezipped({"xl/worksheets/sheet1.xml": ENTITY}), "damaged"),
        (rezipped({"xl/workbook.xml": b"<nonsense"}), "damaged"),
        (rezipped({"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        list(read_table(io.BytesIO(data)).lines)


def test_a_claim_of_a_huge_sheet_costs_nothing() -> None:
    (line,) = read_table(io.BytesIO(rezipped({"xl/worksheets/sheet1.xml": HUGE}))).lines
    assert line.values == {"name": "Ann"}


def test_a_workbook_cut_off_cannot_be_taken_for_a_whole_one() -> None:
    data = written([{"name": "Ann"}] * 2_000, name=Kind.TEXT)
    with pytest.raises(Unreadable, match=re.escape("not an XLSX workbook")):
        read_table(io.BytesIO(data[: len(data) * 9 // 10]))
