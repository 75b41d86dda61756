"""Cells of OULAD's files: what they may hold, and the key of a registration in them."""

from __future__ import annotations

import re
from decimal import Decimal

Cells = dict[str, str]

_ABSENT = ("", "?")  # copies of the dataset write either
_LONGEST_KEY = 40
_WHOLE = re.compile(r"-?\d{1,4}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,5}(\.\d{1,2})?", re.ASCII)


class Unfit(ValueError):
    """A cell that breaks a rule."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def seat(section: str, student: str) -> str:
    """Returns the key of a registration: a student in a section."""
    return f"oulad/{section}/{student}"


def seat_in(cells: Cells) -> str:
    """Returns the key of a registration in cells that may not be sound."""
    module, code, student = (cells.get(name, "").strip() for name in ("code_module", "code_presentation", "id_student"))
    return seat(f"{module}-{code}", student)


def section_of(cells: Cells) -> str:
    return f"{filled_of(cells, 'code_module')}-{filled_of(cells, 'code_presentation')}"


def filled_of(cells: Cells, name: str) -> str:
    value = cells[name].strip()
    if not value:
        raise Unfit(name, "is empty")
    if len(value) > _LONGEST_KEY:
        raise Unfit(name, f"is longer than {_LONGEST_KEY} characters")
    return value


def one_of(cells: Cells, name: str, known: tuple[str, ...]) -> str:
    value = cells[name].strip()
    if value not in known:
        raise Unfit(name, f"“{value}” is none of {', '.join(known)}")
    return value


def days_of(cells: Cells, name: str) -> int | None:
    value = cells[name].strip()
    if value in _ABSENT:
        return None
    if not _WHOLE.fullmatch(value):
        raise Unfit(name, f"“{value}” is not a whole number")
    return int(value)


def number_of(cells: Cells, name: str) -> Decimal | None:
    value = cells[name].strip()
    if value in _ABSENT:
        return None
    if not _DECIMAL.fullmatch(value):
        raise Unfit(name, f"“{value}” is not a number")
    return Decimal(value)
