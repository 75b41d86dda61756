"""An application that speaks another language as well, as far as a test says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from flask_babel import get_babel

Text = str | tuple[str, str]  # of things that are counted: one, several


@contextmanager
def speaking(app: Flask, folder: Path, locale: str = "") -> Iterator[Flask]:
    """Has `app` know the catalogues in `folder` and no others; `locale` becomes the organisation's."""
    babel, usual = get_babel(app), app.config["LOCALE"]
    known = list(babel.translation_directories)
    with app.app_context():
        read = babel.instance.domain_instance.cache
    babel.translation_directories[:], app.config["LOCALE"] = [str(folder)], locale or usual
    read.clear()  # a catalogue is read once
    try:
        yield app
    finally:
        babel.translation_directories[:], app.config["LOCALE"] = known, usual
        read.clear()


def write(catalogue: Catalog, folder: Path) -> None:
    """Puts a catalogue where an application that knows `folder` finds it."""
    file = folder / str(catalogue.locale) / "LC_MESSAGES" / "messages.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_mo(out, catalogue)


def german(folder: Path, texts: Mapping[Text, Text]) -> Path:
    """Returns the folder, with a German catalogue of these texts."""
    catalogue = Catalog(locale="de")
    for english, text in texts.items():
        catalogue.add(english, text)
    write(catalogue, folder)
    return folder
