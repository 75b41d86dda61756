"""The address of a list, read once: which rows, which page of them, and the addresses of what is beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from backoffice.core.access import Person
from backoffice.core.grid.declaration import Declaration
from backoffice.core.selection import QueryError, Selection
from backoffice.core.web.gate import current_person

PAGE_SIZES = (20, 50, 100, 200)
LARGEST_PAGE = 10_000_000
ONES = frozenset({"1", "true", "yes"})


@dataclass(frozen=True)
class ListState:
    """A grid's list as its address says it. `everything`: all rows of `selection` are picked, less `without`."""

    grid: Declaration
    person: Person
    selection: Selection
    size: int
    number: int
    after: str | None
    before: str | None
    everything: bool
    without: tuple[int, ...]

    def params(self, **changes: Any) -> dict[str, str]:
        """Returns the parameters of this list's address; a change of None takes one away."""
        params = dict(self.selection.params())
        if list(map(str, self.selection.sort)) == [self.grid.default_sort]:
            params = {name: value for name, value in params.items() if name not in ("sort", "desc")}
        if self.size != PAGE_SIZES[0]:
            params["page_size"] = str(self.size)
        if self.everything:
            params |= {"all": "1", "without": ",".join(map(str, self.without))}
        params |= {name: "" if value is None else str(value) for name, value in changes.items()}
        return {name: value for name, value in params.items() if value}

    def url(self, **changes: Any) -> str:
        """Returns the address of this list from its first page on, with `changes`."""
        return self.grid.address(**self.params(**changes))

    def here(self) -> str:
        """Returns the address of exactly this page."""
        return self.url(page=self.number or None, after=self.after, before=self.before)


def read_state(grid: Declaration, args: Mapping[str, Any] | None = None) -> ListState:
    """Returns what `args` (the request's by default) ask for. Raises QueryError naming the part that cannot be read."""
    args = request.args if args is None else args
    selection = read_selection(grid, args)
    everything = args.get("all") in ONES
    return ListState(
        grid,
        current_person(),
        selection.narrowed(ids=selection.ids) if everything else selection,
        _size(args),
        number_in(args, "page"),
        args.get("after") or None,
        args.get("before") or None,
        everything,
        selection.without if everything else (),
    )


def read_selection(grid: Declaration, args: Mapping[str, Any]) -> Selection:
    """Returns the rows that the parameters of a list's address mean."""
    return Selection.from_args(grid.model, current_person(), _by_name(grid, args), default_sort=(grid.default_sort,))


def _by_name(grid: Declaration, args: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns `args` with the sort column by name, where it was given by its position, as Flask-Admin does."""
    position = args.get("sort") or ""
    if not (position.isascii() and position.isdecimal()):
        return args
    if len(position) > 3 or int(position) >= len(grid.columns):
        raise QueryError(
            f"sort={position}", f"there is no such column; the first is 0, the last {len(grid.columns) - 1}"
        )
    named = MultiDict(args)
    named["sort"] = grid.columns[int(position)]
    return named


def _size(args: Mapping[str, Any]) -> int:
    text = args.get("page_size") or str(PAGE_SIZES[0])
    if text not in map(str, PAGE_SIZES):
        raise QueryError(
            f"page_size={text}", f"a page has {', '.join(map(str, PAGE_SIZES[:-1]))} or {PAGE_SIZES[-1]} rows"
        )
    return int(text)


def number_in(args: Mapping[str, Any], name: str) -> int:
    """Returns the page number in the parameter `name`, 0 if it is not there. Raises QueryError for what is none."""
    text = args.get(name) or "0"
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) <= LARGEST_PAGE):
        raise QueryError(f"{name}={text}", "is no page number; the first page is 0")
    return int(text)
