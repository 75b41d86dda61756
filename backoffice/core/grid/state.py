"""The address of a list, read once: which rows, which page of them, and the addresses of what is beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from backoffice.core.access import Person
from backoffice.core.grid.columns import checked_fit, chosen_columns
from backoffice.core.grid.declaration import Declaration, with_query
from backoffice.core.grid.fit import USUAL, Fit, read_fit
from backoffice.core.grid.grouping import MEASURES, checked_group
from backoffice.core.grid.looks import ALL, Look, look_of, resolved, says_rows
from backoffice.core.selection import Field, QueryError, Selection
from backoffice.core.text import whole_number
from backoffice.core.views import COMFORTABLE, DENSITIES, View
from backoffice.core.web.gate import current_person
from backoffice.core.wording import either, gettext

PAGE_SIZES = (20, 50, 100, 200)
LARGEST_PAGE = 10_000_000
_NO_OTHERS: dict[str, Callable[[str], str]] = {
    "density": lambda names: gettext("rows are %(names)s", names=names),
    "measure": lambda names: gettext("figures of groups are %(names)s", names=names),
}
ONES = frozenset({"1", "true", "yes"})


@dataclass(frozen=True)
class ListState:
    """A grid's list as its address says it. `everything`: all rows of `selection` are picked, less `without`.

    `patient`: how many rows match and what they add up to is asked for, though it takes long. `own_columns`: the grid's, as
    nothing else was chosen. `view`: the saved view that it began with; `everywhere`: all rows are meant, though the list would
    open with a view. `totals`: what the columns add up to is asked for. `group`: the field by which the rows are grouped; of
    each group the `measure` is shown. `peek`: the row that is read beside the list.
    """

    grid: Declaration
    person: Person
    selection: Selection
    size: int
    number: int
    after: str | None
    before: str | None
    everything: bool
    without: tuple[int, ...]
    patient: bool
    columns: dict[str, Field]
    own_columns: bool
    density: str
    view: View | None = None
    everywhere: bool = False
    totals: bool = False
    group: str = ""
    measure: str = "sum"
    peek: int | None = None
    fit: Fit = USUAL

    def params(self, **changes: Any) -> dict[str, str]:
        """Returns the parameters of this list's address; a change of None takes one away."""
        params = dict(self._selected)
        if self.size != PAGE_SIZES[0]:
            params["page_size"] = str(self.size)
        params |= self.look
        params |= {"totals": "1"} if self.totals else {}
        params |= {"measure": self.measure} if self.measure != MEASURES[0] else {}
        if self.everything:
            params |= {"all": "1", "without": ",".join(map(str, self.without))}
        params |= {name: "" if value is None else str(value) for name, value in changes.items()}
        return self._beside_view({name: value for name, value in params.items() if value})

    def _beside_view(self, params: dict[str, str]) -> dict[str, str]:
        """Returns `params` with the view that they began with; where they say nothing, that nothing of it is left."""
        if self.view is not None:
            return {"view": str(self.view.id), **({} if says_rows(params) else {"search": ""}), **params}
        return {"view": ALL, **params} if self.everywhere else params

    def kept(self) -> Look:
        """Returns what a view would keep of this list."""
        return look_of(self.selection, self.grid.default_sort, self.look)

    @property
    def exact(self) -> bool:
        """Says whether how many rows match is to be known to the last one."""
        return self.everything or self.patient

    @cached_property
    def look(self) -> dict[str, str]:
        """Returns the parameters of how the rows are shown, where that is not as the grid itself does."""
        look = {} if self.own_columns else {"columns": ",".join(self.columns)}
        look |= {"fit": str(self.fit)} if str(self.fit) else {}
        look |= {} if self.density == COMFORTABLE else {"density": self.density}
        return look | {"group": self.group} if self.group else look

    def url(self, **changes: Any) -> str:
        """Returns the address of this list from its first page on, with `changes`."""
        return with_query(self._address, self.params(**changes))

    @cached_property
    def _address(self) -> str:
        return self.grid.address()

    @cached_property
    def _selected(self) -> dict[str, str]:
        params = self.selection.params()
        usual = list(map(str, self.selection.sort)) == [self.grid.default_sort]
        return {name: value for name, value in params.items() if not (usual and name in ("sort", "desc"))}

    def here(self, **changes: Any) -> str:
        """Returns the address of exactly this page, with `changes`."""
        return self.url(**{**self.place(), **changes})

    def place(self) -> dict[str, Any]:
        """Returns the parameters of which page of the list this is, and of the row beside it."""
        return {"page": self.number or None, "after": self.after, "before": self.before, "peek": self.peek}


