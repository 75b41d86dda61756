"""Languages can follow without touching a template: texts go through gettext, layout through logical properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_babel

from backoffice.dashboard.charts import printed
from tests import factories
from tests.contracts.words import TEMPLATES, unsaid, untranslated

ROOT = TEMPLATES.parent
SAMPLES = {"staff/style.html"}  # for those who make templates; its words are samples of other pages' words
WRITTEN = sorted(
    name for file in TEMPLATES.rglob("*.html") if (name := str(file.relative_to(TEMPLATES))) not in SAMPLES
)
SHEETS = sorted((ROOT / "backoffice/static/css").glob("*.css"))
PHYSICAL = re.compile(
    r"(?<![\w-])(?:\w[\w-]*-)?(?:left|right)(?:-[\w-]+)?\s*:[^;}]*"
    r"|(?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
SIZE = r"(?:calc\([^)]*\)|var\([^)]*\)|[\w.%-]+)"
FOUR_SIDES = re.compile(
    rf"(?<![\w-])(?:margin|padding|inset|border-width)\s*:\s*{SIZE}\s+(?P<right>{SIZE})\s+{SIZE}\s+(?P<left>{SIZE})"
)
HEBREW = "he"  # written from right to left
SHOWN = {
    "/admin/students/": {"Skip to content", "Sign out", "Download", "New student", "Select Ada Lovelace", "0 selected"},
    "/admin/students/new/": {"Save", "Save and add another", "Cancel", "required"},
    "/admin/students/details/?id={id}": {"Edit", "Delete", "History", "All notes", "New note"},
    "/admin/account/": {"Your account", "Who you are here", "New password again", "Change password"},
    "/admin/nothing/": {"Not found", "Go to the overview"},
    "/admin/": {"Dashboard", "Arrange", "Refresh", "Period", "Compared with", "What this is"},
}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_word_of_a_template_goes_through_gettext(name: str) -> None:
    assert untranslated((TEMPLATES / name).read_text()) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello</p>", "Hello"),
        ("<p>{{ name }}, hello</p>", "… , hello"),
        ("<p>{% if late %}too late{% endif %}</p>", "too late"),
        ('<a aria-label="Open {{ name }}"></a>', "Open …"),
        ('<p>{{ count or "none" }}</p>', "… none …"),
        ('{% call panel("Lists") %}{% endcall %}', "Lists"),
        ('{{ panel(title=("all of it" if all else name)) }}', "all of it"),
        ("{{ _(page.heading) }}", "a text that is no constant"),
    ],
)
def test_a_word_that_does_not_is_found(source: str, words: str) -> None:
    assert untranslated(source) == [words]


def test_what_is_no_word_is_not_found() -> None:
    assert (
        untranslated(
            '<p class="big">{{ _("Hello %(name)s", name=row.name) }}: {% trans %}<b>bye</b>{% endtrans %} <kbd>Ctrl K</kbd>'
            '{{ icon("sort-up") }}<a class="{{ "btn btn-ghost" if quiet }}" href="/admin/">{{ field(class="a b") }}</a></p>'
        )
        == []
    )


def test_every_word_that_is_flashed_goes_through_gettext() -> None:
    found = {
        str(module.relative_to(ROOT)): unsaid(module.read_text()) for module in (ROOT / "backoffice").rglob("*.py")
    }

    assert {module: words for module, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('flash("Saved.", "success")', ["Saved."]),
        ('messages.note(f"{rows} saved" if new else gettext("Nothing new"))', [" saved"]),
        ('flash({"text": "Saved: " + name, "operation_url": url}, "info")', ["Saved: "]),
        ('messages.done(gettext("%(rows)s saved", rows=rows), operation, back)', []),
        ('note(problem or words[0] if state == "done" else outcome("done"))', []),
    ],
)
def test_a_flashed_word_that_does_not_is_found(source: str, words: list[str]) -> None:
    assert unsaid(source) == words


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_stylesheet_knows_left_from_right(sheet: Path) -> None:
    text = sheet.read_text()
    unequal = [four for four in FOUR_SIDES.finditer(text) if four["right"] != four["left"]]

    assert PHYSICAL.findall(text) + [four[0] for four in unequal] == []


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a catalogue in Hebrew, made as the README says, in which each text is the English one in ⟦⟧."""
    folder = tmp_path_factory.mktemp("translations")
    template, made = folder / "messages.pot", folder / HEBREW / "LC_MESSAGES" / "messages.mo"
    CommandLineInterface().run(
        ["pybabel", "-q", "extract", "-F", f"{ROOT}/pyproject.toml", "-o", str(template), str(ROOT)]
    )
    catalogue = read_po(BytesIO(template.read_bytes()), locale=HEBREW)
    for message in catalogue:
        one, many = message.id if message.pluralizable else (message.id, "")
        message.string = (f"⟦{one}⟧", *[f"⟦{many}⟧"] * (catalogue.num_plurals - 1)) if many else f"⟦{one}⟧"
    made.parent.mkdir(parents=True)
    with made.open("wb") as file:
        write_mo(file, catalogue)
    return folder


@pytest.fixture
def in_hebrew(app: Flask, catalogues: Path, sign_in: Callable[..., FlaskClient]) -> Iterator[FlaskClient]:
    """An administrator who is signed in where the pages are in Hebrew."""
    client, folders, english = sign_in("admin"), get_babel(app).translation_directories, app.config["LOCALE"]
    usual = list(folders)
    app.config["LOCALE"], folders[:] = HEBREW, [str(catalogues)]
    printed.cache_clear()
    yield client
    app.config["LOCALE"], folders[:] = english, usual
    printed.cache_clear()


@pytest.mark.parametrize("address", SHOWN)
def test_a_right_to_left_language_takes_the_place_of_english(app: Flask, in_hebrew: FlaskClient, address: str) -> None:
    with app.app_context():
        student = factories.student(full_name="Ada Lovelace").id

    page = in_hebrew.get(address.format(id=student)).get_data(as_text=True)

    assert '<html lang="he" dir="rtl">' in page
    assert SHOWN[address] - set(re.findall("⟦([^⟧]*)⟧", page)) == set()
