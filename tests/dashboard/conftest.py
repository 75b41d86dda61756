"""The small organisation, and who looks at it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from tests.dashboard import world


@dataclass(frozen=True)
class Somebody:
    """A person who asks."""

    role: str
    id: int | None = world.ADMIN
    full_name: str = "Somebody"


@pytest.fixture
def small_world(app: Flask) -> None:
    """The organisation of world.py in the database."""
    with app.app_context():
        world.build()
