"""Rights in words: what each role may do, on the page that shows them all."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from backoffice.core.access import right
from backoffice.staff.rights import in_words
from tests.languages import german, speaking


def test_fields_of_a_right_stand_in_the_alphabet_of_the_readers_language(app: Flask, tmp_path: Path) -> None:
    own = right("V", fields=("city", "email"))

    with app.test_request_context():
        in_english = in_words(own)[-1]
    with speaking(app, german(tmp_path, {"City": "Stadt", "Email": "E-Mail"}), "de"), app.test_request_context():
        in_german = in_words(own)[-1]

    assert [in_english, in_german] == ["only city, email", "only E-Mail, Stadt"]
