"""The tables of history: what was planned, what was done, and each row before and after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from flask import g, has_app_context
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column

from backoffice.core import wording
from backoffice.core.model import BigId, Choice, Searchable, UtcDateTime, one_of
from backoffice.core.wording import gettext
from backoffice.extensions import db

DOORS = ("form", "cell", "bulk", "import", "command", "undo", "system")
VERBS = ("create", "update", "delete", "transition", "merge", "import", "export", "login", "undo")
ACTIONS = ("create", "update", "delete")
OUTCOMES = ("change", "same", "refused", "cascade", "unlink")

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Operation(Searchable, db.Model):  # type: ignore[name-defined]
    """A change that has happened, whole: who, when, by which door, to what, and why."""

    __tablename__ = "operation"
    __key__: ClassVar[str] = "id"
    __label__: ClassVar[str] = "title"
    __search__: ClassVar[tuple[str, ...]] = ("title", "actor_name", "reason", "approver_name")
    __search_through__: ClassVar[tuple[str, ...]] = ()
    __computed__: ClassVar[tuple[str, ...]] = ("undone",)
    __table_args__ = (
        one_of("door", DOORS),
        one_of("verb", VERBS),
        Index(None, "at"),
        Index(None, "actor_id"),
        Index(None, "undoes_id"),
        {"sqlite_autoincrement": True},  # a number is never given twice: it is the version of rows
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, info={"label": "When"})
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff_user.id", ondelete="RESTRICT"), info={"internal": True}
    )
    actor_name: Mapped[str] = mapped_column(String(200), info={"label": "Who"})
    door: Mapped[str] = mapped_column(Choice(*DOORS))
    verb: Mapped[str] = mapped_column(Choice(*VERBS))
    entity_type: Mapped[str | None] = mapped_column(String(40), info={"label": "Kind"})
    title: Mapped[str] = mapped_column(Text, info={"label": "What"})
    selection: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    row_count: Mapped[int] = mapped_column(Integer, default=0, info={"label": "Rows"})
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, info={"internal": True})
    columns: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, info={"internal": True})
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id"), info={"internal": True})
    # No foreign key: the request holds the account in place, and SQLite could add one only by writing all history anew.
    approver_id: Mapped[int | None] = mapped_column(BigInteger, info={"internal": True})
    approver_name: Mapped[str | None] = mapped_column(String(200), info={"label": "Approved by"})
    approval: Mapped[str | None] = mapped_column(Text, info={"label": "Approver's reason"})

    def __str__(self) -> str:
        return self.title

    @property
    def way_back(self) -> str:
        """What taking it back is called."""
        return way_back(self.title)


_UNDO, _REDO = "Undo: ", "Redo: "  # as titles begin that were kept in English


def way_back(title: str) -> str:
    """Returns what taking an operation of this title back is called: to undo an undo is to redo."""
    return gettext("Redo") if _is_undo(title) else gettext("Undo")


def way_back_in_words(title: str) -> str:
    """Returns what taking an operation of this title back does: "Undo: ..." or, for an undo, "Redo: ..."."""
    bare = title.removeprefix(_UNDO).removeprefix(_kept_as("undo")).removeprefix(_REDO).removeprefix(_kept_as("redo"))
    return gettext("Redo: %(title)s", title=bare) if _is_undo(title) else gettext("Undo: %(title)s", title=bare)


def _is_undo(title: str) -> bool:
    return title.startswith((_UNDO, _kept_as("undo")))


def is_redo(title: str) -> bool:
    """Says whether an operation of this title did again what had been taken back."""
    return title.startswith((_REDO, _kept_as("redo")))


def _kept_as(way: str) -> str:
    """Returns what titles of undos, or of redos, begin with in the organisation's language; looked up once in an answer."""
    if not has_app_context():
        return _UNDO if way == "undo" else _REDO
    if "kept_titles" not in g:
        with wording.organisations():
            undo, redo = gettext("Undo: %(title)s", title=""), gettext("Redo: %(title)s", title="")
        g.kept_titles = {"undo": undo, "redo": redo}
    return str(g.kept_titles[way])


