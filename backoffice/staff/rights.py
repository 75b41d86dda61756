"""The page that shows who may do what, as it is declared and therefore enforced."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_admin.menu import MenuLink

from backoffice.core import access
from backoffice.core.access import NOTHING, Person, Right, Role, Verb
from backoffice.core.text import fold
from backoffice.core.web.gate import requires
from backoffice.core.wording import gettext, inside, said
from backoffice.staff.models import StaffUser

blueprint = Blueprint("rights", __name__, url_prefix="/admin/rights")


class RightsLink(MenuLink):
    """The page's entry in the menu, for those who may open it."""

    def __init__(self) -> None:
        super().__init__("Rights", endpoint="rights.index", category="Administration", icon_value="key")

    def offered_to(self, person: Person) -> bool:
        """Says whether the menu leads here."""
        return access.may(person, Verb.EDIT, StaffUser)


@blueprint.get("/")
@requires(Verb.EDIT, StaffUser)
def index() -> str:
    """Shows one row per kind of record and one column per role."""
    rows = [
        (said(model.__tablename__), [in_words(rights.get(role, NOTHING)) for role in Role])
        for model, rights in access.declared().items()
    ]
    return render_template("staff/rights.html", roles=[said(role) for role in Role], rows=rows)


def in_words(right: Right) -> list[str]:
    """Returns a right as short phrases: what, which fields, which rows."""
    if not right.verbs:
        return []
    phrases = [", ".join(gettext(verb.name.lower()) for verb in Verb if verb.value in right.verbs)]
    if right.fields is not None:
        phrases.append(gettext("only %(fields)s", fields=_listed(right.fields)))
    if right.hidden:
        phrases.append(gettext("without %(fields)s", fields=_listed(right.hidden)))
    if right.editable is not None:
        phrases.append(gettext("edits only %(fields)s", fields=_listed(right.editable)))
    if right.scope is not None:
        phrases.append(gettext("own rows only") if Verb.VIEW.value in right.verbs else gettext("only rows in use"))
    if right.changes is not None:
        phrases.append(gettext("changes own rows only"))
    return phrases


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted((inside(said(name)) for name in names), key=fold))
