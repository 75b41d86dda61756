"""What a feature declares about a grid, and what follows from it for one person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote_plus

from flask import current_app, url_for

from backoffice.core import access, reader
from backoffice.core.access import Person, Rights, Verb
from backoffice.core.grid.catalog import editable_at, field_at, fields_at, fillable_at
from backoffice.core.selection import Field, fields_of
from backoffice.core.text import words
from backoffice.core.wording import gettext, later, ngettext

PLAIN = "!$'()*,/:;?@"  # stands in a query as it is, as Werkzeug writes them
ALL = later("Details")  # the one section of a row whose grid names none
KEPT, LONGEST_KEPT = 2_000, 100  # texts that stand in addresses again and again, and characters of one
IN_PATH = frozenset({"export_type"})  # what of an address stands in its path


@dataclass(frozen=True)
class Panel:
    """Rows of another grid on a row's details page: those whose relation `by` leads to this row."""

    title: str
    grid: str  # the other grid's name
    columns: tuple[str, ...]
    by: str = (
        ""  # may be left out if the other model has exactly one relation to this one; may be a path: "section.course"
    )
    sort: str = ""  # the other grid's default if left out
    adds: str = ""  # the one field that a new row needs beside the relation: it is typed right here
    in_story: bool = False  # what happened to these rows is part of this row's history
    in_list: bool = False  # they are printed from this row's place in its list as well: the roster of a section


@dataclass(frozen=True)
class RowButton:
    """What stands at the end of a row of a list: `words` say what it does; it sends something, or leads somewhere."""

    label: str
    words: str
    url: str
    icon: str = ""
    sends: bool = False


@dataclass(frozen=True)
class Lines:
    """Rows that belong to a row and are changed in its form, all of it as one operation. Their grid says who may do what."""

    model: type[Any]
    fields: tuple[str, ...]
    title: str
    noun: str  # "line": "Add a line", "Line 2"


class Misdeclared(Exception):
    """A grid's declaration names what does not exist, or leaves out what it must say. The application does not start."""


