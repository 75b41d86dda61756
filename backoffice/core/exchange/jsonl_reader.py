"""Rows in from JSON Lines: one object a line, its keys the field names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from backoffice.core import reader
from backoffice.core.exchange.table import LONGEST_ROW, Line, Table, Unreadable
from backoffice.core.wording import gettext


def read_jsonl(file: BinaryIO) -> Table:
    """Returns the objects of a JSON Lines file, read as they are asked for; `number` is the line's.

    `lines` raises Unreadable, with the line, for what is neither UTF-8 nor an object of plain values.
    """
    return Table((), _lines(file), guarded=False)


def _lines(file: BinaryIO) -> Iterator[Line]:
    number = 0
    while data := file.readline(LONGEST_ROW * 4):
        number += 1
        text = _decoded(number, data).strip().removeprefix("\ufeff")
        if text:
            yield Line(number, _object(number, text))


def _decoded(number: int, data: bytes) -> str:
    if len(data) >= LONGEST_ROW * 4:
        raise Unreadable(
            gettext(
                "Line %(number)s is longer than %(most)s characters.", number=number, most=reader.number(LONGEST_ROW)
            )
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(
            gettext(
                "Line %(number)s holds the byte %(byte)s, which is not UTF-8.",
                number=number,
                byte=format(data[error.start], "#04x"),
            )
        ) from error


def _object(number: int, text: str) -> dict[str, Any]:
    try:
        values = json.loads(text, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            gettext("Line %(number)s is not JSON. Each line must be one object, such as {...}.", number=number)
        ) from error
    if not isinstance(values, dict):
        raise Unreadable(gettext("Line %(number)s is not an object of field names and values.", number=number))
    for name, value in values.items():
        if isinstance(value, list | dict):
            raise Unreadable(gettext("Line %(number)s: “%(name)s” must be a single value.", number=number, name=name))
    return values


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
