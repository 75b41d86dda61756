"""What stands around every page: the menu of the person who is signed in, and when it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Any

from babel.support import NullTranslations
from flask import Flask, current_app, request
from flask_admin.menu import BaseMenu, MenuView
from markupsafe import Markup

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.once import once
from backoffice.core.text import capital
from backoffice.core.web.assets import asset
from backoffice.core.web.gate import current_person
from backoffice.core.web.icons import SPRITE
from backoffice.core.web.macros import macros
from backoffice.core.wording import catalogue, gettext, inside, said

SCRIPTS = ("finding", "theme", "shortcuts", "suggesting")  # the macros of scripts.html


@dataclass(frozen=True)
class Entry:
    """One line of the menu; it is the current one on every page of its blueprint."""

    name: str
    url: str
    icon: str
    blueprint: str
    letter: str = ""  # behind "g" it leads here; "" where all letters of the name lead elsewhere


@dataclass(frozen=True)
class Section:
    """Entries under one heading; the first section has none."""

    name: str
    entries: tuple[Entry, ...]


def init_app(app: Flask) -> None:
    """Gives templates `menu()`, `now_in_words()`, `said()`, `inside()`, `capital()`, `for_scripts()` and `reader`, by whose functions they write numbers and dates."""
    sections = once(lambda person, spoken: _spoken(_sections(app, person)))
    app.extensions["menu"] = sections

    @once
    def draw(person: Person, spoken: NullTranslations, blueprint: str | None, _sprite: str) -> Markup:
        drawn: Markup = macros("menu.html").menu(sections(person, spoken), blueprint)
        return drawn

    app.extensions["drawn menu"] = draw
    app.jinja_env.globals["menu"] = _drawn_menu
    app.jinja_env.globals["now_in_words"] = lambda: reader.moment(utcnow())
    app.jinja_env.globals["reader"] = reader
    app.jinja_env.globals["said"] = said
    app.jinja_env.globals["inside"] = inside
    app.jinja_env.globals["capital"] = capital
    app.jinja_env.globals["for_scripts"] = for_scripts
    app.extensions["words of scripts"] = {}


def menu() -> list[Section]:
    """Returns the sections with what the signed-in person may open, in the order of declaration."""
    sections: list[Section] = current_app.extensions["menu"](current_person(), catalogue())
    return sections


def _drawn_menu() -> Markup:
    """Returns the menu as it is on this page, with icons of that sprite: each page has it."""
    draw = current_app.extensions["drawn menu"]
    drawn: Markup = draw(current_person(), catalogue(), request.blueprint, asset(SPRITE))
    return drawn


def _lettered(sections: list[Section]) -> list[Section]:
    """Gives each entry the first letter of its English name that no entry before it has."""
    free = set(ascii_lowercase)
    found = []
    for section in sections:
        entries = []
        for entry in section.entries:
            letter = next((letter for letter in entry.name.lower() if letter in free), "")
            free.discard(letter)
            entries.append(replace(entry, letter=letter))
        found.append(Section(section.name, tuple(entries)))
    return found


def _spoken(sections: list[Section]) -> list[Section]:
    """Returns the sections with their names in the language that is spoken."""
    return [
        Section(
            gettext(section.name) if section.name else "",
            tuple(replace(entry, name=gettext(entry.name)) for entry in section.entries),
        )
        for section in sections
    ]


def for_scripts() -> Mapping[str, Markup]:
    """Returns the attributes by which the scripts of every page have their words, made once per language."""
    kept: dict[Any, Mapping[str, Markup]] = current_app.extensions["words of scripts"]
    spoken = catalogue()
    if spoken not in kept:
        drawn = macros("scripts.html")
        kept[spoken] = {name: getattr(drawn, name)() for name in SCRIPTS}
    return kept[spoken]


def _sections(app: Flask, person: Person) -> list[Section]:
    items: list[BaseMenu] = [item for admin in app.extensions.get("admin", []) for item in admin.menu()]
    loose = [item for item in items if not item.is_category()]
    sections = [_section("", loose, person)]
    sections += [_section(item.name, item._children, person) for item in items if item.is_category()]
    return _lettered([section for section in sections if section.entries])


def _section(name: str, items: list[BaseMenu], person: Person) -> Section:
    """Returns the entries that are offered to the person: each view says so, by the role alone."""
    offers: list[tuple[BaseMenu, Any]] = [(item, item._view if isinstance(item, MenuView) else item) for item in items]
    return Section(name, tuple(_entry(item, view.endpoint) for item, view in offers if view.offered_to(person)))


def _entry(item: BaseMenu, endpoint: str) -> Entry:
    blueprint = endpoint.partition(".")[0]
    return Entry(item.name, item.get_url() or "", item.get_icon_value() or blueprint, blueprint)
