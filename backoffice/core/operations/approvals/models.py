"""The tables of big changes: the policies that say which need two people, and what was asked of whom under them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.core.model import BigId, Choice, Money, Record, Searchable, UtcDateTime, one_of
from backoffice.core.operations.tables import models, singular, table_of
from backoffice.extensions import db

VERBS = ("update", "delete", "undo")
STATES = ("waiting", "approved", "declined", "withdrawn", "moved", "done")
OPEN = ("waiting", "approved")
_ACTIVE = text("is_active")


class TableName(Choice):
    """The name of a business table; features add theirs while the program starts, so the choices are asked for late."""

    cache_ok = True

    def __init__(self) -> None:
        String.__init__(self, 40)

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(sorted(table_of(model).name for model in models()))


class ApprovalPolicy(Record):
    """From how many rows, or how much money, a change of one kind of row needs a second person. Without one it never does."""

    __label__ = "entity_type"

    entity_type: Mapped[str] = mapped_column(TableName(), info={"label": "Grid"})
    verb: Mapped[str] = mapped_column(Choice(*VERBS))
    rows_above: Mapped[int | None] = mapped_column(Integer, info={"label": "Above rows"})
    amount_above_minor: Mapped[int | None] = mapped_column(Money(), info={"label": "Above amount"})
    currency: Mapped[str | None] = mapped_column(String(3))
    is_active: Mapped[bool] = mapped_column(default=True, info={"label": "Active"})

    __table_args__ = (
        one_of("verb", VERBS),
        CheckConstraint("rows_above IS NOT NULL OR amount_above_minor IS NOT NULL", name="limit_given"),
        CheckConstraint("(amount_above_minor IS NULL) = (currency IS NULL)", name="amount_with_currency"),
        CheckConstraint("rows_above >= 0", name="rows_above_not_negative"),
        CheckConstraint("amount_above_minor >= 0", name="amount_above_not_negative"),
        CheckConstraint("length(currency) = 3", name="currency_length"),
        Index(
            "uq_approval_policy_entity_type_verb",
            "entity_type",
            "verb",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    def __str__(self) -> str:
        return f"{self.verb} {singular(self.entity_type)}"


class Approval(Searchable, db.Model):  # type: ignore[name-defined]
    """A sealed plan that waits for a second person, and what they said. It is done exactly when its operation is there."""

    __tablename__ = "approval"
    __key__: ClassVar[str] = "id"
    __label__: ClassVar[str] = "title"
    __search__: ClassVar[tuple[str, ...]] = ("title", "author_name")
    __search_through__: ClassVar[tuple[str, ...]] = ()
    __computed__: ClassVar[tuple[str, ...]] = ()
    __table_args__ = (
        one_of("kind", VERBS),
        one_of("state", STATES),
        CheckConstraint("approver_id <> author_id", name="two_people"),
        Index(None, "state", "notice_seen"),
        Index(None, "author_id"),
        Index(None, "approver_id"),
        Index(None, "operation_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(Choice(*VERBS))
    entity_type: Mapped[str] = mapped_column(String(40), info={"label": "Of"})
    title: Mapped[str] = mapped_column(Text, info={"label": "What"})
    rows: Mapped[int] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(Text, info={"label": "Why two people"})
    needs: Mapped[str] = mapped_column(String(8), info={"internal": True})  # letters of Verb, for whoever decides
    plan_token: Mapped[str] = mapped_column(String(64), unique=True, info={"internal": True})
    author_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="RESTRICT"), info={"internal": True})
    author_name: Mapped[str] = mapped_column(String(200), info={"label": "Asked by"})
    reason: Mapped[str] = mapped_column(Text, info={"label": "Their reason"})
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, info={"label": "Asked"})
    state: Mapped[str] = mapped_column(Choice(*STATES), default="waiting")
    approver_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_user.id", ondelete="RESTRICT"), info={"internal": True}
    )
    approver_name: Mapped[str | None] = mapped_column(String(200), info={"label": "Decided by"})
    answer: Mapped[str | None] = mapped_column(Text, info={"label": "Their answer"})
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info={"label": "Decided"})
    outcome: Mapped[str | None] = mapped_column(Text, info={"label": "What came of it"})
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"), info={"internal": True})
    notice_seen: Mapped[bool] = mapped_column(default=False, info={"internal": True})

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Says whether it may still be decided or applied."""
        return self.state in OPEN
