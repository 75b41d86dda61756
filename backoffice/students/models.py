"""Students, and the contacts who answer, pay or are called for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, case, func, select, text
from sqlalchemy.orm import Mapped, backref, column_property, mapped_column, relationship

from backoffice.core.civil import years_since
from backoffice.core.model import Choice, Record, Searchable, UtcDateTime, filled, one_of
from backoffice.core.operations.belonging import index_deleted
from backoffice.core.text import email_key, fold
from backoffice.staff.models import StaffUser

STUDENT_STATUSES = ("applicant", "active", "on_leave", "withdrawn", "graduated")
CONTACT_KINDS = ("person", "organization")
EXCERPT = 60  # characters of a note that stand for it
RELATIONSHIPS = ("mother", "father", "guardian", "spouse", "sibling", "relative", "employer", "sponsor", "other")

SOURCED_ID = {"label": "Sourced ID", "hint": "The number in the system that this row comes from."}


class Student(Searchable, Record):
    """A person who learns. The status is the person's; the seat's is on the enrollment, the money's on the invoice."""

    __key__ = "student_number"
    __label__ = "full_name"
    __search__ = (
        "student_number",
        "full_name",
        "given_name",
        "family_name",
        "preferred_name",
        "email",
        "phone",
        "city",
    )
    __computed__: ClassVar[tuple[str, ...]] = ("age",)
    __sorted__ = (
        "full_name",
        "email",
        "city",
        "country_code",
        "date_of_birth",
        "status",
        "financial_hold",
        "created_at",
        "archived_at",
    )

    student_number: Mapped[str] = mapped_column(String(40), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    given_name: Mapped[str | None] = mapped_column(String(200))
    family_name: Mapped[str | None] = mapped_column(String(200))
    preferred_name: Mapped[str | None] = mapped_column(
        String(200), info={"hint": "What they want to be called, where that is another name."}
    )
    sort_name: Mapped[str] = mapped_column(String(402))
    email: Mapped[str | None] = mapped_column(String(254), info={"label": "E-mail"})
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True, info={"internal": True})
    phone: Mapped[str | None] = mapped_column(String(40))
    date_of_birth: Mapped[date | None] = mapped_column()
    city: Mapped[str | None] = mapped_column(String(120))
    country_code: Mapped[str | None] = mapped_column(
        String(2), info={"label": "Country", "hint": "Two letters, such as DE."}
    )
    locale: Mapped[str | None] = mapped_column(
        String(35), info={"label": "Language", "hint": "A code such as en or de-CH."}
    )
    timezone: Mapped[str | None] = mapped_column(
        String(64), info={"label": "Time zone", "hint": "A name such as Europe/Berlin."}
    )
    bio: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Choice(*STUDENT_STATUSES), default="applicant")
    financial_hold: Mapped[bool] = mapped_column(default=False)
    hold_reason: Mapped[str | None] = mapped_column(String(500), info={"hint": "Needed for a financial hold."})
    sourced_id: Mapped[str | None] = mapped_column(String(255), unique=True, info=SOURCED_ID)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("student.id", ondelete="RESTRICT"),
        index=True,
        info={"hint": "The record that holds this student’s history instead."},
    )
    archived_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, info={"hint": "From then on the record is kept, but not worked with."}
    )

    merged_into: Mapped[Student | None] = relationship(
        remote_side="Student.id", backref=backref("merged_from", passive_deletes="all")
    )
    age: Mapped[int | None] = column_property(
        years_since(date_of_birth),
        deferred=True,
        info={"kind": "integer", "label": "Age", "sorted_by": "-date_of_birth", "years_since": "date_of_birth"},
    )

    __table_args__ = (
        filled("student_number"),
        filled("full_name"),
        one_of("status", STUDENT_STATUSES),
        CheckConstraint("length(country_code) = 2", name="country_code_length"),
        CheckConstraint("(email IS NULL) = (email_key IS NULL)", name="email_with_key"),
        CheckConstraint(
            "NOT financial_hold OR (hold_reason IS NOT NULL AND trim(hold_reason) <> '')", name="hold_with_reason"
        ),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        Index(None, "sort_name", "id"),
        Index(None, "status", "sort_name"),
    )

    @classmethod
    def derive(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        address = row.get("email")
        return super().derive(row) | {
            "email_key": email_key(address) if address else None,
            "sort_name": sort_name(row["full_name"], row.get("given_name"), row.get("family_name")),
        }

    @classmethod
    def derived_from(cls) -> frozenset[str]:
        return super().derived_from()  # all inputs of sort_name and email_key are searched as well


class Contact(Searchable, Record):
    """A parent, a guardian, an employer, a sponsor: reached for students, and perhaps billed for them."""

    __label__ = "full_name"
    __search__ = ("full_name", "email", "phone", "city")
    __sorted__ = (
        "kind",
        "email",
        "phone",
        "city",
        "country_code",
        "created_at",
    )

    kind: Mapped[str] = mapped_column(Choice(*CONTACT_KINDS), default="person")
    full_name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), info={"label": "E-mail"})
    phone: Mapped[str | None] = mapped_column(String(40))
    address_line1: Mapped[str | None] = mapped_column(String(200))
    address_line2: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(120))
    region: Mapped[str | None] = mapped_column(String(120))
    postcode: Mapped[str | None] = mapped_column(String(20))
    country_code: Mapped[str | None] = mapped_column(
        String(2), info={"label": "Country", "hint": "Two letters, such as DE."}
    )

    __table_args__ = (
        one_of("kind", CONTACT_KINDS),
        filled("full_name"),
        CheckConstraint("length(country_code) = 2", name="country_code_length"),
        Index(None, "full_name", "id"),
    )