def read_state(grid: Declaration, args: Mapping[str, Any] | None = None) -> ListState:
    """Returns what `args` (the request's by default) ask for. Raises QueryError naming the part that cannot be read."""
    person = current_person()
    args, view = resolved(grid.model, person, request.args if args is None else args)
    selection = _selection(grid, args)
    columns = chosen_columns(grid, person, args.get("columns") or "")
    everything = args.get("all") in ONES
    return ListState(
        grid,
        person,
        selection.narrowed(ids=selection.ids) if everything else selection,
        _size(args),
        number_in(args, "page"),
        args.get("after") or None,
        args.get("before") or None,
        everything,
        selection.without if everything else (),
        args.get("count") == "exact",
        columns,
        not args.get("columns") or list(columns) == list(grid.columns_for(person)),
        _one_of(args, "density", DENSITIES),
        view,
        args.get("view") == ALL,
        args.get("totals") in ONES,
        checked_group(grid, person, args.get("group") or ""),
        _one_of(args, "measure", MEASURES),
        _peek(args),
        _fit(grid, person, args.get("fit") or "", view).among(columns),
    )


def read_selection(grid: Declaration, args: Mapping[str, Any]) -> Selection:
    """Returns the rows that the parameters of a list's address mean."""
    return _selection(grid, resolved(grid.model, current_person(), args)[0])


def _selection(grid: Declaration, args: Mapping[str, Any]) -> Selection:
    return Selection.from_args(grid.model, current_person(), _by_name(grid, args), default_sort=(grid.default_sort,))


def _by_name(grid: Declaration, args: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns `args` with the sort column by name, where it was given by its position, as Flask-Admin does."""
    position = args.get("sort") or ""
    if not (position.isascii() and position.isdecimal()):
        return args
    if len(position) > 3 or int(position) >= len(grid.columns):
        raise QueryError(
            f"sort={position}",
            gettext("there is no such column; the first is 0, the last %(last)s", last=len(grid.columns) - 1),
        )
    named = MultiDict(args)
    named["sort"] = grid.columns[int(position)]
    return named


def _size(args: Mapping[str, Any]) -> int:
    text = args.get("page_size") or str(PAGE_SIZES[0])
    if text not in map(str, PAGE_SIZES):
        raise QueryError(
            f"page_size={text}",
            gettext(
                "a page has %(sizes)s rows", sizes=either((", ".join(map(str, PAGE_SIZES[:-1])), str(PAGE_SIZES[-1])))
            ),
        )
    return int(text)


def _one_of(args: Mapping[str, Any], name: str, known: Sequence[str]) -> str:
    """Returns the parameter `name`, the first of `known` if it is not there."""
    text = str(args.get(name) or known[0])
    if text not in known:
        raise QueryError(f"{name}={text}", _NO_OTHERS[name](either(known)))
    return text


def _fit(grid: Declaration, person: Person, text: str, view: View | None) -> Fit:
    """Returns how the columns stand; a view may speak of columns that only others see."""
    return read_fit(text) if view is not None and text == view.fit else checked_fit(grid, person, text)


def _peek(args: Mapping[str, Any]) -> int | None:
    text = args.get("peek") or ""
    number = whole_number(text)
    if text and not number:
        raise QueryError(f"peek={text}", gettext("is no number of a row"))
    return number


def number_in(args: Mapping[str, Any], name: str) -> int:
    """Returns the page number in the parameter `name`, 0 if it is not there. Raises QueryError for what is none."""
    text = args.get(name) or "0"
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) <= LARGEST_PAGE):
        raise QueryError(f"{name}={text}", gettext("is no page number; the first page is 0"))
    return int(text)
