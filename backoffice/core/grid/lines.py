"""Lines inside the form of the row that they belong to. What is typed is kept while lines are added, moved and taken out; all
of it is saved with the row.

In the form, the boxes of one kind have the grid's name: `lines` names them in their order ("0", "n1"), `lines-0-id` and
`lines-0-version` say which row a box is about (none: a new one), `lines-0-quantity` what is typed, and `lines-gone` names what
is to go ("17:204": number and version). A button `_lines` says "lines:add:", "lines:up:0", "lines:down:0", "lines:remove:0" or
"lines:keep:17".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from flask import request

from backoffice.core import operations
from backoffice.core.grid import formats
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import data_of, form_class, start
from backoffice.core.grid.line_boxes import Gone, LineBox, Row
from backoffice.core.operations import Conflict
from backoffice.core.selection import Field
from backoffice.core.text import whole_number
from backoffice.core.web.gate import current_person

DEED = "_lines"
MOST = 100  # of one kind in one form; all that there are beyond stand in their own list


@dataclass(frozen=True)
class Allowed:
    """What a person may do with lines of one kind."""

    fields: Mapping[str, Field]  # that they see
    edit: Mapping[str, Field]
    new: Mapping[str, Field]
    add: bool
    remove: bool
    move: bool


@dataclass
class LinesPart:
    """The lines of one kind in a form."""

    title: str
    noun: str
    name: str
    other: Declaration
    may: Allowed
    by: str
    rows: Mapping[int, Row]  # as they are stored, by number, in their order
    kept: Mapping[int, str]  # which of them a rule keeps as they are, and its sentence
    more_url: str = ""  # leads to all of them where they are too many for a form
    boxes: list[LineBox] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    focus: tuple[str, str] = ("", "")  # key of a box and what in it, where work goes on

    def __post_init__(self) -> None:
        self._edit, self._new = form_class(self.may.edit), form_class(self.may.new)
        if self.name in request.form or f"{self.name}-gone" in request.form:
            self.boxes = [self._sent(key) for key in request.form.getlist(self.name)[: MOST * 2]]
            self.gone = [gone for text in request.form.getlist(f"{self.name}-gone") if (gone := self._going(text))]
        else:
            self.boxes = [self._stored(row_id) for row_id in self.rows]

    @property
    def may_add(self) -> bool:
        """Says whether there may be another line; where rules keep those that are there, there is no other."""
        return self.may.add and not self.kept and len(self.boxes) < MOST

    @property
    def sentences(self) -> list[str]:
        """Returns why lines are shown only."""
        return list(dict.fromkeys(self.kept.values()))

    @property
    def lookup_url(self) -> str:
        return self.other.address("ajax_lookup")

    def renew(self, row_id: int | None) -> None:
        """Has a line that is to go be meant as it is now."""
        self.gone = [
            replace(gone, version=self.rows[gone.id]["version"]) if gone.id == row_id else gone for gone in self.gone
        ]

    def name_of(self, box: LineBox) -> str:
        """Returns what a line is called in messages: "Line 2"."""
        return f"{self.noun.capitalize()} {self.boxes.index(box) + 1}"

    def wrong(self) -> Iterator[tuple[str, str, str]]:
        """Yields where, of what and how something is wrong."""
        for box in self.boxes:
            name = self.name_of(box)
            yield from ((box.prefix + "box", name, text) for text in box.problems)
            for control in box.form:
                yield from ((control.id, f"{name}, {control.label.text}", text) for text in control.errors)

    def validate(self) -> bool:
        """Looks up what was typed to name other rows, and says whether all was found."""
        return not [box for box in self.boxes if not box.is_blank and not box.form.validate()]

    def alike(self, row: Row) -> dict[str, Any]:
        """Returns what new lines have from the row that they belong to."""
        return {name: row.get(of) for name, of in self.other.follows.get(self.by, {}).items()}

    def meant(self, row: Row) -> operations.Lines | None:
        """Returns what is to become of the lines, which belong to `row`; None where nothing is."""
        boxes = [box for box in self.boxes if not box.is_blank]
        lines = [box.meant() for box in boxes]
        shown = [row_id for row_id in self.rows if row_id in {line.id for line in lines}]
        as_it_was = [line.id for line in lines] == shown
        if as_it_was and not self.gone and not any(line.values for line in lines):
            return None
        return operations.Lines(self.other.model, self.by, lines, [gone.line for gone in self.gone], self.alike(row))

    def as_sent(self, disputed: LineBox | None, conflict: Conflict) -> list[tuple[str, str]]:
        """Returns what was sent, for the page of a conflict: of the disputed line what its person changed, the others whole."""
        found = [(f"{self.name}-gone", gone.sent) for gone in self.gone]
        for box in self.boxes:
            mine = (conflict.mine, conflict.version) if box is disputed else (box.form.catalog, box.version)
            found += [(self.name, box.key), *box.as_sent(*mine)]
        return found

    def box_of(self, line: operations.Line) -> LineBox | None:
        """Returns the box of a line that saving says something about."""
        return next((box for box in self.boxes if box.line is line or (line.id and box.id == line.id)), None)

    def act(self, what: str, key: str) -> None:
        """Adds, moves, takes out or puts back a line."""
        place = next((place for place, box in enumerate(self.boxes) if box.key == key), None)
        if what == "add" and self.may_add:
            taken = {box.key for box in self.boxes}
            self.boxes.append(self._begun(next(key for n in count() if (key := f"n{n}") not in taken)))
            self.focus = (self.boxes[-1].key, "field")
        elif what == "keep":
            self._put_back(next((gone for gone in self.gone if str(gone.id) == key), None))
        elif place is not None and what == "remove":
            self._take_out(self.boxes.pop(place))
        elif place is not None and what in ("up", "down") and self.may.move:
            there = place + (1 if what == "down" else -1)
            if 0 <= there < len(self.boxes):
                self.boxes[place], self.boxes[there] = self.boxes[there], self.boxes[place]
            self.focus = (key, what)

    def _take_out(self, box: LineBox) -> None:
        self.focus = ("", "add")
        if box.id in self.rows and self.may.remove:
            self.gone.append(Gone(box.id or 0, box.version, box.label))

    def _put_back(self, gone: Gone | None) -> None:
        """Has a line stay after all, as it is stored, before those that came after it."""
        if gone is None:
            return
        order = list(self.rows)
        later = set(order[order.index(gone.id) + 1 :])
        place = next((place for place, box in enumerate(self.boxes) if box.id in later), len(self.boxes))
        self.boxes.insert(place, self._stored(gone.id))
        self.gone.remove(gone)

    def _going(self, text: str) -> Gone | None:
        number, _, version = text.partition(":")
        row = self.rows.get(whole_number(number) or 0)
        if row is None or not self.may.remove:
            return None
        return Gone(row["id"], whole_number(version), self._label(row))

    def _prefix(self, key: str) -> str:
        return f"{self.name}-{key}-"

    def _sent(self, key: str) -> LineBox:
        prefix = self._prefix(key)
        number = request.form.get(f"{prefix}id", "")
        if not number:
            box = self._begun(key)
            box.form = self._new(request.form, prefix=prefix)
            return box
        row_id = whole_number(number) or 0
        box = self._stored(row_id, key) if row_id in self.rows else LineBox(key, prefix, self._edit(), {}, row_id)
        box.version = whole_number(request.form.get(f"{prefix}version", ""))
        if not box.words:
            box.form = self._edit(request.form, prefix=prefix)
        return box

    def _begun(self, key: str) -> LineBox:
        form = self._new(data=start(self.may.new), prefix=self._prefix(key))
        return LineBox(key, self._prefix(key), form, form.held())

    def _stored(self, row_id: int, key: str = "") -> LineBox:
        row, prefix = self.rows[row_id], self._prefix(key or str(row_id))
        form = self._edit(data=data_of(self.may.edit, row), prefix=prefix)
        box = LineBox(key or str(row_id), prefix, form, form.held(), row_id, row["version"], self._label(row))
        if row_id in self.kept or not self.may.edit:
            show = formats.formatters(current_person(), self.may.fields)
            box.words = [(each.label, show[name](row) or "–") for name, each in self.may.fields.items()]
            box.form = form_class({})()
        box.can_go = self.may.remove and not box.words
        return box

    def _label(self, row: Row) -> str:
        return str(row.get(label_name(current_person(), self.other.model)) or row["id"])
