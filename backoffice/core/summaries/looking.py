"""A look at the figures: what is kept and still true is shown, the rest is computed once for everyone who asks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from flask import current_app
from sqlalchemy import ColumnElement
from sqlalchemy.sql.util import find_tables

from backoffice.core import access, clock
from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.summaries import freshness
from backoffice.core.summaries.data import Charts, Malformed, decode, encode
from backoffice.core.summaries.figure import Figure
from backoffice.core.summaries.flight import fill
from backoffice.extensions import cache, db


@dataclass(frozen=True)
class Look:
    """A figure as one person sees it: its charts, and the instant when they were computed.

    `key` and instant tell one look from another: persons who see the same rows have the same.
    """

    key: str
    at: datetime
    figure: Figure = field(compare=False)
    charts: Charts = field(compare=False)


@dataclass(frozen=True)
class _Asker:
    """Who asks, kept apart from the session: it is ended before anything is computed."""

    id: int | None
    full_name: str
    role: str


@dataclass(frozen=True)
class _Question:
    """A figure for the rows that one person may see, on one day."""

    figure: Figure
    key: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class _Answer:
    charts: Charts
    at: datetime


def look(person: Person, *, since: datetime | None = None) -> list[Look]:
    """Returns every figure that `person` may see; with `since`, computed at that instant or later.

    Where something has to be computed, the session's transaction is ended first, so that it sees every commit and holds
    no connection while it waits: call it from a page that only reads.
    """
    asker, as_of = _Asker(person.id, person.full_name, person.role), clock.today()
    freshness.settle()
    questions = {question.key: question for question in _questions(asker, as_of)}

    def find(keys: list[str]) -> dict[str, _Answer]:
        return _kept([questions[key] for key in keys], since)

    def make(key: str) -> _Answer:
        return _computed(questions[key], asker, as_of)

    answers = find(list(questions))
    missing = [key for key in questions if key not in answers]
    if missing:
        db.session.rollback()
        answers |= fill(missing, find, make)
    return [Look(key, answers[key].at, question.figure, answers[key].charts) for key, question in questions.items()]


def _questions(person: Person, as_of: date) -> list[_Question]:
    figures = current_app.extensions["summaries"].visible_to(person)
    models = set(chain.from_iterable(figure.reads for figure in figures))
    scopes = {model: access.row_scope(person, model) for model in models}
    return [_question(figure, as_of, {model: scopes[model] for model in figure.reads}) for figure in figures]


def _question(figure: Figure, as_of: date, scopes: dict[type[Record], ColumnElement[bool] | None]) -> _Question:
    limits = {model: scope for model, scope in scopes.items() if scope is not None}
    tables = {model.__tablename__ for model in scopes}
    for scope in limits.values():
        tables |= _tables_in(scope)
    parts = [figure.name, figure.edition, as_of.isoformat(), *sorted(_mark(*limit) for limit in limits.items())]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return _Question(figure, f"figure:{key}", tuple(sorted(tables)))


def _mark(model: type[Record], scope: ColumnElement[bool]) -> str:
    """Returns what tells one person's rows from another's: persons with the same rows share what is kept."""
    compiled = scope.compile()
    return f"{model.__tablename__} {compiled} {sorted(compiled.params.items())}"


def _tables_in(scope: ColumnElement[bool]) -> set[str]:
    found = find_tables(scope, check_columns=True, include_selects=True, include_joins=True)
    return {str(table.name) for table in found if hasattr(table, "name")}


def _kept(questions: Iterable[_Question], since: datetime | None) -> dict[str, _Answer]:
    """Returns the answers that are kept, fit to be shown and still true. One reading of the cache for all of them."""
    asked = list(questions)
    tables = sorted({table for question in asked for table in question.tables})
    found = cache.get_many(*(freshness.key(table) for table in tables), *(question.key for question in asked))
    stamps = freshness.read(tables, found[: len(tables)])
    answers = {}
    for question, stored in zip(asked, found[len(tables) :], strict=True):
        answer = _answer(stored, {table: stamps.get(table) for table in question.tables})
        if answer and (since is None or answer.at >= since):
            answers[question.key] = answer
    return answers


def _answer(stored: object, stamps: dict[str, str | None]) -> _Answer | None:
    """Returns what `stored` holds if it is an answer that was computed under the present `stamps`."""
    if not isinstance(stored, dict) or stored.get("stamps") != stamps:
        return None
    try:
        at = datetime.fromisoformat(stored["at"])
        return _Answer(decode(stored["charts"]), at) if at.tzinfo else None
    except (Malformed, KeyError, TypeError, ValueError):
        return None


def _computed(question: _Question, person: Person, as_of: date) -> _Answer:
    """Returns the answer as the database gives it now, and keeps it under the stamps taken before."""
    stamps = freshness.take(question.tables)
    try:
        answer = _Answer(question.figure.compute(person, as_of), clock.utcnow())
    finally:
        # The next snapshot must not be older than its stamps, and whoever waits for a figure must not hold a
        # connection that whoever computes it may need.
        db.session.rollback()
    if len(stamps) == len(question.tables):
        stored = {"stamps": stamps, "at": answer.at.isoformat(), "charts": encode(answer.charts)}
        cache.set(question.key, stored, timeout=current_app.config["FIGURE_SECONDS"])
    return answer
