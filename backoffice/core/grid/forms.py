"""WTForms forms out of the field catalog. A form keeps what was typed; what it means is read once, by the field's kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from sqlalchemy import inspect
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    Form,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.core import Field as Control
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation

from backoffice.core.clock import organisation_zone
from backoffice.core.grid.catalog import currency_beside
from backoffice.core.grid.pickers import RelationControl
from backoffice.core.money import to_minor
from backoffice.core.selection import Field, Kind
from backoffice.core.text import words

LONGEST_TEXT = 100_000  # characters, where the column itself sets no limit
LARGEST_INTEGER = 2**31 - 1
LARGEST_DECIMAL = Decimal(10) ** 14

Value = Any
Fields = Mapping[str, Field]


class RecordForm(Form):
    """A form over catalog fields; `catalog` names them in order."""

    catalog: dict[str, Field] = {}

    def values(self) -> dict[str, Value]:
        """Returns what was typed, by field, as plan_edit and create take it. Only after `validate()`."""
        return {name: _meant(field, self[name].data, self._currency(name)) for name, field in self.catalog.items()}

    def _currency(self, name: str) -> str:
        beside = currency_beside(name, self.catalog[name])
        typed = self[beside].data if beside in self else None
        return typed or current_app.config["CURRENCY"]

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
    controls: dict[str, Any] = {name: _control(field, partial) for name, field in fields.items()}
    return type("RecordForm", (RecordForm,), {**controls, "catalog": dict(fields)})


def required(field: Field) -> bool:
    """Says whether a row cannot be without a value in this field, and nothing fills it in."""
    if field.nullable or field.kind is Kind.BOOLEAN or field.column is None:
        return False
    column = inspect(field.model).attrs[field.column].columns[0]
    return column.default is None and column.server_default is None


def _control(field: Field, partial: bool) -> Any:
    must = required(field) and not partial
    presence = InputRequired(f"{field.label} is required.") if must else Optional(strip_whitespace=True)
    if field.kind is Kind.BOOLEAN and not partial:
        return BooleanField(field.label)
    if field.kind is Kind.BOOLEAN:
        return SelectField(field.label, choices=[("", "No change"), ("true", "Yes"), ("false", "No")])
    if field.kind is Kind.CHOICE:
        return _choice(field, partial)
    return _CONTROLS[field.kind](field, presence)


def _choice(field: Field, partial: bool) -> SelectField:
    choices = [(choice, words(choice)) for choice in field.choices]
    if partial:
        choices.insert(0, ("", "No change"))
    elif field.nullable or required(field):
        choices.insert(0, ("", "–" if field.nullable else "Choose"))
    validators = [InputRequired(f"{field.label} is required.")] if required(field) and not partial else []
    return SelectField(field.label, choices=choices, validators=validators, validate_choice=True)


def _clean(control: Control) -> None:
    text = control.data or ""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise StopValidation("This holds a character that is no text; please remove it.")


def _checked(form: Form, control: Control) -> None:
    _clean(control)


def _text(field: Field, presence: Any) -> StringField:
    longest = field.length or LONGEST_TEXT
    length = Length(max=longest, message=f"{field.label} may have {longest:,} characters at most.")
    return StringField(field.label, [presence, _checked, length])


def _long_text(field: Field, presence: Any) -> TextAreaField:
    longest = field.length or LONGEST_TEXT
    length = Length(max=longest, message=f"{field.label} may have {longest:,} characters at most.")
    return TextAreaField(field.label, [presence, _checked, length], render_kw={"rows": 4})


def _integer(field: Field, presence: Any) -> IntegerField:
    fits = NumberRange(-LARGEST_INTEGER - 1, LARGEST_INTEGER, f"{field.label} is too large a number.")
    return WholeNumber(field.label, [presence, fits], render_kw={"inputmode": "numeric"})


def _decimal(field: Field, presence: Any) -> DecimalField:
    fits = NumberRange(-LARGEST_DECIMAL, LARGEST_DECIMAL, f"{field.label} is too large a number.")
    return ExactNumber(field.label, [presence, _finite, fits], places=None, render_kw={"inputmode": "decimal"})


def _finite(form: Form, control: Control) -> None:
    if control.data is not None and not control.data.is_finite():
        raise StopValidation(f"{control.label.text} needs a number such as 100.50.")


class WholeNumber(IntegerField):
    """A whole number, in the digits 0 to 9."""

    widget = StringField.widget

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        digits = text.removeprefix("-").removeprefix("+")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 20):
            raise ValueError(f"{self.label.text} needs a whole number such as 30.")
        self.data = int(text)


class ExactNumber(DecimalField):
    """A decimal number with a point."""

    widget = StringField.widget

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.isascii() and len(text) <= 40) or any(letter not in "+-.0123456789" for letter in text):
            raise ValueError(f"{self.label.text} needs a number such as 100.50.")
        try:
            self.data = Decimal(text)
        except ArithmeticError:
            raise ValueError(f"{self.label.text} needs a number such as 100.50.") from None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "" if self.data is None else f"{self.data:f}"


class Day(DateField):
    """A civil date, typed as 2026-01-31."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text for text in valuelist if text.strip()])
        except ValueError:
            self.data = None
            raise ValueError(f"{self.label.text} needs a date such as 2026-01-31.") from None


class Moment(DateTimeLocalField):
    """An instant, typed in the organisation's time zone."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text for text in valuelist if text.strip()])
        except ValueError:
            self.data = None
            raise ValueError(f"{self.label.text} needs a date and time such as 2026-01-31T14:05.") from None


_CONTROLS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _decimal,
    Kind.DATE: lambda field, presence: Day(field.label, [presence]),
    Kind.DATETIME: lambda field, presence: Moment(
        field.label, [presence], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
    ),
    Kind.RELATION: lambda field, presence: RelationControl(field, [presence]),
}


def _meant(field: Field, data: Any, currency: str) -> Value:
    """Returns the column's value out of the control's."""
    if data is None or data == "":
        return None
    if field.kind is Kind.MONEY:
        return to_minor(data, currency)
    if field.kind is Kind.DATETIME:
        return _instant(data)
    if field.kind is Kind.BOOLEAN and isinstance(data, str):
        return data == "true"
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return data.strip().replace("\r\n", "\n") or None
    return data


def _instant(local: datetime) -> datetime:
    return local.replace(tzinfo=organisation_zone()).astimezone(UTC)
