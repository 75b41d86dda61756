"""Rows that a person keeps together: the basket of ticks, and lists with a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.core.model import BigId, UtcDateTime
from backoffice.extensions import db

LONGEST_NAME = 80
LONGEST_SOURCE = 400


class RowList(db.Model):  # type: ignore[name-defined]
    """Rows of one kind that one person keeps; `name_key` is the folded name, "" for the basket.

    Not a Record: a tick says nothing about the organisation, so it is no operation and has no history. What is done with
    the rows is one, and says which rows they were.
    """

    __tablename__ = "row_list"
    __table_args__ = (
        UniqueConstraint("owner_id", "entity_type", "name_key"),
        Index(
            "uq_row_list_shared",
            "entity_type",
            "name_key",
            unique=True,
            sqlite_where=text("shared"),
            postgresql_where=text("shared"),
        ),
        CheckConstraint("NOT shared OR name_key <> ''", name="shared_by_name"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"))
    owner_name: Mapped[str] = mapped_column(String(200))
    entity_type: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_key: Mapped[str] = mapped_column(String(4 * LONGEST_NAME))  # folding may lengthen: "ß" becomes "ss"
    shared: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RowListItem(db.Model):  # type: ignore[name-defined]
    """One row of a list. It may be deleted meanwhile: an undo that brings it back finds it in the list again."""

    __tablename__ = "row_list_item"
    __table_args__ = ({"sqlite_with_rowid": False},)

    list_id: Mapped[int] = mapped_column(ForeignKey("row_list.id", ondelete="CASCADE"), primary_key=True)
    entity_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE))  # the search in which it was ticked, in words
