"""Whoever acts is told in their language what would happen and what cannot be; what is kept is in the organisation's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from backoffice.core.access import SYSTEM
from backoffice.core.grid import review_words
from backoffice.core.operations import Invalid, Operation, PlanMoved, apply, plan_edit, plan_undo
from backoffice.core.selection import QueryError, Selection
from backoffice.students.models import Student
from tests import factories, languages
from tests.languages import speaking

GERMAN = {
    ("%(num)s will change", "%(num)s will change"): ("%(num)s wird geändert", "%(num)s werden geändert"),
    ("%(num)s row changed since", "%(num)s rows changed since"): ("%(num)s Zeile neu", "%(num)s Zeilen neu"),
    "%(label)s is needed.": "%(label)s fehlt.",
    "%(label)s: %(hint)s.": "%(label)s: %(hint)s!",
    "“%(text)s” is no value for “%(name)s”: %(error)s": "„%(text)s“ passt nicht zu „%(name)s“: %(error)s",
    "write a whole number, such as 30": "eine ganze Zahl, wie 30",
    "write a date as 2026-01-31, today, -7d, +2w, -1m or -1y": "ein Tag wie 2026-01-31",
    "set %(field)s to %(value)s": "%(field)s auf %(value)s setzen",
    "Nothing was applied: %(what)s.": "Nichts geändert: %(what)s.",
    "Undo: %(title)s": "Rückgängig: %(title)s",
    "Redo: %(title)s": "Wieder: %(title)s",
    "Undo": "Rückgängig",
    "Redo": "Wiederholen",
}


@pytest.fixture
def german(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application with a German catalogue of some texts."""
    with speaking(app, languages.german(tmp_path, GERMAN)):
        yield app


def edit(values: dict[str, object]) -> Operation:
    return apply(plan_edit(Selection.parse(Student, SYSTEM), values, SYSTEM), SYSTEM)


def test_a_review_speaks_to_its_reader_and_its_plan_to_everybody(german: Flask) -> None:
    with german.test_request_context(), force_locale("de"):
        factories.student(), factories.student()
        plan = plan_edit(Selection.parse(Student, SYSTEM), {"city": "York"}, SYSTEM)

        tally = review_words.tally(plan)

    assert (tally[0], plan.words) == (("change", "2 werden geändert"), "Set city to York for 2 students")


def test_whoever_acts_is_told_in_their_language_why_they_cannot(german: Flask) -> None:
    with german.test_request_context(), force_locale("de"):
        factories.student()
        with pytest.raises(Invalid) as missing:
            edit({"full_name": None})
        with pytest.raises(Invalid) as wrong:
            edit({"date_of_birth": "soon"})
        with pytest.raises(QueryError) as unread:
            Selection.parse(Student, SYSTEM, search="id:x").count()

    assert missing.value.errors == {"full_name": "Full name fehlt."}
    assert wrong.value.errors == {"date_of_birth": "Date of birth: ein Tag wie 2026-01-31!"}
    assert unread.value.message == "„x“ passt nicht zu „id“: eine ganze Zahl, wie 30"


def test_what_moved_is_kept_in_the_organisations_language_and_told_in_the_readers(german: Flask) -> None:
    with german.test_request_context(), force_locale("de"):
        factories.student(city="Leeds")
        plan = plan_edit(Selection.parse(Student, SYSTEM), {"city": "York"}, SYSTEM)
        edit({"city": "Bath"})

        with pytest.raises(PlanMoved) as moved:
            apply(plan, SYSTEM)
        told = moved.value.told

    assert str(moved.value).startswith("Nothing was applied: 1 row changed since")
    assert told == ["1 Zeile neu"]


def test_an_undo_is_known_as_one_in_whichever_language_it_was_kept(german: Flask) -> None:
    german.config["LOCALE"] = "de"
    with german.test_request_context():
        factories.student(city="Leeds")
        done = edit({"city": "York"})
        undone = apply(plan_undo(done, SYSTEM), SYSTEM)
        redone = apply(plan_undo(undone, SYSTEM), SYSTEM)

        said = [(operation.title, operation.way_back) for operation in (done, undone, redone)]

    assert said == [
        ("City auf York setzen for 1 student", "Rückgängig"),
        ("Rückgängig: City auf York setzen for 1 student", "Wiederholen"),
        ("Wieder: City auf York setzen for 1 student", "Rückgängig"),
    ]
