"""The language of the pages is judged at the start, and pages say which one it is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from backoffice.app import create_app
from backoffice.config import SettingError, Settings


def test_pages_are_in_english_unless_told_otherwise(client: FlaskClient) -> None:
    assert '<html lang="en" dir="ltr">' in client.get("/login").get_data(as_text=True)


def test_a_region_of_english_needs_no_catalogue(settings: Settings, app: Flask) -> None:
    page = create_app(replace(settings, LOCALE="en_GB")).test_client().get("/login").get_data(as_text=True)

    assert re.findall("<html[^>]*>", page) == ['<html lang="en-GB" dir="ltr">']


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("tlhx", "is unknown. Set a language such as en, de or pt_BR."),
        ("../etc", "is unknown. Set a language such as en, de or pt_BR."),
        ("", "is unknown. Set a language such as en, de or pt_BR."),
        (
            "de",
            "has no catalogue. Make translations/de/LC_MESSAGES/messages.mo as README.md says, or set it to en.",
        ),
    ],
)
def test_a_language_that_is_not_there_stops_the_start(settings: Settings, app: Flask, locale: str, words: str) -> None:
    with pytest.raises(SettingError) as error:
        create_app(replace(settings, LOCALE=locale))

    assert str(error.value) == f"BACKOFFICE_LOCALE={locale!r} {words}"


def test_what_is_put_into_a_text_is_escaped_and_counted(app: Flask) -> None:
    source = '{{ _("About %(name)s", name="<b>") }} {{ ngettext("%(num)s row", "%(num)s rows", 2) }} {{ _("100%%") }}'
    with app.test_request_context():
        assert render_template_string(source) == "About &lt;b&gt; 2 rows 100%"
