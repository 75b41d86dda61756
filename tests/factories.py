"""Valid rows for tests, with as little as a test cares about. They are written through operations, as everything is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.jobs import Job, start
from backoffice.core.model import Record
from backoffice.core.operations import plan_edit
from backoffice.core.operations.approvals import Approval, ApprovalPolicy
from backoffice.core.operations.recording import current, recording
from backoffice.core.selection import Selection
from backoffice.core.views import SavedView
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.extensions import db
from backoffice.staff.models import StaffPassword, StaffUser
from backoffice.staff.passwords import hash_password
from backoffice.students.models import Contact, Note, Student, StudentContact

PASSWORD = "tall-otters-count-nine-lanterns"
_numbers = itertools.count(1)
_hashes: list[str] = []  # the one hash of PASSWORD: hashing is slow on purpose


def csrf_token(page: str) -> str:
    """Returns the token of the first form on a page."""
    field = re.search(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"', page)
    assert field, page[:2000]
    return field[1] or field[2]


def _password_hash() -> str:
    if not _hashes:
        _hashes.append(hash_password(PASSWORD))
    return _hashes[0]


@contextmanager
def together(model: type[Record]) -> Iterator[None]:
    """Makes what is made inside by one operation, about rows of `model`, which have their numbers once it is made."""
    if current():
        yield
        return
    with recording(SYSTEM, "system", "create", title=f"Made for a test: {model.__tablename__}", model=model):
        yield
        db.session.flush()


def _add(model: type[Record], values: dict[str, Any]) -> Any:
    with together(model):
        row = model(**values)
        db.session.add(row)
    return row


def staff(role: str = "registrar", **values: Any) -> StaffUser:
    """Returns a member of staff who can sign in with PASSWORD."""
    number = next(_numbers)
    name = values.setdefault("username", f"{role}{number}")
    values.setdefault("email", f"{name}@staff.example")
    values.setdefault("full_name", f"{role.replace('_', ' ').title()} {number}")
    with together(StaffUser):
        person: StaffUser = _add(StaffUser, {"role": role, **values})
        db.session.flush()
        db.session.add(StaffPassword(staff_id=person.id, hash=_password_hash()))
    return person


def student(**values: Any) -> Student:
    """Returns an active student."""
    number = next(_numbers)
    defaults = {"student_number": f"S{number:05}", "full_name": f"Student {number}", "status": "active"}
    return _add(Student, defaults | values)


def job(**values: Any) -> Job:
    """Returns a job that waits for a worker: every student's city is to be York."""
    student(city="Leeds")
    plan = plan_edit(Selection.parse(Student, SYSTEM), {"city": values.pop("city", "York")}, SYSTEM)
    return start(plan, SYSTEM)


def approval_policy(**values: Any) -> ApprovalPolicy:
    """Returns a policy that is no longer in force; with `is_active`, one that asks for two people above 2 students."""
    defaults = {"entity_type": "student", "verb": "update", "rows_above": 2, "is_active": False}
    return _add(ApprovalPolicy, defaults | values)


def approval(**values: Any) -> Approval:
    """Returns a request that somebody made and another one declined."""
    number, author = next(_numbers), values.pop("author", None) or staff()
    defaults: dict[str, Any] = {
        "kind": "update",
        "entity_type": "student",
        "title": f"Set city to York for {number} students",
        "rows": number,
        "why": f"{number} students; above 2 a second person approves.",
        "needs": "BE",
        "plan_token": f"token-{number}",
        "author_name": author.full_name,
        "reason": "They moved",
        "asked_at": clock.utcnow(),
        "state": "declined",
        "notice_seen": True,
    }
    made = Approval(author_id=author.id, **(defaults | values))
    db.session.add(made)
    db.session.commit()
    return made


def contact(**values: Any) -> Contact:
    """Returns a person who is nobody's contact yet."""
    return _add(Contact, {"full_name": f"Contact {next(_numbers)}", "kind": "person"} | values)


@together(StudentContact)
def student_contact(**values: Any) -> StudentContact:
    """Returns a mother and her child."""
    made = {"student": values.get("student") or student(), "contact": values.get("contact") or contact()}
    return _add(StudentContact, {"relationship": "mother"} | values | made)


@together(Note)
def note(**values: Any) -> Note:
    """Returns a note about a student, by a registrar."""
    made = {"student": values.get("student") or student(), "author": values.get("author") or staff(role="registrar")}
    return _add(Note, {"text": f"Note {next(_numbers)}"} | values | made)


def term(**values: Any) -> Term:
    """Returns an open term that began a month ago and whose add/drop deadline is two weeks ahead."""
    today = clock.today()
    number = next(_numbers)
    defaults = {
        "code": f"T{number:03}",
        "name": f"Term {number}",
        "kind": "term",
        "status": "open",
        "start_date": today - timedelta(days=30),
        "end_date": today + timedelta(days=90),
        "add_drop_deadline": today + timedelta(days=14),
        "withdraw_deadline": today + timedelta(days=60),
    }
    return _add(Term, defaults | values)


