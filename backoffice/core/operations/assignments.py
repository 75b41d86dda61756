"""What an edit does to each field: a value to set, None to clear, or an expression over the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backoffice.core.access import SYSTEM, Person
from backoffice.core.model import Record
from backoffice.core.operations import computing, expressions, suitable, values
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.expressions import Each, Expression
from backoffice.core.operations.rules import Rule
from backoffice.core.selection import Field, Kind, fields_of
from backoffice.core.text import capital
from backoffice.core.wording import gettext, inside
from backoffice.extensions import db

Wanted = Mapping[str, Any]


def cleaned(model: type[Record], wanted: Wanted, person: Person) -> dict[str, Any]:
    """Returns values and expressions by field, as given or as a plan kept them.

    Raises Invalid with a sentence per field that cannot have what is wanted.
    """
    fields = values.writable(model, wanted)
    errors: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name, meant in wanted.items():
        try:
            found[name] = _cleaned(model, fields[name], meant, person, wanted)
        except suitable.Unsuitable as error:
            errors[name] = str(error)
        except Invalid as error:
            errors |= error.errors
    if errors:
        raise Invalid(errors)
    return found


def _cleaned(model: type[Record], field: Field, meant: Any, person: Person, wanted: Wanted) -> Any:
    expression = expressions.from_json(meant) if isinstance(meant, Mapping) else meant
    if not isinstance(expression, Expression):
        return values.cleaned(model, {field.name: expression}, person)[field.name]
    if field.kind is Kind.MONEY and field.currency in wanted:
        raise suitable.Unsuitable(gettext("%(label)s: change the currency in an edit of its own.", label=field.label))
    return suitable.checked(expression, field, person)


def plain(wanted: Wanted) -> dict[str, Any]:
    """Returns the fields that are set or cleared."""
    return {name: value for name, value in wanted.items() if not isinstance(value, Expression)}


def computed(wanted: Wanted) -> dict[str, Expression]:
    """Returns the fields whose new value follows from the row."""
    return {name: value for name, value in wanted.items() if isinstance(value, Expression)}


def as_columns(model: type[Record], wanted: Wanted, row: Wanted | None = None) -> dict[str, Any]:
    """Returns what is wanted by column: Python values, and SQL expressions over the row."""
    dialect = db.session.get_bind().dialect.name
    fields = fields_of(model)
    found = values.as_columns(model, plain(wanted), row)
    for name, expression in computed(wanted).items():
        found[fields[name].column or name] = computing.computed(dialect, fields[name], expression).value
    return found


def rules(model: type[Record], wanted: Wanted) -> list[Rule]:
    """Returns the rules that refuse what cannot be computed."""
    dialect = db.session.get_bind().dialect.name
    fields = fields_of(model)
    asked = computed(wanted).items()
    return [rule for name, meant in asked for rule in computing.computed(dialect, fields[name], meant).rules]


def as_json(meant: Any) -> Any:
    """Returns what is wanted of a field as a plan keeps it; cleaning it again gives the same."""
    return expressions.as_json(meant) if isinstance(meant, Expression) else values.as_json(meant)


def in_words(model: type[Record], wanted: Wanted) -> str:
    """Returns what a plan does to the fields, as kept: "Set city to York, shift start date by 7 days, clear phone"."""
    fields = fields_of(model)
    done, cleared, own = [], [], []
    for name, meant in wanted.items():
        field = fields[name]
        if isinstance(meant, Mapping):
            expression = suitable.checked(expressions.from_json(meant), field, SYSTEM)
            if isinstance(expression, Each):
                own.append(inside(field.label))
                continue
            done.append(expressions.in_words(expression, field, fields))
        elif meant is None:
            cleared.append(inside(field.label))
        else:
            told = {"field": inside(field.label), "value": values.in_words(field, meant)}
            done.append(gettext("set %(field)s to %(value)s", **told))
    done += [gettext("set %(field)s row by row", field=", ".join(own))] if own else []
    done += [gettext("clear %(fields)s", fields=", ".join(cleared))] if cleared else []
    sentence = ", ".join(done)
    return capital(sentence)
