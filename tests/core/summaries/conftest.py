"""A figure of one's own over terms, which counts how often it is computed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func

from backoffice.core import access
from backoffice.core.access import Person, Role, right
from backoffice.core.summaries import Chart, Charts, Figure, Link, Picture, looking, number
from backoffice.core.summaries.figure import Figures
from backoffice.courses.models import Term
from backoffice.extensions import cache, db
from tests.rights import declare


@dataclass(frozen=True)
class Somebody:
    """A person who asks."""

    id: int | None = 1
    full_name: str = "Ada Admin"
    role: str = Role.ADMIN


@dataclass
class Counter:
    """How often each figure was computed, and what to do meanwhile."""

    calls: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def figure(self, name: str = "terms", reads: tuple[str, ...] = ("code",)) -> Figure:
        def compute(person: Person, as_of: date) -> Charts:
            self.calls.append(name)
            statement = db.select(func.count()).select_from(Term)
            scope = access.row_scope(person, Term)
            found = db.session.scalar(statement if scope is None else statement.where(scope)) or 0
            self.meanwhile()
            return (Chart(Picture.NUMBER, (number(found, Link("terms", "")),)),)

        return Figure(name, name, "Terms.", "Students", {Term: reads}, compute)


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Lets every look wait until all is made, however busy the machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "PATIENCE", 60)
        yield


def nothing_is_made() -> None:
    """Waits until the background is quiet, so that nothing of one test is kept for the next."""
    for thread in threading.enumerate():
        if thread.name == "figures":
            thread.join(60)


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def figures(app: Flask, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Returns a function that makes some figures those of the application, with an empty cache."""
    declare(monkeypatch, Term, {Role.ADMIN: right("V"), Role.SUPPORT: right("V", hidden=("name",))})
    with app.app_context():
        cache.clear()

    def use(*own: Figure) -> None:
        monkeypatch.setitem(app.extensions, "summaries", Figures(own or (counter.figure(),)))

    return use
