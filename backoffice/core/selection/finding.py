"""How the rows of one selection are found and counted: its conditions, in the forms that lead to them soonest."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, select

from backoffice.core import access, clock
from backoffice.core.access import Person
from backoffice.core.once import once
from backoffice.core.selection import counts, resolve
from backoffice.core.selection.approach import Found, Way, among, bounds, fewest_to_sort, lie_close
from backoffice.core.selection.fields import Model
from backoffice.core.selection.rows import RowPlan
from backoffice.core.selection.tree import Part
from backoffice.core.selection.ways import ways_to
from backoffice.core.unindexed import Unindexed
from backoffice.extensions import db

KEPT = 100  # of up to 100 kB each
Made = TypeVar("Made")


def finding(
    model: Model, person: Person, parts: tuple[Part, ...], ids: Sequence[int] | None, without: Sequence[int]
) -> Finding:
    """Returns how those rows of `model` are found that `person` may see, that fulfil all `parts`, are among `ids` (None: any)
    and not in `without`. Raises QueryError.

    For parts alone it is made once a day for all in a role, and so are the statements that it leads to.
    """
    if ids is None and not without and all(map(resolve.lasts, parts)):
        return _for_the_day(person, model, parts, clock.here_and_today())
    return Finding(model, person, parts, ids, without)


@partial(once, most=KEPT)
def _for_the_day(person: Person, model: Model, parts: tuple[Part, ...], _day: object) -> Finding:
    return Finding(model, person, parts)


class Finding:
    """Conditions and the ways to what fulfils them. All that depends on the person is made at once: it may be anybody in a role."""

    def __init__(
        self,
        model: Model,
        person: Person,
        parts: Sequence[Part],
        ids: Sequence[int] | None = None,
        without: Sequence[int] = (),
    ) -> None:
        self._model, self._ids = model, ids
        scope = access.row_scope(person, model)
        self._always = [] if scope is None else [scope]
        if ids is not None:
            self._always.append(model.id.in_(ids))
        if without:
            self._always.append(model.id.not_in(without))
        self._parts = {
            walking: {part: resolve.condition(model, person, part, walking) for part in parts}
            for walking in (False, True)
        }
        self.ways: Sequence[Way] = list(ways_to(model, person, parts))
        self.where = resolve.every(self.conditions(walking=False))
        self._made: dict[Hashable, Any] = {}

    def conditions(self, walking: bool, known: Sequence[Part] = ()) -> list[ColumnElement[bool]]:
        """Returns the conditions that a row must fulfil, but for the parts that it is known to fulfil.

        `walking`: in the form for rows that are looked at one after the other.
        """
        return self._always + [found for part, found in self._parts[walking].items() if part not in known]

    def select_ids(self) -> Select[tuple[int]]:
        """Returns the ids, in no order."""
        ids = select(self._model.id)
        return ids if self.where is None else ids.where(self.where)

    def first_rows(self, found: Found | None, along: str = "") -> tuple[ColumnElement[bool] | None, bool]:
        """Returns the whole condition in the form that leads to the first rows soonest, and whether few rows are sorted.

        `along` names the field in whose order they are walked: what says where they begin and end there is left to its index.
        """
        parts = self._parts[True]
        if self._ids is not None or not parts:
            return self.where, self._ids is not None
        if found is not None and found.is_few and (len(parts) > 1 or not lie_close(self._model, found)):
            return self._begun_with(found.way), True
        return self._once(("walked", along), lambda: self._walked(along)), False

    def _walked(self, along: str) -> ColumnElement[bool] | None:
        ends = [part for part in self._parts[True] if bounds(self._model, part, along)]
        others = map(Unindexed, self.conditions(walking=True, known=ends))
        return resolve.every([*(self._parts[True][part] for part in ends), *others])

    def page_of(self, plan: RowPlan, found: Found | None) -> RowPlan:
        """Returns the plan for these rows alone."""
        where, sorts = self.first_rows(found, plan.order[0].removeprefix("-") if plan.order else "")
        return self._once((plan, where, sorts), lambda: plan.narrowed(where, sorts))

    def sorted_page_of(self, plan: RowPlan) -> RowPlan | None:
        """Returns the plan that sorts all of these rows; None where they are too many."""
        way = fewest_to_sort(self.ways)
        if way is None:
            return None
        return self._once((plan, way), lambda: plan.narrowed(self._begun_with(way), sorts=True))

    def counting(self, limit: int | None, found: Found | None) -> counts.Counting:
        """Returns how to count; up to a `limit`, without looking at more rows than a page has time for."""
        if limit is not None and found is not None and self._is_known(limit, found):
            return counts.known(found.number, limit)
        if limit is not None and self.where is None:
            return counts.of_all(db.session(), self._model, limit)
        key = (limit, found and found.way, found and found.is_few)
        return self._once(key, lambda: self._counting(limit, found))

    def _is_known(self, limit: int, found: Found) -> bool:
        """Says whether the way leads to just these rows, and they were counted far enough."""
        counted = not found.way.repeats and (found.is_few or limit <= found.way.few)
        return counted and not self.conditions(walking=True, known=found.way.answers)

    def _counting(self, limit: int | None, found: Found | None) -> counts.Counting:
        if limit is None:
            return counts.exactly(self.select_ids())
        if self._ids is not None:
            return counts.up_to(self.select_ids(), limit)
        ids = select(self._model.id)
        if found is None:
            return counts.looking(self._model, ids.where(*self.conditions(walking=True)), limit)
        others = self.conditions(walking=True, known=found.way.answers)
        if found.is_few or (not others and limit > found.way.few):
            return counts.up_to(ids.where(*self._beginning_with(found.way, counting=True)), limit)
        return counts.among_many(self._model, ids.where(*others), found.way.finder, limit)

    def beside(self, counting: counts.Counting, other: Select[Any]) -> Select[Any]:
        """Returns the statement that counts and answers another one at once."""
        return self._once((counting.statement, other), lambda: select(*counting.statement, *other.subquery().c))

    def _once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def _begun_with(self, way: Way) -> ColumnElement[bool] | None:
        return self._once(way, lambda: resolve.every(self._beginning_with(way, counting=False)))

    def _beginning_with(self, way: Way, counting: bool) -> list[ColumnElement[bool]]:
        """Returns the conditions in the form that makes the database begin with what was found."""
        others = self.conditions(walking=True, known=way.answers)
        return [among(self._model, way, counting), *map(Unindexed, others)]
