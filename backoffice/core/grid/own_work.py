"""Grids of what people did: own rows for each, all for administrators; the list itself only for some roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from flask import abort
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, false, or_

from backoffice.core.access import Person, Rights, Role, right
from backoffice.core.grid.grid import Grid
from backoffice.core.web.gate import current_person


def own_rows(*columns: Any) -> Callable[[Person], ColumnElement[bool]]:
    """Returns the scope of the rows in which one of `columns` is the person's number."""
    return lambda person: or_(*(column == person.id for column in columns)) if person.id is not None else false()


def own_rights(scope: Callable[[Person], ColumnElement[bool]]) -> Rights:
    """Returns the rights on what people did: administrators see all, whoever may change something sees what is theirs."""
    return {Role.ADMIN: right("VX"), **dict.fromkeys(WORKING, right("V", scope=scope))}


ONE = ("details_view", "review_view")  # open to whoever sees a row, or made the plan
WORKING = (Role.REGISTRAR, Role.FINANCE, Role.COURSE_EDITOR, Role.SUPPORT)


class OwnWorkGrid(Grid):
    """Read-only. Whoever did something may open its page; the list is for the roles in `listed_for`."""

    group = "Administration"
    listed_for: ClassVar[frozenset[Role]] = frozenset({Role.ADMIN, Role.REGISTRAR, Role.FINANCE})
    unlisted: ClassVar[frozenset[str]] = frozenset(ONE)

    def offered_to(self, person: Person) -> bool:
        return person.role in self.listed_for and super().offered_to(person)

    def _handle_view(self, name: str, **arguments: Any) -> ResponseReturnValue | None:
        if name not in self.unlisted and current_person().role not in self.listed_for:
            abort(403)
        return super()._handle_view(name, **arguments)
