"""A plan in words: what becomes of how many rows, what goes along, what some look like before and after."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from backoffice.core import reader
from backoffice.core.grid import formats
from backoffice.core.operations import Dependent, Plan, Sample
from backoffice.core.operations.tables import singular
from backoffice.core.text import capital
from backoffice.core.wording import gettext, ngettext

CONFIRMED_ABOVE = 100  # rows; more than these are deleted only with a typed count
_ALONG: dict[str, Callable[[str], str]] = {
    "delete": lambda rows: gettext("%(rows)s will be deleted as well", rows=rows),
    "update": lambda rows: gettext("%(rows)s will lose their link", rows=rows),
    "move": lambda rows: gettext("%(rows)s will be moved", rows=rows),
    "create": lambda rows: gettext("%(rows)s will come back as well", rows=rows),
}


def tally(plan: Plan) -> list[tuple[str, str]]:
    """Returns what will become of how many rows: (tone, words)."""
    refused = ngettext("%(num)s refused", "%(num)s refused", plan.refused, num=reader.number(plan.refused))
    return [("change", _will_change(plan)), *_already_so(plan), ("refused", refused)]


def _will_change(plan: Plan) -> str:
    number, shown = plan.will_change, reader.number(plan.will_change)
    if plan.verb == "delete":
        return ngettext("%(num)s will be deleted", "%(num)s will be deleted", number, num=shown)
    return ngettext("%(num)s will change", "%(num)s will change", number, num=shown)


def _already_so(plan: Plan) -> list[tuple[str, str]]:
    if plan.verb != "update":
        return []
    number, shown = plan.already_so, reader.number(plan.already_so)
    return [("same", ngettext("%(num)s already so", "%(num)s already so", number, num=shown))]


def deed(plan: Plan) -> str:
    """Returns what applying the plan does, as a button says it."""
    number = reader.number(plan.will_change)
    if plan.verb == "delete":
        return gettext("Delete %(number)s", number=number)
    if plan.verb == "undo":
        return gettext("Undo for %(number)s", number=number)
    return gettext("Apply to %(number)s", number=number)


def later() -> str:
    """Returns what running the plan in the night is called."""
    return gettext("Run at %(time)s", time=current_app.config["RUN_LATER_AT"])


def approve(plan: Plan) -> str:
    """Returns what approving the plan does, as a button says it."""
    number = reader.number(plan.will_change)
    if plan.verb == "delete":
        return gettext("Approve and delete %(number)s", number=number)
    if plan.verb == "undo":
        return gettext("Approve and undo for %(number)s", number=number)
    return gettext("Approve and apply to %(number)s", number=number)


def approve_later() -> str:
    """Returns what it is called to approve the plan and have it run in the night."""
    return gettext("Approve and run at %(time)s", time=current_app.config["RUN_LATER_AT"])


def typed_count(plan: Plan) -> str:
    """Returns the number that has to be typed before the plan is applied; "" where a press of the button is enough."""
    if plan.verb != "delete" or not plan.will_change:
        return ""
    return str(plan.will_change) if plan.will_change > CONFIRMED_ABOVE or plan.dependents else ""


def dependents(plan: Plan) -> list[tuple[str, str]]:
    """Returns what becomes of rows that were not chosen, and how many they are."""
    return [_dependent(dependent) for dependent in (*plan.dependents, *plan.follows)]


def _dependent(dependent: Dependent) -> tuple[str, str]:
    known = _ALONG.get(dependent.action)
    told = known(dependent.label) if known else f"{dependent.label} {dependent.action}"
    return told, reader.number(dependent.count)


def sample_columns(plan: Plan, noun: str = "row") -> tuple[str, ...]:
    """Returns the heading of the table of samples."""
    return (capital(noun), *_sides(plan))


def _sides(plan: Plan) -> tuple[str, ...]:
    if plan.adds_to:
        return (gettext("New %(noun)s", noun=singular(plan.written.__tablename__)),)
    if plan.verb == "delete":
        return ()
    if plan.verb == "undo":
        return gettext("Now"), gettext("After the undo")
    return gettext("Before"), gettext("After")


def samples(plan: Plan) -> list[list[str]]:
    """Returns the sample rows as text: the row and, where it stays, before and after."""
    sides = () if plan.verb == "delete" else ("after",) if plan.adds_to else ("before", "after")
    return [[str(sample.ref), *(_side(sample, side) for side in sides)] for sample in plan.samples]


def _side(sample: Sample, side: str) -> str:
    told = ((change.label, formats.in_text(change.field, getattr(change, side))) for change in sample.changes)
    return "; ".join(f"{label}: {text}" for label, text in told)
