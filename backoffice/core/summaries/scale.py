"""The axis of a picture: round steps, and their short names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backoffice.core import money, reader
from backoffice.core.summaries.labels import COUNT, PERCENT

STEPS = 3  # between the ends of an axis, about


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on the way from `bottom` up to `top` (y grows downwards)."""

    low: int
    high: int
    step: int
    top: float
    bottom: float

    @classmethod
    def over(cls, values: Iterable[int], top: float, bottom: float) -> Scale:
        """Returns the scale with round ends that holds 0 and all `values`."""
        found = [0, *values]
        step = _round_step(max(found) - min(found))
        return cls(min(found) // step * step, max(-(-max(found) // step), 1) * step, step, top, bottom)

    @property
    def ticks(self) -> tuple[int, ...]:
        """Returns the values that the axis names."""
        return tuple(range(self.low, self.high + 1, self.step))

    def at(self, value: int) -> float:
        """Returns the y of `value`."""
        return round(self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low), 2)


def _round_step(extent: int) -> int:
    """Returns 1, 2 or 5 times a power of ten, about a third of `extent`, at least 1."""
    rough = max(extent // STEPS, 1)
    power = int(10 ** (len(str(rough)) - 1))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)


def compact(value: int, unit: str) -> str:
    """Returns a value for an axis: "1,500", "12k", "3.5M", "40 %"."""
    if unit == PERCENT:
        return reader.figures(f"{value / 10:g} %")
    whole = value if unit == COUNT else float(money.to_decimal(value, unit))
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e4, "k")):
        if abs(whole) >= size:
            return reader.figures(f"{whole / (1e3 if letter == 'k' else size):g}") + letter
    return reader.figures(f"{whole:,g}")
