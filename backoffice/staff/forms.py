"""The forms of sign-in and of one's own account."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired

from backoffice.core.clock import ZONES
from backoffice.core.text import fold
from backoffice.core.web.locale import languages
from backoffice.core.wording import gettext
from backoffice.staff import preferences
from backoffice.staff.models import StaffUser
from backoffice.staff.passwords import ADVICE, objection
from backoffice.staff.services import own_words

_PLAIN = {"autocapitalize": "none", "spellcheck": "false"}


class SignInForm(FlaskForm):
    """Username or address, and password. `next` is where to go; `kept` and `kept_for` are a form that came too late."""

    username = StringField(
        _("Username or email"), render_kw={"autocomplete": "username", **_PLAIN}, validators=[InputRequired()]
    )
    password = PasswordField(
        _("Password"), render_kw={"autocomplete": "current-password"}, validators=[InputRequired()]
    )
    next = HiddenField()
    kept = HiddenField()
    kept_for = HiddenField()


class NewPasswordForm(FlaskForm):
    """A password that an administrator gives to an account."""

    new_password = PasswordField(
        _("New password"),
        description=ADVICE,
        render_kw={"autocomplete": "new-password"},
        validators=[InputRequired(_("Type the new password."))],
    )
    repeated = PasswordField(
        _("New password again"),
        render_kw={"autocomplete": "new-password"},
        validators=[
            InputRequired(_("Type the new password again.")),
            EqualTo("new_password", _("The two new passwords differ.")),
        ],
    )

    def __init__(self, account: StaffUser) -> None:
        super().__init__()
        self._account = account

    def validate_new_password(self, field: PasswordField) -> None:
        """Refuses what attackers try first."""
        reason = objection(field.data or "", own_words(self._account, current_app.config["ORGANISATION"]))
        if reason:
            raise ValidationError(reason)


class ChangePasswordForm(NewPasswordForm):
    """One's own password; asks for the present one first."""

    current_password = PasswordField(
        _("Current password"),
        render_kw={"autocomplete": "current-password"},
        validators=[InputRequired(_("Type your current password."))],
    )
    field_order = ("current_password", "new_password", "repeated")


class PlaceForm(FlaskForm):
    """How values are written for oneself, in which time zone, and in which language where there are several. Empty: as for all."""

    locale = SelectField(_("Dates and numbers"), validate_choice=False)
    timezone = StringField(_("Time zone"), render_kw={"list": "zones", "autocomplete": "off", **_PLAIN})
    language = SelectField(_("Language"), validate_choice=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        known = languages()
        zone = current_user.account_zone if current_user.account_zone in ZONES else current_app.config["TIMEZONE"]
        usual = gettext("The organisation's (%(sample)s)", sample=preferences.sample())
        self.locale.choices = [("", usual), *preferences.locales()]
        self.timezone.description = gettext(
            "A name such as Asia/Tokyo. Empty: the one that your account has, %(zone)s.", zone=zone
        )
        spoken = sorted(((name, preferences.own_name(name)) for name in known), key=lambda offer: fold(offer[1]))
        self.language.choices = [("", gettext("The organisation's")), *spoken]
        if len(known) < 2:
            del self.language

    def validate_locale(self, field: SelectField) -> None:
        """Refuses what is not offered."""
        if field.data not in dict(field.choices):
            raise ValidationError(gettext("Choose one of the list."))

    validate_language = validate_locale

    def validate_timezone(self, field: StringField) -> None:
        """Refuses names that are no zone's; in which case one is typed does not matter."""
        typed = (field.data or "").strip()
        found = {zone.casefold(): zone for zone in ZONES}.get(typed.casefold().replace(" ", "_"), "")
        if typed and not found:
            raise ValidationError(
                gettext("No time zone is called “%(name)s”. Choose one of the list, or leave it empty.", name=typed)
            )
        field.data = found

    @property
    def wants(self) -> dict[str, str | None]:
        """Returns what was chosen, as it is kept."""
        return {name: value or None for name, value in self.data.items() if name in preferences.NAMES}
