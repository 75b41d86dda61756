"""A grid that names what does not exist does not start."""

from __future__ import annotations

import pytest

from backoffice.core.access import Role, right
from backoffice.core.grid import Grid, Lines, Misdeclared
from backoffice.core.grid.checks import check
from backoffice.students.models import Contact, Student, StudentContact

RIGHTS = {Role.ADMIN: right("V")}


def declared(**says: object) -> type[Grid]:
    """Returns a grid of students that says this."""
    return type(
        "TriedGrid", (Grid,), {"model": Student, "name": "tried", "columns": ("full_name",), "rights": RIGHTS, **says}
    )


@pytest.mark.parametrize("missing", ["columns", "rights", "name"])
def test_a_grid_must_say_its_columns_its_rights_and_its_name(app, missing: str) -> None:
    with pytest.raises(Misdeclared, match=f"TriedGrid declares no {missing}"):
        check(declared(**{missing: ()}))


@pytest.mark.parametrize(
    "says",
    [
        {"columns": ("full_name", "shoe_size")},
        {"filters": ("shoe_size",)},
        {"default_sort": "-shoe_size"},
        {"sections": {"Feet": ("shoe_size",)}},
        {"form": ("shoe_size",)},
        {"create_form": ("shoe_size",)},
        {"instead": ("Measure it", "shoe_size")},
    ],
)
def test_a_grid_names_fields_that_exist(app, says: dict[str, object]) -> None:
    with pytest.raises(Misdeclared, match="shoe_size"):
        check(declared(**says))


@pytest.mark.parametrize("computed", ["age", "id", "enrollments"])
def test_a_form_holds_only_what_can_be_written(app, computed: str) -> None:
    with pytest.raises(Misdeclared, match="cannot be written"):
        check(declared(form=(computed,)))


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (
            Lines(Contact, ("full_name",), "Contacts", "contact"),
            "'Contacts' as lines, which no one relation leads back from",
        ),
        (
            Lines(StudentContact, ("contact", "label"), "Contacts", "contact"),
            "'label' in a line, which cannot be written",
        ),
    ],
)
def test_lines_lead_back_to_their_row_and_hold_only_what_can_be_written(app, lines: Lines, why: str) -> None:
    with pytest.raises(Misdeclared, match=why):
        check(declared(lines=(lines,)))


def test_a_hidden_column_of_the_model_is_no_field(app) -> None:
    with pytest.raises(Misdeclared, match="email_key"):
        check(declared(columns=("email_key",)))


def test_a_grid_names_itself_and_its_rows() -> None:
    grid = declared(name="night_owls", nouns=("owl", "owls"))

    assert (grid.heading(), grid.counted(1), grid.counted(2140)) == ("Night owls", "1 owl", "2,140 owls")
