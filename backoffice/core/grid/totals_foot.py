"""What stands at the foot of a list once its totals are asked for: of all that match, and of those that are ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from backoffice.core import lists, reader
from backoffice.core.grid import formats, kept_totals
from backoffice.core.grid.grouping import MEASURES
from backoffice.core.grid.kept_totals import Columns
from backoffice.core.grid.state import ListState
from backoffice.core.lists import BASKET
from backoffice.core.selection import Field, Kind, Selection, Total, Totals, equals, printed
from backoffice.core.summaries import Allowance
from backoffice.core.wording import gettext, later, said

TOO_MANY = later("These are too many rows to add up at once. Narrow the list.")
STILL_TOO_MANY = later("Even so these are too many rows to add up. Narrow the list.")

Line = tuple[str, Sequence[str]]  # a figure's name, and what it is in each column


@dataclass(frozen=True)
class Foot:
    """The figures of some rows; `problem` says why there are none, and `patient_url` leads to where there is more time."""

    title: str
    lines: Sequence[Line] = ()
    problem: str = ""
    patient_url: str = ""


def feet(state: ListState, ticked: lists.Tally) -> list[Foot]:
    """Returns the totals of the list and, where rows are ticked, of these; as far as there is time."""
    allowed = kept_totals.allowance(state.patient)
    picked = _picked(state, ticked)
    fewer = [] if picked is None else [_foot(state, picked, gettext("Selected"), allowed)]
    return [_foot(state, state.selection, gettext("All that match"), allowed), *fewer]


def address(state: ListState, **changes: str) -> str:
    """Returns the address of this page with totals, at their place: the foot of a long page is out of sight."""
    return f"{state.here(totals=1, **changes)}#totals"


def _picked(state: ListState, ticked: lists.Tally) -> Selection | None:
    """Returns the rows that are selected; None where these are all or none."""
    if state.everything:
        return replace(state.selection, without=state.without) if state.without else None
    if not ticked.number:
        return None
    return Selection.parse(state.grid.model, state.person, search=printed((equals("in", BASKET),)))


def _foot(state: ListState, selection: Selection, title: str, allowed: Allowance) -> Foot:
    columns = state.columns
    rows = replace(selection, sort=()).select(tuple(columns))
    added = kept_totals.added(selection, columns, rows, allowed)
    if added is None:
        if state.patient:
            return Foot(title, problem=gettext(STILL_TOO_MANY))
        return Foot(title, problem=gettext(TOO_MANY), patient_url=address(state, count="exact"))
    varied = kept_totals.varied(selection, columns, rows, allowed)
    lines = [*_measured(columns, added), *_varied(columns, varied)]
    return Foot(
        f"{title}: {reader.number(added.rows)}", lines, "" if lines else gettext("No column here can be added up.")
    )


def _measured(columns: Columns, added: Totals) -> list[Line]:
    """Returns the lines of numbers; none where no column has any."""
    if not any(added.columns.values()):
        return []
    return [
        (said(measure), [shown(path, field, added.columns.get(path, ()), measure) for path, field in columns.items()])
        for measure in MEASURES
    ]


def _varied(columns: Columns, varied: Mapping[str, int] | None) -> list[Line]:
    """Returns the line of different values; the column that names the rows goes without."""
    first = next(iter(columns), "")
    if varied is None or not varied.keys() - {first}:
        return []
    return [
        (
            gettext("Different"),
            [reader.number(varied[path]) if path in varied and path != first else "" for path in columns],
        )
    ]


def shown(path: str, field: Field, found: Sequence[Total], measure: str) -> str:
    """Returns one figure of a column: an amount for each currency, below one another."""
    if field.kind is Kind.MONEY:
        return Markup("<br>").join(escape(formats.money(getattr(total, measure), total.currency)) for total in found)
    return "".join(formats.grouped(getattr(total, measure)) for total in found)
