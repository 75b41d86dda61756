"""Languages can follow without touching a template: texts go through gettext, layout through logical properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from textwrap import dedent

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_babel

from backoffice.commands.texts import texts
from backoffice.staff.passwords import ADVICE
from backoffice.staff.views import WRONG
from tests import factories
from tests.contracts.grids import post
from tests.contracts.sentences import unsaid, unspoken
from tests.contracts.words import TEMPLATES, untranslated
from tests.languages import speaking, write

ROOT = TEMPLATES.parent
ATTRIBUTES = {"scripts.html"}  # nothing else stands in it: test_texts.py hears what scripts are given
SAMPLES = {"staff/style.html"}  # for those who make templates; its words are samples of other pages' words
WRITTEN = sorted(
    name for file in TEMPLATES.rglob("*.html") if (name := str(file.relative_to(TEMPLATES))) not in SAMPLES | ATTRIBUTES
)
SHEETS = sorted((ROOT / "backoffice/static/css").glob("*.css"))
FOR_COMMANDS = {  # read by whoever starts commands, in English
    "operations/commands.py",
    "operations/proving.py",
    "operations/verifying.py",
    "web/logo.py",
}
NOT_FOR_READERS = {  # what looks like a sentence and is none for readers of pages; what is no longer there goes
    "access.py": ["Command line"],  # as history names it
    "clock.py": ["Factory"],
    "database.py": ["set_config('…', '…', true)", "database is locked"],
    "exchange/__init__.py": ["text/csv; charset=utf-8", "application/jsonl; charset=utf-8"],
    "exchange/csv_lines.py": ["printf('…', …)", "concat_ws('…', …)", "abs(…) / …, abs(…) % …"],
    "exchange/jsonl_reader.py": ["… is not JSON"],  # never gets out
    "exchange/xlsx_parts.py": ["yyyy-mm-dd hh:mm:ss"],
    "grid/filter_fields.py": ["2026-01-31, today, -7d, +2w, -1m", "2026-01-31, today, -7d, -1m"],  # the query language
    "model.py": ["an instant needs a time zone"],
    "money.py": ["… is not an amount", "… is not an amount"],
    "notation.py": ["“…” can be read in two ways. Write … or …."],  # forms say it
    "operations/additions.py": ["add a row", "the plan adds nothing"],
    "operations/computing.py": ["… days"],  # SQL
    "operations/links.py": ["the plan links nothing"],
    "operations/models.py": ["Undo: ", "Redo: "],  # as they were kept in English
    "operations/tables.py": ["no business table is called …"],
    "summaries/figure.py": ["two figures share a name: …"],
    "summaries/freshness.py": ["asked for"],
    "web/brand.py": ["  --…: light-dark(…, …);\n", "default-src 'none'; frame-ancestors 'none'; sandbox"],
    "web/errors.py": ["…: unknown host.\n", "text/plain; charset=utf-8"],
    "web/headers.py": [
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "max-age=…; includeSubDomains",
    ],
}
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
    "/admin/students/": {
        *("Skip to content", "Sign out", "Download", "New student", "Select Ada Lovelace", "0 selected"),
        *("Students", "People", "Full name", "Status", "Active"),
    },
    "/admin/students/new/": {"Save", "Save and add another", "Cancel", "required", "Preferred name", "Standing"},
    "/admin/students/details/?id={id}": {
        "Edit",
        "Delete",
        "History",
        "All notes",
        "New note",
        "Enrollments",
        "Standing",
    },
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


def test_no_template_writes_words_small_or_large_by_itself() -> None:
    """A filter writes nouns of German small too, and all of a name but its first letter: `inside()` and `capital()` do not."""
    found = {name: re.findall(r"\|\s*(?:lower|capitalize|title)\b", (TEMPLATES / name).read_text()) for name in WRITTEN}

    assert {name: filters for name, filters in found.items() if filters} == {
        "parts/badge.html": ["|lower"]
    }  # a state's key


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


def test_every_sentence_that_core_makes_goes_through_gettext() -> None:
    core = ROOT / "backoffice/core"
    found = {str(module.relative_to(core)): unspoken(module.read_text()) for module in core.rglob("*.py")}
    for_commands = {module for module in FOR_COMMANDS if found.pop(module, None)}

    assert {module: texts for module, texts in found.items() if texts} == NOT_FOR_READERS
    assert for_commands == FOR_COMMANDS


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('raise Invalid("Choose a field.")', ["Choose a field."]),
        ('def tally(): return f"{number} will change"', ["… will change"]),
        ('Button("again", label="Review again")', ["Review again"]),
        ('DONE = {"create": "Created"}', ["Created"]),
        ('words = "with" if rows else f"without {row.name} here"', ["without … here"]),
        ('x = gettext("%(rows)s left", rows="all of them")', ["all of them"]),
        ('problem: str = f"Row {line} is not CSV."', ["Row … is not CSV."]),
        ('def page(heading: str = "New row") -> str: return heading', ["New row"]),
    ],
)
def test_a_sentence_that_does_not_is_found(source: str, texts: list[str]) -> None:
    assert unspoken(source) == texts


def test_what_no_reader_reads_is_no_sentence() -> None:
    source = '''
        """What this is about."""
        __all__ = ["Plan"]
        Answer = TypeVar("Answer")

        @dataclass
        class Grid:
            """A grid of rows."""

            title = "All rows"  # declared
            model: "Base model" = column(info={"label": "First name"})

            def show(self) -> "Page or nothing":
                log.warning("Job %s was taken over", job)
                if words[0] == "no rows" or page.headers["Retry-After"] == "not yet":
                    raise TypeError("no model at all")
                rows.where(text("state is open")).order_by(f"{name} NULLS LAST WHERE true")
                flash(gettext("Saved all rows"), "success", f"{grid}.{name}")
                return {"all of it": later("Some of it"), "sort": f"{name}_{order}", "a-b": f"<p>{name} is here</p>"}
    '''

    assert unspoken(dedent(source)) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_no_stylesheet_knows_left_from_right(sheet: Path) -> None:
    text = sheet.read_text()
    unequal = [four for four in FOUR_SIDES.finditer(text) if four["right"] != four["left"]]

    assert PHYSICAL.findall(text) + [four[0] for four in unequal] == []


def said(page: str) -> set[str]:
    """Returns the texts of a page that gettext was asked for, those that stand in others too."""
    found: set[str] = set()
    while innermost := re.findall("⟦([^⟦⟧]*)⟧", page):
        found |= set(innermost)
        page = re.sub("⟦([^⟦⟧]*)⟧", r"\1", page)
    return found


@pytest.fixture(scope="module")
def catalogues(_application: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a catalogue in Hebrew, made as the README says, in which each text is the English one in ⟦⟧."""
    folder = tmp_path_factory.mktemp("translations")
    template = folder / "messages.pot"
    told = _application.test_cli_runner().invoke(texts, [str(template)])
    assert re.fullmatch(rf"Wrote [\d,]+ texts to {template}\.\n", told.output)
    catalogue = read_po(BytesIO(template.read_bytes()), locale=HEBREW)
    for message in catalogue:
        one, many = message.id if message.pluralizable else (message.id, "")
        message.string = (f"⟦{one}⟧", *[f"⟦{many}⟧"] * (catalogue.num_plurals - 1)) if many else f"⟦{one}⟧"
    write(catalogue, folder)
    return folder