_LATER = Operation.__table__.alias("later")
Operation.undone = column_property(
    select(_LATER.c.id).where(_LATER.c.undoes_id == Operation.id).exists(),
    deferred=True,
    info={"kind": "boolean", "label": "Undone"},
)


class Change(db.Model):  # type: ignore[name-defined]
    """What an operation did to one row.

    `before` and `after` hold the columns that the operation wrote (all of them for a deletion or a creation) in the
    form that `snapshot` gives them.
    """

    __tablename__ = "change"
    __table_args__ = (
        UniqueConstraint("operation_id", "entity_type", "entity_id"),
        Index(None, "entity_type", "entity_id", "id"),
        one_of("action", ACTIONS),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    entity_type: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(Choice(*ACTIONS))
    version_before: Mapped[int | None] = mapped_column(BigInteger)
    version_after: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)


class Birth(db.Model):  # type: ignore[name-defined]
    """A run of rows that one operation loaded. Each is its own first state until it is written again; only then does its
    creation become a Change, made from the row as it still is.
    """

    __tablename__ = "birth"
    __table_args__ = (Index(None, "operation_id"),)

    entity_type: Mapped[str] = mapped_column(String(40), primary_key=True)
    first_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(BigInteger)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))


class StoredPlan(db.Model):  # type: ignore[name-defined]
    """A change that has not happened: what was asked, and the seal over the rows that were seen."""

    __tablename__ = "plan"
    __table_args__ = (
        one_of("door", DOORS),
        one_of("verb", VERBS),
        Index(None, "created_at"),
        Index(None, "author_id"),
        Index(None, "undoes_id"),
        Index(None, "operation_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"))
    door: Mapped[str] = mapped_column(Choice(*DOORS))
    verb: Mapped[str] = mapped_column(Choice(*VERBS))
    entity_type: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    selection: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    words: Mapped[str] = mapped_column(Text)
    selection_words: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    form: Mapped[list[Any] | None] = mapped_column(Json)  # what was typed, for whoever comes back to it: [name, value]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id", ondelete="CASCADE"))
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    seen: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # longer than others: somebody waits for it
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operation.id", ondelete="CASCADE"))


class PlanRow(db.Model):  # type: ignore[name-defined]
    """One row that a plan saw, the version it saw, and what would become of it."""

    __tablename__ = "plan_row"
    __table_args__ = (
        CheckConstraint("outcome IN ('change', 'same', 'refused', 'cascade', 'unlink')", name="outcome_known"),
        {"sqlite_with_rowid": False},
    )

    # No foreign key: PostgreSQL would look the plan up once for each row, which takes longer than all else in a review.
    plan_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    entity_type: Mapped[str] = mapped_column(String(40), primary_key=True)
    entity_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(Choice(*OUTCOMES))
    rule: Mapped[str | None] = mapped_column(String(80))


class Seal(db.Model):  # type: ignore[name-defined]
    """The proof of one operation: digests of its changes, a digest over them and its entry, and its link in the chain.

    The chain grows when somebody holds its lock at the end of an operation; nobody waits for it, so the newest seals may
    not be linked yet. `through` stands in the seal of a pruning: up to that operation the changes are gone by right.
    """

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("position"),)

    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), primary_key=True, autoincrement=False)
    parts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    through: Mapped[int | None] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(16), default="")
    digest: Mapped[str] = mapped_column(String(64))
    position: Mapped[int | None] = mapped_column(BigInteger)
    link: Mapped[str | None] = mapped_column(String(64))


class Baseline(db.Model):  # type: ignore[name-defined]
    """A whole row as it was when the beginning of its history was pruned: changes after `change_id` begin with it."""

    __tablename__ = "baseline"
    __table_args__ = (Index(None, "operation_id"),)

    entity_type: Mapped[str] = mapped_column(String(40), primary_key=True)
    entity_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    change_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[dict[str, Any]] = mapped_column(Json)
