"""A row as a text of marked cells, as an expression: the database writes it, so that no cell is a value in Python.

Whether a cell wants quotes is asked of many rows at once, by whoever makes a CSV file of such texts. What SQLite and PostgreSQL
write differently is an element of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from backoffice.core.exchange.csv_writer import ESCAPE, MARK
from backoffice.core.exchange.guard import FORMULA_STARTS, SUSPECTS
from backoffice.core.money import USUAL_PLACES, unusual_currencies
from backoffice.core.selection import Kind, Source

Expression = ColumnElement[Any]

FIRST_USUAL, LAST_USUAL = "A", "\uabff"  # no text between these begins with a suspect
MOST_CELLS = 80  # of one call: PostgreSQL's functions take 100 arguments


class Line(FunctionElement[str]):
    """Cells with marks between them: csv_line(cell, ...). NULL is an empty cell."""

    type = String()
    inherit_cache = True


class Text(FunctionElement[str]):
    """A text as `guard` leaves it, escaped where it could be taken for a mark or an escape: csv_text(text)."""

    type = String()
    inherit_cache = True


class Rounded(FunctionElement[str]):
    """A number with its decimal places: rounded(number, places)."""

    type = String()
    inherit_cache = True


class Shifted(FunctionElement[str]):
    """A whole number of minor units as the amount that it is: shifted(minor, places)."""

    type = String()
    inherit_cache = True


class IsoInstant(FunctionElement[str]):
    """An instant as ISO 8601 in UTC, with microseconds where there are any: iso_instant(instant)."""

    type = String()
    inherit_cache = True


def csv_line(columns: Sequence[Source]) -> Expression:
    """Returns the text of `columns`, as `write_csv` takes it."""
    return _joined([_cell(column) for column in columns])


def _joined(cells: Sequence[Expression]) -> Expression:
    if len(cells) <= MOST_CELLS:
        return Line(*cells)
    return _joined([Line(*cells[at : at + MOST_CELLS]) for at in range(0, len(cells), MOST_CELLS)])


def _cell(column: Source) -> Expression:
    if column.field.kind is Kind.MONEY:
        return _amount(column.expression, column.currency)
    return _CELLS.get(column.field.kind, _as_it_is)(column.expression)


def _as_it_is(expression: Expression) -> Expression:
    # Dates among them: both databases write one as ISO 8601 by themselves.
    return expression


def _decimal(expression: Expression) -> Expression:
    places = getattr(expression.type, "scale", None)
    return cast(expression, String) if places is None else Rounded(expression, _number(places))


def _truth(expression: Expression) -> Expression:
    return case((expression.is_(True), "true"), (expression.is_(False), "false"))


def _amount(minor: Expression, currency: Expression | None) -> Expression:
    usual = Shifted(minor, _number(USUAL_PLACES))
    if currency is None:
        return usual
    unusual = [(currency.in_(codes), Shifted(minor, _number(places))) for places, codes in unusual_currencies().items()]
    return case(*unusual, else_=usual)


def _number(value: int) -> Expression:
    return literal_column(str(value))


_CELLS: dict[Kind, Callable[[Expression], Expression]] = {
    Kind.TEXT: Text,
    Kind.LONG_TEXT: Text,
    Kind.DECIMAL: _decimal,
    Kind.DATETIME: IsoInstant,
    Kind.BOOLEAN: _truth,
}


def _codes(letters: str) -> str:
    return ", ".join(str(ord(letter)) for letter in letters)


def _text(text: str, usual: str, code_of_first: str, place_of: str, numbers_of: str) -> str:
    """Returns the cell of the SQL expression `text`, which is left as it is where `usual` is true.

    The rest are the database's functions. Letters are compared by their numbers: patterns cost several times as much, and most
    texts need nothing done.
    """
    formula = f"{code_of_first}(ltrim({text}, '''')) IN ({_codes(FORMULA_STARTS)})"
    guarded = f"CASE WHEN {formula} THEN '''' || {text} ELSE {text} END"
    escaped = f"'{ESCAPE}' || {numbers_of.format(guarded)}"
    special = f"{place_of}({text}, '{MARK}') > 0 OR {code_of_first}({text}) = {ord(ESCAPE)}"
    otherwise = f"CASE WHEN {special} THEN {escaped} ELSE {guarded} END"
    return f"CASE WHEN {usual} AND {place_of}({text}, '{MARK}') = 0 THEN {text} ELSE {otherwise} END"


@compiles(Line, "sqlite")
def _line_on_sqlite(element: Line, compiler: SQLCompiler, **options: Any) -> str:
    cells = compiler.process(element.clauses, **options)
    return f"printf('{MARK.join(['%s'] * len(element.clauses))}', {cells})"


@compiles(Line)
def _line(element: Line, compiler: SQLCompiler, **options: Any) -> str:
    cells = ", ".join(f"coalesce(CAST({compiler.process(cell, **options)} AS TEXT), '')" for cell in element.clauses)
    return f"concat_ws('{MARK}', {cells})"  # in less time than concat takes


@compiles(Text, "sqlite")
def _text_on_sqlite(element: Text, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    # A text is compared with two others sooner than a number with a list of them.
    usual = f"{text} COLLATE BINARY BETWEEN '{FIRST_USUAL}' AND '{LAST_USUAL}'"
    return _text(text, usual, "unicode", "instr", "hex({})")


@compiles(Text)
def _text_on_postgresql(element: Text, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    usual = f"ascii({text}) NOT IN ({_codes(SUSPECTS + ESCAPE)})"
    return _text(text, usual, "ascii", "strpos", "encode(convert_to({}, 'UTF8'), 'hex')")


@compiles(Rounded, "sqlite")
def _rounded_on_sqlite(element: Rounded, compiler: SQLCompiler, **options: Any) -> str:
    number, places = (compiler.process(part, **options) for part in element.clauses)
    return f"CASE WHEN {number} IS NOT NULL THEN printf('%.{places}f', {number}) END"


@compiles(Rounded)
def _rounded(element: Rounded, compiler: SQLCompiler, **options: Any) -> str:
    number, places = (compiler.process(part, **options) for part in element.clauses)
    return f"CAST(CAST({number} AS NUMERIC(38, {places})) AS TEXT)"


@compiles(Shifted, "sqlite")
def _shifted_on_sqlite(element: Shifted, compiler: SQLCompiler, **options: Any) -> str:
    minor, places = (compiler.process(part, **options) for part in element.clauses)
    if places == "0":
        return f"CAST({minor} AS TEXT)"
    unit = 10 ** int(places)
    sign = f"CASE WHEN {minor} < 0 THEN '-' ELSE '' END"
    digits = f"abs({minor}) / {unit}, abs({minor}) % {unit}"
    return f"CASE WHEN {minor} IS NOT NULL THEN printf('%s%d.%0{places}d', {sign}, {digits}) END"


@compiles(Shifted)
def _shifted(element: Shifted, compiler: SQLCompiler, **options: Any) -> str:
    minor, places = (compiler.process(part, **options) for part in element.clauses)
    unit = Decimal(1).scaleb(-int(places))  # times a hundredth is exact; divided by a hundred is not
    return f"CAST({minor} * {unit:f} AS TEXT)"


@compiles(IsoInstant, "sqlite")
def _instant_on_sqlite(element: IsoInstant, compiler: SQLCompiler, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)  # a text such as 2026-03-01 09:30:00.000000
    return f"replace(replace({instant}, '.000000', ''), ' ', 'T') || 'Z'"


@compiles(IsoInstant)
def _instant(element: IsoInstant, compiler: SQLCompiler, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    text = f"""to_char({instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
    return f"replace({text}, '.000000', '') || 'Z'"
