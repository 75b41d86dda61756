"""The forms of sign-in and of one's own account."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired

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
