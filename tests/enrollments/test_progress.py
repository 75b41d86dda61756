"""What is true of the progress through lessons."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, create, plan_edit
from backoffice.core.selection import Selection
from backoffice.enrollments.models import LessonProgress
from tests import factories as make


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"score": -1}, "score", "A score is not negative."),
        ({"score": 51}, "score", "The score is above the lesson's maximum."),
        ({"status": "completed"}, "completed_at", "A completed lesson says when, and only a completed one does."),
        (
            {"completed_at": clock.utcnow()},
            "completed_at",
            "A completed lesson says when, and only a completed one does.",
        ),
    ],
)
def test_what_progress_cannot_be(session: Any, values: dict[str, Any], field: str, message: str) -> None:
    enrollment = make.enrollment()
    row = make.progress(enrollment=enrollment, lesson=make.lesson(course=enrollment.section.course, max_score=50))

    plan = plan_edit(Selection.parse(LessonProgress, SYSTEM, ids=[row.id]), values, SYSTEM, door="cell")

    assert (plan.will_change, plan.refusals[0].field, plan.refusals[0].message) == (0, field, message)


def test_there_is_one_entry_for_an_enrollment_and_a_lesson(session: Any) -> None:
    row = make.progress()

    with pytest.raises(Invalid) as twice:
        create(LessonProgress, {"enrollment": row.enrollment_id, "lesson": row.lesson_id}, SYSTEM, "form")

    assert twice.value.errors == {"lesson": "There is an entry for this enrollment and lesson already."}


def test_rows_between_others_say_what_they_connect(session: Any) -> None:
    student = make.student(full_name="Zoë Nowak")
    section = make.section(code="AAA-2013J", course=make.course())
    enrollment = make.enrollment(student=student, section=section)
    row = make.progress(enrollment=enrollment, lesson=make.lesson(course=section.course, title="Essay"))

    assert (str(enrollment), str(row)) == ("Zoë Nowak, AAA-2013J", "Zoë Nowak, Essay")
