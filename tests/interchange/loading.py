"""Files for grids as the tests of imports load them, and what was refused."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.exchange import read_table
from backoffice.core.model import Record
from backoffice.extensions import db
from backoffice.interchange.grid_import import import_table
from backoffice.interchange.report import Report
from backoffice.students.models import Student

NAME = "file.csv"


def load(model: type[Record], data: str | bytes, *, person: Any = SYSTEM, dry_run: bool = False) -> Report:
    file = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return import_table(model, read_table(file), NAME, person, lambda lines: lines, dry_run=dry_run)


def refused(report: Report) -> list[tuple[int, str, str]]:
    assert all(refusal.file == NAME for refusal in report.refusals)
    return [(refusal.row, refusal.field, refusal.reason) for refusal in report.refusals]


def names() -> list[tuple[str, str]]:
    rows = db.session.execute(select(Student.student_number, Student.full_name).order_by(Student.student_number))
    return [tuple(row) for row in rows]