class Declaration:
    """A grid as features write it. Names in columns, forms and filters are fields of the catalog or paths of them."""

    model: ClassVar[type[Any]]
    name: ClassVar[str]  # address and endpoint: "students" is /admin/students/ and "students.index_view"
    title: ClassVar[str] = ""  # heading and menu entry; "Students" from the name if left out
    nouns: ClassVar[tuple[str, str]] = ("", "")  # ("student", "students") from the table and the name if left out
    group: ClassVar[str | None] = None  # heading in the menu
    icon: ClassVar[str] = ""  # symbol of static/icons/sprite.svg; the one of the grid's name if left out

    columns: ClassVar[tuple[str, ...]] = ()
    form: ClassVar[tuple[str, ...]] = ()
    create_form: ClassVar[tuple[str, ...] | None] = None  # `form` if left out
    starts: ClassVar[Mapping[str, Callable[[], str]]] = {}  # what the form of a new row begins with
    follows: ClassVar[
        Mapping[str, Mapping[str, str]]
    ] = {}  # beside a related row: the relation, then which fields begin as which of its fields
    not_copied: ClassVar[tuple[str, ...]] = ()  # what "Duplicate" leaves out beside what must be unique
    filters: ClassVar[tuple[str, ...]] = ()
    default_sort: ClassVar[str] = "id"  # "-created_at" is descending
    sections: ClassVar[
        Mapping[str, tuple[str, ...]]
    ] = {}  # of the details page and of the forms; one of all fields if left out
    panels: ClassVar[tuple[Panel, ...]] = ()
    lines: ClassVar[tuple[Lines, ...]] = ()
    instead: ClassVar[tuple[str, str]] = (
        "",
        "",
    )  # of a deletion that is refused: what to do, by which field of the form
    adds_to: ClassVar[
        tuple[str, ...]
    ] = ()  # collections whose rows only link to another one: bulk edit adds and removes
    steps: ClassVar[
        Mapping[str, Mapping[str, Callable[[], str]]]
    ] = {}  # what is often done to many rows at once, by its label: bulk edits whose form begins filled in
    each_gets: ClassVar[
        Mapping[str, tuple[str, ...]]
    ] = {}  # collections of which many rows may each get a new row at once, and what is asked of it: the other grid's
    # `follows` says what it takes from its row, and its `starts` with what it begins
    shows: ClassVar[
        Mapping[str, Callable[[Any], str]]
    ] = {}  # columns of the list that are shown by more than their kind
    rights: ClassVar[Rights]

    if TYPE_CHECKING:

        def render(self, template: str, **context: Any) -> str:
            """Returns a page; Flask-Admin's."""

    @classmethod
    def heading(cls) -> str:
        """Returns the name of the grid as people read it."""
        return gettext(cls.called())

    @classmethod
    def called(cls) -> str:
        """Returns the same in English."""
        return cls.title or words(cls.name)

    @classmethod
    def noun(cls, number: int) -> str:
        """Returns what `number` rows of the grid are called, without the figure: "student" for 1, else "students"."""
        return ngettext(*cls.english_nouns(), number)

    @classmethod
    def english_nouns(cls) -> tuple[str, str]:
        """Returns what one row and several are called in English."""
        singular, plural = cls.nouns
        return singular or words(cls.model.__tablename__).lower(), plural or words(cls.name).lower()

    @classmethod
    def counted(cls, number: int) -> str:
        """Returns "1 student" or "2,140 students"."""
        return f"{reader.number(number)} {cls.noun(number)}"

    def columns_for(self, person: Person) -> dict[str, Field]:
        """Returns the columns that `person` may see, by name and in the declared order."""
        return self._known(person, self.columns)

    def filters_for(self, person: Person) -> dict[str, Field]:
        """Returns the fields of the filter panel that `person` may see."""
        return self._known(person, self.filters or self.columns)

    def form_for(self, person: Person) -> dict[str, Field]:
        """Returns the fields that `person` may change in an existing row."""
        return dict(editable_at(person, self.model, self.form))

    def create_form_for(self, person: Person) -> dict[str, Field]:
        """Returns the fields that `person` may fill in for a new row."""
        return dict(fillable_at(person, self.model, self.form if self.create_form is None else self.create_form))

    def sections_for(self, person: Person) -> dict[str, dict[str, Field]]:
        """Returns the sections of the details page, by declared title, with the fields that `person` may see; no empty ones."""
        names = self.sections or {ALL: tuple(fields_of(self.model))}
        found = {title: self._known(person, columns) for title, columns in names.items()}
        return {title: fields for title, fields in found.items() if fields}

    def form_sections(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Returns the fields of a form by the declared titles of the details page; by none where there would be only one."""
        named = list(names)
        found = {title: [name for name in named if name in fields] for title, fields in self.sections.items()}
        found = {title: names for title, names in found.items() if names}
        return found if len(found) > 1 else {"": named}

    def known_field(self, person: Person, name: str) -> Field | None:
        """Returns the field at the path `name`, if `person` may see it."""
        return field_at(person, self.model, name)

    def row_buttons(self, rows: Sequence[Mapping[str, Any]], here: str) -> Mapping[int, RowButton]:
        """Returns the button at the end of those rows of a list that have one; `here` is the list."""
        return {}

    def made_address(self, row_id: int, back: str) -> str:
        """Returns where the form of a new row leads once the row is made: where the person came from, unless a grid knows better."""
        return back

    def links(self, row_id: int) -> list[tuple[str, str]]:
        """Returns (label, address) of what else can be done with a row, for its details page. Grids may add to it."""
        return []

    def _known(self, person: Person, names: tuple[str, ...]) -> dict[str, Field]:
        return dict(fields_at(person, self.model, names))

    def may(self, person: Person, *verbs: Verb) -> bool:
        """Says whether `person` may do all of `verbs` with rows of this grid."""
        return all(access.may(person, verb, self.model) for verb in verbs)

    def offered_to(self, person: Person) -> bool:
        """Says whether the menu leads here."""
        return self.may(person, Verb.VIEW)

    def has_form(self, person: Person) -> bool:
        """Says whether there is anything that `person` may change in a row by a form."""
        return self.may(person, Verb.EDIT) and bool(self.form_for(person))

    def address(self, view: str = "index_view", /, **values: Any) -> str:
        """Returns the address of one of the grid's views."""
        asked = {name: value for name, value in values.items() if value is not None}
        placed = {name: asked.pop(name) for name in IN_PATH & asked.keys()}
        place = (view, *placed.values())
        if place not in self._paths:
            self._paths[place] = url_for(f"{type(self).name}.{view}", **placed)
        return with_query(self._paths[place], asked)

    @cached_property
    def _paths(self) -> dict[tuple[Any, ...], str]:
        """Where each view is: a page leads to dozens, and they stay where they are."""
        return {}


def with_query(path: str, values: Mapping[str, Any]) -> str:
    """Returns the address of `path` with these parameters."""
    asked = "&".join([f"{_quoted(name)}={_quoted(str(value))}" for name, value in values.items()])
    return f"{path}?{asked}" if asked else path


def _quoted(text: str) -> str:
    return _short(text) if len(text) < LONGEST_KEPT else quote_plus(text, safe=PLAIN)


@lru_cache(KEPT)
def _short(text: str) -> str:
    return quote_plus(text, safe=PLAIN)


def grids() -> dict[str, Declaration]:
    """Returns every grid of the running application by name."""
    views = (view for admin in current_app.extensions.get("admin", []) for view in admin._views)
    return {type(view).name: view for view in views if isinstance(view, Declaration)}


def grid_of_kind(kind: str | None) -> Declaration | None:
    """Returns the grid that shows the rows of a table."""
    return next((grid for grid in grids().values() if grid.model.__tablename__ == kind), None)


def grid_of(model: type[Any]) -> Declaration | None:
    """Returns the grid that shows rows of `model`."""
    return next((grid for grid in grids().values() if grid.model is model), None)
