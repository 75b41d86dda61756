"""What may become of students and contacts: the rules that every door asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, not_

from backoffice.core.model import Record
from backoffice.core.operations import Effect, Fill, Recording, Row, Rule, shapes
from backoffice.core.operations.constraints import worded
from backoffice.students.models import Contact, Note, Student, StudentContact

ADDRESS = "An e-mail address has an @ with something on both sides."


def _is_no_address(before: Row | None, after: Row) -> ColumnElement[bool]:
    return and_(after.email.is_not(None), not_(after.email.like("_%@_%")))


def _author(operation: Recording, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Names whoever writes a new note."""
    me = operation.entry.actor_id
    return [{"author_id": me} if "id" not in row and not row.get("author_id") else {} for row in rows]


RULES: Mapping[type[Record], Sequence[Rule]] = {
    Student: (
        worded(Student, "student_number_filled", "A student needs a number."),
        worded(Student, "full_name_filled", "A student needs a name."),
        worded(Student, "country_code_length", shapes.COUNTRY),
        shapes.country,
        shapes.language,
        shapes.phone,
        shapes.time_zone,
        worded(Student, "hold_with_reason", "A financial hold needs a reason.", "hold_reason"),
        worded(Student, "email_with_key", ADDRESS, "email"),
        worded(Student, "merged_into_another", "A student cannot be merged into themselves."),
        Rule("email_is_address", ADDRESS, ("email",), _is_no_address),
        worded(Student, "uq_student_student_number", "Another student has this number."),
        worded(
            Student,
            "uq_student_email_key",
            "Another student has this e-mail address. Give an address that a family shares to a contact.",
            "email",
        ),
    ),
    Contact: (
        worded(Contact, "full_name_filled", "A contact needs a name."),
        worded(Contact, "country_code_length", shapes.COUNTRY),
        shapes.country,
        shapes.phone,
        Rule("email_is_address", ADDRESS, ("email",), _is_no_address),
    ),
    StudentContact: (
        worded(StudentContact, "uq_student_contact_student_id", "The student has a primary contact already."),
        worded(
            StudentContact,
            "uq_student_contact_student_id_contact_id",
            "This contact is linked to the student already.",
            "contact_id",
        ),
    ),
    Note: (worded(Note, "text_filled", "A note says something."),),
}
EFFECTS: Mapping[type[Record], Sequence[Effect | Fill]] = {
    Note: (Fill("author", ("text",), ("author_id",), _author),),
}