def test_what_is_asked_for_before_there_is_a_reader_is_in_the_template_too(catalogues: Path) -> None:
    template = read_po(BytesIO((catalogues / "messages.pot").read_bytes()))

    assert [str(WRONG) in template, str(ADVICE) in template] == [True, True]


@pytest.fixture
def installed(app: Flask, catalogues: Path) -> Iterator[None]:
    """Has pages speak Hebrew beside English."""
    with speaking(app, catalogues):
        yield


@pytest.fixture
def in_hebrew(app: Flask, installed: None, sign_in: Callable[..., FlaskClient]) -> Iterator[FlaskClient]:
    """An administrator who is signed in where the pages are in Hebrew."""
    client, english = sign_in("admin"), app.config["LOCALE"]
    app.config["LOCALE"] = HEBREW
    yield client
    app.config["LOCALE"] = english


@pytest.mark.parametrize("address", SHOWN)
def test_a_right_to_left_language_takes_the_place_of_english(app: Flask, in_hebrew: FlaskClient, address: str) -> None:
    with app.app_context():
        student = factories.student(full_name="Ada Lovelace").id

    page = in_hebrew.get(address.format(id=student)).get_data(as_text=True)

    assert '<html lang="he" dir="rtl">' in page
    assert SHOWN[address] - said(page) == set()


@pytest.mark.parametrize("address", ["/admin/account/", "/admin/", "/admin/nothing/"])
def test_a_person_may_have_another_language_than_the_organisation(
    installed: None, sign_in: Callable[..., FlaskClient], address: str
) -> None:
    clients = [sign_in("admin"), sign_in("admin")]
    offered = re.findall('<option value="(he|en)">([^<]*)<', clients[0].get("/admin/account/").get_data(as_text=True))
    post(clients[0], "/admin/account/place/", {"locale": "", "timezone": "", "language": HEBREW})

    pages = [client.get(address).get_data(as_text=True) for client in clients]

    assert offered == [("en", "English"), ("he", "עברית")]
    assert ['<html lang="he" dir="rtl">' in page for page in pages] == [True, False]
    assert [SHOWN[address] - said(page) == set() for page in pages] == [True, False]


def test_a_language_that_is_gone_is_not_missed(
    app: Flask, sign_in: Callable[..., FlaskClient], installed: None
) -> None:
    client = sign_in("admin")
    post(client, "/admin/account/place/", {"locale": "", "timezone": "", "language": HEBREW})
    get_babel(app).translation_directories[:] = []

    page = client.get("/admin/account/").get_data(as_text=True)

    assert '<html lang="en" dir="ltr">' in page
    assert 'name="language"' not in page
