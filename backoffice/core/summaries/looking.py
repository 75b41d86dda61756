"""A look at the figures: what is kept is shown, with its age; what is missing or no longer true is made for all who ask.

A page waits for what is made a moment at most. Where that is not enough, it shows what was kept, or that it is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import accumulate

from flask import Flask, current_app

from backoffice.core import clock
from backoffice.core.access import Person
from backoffice.core.summaries import freshness
from backoffice.core.summaries.answers import Answer, computed, kept
from backoffice.core.summaries.data import Charts
from backoffice.core.summaries.figure import Figure
from backoffice.core.summaries.flight import fill
from backoffice.core.summaries.periods import Spans, days_back
from backoffice.core.summaries.questions import Question, questions_of
from backoffice.extensions import db

PATIENCE = 0.2  # seconds that a page waits for what is being made


@dataclass(frozen=True)
class Look:
    """A figure as one person sees it: its charts, and the instant when they were computed; None where none are ready.

    `true` says that they show the present; otherwise they are being made afresh (`counting`), or rest a while because
    that takes long. `key` and instant tell one look from another: persons who see the same rows have the same.
    """

    key: str
    at: datetime | None
    true: bool
    counting: bool
    figure: Figure = field(compare=False)
    charts: Charts = field(compare=False)


def visible(person: Person) -> list[Figure]:
    """Returns the figures that `person` may see."""
    figures: list[Figure] = current_app.extensions["summaries"].visible_to(person)
    return figures


def look(
    person: Person, patience: float | None = None, figures: Sequence[Figure] | None = None, spans: Spans | None = None
) -> list[Look]:
    """Returns `figures` (all that `person` may see unless given) after `patience` seconds at most (PATIENCE unless given).

    `spans` is the period of figures over time: the last 90 days unless given.

    Where something has to be computed, the session's transaction is ended first, so that no connection is held by who
    waits: call it from a page that only reads.
    """
    freshness.settle()
    questions = questions_of(
        person, visible(person) if figures is None else figures, spans or days_back(clock.today(), 90)
    )
    answers = kept(questions)
    due = [question for question in questions if question.key not in answers or answers[question.key].due]
    if due:
        db.session.rollback()
        answers |= _made(due, answers, PATIENCE if patience is None else patience)
    return [_look(question, answers.get(question.key)) for question in questions]


def refresh(person: Person, figures: Sequence[Figure] = ()) -> None:
    """Has every figure that `person` may see, and `figures`, made afresh, for all who see it."""
    spans = days_back(clock.today(), 90)  # whichever: the tables are the same
    asked = questions_of(person, [*visible(person), *figures], spans)
    freshness.renew({freshness.ASKED, *(table for question in asked for table in question.tables)})


def _look(question: Question, answer: Answer | None) -> Look:
    if answer is None:
        return Look(question.key, None, False, True, question.figure, ())
    return Look(question.key, answer.at, answer.true, answer.due, question.figure, answer.charts)


def _made(due: list[Question], known: dict[str, Answer], patience: float) -> dict[str, Answer]:
    """Has all that is due made, the quickest first, and returns what is ready soon: nobody waits for what took longer."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    maker = app.extensions["summaries"].maker
    took = {question.key: known[question.key].took if question.key in known else 0 for question in due}
    futures = {
        question.key: maker.ask(question.key, partial(_make, app, question))
        for question in sorted(due, key=lambda question: took[question.key])
    }
    soon = sum(total <= patience for total in accumulate(took[key] for key in futures))
    wait(list(futures.values())[:soon], patience)
    return {key: future.result() for key, future in futures.items() if future.done()}


def _make(app: Flask, question: Question) -> Answer:
    """Returns the answer from a session of its own: found, if another process has made it meanwhile."""
    with app.app_context():
        return fill([question.key], lambda _: _true([question]), lambda _: computed(question))[question.key]


def _true(questions: Iterable[Question]) -> dict[str, Answer]:
    return {key: answer for key, answer in kept(questions).items() if answer.true}
