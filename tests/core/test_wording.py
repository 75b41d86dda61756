"""What Python says is in the language of whoever reads it, and what is kept in the organisation's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask_babel import force_locale

from backoffice.core import reader
from backoffice.core.wording import gettext, inside, ngettext, pgettext
from tests.languages import speaking, write


@pytest.fixture
def german(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application with a German catalogue of three texts."""
    catalogue = Catalog(locale="de")
    catalogue.add("New %(noun)s", "%(noun)s anlegen")
    catalogue.add(("%(num)s row", "%(num)s rows"), ("%(num)s Zeile", "%(num)s Zeilen"))
    catalogue.add("Open", "Öffnen", context="what to do")
    write(catalogue, tmp_path)
    with speaking(app, tmp_path):
        yield app


def said() -> list[str]:
    return [
        gettext("New %(noun)s", noun="Kurs"),
        ngettext("%(num)s row", "%(num)s rows", 1),
        ngettext("%(num)s row", "%(num)s rows", 2000, num="2.000"),
        pgettext("what to do", "Open"),
        gettext("100%"),
    ]


ENGLISH = ["New Kurs", "1 row", "2.000 rows", "Open", "100%"]


def test_a_text_is_said_in_the_language_of_the_page(german: Flask) -> None:
    with german.test_request_context(), force_locale("de"):
        assert said() == ["Kurs anlegen", "1 Zeile", "2.000 Zeilen", "Öffnen", "100%"]


def test_what_is_kept_is_in_the_organisations_language_whoever_reads_the_page(german: Flask) -> None:
    with german.test_request_context(), force_locale("de"):
        before = gettext("New %(noun)s", noun="Kurs")
        with reader.kept():
            kept = said()
        after = gettext("New %(noun)s", noun="Kurs")

    assert (before, kept, after) == ("Kurs anlegen", ENGLISH, "Kurs anlegen")


def test_outside_an_application_texts_are_english() -> None:
    assert said() == ENGLISH


def test_a_label_is_small_inside_a_sentence_but_for_acronyms_and_nouns_of_german(german: Flask) -> None:
    labels = ["End reason", "Sourced ID", "ID", "X", ""]

    with german.test_request_context(), force_locale("de"):
        in_german = [inside(label) for label in labels]

    assert [inside(label) for label in labels] == ["end reason", "sourced ID", "ID", "x", ""]
    assert in_german == labels
