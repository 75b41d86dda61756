"""The small organisation, and who looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import event

from backoffice.extensions import db
from tests.dashboard import world


@dataclass(frozen=True)
class Somebody:
    """A person who asks."""

    role: str
    id: int | None = world.ADMIN
    full_name: str = "Somebody"


@pytest.fixture(autouse=True)
def _patience(patience: None) -> None:
    """Lets every look wait until all is made."""


@pytest.fixture
def small_world(app: Flask) -> None:
    """The organisation of world.py in the database."""
    with app.app_context():
        world.build()


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """Returns a context manager that gathers the SQL sent inside it."""
    with app.app_context():
        engine = db.engine

    @contextmanager
    def gathered() -> Iterator[list[str]]:
        found: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            found.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return gathered
