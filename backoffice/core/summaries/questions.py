"""Which figures a person asks for: each with the key that all share who see the same rows on the same day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlalchemy import ColumnElement

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.summaries.data import Charts
from backoffice.core.summaries.figure import Figure
from backoffice.core.summaries.freshness import mark_of, tables_of
from backoffice.core.summaries.periods import Spans

FORM = "labels"  # of what is kept: who reads another form, before or after a deploy, asks another question


@dataclass(frozen=True)
class _Asker:
    """Who asks, kept apart from the session: it is ended before anything is computed."""

    id: int | None
    full_name: str
    role: str


@dataclass(frozen=True)
class Question:
    """A figure for the rows that one person may see, on one day. `tables` are those that the answer depends on."""

    figure: Figure
    key: str
    tables: tuple[str, ...]
    asker: Person
    when: date | Spans

    def compute(self) -> Charts:
        """Returns the answer as the database gives it now."""
        return self.figure.compute(self.asker, self.when)


def questions_of(person: Person, figures: Sequence[Figure], spans: Spans) -> list[Question]:
    """Returns a question for each of `figures`, which `person` may see; `spans` is what those over time are about."""
    asker = _Asker(person.id, person.full_name, person.role)
    models = set(chain.from_iterable(figure.reads for figure in figures))
    scopes = {model: access.row_scope(asker, model) for model in models}
    return [
        _question(
            figure, asker, spans if figure.periodic else spans.as_of, {model: scopes[model] for model in figure.reads}
        )
        for figure in figures
    ]


def _question(
    figure: Figure, asker: Person, when: date | Spans, scopes: dict[type[Record], ColumnElement[bool] | None]
) -> Question:
    limits = {model: scope for model, scope in scopes.items() if scope is not None}
    tables = {model.__tablename__ for model in scopes}
    for scope in limits.values():
        tables |= tables_of(scope)
    parts = [FORM, figure.name, figure.edition, str(when), *sorted(_mark(*limit) for limit in limits.items())]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return Question(figure, f"figure:{key}", tuple(sorted(tables)), asker, when)


def _mark(model: type[Record], scope: ColumnElement[bool]) -> str:
    """Returns what tells one person's rows from another's: persons with the same rows share what is kept."""
    return f"{model.__tablename__} {mark_of(scope)}"
