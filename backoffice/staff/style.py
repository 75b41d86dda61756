"""The style guide: every part of which pages are made, in every state, drawn by the templates that draw the real pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.menu import MenuLink
from wtforms import BooleanField, Form, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.web.brand import brand
from backoffice.core.web.colours import READABLE, VISIBLE, contrast
from backoffice.core.web.gate import requires
from backoffice.core.web.tokens import Theme, Token, read_tokens
from backoffice.staff.models import StaffUser

SHAPES = ("edge", "focus", "series", "step", "pair")  # seen, not read
DECORATION = ("line", "line-strong")  # what it divides is told by more than the line
GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "quiet", "current")

blueprint = Blueprint("style", __name__, url_prefix="/admin/style")


class StyleLink(MenuLink):
    """The page's entry in the menu, for those who may open it."""

    def __init__(self) -> None:
        super().__init__("Style guide", endpoint="style.index", category="Administration", icon_value="light")

    def offered_to(self, person: Person) -> bool:
        """Says whether the menu leads here."""
        return access.may(person, Verb.EDIT, StaffUser)


@dataclass(frozen=True)
class Swatch:
    """A colour in one theme: its ink on its ground, and how well one is told from the other."""

    theme: str
    ink: str
    ground: str
    contrast: str
    enough: bool


class Sample(Form):
    """A form with one field of each kind."""

    name = StringField("Name", description="As it stands in the passport.", validators=[InputRequired("Type a name.")])
    email = StringField("E-mail", default="ada@example.org", validators=[Length(max=10, message="This is too long.")])
    status = SelectField("Status", choices=[("active", "Active"), ("on_leave", "On leave")])
    notes = TextAreaField("Notes", validators=[InputRequired("Say why.")])
    hold = BooleanField("Financial hold", description="No new enrollments until it is lifted.")
    number = StringField("Student number", default="S000001", render_kw={"readonly": True})


@blueprint.route("/", methods=("GET", "POST"))
@requires(Verb.EDIT, StaffUser)
def index() -> ResponseReturnValue:
    """Shows the guide; its samples lead back to it."""
    if request.method == "POST":
        return redirect(url_for("style.index"))
    wrong = Sample(prefix="wrong-")
    wrong.validate()
    tokens = read_tokens(Path(str(current_app.static_folder)) / "css/app.css")
    groups = [(group, list(members)) for group, members in groupby(tokens, key=lambda token: token.group)]
    return render_template(
        "staff/style.html",
        form=Sample(),
        wrong=wrong,
        line=Sample(prefix="line-"),
        groups=groups,
        swatches=swatches(tokens, brand().colours),
    )


def swatches(tokens: list[Token], own: Mapping[str, tuple[str, str]]) -> dict[str, list[Swatch]]:
    """Returns each colour in light and dark, with `own` in the place of ours."""
    colours = {token.name: token.colours for token in tokens if token.colours} | dict(own)
    return {name: [_swatch(name, colours, theme) for theme in Theme] for name in colours}


def _swatch(name: str, colours: Mapping[str, tuple[str, str]], theme: Theme) -> Swatch:
    ink, ground = (colours[part][theme] for part in _pair(name))
    figure = contrast(ink, ground)
    least = 0 if name in DECORATION else VISIBLE if name.startswith(SHAPES) else READABLE
    return Swatch(theme.name.lower(), ink, ground, f"{figure:.1f}", figure >= least)


def _pair(name: str) -> tuple[str, str]:
    """Returns the ink and the ground that a token is judged by."""
    if name in GROUNDS:
        return "text", name
    if name in ("accent", "accent-hover"):
        return "on-accent", name
    if name == "on-accent":
        return name, "accent"
    stem, _, soft = name.rpartition("-")
    if soft == "soft":
        return ("accent-text" if stem == "accent" else stem), name
    return name, "surface"
