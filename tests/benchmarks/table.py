"""The one table: a line per scenario, a column per size, and how much it grew from the smallest to the largest."""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.measuring import Figure

Results = Mapping[int, list[Figure]]  # by number of students


def lines(results: Results) -> list[str]:
    """Returns the table; floors and ratios are those of the largest size."""
    sizes = sorted(results)
    by_size = {size: {figure.scenario: figure for figure in results[size]} for size in sizes}
    numbers = " ".join(f"{size:>10,}" for size in sizes)
    head = f"{'scenario':52} {'':3} {numbers} {'growth':>7} {'SQL':>8} {'view':>8} {'x view':>7} {'n':>3}  bar"
    return [head, *(_line(figure, by_size, sizes) for figure in results[sizes[-1]])]


def _line(last: Figure, by_size: Mapping[int, Mapping[str, Figure]], sizes: list[int]) -> str:
    found = [by_size[size].get(last.scenario) for size in sizes]
    numbers = " ".join(f"{figure.value:10.1f}" if figure else " " * 10 for figure in found)
    first = found[0]
    growth = f"{last.value / first.value:6.2f}x" if first and first.value and len(sizes) > 1 else ""
    ratio = f"{last.value / last.view:6.1f}x" if last.view and last.unit == "ms" else ""
    floors = f"{_number(last.sql)} {_number(last.view)} {ratio:>7} {last.statements or '':>3}"
    return f"{last.scenario:52} {last.unit:3} {numbers} {growth:>7} {floors}  {last.bar}"


def _number(value: float | None) -> str:
    return f"{value:8.2f}" if value is not None else " " * 8
