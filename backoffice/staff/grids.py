"""The grid of staff accounts, for administrators."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, select

from backoffice.core.access import Person, Role, Verb, right
from backoffice.core.grid import Grid
from backoffice.core.grid.doors import one, requested_id
from backoffice.core.web import logs
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext
from backoffice.extensions import db
from backoffice.staff.forms import NewPasswordForm
from backoffice.staff.models import StaffUser
from backoffice.staff.services import set_password


def active(person: Person) -> ColumnElement[bool]:
    """Returns the condition on StaffUser: those who work here, and may be given work."""
    return StaffUser.is_active.is_(True)


class StaffGrid(Grid):
    """Accounts are made, changed and deactivated here; deleted nowhere."""

    model = StaffUser
    name = "staff"
    title = "Staff"
    nouns = ("account", "accounts")
    group = "Administration"
    columns = ("full_name", "username", "email", "role", "is_active", "last_login_at")
    form = ("full_name", "username", "email", "role", "is_active", "timezone")
    filters = ("role", "is_active", "last_login_at", "created_at")
    default_sort = "full_name"
    sections = {
        "Account": ("full_name", "username", "email", "role", "is_active"),
        "Use": ("timezone", "last_login_at", "created_at", "updated_at"),
    }
    rights = {
        Role.ADMIN: right("VCEBX"),
        **{role: right("N", scope=active) for role in Role if role is not Role.ADMIN},
    }
    verbs = Grid.verbs | {"password_view": Verb.EDIT}

    def links(self, row_id: int) -> list[tuple[str, str]]:
        return [(gettext("Set password"), self.address("password_view", id=row_id))]

    @expose("/password/", methods=("GET", "POST"))
    def password_view(self) -> ResponseReturnValue:
        """Gives somebody a password. One's own is changed where the present one is asked for."""
        person = current_person()
        account = db.first_or_404(select(StaffUser).where(StaffUser.id.in_(one(self, requested_id()).select_ids())))
        if account.id == person.id:
            return redirect(url_for("account.index"))
        form = NewPasswordForm(account)
        back = self.address("details_view", id=account.id)
        if form.validate_on_submit():
            set_password(account, form.new_password.data)
            logs.event("password.set", person=person.id, account=account.id)
            told = gettext("%(person)s has a new password and is signed out everywhere.", person=account.full_name)
            flash(told, "success")
            return redirect(back)
        page = render_template("staff/password.html", form=form, account=account, back=back)
        return make_response(page, 422 if form.errors else 200)


GRIDS = (StaffGrid,)
