"""One's own account: who one is here, one's password, how pages are written, and whether single keys do something."""

from __future__ import annotations

import logging

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from backoffice.core.clock import ZONES
from backoffice.core.web import logs
from backoffice.core.web.errors import wants_json
from backoffice.core.web.gate import signed_in
from backoffice.core.wording import gettext
from backoffice.extensions import db
from backoffice.staff import preferences, sessions, throttle
from backoffice.staff.forms import ChangePasswordForm, PlaceForm
from backoffice.staff.models import StaffUser
from backoffice.staff.passwords import verify
from backoffice.staff.services import set_password, stored_hash

blueprint = Blueprint("account", __name__, url_prefix="/admin/account")


@blueprint.route("/", methods=("GET", "POST"))
@signed_in
@throttle.throttled_for_oneself
def index() -> ResponseReturnValue:
    """Shows one's account (GET); changes one's password and ends one's other sessions (POST)."""
    account = db.get_or_404(StaffUser, current_user.id)
    form = ChangePasswordForm(account)
    status = 200
    if request.method == "POST":
        status = _try(form, account)
    if status == 302:
        return redirect(url_for("account.index"))
    return make_response(_page(account, form, PlaceForm(formdata=None, obj=current_user)), status)


@blueprint.post("/keys/")
@signed_in
def keys() -> ResponseReturnValue:
    """Keeps whether pages listen to single keys."""
    preferences.keep(current_user.id, single_keys="single_keys" in request.form)
    if wants_json():
        return "", 204
    on, off = gettext("The shortcuts of a single key are on."), gettext("The shortcuts of a single key are off.")
    flash(on if "single_keys" in request.form else off, "success")
    return redirect(url_for("account.index"))


@blueprint.post("/place/")
@signed_in
def place() -> ResponseReturnValue:
    """Keeps how dates, numbers and times are written for oneself; what cannot be is shown again with what is wrong."""
    form = PlaceForm()
    if not form.validate():
        account = db.get_or_404(StaffUser, current_user.id)
        return make_response(_page(account, ChangePasswordForm(account), form), 422)
    preferences.keep(current_user.id, **form.wants)
    flash(gettext("From now on pages write dates, numbers and times as you chose."), "success")
    return redirect(url_for("account.index"))


def _page(account: StaffUser, form: ChangePasswordForm, place: PlaceForm) -> str:
    return render_template("staff/account.html", form=form, place=place, account=account, zones=sorted(ZONES))


def _try(form: ChangePasswordForm, account: StaffUser) -> int:
    """Changes the password. Returns the status of the answer: 302 done, 401 not the current password, 422 not valid."""
    if not verify(stored_hash(account), form.current_password.data or ""):
        form.current_password.errors = [gettext("This is not your current password.")]
        logs.event("password.refused", person=account.id, level=logging.WARNING)
        return throttle.FAILED
    if not form.validate():
        return 422
    set_password(account, form.new_password.data)
    sessions.enter(account)
    logs.event("password.changed", person=account.id)
    flash(gettext("Your password is changed. You are signed out everywhere else."), "success")
    return 302
