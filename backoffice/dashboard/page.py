"""The overview as one role reads it: which figures stand under which heading, and which heading comes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backoffice.core.access import Role
from backoffice.core.summaries import Look
from backoffice.dashboard.charts import is_small

GROUPS = ("Attention", "Students", "Results", "Money")
FIRST = {Role.FINANCE: "Money", Role.COURSE_EDITOR: "Results"}  # what a role looks at before all else


@dataclass(frozen=True)
class Group:
    """Figures under one heading: tiles first, then pictures."""

    title: str
    tiles: list[Look]
    cards: list[Look]


def groups(looks: Iterable[Look], role: str) -> list[Group]:
    """Returns the figures in groups, in the order that suits `role`; empty groups are left out."""
    shown = list(looks)
    order = sorted(GROUPS, key=lambda title: title != FIRST.get(Role(role)))
    found = [(title, [look for look in shown if look.figure.group == title]) for title in order]
    return [
        Group(title, [look for look in own if is_small(look)], [look for look in own if not is_small(look)])
        for title, own in found
        if own
    ]
