"""Rows out as XLSX, streamed: the workbook leaves as it is made, so there is no temporary file and no waiting for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from zipfile import ZIP_DEFLATED, ZipFile

from backoffice.core.exchange import xlsx_parts as parts
from backoffice.core.exchange.cells import Columns, Row, in_batches
from backoffice.core.exchange.xlsx_cells import cell_of, text
from backoffice.core.selection import Kind

ROWS_A_SHEET = 1_048_576  # Excel's limit, the header included
_WIDTHS = {Kind.LONG_TEXT: 40, Kind.TEXT: 22, Kind.RELATION: 18, Kind.DATETIME: 19, Kind.DATE: 12}


class _Outlet:
    """The file that ZipFile writes to; what was written is taken away at once."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        data = b"".join(self._written)
        self._written.clear()
        return data


def write_xlsx(batches: Iterable[list[Row]], columns: Columns, *, title: str = "rows") -> Iterator[bytes]:
    """Yields an XLSX workbook of the rows under a frozen header; sheets are named `title`, "`title` 2", ...

    A new sheet begins where Excel's limit of rows is reached. Cut off anywhere, the file is visibly broken.
    """
    outlet = _Outlet()
    source = chain.from_iterable(batches)
    sheets = 0
    with ZipFile(outlet, "w", ZIP_DEFLATED, compresslevel=3) as archive:  # type: ignore[call-overload]
        archive.writestr("[Content_Types].xml", parts.CONTENT_TYPES)
        archive.writestr("_rels/.rels", parts.ROOT_RELATIONS)
        archive.writestr("xl/styles.xml", parts.STYLES)
        yield outlet.taken()
        first: list[Row] = []
        while sheets == 0 or (first := list(islice(source, 1))):
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                for piece in _sheet(islice(chain(first, source), ROWS_A_SHEET - 1), columns):
                    sheet.write(piece.encode("utf-8"))
                    yield outlet.taken()
        names = [title if at == 1 else f"{title} {at}" for at in range(1, sheets + 1)]
        archive.writestr("xl/workbook.xml", parts.workbook(names))
        archive.writestr("xl/_rels/workbook.xml.rels", parts.workbook_relations(sheets))
    yield outlet.taken()


def _sheet(rows: Iterable[Row], columns: Columns) -> Iterator[str]:
    letters = [_letters(at) for at in range(len(columns))]
    widths = [max(len(name) + 2, _WIDTHS.get(field.kind, 12)) for name, field in columns.items()]
    yield parts.sheet_start(widths) + _row(1, letters, [_heading(name) for name in columns])
    below = 2
    for batch in in_batches(rows):
        cells = zip(*_cells(batch, columns), strict=True)
        yield "".join(_row(number, letters, row) for number, row in enumerate(cells, below))
        below += len(batch)
    yield parts.SHEET_END


def _cells(batch: list[Row], columns: Columns) -> list[list[str]]:
    return [list(map(cell_of(field), [row[name] for row in batch])) for name, field in columns.items()]


def _heading(name: str) -> str:
    return f' s="{parts.HEADER}"{text(name)}'


def _row(number: int, letters: list[str], cells: Iterable[str]) -> str:
    inner = "".join([f'<c r="{letter}{number}"{cell}' for letter, cell in zip(letters, cells, strict=True) if cell])
    return f'<row r="{number}">{inner}</row>'


def _letters(position: int) -> str:
    """Returns the spreadsheet's name of a column: 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name
