"""Relations in forms: a text that names another row, looked up among the rows that the person may see or at least pick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import Form, StringField
from wtforms.validators import StopValidation

from backoffice.core import access
from backoffice.core.access import Verb
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import grid_of
from backoffice.core.selection import Field, QueryError, Ref, Selection, Term, Word, equals, printed, visible_fields
from backoffice.core.selection.naming import called, with_key
from backoffice.core.text import fold, whole_number
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, inside

SEPARATOR = " · "
MOST_CANDIDATES = 8
LONGEST = 500


@dataclass(frozen=True)
class Candidate:
    """A row that a typed text may mean. `text` means exactly this row when it is typed."""

    id: int
    key: str
    label: str

    @property
    def text(self) -> str:
        return self.key if self.key == self.label else f"{self.key}{SEPARATOR}{self.label}"


class RelationControl(StringField):
    """A text box for a row of another model. `data` is the row's id once the form is valid, None for no row."""

    def __init__(self, relation: Field, validators: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(relation.label, [*validators, _resolved], description=relation.hint, **options)
        self.relation = relation
        self.candidates: list[Candidate] = []
        self.begun: Candidate | None = None

    def process_data(self, value: Ref | None) -> None:
        """Begins with the row that the record has."""
        self.begun = None if value is None else Candidate(value.id, value.key, value.label)
        self.data = None if self.begun is None else self.begun.id
        self.typed = "" if self.begun is None else self.begun.text

    def process_formdata(self, valuelist: list[str]) -> None:
        """Takes what was typed; `validate` finds the row that it names."""
        if valuelist:
            self.typed = valuelist[0].strip()

    def _value(self) -> str:
        return self.typed


def _resolved(form: Form, control: RelationControl) -> None:
    text = control.typed
    control.data = None
    if not text:
        return
    if control.begun is not None and text == control.begun.text:  # as it is, and need not be looked for
        control.data = control.begun.id
        return
    if len(text) > LONGEST:
        raise StopValidation(gettext("This is too long to name a row."))
    try:
        found = candidates(control.relation, text)
    except QueryError as error:
        raise StopValidation(error.message) from error
    exact = _meant(found, text)
    if exact is not None:
        control.data = exact.id
        return
    nouns = noun(control.relation, 2)
    if not found:
        raise StopValidation(gettext("None of the %(nouns)s matches “%(text)s”.", nouns=nouns, text=text))
    control.candidates = found
    raise StopValidation(gettext("Several %(nouns)s match “%(text)s”: type which one.", nouns=nouns, text=text))


def _meant(found: list[Candidate], text: str) -> Candidate | None:
    """Returns the one row that `text` names: the only match, or the only one whose key or label it is."""
    if len(found) == 1:
        return found[0]
    exact = [c for c in found if fold(text) in (fold(c.text), fold(c.key))] or [
        c for c in found if fold(text) == fold(c.label)
    ]
    return exact[0] if len(exact) == 1 else None


def noun(relation: Field, number: int) -> str:
    """Returns what the related rows are called."""
    grid = grid_of(relation.target) if relation.target is not None else None
    return grid.noun(number) if grid else inside(relation.label)


def candidates(relation: Field, text: str) -> list[Candidate]:
    """Returns the rows that `text` may mean, those named by exactly this key first."""
    key = text.partition(SEPARATOR)[0].strip()
    named = _by_key(relation, key) if key else []
    if named and SEPARATOR in text:
        return named
    return named + [c for c in suggestions(relation, text) if c not in named] or by_number(relation, text)


def suggestions(relation: Field, text: str, limit: int = MOST_CANDIDATES) -> list[Candidate]:
    """Returns rows of the relation's target that hold every word of `text`, in the person's scope."""
    if relation.target is not None and not _sees(relation.target):
        return [Candidate(ref.id, ref.key, ref.label) for ref in called(relation.target, current_person(), text, limit)]
    return _found(relation, limit, search=as_search(text))


def by_number(relation: Field, text: str) -> list[Candidate]:
    """Returns the row with this number, as addresses name it."""
    known = whole_number(text) is not None
    known = known and relation.target is not None and _sees(relation.target)
    return _found(relation, 1, filters=(equals("id", text),)) if known else []


def _sees(model: type[Any]) -> bool:
    return access.may(current_person(), Verb.VIEW, model)


def _by_key(relation: Field, key: str) -> list[Candidate]:
    name = getattr(relation.target, "__key__", "id")
    if relation.target is not None and not _sees(relation.target):
        return [Candidate(ref.id, ref.key, ref.label) for ref in with_key(relation.target, key)]
    if relation.target is None or name not in visible_fields(current_person(), relation.target):
        return []
    try:
        return _found(relation, 1, filters=(equals(name, key),))
    except QueryError:  # a word where the key is a number: it names no row by its key
        return []


def _found(relation: Field, limit: int, *, search: str = "", filters: tuple[Term, ...] = ()) -> list[Candidate]:
    return [] if relation.target is None else named(relation.target, limit, search=search, filters=filters)


def named(
    model: type[Any], limit: int, *, search: str = "", filters: tuple[Term, ...] = (), near: bool = False
) -> list[Candidate]:
    """Returns rows that the person may see by what they are called; `near`: only such that an index names at once.

    Raises QueryError as `Selection.parse` does.
    """
    person = current_person()
    label = label_name(person, model)
    key = getattr(model, "__key__", "id")
    names = [name for name in dict.fromkeys((label, key)) if name in visible_fields(person, model)]
    selection = Selection.parse(model, person, search=search, filters=filters, sort=(label,))
    return [
        Candidate(row["id"], str(row.get(key) or row["id"]), str(row.get(label) or row["id"]))
        for row in (selection.near if near else selection.some)(names, limit)
    ]


def as_search(text: str) -> str:
    """Returns the search for rows that hold every word of a text, whatever else the words would mean in a query."""
    return printed(tuple(Word(word) for word in text.replace(SEPARATOR.strip(), " ").replace('"', " ").split()[:8]))
