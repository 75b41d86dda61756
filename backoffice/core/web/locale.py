"""The language of the pages: the organisation's, BACKOFFICE_LOCALE, judged once at the start, or another that a person chose.

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
from flask_login import current_user

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
    app.jinja_env.globals["language"] = language


def language() -> Language:
    """Returns the language of the page that is being made."""
    return _language(get_locale())


def languages() -> list[str]:
    """Returns the languages that pages can be in, the organisation's first."""
    folders = [Path(folder) for folder in get_babel().translation_directories]
    made = {file.parent.parent.name for folder in folders for file in folder.glob(f"*/LC_MESSAGES/{CATALOGUE}.mo")}
    usual: str = current_app.config["LOCALE"]
    written = [] if Locale.parse(usual).language == WRITTEN_IN else [WRITTEN_IN]
    return list(dict.fromkeys([usual, *written, *sorted(made)]))


def _chosen() -> str:
    """Returns the language of this request: the person's, if they chose one that is still there."""
    own, usual = getattr(current_user, "language", None), current_app.config["LOCALE"]
    return own if own and own in languages() else usual


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
