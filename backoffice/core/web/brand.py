"""The organisation's own: its logo and its colour, read and judged once at the start, served from our own origin.

Colours are worked out, not taken on trust: whatever BACKOFFICE_COLOUR is, words on it and in it can be read in both themes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, url_for

from backoffice.config import PREFIX, SettingError
from backoffice.core.web.assets import YEAR
from backoffice.core.web.colours import HEX, READABLE, VISIBLE, WHITE, contrast, ink_on, mixed, until
from backoffice.core.web.gate import public
from backoffice.core.web.logo import read_logo
from backoffice.core.web.tokens import Theme, read_tokens

MOST_MIXED = 0.375  # of black or white; with more of it, it would be another colour
GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "quiet", "current")  # on which links stand
WORDS = ("text", "muted", "faint")  # which stand on what is chosen
SOFT = 0.92  # of white in what is chosen in the light theme, of the sheet in the dark one
DARK_SOFT = 0.75
BAR = 0.12  # of its ink in a button on what is chosen, under the pointer

Colours = dict[str, str]
Pair = tuple[str, str]

blueprint = Blueprint("brand", __name__, url_prefix="/brand")


@dataclass(frozen=True)
class File:
    """What is served of the brand."""

    content: bytes
    media_type: str

    @property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]


@dataclass(frozen=True)
class Brand:
    """The files of the organisation's own, None where the setting is empty, and the colours that replace ours."""

    logo: File | None
    style: File | None
    colours: dict[str, Pair]


def init_app(app: Flask) -> None:
    """Reads both settings and serves them. Raises SettingError with one line for one that cannot be used."""
    app.register_blueprint(blueprint)
    path, colour = app.config["LOGO"], app.config["COLOUR"]
    colours = accents(colour, grounds(app)) if colour else {}
    app.extensions["brand"] = Brand(
        File(*read_logo(path)) if path else None,
        File(stylesheet(colours).encode(), "text/css") if colours else None,
        colours,
    )
    app.jinja_env.globals["logo_url"] = lambda: _address("logo")
    app.jinja_env.globals["brand_style_url"] = lambda: _address("style")


def grounds(app: Flask) -> tuple[Colours, Colours]:
    """Returns the colours of app.css by name, in light and in dark."""
    tokens = read_tokens(Path(str(app.static_folder)) / "css/app.css")
    light, dark = ({token.name: token.colours[theme] for token in tokens if token.colours} for theme in Theme)
    return light, dark


def accents(colour: str, themes: tuple[Colours, Colours]) -> dict[str, Pair]:
    """Returns the tokens that a colour replaces, in light and dark. Raises SettingError if it cannot be told from a page."""
    colour = colour.lower()
    if not HEX.fullmatch(colour):
        raise SettingError(f"{PREFIX}COLOUR={colour!r} is no colour. Set one such as #0b6e4f.")
    light, dark = (_accents(colour, theme, themes[theme]) for theme in Theme)
    return {name: (light[name], dark[name]) for name in light}


def _accents(colour: str, theme: Theme, known: Colours) -> Colours:
    away = "#000000" if theme is Theme.LIGHT else WHITE  # from the page
    fill = until(colour, away, _stands_out(VISIBLE, [known["canvas"], known["surface"]]), MOST_MIXED)
    if fill is None:
        page, other = (("light", "darker"), ("dark", "lighter"))[theme]
        raise SettingError(
            f"{PREFIX}COLOUR={colour!r} cannot be told from a {page} page (contrast below 3:1). Set a {other} colour."
        )
    ink = ink_on(fill)
    paper, share = ((WHITE, SOFT), (known["surface"], DARK_SOFT))[theme]
    words = [known[name] for name in WORDS]
    soft = until(mixed(fill, paper, share), paper, _stands_out(READABLE, words)) or paper
    plain = [*(known[name] for name in GROUNDS), soft]
    link = until(fill, away, lambda found: _stands_out(READABLE, [*plain, mixed(soft, found, BAR)])(found)) or away
    return {
        "accent": fill,
        "accent-hover": mixed(fill, "#000000" if ink == WHITE else WHITE, BAR),
        "on-accent": ink,
        "accent-text": link,
        "accent-soft": soft,
        "focus": link,
    }


def _stands_out(least: float, others: list[str]) -> Callable[[str], bool]:
    return lambda colour: all(contrast(colour, other) >= least for other in others)


def stylesheet(tokens: dict[str, Pair]) -> str:
    """Returns the rule that puts colours in the place of those of app.css."""
    lines = "".join(f"  --{name}: light-dark({light}, {dark});\n" for name, (light, dark) in tokens.items())
    return f":root {{\n{lines}}}\n"


def brand() -> Brand:
    """Returns the brand of the running application."""
    found: Brand = current_app.extensions["brand"]
    return found


def _address(name: str) -> str:
    file: File | None = getattr(brand(), name)
    return url_for(f"brand.{name}", v=file.version) if file else ""


@blueprint.get("/logo")
@public
def logo() -> Response:
    """Answers the logo. Opened by itself, an SVG may run nothing and load nothing."""
    answer = _served(brand().logo)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return answer


@blueprint.get("/style.css")
@public
def style() -> Response:
    """Answers the colours."""
    return _served(brand().style)


def _served(file: File | None) -> Response:
    if file is None:
        abort(404)
    answer = Response(file.content, content_type=file.media_type)
    answer.cache_control.public = True
    answer.cache_control.max_age = YEAR
    answer.cache_control.immutable = True
    return answer
