"""Started by a test: takes one student off hold, as a command would."""

from __future__ import annotations

from backoffice.app import create_app
from backoffice.core.access import SYSTEM
from backoffice.core.operations import apply, plan_edit
from backoffice.core.selection import Selection
from backoffice.students.models import Student

with create_app().app_context():
    chosen = Selection.parse(Student, SYSTEM, search="student_number:H1")
    apply(plan_edit(chosen, {"financial_hold": False, "hold_reason": None}, SYSTEM, door="command"), SYSTEM)
