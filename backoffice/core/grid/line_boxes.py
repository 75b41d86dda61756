"""One line inside a form: its controls, what they held, and what saving is to make of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request

from backoffice.core import operations
from backoffice.core.grid.doors import given_up, undisputed
from backoffice.core.grid.forms import RecordForm, changed, required

Row = Mapping[str, Any]


@dataclass
class LineBox:
    """One line: its controls or, where it is not for this person to change, its values in words."""

    key: str
    prefix: str
    form: RecordForm
    began: Row  # what the controls held before anything was typed
    id: int | None = None
    version: int | None = None
    label: str = ""
    words: Sequence[tuple[str, str]] = ()
    can_go: bool = True  # a stored line by right, one that is not there (yet, or any more) in any case
    problems: list[str] = field(default_factory=list)
    line: operations.Line | None = None

    @property
    def is_blank(self) -> bool:
        """Says whether it is a new line in which nothing was typed: it is not saved."""
        return self.id is None and self.form.held() == self.began

    def meant(self) -> operations.Line:
        """Returns what saving is to make of the line."""
        typed = self.form.values()
        if self.id is None:
            needed = {name: None for name, field in self.form.catalog.items() if required(field)}
            self.line = operations.Line(needed | typed)
        else:
            self.line = operations.Line(changed(undisputed(typed, self.prefix), self.began), self.id, self.version)
        return self.line

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Puts each message at its field, and what belongs to none at the line."""
        self.problems += self.form.refuse(errors)

    def as_sent(self, names: Iterable[str], version: int | None) -> list[tuple[str, str]]:
        """Returns those fields of the line as they were sent, and which row in which version it is about."""
        own = {self.prefix + name for name in names} - given_up()
        fields = [(name, value) for name, value in request.form.items(multi=True) if name in own]
        return [*fields, (f"{self.prefix}id", str(self.id or "")), (f"{self.prefix}version", str(version or ""))]


@dataclass(frozen=True)
class Gone:
    """A line that is taken out when the form is saved."""

    id: int
    version: int | None
    label: str

    @property
    def line(self) -> operations.Line:
        return operations.Line({}, self.id, self.version)

    @property
    def sent(self) -> str:
        return f"{self.id}:{self.version}"
