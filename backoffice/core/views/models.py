"""The table of saved views: business rows, so that every change of one is on the record and can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.core import access
from backoffice.core.access import Role
from backoffice.core.model import Choice, Record, Searchable, filled, one_of
from backoffice.core.text import fold

COMFORTABLE, COMPACT = DENSITIES = ("comfortable", "compact")
VISIBILITIES = ("mine", "team", "everyone")
ROLES = tuple(role.value for role in Role)
ICONS = (
    *("view", "flag", "search", "filter", "table", "students", "courses", "terms", "sections", "enrollments"),
    *("invoices", "payments", "warning", "success", "lock"),
)
LONGEST_NAME = 80
_FIRST = text("opens_first")


class GridOf(Choice):
    """The table of a grid's rows; grids are declared while the program starts, so the choices are asked for late."""

    cache_ok = True

    def __init__(self) -> None:
        String.__init__(self, 40)

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(sorted(model.__tablename__ for model in access.declared()))


class SavedView(Searchable, Record):
    """A way to look at a grid. Filters are part of `search`, which says all that they can.

    `team` is the role of its owner while it is for "team"; `default_for` the role for whom the grid opens with it, before which
    comes one's own that `opens_first`. The owner is none where the command line made it.
    """

    __label__ = "name"
    __search__ = ("name", "search", "owner_name")
    __sorted__ = ("name", "entity_type", "visibility", "default_for", "owner_name", "updated_at")

    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_key: Mapped[str] = mapped_column(String(4 * LONGEST_NAME), info={"internal": True})  # folding may lengthen
    entity_type: Mapped[str] = mapped_column(GridOf(), info={"label": "Grid"})
    icon: Mapped[str] = mapped_column(Choice(*ICONS), default="view")
    search: Mapped[str | None] = mapped_column(String(5000))
    sort: Mapped[str | None] = mapped_column(String(400))
    columns: Mapped[str | None] = mapped_column(String(2000))
    fit: Mapped[str | None] = mapped_column(String(2000), info={"label": "Fit of columns"})
    density: Mapped[str] = mapped_column(Choice(*DENSITIES), default=COMFORTABLE, info={"label": "Height of rows"})
    group: Mapped[str | None] = mapped_column(String(200), info={"label": "Grouped by"})
    visibility: Mapped[str] = mapped_column(Choice(*VISIBILITIES), default="mine", info={"label": "Who may use it"})
    team: Mapped[str | None] = mapped_column(Choice(*ROLES))
    default_for: Mapped[str | None] = mapped_column(Choice(*ROLES), info={"label": "Opens first for role"})
    opens_first: Mapped[bool] = mapped_column(default=False, info={"label": "Opens first for its owner"})
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_user.id", ondelete="RESTRICT"), info={"internal": True}
    )
    owner_name: Mapped[str] = mapped_column(String(200), info={"label": "Owner"})

    __table_args__ = (
        filled("name"),
        one_of("icon", ICONS),
        one_of("density", DENSITIES),
        one_of("visibility", VISIBILITIES),
        one_of("team", ROLES),
        one_of("default_for", ROLES),
        CheckConstraint("visibility <> 'team' OR team IS NOT NULL", name="team_of_role"),
        CheckConstraint(
            "default_for IS NULL OR visibility = 'everyone' OR (visibility = 'team' AND default_for = team)",
            name="default_for_users",
        ),
        UniqueConstraint("owner_id", "entity_type", "name_key"),
        UniqueConstraint("entity_type", "default_for"),
        Index(
            "uq_saved_view_opens_first",
            "owner_id",
            "entity_type",
            unique=True,
            sqlite_where=_FIRST,
            postgresql_where=_FIRST,
        ),
    )

    @classmethod
    def derive(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        return super().derive(row) | {"name_key": fold(row["name"])}
