"""A selection on paper: rows and columns as a file would have them, on one page that says whose list it is, and recorded like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from backoffice.core import reader
from backoffice.core.grid import formats
from backoffice.core.grid.catalog import with_helpers
from backoffice.core.grid.columns import chosen_columns
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import way_back
from backoffice.core.grid.exporting import record_export
from backoffice.core.grid.looks import resolved
from backoffice.core.grid.state import read_selection
from backoffice.core.selection import Count, Field, Op, Part, Selection, Term
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

MOST_ROWS = 1000  # a page of more is no longer a page
UPRIGHT = 6  # columns that fit on paper that stands upright


@dataclass(frozen=True)
class PrintPage:
    """What admin/model/print.html shows."""

    heading: str
    words: str
    left_out: str
    return_url: str
    is_wide: bool
    columns: Sequence[tuple[str, bool]]  # label, and whether it holds numbers
    rows: Sequence[Sequence[str]]


def show(grid: Declaration) -> str:
    """Shows all rows that the address means, ready to be printed."""
    args, _ = resolved(grid.model, current_person(), request.args)
    return paper(grid, read_selection(grid, args), args)


def paper(grid: Declaration, selection: Selection, args: Mapping[str, Any]) -> str:
    """Shows the rows of `selection`, up to MOST_ROWS, and records who took them out; `args` may choose `columns`."""
    person = current_person()
    columns = chosen_columns(grid, person, args.get("columns") or "")
    owners = _owners(grid, selection)
    page = selection.page((*with_helpers(person, grid.model, columns), *owners), MOST_ROWS)
    count = selection.count() if page.next else Count(len(page.rows))
    record_export(person, "form", selection, "print", columns, len(page.rows))
    left_out = gettext(
        "Only the first %(most)s of %(number)s %(nouns)s are on this page: search for fewer to print the others.",
        most=reader.number(MOST_ROWS),
        number=count.shown,
        nouns=grid.noun(2),
    )
    whose = [str(page.rows[0][path].label) for path in owners] if page.rows else []
    printed = PrintPage(
        heading=": ".join([grid.heading(), *whose]),
        words=(_without(selection, owners) if whose else selection).title(count),
        left_out=left_out if page.next else "",
        return_url=way_back(grid),
        is_wide=len(columns) > UPRIGHT,
        columns=[(field.label, field.kind in formats.NUMERIC) for field in columns.values()],
        rows=_rows(grid, columns, page.rows),
    )
    return grid.render("admin/model/print.html", page=printed)


def _owners(grid: Declaration, selection: Selection) -> list[str]:
    """Returns the relations by which all rows belong to one row that is named by its number, as a roster to its section."""
    paths = [path for part in (*selection.terms, *selection.filters) if (path := _owner(part))]
    return [path for path in dict.fromkeys(paths) if grid.known_field(current_person(), path)]


def _owner(term: Part) -> str:
    """Returns the relation whose row a condition names by its number; "" for any other condition."""
    if not isinstance(term, Term) or term.negated or term.op is not Op.EQUALS or len(term.values) != 1:
        return ""
    return ".".join(term.path[:-1]) if term.path[-1] == "id" else ""


def _without(selection: Selection, owners: Sequence[str]) -> Selection:
    """Returns the selection without what the heading says, for its words."""
    terms = tuple(part for part in selection.terms if _owner(part) not in owners)
    return replace(
        selection, terms=terms, filters=tuple(term for term in selection.filters if _owner(term) not in owners)
    )


def _rows(grid: Declaration, columns: Mapping[str, Field], rows: Sequence[formats.Row]) -> list[list[str]]:
    """Returns what is shown in each row: whole texts, and names that lead nowhere."""
    show = formats.formatters(current_person(), columns, brief=False)
    show |= {path: formats.said(own, path) for path, own in grid.shows.items() if path in columns}
    cells = [formats.bare(path, field, show[path]) for path, field in columns.items()]
    return [[cell(row) for cell in cells] for row in rows]
