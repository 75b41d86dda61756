"""`manage.py texts`: everything that pages say, for catalogues in other languages: sentences, and names that are declared."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po
from flask import current_app
from flask.cli import with_appcontext

from backoffice.core import access
from backoffice.core.access import Role, Verb
from backoffice.core.grid.declaration import Declaration, grids
from backoffice.core.grid.grouping import MEASURES
from backoffice.core.operations.rules import rulebook
from backoffice.core.operations.tables import models
from backoffice.core.selection import fields_of
from backoffice.core.summaries import Figure
from backoffice.core.text import nouns, words

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "later": None,
    "to_tell": None,
    "to_count": (1, 2),
}  # those that Babel does not know

Text = str | tuple[str, ...]  # of things that are counted: one, several


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path), default="messages.pot")
@with_appcontext
def texts(file: Path) -> None:
    """Write all texts of the pages to FILE, the template from which catalogues in other languages are made."""
    catalogue = template()
    with file.open("wb") as out:
        write_po(out, catalogue, width=120)
    click.echo(f"Wrote {len(catalogue):,} texts to {file}.")


def template() -> Catalog:
    """Returns every text that pages can ask for."""
    catalogue = Catalog(project="back-office")
    for text in declared():
        catalogue.add(text)
    for place, line, message, comments, context in _written():
        catalogue.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return catalogue


def _written() -> Iterator[tuple[str, int, Text, list[str], str | None]]:
    """Yields what stands in Python and in templates, with its place."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(one["pattern"], one["method"]) for one in tools]
    options = {one["pattern"]: {k: v for k, v in one.items() if k not in ("pattern", "method")} for one in tools}
    for folder in ("backoffice", "templates"):
        inside = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        given = {pattern.removeprefix(f"{folder}/"): kept for pattern, kept in options.items()}
        found = extract_from_dir(ROOT / folder, inside, given, KEYWORDS)
        yield from ((f"{folder}/{name}", line, text, notes, about) for name, line, text, notes, about in found)


def declared() -> Iterator[Text]:
    """Yields the names and sentences that features declare: grids, fields, choices, rows, rights, rules, figures and the menu."""
    for grid in grids().values():
        yield from filter(None, _of_grid(type(grid)))
    for model in access.declared():
        yield from filter(None, _of_model(model))
    for table in (model.__tablename__ for model in models()):
        yield nouns(table)
    for figure in current_app.extensions["summaries"].all:
        yield from _of_figure(figure)
    yield from map(words, (*Role, *MEASURES))
    yield from _of_rights()
    yield from _of_rules()
    yield from _of_menu()


def _of_grid(grid: type[Declaration]) -> Iterator[Text]:
    yield grid.called()
    yield grid.english_nouns()
    yield grid.group or ""
    yield from grid.sections
    yield from grid.steps
    yield grid.instead[0]
    for panel in grid.panels:
        yield panel.title
    for lines in grid.lines:
        yield from (lines.title, lines.noun)


def _of_model(model: type[Any]) -> Iterator[Text]:
    yield nouns(model.__tablename__)
    yield words(model.__tablename__)
    for field in fields_of(model).values():
        yield from (field.called, field.explained)
        yield from map(words, field.choices)


def _of_figure(figure: Figure) -> Iterator[Text]:
    yield from (figure.title, figure.definition, figure.group)
    if figure.step:
        yield figure.step.label


def _of_rights() -> Iterator[Text]:
    yield from (verb.name.lower() for verb in Verb)
    for rights in access.declared().values():
        for right in rights.values():
            yield from map(words, (*(right.fields or ()), *right.hidden, *(right.editable or ())))


def _of_rules() -> Iterator[Text]:
    for model in models():
        yield from (rule.message for rule in rulebook.rules(model))
    for _model, effect in rulebook.effects():
        if effect.foretells:
            yield effect.foretells.words


def _of_menu() -> Iterator[Text]:
    for admin in current_app.extensions["admin"]:
        for item in admin.menu():
            yield item.name
            yield from (entry.name for entry in item.get_children())