def course(**values: Any) -> Course:
    """Returns a published course."""
    number = next(_numbers)
    return _add(Course, {"code": f"C{number:03}", "title": f"Course {number}", "status": "published"} | values)


@together(Lesson)
def lesson(**values: Any) -> Lesson:
    """Returns a published lesson of a new course, at position 1."""
    values = values if "course" in values else {**values, "course": course()}
    number = next(_numbers)
    return _add(Lesson, {"title": f"Lesson {number}", "position": 1, "status": "published"} | values)


@together(Section)
def section(**values: Any) -> Section:
    """Returns a section that runs today, without a limit of seats, of a published course in an open term."""
    made = {"course": values.get("course") or course(), "term": values.get("term") or term()}
    number = next(_numbers)
    defaults = {
        "code": f"SEC-{number}",
        "name": f"Section {number}",
        "status": "in_progress",
        "start_date": made["term"].start_date,
        "end_date": made["term"].end_date,
    }
    return _add(Section, defaults | values | made)


def enrollment(**values: Any) -> Enrollment:
    """Returns an active enrollment, or one in `status` with what that status needs.

    Its section is there before: one that is made in the same operation would give its seats to those who wait.
    """
    made = {"student": values.get("student") or student(), "section": values.get("section") or section()}
    status = values.setdefault("status", "active")
    defaults: dict[str, Any] = {"applied_on": made["section"].start_date - timedelta(days=7)}
    if status not in ("applied", "waitlisted", "rejected"):
        defaults["start_date"] = made["section"].start_date
    if status in ("withdrawn", "dropped"):
        defaults |= {"end_date": made["section"].start_date + timedelta(days=5), "end_reason": "personal"}
    if status == "waitlisted":
        defaults["waitlist_position"] = 1
    if status == "completed":
        defaults |= {"end_date": made["section"].end_date, "final_result": "pass", "final_grade_pct": 71}
    return _add(Enrollment, defaults | values | made)


@together(LessonProgress)
def progress(**values: Any) -> LessonProgress:
    """Returns a lesson in progress of a new enrollment."""
    made = values.get("enrollment") or enrollment()
    step = values.get("lesson") or lesson(course=made.section.course)
    return _add(LessonProgress, {"status": "in_progress"} | values | {"enrollment": made, "lesson": step})


def invoice(*amounts: int, paid: int = 0, **values: Any) -> Invoice:
    """Returns an invoice, issued unless `state` says otherwise, with one tuition line per amount in minor units."""
    today = clock.today()
    number = next(_numbers)
    lines = amounts or (10_000,)
    state = values.setdefault("state", "issued")
    defaults: dict[str, Any] = {"currency": "EUR", "total_minor": sum(lines), "settled_minor": paid}
    if state != "draft":
        defaults |= {"number": f"TEST-{number:06}", "issue_date": today - timedelta(days=10), "due_date": today}
    if state == "void":
        defaults["void_reason"] = "Made in error"
    made = _add(Invoice, defaults | values | {"student": values.get("student") or student()})
    for line_no, amount in enumerate(lines, 1):
        line(invoice=made, line_no=line_no, unit_minor=amount, kind="tuition" if amount >= 0 else "discount")
    if paid:
        payment(invoice=made, student=made.student, amount_minor=paid, currency=made.currency)
    return made


def line(**values: Any) -> InvoiceLine:
    """Returns a line of `invoice`; the invoice's total is left as it is."""
    made = values["invoice"]
    return _add(InvoiceLine, {"line_no": 1, "description": "Tuition", "currency": made.currency} | values)


@together(Payment)
def payment(**values: Any) -> Payment:
    """Returns a payment that succeeded, on account unless an invoice is given; the invoice is left as it is."""
    values = values if "student" in values else {**values, "student": student()}
    values = values if "recorded_by" in values else {**values, "recorded_by": staff("finance")}
    defaults = {
        "kind": "payment",
        "method": "bank_transfer",
        "status": "succeeded",
        "currency": "EUR",
        "amount_minor": 10_000,
        "received_on": clock.today(),
    }
    return _add(Payment, defaults | values)


def saved_view(**values: Any) -> SavedView:
    """Returns a view of active students that everybody may use, made by the command line unless it has an `owner`."""
    number, owner = next(_numbers), values.pop("owner", None)
    defaults: dict[str, Any] = {
        "name": f"View {number}",
        "entity_type": "student",
        "search": "status:active",
        "visibility": "everyone",
        "owner_id": owner.id if owner else None,
        "owner_name": owner.full_name if owner else "Command line",
    }
    return _add(SavedView, defaults | values)
