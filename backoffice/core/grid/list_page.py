"""What the template of a list shows: plain values, nothing to be asked for later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from backoffice.core import reader
from backoffice.core.grid.basket import NO_BASKET, BasketBar
from backoffice.core.grid.declaration import RowButton
from backoffice.core.grid.groups import GroupsTable
from backoffice.core.grid.peeking import Peek
from backoffice.core.grid.state import PAGE_SIZES
from backoffice.core.grid.totals_foot import Foot
from backoffice.core.grid.view_bar import NO_VIEWS, ViewBar
from backoffice.core.views import COMFORTABLE


@dataclass(frozen=True)
class Can:
    """What the person may do here."""

    create: bool
    edit: bool
    bulk_edit: bool
    steps: Sequence[tuple[str, str]]  # bulk edits that begin filled in, by name and label
    adds: Sequence[tuple[str, str]]  # (action, noun) of rows that each of many may get
    bulk_delete: bool
    export: bool


@dataclass(frozen=True)
class Column:
    label: str
    classes: str  # of its cells
    sort_url: str
    order: str  # "ascending", "descending" or "", as aria-sort has it
    place: int = 0  # among several that the list is sorted by: 1 for the second


class ListRow(NamedTuple):
    """One row; a page has many."""

    id: int
    begin: Markup  # its tag, its tick and its cells
    button: RowButton | None = None


@dataclass(frozen=True)
class ListPage:
    """What admin/model/list.html shows."""

    layout: str  # the template around it
    heading: str
    noun_one: str
    noun_many: str
    words: str
    search: str
    error: str
    example: str
    url: str
    complete_url: str
    choices_url: str
    filter_url: str
    new_url: str
    clear_url: str
    can: Can
    filters: Markup
    kept: list[tuple[str, str]]
    downloads: list[tuple[str, str]] = ()  # type: ignore[assignment]
    print_url: str = ""
    chips: Sequence[tuple[str, str, str]] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[ListRow] = ()
    editors: Sequence[tuple[str, Markup]] = ()
    filtered: bool = False
    everything: bool = False
    without: Sequence[int] = ()
    first: str = ""
    last: str = ""
    total: str = ""
    total_words: str = ""  # with an estimate, where counting stopped
    matching: int = 0
    count_url: str = ""  # leads to the exact number, where it is not known
    size: int = PAGE_SIZES[0]
    sizes: Sequence[tuple[int, str]] = ()
    next_url: str = ""
    previous_url: str = ""
    action_url: str = ""
    edit_url: str = ""  # of a row, but for its id; "" where the person may not
    delete_url: str = ""
    update_url: str = ""
    lookup_url: str = ""
    basket: BasketBar = NO_BASKET
    paste_url: str = ""
    lists_url: str = ""
    cells_url: str = ""  # where cells are pasted; "" where the person may not edit many rows
    fields: str = ""  # of the columns, with commas between them
    columns_url: str = ""
    sort: str = ""
    density: str = COMFORTABLE
    pinned: int = 1
    views: ViewBar = NO_VIEWS
    totals_url: str = ""  # turns them on, or off where they are shown
    feet: Sequence[Foot] = ()
    group_url: str = ""  # "" where there is nothing to group by
    groups: GroupsTable | None = None
    peek_url: str = ""  # shows the first row beside the list
    peek: Peek | None = None

    @property
    def selectable_all(self) -> bool:
        return self.matching > len(self.rows) or bool(self.count_url)

    @property
    def shown(self) -> list[int]:
        return [row.id for row in self.rows]

    @property
    def picked_words(self) -> str:
        return reader.number(self.matching - len(self.without) if self.everything else self.basket.number)
