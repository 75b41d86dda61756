"""What each row of OULAD means here: pure functions from checked rows to the columns of our tables.

What the dataset does not hold (names, e-mail addresses, dates of birth, prices) is made up from the number that it gives, and
the records say so. References to other records stay keys; `load` replaces them by ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from backoffice.core.money import to_minor
from backoffice.interchange.oulad.cells import Unfit, seat
from backoffice.interchange.oulad.source import Assessment, Info, Presentation, Registration, Submission
from backoffice.interchange.people import Dice, birthday, made_up

SEED = "oulad"
TIMEZONE = "Europe/London"
CREDIT = "Kuzilek, Hlosta, Zdrahal: Open University Learning Analytics dataset (2017), CC BY 4.0"
MADE_UP = "Name, e-mail address and date of birth are made up: OULAD is anonymous."

Values = dict[str, Any]  # column -> value
Sourced = tuple[int, Values]  # the row that values come from, and they

_SEASONS = {"B": "February", "J": "October"}
_KINDS = {"TMA": "assignment", "CMA": "quiz", "Exam": "exam"}
_RESULTS = {"Pass": "pass", "Fail": "fail", "Distinction": "distinction"}
_AGES = {"0-35": (18, 34), "35-55": (35, 54), "55<=": (55, 79)}  # youngest and oldest that is made up for a band
_LAST_DAY = 10_000
_LOWEST_PRICE, _PRICE_STEP = 600, 50
_MAX_SCORE = Decimal(100)
_NOON = time(12, tzinfo=UTC)  # the same civil day at the Open University all year round


def terms(presentations: Iterable[Presentation], today: date) -> Iterator[Sourced]:
    """Yields the term of all presentations with one code; it ends when the last of them does."""
    groups: dict[str, list[Presentation]] = {}
    for each in presentations:
        groups.setdefault(each.code, []).append(each)
    for code, given in groups.items():
        start, end = given[0].start, max(each.end for each in given)
        yield (
            given[0].row,
            {
                "code": code,
                "name": _when(code),
                "kind": "term",
                "start_date": start,
                "end_date": end,
                "add_drop_deadline": start,
                "withdraw_deadline": end,
                "status": "open" if start <= today else "planned",  # whether it was closed the data set does not say
            },
        )


def courses(presentations: Iterable[Presentation], currency: str) -> Iterator[Sourced]:
    """Yields the course of each module, with a made-up price."""
    first: dict[str, int] = {}
    for each in presentations:
        first.setdefault(each.module, each.row)
    for module, row in first.items():
        yield (
            row,
            {
                "code": module,
                "title": f"Module {module}",
                "description": f"{CREDIT}. The price is made up, and so are names, e-mail addresses and dates of birth.",
                "status": "published",
                "list_price_minor": to_minor(
                    Decimal(_LOWEST_PRICE + _PRICE_STEP * Dice(f"{SEED}:{module}").throw(41)), currency
                ),
                "currency": currency,
            },
        )


def sections(presentations: Iterable[Presentation], today: date) -> Iterator[Sourced]:
    """Yields the section of each presentation, with its course and term as codes."""
    for given in presentations:
        yield (
            given.row,
            {
                "code": given.key,
                "course": given.module,
                "term": given.code,
                "name": f"Module {given.module}, {_when(given.code)}",
                "delivery": "online",
                "start_date": given.start,
                "end_date": given.end,
                "timezone": TIMEZONE,
                "status": "completed" if given.end < today else "in_progress" if given.start <= today else "open",
            },
        )


def _when(code: str) -> str:
    return f"{_SEASONS[code[4:]]} {code[:4]}"


def lesson(given: Assessment) -> Values:
    """Returns the lesson of an assessment, with its course as a code; its place is found when it is written."""
    return {
        "course": given.section.rpartition("-")[0],
        "title": lesson_title(given),
        "kind": _KINDS[given.type],
        "is_required": given.weight > 0,
        "status": "published",
        "max_score": _MAX_SCORE,
        "weight": given.weight,
    }


def lesson_title(given: Assessment) -> str:
    """Returns what tells an assessment from every other of its course: "2014J TMA 1752"."""
    return f"{given.section.rpartition('-')[2]} {given.type} {given.number}"


def lesson_order(given: Assessment) -> tuple[str, int, int]:
    """Returns what lessons are sorted by: presentation, then the day, exams without one last."""
    return given.section, _LAST_DAY if given.due is None else given.due, given.row


def student(number: str, region: str, born: date) -> Values:
    """Returns a student: the number and the region are OULAD's, the rest is made up."""
    person = made_up(SEED, number)
    return {
        "student_number": number,
        "full_name": person.full_name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "date_of_birth": born,
        "city": region or None,
        "bio": MADE_UP,
        "status": "active",
    }


def birthdays(bands: Iterable[tuple[date, str]]) -> tuple[date, date]:
    """Returns the earliest and latest date of birth that lies in every age band on the day beside it.

    Bands that contradict each other give a latest date before the earliest.
    """
    limits = [_born(day, *_AGES[band]) for day, band in bands]
    return max(earliest for earliest, _ in limits), min(latest for _, latest in limits)


def _born(day: date, youngest: int, oldest: int) -> tuple[date, date]:
    return day.replace(year=day.year - oldest - 1) + timedelta(days=1), day.replace(year=day.year - youngest)


def date_of_birth(number: str, bands: list[tuple[date, str]]) -> date:
    """Returns the made-up date of birth of a student; of bands that contradict each other the first one counts."""
    earliest, latest = birthdays(bands)
    if latest < earliest:
        earliest, latest = birthdays(bands[:1])
    return birthday(SEED, number, earliest, latest)


def enrollment(given: Info, dates: Registration | None, start: date) -> Values:
    """Returns the enrollment of a student in a section that began on `start`, with both as keys.

    Raises Unfit if it has ended without a date.
    """
    registered, left = (dates.registered, dates.unregistered) if dates else (None, None)
    if given.result == "Withdrawn" and left is None:
        raise Unfit("date_unregistration", "the student has withdrawn, but there is no date of it")
    began = max(0, registered or 0)
    return {
        "student": given.student,
        "section": given.section,
        "sourced_id": seat(given.section, given.student),
        "attempt_no": given.previous_attempts + 1,
        "applied_on": None if registered is None else start + timedelta(days=registered),
        # Who left before the section began, or before joining it, never started.
        "start_date": None if left is not None and left < began else start + timedelta(days=began),
        "end_date": None if left is None else start + timedelta(days=left),
        **_outcome(given.result, left),
    }


def _outcome(result: str, left: int | None) -> Values:
    """Returns how an enrollment ended. OULAD gives no reason for leaving, so the reason is "other"."""
    if result == "Withdrawn":
        dropped = left is not None and left < 0
        return {"status": "dropped" if dropped else "withdrawn", "end_reason": "other", "final_result": None}
    return {"status": "completed", "end_reason": None, "final_result": _RESULTS[result]}


def progress(given: Submission, start: date) -> Values:
    """Returns the state and score of one lesson in a section that began on `start`.

    A banked result was earned in an earlier presentation: this time the student is exempt and keeps the score. A result
    without a score is submitted, but not yet marked.
    """
    if given.banked:
        return {"status": "exempt", "score": given.score, "completed_at": None}
    if given.score is None:
        return {"status": "submitted", "score": None, "completed_at": None}
    submitted = datetime.combine(start + timedelta(days=given.submitted), _NOON)
    return {"status": "completed", "score": given.score, "completed_at": submitted}
