"""Whose students a course editor sees: those of the courses that they own or teach; and whose notes one may change."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, or_, select

from backoffice.core.access import Person
from backoffice.extensions import db
from backoffice.students.models import Contact, Note, Student, StudentContact


def _table(name: str) -> Table:
    """Returns a table of a feature above this one, which it must not import."""
    return db.metadata.tables[name]


def own_students(person: Person) -> ColumnElement[bool]:
    """Returns the condition on Student: enrolled in a section of a course of `person`."""
    enrollment, section, course = _table("enrollment"), _table("section"), _table("course")
    seats = select(enrollment.c.student_id).join(section, section.c.id == enrollment.c.section_id)
    seats = seats.join(course, course.c.id == section.c.course_id)
    return Student.id.in_(seats.where(or_(course.c.owner_id == person.id, section.c.instructor_id == person.id)))


def own_relationships(person: Person) -> ColumnElement[bool]:
    """Returns the condition on StudentContact: those of own students."""
    return StudentContact.student_id.in_(select(Student.id).where(own_students(person)))


def own_contacts(person: Person) -> ColumnElement[bool]:
    """Returns the condition on Contact: those of own students."""
    return Contact.id.in_(select(StudentContact.contact_id).where(own_relationships(person)))


def notes_of_own_students(person: Person) -> ColumnElement[bool]:
    """Returns the condition on Note: about own students."""
    return Note.student_id.in_(select(Student.id).where(own_students(person)))


def own_notes(person: Person) -> ColumnElement[bool]:
    """Returns the condition on Note: written by `person`."""
    return Note.author_id == person.id
