"""JSON Lines out and in."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from backoffice.core.exchange import Line, Unreadable, read_table, write_jsonl
from backoffice.core.selection import Kind, Ref
from tests.core.exchange.columns import columns


def test_a_row_is_an_object_of_its_fields() -> None:
    kinds = columns(
        name=Kind.TEXT,
        number=Kind.INTEGER,
        total=Kind.MONEY,
        currency=Kind.TEXT,
        born=Kind.DATE,
        made=Kind.DATETIME,
        held=Kind.BOOLEAN,
        student=Kind.RELATION,
        bio=Kind.LONG_TEXT,
    )
    row = {
        "name": "=Ána",
        "number": 3,
        "total": Decimal("10.50"),
        "currency": "EUR",
        "born": date(2001, 2, 3),
        "made": datetime(2026, 7, 1, 12, tzinfo=UTC),
        "held": False,
        "student": Ref(7, "S7", "Ann"),
        "bio": None,
    }
    assert b"".join(write_jsonl([[row]], kinds)).decode() == (
        '{"name":"=Ána","number":3,"total":"10.50","currency":"EUR","born":"2001-02-03",'
        '"made":"2026-07-01T12:00:00Z","held":false,"student":"S7","bio":null}\n'
    )


def test_objects_are_read_with_the_numbers_of_their_lines() -> None:
    data = b'\xef\xbb\xbf{"a": 1, "b": "x"}\n\n{"a": 1.10}\n'
    assert list(read_table(io.BytesIO(data)).lines) == [Line(1, {"a": 1, "b": "x"}), Line(3, {"a": "1.10"})]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"a": 1}\n{"a": \n', "Line 2 is not JSON"),
        (b'{"a": NaN}\n', "Line 1 is not JSON"),
        (b'{"a": [1]}\n', "Line 1: “a” must be a single value"),
        (b'{"a": 1}\n[1]\n', "Line 2 is not an object"),
        (b'{"a": "\xff"}\n', "Line 1 holds the byte 0xff"),
        (b"{" * 200_000, "Line 1 is not JSON"),
        (b'{"a": ' + b"[" * 100_000 + b"\n", "Line 1 is not JSON"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        list(read_table(io.BytesIO(data)).lines)
