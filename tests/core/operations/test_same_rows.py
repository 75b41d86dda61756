"""One way to say which rows: a plan, the count, the grid and the file are about the same ones."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.exchange import FORMATS
from backoffice.core.operations import plan_delete, plan_edit
from backoffice.core.operations.models import PlanRow
from backoffice.core.selection import Selection, visible_fields
from backoffice.students.models import Student
from tests import factories

PARTS = (
    "city:Leeds",
    "-city:Leeds",
    "status:active",
    "ann",
    "müll",
    "an",
    "phone:any",
    "-smith",
    "age>=30",
    "city:none",
)


def planned(session: Any, plan: Any) -> list[int]:
    seen = PlanRow.outcome.in_(("change", "same", "refused"))
    mine = (PlanRow.plan_id == plan.stored.id, PlanRow.entity_type == "student", seen)
    return sorted(session.scalars(select(PlanRow.entity_id).where(*mine)))


def exported(selection: Selection) -> list[int]:
    columns = {"id": visible_fields(SYSTEM, Student)["id"]}
    csv = FORMATS["csv"]
    _, *lines = b"".join(csv.write(csv.batches(selection, columns), columns)).decode().split()
    return sorted(map(int, lines))


@pytest.mark.parametrize("seed", range(5))
def test_the_ids_of_plan_count_grid_and_export_are_equal(session: Any, seed: int) -> None:
    lot = random.Random(seed)
    for _ in range(12):
        name = f"{lot.choice(('Anna', 'Bo'))} {lot.choice(('Müller', 'Smith'))}"
        factories.student(full_name=name, city=lot.choice(("Leeds", None)), phone=lot.choice(("1", None)))
    for _ in range(6):
        search = " ".join(lot.sample(PARTS, lot.randrange(3)))
        selection = Selection.parse(Student, SYSTEM, search=search, without=(lot.randrange(1, 99),))

        listed = sorted(row["id"] for row in selection.page(("city",), 200).rows)

        assert selection.count().number == len(listed)
        assert exported(selection) == listed
        assert planned(session, plan_edit(selection, {"city": "York"}, SYSTEM)) == listed
        assert planned(session, plan_delete(selection, SYSTEM)) == listed
