"""Two members of staff, one seat: exactly one of them gives it away, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.operations import OperationError, apply, find_plan, plan_edit
from backoffice.core.selection import Selection
from backoffice.courses.models import Section
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from tests import factories as make

PEOPLE = 4


def test_the_last_seat_is_given_once_however_many_reach_for_it(app: Flask) -> None:
    with app.app_context():
        section = make.section(capacity=1)
        rows = [make.enrollment(section=section, status="applied").id for _ in range(PEOPLE)]
        chosen = [Selection.parse(Enrollment, SYSTEM, ids=[row]) for row in rows]
        tokens = [plan_edit(selection, {"status": "active"}, SYSTEM, door="form").token for selection in chosen]
    together = Barrier(PEOPLE)

    def reach(token: str) -> str:
        with app.app_context():
            plan = find_plan(token, SYSTEM)
            seen = plan.will_change
            together.wait(timeout=20)
            try:
                apply(plan, SYSTEM)
            except OperationError as error:
                return type(error).__name__
            return f"{seen} seated"

    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = list(pool.map(reach, tokens))

    with app.app_context():
        taken = db.session.execute(select(Section.id, Section.seats_taken)).one()
    assert taken[1] == 1
    assert answers.count("1 seated") == 1
    assert set(answers) <= {"1 seated", "PlanMoved", "Invalid"}
