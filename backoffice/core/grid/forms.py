"""WTForms forms out of the field catalog. A form keeps what was typed; operations say what it means and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from sqlalchemy import inspect
from wtforms import BooleanField, Form, SelectField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, DateInput, DateTimeLocalInput

from backoffice.core import reader
from backoffice.core.grid.formats import typed, yes_or_no
from backoffice.core.grid.pickers import RelationControl
from backoffice.core.notation import TwoWays
from backoffice.core.selection import Field, Kind
from backoffice.core.wording import gettext, later, said

Fields = Mapping[str, Field]

NO_CHANGE = later("No change")


class RecordForm(Form):
    """A form over catalog fields; `catalog` names them in order."""

    catalog: Fields = {}

    def values(self) -> dict[str, Any]:
        """Returns what was sent, by field, as plan_edit and create take it; rows of other models by their id.

        A field that was not sent is not in it: who sends less than the whole form changes no more than that.
        """
        return {name: value for name, value in self.held().items() if self[name].raw_data}

    def held(self) -> dict[str, Any]:
        """Returns what the form holds, sent or shown, by field."""
        return {name: _said(self[name].data) for name in self.catalog}

    def refuse(self, errors: Mapping[str, str]) -> list[str]:
        """Puts each message at its field and returns those that belong to no field of this form."""
        homeless = []
        places = {field.column: name for name, field in self.catalog.items()}
        for place, message in errors.items():
            name = place if place in self else places.get(place)
            if name is None:
                homeless.append(message)
            else:
                self[name].errors = (*self[name].errors, message)
        return homeless


def form_class(fields: Fields, *, partial: bool = False) -> type[RecordForm]:
    """Returns the form class over `fields`. In a `partial` form everything may stay empty and means "as it is"."""
    controls = {name: _control(field, partial) for name, field in fields.items()}
    return type("RecordForm", (RecordForm,), {**controls, "catalog": dict(fields)})


def filled(form: type[RecordForm], row: Mapping[str, Any]) -> RecordForm:
    """Returns the form with the values of a row, as a Selection pages it."""
    return form(data=data_of(form.catalog, row))


def data_of(fields: Fields, row: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values of a row as the form over `fields` takes them."""
    own = {Kind.BOOLEAN, Kind.RELATION}
    return {n: row.get(n) if field.kind in own else typed(n, field, row) for n, field in fields.items()}


def start(fields: Fields) -> dict[str, Any]:
    """Returns what the form of a new row begins with: the model's defaults."""
    return {name: default for name, field in fields.items() if (default := _default(field)) is not None}


def _default(field: Field) -> Any:
    default = getattr(field.model.__table__.c.get(field.column), "default", None) if field.column else None
    value = default.arg if default is not None and default.is_scalar else None
    return value if value is None or isinstance(value, bool) else str(value)


def changed(values: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values that are not in the row already, so that an operation says what somebody changed, and no more."""
    return {name: value for name, value in values.items() if name not in shown or value != shown[name]}


def required(field: Field) -> bool:
    """Says whether a row cannot be without a value in this field, and nothing fills it in."""
    if field.nullable or field.kind is Kind.BOOLEAN or field.column is None:
        return False
    column = inspect(field.model).attrs[field.column].columns[0]
    return column.default is None and column.server_default is None


def unique(field: Field) -> bool:
    """Says whether no two rows may have the same value in this field."""
    column = inspect(field.model).attrs[field.column or field.attribute].columns[0]
    return bool(column.unique)


def _said(data: Any) -> Any:
    if isinstance(data, str):
        return data.strip().replace("\r\n", "\n") or None
    return data


def _control(field: Field, partial: bool) -> Any:
    must = required(field) and not partial
    marks = [_marked] if must else []
    if field.kind is Kind.BOOLEAN and not partial:
        return Tick(field.label, description=field.hint)
    if field.kind is Kind.BOOLEAN:
        return Choices(
            field.label,
            description=field.hint,
            choices=_with_none([("true", yes_or_no(True)), ("false", yes_or_no(False))]),
        )
    if field.kind is Kind.CHOICE:
        return Choices(field.label, marks, description=field.hint, choices=_choices(field, partial, must))
    return _CONTROLS.get(field.kind, _line)(field, marks)


def _choices(field: Field, partial: bool, must: bool) -> list[tuple[str, str]]:
    listed = [(choice, said(choice)) for choice in field.choices]
    if partial:
        return _with_none(listed)
    return [("", "–" if field.nullable else gettext("Choose")), *listed] if field.nullable or must else listed


def _with_none(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Returns the choices of a control that may leave a field as it is."""
    return [("", gettext(NO_CHANGE)), *choices]


class Mark:
    """Marks a control as required, for the label; operations refuse an empty one."""

    field_flags = {"required": True}

    def __call__(self, form: Form, control: Any) -> None:
        """Lets every value pass."""


_marked = Mark()


class TickInput(CheckboxInput):
    """A checkbox behind a hidden "false", so that a box without a tick is sent as well."""

    def __call__(self, field: Any, **options: Any) -> Markup:
        return Markup('<input type="hidden" name="{}" value="false">{}').format(
            field.name, super().__call__(field, **options)
        )


class Tick(BooleanField):
    """Yes or no; the last value sent counts."""

    widget = TickInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            super().process_formdata(valuelist[-1:])


class Choices(SelectField):
    """A choice; operations refuse one that is not offered."""

    def pre_validate(self, form: Form) -> None:
        """Lets every value pass."""


class NumberField(StringField):
    """A number: a box shows it as Python writes it, and reads it as the person's pages write it, too."""

    data: str

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if valuelist:
            self.data = _number(self.data)


class DayField(StringField):
    """A date, likewise."""

    data: str
    widget = DateInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if valuelist:
            self.data = reader.present().notation.typed_day(self.data)


def _number(text: str) -> str:
    try:
        return reader.present().notation.typed_number(text)
    except TwoWays as two:
        raise ValueError(
            gettext(
                "“%(text)s” can be read in two ways. Write %(meant)s or %(other)s.",
                text=two.text,
                meant=two.meant,
                other=two.other,
            )
        ) from None


def _line(field: Field, validators: list[Any]) -> StringField:
    made = NumberField if field.kind in _KEYBOARDS else StringField
    keyboard = {"inputmode": _KEYBOARDS.get(field.kind, "text")}
    return made(field.label, validators, description=field.hint, render_kw=keyboard)


def _with_zone(hint: str) -> str:
    """Returns the hint of an instant with the zone in which it is read, where that is the person's own."""
    own = reader.present()
    if not own.has_own_zone:
        return hint
    zone = gettext("Time zone: %(zone)s.", zone=own.zone.key)
    return f"{hint} {zone}".strip()


_KEYBOARDS = {Kind.INTEGER: "numeric", Kind.DECIMAL: "decimal", Kind.MONEY: "decimal"}
_CONTROLS: dict[Kind, Callable[[Field, list[Any]], Any]] = {
    Kind.LONG_TEXT: lambda field, validators: TextAreaField(
        field.label, validators, description=field.hint, render_kw={"rows": 4}
    ),
    Kind.DATE: lambda field, validators: DayField(field.label, validators, description=field.hint),
    Kind.DATETIME: lambda field, validators: StringField(
        field.label, validators, description=_with_zone(field.hint), widget=DateTimeLocalInput()
    ),
    Kind.RELATION: lambda field, validators: RelationControl(field, validators),
}
