"""What the columns of a list add up to, as it was found last while nobody wrote the rows: its next page has the same foot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from sqlalchemy import ClauseElement

from backoffice.core.selection import Field, Selection, Total, Totals, different, totals
from backoffice.core.summaries import Allowance, remembered_of, unless_slow

SECONDS = 3.0  # for all that is added up beside a list
PATIENT_SECONDS = 25.0  # where somebody waits for it: less than one statement may take
ROWS = ""  # no column is called so

Columns = Mapping[str, Field]
Texts = dict[str, dict[str, str]]


def allowance(patient: bool) -> Allowance:
    """Returns the time for what is added up; more of it where somebody asked for it and is `patient`."""
    return Allowance.of(PATIENT_SECONDS if patient else SECONDS)


def added(selection: Selection, columns: Columns, rows: ClauseElement, allowed: Allowance) -> Totals | None:
    """Returns the totals of numbers; None where there is no time. `rows` selects what is added up, in no order."""
    return _totals(_kept("totals", rows, allowed, lambda: _texts(totals(selection, columns))))


def varied(selection: Selection, columns: Columns, rows: ClauseElement, allowed: Allowance) -> dict[str, int] | None:
    """Returns how many different values the other columns have; None where there is no time."""
    found = _kept(
        "different", rows, allowed, lambda: {ROWS: {k: str(n) for k, n in different(selection, columns).items()}}
    )
    return {name: int(number) for name, number in found[ROWS].items()} if found else None


def _kept(what: str, rows: ClauseElement, allowed: Allowance, count: Callable[[], Texts]) -> Texts:
    """Returns what was kept or what `count` returns; {} where it takes too long."""

    def make(begun: object) -> tuple[Texts, bool]:
        return unless_slow(what, rows, allowed, count) or {}, True

    return remembered_of(what, rows, make)


def _texts(found: Totals) -> Texts:
    columns = {
        path: {one.currency: f"{one.number} {one.sum} {one.least} {one.most}" for one in each}
        for path, each in found.columns.items()
    }
    return {ROWS: {"": str(found.rows)}, **columns}


def _totals(texts: Texts) -> Totals | None:
    if not texts:
        return None
    columns = {
        path: [_total(code, text) for code, text in each.items()] for path, each in texts.items() if path != ROWS
    }
    return Totals(int(texts[ROWS][""]), columns)


def _total(currency: str, text: str) -> Total:
    number, *amounts = text.split()
    whole, least, most = map(Decimal, amounts)
    return Total(int(number), whole, least, most, currency)
