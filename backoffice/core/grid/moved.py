"""What is said when the rows of a review have moved: the difference, by number and by name, and the ways on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from backoffice.core import reader
from backoffice.core.grid.declaration import Declaration, grid_of
from backoffice.core.grid.doors import way_back
from backoffice.core.operations import MovedRow, Plan, PlanMoved
from backoffice.core.operations.tables import model_named
from backoffice.core.wording import gettext, ngettext

_HOW: dict[str, Callable[[], str]] = {
    "changed": lambda: gettext("changed since"),
    "entered": lambda: gettext("newly matches"),
    "left": lambda: gettext("no longer matches, or was deleted"),
}


@dataclass(frozen=True)
class MovedPage:
    """What admin/model/moved.html shows."""

    heading: str
    words: str
    action: str
    return_url: str
    hidden: Sequence[tuple[str, str]]
    summary: str
    rows: Sequence[tuple[str, str]]
    more: str
    rest_button: str
    rest_words: str
    sent_back: str = ""


def page(grid: Declaration, plan: Plan, difference: PlanMoved) -> str:
    """Returns the page that names the difference, with "Review again" and "Apply to the rest"."""
    return grid.render("admin/model/moved.html", page=_shown(grid, plan, difference))


def sent_back(grid: Declaration, plan: Plan, difference: PlanMoved, back: str, words: str) -> str:
    """Returns the same for whoever approved the plan: nothing to press, `words` say whose it is again."""
    shown = _shown(grid, plan, difference)
    return grid.render("admin/model/moved.html", page=replace(shown, return_url=back, sent_back=words))


def _shown(grid: Declaration, plan: Plan, difference: PlanMoved) -> MovedPage:
    more = difference.changed + difference.entered + difference.left - len(difference.rows)
    rest = grid.counted(difference.rest)
    return MovedPage(
        heading=gettext("The rows have moved"),
        words=plan.words,
        action=grid.address("action_view", url=way_back(grid)),
        return_url=way_back(grid),
        hidden=[("plan", plan.token)],
        summary=", ".join(difference.told),
        rows=[(_name(row), _HOW[row.how]()) for row in difference.rows],
        more=_and_more(more) if more and difference.rows else "",
        rest_button=_do_the_rest(plan, difference.rest) if difference.rest else "",
        rest_words=_the_rest(rest, difference.rest),
    )


def _and_more(number: int) -> str:
    return ngettext("and %(num)s more", "and %(num)s more", number, num=reader.number(number))


def _do_the_rest(plan: Plan, number: int) -> str:
    if plan.verb == "delete":
        return gettext("Delete the rest: %(number)s", number=reader.number(number))
    return gettext("Apply to the rest: %(number)s", number=reader.number(number))


def _the_rest(rows: str, number: int) -> str:
    return ngettext(
        "The rest: %(rows)s that is still as the review showed.",
        "The rest: %(rows)s that are still as the review showed.",
        number,
        rows=rows,
    )


def _name(row: MovedRow) -> str:
    grid = grid_of(model_named(row.kind))
    if grid is None:
        return row.ref.label
    return Markup('<a href="{}">{}</a>').format(grid.address("details_view", id=row.ref.id), row.ref.label)
