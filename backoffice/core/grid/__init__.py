"""Grids: the Flask-Admin views that bind selections, operations, access and exchange together.

A feature declares a grid in some lines:

    class StudentGrid(Grid):
        model = Student
        name = "students"
        columns = ("student_number", "full_name", "status", "balance")
        form = ("full_name", "email", "status")
        filters = ("status", "created_at")
        default_sort = "sort_name"
        sections = {"Person": ("full_name", "email"), "Standing": ("status", "balance")}
        panels = (Panel("Enrollments", "enrollments", ("section", "status", "start_date")),)
        lines = (Lines(StudentContact, ("contact", "relationship"), "Contacts", "contact"),)
        rights = {Role.ADMIN: right("VCEDBX"), Role.READ_ONLY: right("V", hidden=("date_of_birth",))}

`create_app()` makes one instance of each (`admin.add_view(StudentGrid())`), which checks the declaration.
"""

from __future__ import annotations

from backoffice.core.grid.declaration import Lines, Misdeclared, Panel
from backoffice.core.grid.grid import Grid

__all__ = ["Grid", "Lines", "Misdeclared", "Panel"]
