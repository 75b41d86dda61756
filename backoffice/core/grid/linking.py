"""Bulk edit of a relation to many: add a row to it, or remove one, for all that are selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from backoffice.core import access
from backoffice.core.access import Verb
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import RecordForm, form_class
from backoffice.core.operations import Invalid, Joint, Link, Unlink, joint
from backoffice.core.selection import Field
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, inside

PREFIX, HOW = "link-", "how-"
ADD, REMOVE = "add", "remove"
_VERBS = {ADD: Verb.CREATE, REMOVE: Verb.DELETE}


@dataclass(frozen=True)
class LinkControl:
    """The choice whether to add or to remove, and the form of the link."""

    label: str
    how_name: str
    how_label: str
    options: Sequence[tuple[str, str]]
    chosen: str
    form: RecordForm


def controls(grid: Declaration, sent: MultiDict[str, str]) -> list[LinkControl]:
    """Returns what the form of a bulk edit shows of each relation whose links the person may make or delete."""
    return [_control(found, ways, sent) for found, ways in _offered(grid)]


def asked(grid: Declaration, shown: Sequence[LinkControl]) -> dict[str, Link | Unlink]:
    """Returns what the form asks for, by relation. Raises Invalid where its boxes do not say it all."""
    found: dict[str, Link | Unlink] = {}
    for (links, ways), control in zip(_offered(grid), shown, strict=True):
        name, other, form = links.collection.name, f"{links.collection.name}.{links.other.name}", control.form
        if control.chosen not in ways:
            if control.chosen or form[other].typed:
                raise Invalid({"": gettext("%(label)s: choose whether to add or to remove.", label=control.label)})
            continue
        if not form.validate():
            raise Invalid({"": f"{control.label}: {form[other].errors[0]}"})
        to = form[other].data
        if to is None:
            raise Invalid(
                {
                    "": gettext(
                        "%(label)s: name the %(relation)s.", label=control.label, relation=inside(links.other.label)
                    )
                }
            )
        given = {key.partition(".")[2]: value for key, value in form.values().items() if key != other}
        found[name] = Link(to, given) if control.chosen == ADD else Unlink(to)
    return found


def _offered(grid: Declaration) -> list[tuple[Joint, dict[str, str]]]:
    """Returns the relations whose links the person may make or delete, and which of both."""
    person, found = current_person(), []
    for name in grid.adds_to:
        links = joint(grid.model, name)
        if links is not None and access.may(person, Verb.BULK, links.model):
            ways = {way: _in_words(way) for way, verb in _VERBS.items() if access.may(person, verb, links.model)}
            found += [(links, ways)] if ways else []
    return found


def _in_words(way: str) -> str:
    return gettext("Add") if way == ADD else gettext("Remove")


def _control(links: Joint, ways: dict[str, str], sent: MultiDict[str, str]) -> LinkControl:
    name = links.collection.name
    own = access.right_of(current_person(), links.model)
    fields: dict[str, Field] = {f"{name}.{field.name}": field for field in (links.other, *links.details)}
    shown = {path: field for path, field in fields.items() if own.edits(field.name)}
    form = form_class(shown)(sent, prefix=PREFIX)
    for control in form:
        control.flags.required = False  # as long as nothing is added
    return LinkControl(
        label=links.collection.label,
        how_name=f"{PREFIX}{HOW}{name}",
        how_label=gettext("How to change %(field)s", field=inside(links.collection.label)),
        options=[("", gettext("No change")), *ways.items()],
        chosen=sent.get(f"{PREFIX}{HOW}{name}", ""),
        form=form,
    )
