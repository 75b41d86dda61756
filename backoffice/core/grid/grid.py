"""The one base of every grid."""

from __future__ import annotations

from typing import Any

from flask_admin.contrib.sqla import ModelView

from backoffice.core.grid.declaration import Declaration
from backoffice.extensions import db


class Grid(Declaration, ModelView):  # type: ignore[misc]
    """A Flask-Admin view over one model, whose every page, form and file is bound to selections and operations."""

    def __init__(self) -> None:
        super().__init__(self.model, db, name=self.heading(), endpoint=type(self).name, category=self.group)

    def _refresh_cache(self) -> None:
        """Replaces Flask-Admin's scaffolding: columns, filters and forms come from the field catalog at each request."""

    def scaffold_auto_joins(self) -> tuple[Any, ...]:
        return ()
