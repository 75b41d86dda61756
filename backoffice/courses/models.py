"""Terms, courses with their lessons, and sections: the offering of a course in a term that students enroll in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship
from sqlalchemy.sql.compiler import DDLCompiler

from backoffice.core.model import Choice, Money, Record, Searchable, filled, one_of
from backoffice.staff.models import StaffUser
from backoffice.students.models import SOURCED_ID

TERM_KINDS = ("school_year", "semester", "term", "grading_period")
TERM_STATUSES = ("planned", "open", "closed")
COURSE_STATUSES = ("draft", "published", "archived")
LESSON_KINDS = ("content", "video", "quiz", "assignment", "exam", "live")
DELIVERIES = ("online", "on_campus", "blended")
SECTION_STATUSES = ("planned", "open", "in_progress", "completed", "cancelled")


class DeferrableUnique(UniqueConstraint):
    """A UNIQUE that looks at the end of a statement where the database can (PostgreSQL), so that rows may swap."""


@compiles(DeferrableUnique, "sqlite")
def _plain(constraint: DeferrableUnique, compiler: DDLCompiler, **options: object) -> str:
    return str(compiler.visit_unique_constraint(constraint)).partition(" DEFERRABLE")[0]


class Term(Searchable, Record):
    """A stretch of the calendar: a school year, its semesters and terms, their grading periods."""

    __key__ = "code"
    __label__ = "code"
    __search__ = ("code", "name")
    __sorted__ = (
        "name",
        "kind",
        "status",
        "start_date",
        "end_date",
        "add_drop_deadline",
        "withdraw_deadline",
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("term.id", ondelete="RESTRICT"),
        index=True,
        info={"hint": "The longer term that this one is a part of."},
    )
    kind: Mapped[str] = mapped_column(Choice(*TERM_KINDS), default="term")
    start_date: Mapped[date]
    end_date: Mapped[date]
    add_drop_deadline: Mapped[date | None] = mapped_column(
        info={"hint": "Leaving by then is dropping, later it is withdrawing."}
    )
    withdraw_deadline: Mapped[date | None]
    status: Mapped[str] = mapped_column(Choice(*TERM_STATUSES), default="planned")
    sourced_id: Mapped[str | None] = mapped_column(String(255), unique=True, info=SOURCED_ID)

    parent: Mapped[Term | None] = relationship(
        remote_side="Term.id", backref=backref("children", passive_deletes="all")
    )

    __table_args__ = (
        filled("code"),
        one_of("kind", TERM_KINDS),
        one_of("status", TERM_STATUSES),
        CheckConstraint("end_date > start_date", name="end_after_start"),
        CheckConstraint("withdraw_deadline >= add_drop_deadline", name="withdraw_after_add_drop"),
    )


class Course(Searchable, Record):
    """What is taught, whenever it is taught."""

    __key__ = "code"
    __label__ = "code"
    __search__ = ("code", "title")
    __sorted__ = (
        "title",
        "status",
        "credits",
        "list_price_minor",
        "currency",
        "created_at",
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Choice(*COURSE_STATUSES), default="draft")
    credits: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    list_price_minor: Mapped[int | None] = mapped_column(Money("currency"))
    currency: Mapped[str | None] = mapped_column(
        String(3), info={"hint": "Three letters, such as EUR; needed with a price."}
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id", ondelete="SET NULL"), index=True)
    sourced_id: Mapped[str | None] = mapped_column(String(255), unique=True, info=SOURCED_ID)

    owner: Mapped[StaffUser | None] = relationship(backref=backref("courses", passive_deletes="all"))

    __table_args__ = (
        filled("code"),
        filled("title"),
        one_of("status", COURSE_STATUSES),
        CheckConstraint("credits >= 0", name="credits_not_negative"),
        CheckConstraint("list_price_minor >= 0", name="list_price_not_negative"),
        CheckConstraint("(list_price_minor IS NULL) = (currency IS NULL)", name="list_price_with_currency"),
        CheckConstraint("length(currency) = 3", name="currency_length"),
    )


class Lesson(Searchable, Record):
    """One step of a course, in its order."""

    __label__ = "title"
    __order__ = "position"
    __search__ = ("title",)
    __search_through__ = ("course",)
    __sorted__ = (
        "course_id",
        "position",
        "title",
        "kind",
        "is_required",
        "status",
        "max_score",
        "weight",
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(info={"hint": "Its place in the course, counted from 1."})
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(Choice(*LESSON_KINDS), default="content")
    is_required: Mapped[bool] = mapped_column(default=True, info={"label": "Required"})
    status: Mapped[str] = mapped_column(Choice(*COURSE_STATUSES), default="draft")
    max_score: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    weight: Mapped[Decimal | None] = mapped_column(
        Numeric(5, 2), info={"hint": "Its share of the final grade, 0 to 100."}
    )

    course: Mapped[Course] = relationship(backref=backref("lessons", passive_deletes="all"))

    __table_args__ = (
        DeferrableUnique("course_id", "position", deferrable=True, initially="IMMEDIATE"),
        filled("title"),
        one_of("kind", LESSON_KINDS),
        one_of("status", COURSE_STATUSES),
        CheckConstraint("position > 0", name="position_positive"),
        CheckConstraint("max_score > 0", name="max_score_positive"),
        CheckConstraint("weight BETWEEN 0 AND 100", name="weight_percent"),
    )


class Section(Searchable, Record):
    """The bookable offering: a course in a term. `code` names it everywhere, such as AAA-2013J."""

    __key__ = "code"
    __label__ = "code"
    __search__ = ("code", "name")
    __search_through__ = ("course",)
    __sorted__ = (
        "course_id",
        "term_id",
        "status",
        "delivery",
        "start_date",
        "end_date",
        "capacity",
    )

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="RESTRICT"), info={"reassign": True})
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id", ondelete="RESTRICT"), info={"reassign": True})
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id", ondelete="SET NULL"), index=True)
    delivery: Mapped[str] = mapped_column(Choice(*DELIVERIES), default="online")
    start_date: Mapped[date]
    end_date: Mapped[date]
    timezone: Mapped[str] = mapped_column(
        String(64), default="UTC", info={"label": "Time zone", "hint": "A name such as Europe/Berlin."}
    )
    capacity: Mapped[int | None] = mapped_column(info={"hint": "Empty where there is no limit."})
    waitlist_capacity: Mapped[int | None]
    status: Mapped[str] = mapped_column(Choice(*SECTION_STATUSES), default="planned")
    sourced_id: Mapped[str | None] = mapped_column(String(255), unique=True, info=SOURCED_ID)

    course: Mapped[Course] = relationship(backref=backref("sections", passive_deletes="all"))
    term: Mapped[Term] = relationship(backref=backref("sections", passive_deletes="all"))
    instructor: Mapped[StaffUser | None] = relationship(backref=backref("sections", passive_deletes="all"))

    __table_args__ = (
        UniqueConstraint("course_id", "term_id", "code"),
        filled("code"),
        filled("name"),
        one_of("delivery", DELIVERIES),
        one_of("status", SECTION_STATUSES),
        CheckConstraint("end_date >= start_date", name="end_after_start"),
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("waitlist_capacity >= 0", name="waitlist_capacity_not_negative"),
        Index(None, "term_id", "status"),
    )
