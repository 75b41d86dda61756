"""How templates ask for a text: `_()`, `ngettext()`, `pgettext()` and `{% trans %}`, as Jinja's new style has them.

A list asks some sixty times. Flask-Babel's own functions work out the language anew at each, which cost a list half a
millisecond; here a text without placeholders is made ready once per language.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.support import NullTranslations
from flask import Flask
from markupsafe import Markup

from backoffice.core.wording import catalogue


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


def _text(message: str, **values: Any) -> Markup:
    return _html(catalogue().ugettext(message), values) if values else _texts(catalogue())[message]


def _counted(one: str, many: str, num: int, **values: Any) -> Markup:
    return _html(catalogue().ungettext(one, many, num), {"num": num, **values})


def _in_context(context: str, message: str, **values: Any) -> Markup:
    return _html(catalogue().upgettext(context, message), values)


def _html(text: str, values: dict[str, Any]) -> Markup:
    return Markup(text) % values  # noqa: S704  a constant of our templates, or its translation; values are escaped


@cache
def _texts(catalogue: NullTranslations) -> Texts:
    return Texts(catalogue)
