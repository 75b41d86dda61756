"""The results of OULAD: what each student achieved in each lesson."""

from __future__ import annotations

from collections.abc import Iterator

from backoffice.enrollments.models import LessonProgress
from backoffice.interchange.oulad import mapping, source
from backoffice.interchange.oulad.catalogue import Catalogue
from backoffice.interchange.oulad.cells import Unfit, seat
from backoffice.interchange.oulad.registrations import Seats
from backoffice.interchange.oulad.run import Run
from backoffice.interchange.oulad.source import Submission
from backoffice.interchange.store import Kind, Wanted

RESULTS = Kind("results", LessonProgress, ("enrollment_id", "lesson_id"), ("status", "score", "completed_at"))
_FILE = "studentAssessment.csv"


def load(run: Run, catalogue: Catalogue, seats: Seats) -> None:
    """Loads studentAssessment.csv."""
    run.store.put(RESULTS, _wanted(run, catalogue, seats))


def _wanted(run: Run, catalogue: Catalogue, seats: Seats) -> Iterator[Wanted]:
    for each in run.rows("results", _FILE, source.submission):
        try:
            yield Wanted(_values(each, catalogue, seats), _FILE, each.row)
        except Unfit as unfit:
            run.refuse("results", _FILE, each.row, unfit.field, str(unfit))


def _values(each: Submission, catalogue: Catalogue, seats: Seats) -> mapping.Values:
    lesson = catalogue.lessons.get(each.assessment)
    if lesson is None:
        raise Unfit("id_assessment", f"there is no assessment {each.assessment}")
    section = catalogue.assessments[each.assessment].section
    key = seat(section, each.student)
    if key not in seats.ids:
        refusal = seats.left_out.get(key)
        why = f"was refused ({refusal.file}, row {refusal.row})" if refusal else "does not exist"
        raise Unfit("id_student", f"the registration of student {each.student} in {section} {why}")
    values = mapping.progress(each, catalogue.presentations[section].start)
    return {"enrollment_id": seats.ids[key], "lesson_id": lesson, **values}
