"""The overview as one person reads it: which figures stand under which heading, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backoffice.core.access import Role
from backoffice.core.summaries import Figure, Look
from backoffice.core.wording import gettext, later

TO_DO, TODAY, VIEWS, PERIOD, TRENDS, DETAIL = GROUPS = (
    *(later("To do"), later("Today"), later("Views"), later("In the period"), later("Trends"), later("In detail")),
)
TILES = (TODAY, VIEWS, PERIOD)  # nothing but numbers; the others hold lists and pictures

# What a role looks at before all else; what is not named follows in the order in which the features list it.
FIRST: dict[Role, tuple[str, ...]] = {
    Role.ADMIN: (
        *("active_students", "active_enrollments", "reenrollment_rate", "outstanding", "overdue", "due_soon"),
        *("students_in_period", "new_students", "enrollments_started", "collection_rate"),
    ),
    Role.REGISTRAR: (
        *("applied_waiting", "seat_free", "sections_ended", "active_students", "active_enrollments"),
        *("sections_starting_soon", "overbooked_sections"),
    ),
    Role.FINANCE: (
        *("overdue_to_chase", "outstanding", "overdue", "due_soon", "disagreeing_invoices", "collection_rate"),
        *("billed_and_collected", "aging", "settled_without_cash"),
    ),
    Role.COURSE_EDITOR: (
        *("active_students", "sections_starting_soon", "completion_rate", "pass_rate", "withdrawal_rate"),
        *("capacity_utilisation",),
    ),
    Role.SUPPORT: ("active_students", "overdue", "outstanding", "sections_starting_soon"),
}
LEADS = {Role.COURSE_EDITOR: (TODAY, DETAIL)}  # headings that come first, where these are not those of GROUPS


@dataclass(frozen=True)
class Group:
    """Figures under one heading."""

    title: str
    looks: list[Look]

    @property
    def heading(self) -> str:
        return gettext(self.title)

    @property
    def tiles(self) -> bool:
        return self.title in TILES


def default_order(figures: Iterable[Figure], role: str) -> list[Figure]:
    """Returns `figures` in the order that suits `role`, heading by heading."""
    leads = LEADS.get(Role(role), ())
    headings = (*leads, *(title for title in GROUPS if title not in leads))
    first = FIRST.get(Role(role), ())

    def place(figure: Figure) -> tuple[int, int]:
        return headings.index(figure.group), first.index(figure.name) if figure.name in first else len(first)

    return sorted(figures, key=place)


def groups(looks: Sequence[Look]) -> list[Group]:
    """Returns `looks` under their headings, which stand in the order of their first figures."""
    titles = dict.fromkeys(look.figure.group for look in looks)
    return [Group(title, [look for look in looks if look.figure.group == title]) for title in titles]
