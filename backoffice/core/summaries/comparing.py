"""A number of a period beside what it was in the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from backoffice.core.summaries.data import COUNT, Link, Past, Point, Series
from backoffice.core.summaries.labels import Label, to_tell
from backoffice.core.summaries.periods import Period, Spans


@dataclass(frozen=True)
class Counted:
    """A number with the rows behind it."""

    value: int
    link: Link
    rows: int
    note: Label = ""


def compared(label: Label, spans: Spans, count: Callable[[Period], Counted | None], unit: str = COUNT) -> Series | None:
    """Returns the number that `count` finds in the period, beside that of the one before; None where it finds none."""
    now, before = count(spans.now), count(spans.before)
    if now is None:
        return None
    past = Past(spans.before.label, before.value, before.link, before.rows) if before else None
    return Series(label, unit, (Point(label, now.value, now.link, now.rows, now.note, past),))


def by_currency(
    label: Label,
    spans: Spans,
    sums: Callable[[Period], Mapping[str, Counted]],
    nothing: Callable[[str, Period], Counted],
) -> tuple[Series, ...]:
    """Returns one series per currency of either period; `nothing` is the sum of no rows."""
    found = {period: sums(period) for period in (spans.now, spans.before)}
    series = (
        compared(
            of_currency(label, code) if label else code,
            spans,
            lambda period, code=code: found[period].get(code) or nothing(code, period),  # type: ignore[misc]
            code,
        )
        for code in sorted(_codes(found.values()))
    )
    return tuple(one for one in series if one)


def of_currency(label: Label, code: str) -> Label:
    """Returns the label of something in one currency: "Discounts, EUR"."""
    return to_tell("%(label)s, %(currency)s", label=label, currency=code)


def _codes(found: Iterable[Mapping[str, Counted]]) -> set[str]:
    return {code for sums in found for code in sums}
