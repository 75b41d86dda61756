"""What a feature declares about a grid, and what follows from it for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from backoffice.core import access
from backoffice.core.access import Person, Rights, Verb
from backoffice.core.selection import fields_of, visible_fields
from backoffice.core.text import words


@dataclass(frozen=True)
class Panel:
    """Rows of another grid on a row's details page: those whose relation `by` is this row."""

    title: str
    grid: str  # the other grid's name
    columns: tuple[str, ...]
    by: str = ""  # may be left out if the other model has exactly one relation to this one; may be a path: "section.course"
    sort: str = ""  # the other grid's default if left out


class Misdeclared(Exception):
    """A grid's declaration names what does not exist, or leaves out what it must say. The application does not start."""


class Declaration:
    """A grid as features write it. Names in columns, forms and filters are fields of the catalog or paths of them."""

    model: ClassVar[type[Any]]
    name: ClassVar[str]  # address and endpoint: "students" is /admin/students/ and "students.index_view"
    title: ClassVar[str] = ""  # heading and menu entry; "Students" from the name if left out
    nouns: ClassVar[tuple[str, str]] = ("", "")  # ("student", "students") from the table and the name if left out
    group: ClassVar[str | None] = None  # heading in the menu
    icon: ClassVar[str] = "table"  # name of a Bootstrap icon

    columns: ClassVar[tuple[str, ...]] = ()
    form: ClassVar[tuple[str, ...]] = ()
    create_form: ClassVar[tuple[str, ...] | None] = None  # `form` if left out
    filters: ClassVar[tuple[str, ...]] = ()
    default_sort: ClassVar[str] = "id"  # "-created_at" is descending
    sections: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # of the details page; one section of all fields if left out
    panels: ClassVar[tuple[Panel, ...]] = ()
    rights: ClassVar[Rights]

    @classmethod
    def heading(cls) -> str:
        """Returns the name of the grid as people read it."""
        return cls.title or words(cls.name)

    @classmethod
    def noun(cls, number: int) -> str:
        """Returns what `number` rows of the grid are called: "1 student", "2 students" without the figure."""
        singular, plural = cls.nouns
        if number == 1:
            return singular or words(cls.model.__tablename__).lower()
        return plural or words(cls.name).lower()
