"""Icons: the drawings of static/icons/sprite.svg, for templates. A list's page holds some fifty, so each is put in words once."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from backoffice.core.web.assets import asset
from backoffice.core.web.locale import language

SPRITE = "icons/sprite.svg"
TURNED = {"previous": "next", "next": "previous"}  # along the line, which runs from right to left in some languages
MOST = 1000  # drawings that are kept


def init_app(app: Flask) -> None:
    """Gives templates `icon()`."""
    app.jinja_env.globals["icon"] = icon


def icon(name: str, label: str = "") -> Markup:
    """Returns a drawing of the sprite: icon("edit") is decoration beside words; icon("lock", "Locked") stands alone and is read out."""
    if name in TURNED and language().direction == "rtl":
        name = TURNED[name]
    return _drawn(asset(SPRITE), name, label)


@lru_cache(MOST)
def _drawn(sprite: str, name: str, label: str) -> Markup:
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    drawing = Markup('<svg class="icon" width="16" height="16" {}><use href="{}#{}"></use></svg>')
    return drawing.format(said, sprite, name)
