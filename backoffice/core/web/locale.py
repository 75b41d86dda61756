"""The language of the pages: the organisation's, BACKOFFICE_LOCALE, judged once at the start.

English stands in the templates themselves; every other language is a catalogue in CATALOGUES, made as README.md says.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from flask import Flask, current_app
from flask_babel import get_babel, get_locale

from backoffice.config import PREFIX, SettingError
from backoffice.core.web import texts
from backoffice.extensions import babel

WRITTEN_IN = "en"
CATALOGUE = "messages"


@dataclass(frozen=True)
class Language:
    """What a page says of its language: `lang` and `dir` of its root element."""

    tag: str
    direction: str


def init_app(app: Flask) -> None:
    """Has templates ask for every text, and gives them `language()`. Raises SettingError for a language that is not there."""
    babel.init_app(app, locale_selector=_chosen)
    _check(app)
    texts.init_app(app)
    app.jinja_env.globals["language"] = lambda: _language(get_locale())


def _chosen() -> str:
    """Returns the language of this request. One per organisation as yet; one per person would be chosen here.

    The dashboard keeps drawn figures (dashboard.charts.printed): they would then be kept per language.
    """
    name: str = current_app.config["LOCALE"]
    return name


def _check(app: Flask) -> None:
    name = app.config["LOCALE"]
    try:
        language = Locale.parse(name).language
    except (ValueError, UnknownLocaleError) as error:
        raise SettingError(f"{PREFIX}LOCALE={name!r} is unknown. Set a language such as en, de or pt_BR.") from error
    folders = [Path(folder) for folder in get_babel(app).translation_directories]
    if language != WRITTEN_IN and not any(gettext.find(CATALOGUE, folder, [name]) for folder in folders):
        raise SettingError(
            f"{PREFIX}LOCALE={name!r} has no catalogue. Make {folders[0].name}/{name}/LC_MESSAGES/{CATALOGUE}.mo "
            f"as README.md says, or set it to {WRITTEN_IN}."
        )


@lru_cache
def _language(locale: Locale) -> Language:
    return Language(str(locale).replace("_", "-"), locale.text_direction)
