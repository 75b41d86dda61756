"""What stands around every page: the menu of the person who is signed in, and when it was made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from string import ascii_lowercase
from typing import Any

from flask import Flask, current_app
from flask_admin.menu import BaseMenu, MenuView

from backoffice.core.access import Person
from backoffice.core.clock import in_words, utcnow
from backoffice.core.once import once
from backoffice.core.web.gate import current_person


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
    """Gives templates `menu()` and `now_in_words()`."""
    sections = once(lambda person: _sections(app, person))
    app.extensions["menu"] = sections
    app.jinja_env.globals["menu"] = menu
    app.jinja_env.globals["now_in_words"] = lambda: in_words(utcnow())


def menu() -> list[Section]:
    """Returns the sections with what the signed-in person may open, in the order of declaration."""
    sections: list[Section] = current_app.extensions["menu"](current_person())
    return sections


def _lettered(sections: list[Section]) -> list[Section]:
    """Gives each entry the first letter of its name that no entry before it has."""
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
