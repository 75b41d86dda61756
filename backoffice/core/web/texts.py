"""How templates ask for a text: `_()`, `ngettext()`, `pgettext()` and `{% trans %}`, as Jinja's new style has them.

A list asks some sixty times. Flask-Babel's own functions work out the language anew at each, which cost a list half a
millisecond; here a text without placeholders is looked up once per language.
"""

from __future__ import annotations

from typing import Any

from babel.support import NullTranslations
from flask import Flask, current_app, g
from flask_babel import get_locale, get_translations
from markupsafe import Markup


class Texts(dict[str, Markup]):
    """The texts of one language without placeholders, each looked up and made ready when it is first asked for."""

    def __init__(self, catalogue: NullTranslations) -> None:
        super().__init__()
        self.catalogue = catalogue

    def __missing__(self, message: str) -> Markup:
        text = self[message] = _html(self.catalogue.ugettext(message), {})
        return text


def init_app(app: Flask) -> None:
    """Gives templates the functions. Texts are HTML of ours, so they go in as they are; what they are given is escaped."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {"_": _text, "gettext": _text, "ngettext": _counted, "pgettext": _in_context}
    app.extensions["texts"] = {}


def _text(message: str, **values: Any) -> Markup:
    texts = _texts()
    return _html(texts.catalogue.ugettext(message), values) if values else texts[message]


def _counted(one: str, many: str, num: int, **values: Any) -> Markup:
    return _html(_texts().catalogue.ungettext(one, many, num), {"num": num, **values})


def _in_context(context: str, message: str, **values: Any) -> Markup:
    return _html(_texts().catalogue.upgettext(context, message), values)


def _html(text: str, values: dict[str, Any]) -> Markup:
    return Markup(text) % values  # noqa: S704  a constant of our templates, or its translation; values are escaped


def _texts() -> Texts:
    texts: Texts | None = g.get("texts")
    if texts is None:
        texts = g.texts = current_app.extensions["texts"].setdefault(str(get_locale()), Texts(get_translations()))
    return texts
