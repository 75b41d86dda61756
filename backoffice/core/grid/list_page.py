"""What the template of a list shows: plain values, nothing to be asked for later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from backoffice.core.grid.filters import Control
from backoffice.core.grid.state import PAGE_SIZES


@dataclass(frozen=True)
class Can:
    """What the person may do here."""

    create: bool
    edit: bool
    bulk_edit: bool
    bulk_delete: bool
    export: bool


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool
    sort_url: str
    order: str  # "ascending", "descending" or "", as aria-sort has it


@dataclass(frozen=True)
class Cell:
    shown: str
    numeric: bool
    editable: bool = False
    field: str = ""
    value: str = ""  # as a form holds it


@dataclass(frozen=True)
class ListRow:
    id: int
    version: int | None
    name: str
    url: str
    picked: bool
    cells: list[Cell]
    button: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class ListPage:
    """What admin/model/list.html shows."""

    heading: str
    noun_one: str
    noun_many: str
    words: str
    search: str
    error: str
    example: str
    url: str
    complete_url: str
    new_url: str
    clear_url: str
    can: Can
    filters: list[Control]
    kept: list[tuple[str, str]]
    downloads: list[tuple[str, str]] = ()  # type: ignore[assignment]
    chips: Sequence[tuple[str, str]] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[ListRow] = ()
    editors: Sequence[tuple[str, Markup]] = ()
    filtered: bool = False
    everything: bool = False
    without: Sequence[int] = ()
    first: str = ""
    last: str = ""
    total: str = ""
    matching: int = 0
    size: int = PAGE_SIZES[0]
    sizes: Sequence[tuple[int, str]] = ()
    next_url: str = ""
    previous_url: str = ""
    action_url: str = ""
    update_url: str = ""
    lookup_url: str = ""

    @property
    def selectable(self) -> bool:
        return self.can.bulk_edit or self.can.bulk_delete or self.can.export

    @property
    def selectable_all(self) -> bool:
        return self.matching > len(self.rows)

    @property
    def shown(self) -> list[int]:
        return [row.id for row in self.rows]

    @property
    def picked_words(self) -> str:
        return f"{self.matching - len(self.without):,}" if self.everything else "0"
