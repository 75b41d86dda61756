"""The overview at /admin/: every figure that the signed-in person may see, each a link to the rows behind it."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose

from backoffice.core import clock
from backoffice.core.summaries import look
from backoffice.core.web.gate import current_person, signed_in
from backoffice.dashboard.charts import printed
from backoffice.dashboard.page import groups


class DashboardView(AdminIndexView):
    """Flask-Admin's first page, with figures."""

    def __init__(self) -> None:
        super().__init__(name="Dashboard", template="dashboard/index.html", menu_icon_value="dashboard")

    @expose("/")
    @signed_in
    def index(self) -> ResponseReturnValue:
        """Shows the figures as they are kept; what is missing or stale is computed."""
        person = current_person()
        role, looks = person.role, look(person)
        return self.render(self._template, groups=groups(looks, role), printed=printed, today=clock.today())

    @expose("/refresh/", methods=("POST",))
    @signed_in
    def refresh(self) -> ResponseReturnValue:
        """Computes the figures anew and shows them."""
        look(current_person(), since=clock.utcnow())
        return redirect(self.get_url(".index"))
