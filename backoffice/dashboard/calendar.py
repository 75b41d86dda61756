"""The days that a chosen period means: terms as the organisation has them, and so many days back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backoffice.core.access import Person
from backoffice.core.civil import years_before
from backoffice.core.summaries import Rows, remembered, to_tell
from backoffice.core.summaries.periods import Period, Spans, days_back
from backoffice.core.summaries.remembering import Answer
from backoffice.courses.models import Term
from backoffice.dashboard.choice import LAST_TERM, THIS_TERM, YEAR, Choice
from backoffice.extensions import db

TERMS = Rows(Term, "terms")
TAUGHT = ("term", "semester")  # kinds of terms that follow each other; school years and parts of terms overlap them
NEAR = timedelta(days=60)  # how far from a year before a term may begin to be the same of that year
SHIFTED = to_tell("the same days a year before")
INSTEAD = 90  # days, where there is no term to speak of


@dataclass(frozen=True)
class Terms:
    """The terms that have begun, the latest last."""

    begun: Sequence[Period]

    def before(self, period: Period) -> Period | None:
        """Returns the term before."""
        earlier = [term for term in self.begun if term.first < period.first]
        return earlier[-1] if earlier else None

    def year_before(self, period: Period) -> Period | None:
        """Returns the term that began about a year before."""
        wanted = _year_before(period.first)
        near = [term for term in self.begun if abs(term.first - wanted) <= NEAR and term.first < period.first]
        return min(near, key=lambda term: abs(term.first - wanted), default=None)


def spans(person: Person, choice: Choice, as_of: date) -> Spans:
    """Returns the days that `choice` means for `person` on the day `as_of`."""
    if choice.period not in (THIS_TERM, LAST_TERM):
        found = days_back(as_of, int(choice.period))
        return found if choice.against != YEAR else _against_year(found)
    terms = _terms(person, as_of)
    now = terms.begun[-1] if terms.begun else None
    if now is not None and choice.period == LAST_TERM:
        now = terms.before(now)
    if now is None:
        return days_back(as_of, INSTEAD)
    earlier = terms.year_before(now) if choice.against == YEAR else terms.before(now)
    return Spans(as_of, now, earlier or _shifted(now))


def _terms(person: Person, as_of: date) -> Terms:
    found = remembered(f"terms {person.role} {as_of}", [Term.__tablename__], lambda _: (_read(person, as_of), True))
    dated = [
        Period(term["name"], date.fromisoformat(term["first"]), date.fromisoformat(term["last"]))
        for term in found.values()
    ]
    return Terms(sorted(dated, key=lambda term: (term.first, term.last)))


def _read(person: Person, as_of: date) -> Answer:
    columns = (Term.code, Term.name, Term.kind, Term.start_date, Term.end_date)
    rows = db.session.execute(TERMS.select(person, f"start_date<={as_of}", *columns)).all()
    taught = [row for row in rows if row.kind in TAUGHT] or rows
    return {
        row.code: {"name": row.name, "first": row.start_date.isoformat(), "last": row.end_date.isoformat()}
        for row in taught
    }


def _against_year(spans: Spans) -> Spans:
    return Spans(spans.as_of, spans.now, _shifted(spans.now))


def _shifted(period: Period) -> Period:
    """Returns the same days a year before."""
    return Period(SHIFTED, _year_before(period.first), _year_before(period.last))


def _year_before(day: date) -> date:
    return years_before(day, 1) or day
