"""The boxes of the filter page as its address holds them: each condition under its place, "0.2" for the third of the first group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from backoffice.core.selection.writing import Condition, Conditions

Place = tuple[int, ...]  # where something stands: () is the form itself, (0, 2) the third within the first group
Args = MultiDict[str, str]
Node = Condition | Conditions

ROOT: Place = ()
MOST_NODES = 120
LONGEST_PLACE = 8


def place_in(text: str) -> Place | None:
    """Returns the place that "0.2" is, None for what is none."""
    if not text:
        return ROOT
    steps = text.split(".")
    fine = len(steps) <= LONGEST_PLACE and all(step.isascii() and step.isdecimal() and len(step) < 4 for step in steps)
    return tuple(map(int, steps)) if fine else None


def name_of(place: Place) -> str:
    """Returns a place as names of boxes hold it."""
    return ".".join(map(str, place))


def read_form(args: Args) -> Conditions:
    """Returns the conditions that the boxes hold, in the order of their places."""
    places = {place for text in args.getlist("at")[:MOST_NODES] if (place := place_in(text))}
    return _group(args, places, ROOT)


def _group(args: Args, places: set[Place], here: Place) -> Conditions:
    within = sorted(place for place in places if place[:-1] == here)
    return Conditions(
        tuple(_node(args, places, place) for place in within),
        args.get(f"match-{name_of(here)}") == "any",
        args.get(f"not-{name_of(here)}") == "1",
    )


def _node(args: Args, places: set[Place], place: Place) -> Node:
    name = name_of(place)
    if f"match-{name}" in args:
        return _group(args, places, place)
    value = ",".join(args.getlist(f"value-{name}"))
    return Condition(
        args.get(f"about-{name}", ""), args.get(f"how-{name}", ""), value, args.get(f"not-{name}", "") == "1"
    )


def changed(conditions: Conditions, place: Place, change: Callable[[Node], Node | None]) -> Conditions:
    """Returns the same conditions with `change` made to what stands at `place`: None takes it away."""
    if not place:
        made = change(conditions)
        return made if isinstance(made, Conditions) else Conditions(())
    members = list(_changed(conditions, place, change))
    return replace(conditions, members=tuple(members))


def _changed(conditions: Conditions, place: Place, change: Callable[[Node], Node | None]) -> Iterator[Node]:
    for number, member in enumerate(conditions.members):
        if number != place[0]:
            yield member
        elif len(place) > 1 and isinstance(member, Conditions):
            yield changed(member, place[1:], change)
        elif (made := change(member) if len(place) == 1 else member) is not None:
            yield made
