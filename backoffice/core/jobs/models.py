"""The table of long work: what was asked by whom, how far it is, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.core.model import BigId, Choice, Searchable, UtcDateTime, one_of
from backoffice.extensions import db

KINDS = ("update", "delete", "undo")
STATES = ("queued", "running", "done", "failed", "cancelled")
OPEN = ("queued", "running")


class Job(Searchable, db.Model):  # type: ignore[name-defined]
    """A plan that a worker applies. It is done exactly when its operation is there: both commit in one transaction."""

    __tablename__ = "job"
    __key__: ClassVar[str] = "id"
    __label__: ClassVar[str] = "title"
    __search__: ClassVar[tuple[str, ...]] = ("title", "author_name")
    __search_through__: ClassVar[tuple[str, ...]] = ()
    __computed__: ClassVar[tuple[str, ...]] = ()
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        Index(None, "state"),
        Index(None, "author_id", "notice_seen"),
        Index(None, "operation_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(Choice(*KINDS))
    entity_type: Mapped[str] = mapped_column(String(40), info={"label": "Of"})
    title: Mapped[str] = mapped_column(Text, info={"label": "What"})
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_user.id", ondelete="RESTRICT"), info={"internal": True}
    )
    author_name: Mapped[str] = mapped_column(String(200), info={"label": "Who"})
    plan_token: Mapped[str] = mapped_column(String(64), unique=True, info={"internal": True})
    state: Mapped[str] = mapped_column(Choice(*STATES), default="queued")
    rows: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer, info={"label": "Rows with what goes along"})
    done: Mapped[int] = mapped_column(Integer, default=0, info={"label": "Rows done"})
    attempts: Mapped[int] = mapped_column(Integer, default=0, info={"label": "Starts"})
    runner: Mapped[str | None] = mapped_column(String(80), info={"internal": True})  # who has claimed it
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, info={"label": "Asked for"})
    run_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"label": "Not before"})
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"label": "Started"})
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"label": "Finished"})
    error: Mapped[str] = mapped_column(Text, default="", info={"label": "Why it failed"})
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"), info={"internal": True})
    notice_seen: Mapped[bool] = mapped_column(default=False, info={"internal": True})

    def __str__(self) -> str:
        return self.title

    @property
    def due_at(self) -> datetime:
        """Returns from when on a worker may take it."""
        return self.run_at or self.queued_at

    @property
    def is_open(self) -> bool:
        """Says whether it still waits or runs."""
        return self.state in OPEN
