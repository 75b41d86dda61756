"""The people of OULAD: students, and their enrollments in sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from backoffice.enrollments.models import Enrollment
from backoffice.interchange.oulad import mapping, source
from backoffice.interchange.oulad.catalogue import Catalogue
from backoffice.interchange.oulad.cells import Unfit
from backoffice.interchange.oulad.run import Run
from backoffice.interchange.oulad.source import Info, Registration
from backoffice.interchange.refusals import Refusal
from backoffice.interchange.store import Kind, Wanted
from backoffice.students.models import Student

STUDENTS = Kind("students", Student, ("student_number",), ("city",))
ENROLLMENTS = Kind(
    "enrollments",
    Enrollment,
    ("sourced_id",),
    ("attempt_no", "applied_on", "start_date", "end_date", "status", "final_result"),
)
_INFO, _REGISTRATION = "studentInfo.csv", "studentRegistration.csv"


@dataclass(frozen=True)
class Seats:
    """The ids of enrollments by registration, and why the other registrations were refused."""

    ids: dict[str, int]
    left_out: dict[str, Refusal]


def load(run: Run, catalogue: Catalogue) -> Seats:
    """Loads studentRegistration.csv and studentInfo.csv."""
    left_out: dict[str, Refusal] = {}
    registrations = {each.key: each for each in run.rows("enrollments", _REGISTRATION, source.registration, left_out)}
    infos = _known(run, catalogue, list(run.rows("enrollments", _INFO, source.info, left_out)), left_out)
    for key, each in registrations.items():
        if key not in infos and key not in left_out:
            reason = f"{_INFO} has no row for this student and section"
            left_out[key] = run.refuse("enrollments", _REGISTRATION, each.row, "id_student", reason)
    students = run.store.put(STUDENTS, run.watch("students", _students(run, catalogue, infos), 0))
    loading = _Enrollments(
        run, catalogue, registrations, {number: id_ for (number,), id_ in students.items()}, left_out
    )
    put = run.store.put(ENROLLMENTS, run.watch("enrollments", loading.wanted(infos), len(infos)))
    return Seats({key: id_ for (key,), id_ in put.items()}, left_out)


def _known(run: Run, catalogue: Catalogue, infos: list[Info], left_out: dict[str, Refusal]) -> dict[str, Info]:
    """Returns the rows whose section there is, by registration; the others are refused."""
    known = {}
    for each in infos:
        if each.section in catalogue.presentations:
            known[each.key] = each
        else:
            reason = f"there is no section {each.section}"
            left_out[each.key] = run.refuse("enrollments", _INFO, each.row, "code_presentation", reason)
    return known


def _students(run: Run, catalogue: Catalogue, infos: dict[str, Info]) -> Iterator[Wanted]:
    """Yields every student once, from the first of their rows; the age bands of all rows count."""
    first: dict[str, Info] = {}
    bands: dict[str, list[tuple[date, str]]] = {}
    for each in infos.values():
        first.setdefault(each.student, each)
        bands.setdefault(each.student, []).append((catalogue.presentations[each.section].start, each.age_band))
    for number, each in first.items():
        earliest, latest = mapping.birthdays(bands[number])
        if latest < earliest:
            run.report.remarks.append(
                f"{_INFO}: student {number} has age bands that contradict each other; row {each.row} counts"
            )
        yield Wanted(
            mapping.student(number, each.region, mapping.date_of_birth(number, bands[number])), _INFO, each.row
        )


@dataclass(frozen=True)
class _Enrollments:
    run: Run
    catalogue: Catalogue
    registrations: dict[str, Registration]
    students: dict[str, int]
    left_out: dict[str, Refusal]

    def wanted(self, infos: dict[str, Info]) -> Iterator[Wanted]:
        """Yields the enrollments whose registration is sound."""
        for key, each in infos.items():
            if key not in self.left_out:
                dates = self.registrations.get(key)
                name, row = (_REGISTRATION, dates.row) if dates else (_INFO, each.row)
                try:
                    yield Wanted(self._values(each, dates), name, row)
                except Unfit as unfit:
                    self.left_out[key] = self.run.refuse("enrollments", name, row, unfit.field, str(unfit))

    def _values(self, each: Info, dates: Registration | None) -> mapping.Values:
        if each.student not in self.students:
            raise Unfit("id_student", f"the student {each.student} was refused")
        return mapping.enrollment(each, dates, self.catalogue.presentations[each.section].start) | {
            "student_id": self.students[each.student],
            "section_id": self.catalogue.sections[each.section],
        }
