"""A plan in words: what becomes of how many rows, what goes along, what some look like before and after."""

from __future__ import annotations

from flask import current_app

from backoffice.core.grid import formats
from backoffice.core.operations import Dependent, Plan, Sample

CONFIRMED_ABOVE = 100  # rows; more than these are deleted only with a typed count
_ALONG = {
    "delete": "will be deleted as well",
    "update": "will lose their link",
    "move": "will be moved",
    "create": "will come back as well",
}


def tally(plan: Plan) -> list[tuple[str, str]]:
    """Returns what will become of how many rows: (tone, words)."""
    does = f"{plan.will_change:,} will {'be deleted' if plan.verb == 'delete' else 'change'}"
    same = [("same", f"{plan.already_so:,} already so")] if plan.verb == "update" else []
    return [("change", does), *same, ("refused", f"{plan.refused:,} refused")]


def deed(plan: Plan) -> str:
    """Returns what applying the plan does, as a button says it."""
    does = {"delete": "Delete", "undo": "Undo for"}.get(plan.verb, "Apply to")
    return f"{does} {plan.will_change:,}"


def later() -> str:
    """Returns what running the plan in the night is called."""
    return f"Run at {current_app.config['RUN_LATER_AT']}"


def lowered(label: str) -> str:
    """Returns the label as it stands inside a sentence."""
    return label[:1].lower() + label[1:]


def typed_count(plan: Plan) -> str:
    """Returns the number that has to be typed before the plan is applied; "" where a press of the button is enough."""
    if plan.verb != "delete" or not plan.will_change:
        return ""
    return str(plan.will_change) if plan.will_change > CONFIRMED_ABOVE or plan.dependents else ""


def dependents(plan: Plan) -> list[tuple[str, str]]:
    """Returns what becomes of rows that were not chosen, and how many they are."""
    return [_dependent(dependent) for dependent in (*plan.dependents, *plan.follows)]


def _dependent(dependent: Dependent) -> tuple[str, str]:
    return f"{dependent.label} {_ALONG.get(dependent.action, dependent.action)}", f"{dependent.count:,}"


def sample_columns(plan: Plan, noun: str = "row") -> tuple[str, ...]:
    """Returns the heading of the table of samples."""
    sides = {"delete": (), "undo": ("Now", "After the undo")}.get(plan.verb, ("Before", "After"))
    return (noun[:1].upper() + noun[1:], *sides)


def samples(plan: Plan) -> list[list[str]]:
    """Returns the sample rows as text: the row and, where it stays, before and after."""
    sides = () if plan.verb == "delete" else ("before", "after")
    return [[str(sample.ref), *(_side(sample, side) for side in sides)] for sample in plan.samples]


def _side(sample: Sample, side: str) -> str:
    told = ((change.label, formats.in_text(change.field, getattr(change, side))) for change in sample.changes)
    return "; ".join(f"{label}: {text}" for label, text in told)
