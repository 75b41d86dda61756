"""One row at a time: its details, its form, the picker in it, and saving an edit with its operation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from sqlalchemy import select

from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from tests import factories
from tests.benchmarks.measuring import Bench, Figure, beside

BAR = "6x the view"


def measure(bench: Bench) -> Iterator[Figure]:
    """Yields one figure per step."""
    with bench.app.app_context():
        active = select(Enrollment.id).where(Enrollment.status == "active").order_by(Enrollment.id.desc())
        row = db.session.scalars(active.limit(1)).one()
        db.session.rollback()
    pick = "/admin/enrollments/ajax/lookup/?name=student&query=ann"
    yield bench.page("enrollment: details", f"/admin/enrollments/details/?id={row}", BAR, "enrollments")
    yield bench.page("enrollment: edit form", f"/admin/enrollments/edit/?id={row}", BAR, "enrollments")
    yield bench.page("picker of students while typing", pick, BAR, "enrollments")
    token = factories.csrf_token(bench.text(f"/admin/enrollments/edit/?id={row}"))
    values = itertools.cycle(("41", "42", "43"))

    def save() -> None:
        cell = {"id": row, "field": "progress_pct", "value": next(values), "csrf_token": token}
        answer = bench.client.post("/admin/enrollments/ajax/update/", data=cell)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    saved, view = beside(save, bench.view("enrollments"))
    yield Figure("enrollment: an edit saved", saved, "ms", BAR, None, view)
