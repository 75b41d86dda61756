"""How a person has arranged their overview."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.extensions import db


class DashboardArrangement(db.Model):  # type: ignore[name-defined]
    """What one person chose; what is NULL follows their role. `figures` are names in order, `hidden` those left out.

    Not a Record: it says nothing about the organisation, so it is no operation and has no history.
    """

    __tablename__ = "dashboard_arrangement"

    owner_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[str | None] = mapped_column(String(12))
    against: Mapped[str | None] = mapped_column(String(12))
    figures: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    hidden: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
