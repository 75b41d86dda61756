"""Every business table as it is stored, to compare byte for byte."""

from __future__ import annotations

from typing import Any

from backoffice.core.operations.tables import protected_tables
from backoffice.extensions import db


def stored_rows() -> dict[str, list[Any]]:
    """Returns `SELECT *` of every business table, without any conversion."""
    db.session.rollback()
    connection = db.session.connection()
    return {
        name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY id")]
        for name in sorted(protected_tables())
    }
