"""Every page is in the reader's language: seen in one whose letters are all others than ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backoffice.commands.texts import template
from backoffice.core.access import Role
from backoffice.core.grid.catalog import editable_at
from backoffice.core.grid.grouping import offered
from backoffice.core.jobs import Job, running
from backoffice.core.once import Somebody
from backoffice.core.operations import Operation
from backoffice.extensions import db
from backoffice.staff.preferences import locales
from tests import factories
from tests.contracts.grids import ALL, RECORDS, hidden_inputs, make_row, post, typed
from tests.contracts.pseudo import LOCALE, install, stored, unsaid
from tests.contracts.test_grids_change import attempts, typed_in
from tests.contracts.words import TEMPLATES, written
from tests.languages import speaking

SCRIPTS = sorted((TEMPLATES.parent / "backoffice/static/js").glob("*.js"))
OF_A_GRID = (
    *("", "?totals=1", "?group={group}", "?peek={id}", "new/", "edit/?id={id}", "details/?id={id}", "delete/?id={id}"),
    *("columns/", "filter/", "filter/?search=id:1", "views/", "lists/", "paste/", "cells/", "print/"),
)
ADMIN = Somebody("admin", 1)
CHANGED = [name for name, grid in RECORDS.items() if "B" in grid.rights[Role.ADMIN].verbs]
AS_TYPED = ("group", "sort")  # whose refusal names what an address or a cell has to say, alike in every language
MADE = [name for name, grid in RECORDS.items() if "C" in grid.rights[Role.ADMIN].verbs]
PAGES = ("/admin/", "/admin/arrange/", "/admin/account/", "/admin/rights/", "/admin/find/?q=a", "/admin/nothing/")


@pytest.fixture(scope="module")
def catalogues(_application: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translations")
    with _application.app_context():
        install(template(), folder)
    return folder


@pytest.fixture
def reader(app: Flask, catalogues: Path, sign_in: Callable[..., FlaskClient]) -> Iterator[FlaskClient]:
    """An administrator of an organisation that speaks the language."""
    client = sign_in("admin")
    with speaking(app, catalogues, LOCALE):
        yield client


@dataclass
class Seen:
    """What pages say in English, by what they are; what people once gave is no English, wherever it still is shown."""

    app: Flask
    left: dict[str, set[str]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def page(self, name: str, page: Any) -> None:
        """Looks at an answer; at nothing where there is none."""
        with self.app.app_context():
            self.given |= stored() | {self.app.config["ORGANISATION"], "English"}
            self.given |= {" ".join(label.split()) for _name, label in locales()}
        found = unsaid(page.get_data(as_text=True), self.given) if page else set()
        self.left |= {name: found} if found else {}


def left_on(app: Flask, pages: Mapping[str, Any]) -> dict[str, set[str]]:
    """Returns what each page says in English, by address."""
    seen = Seen(app)
    for address, page in pages.items():
        seen.page(address, page)
    return seen.left


@pytest.mark.parametrize("name", ALL)
def test_every_page_of_a_grid_is_in_the_readers_language(app: Flask, reader: FlaskClient, name: str) -> None:
    with app.app_context():
        row = make_row(ALL[name])
        group = next(iter(offered(ADMIN, ALL[name])), "")
    asked = [f"/admin/{name}/{part.format(id=row, group=group)}" for part in OF_A_GRID]

    assert left_on(app, {address: reader.get(address, follow_redirects=True) for address in asked}) == {}


@pytest.mark.parametrize("name", CHANGED)
def test_every_form_and_review_of_many_rows_is_in_the_readers_language(
    app: Flask, reader: FlaskClient, name: str
) -> None:
    with app.app_context():
        row = str(make_row(ALL[name]))
        changed = next(one for one in editable_at(ADMIN, ALL[name].model, ALL[name].form).values() if not one.target)
    sent = {"edit": {}, "delete": {}, "review": {f"set-{changed.name}": typed(changed)}}

    pages = {
        action: post(reader, f"/admin/{name}/action/", {"action": action, "rowid": row, **more})
        for action, more in sent.items()
    }

    assert left_on(app, pages) == {}


def last_operation(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.max(Operation.id))) or 0


def applied(client: FlaskClient, name: str, **sent: Any) -> Any:
    """Returns the page that follows a deed with many rows, reviewed and applied; None where it cannot be."""
    review = post(client, f"/admin/{name}/action/", sent).get_data(as_text=True)
    if 'class="record-form' not in review:
        return None
    answer = post(client, f"/admin/{name}/action/", {**hidden_inputs(review), "action": "apply", "typed": "1"})
    return client.get(answer.location) if answer.status_code == 302 else None


def edited(app: Flask, client: FlaskClient, name: str, row: int) -> Iterator[Any]:
    """Yields the page after each edit of many rows that the grid allows for this one."""
    for name_of, value in attempts(RECORDS[name]):
        before = last_operation(app)
        page = applied(client, name, action="review", rowid=row, **{f"set-{name_of}": value})
        if page and last_operation(app) > before:
            yield page


@pytest.mark.parametrize("name", CHANGED)
def test_the_page_after_a_deed_with_many_rows_is_in_the_readers_language(
    app: Flask, reader: FlaskClient, name: str
) -> None:
    with app.app_context():
        row, other = (make_row(RECORDS[name]) for _ in range(2))

    seen = Seen(app)
    seen.page("list", reader.get(f"/admin/{name}/"))
    edits = edited(app, reader, name, row)
    seen.page("edit", next(edits))
    edit = last_operation(app)
    seen.page("operation", reader.get(f"/admin/operations/details/?id={edit}"))
    seen.page("another edit", next(edits, None))
    back = post(reader, f"/admin/operations/undo/?id={edit}", {"url": f"/admin/{name}/"})
    seen.page("undo", reader.get(back.location) if back.location else back)
    seen.page("row", reader.get(f"/admin/{name}/details/?id={row}"))
    if "D" in RECORDS[name].rights[Role.ADMIN].verbs:
        seen.page("delete", applied(reader, name, action="delete", rowid=other))

    assert seen.left == {}


@pytest.mark.parametrize("name", MADE)
def test_what_a_form_refuses_and_what_comes_of_one_is_in_the_readers_language(
    app: Flask, reader: FlaskClient, name: str
) -> None:
    with app.app_context():
        row = make_row(RECORDS[name])
    seen, rights = Seen(app), RECORDS[name].rights[Role.ADMIN]
    new, edit = f"/admin/{name}/new/", f"/admin/{name}/edit/?id={row}"
    form = reader.get(f"{new}?like={row}").get_data(as_text=True)
    like, chosen = typed_in(form), {*re.findall('<select [^>]*name="([^"]+)"', form), *AS_TYPED}
    sent = typed_in(reader.get(edit).get_data(as_text=True)) if "E" in rights.verbs else {}

    seen.page("empty", post(reader, new, dict.fromkeys(like, "")))
    seen.page(
        "wrong", post(reader, new, {control: value if control in chosen else "?" for control, value in like.items()})
    )
    seen.page("like another", followed(reader, post(reader, new, like)))
    for control, value in attempts(RECORDS[name]) if sent else ():
        if control not in AS_TYPED:
            seen.page(f"{control} {value}", followed(reader, post(reader, edit, sent | {control: value})))
    if "D" in rights.verbs:
        seen.page("delete", followed(reader, post(reader, f"/admin/{name}/delete/?id={row}", {})))

    assert seen.left == {}


def followed(client: FlaskClient, answer: Any) -> Any:
    """Returns the page to which an answer leads, if it leads to one."""
    return client.get(answer.location) if answer.location else answer


def test_the_page_of_a_job_is_in_the_readers_language(
    app: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "JOB_ROWS", 1)
    with app.app_context():
        rows = [factories.student().id for _ in range(2)]
    seen = Seen(app)

    waiting = applied(reader, "students", action="review", rowid=rows, **{"set-city": "York"})
    seen.page("waiting", waiting)
    with app.app_context():
        running.run(db.session.scalar(select(func.max(Job.id))))
    seen.page("done", reader.get(waiting.request.full_path))
    seen.page("told", reader.get("/admin/students/"))

    assert seen.left == {}


@pytest.mark.parametrize("address", PAGES)
def test_every_other_page_is_in_the_readers_language(app: Flask, reader: FlaskClient, address: str) -> None:
    with app.app_context():
        factories.payment()
        factories.enrollment()

    assert left_on(app, {address: reader.get(address)}) == {}


@pytest.mark.usefixtures("patience")
def test_what_people_named_stays_as_it_is_on_the_dashboard(app: Flask, reader: FlaskClient) -> None:
    with app.app_context():
        course = factories.course(code="Active")
        factories.enrollment(section=factories.section(course=course))
        view = int(factories.saved_view(name="Students").id)
    post(reader, "/admin/arrange/", {"view": view, "at": ""})

    page = reader.get("/admin/").get_data(as_text=True)

    assert [f">{name}<" in page for name in ("Active", "Students")] == [True, True]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_word_that_a_script_says_comes_from_a_template(script: Path) -> None:
    assert written(script.read_text()) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('told.textContent = "Saved";', ["Saved"]),
        ("told.textContent = `${number} selected`;", ["… selected"]),
        ('const AWAY = "The server is away. Try again."; // it may be "Back soon"', ["The server is away. Try again."]),
        ('box.setAttribute("aria-label", one ? "1 found" : say.found);', ["1 found"]),
        ('if (event.key === "ArrowDown") list.querySelector("th a").className = "dialog palette";', []),
        (
            'fetch(url, { headers: { Accept: "text/html", "X-Parts": "search" } }).then(closest("#rows tr[data-id]"));',
            [],
        ),
    ],
)
def test_a_word_that_a_script_says_by_itself_is_found(source: str, words: list[str]) -> None:
    assert written(source) == words
