"""Answers as the cache keeps them: with their age, the time they took, and the stamps that say whether they are still true."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from backoffice.core import clock
from backoffice.core.summaries import freshness
from backoffice.core.summaries.data import Charts, decode, encode
from backoffice.core.summaries.labels import Malformed, of_kind
from backoffice.core.summaries.questions import Question
from backoffice.extensions import cache

MOST_DECODED = 1000  # answers that a process remembers as they were read
QUICK = 0.2  # seconds; what took no longer is made again whenever somebody looks
REST = 10  # times as long as it took is a slower figure left alone: an open page must not keep a core busy while others write
KEPT = 24 * 60 * 60  # seconds; the question of another day is another one


@dataclass(frozen=True)
class Answer:
    """What a figure showed at an instant. `true`: nothing that it reads was written since, and it is not too old.

    `due` says that it is time to make it again: it is not true, and has rested or was asked for.
    """

    charts: Charts
    at: datetime
    took: float  # seconds
    true: bool = True
    due: bool = False


def kept(questions: Iterable[Question]) -> dict[str, Answer]:
    """Returns the answers that are kept and fit to be shown, by key. One reading of the cache for all of them."""
    asked = list(questions)
    tables = sorted({freshness.ASKED, *(table for question in asked for table in question.tables)})
    found = cache.get_many(*(freshness.key(table) for table in tables), *(question.key for question in asked))
    stamps = freshness.read(tables, found[: len(tables)])
    answers = {}
    for question, stored in zip(asked, found[len(tables) :], strict=True):
        answer = _answer(question.key, stored, {table: stamps.get(table) for table in _watched(question)})
        if answer:
            answers[question.key] = answer
    return answers


def computed(question: Question) -> Answer:
    """Returns the answer as the database gives it now, and keeps it. The session must not have read anything yet."""
    # Before the snapshot: what is committed in between makes the answer untrue.
    stamps = freshness.take(_watched(question))
    began = time.monotonic()
    answer = Answer(question.compute(), clock.utcnow(), time.monotonic() - began)
    if len(stamps) == len(_watched(question)):
        stored = {
            "stamps": stamps,
            "at": answer.at.isoformat(),
            "took": answer.took,
            "charts": encode(answer.charts),
        }
        cache.set(question.key, stored, timeout=KEPT)
    return answer


def _answer(key: str, stored: object, stamps: dict[str, str | None]) -> Answer | None:
    """Returns what `stored` holds if it is an answer; a true one if it was computed under the present `stamps`."""
    if not isinstance(stored, dict):
        return None
    try:
        at, took = datetime.fromisoformat(stored["at"]), of_kind(float, stored["took"])
        age = clock.utcnow() - at
        moved = {table for table, stamp in stamps.items() if stored["stamps"].get(table) != stamp}
        true = age <= timedelta(seconds=current_app.config["FIGURE_SECONDS"]) and moved <= {freshness.ASKED}
        rested = took <= QUICK or age >= timedelta(seconds=took * REST)
        due = not true and (rested or freshness.ASKED in moved)
        return Answer(_charts(key, stored["charts"]), at, took, true, due)
    except (Malformed, AttributeError, KeyError, TypeError, ValueError):
        return None


def _watched(question: Question) -> tuple[str, ...]:
    return (freshness.ASKED, *question.tables)


def _charts(key: str, stored: object) -> Charts:
    """Returns what `decode` makes of `stored`: hundreds of points, so what was read before is compared instead."""
    known: dict[str, tuple[object, Charts]] = current_app.extensions["summaries"].decoded
    before = known.get(key)
    if before is not None and before[0] == stored:
        return before[1]
    charts = decode(stored)
    if len(known) >= MOST_DECODED:
        known.clear()
    known[key] = (stored, charts)
    return charts
