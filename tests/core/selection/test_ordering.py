"""Orders that no index has are for lists short enough to be sorted; a longer one is refused with what to do."""

from __future__ import annotations

import pytest

from backoffice.core.selection import QueryError, Selection, approach, ordering
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, Write

REFUSED = (
    "“sort=billing_status”: this order needs a list of at most 3 rows; narrow it by a search or a filter, "
    "or sort by another column"
)


@pytest.fixture(autouse=True)
def five_students(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering, "MOST_SORTED", 3)
    write(Student, *({"city": city} for city in ("Leeds", "Leeds", "Leeds", "York", None)))


def page(sort: str, search: str = "") -> list[int]:
    selection = Selection.parse(Student, REGISTRAR, search=search, sort=(sort,))
    return [row["id"] for row in selection.page(("billing_status",), 50).rows]


@pytest.mark.parametrize("sort", ["id", "-age", "city", "sort_name", "created_at"])
def test_a_list_of_any_length_has_the_orders_of_its_indexes(sort: str) -> None:
    assert len(page(sort)) == 5


@pytest.mark.parametrize("search", ["", "-city:york", "status:active"])
def test_a_long_list_is_not_sorted_by_what_is_computed(search: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approach, "FEW", 0)

    with pytest.raises(QueryError) as refused:
        page("billing_status", search)

    assert str(refused.value) == REFUSED


@pytest.mark.parametrize("few", [0, 20_000])
def test_a_part_of_it_is(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approach, "FEW", few)

    assert page("-billing_status", "city:leeds") == [3, 2, 1]


def test_its_file_has_all_rows_in_that_order() -> None:
    rows = Selection.parse(Student, REGISTRAR, sort=("-billing_status",)).stream(("id",))

    assert [row["id"] for row in rows] == [5, 4, 3, 2, 1]
