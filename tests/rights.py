"""Other rights than the grids declare, for as long as one test."""

from __future__ import annotations

import pytest

from backoffice.core import access
from backoffice.core.access import Rights
from backoffice.core.model import Record


def declare(monkeypatch: pytest.MonkeyPatch, model: type[Record], rights: Rights) -> None:
    """Makes `rights` the rights on `model` until the test is over."""
    monkeypatch.setattr(access, "_rights", {**access.in_force(), model: rights})
