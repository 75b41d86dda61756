"""A figure: what it is called, what it means in words, how it is counted, what it reads, and who may see it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.model import Record
from backoffice.core.summaries.data import Charts
from backoffice.core.summaries.making import Maker
from backoffice.core.wording import gettext


@dataclass(frozen=True)
class Step:
    """What is to be done next with the rows of a queue: the answer to a bulk edit of `model` that leads to its review.

    `values` are what that form would send, and `dated` the field in it that gets the present day. With `asks` something is
    left to be filled in, so the form is shown first.
    """

    label: str
    model: type[Record]
    grid: str
    values: Mapping[str, str]
    asks: bool = False
    dated: str = ""

    def open_to(self, person: Person) -> bool:
        """Says whether `person` may take the step: change many rows, in these fields."""
        names = (*self.values, *filter(None, [self.dated]))
        fields = [name.removeprefix("set-") for name in names if name.startswith("set-")]
        verbs = all(access.may(person, verb, self.model) for verb in (Verb.EDIT, Verb.BULK))
        return verbs and all(access.editable(person, self.model, field) for field in fields)


@dataclass(frozen=True)
class Figure:
    """One figure of the overview.

    `reads` names every model that `compute` reads and the fields it uses: whoever may not see one of them does not see
    the figure, and a commit that touches one of their tables makes it fresh. `compute` counts within the person's row
    scope. `alarm` marks a figure that ought to be 0; `threshold` (in the unit of the points) the value worth a warning.
    `step` is what to do next with the rows of a queue. A `periodic` figure is about the period that the person has chosen:
    its `compute` is given Spans, that of the others the present day.
    """

    name: str
    title: str
    definition: str
    group: str
    reads: Mapping[type[Record], tuple[str, ...]]
    compute: Callable[[Person, Any], Charts]
    alarm: bool = False
    threshold: int | None = None
    step: Step | None = None
    periodic: bool = False
    mark: str = ""  # what else tells its answer from others of this name
    named: bool = False  # by people: its title and definition are shown as they are

    @property
    def heading(self) -> str:
        """Returns the title in the reader's language."""
        return self.title if self.named else gettext(self.title)

    @property
    def meaning(self) -> str:
        """Returns the definition in the reader's language."""
        return self.definition if self.named else gettext(self.definition)

    @cached_property
    def edition(self) -> str:
        """Returns a mark that changes with the definition and with the code that computes the figure."""
        source = Path(str(sys.modules[self.compute.__module__].__file__)).read_bytes()
        return hashlib.sha256(source + f"{self.definition}{self.mark}".encode()).hexdigest()[:12]

    def visible_to(self, person: Person) -> bool:
        """Says whether `person` may see every model and every field that the figure uses."""
        return all(
            access.may(person, Verb.VIEW, model) and all(access.visible(person, model, field) for field in fields)
            for model, fields in self.reads.items()
        )


class Figures:
    """The figures of one application, in the order in which the features list them."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.all = tuple(figures)
        self.owed: set[str] = set()  # tables whose stamps the cache could not take yet
        self.decoded: dict[str, tuple[object, Charts]] = {}  # what this process read, by the key of the question
        self.maker: Maker[Any] = Maker()
        names = [figure.name for figure in self.all]
        if len(names) != len(set(names)):
            raise ValueError(f"two figures share a name: {sorted(name for name in names if names.count(name) > 1)}")

    def visible_to(self, person: Person) -> list[Figure]:
        """Returns the figures that `person` may see."""
        return [figure for figure in self.all if figure.visible_to(person)]
