"""OULAD on its way into the tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from backoffice.core.access import SYSTEM
from backoffice.core.exchange import Unreadable
from backoffice.core.operations import Change, Operation, apply, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.extensions import db
from backoffice.interchange import oulad
from backoffice.interchange.oulad.source import Missing
from backoffice.interchange.refusals import Refusal
from backoffice.interchange.report import Report
from backoffice.students.models import Student
from tests.interchange import oulad_files

pytestmark = pytest.mark.usefixtures("session")
MODELS = (Term, Course, Section, Lesson, Student, Enrollment, LessonProgress)


def unwatched(name: str, rows: Iterable[Any], total: int) -> Iterable[Any]:
    return rows


def load(directory: Path, *, dry_run: bool = False) -> Report:
    return oulad.load(directory, SYSTEM, unwatched, dry_run=dry_run)


def counts() -> dict[str, int]:
    return {model.__name__: db.session.scalar(select(func.count(model.id))) for model in MODELS}


NOTHING = dict.fromkeys((model.__name__ for model in MODELS), 0)
EVERYTHING = {
    "Term": 2,
    "Course": 2,
    "Section": 3,
    "Lesson": 3,
    "Student": 3,
    "Enrollment": 4,
    "LessonProgress": 4,
}


def test_a_sound_dataset_goes_in_whole_as_one_operation(tmp_path: Path) -> None:
    report = load(oulad_files.write(tmp_path))
    (operation,) = db.session.scalars(select(Operation))
    assert (counts(), report.refusals, operation.verb, operation.title) == (
        EVERYTHING,
        [],
        "import",
        "Import of OULAD: 21 created, 0 changed",
    )


def test_every_row_that_it_made_is_in_the_history(tmp_path: Path) -> None:
    load(oulad_files.write(tmp_path))
    assert db.session.scalar(select(func.count(Change.id)).where(Change.action == "create")) == 21


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    directory = oulad_files.write(tmp_path)
    load(directory)
    report = load(directory)
    assert (report.words(), counts()) == ("0 created, 0 changed", EVERYTHING)


def test_a_dry_run_says_what_would_happen_and_leaves_no_trace(tmp_path: Path) -> None:
    report = load(oulad_files.write(tmp_path), dry_run=True)
    operations = db.session.scalar(select(func.count(Operation.id)))
    assert (report.words(to_do=True), counts(), operations) == ("21 to create, 0 to change", NOTHING, 0)


def test_what_the_dataset_lacks_is_made_up_and_says_so(tmp_path: Path) -> None:
    load(oulad_files.write(tmp_path))
    student = db.session.scalars(select(Student).where(Student.student_number == "12")).one()
    first_day = date(2014, 2, 1)
    assert (student.city, "made up" in student.bio, student.email.endswith(".12@oulad.example.org")) == (
        "Wales",
        True,
        True,
    )
    assert date(1959, 2, 1) < student.date_of_birth <= first_day.replace(year=1979)


def test_results_carry_their_scores(tmp_path: Path) -> None:
    load(oulad_files.write(tmp_path))
    rows = db.session.execute(
        select(Lesson.title, Student.student_number, LessonProgress.status, LessonProgress.score)
        .join_from(LessonProgress, Lesson, LessonProgress.lesson_id == Lesson.id)
        .join(Enrollment, LessonProgress.enrollment_id == Enrollment.id)
        .join(Student, Enrollment.student_id == Student.id)
        .order_by(Lesson.title, Student.student_number)
    )
    assert [tuple(row) for row in rows] == [
        ("2014B CMA 903", "12", "completed", Decimal("12.50")),
        ("2014J Exam 902", "11", "exempt", Decimal("65.00")),
        ("2014J TMA 901", "11", "completed", Decimal("78.00")),
        ("2014J TMA 901", "12", "submitted", None),
    ]


WITHDRAWN = "ZZZ,2014J,12,F,Wales,A Level,10-20,35-55,1,60,N,Withdrawn"


@pytest.mark.parametrize(
    ("name", "row", "refusals"),
    [
        (
            "studentRegistration",
            "ZZZ,2014J,14,3,",
            [
                Refusal(
                    "studentRegistration.csv",
                    6,
                    "id_student",
                    "studentInfo.csv has no row for this student and section",
                )
            ],
        ),
        (
            "studentRegistration",
            "ZZZ,2014J,14,20-Oct,",
            [Refusal("studentRegistration.csv", 6, "date_registration", "“20-Oct” is not a whole number")],
        ),
        (
            "studentRegistration",
            "ZZZ,2014J,14,10,5",
            [Refusal("studentRegistration.csv", 6, "date_unregistration", "the student left before registering")],
        ),
        ("studentRegistration", "ZZZ,2014J,11,-9,", [Refusal("studentRegistration.csv", 6, "", "repeats row 2")]),
        (
            "studentInfo",
            WITHDRAWN.replace(",12,", ",14,"),
            [
                Refusal(
                    "studentInfo.csv",
                    6,
                    "date_unregistration",
                    "the student has withdrawn, but there is no date of it",
                )
            ],
        ),
        (
            "studentInfo",
            "VVV,2014J,14,F,Wales,A Level,10-20,35-55,1,60,N,Pass",
            [Refusal("studentInfo.csv", 6, "code_presentation", "there is no section VVV-2014J")],
        ),
        (
            "studentInfo",
            "ZZZ,2014J,14,F,Wales,A Level,10-20,20-Oct,1,60,N,Pass",
            [Refusal("studentInfo.csv", 6, "age_band", "“20-Oct” is none of 0-35, 35-55, 55<=")],
        ),
        ("studentInfo", WITHDRAWN, [Refusal("studentInfo.csv", 6, "", "repeats row 3")]),
        (
            "studentAssessment",
            "999,11,3,0,50",
            [Refusal("studentAssessment.csv", 6, "id_assessment", "there is no assessment 999")],
        ),
        (
            "studentAssessment",
            "903,11,3,0,50",
            [
                Refusal(
                    "studentAssessment.csv",
                    6,
                    "id_student",
                    "the registration of student 11 in ZZZ-2014B does not exist",
                )
            ],
        ),
        (
            "studentAssessment",
            "902,12,3,0,101",
            [Refusal("studentAssessment.csv", 6, "score", "a score lies between 0 and 100")],
        ),
        ("studentAssessment", "901,11,3,0,50", [Refusal("studentAssessment.csv", 6, "", "repeats row 2")]),
        (
            "studentAssessment",
            "901,11,3",
            [Refusal("studentAssessment.csv", 6, "", "has 3 cells, but the header has 5")],
        ),
        (
            "courses",
            "ZZZ,2014X,100",
            [Refusal("courses.csv", 5, "code_presentation", "“2014X” is no presentation, such as 2014B or 2014J")],
        ),
        (
            "assessments",
            "ZZZ,2014J,904,Essay,3,10",
            [Refusal("assessments.csv", 5, "assessment_type", "“Essay” is none of TMA, CMA, Exam")],
        ),
        (
            "assessments",
            "ZZZ,2013J,904,TMA,3,10",
            [Refusal("assessments.csv", 5, "code_presentation", "there is no section ZZZ-2013J")],
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_and_the_rest_goes_in(
    tmp_path: Path, name: str, row: str, refusals: list[Refusal]
) -> None:
    report = load(oulad_files.write(tmp_path, **{name: [*oulad_files.SOUND[f"{name}.csv"], row]}))
    found = counts() | {"Student": 3}  # a student whose only enrollment is refused is a student all the same
    assert (report.refusals, found) == (refusals, EVERYTHING)


def test_results_of_a_refused_registration_are_refused_with_it(tmp_path: Path) -> None:
    rows = [row.replace("12,5,60", "12,5,") for row in oulad_files.SOUND["studentRegistration.csv"]]
    report = load(oulad_files.write(tmp_path, studentRegistration=rows))
    assert report.refusals == [
        Refusal(
            "studentRegistration.csv", 3, "date_unregistration", "the student has withdrawn, but there is no date of it"
        ),
        Refusal(
            "studentAssessment.csv",
            4,
            "id_student",
            "the registration of student 12 in ZZZ-2014J was refused (studentRegistration.csv, row 3)",
        ),
    ]


def test_age_bands_that_contradict_each_other_are_remarked(tmp_path: Path) -> None:
    rows = [*oulad_files.SOUND["studentInfo.csv"], "YYY,2014J,11,M,Wales,A Level,0-10%,55<=,0,60,N,Pass"]
    report = load(oulad_files.write(tmp_path, studentInfo=rows))
    assert report.remarks == [
        "studentInfo.csv: student 11 has age bands that contradict each other; row 2 counts",
    ]


def test_what_the_file_changed_is_changed(tmp_path: Path) -> None:
    load(oulad_files.write(tmp_path))
    rows = [row.replace("901,11,18,0,78", "901,11,18,0,79") for row in oulad_files.SOUND["studentAssessment.csv"]]
    report = load(oulad_files.write(tmp_path, studentAssessment=rows))
    scores = db.session.scalars(select(LessonProgress.score).where(LessonProgress.score > 70)).all()
    assert (report.words(), scores) == ("0 created, 1 changed", [Decimal("79.00")])


def test_what_staff_changed_since_is_left_to_them(tmp_path: Path) -> None:
    directory = oulad_files.write(tmp_path)
    load(directory)
    chosen = Selection.parse(Student, SYSTEM, search="student_number:11")
    apply(plan_edit(chosen, {"city": "Leeds"}, SYSTEM), SYSTEM)
    report = load(directory)
    cities = db.session.scalars(select(Student.city).where(Student.student_number == "11")).all()
    assert (report.words(), cities) == ("0 created, 0 changed, 1 kept", ["Leeds"])


def test_undo_takes_the_whole_dataset_out_again(tmp_path: Path) -> None:
    load(oulad_files.write(tmp_path))
    operation = db.session.scalars(select(Operation)).one()
    apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert counts() == NOTHING


def test_a_missing_file_is_named_and_nothing_goes_in(tmp_path: Path) -> None:
    directory = oulad_files.write(tmp_path)
    (directory / "studentAssessment.csv").unlink()
    with pytest.raises(Missing, match=r"studentAssessment\.csv cannot be read"):
        load(directory)
    assert counts() == NOTHING


def test_a_missing_column_is_named_and_nothing_goes_in(tmp_path: Path) -> None:
    directory = oulad_files.write(tmp_path)
    (directory / "courses.csv").write_text("code_module,code_presentation\nZZZ,2014J\n")
    with pytest.raises(Missing, match="no column module_presentation_length"):
        load(directory)
    assert counts() == NOTHING


def test_a_damaged_file_stops_everything(tmp_path: Path) -> None:
    directory = oulad_files.write(tmp_path)
    (directory / "studentAssessment.csv").write_bytes(b"id_assessment,id_student,date_submitted,is_banked,score\n9\xff")
    with pytest.raises(Unreadable, match="Row 2 holds the byte 0xff"):
        load(directory)
    assert counts() == NOTHING
