"""What pages and messages say, in the language of whoever reads them. English stands in the code, the others in catalogues.

Names that declarations give (labels, headings, nouns, choices) are English there and are asked for where they are shown.
Outside an application, and for whatever is kept (`reader.kept`), all of it is the organisation's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import reduce
from typing import Any

from babel.support import NullTranslations
from flask import current_app, g, has_app_context
from flask_babel import force_locale, get_locale, get_translations

from backoffice.core.text import words

ENGLISH = NullTranslations()
CAPITALS = ("de", "lb")  # languages that write nouns with a capital letter everywhere


def gettext(message: str, **values: Any) -> str:
    """Returns a text in the reader's language, with `values` in the places that it names: "%(noun)s"."""
    text: str = catalogue().ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, /, **values: Any) -> str:
    """Returns the text for a number of things; "%(num)s" in it is the number unless `values` says how to write it."""
    text: str = catalogue().ungettext(one, many, num)
    return text % {"num": num, **values}


def pgettext(context: str, message: str, **values: Any) -> str:
    """Returns the text of a word that means several things, by what is meant: pgettext("of a seat", "Open")."""
    text: str = catalogue().upgettext(context, message)
    return text % values if values else text


def later(message: str) -> str:
    """Returns a text as it is, and has it put into the catalogues: whoever shows it asks for it then."""
    return message


def said(name: str) -> str:
    """Returns a technical name as people read it, such as that of a choice: "on_leave" becomes "On leave"."""
    return gettext(words(name))


def inside(label: str) -> str:
    """Returns a label as it stands inside a sentence: where most languages write it small, unless it begins with an acronym."""
    if label[1:2].isupper() or language().partition("_")[0] in CAPITALS:
        return label
    return label[:1].lower() + label[1:]


def language() -> str:
    """Returns the language of what is said now: what is kept for several readers is kept for each language."""
    locale = get_locale() if has_app_context() else None
    return str(locale) if locale else ""


def catalogue() -> NullTranslations:
    """Returns the texts of the reader's language, looked up once in an answer: it is asked for at every text."""
    try:
        found: NullTranslations = g.catalogue
    except AttributeError:
        found = g.catalogue = get_translations()
    except RuntimeError:  # outside an application
        return ENGLISH
    return found


def is_source() -> bool:
    """Returns whether the reader's language is that in which the texts stand in the code."""
    return not catalogue().files


@contextmanager
def organisations() -> Iterator[None]:
    """Has what is said meanwhile said in the organisation's language. Needs an application."""
    before = g.pop("catalogue", None)
    try:
        with force_locale(current_app.config["LOCALE"]):
            yield
    finally:
        g.catalogue = before or get_translations()


def either(texts: Iterable[str]) -> str:
    """Returns texts of which one is enough: "Leeds or York or Bath"."""
    return reduce(lambda one, other: gettext("%(one)s or %(other)s", one=one, other=other), texts)


def both(texts: Iterable[str]) -> str:
    """Returns texts that all count: "Leeds and York and Bath"."""
    return reduce(lambda one, other: gettext("%(one)s and %(other)s", one=one, other=other), texts)
