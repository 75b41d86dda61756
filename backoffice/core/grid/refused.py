"""Why a plan refuses rows: grouped by reason, each group with a way to its rows and a way to go on without them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from backoffice.core import access, reader
from backoffice.core.access import Verb
from backoffice.core.grid.declaration import grid_of
from backoffice.core.operations import Plan, Refusal
from backoffice.core.operations.tables import model_named
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

_LEAVE = Markup(
    '<button class="btn btn-sm btn-outline" type="submit" form="leave" name="action" value="leave:{}"'
    ' aria-label="{}">{}</button>'
)


def groups(plan: Plan, leave: bool = True) -> list[Sequence[str]]:
    """Returns why rows are refused, a group in each line: reason, number (which leads to them), some names, a button."""
    buttons = leave and bool(plan.will_change or len(plan.refusals) > 1)
    return [
        (
            refusal.message,
            _rows_link(refusal),
            "; ".join(map(str, refusal.examples)),
            *([_leave(refusal)] * buttons),
        )
        for refusal in plan.refusals
    ]


def _leave(refusal: Refusal) -> str:
    """Returns the button that goes on without the rows."""
    label = gettext("Leave these out: %(why)s", why=refusal.message)
    return _LEAVE.format(refusal.rule, label, gettext("Leave these out"))


def _rows_link(refusal: Refusal) -> str:
    """Returns the number of refused rows as a link to them; an address holds only the first of very many."""
    grid, number = grid_of(model_named(refusal.kind)), reader.number(refusal.count)
    if grid is None or not access.may(current_person(), Verb.VIEW, grid.model):
        return number
    shown = number
    if refusal.count != len(refusal.ids):
        shown = gettext("%(number)s (the first %(first)s)", number=number, first=len(refusal.ids))
    url = grid.address(ids=",".join(map(str, refusal.ids)))
    return Markup('<a href="{}">{}</a>').format(url, shown)
