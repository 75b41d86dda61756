"""The catalogue of OULAD: its terms, courses and sections, and the lessons that its assessments are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select

from backoffice.core.clock import today
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.interchange.oulad import mapping, source
from backoffice.interchange.oulad.mapping import Values
from backoffice.interchange.oulad.run import Run
from backoffice.interchange.oulad.source import Assessment, Presentation
from backoffice.interchange.store import Kind, Wanted

TERMS = Kind("terms", Term, ("code",), ("start_date", "end_date"))
COURSES = Kind("courses", Course, ("code",), ())
SECTIONS = Kind("sections", Section, ("code",), ("start_date", "end_date"))
LESSONS = Kind("lessons", Lesson, ("course_id", "title"), ("kind", "weight"))


@dataclass(frozen=True)
class Catalogue:
    """What registrations and results refer to: presentations and ids by section code, assessments and ids by number."""

    presentations: dict[str, Presentation]
    sections: dict[str, int]
    assessments: dict[str, Assessment]
    lessons: dict[str, int]


def load(run: Run) -> Catalogue:
    """Loads courses.csv and assessments.csv."""
    given = list(run.rows("sections", "courses.csv", source.presentation))
    now = today()
    terms = _put(run, TERMS, mapping.terms(given, now))
    courses = _put(run, COURSES, mapping.courses(given, current_app.config["CURRENCY"]))
    sections = [(row, _with_ids(values, course=courses, term=terms)) for row, values in mapping.sections(given, now)]
    ids = _put(run, SECTIONS, sections)
    presentations = {each.key: each for each in given if each.key in ids}
    assessments, lessons = _load_lessons(run, presentations, courses)
    return Catalogue(presentations, ids, assessments, lessons)


def _put(run: Run, kind: Kind, rows: Iterable[tuple[int, Values]]) -> dict[str, int]:
    """Puts rows that have a code and returns their ids by it."""
    found = run.store.put(kind, (Wanted(values, "courses.csv", row) for row, values in rows))
    return {key[0]: number for key, number in found.items()}


def _with_ids(values: Values, **ids: dict[str, int]) -> Values:
    """Returns `values` with codes replaced by ids: course="AAA" becomes course_id=1."""
    return {
        (f"{name}_id" if name in ids else name): (ids[name][value] if name in ids else value)
        for name, value in values.items()
    }


def _load_lessons(
    run: Run, presentations: dict[str, Presentation], courses: dict[str, int]
) -> tuple[dict[str, Assessment], dict[str, int]]:
    assessments = {}
    for each in run.rows("lessons", "assessments.csv", source.assessment):
        if each.section in presentations:
            assessments[each.number] = each
        else:
            run.refuse(
                "lessons", "assessments.csv", each.row, "code_presentation", f"there is no section {each.section}"
            )
    put = run.store.put(LESSONS, _lessons(assessments.values(), courses), _behind_the_others(run))
    keys = {
        number: (courses[presentations[each.section].module], mapping.lesson_title(each))
        for number, each in assessments.items()
    }
    return assessments, {number: put[key] for number, key in keys.items() if key in put}


def _lessons(assessments: Iterable[Assessment], courses: dict[str, int]) -> Iterator[Wanted]:
    for each in sorted(assessments, key=mapping.lesson_order):
        yield Wanted(_with_ids(mapping.lesson(each), course=courses), "assessments.csv", each.row)


def _behind_the_others(run: Run) -> Callable[[Values], None]:
    """Returns the function that gives a new lesson the next place of its course."""
    last = select(Lesson.course_id, func.max(Lesson.position)).group_by(Lesson.course_id)
    taken = Counter({row[0]: row[1] for row in run.operation.connection.execute(last)})

    def complete(values: Values) -> None:
        taken[values["course_id"]] += 1
        values["position"] = taken[values["course_id"]]

    return complete
