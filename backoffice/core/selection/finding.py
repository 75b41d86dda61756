"""How the rows of one selection are found and counted: its conditions, in the forms that lead to them soonest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sqlalchemy import ColumnElement, Select, select

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.selection import counts, resolve
from backoffice.core.selection.approach import Found, among, lie_close, look_up
from backoffice.core.selection.fields import Model
from backoffice.core.selection.tree import Part
from backoffice.core.unindexed import Unindexed


class Finding:
    """The rows of `model` that `person` may see, that fulfil all `parts`, are among `ids` (None: any) and not in `without`."""

    def __init__(
        self, model: Model, person: Person, parts: Sequence[Part], ids: Sequence[int] | None, without: Sequence[int]
    ) -> None:
        self._model, self._person, self._parts, self._ids, self._without = model, person, parts, ids, without
        self._made: dict[tuple[Part, bool], ColumnElement[bool]] = {}  # each is wanted several times for a page

    def conditions(self, walking: bool, known: Sequence[Part] = ()) -> list[ColumnElement[bool]]:
        """Returns the conditions that a row must fulfil, but for the parts that it is known to fulfil.

        `walking`: in the form for rows that are looked at one after the other.
        """
        found: list[ColumnElement[bool]] = []
        scope = access.row_scope(self._person, self._model)
        if scope is not None:
            found.append(scope)
        if self._ids is not None:
            found.append(self._model.id.in_(self._ids))
        if self._without:
            found.append(self._model.id.not_in(self._without))
        parts = [part for part in self._parts if part not in known]
        return found + [self._condition(part, walking) for part in parts]

    def where(self) -> ColumnElement[bool] | None:
        """Returns the whole condition; None where every row is meant."""
        return resolve.every(self.conditions(walking=False))

    def select_ids(self) -> Select[tuple[int]]:
        """Returns the ids, in no order."""
        where, ids = self.where(), select(self._model.id)
        return ids if where is None else ids.where(where)

    def first_rows(self) -> tuple[ColumnElement[bool] | None, bool]:
        """Returns the whole condition in the form that leads to the first rows soonest, and whether few rows are sorted."""
        if self._ids is not None or not self._parts:
            return self.where(), self._ids is not None
        found = self.looked_up
        if found is not None and found.is_few and (self._parts[1:] or not lie_close(self._model, found)):
            return resolve.every(self._beginning_with(found, counting=False)), True
        return resolve.every([Unindexed(part) for part in self.conditions(walking=True)]), False

    def counting(self, limit: int) -> counts.Counting:
        """Returns how to count without looking at more rows than a page has time for."""
        ids = select(self._model.id)
        conditions = self.conditions(walking=True)
        if self._ids is not None or not conditions:
            return counts.up_to(self.select_ids(), limit)
        found = self.looked_up
        if found is None:
            return counts.looking(self._model, ids.where(*conditions), limit)
        others = self.conditions(walking=True, known=found.way.answers)
        if not others and not found.way.repeats and (found.is_few or limit <= found.way.few):
            return counts.known(found.number, limit)
        if found.is_few or (not others and limit > found.way.few):
            return counts.up_to(ids.where(*self._beginning_with(found, counting=True)), limit)
        return counts.among_many(self._model, ids.where(*others), found.way.finder, limit)

    @cached_property
    def looked_up(self) -> Found | None:
        """The way to the fewest rows among which are all that fulfil the parts; None where no index leads to any."""
        return look_up(self._model, self._person, self._parts)

    def _condition(self, part: Part, walking: bool) -> ColumnElement[bool]:
        if (part, walking) not in self._made:
            self._made[part, walking] = resolve.condition(self._model, self._person, part, walking)
        return self._made[part, walking]

    def _beginning_with(self, found: Found, counting: bool) -> list[ColumnElement[bool]]:
        """Returns the conditions in the form that makes the database begin with what was found."""
        others = self.conditions(walking=True, known=found.way.answers)
        return [among(self._model, found.way, counting), *map(Unindexed, others)]
