"""A language in which every letter of ours is another one, so that what is not in it can be seen on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import ascii_letters

from babel.messages.catalog import Catalog
from sqlalchemy import String, select

from backoffice.core.model import Choice
from backoffice.core.operations.tables import label_of, models
from backoffice.extensions import db
from tests.contracts.words import HEARD, KEYS
from tests.languages import write

LOCALE = "he"  # one whose own names of months and languages have none of our letters either
WIDE = {ord(letter): chr(ord(letter) + 0xFEE0) for letter in ascii_letters}
FIXED = re.compile(r"(%\(\w+\)[sd]|<[^>]*>|&\w+;)")  # places and tags
WORD = re.compile(r"[A-Za-z]{2,}")
UNHEARD = ("data-keys", "data-value")  # what is pressed, and what is typed
SILENT = ("script", "style", KEYS, "code", "title")  # the title repeats the heading beside the organisation's name
# What is the same in every language: names of formats, currencies and zones, examples of queries, addresses and numbers of requests.
SAME = re.compile(
    r"\b(?:CSV|Excel|JSON Lines|UTC|CES?T|EUR|ID|\w+/\w+|-?[\w.]+:\S*|[\w.]+=\S*|\S+@\S+|OR|today|-?\d+[dwm]|[0-9a-f]{6,})(?!\w)|&\w+;|\{\w+\}"
)


def wide(text: str) -> str:
    """Returns a text in the language."""
    parts = FIXED.split(text)
    return "".join(part if place % 2 else part.translate(WIDE) for place, part in enumerate(parts))


def install(template: Catalog, folder: Path) -> None:
    """Makes a catalogue of the language out of every text of a template."""
    catalogue = Catalog(locale=LOCALE)
    for message in template:
        if message.id:
            one, many = message.id if message.pluralizable else (message.id, "")
            said = (wide(one), *[wide(many)] * (catalogue.num_plurals - 1)) if many else wide(one)
            catalogue.add(message.id, said, context=message.context)
    write(catalogue, folder)


class _Page(HTMLParser):
    """Collects what a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        self.found += [text for name, value in attrs for text in _heard(name, value or "")]

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open not in SILENT:
            self.found.append(data)


def _heard(name: str, value: str) -> list[str]:
    """Returns what an attribute says, or what a script says by it: a text, or a list of them as JSON."""
    if name in HEARD:
        return [value]
    if not name.startswith("data-") or name in UNHEARD or " " not in value:
        return []
    texts = json.loads(value) if value.startswith("[") else [value]
    return [text if isinstance(text, str) else text[-1] for text in texts]  # (key, what it does)


def unsaid(page: str, data: Iterable[str]) -> set[str]:
    """Returns the texts of a page with words that are neither of the language nor data, without these."""
    reader = _Page()
    reader.feed(page)
    return set(_left(reader.found, sorted(data, key=len, reverse=True)))


def _left(texts: Iterable[str], data: list[str]) -> Iterator[str]:
    for text in texts:
        if WORD.search(text):
            bare = " ".join(text.split())
            for value in data:
                bare = bare.replace(value, "…")
            bare = SAME.sub("…", bare)
            if WORD.search(bare):
                yield re.sub(r"\d+", "0", bare)


def stored() -> set[str]:
    """Returns every text in the database that people or the history gave, choices aside."""
    found: set[str] = set()
    for table in db.metadata.sorted_tables:
        columns = [c for c in table.columns if isinstance(c.type, String) and not isinstance(c.type, Choice)]
        for row in db.session.execute(select(*columns)) if columns else ():
            found |= {" ".join(str(value).split()) for value in row if value and len(str(value)) > 1}
    for model in models():
        found |= {str(label) for label in db.session.scalars(select(label_of(model)).select_from(model)) if label}
    return found