class StudentContact(Record):
    """What a contact is to a student, and what the contact may do."""

    __label__ = "label"
    __search_through__ = ("student", "contact")
    __sorted__ = (
        "student_id",
        "contact_id",
        "relationship",
        "is_primary",
        "is_payer",
        "is_emergency",
        "may_view_records",
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="RESTRICT"), info={"reassign": True})
    relationship: Mapped[str] = mapped_column(Choice(*RELATIONSHIPS))
    is_primary: Mapped[bool] = mapped_column(
        default=False, info={"label": "Primary", "hint": "At most one contact of a student."}
    )
    is_payer: Mapped[bool] = mapped_column(default=False, info={"label": "Pays"})
    is_emergency: Mapped[bool] = mapped_column(default=False, info={"label": "Emergency contact"})
    may_view_records: Mapped[bool] = mapped_column(default=False, info={"hint": "Only with the student’s consent."})

    __table_args__ = (
        UniqueConstraint("student_id", "contact_id"),
        one_of("relationship", RELATIONSHIPS),
        Index(
            "uq_student_contact_student_id",
            "student_id",
            unique=True,
            sqlite_where=text("is_primary"),
            postgresql_where=text("is_primary"),
        ),
    )


# Outside the class: inside it, "relationship" is the column of that name.
StudentContact.student = relationship(Student, backref=backref("contacts", passive_deletes="all"))
StudentContact.contact = relationship(Contact, backref=backref("students", passive_deletes="all"))
StudentContact.label = column_property(
    select(Contact.full_name).where(Contact.id == StudentContact.contact_id).correlate(StudentContact).scalar_subquery()
    + ", "
    + StudentContact.relationship,
    deferred=True,
)


class Note(Searchable, Record):
    """What a member of staff wrote down about a student, for whoever has to do with them next."""

    __label__ = "excerpt"
    __search__ = ("text",)
    __search_through__ = ("student",)
    __sorted__ = ("student_id", "author_id", "created_at")

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id", ondelete="RESTRICT"))

    student: Mapped[Student] = relationship(backref=backref("notes", passive_deletes="all"))
    author: Mapped[StaffUser | None] = relationship()

    __table_args__ = (filled("text"),)


Note.excerpt = column_property(
    case((func.length(Note.text) > EXCERPT, func.substr(Note.text, 1, EXCERPT - 1) + "…"), else_=Note.text),
    deferred=True,
)


index_deleted("student_id")


def sort_name(full_name: str, given_name: str | None, family_name: str | None) -> str:
    """Returns what a name is ordered by: the family name first where one is known, without case and accents."""
    known = [part for part in (family_name, given_name) if part]
    return fold(", ".join(known) if family_name else full_name)
