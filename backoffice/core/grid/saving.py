"""What the forms of new and of existing rows share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.formats import typed
from backoffice.core.grid.forms import RecordForm, start
from backoffice.core.grid.lines import LinesPart
from backoffice.core.grid.neighbours import Neighbour
from backoffice.core.grid.pickers import by_number
from backoffice.core.selection import Field, Kind, Selection, visible_field
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

Part = tuple[str, Sequence[Any]]  # a heading, and the form's controls under it


@dataclass(frozen=True)
class FormPage:
    """What admin/parts/record.html shows of a form and around it."""

    heading: str
    action: str
    return_url: str
    lookup_url: str
    check_url: str
    parts: Sequence[Part]
    lines: Sequence[LinesPart] = ()
    is_begun: bool = False  # something was typed that is not saved
    hidden: Sequence[tuple[str, str]] = ()
    problems: Sequence[str] = ()
    note: str = ""
    can_add_another: bool = False
    next: Neighbour | None = None  # in the list that the person came from
    is_last: bool = False  # of that list
    focus: str = ""  # the field where work goes on

    @property
    def wrong_lines(self) -> list[tuple[str, str, str]]:
        """Returns where, of what and how something is wrong with the lines."""
        return [wrong for part in self.lines for wrong in part.wrong()]


def parts_of(grid: Declaration, form: RecordForm) -> list[Part]:
    """Returns the controls of a form under their headings."""
    sections = grid.form_sections(form.catalog).items()
    return [(title and gettext(title), [form[name] for name in names]) for title, names in sections]


def prefilled(
    grid: Declaration, form: type[RecordForm], fields: dict[str, Field], like: Mapping[str, Any]
) -> RecordForm:
    """Returns an empty form with the model's defaults, the values of a row that the new one is to be like, what the grid
    begins with, and what the address says and implies.

    The address says something where "New" stands beside a related row.
    """
    empty = form(data={**start(fields), **like})
    starts = {name: begin() for name, begin in grid.starts.items()}
    for name, said in (starts | _followed(grid, fields) | request.args.to_dict()).items():
        if name in fields:
            empty[name].process_formdata([_named(fields[name], said)])
    return empty


def sent(fields: dict[str, Field]) -> MultiDict[str, str]:
    """Returns what was sent for a new row; a field that the form did not have is as the address says."""
    absent = {name: said for name, said in request.args.items() if name in fields and name not in request.form}
    return CombinedMultiDict([request.form, MultiDict({n: _named(fields[n], said) for n, said in absent.items()})])


def _followed(grid: Declaration, fields: dict[str, Field]) -> dict[str, str]:
    """Returns what follows from the related rows that the address names, as far as the person may see it."""
    found: dict[str, str] = {}
    for relation, names in grid.follows.items():
        target = fields[relation].target if relation in fields else None
        row_id = request.args.get(relation, "")
        if target is None or not by_number(fields[relation], row_id):
            continue
        person = current_person()
        seen = {name: there for name, of in names.items() if (there := visible_field(person, target, of))}
        rows = Selection.parse(target, person, ids=(int(row_id),)).page([f.name for f in seen.values()], 1).rows
        found |= {name: typed(there.name, there, row) for name, there in seen.items() for row in rows}
    return found


def _named(field: Field, said: str) -> str:
    """Returns what a form shows for a value in the address: the name of a row instead of its number."""
    found = by_number(field, said) if field.kind is Kind.RELATION else []
    return found[0].text if found else said
