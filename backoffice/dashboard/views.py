"""The overview at /admin/: the figures that the signed-in person may see and wants to, each a link to the rows behind it."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose
from werkzeug.exceptions import BadRequest

from backoffice.core import clock
from backoffice.core.access import Person
from backoffice.core.summaries import look, refresh, told, visible
from backoffice.core.web.gate import current_person, signed_in
from backoffice.core.wording import gettext
from backoffice.dashboard import view_tiles
from backoffice.dashboard.arranging import Arranged, arranged
from backoffice.dashboard.calendar import spans
from backoffice.dashboard.charts import printer
from backoffice.dashboard.choice import AGAINST, PERIODS, choice
from backoffice.dashboard.keeping import Kept, keep, kept
from backoffice.dashboard.page import groups
from backoffice.staff import sessions

LOOK = "X-Look"  # an open page looks again by itself, which is no sign that anybody is there


class DashboardView(AdminIndexView):
    """Flask-Admin's first page, with figures."""

    def __init__(self) -> None:
        super().__init__(name="Dashboard", template="dashboard/index.html", menu_icon_value="dashboard")

    def offered_to(self, person: Person) -> bool:
        """Says whether the menu leads here: it is open to everybody."""
        return True

    @expose("/")
    @signed_in
    def index(self) -> ResponseReturnValue:
        """Shows the figures as they are kept; what is missing or stale is made afresh meanwhile."""
        person = current_person()
        if request.headers.get(LOOK):
            sessions.leave_idle()
        own = kept(person)
        chosen = choice(request.args, own, person.role)
        about = spans(person, chosen, clock.today())
        looks = look(person, figures=_arranged(person, own).shown, spans=about)
        return self.render(
            self._template,
            groups=groups(looks),
            printed=printer(),
            may_act={one.figure.name: one.figure.step.open_to(person) for one in looks if one.figure.step},
            counting=sum(one.counting for one in looks),
            chosen=chosen,
            spans=about,
            now=clock.utcnow(),
            periods={value: told(label) for value, label in PERIODS.items()},
            against={value: told(label) for value, label in AGAINST.items()},
            told=told,
        )

    @expose("/refresh/", methods=("POST",))
    @signed_in
    def refresh(self) -> ResponseReturnValue:
        """Has the figures made afresh and shows them."""
        person = current_person()
        refresh(person, view_tiles.figures_of(person, kept(person)))
        return redirect(self.get_url(".index"))

    @expose("/period/", methods=("POST",))
    @signed_in
    def period(self) -> ResponseReturnValue:
        """Keeps which period figures over time are about, and leads to the address that says so."""
        person = current_person()
        chosen = choice(request.form, kept(person), person.role)
        keep(person, **chosen.args)
        return redirect(self.get_url(".index", **chosen.args), 303)

    @expose("/arrange/", methods=("GET", "POST"))
    @signed_in
    def arrange(self) -> ResponseReturnValue:
        """Shows all figures to be put in order, or takes one step of that and shows what came of it."""
        person = current_person()
        own = _arranged(person, kept(person))
        if request.method == "GET":
            offers = view_tiles.by_grid(view_tiles.offers(person, own.names))
            return self.render(
                "dashboard/arrange.html", arranged=own, offers=offers, is_view=view_tiles.is_view, spoken=gettext
            )
        if "reset" in request.form:
            keep(person, figures=None, hidden=None)
        else:
            names, hidden = _stepped(person, own)
            keep(person, figures=names, hidden=hidden)
        return redirect(self.get_url(".arrange", _anchor=request.form.get("at") or None), 303)


def _arranged(person: Person, own: Kept) -> Arranged:
    return arranged([*visible(person), *view_tiles.figures_of(person, own)], own, person.role)


def _stepped(person: Person, own: Arranged) -> tuple[list[str], list[str]]:
    """Returns the names in order, and those left out, after the step that the form names. Answers 400 where it names none."""
    added, removed = request.form.get("view"), request.form.get("remove")
    if added is not None:
        if added not in {str(offer.id) for offer in view_tiles.offers(person, own.names)}:
            raise BadRequest(gettext("The form names no view that can be added."))
        return _with_view(person, own, int(added)).names, sorted(own.hidden)
    if removed in own.names and view_tiles.is_view(removed):
        return [name for name in own.names if name != removed], sorted(own.hidden - {removed})
    after = _moved(own)
    return after.names, sorted(after.hidden)


def _with_view(person: Person, own: Arranged, view_id: int) -> Arranged:
    """Returns the arrangement with the tile of a view, where the role has such tiles."""
    wished = Kept(figures=[*own.names, view_tiles.name_of(view_id)])
    return arranged([*visible(person), *view_tiles.figures_of(person, wished)], Kept(figures=own.names), person.role)


def _moved(own: Arranged) -> Arranged:
    form = request.form
    if form.get("order"):
        return own.ordered(form["order"].split(","))
    for name, by in (("up", -1), ("down", 1)):
        if form.get(name) in own.names:
            return own.moved(form[name], by)
        if form.get(f"heading-{name}") in own.groups():
            return own.moved_heading(form[f"heading-{name}"], by)
    if form.get("toggle") in own.names:
        return own.toggled(form["toggle"])
    raise BadRequest(gettext("The form names no figure to move, to hide or to show."))
