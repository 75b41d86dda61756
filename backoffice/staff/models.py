"""People who sign in, and where they are signed in. They are deactivated, never deleted: what they did stays theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import ColumnProperty, Mapped, column_property, mapped_column

from backoffice.core.access import Role
from backoffice.core.clock import organisation_zone
from backoffice.core.model import BigId, Choice, Record, Searchable, UtcDateTime, filled, one_of
from backoffice.core.text import email_key
from backoffice.extensions import db

ROLES = tuple(role.value for role in Role)


class StaffUser(Searchable, Record):
    """A member of staff. `email_key` is the normalised address: the one that sign-in and import compare."""

    __people__ = True  # "me" in a query is one of them
    __key__ = "username"
    __label__ = "full_name"
    __search__ = ("username", "full_name", "email")
    __computed__ = ("last_login_at",)
    __sorted__ = (
        "email",
        "full_name",
        "role",
        "is_active",
        "created_at",
    )

    username: Mapped[str] = mapped_column(String(80), unique=True)
    email: Mapped[str] = mapped_column(String(254), info={"label": "E-mail"})
    email_key: Mapped[str] = mapped_column(String(254), unique=True, info={"internal": True})
    full_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(Choice(*ROLES))
    is_active: Mapped[bool] = mapped_column(default=True, info={"label": "Active"})
    timezone: Mapped[str] = mapped_column(
        String(64),
        default=lambda: organisation_zone().key,
        info={
            "label": "Time zone",
            "hint": "In which they read times, unless they choose another. Such as Europe/Berlin.",
        },
    )
    last_login_at: ClassVar[ColumnProperty[datetime | None]]  # see below: the newest session began then

    __table_args__ = (one_of("role", ROLES), filled("username"), filled("full_name"))

    @classmethod
    def derive(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        return super().derive(row) | {"email_key": email_key(row["email"])}

    @classmethod
    def derived_from(cls) -> frozenset[str]:
        return super().derived_from() | {"email"}


class StaffPassword(db.Model):  # type: ignore[name-defined]
    """The hash of a person's password. It is no part of the recorded account: history holds no hash, undo revives none."""

    __tablename__ = "staff_password"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(255))


class StaffPreference(db.Model):  # type: ignore[name-defined]
    """How a person wants pages to behave and to be written, on whatever machine; where they say nothing, as for all.

    Not a Record: it says nothing about the organisation, so it is no operation and has no history.
    """

    __tablename__ = "staff_preference"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"), primary_key=True)
    single_keys: Mapped[bool] = mapped_column(default=True)  # speech input types letters that were not meant as keys
    locale: Mapped[str | None] = mapped_column(String(20))  # by which dates and numbers are written
    timezone: Mapped[str | None] = mapped_column(String(64))  # instead of the account's
    language: Mapped[str | None] = mapped_column(String(20))


class StaffSession(db.Model):  # type: ignore[name-defined]
    """One browser that is or was signed in. The browser holds the token; here is only its hash.

    `password_mark` is the mark of the password it began with: whichever way a password changes, its sessions end.
    """

    __tablename__ = "staff_session"
    __table_args__ = (Index(None, "staff_id", "created_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"))
    password_mark: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45))
    agent: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


StaffUser.last_login_at = column_property(
    select(func.max(StaffSession.created_at))
    .where(StaffSession.staff_id == StaffUser.id)
    .correlate(StaffUser)
    .scalar_subquery(),
    deferred=True,
    info={"label": "Last sign-in"},
)
