"""The order in which a person sees figures, and which they leave out; what they did not arrange follows their role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.core.summaries import Figure
from backoffice.dashboard.keeping import Kept
from backoffice.dashboard.page import default_order


@dataclass(frozen=True)
class Arranged:
    """All figures that a person may see, in their order, and the names of those that they leave out."""

    figures: tuple[Figure, ...]
    hidden: frozenset[str]

    @property
    def shown(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.name not in self.hidden]

    @property
    def names(self) -> list[str]:
        return [figure.name for figure in self.figures]

    def groups(self) -> dict[str, list[Figure]]:
        """Returns the figures by heading, those left out included."""
        titles = dict.fromkeys(figure.group for figure in self.figures)
        return {title: [figure for figure in self.figures if figure.group == title] for title in titles}

    def toggled(self, name: str) -> Arranged:
        """Returns the arrangement with a figure left out, or shown again."""
        return Arranged(self.figures, self.hidden ^ ({name} & set(self.names)))

    def moved(self, name: str, by: int) -> Arranged:
        """Returns the arrangement with a figure one place up (-1) or down (1) under its heading."""
        groups = self.groups()
        for own in groups.values():
            _move(own, [figure.name for figure in own], name, by)
        return Arranged(tuple(figure for own in groups.values() for figure in own), self.hidden)

    def moved_heading(self, title: str, by: int) -> Arranged:
        """Returns the arrangement with all figures of a heading before (-1) or after (1) those of its neighbour."""
        groups = self.groups()
        titles = list(groups)
        _move(titles, list(titles), title, by)
        return Arranged(tuple(figure for heading in titles for figure in groups[heading]), self.hidden)

    def ordered(self, names: Sequence[str]) -> Arranged:
        """Returns the arrangement in the order of `names`, heading by heading; what they leave out comes after."""
        place = {name: index for index, name in reversed(list(enumerate(names)))}
        known = sorted(self.figures, key=lambda figure: place.get(figure.name, len(names)))
        together = Arranged(tuple(known), self.hidden).groups()
        return Arranged(tuple(figure for own in together.values() for figure in own), self.hidden)


def arranged(figures: Sequence[Figure], kept: Kept, role: str) -> Arranged:
    """Returns `figures` as a person arranged them, else as their role has them.

    What has come since stands where the role has it: behind what it follows there.
    """
    own = Arranged(tuple(default_order(figures, role)), frozenset(kept.hidden or ()))
    return own.ordered(_with_new(own.names, kept.figures)) if kept.figures else own


def _with_new(default: Sequence[str], chosen: Sequence[str]) -> list[str]:
    names = [name for name in chosen if name in default]
    for index, name in enumerate(default):
        if name not in names:
            before = [names.index(other) for other in default[:index] if other in names]
            names.insert(max(before) + 1 if before else 0, name)
    return names


def _move(things: list[Any], names: list[str], name: str, by: int) -> None:
    if name in names:
        here = names.index(name)
        there = here + by
        if 0 <= there < len(things):
            things[here], things[there] = things[there], things[here]
