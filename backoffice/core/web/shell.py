"""What stands around every page: the menu of the person who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_admin.menu import BaseMenu, MenuView


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    name: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Section:
    """Entries under one heading; the first section has none."""

    name: str
    entries: tuple[Entry, ...]


def init_app(app: Flask) -> None:
    """Gives templates `menu()`."""
    app.jinja_env.globals["menu"] = menu


def menu() -> list[Section]:
    """Returns the sections with what the signed-in person may open, in the order in which the grids were declared."""
    items: list[BaseMenu] = [item for admin in current_app.extensions.get("admin", []) for item in admin.menu()]
    loose = [item for item in items if not item.is_category()]
    sections = [_section("", loose)]
    sections += [_section(item.name, item.get_children()) for item in items if item.is_category()]
    return [section for section in sections if section.entries]


def _section(name: str, items: list[BaseMenu]) -> Section:
    shown = (item for item in items if item.is_accessible() and item.is_visible())
    return Section(name, tuple(_entry(item) for item in shown))


def _entry(item: BaseMenu) -> Entry:
    url = item.get_url() or ""
    view: Any = item._view if isinstance(item, MenuView) else None
    endpoint = view.endpoint if view is not None else ""
    current = request.blueprint == endpoint if endpoint else request.path == url
    return Entry(item.name, url, item.get_icon_value() or endpoint or "table", current)
