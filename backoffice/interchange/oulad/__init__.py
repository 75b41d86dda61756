"""The Open University Learning Analytics Dataset (OULAD) as students, sections, enrollments and results.

`source` reads the five files and says which rows cannot be understood; `mapping` says what each row means here; `load` writes
what is new and what has changed, as one operation.
"""

from __future__ import annotations

from backoffice.interchange.oulad.load import load

__all__ = ["load"]
